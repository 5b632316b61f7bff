/**
 * The resources that a search, or the condition of a write, names by type and id: what it asks about, whether or not
 * anything is found. That is `ida` of Patient in `patient=ida`, `subject=Patient/ida`, `subject:Patient._id=ida`,
 * `Patient?_id=ida` and `Patient/ida/CarePlan`; and the persons whom it names by number.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#reference
 */
import { parseReference } from '../fhir/reference.ts';
import type { ResourceKey } from '../fhir/resource.ts';
import { comparisonsIn } from '../search/filter.ts';
import { holdsPersonalNumber, keptIdentifier } from '../search/personal-number.ts';
import { ifNoneExistParameters } from './condition.ts';
import type { FhirRequest } from './context.ts';
import type { Interaction } from './resolve.ts';

/** Who names more than these looks for nobody in particular. */
const NAMED_AT_MOST = 4;
/** Parameters that lead to a patient. */
const PATIENTS: ReadonlySet<string> = new Set(['patient', 'subject', 'beneficiary']);

type Asking = Pick<FhirRequest, 'query' | 'headers'>;

/** True for a search, and for a write that chooses by a condition. */
export function asksByParameters(interaction: Interaction, { headers }: Pick<FhirRequest, 'headers'>): boolean {
  const { name } = interaction;
  if (name === 'create') return headers['if-none-exist'] !== undefined;
  return name.startsWith('search') || (['update', 'patch', 'delete'].includes(name) && !('id' in interaction));
}

/** What is asked by parameters, of which types; the comparisons of a filter stand beside them. */
function askedBy(interaction: Interaction, request: Asking): { readonly types: readonly string[]; readonly query: FhirRequest['query'] } {
  const { query, headers } = request;
  if (interaction.name.startsWith('search') && interaction.name !== 'search-type')
    return { types: typesAsked(query), query: compared(query) };
  if (!asksByParameters(interaction, request) || !('type' in interaction)) return { types: [], query: [] };
  const type = String(interaction.type);
  const condition = interaction.name === 'create' ? ifNoneExistParameters(type, headers['if-none-exist'] ?? '') : query;
  return { types: [type], query: compared(condition) };
}

function compared(query: FhirRequest['query']): FhirRequest['query'] {
  return query.flatMap(([name, value]) => {
    if (name !== '_filter') return [[name, value] as const];
    const equal = comparisonsIn(value).filter(({ operator }) => operator === 'eq' || operator === 're');
    return equal.map((each) => [each.path, each.value] as const);
  });
}

/** The resources named; none when there are more than a person would look for. */
export function namedInSearch(interaction: Interaction, request: Asking, baseUrl: string): readonly ResourceKey[] {
  const { types: searched, query } = askedBy(interaction, request);
  const named = new Map<string, ResourceKey>();
  const add = (text: string): void => {
    const parsed = parseReference(text);
    const isHere = parsed.kind === 'local' || (parsed.kind === 'absolute' && parsed.base === baseUrl);
    if (isHere) named.set(`${parsed.type}/${parsed.id}`, { type: parsed.type, id: parsed.id });
  };
  if (interaction.name === 'search-compartment') add(`${interaction.type}/${interaction.id}`);
  // Within its container a resource has an id that is none of this server.
  const own = query.some(([name, value]) => name === '_contained' && value === 'true') ? [] : searched;
  for (const [name, value] of query) {
    const types = typesOfIds(name, own);
    for (const text of value.split(',')) {
      if (text.includes('/')) add(text);
      else for (const type of types) add(`${type}/${text}`);
    }
  }
  return named.size > NAMED_AT_MOST ? [] : [...named.values()];
}

/** The personal numbers by which a search asks for a patient, as they are kept; none when there are more than a person would look for. */
export function numbersInSearch(interaction: Interaction, request: Asking): readonly string[] {
  const { types: searched, query } = askedBy(interaction, request);
  const values = query.flatMap(([name, value]) => (asksForPatientByNumber(name, searched) ? value.split(',') : []));
  const numbers = values.filter(holdsPersonalNumber).map((value) => {
    const [system, ...rest] = value.split('|');
    // Of three parts, as `:of-type` takes them, the first two are a type.
    return rest.length === 1 ? keptIdentifier(system, rest[0] ?? '') : keptIdentifier(undefined, rest.at(-1) ?? value);
  });
  return numbers.length > NAMED_AT_MOST ? [] : [...new Set(numbers)];
}

/**
 * `identifier` of a Patient that is searched for, or chained to, or that points here (`_has:Patient:link:identifier`), also
 * `:of-type`; and the number itself as the patient of something (`subject:identifier`).
 */
function asksForPatientByNumber(name: string, searched: readonly string[]): boolean {
  const steps = name.split('.').map((step) => step.split(':'));
  const whole = steps.at(-1) ?? [];
  const last = whole.at(-1) === 'of-type' ? whole.slice(0, -1) : whole;
  if (last.at(-1) !== 'identifier') return false;
  if (last.length > 1) return last.at(-3) === 'Patient' || PATIENTS.has(last.at(-2) ?? '');
  if (steps.length === 1) return searched.includes('Patient');
  const before = steps.at(-2)?.at(-1) ?? '';
  return before === 'Patient' || PATIENTS.has(before);
}

function typesAsked(query: FhirRequest['query']): readonly string[] {
  return query.flatMap(([name, value]) => (name === '_type' ? value.split(',') : []));
}

/** The types of which a parameter takes bare ids: `_id` of what is searched or chained to, and `patient`. */
function typesOfIds(name: string, searched: readonly string[]): readonly string[] {
  const steps = name.split('.');
  const last = steps.at(-1) ?? '';
  if (last === 'patient' || last.endsWith(':patient') || last.endsWith(':Patient')) return ['Patient'];
  if (last !== '_id') return [];
  if (steps.length === 1) return searched;
  const [param, target] = (steps.at(-2) ?? '').split(':');
  return target === undefined ? (param === 'patient' ? ['Patient'] : []) : [target];
}
