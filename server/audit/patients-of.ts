/**
 * Whose data a resource is, read from its JSON text: the log needs it for every resource that is shown, so the text is
 * looked through for the elements that name a patient, and parsed only when that finds none.
 *
 * Spec: https://hl7.org/fhir/R4/compartmentdefinition-patient.html
 */
import { patientClause } from '../auth/access.ts';
import { PERSON } from '../auth/access-rule/person-access.ts';
import { parseReference } from '../fhir/reference.ts';
import { BINARY, securityContextIn } from '../fhir/security-context.ts';

/** Elements that name the patient a resource is about; `what` is that of a line in the log itself. */
const NAMING: ReadonlySet<string> = new Set(['subject', 'patient', 'for', 'beneficiary', 'what']);
/** The same as a pattern, where something may stand before the reference in its object. */
const NAMES_PATIENT =
  /(?<!\\)"(?:subject|patient|for|beneficiary|what)":\{(?:"(?:[^"\\]|\\.)*":"(?:[^"\\]|\\.)*",)*"reference":"(?:[^"\\]*\/)?Patient\/([A-Za-z0-9.-]{1,64})/g;
/** Besides, where none of these says whom a resource of the compartment is about: who comes to an appointment, is in a study, a group or on a list. */
const ELEMENTS: ReadonlySet<string> = new Set([...NAMING, 'target', 'actor', 'individual', 'entity', 'item']);
const PATIENT = 'Patient/';
const REFERENCE = '"reference":';
/** Characters before the type in a reference that may be one of ours. */
const REFERENCE_AT_MOST = 2048;
const ID = /[A-Za-z0-9.-]{1,64}/y;

const NONE: readonly string[] = [];

/**
 * Of those that one resource names together (a group, a list), so many are told of in the log, as a page of a search
 * tells of: each takes an event of its own. The version that the event names has the rest.
 */
export const NAMED_TOGETHER_AT_MOST = 1000;

/** Ids of the patients, without repeats. Whose a Binary is that names another resource than a Patient, that resource says. */
export function patientsOf(type: string, id: string, json: string | null): readonly string[] {
  if (type === 'Patient') return [id];
  // That somebody in care works here as well is no part of their record, nor for their team to read in its log.
  if (json === null || type === PERSON) return NONE;
  if (type === BINARY) {
    const context = securityContextIn(json);
    return context?.type === 'Patient' ? [apart(context.id)] : NONE;
  }
  const found = namedAtOnce(json) ?? namedByPattern(json);
  if (found.length >= NAMED_TOGETHER_AT_MOST) return ownFirst(json, found);
  if (found.length === 0 && patientClause('x', type) !== undefined && json.includes(PATIENT)) return named(json);
  return found;
}

/**
 * Those named by an element whose first member is the reference, as nearly all are: from each mention of a patient back
 * to the name of its element. Undefined when a mention has another member before it, and only the pattern can tell.
 */
function namedAtOnce(json: string): readonly string[] | undefined {
  let first: string | undefined;
  let others: Set<string> | undefined;
  let quote = -1;
  let looked = 0;
  for (let at = json.indexOf(PATIENT); at >= 0; at = json.indexOf(PATIENT, at + PATIENT.length)) {
    // From one mention back to the one before, and no further: a text may be megabytes of mentions.
    const between = json.slice(looked, at).lastIndexOf('"');
    if (between >= 0) quote = looked + between;
    looked = at;
    ID.lastIndex = at + PATIENT.length;
    const id = ID.exec(json)?.[0];
    if (id === undefined || id === first || others?.has(id) === true) continue;
    const start = quote - REFERENCE.length;
    if (at - quote > REFERENCE_AT_MOST || !json.startsWith(REFERENCE, start) || !isTail(json, quote + 1, at)) continue;
    if (json[start - 1] === ',') return undefined;
    if (!json.startsWith('":{', start - 3) || !NAMING.has(nameEndingAt(json, start - 3))) continue;
    if (first === undefined) {
      first = apart(id);
      continue;
    }
    others ??= new Set();
    others.add(apart(id));
    if (others.size + 1 >= NAMED_TOGETHER_AT_MOST) break;
  }
  if (first === undefined) return NONE;
  return others === undefined ? [first] : [first, ...others];
}

/** The same in memory of its own: V8 makes a part of a text by pointing into it, and the log would keep all that it has seen until it settles. */
function apart(part: string): string {
  return ` ${part}`.slice(1);
}

/** The name of a member whose closing quote is at `end`; empty when it holds an escape. */
function nameEndingAt(json: string, end: number): string {
  const start = json.lastIndexOf('"', end - 1);
  return json[start - 1] === '\\' ? '' : json.slice(start + 1, end);
}

/** True when what stands from `start` to `end` is nothing, or the beginning of a URL. */
function isTail(json: string, start: number, end: number): boolean {
  return start === end || (json[end - 1] === '/' && !json.slice(start, end).includes('\\'));
}

/** Of too many to be told of, first those whom the resource itself is about: what it contains, or lists before, must not crowd them out. */
function ownFirst(json: string, found: readonly string[]): readonly string[] {
  const resource = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const own = new Set<string>();
  for (const name of NAMING) for (const one of [resource[name]].flat()) add(own, (one as { reference?: unknown } | null)?.reference);
  return [...new Set([...own, ...found])].slice(0, NAMED_TOGETHER_AT_MOST);
}

function namedByPattern(json: string): readonly string[] {
  const found = new Set<string>();
  for (const match of json.matchAll(NAMES_PATIENT)) {
    found.add(apart(match[1]!));
    if (found.size >= NAMED_TOGETHER_AT_MOST) break;
  }
  return [...found];
}

function named(json: string): readonly string[] {
  const found = new Set<string>();
  JSON.parse(json, (name, value: unknown) => {
    if (ELEMENTS.has(name)) for (const one of [value].flat()) add(found, (one as { reference?: unknown } | null)?.reference);
    return value;
  });
  return [...found].slice(0, NAMED_TOGETHER_AT_MOST);
}

function add(found: Set<string>, reference: unknown): void {
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  if ((parsed?.kind === 'local' || parsed?.kind === 'absolute') && parsed.type === 'Patient') found.add(parsed.id);
}
