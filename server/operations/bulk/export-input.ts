/**
 * Reads the kick-off of an export into a plan. What is not known or cannot be done is refused or, with
 * `Prefer: handling=lenient`, left out and told in the job's errors.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html#query-parameters
 */
import { patientClause } from '../../auth/access.ts';
import { badValue, FhirError, unknownTypeNamed, unsupportedParameter } from '../../fhir/errors.ts';
import { didYouMean } from '../../fhir/nearest.ts';
import type { Issue } from '../../fhir/outcome.ts';
import { isObject } from '../../fhir/resource.ts';
import type { FhirContext, FhirRequest } from '../../interactions/context.ts';
import { parsePrefer } from '../../interactions/prefer.ts';
import { reachedKeys } from '../../interactions/visibility.ts';
import { unknownElement } from '../../search/narrow.ts';
import type { OperationRequest } from '../operation.ts';
import { readInput, readInstants } from '../operation-input.ts';
import { type ExportPlan, readFilter } from './export-scope.ts';
import { membersOf } from './group-members.ts';

const FORMATS = ['application/fhir+ndjson', 'application/ndjson', 'ndjson'];
const RULES = {
  _outputFormat: 'text',
  _since: 'text',
  _type: 'texts',
  _typeFilter: 'repeated',
  _elements: 'texts',
  patient: 'References',
} as const;
/** Patients that one kick-off may name. */
const PATIENTS_MAX = 10_000;

/**
 * The plan that a kick-off asks for.
 * @throws FhirError 400 `value`, `structure` or `not-supported` pointing at the parameter: for one that cannot be read or is not
 * known, a type or an element that is none, types outside the patient compartment alone, a search that is none, a patient who
 * is not there or not in the group.
 */
export async function readPlan(ctx: FhirContext, request: OperationRequest): Promise<ExportPlan> {
  const { type, id } = request.interaction;
  const level = type === undefined ? 'system' : type === 'Group' ? 'group' : 'patient';
  const notes = new Notes(parsePrefer(request.headers.prefer).handling === 'lenient');
  const input = readInput(knownOnly(request, notes), RULES);
  const { _outputFormat: format, _since, _type, _typeFilter, _elements, patient } = input;
  if (format !== undefined && !FORMATS.includes(format.replace(' ', '+')))
    throw badValue(`_outputFormat is ${FORMATS[0]}`, '_outputFormat');
  const since = _since === undefined ? undefined : readInstants(_since, '_since');
  const types = [...new Set(_type)].filter((each) => notes.unless(() => checkType(ctx, each, level))).toSorted();
  // Left out, these would let out more than was asked for.
  if (types.length === 0 && _type !== undefined && _type.length > 0) throw badValue('None of these is a resource type', '_type');
  if (level === 'system' && patient !== undefined) throw badValue('An export of the whole system is not narrowed to patients', 'patient');
  if (types.length > 0 && level !== 'system' && types.every((each) => patientClause('any', each) === undefined))
    notes.refuse(badValue('None of these types belongs to patients', '_type'));
  const elements = _elements?.filter((each) => notes.unless(() => checkElement(ctx, each)));
  const plan = {
    level,
    types,
    filters: filtersOf(_typeFilter).filter((filter) => notes.unless(() => readFilter(ctx, filter, types))),
    ...(id === undefined ? {} : { groupId: id }),
    ...(since === undefined ? {} : { sinceMs: since.low }),
    ...(elements === undefined || elements.length === 0 ? {} : { elements }),
  } satisfies ExportPlan;
  const patients = patient === undefined ? undefined : await readPatients(ctx, plan, patient, notes);
  return { ...plan, ...(patients === undefined ? {} : { patients }), ...(notes.told.length === 0 ? {} : { notes: notes.told }) };
}

/** Refuses at once, or keeps what would have been refused to be told. */
class Notes {
  readonly told: Issue[] = [];
  readonly #lenient: boolean;

  constructor(lenient: boolean) {
    this.#lenient = lenient;
  }

  refuse(error: FhirError): void {
    if (!this.#lenient) throw error;
    this.told.push(...error.issues.map((issue): Issue => ({ ...issue, severity: 'warning', diagnostics: leftOut(issue.diagnostics) })));
  }

  /** True when the check passes; what does not pass is refused or left out. */
  unless(check: () => void): boolean {
    try {
      check();
      return true;
    } catch (error) {
      if (!(error instanceof FhirError)) throw error;
      this.refuse(error);
      return false;
    }
  }
}

/** The request without parameters that are not known here. */
function knownOnly(request: FhirRequest, notes: Notes): FhirRequest {
  const isKnown = (name: string) => {
    if (Object.hasOwn(RULES, name) || name === '_format' || name === '_pretty') return true;
    const shown = name.slice(0, 64);
    notes.refuse(unsupportedParameter(`The parameter ${shown} is not known here${didYouMean(name, Object.keys(RULES))}`, shown));
    return false;
  };
  const query = request.query.filter(([name]) => isKnown(name));
  const { body } = request;
  if (!isObject(body) || !Array.isArray(body.parameter)) return { ...request, query };
  const parameter = body.parameter.filter((each: unknown) => !isObject(each) || typeof each.name !== 'string' || isKnown(each.name));
  return { ...request, query, body: { ...body, parameter } };
}

/** The text of an issue, and that the matter was left out. */
function leftOut(text = ''): string {
  return `${text}${text.endsWith('?') ? '' : '.'} It was left out.`;
}

function checkType(ctx: FhirContext, type: string, level: ExportPlan['level']): void {
  if (!ctx.definitions.isResourceType(type)) throw unknownTypeNamed(type, ctx.definitions.resourceTypes, '_type');
  if (level !== 'system' && type === 'Binary') throw badValue('Binary resources are exported at system level only', '_type');
}

function checkElement(ctx: FhirContext, text: string): void {
  const [, type, element = ''] = /^(?:([A-Z][A-Za-z]+)\.)?([a-z][A-Za-z]*(?:\[x\])?)$/.exec(text) ?? [];
  const isThere = element !== '' && (type === undefined || ctx.definitions.isResourceType(type));
  const why = isThere
    ? unknownElement(ctx.definitions, type === undefined ? [] : [type], [element])?.why
    : 'is not the name of an element at the top of a resource';
  if (why !== undefined) throw badValue(`${text.slice(0, 64)} ${why}`, '_elements');
}

/** Searches with commas between, or repeated; a comma within a search is not followed by `Type?`. */
function filtersOf(given: readonly string[] | undefined): readonly string[] {
  return (given ?? []).flatMap((text) => text.split(/,(?=[A-Z][A-Za-z]+\?)/));
}

async function readPatients(
  ctx: FhirContext,
  { groupId }: Pick<ExportPlan, 'groupId'>,
  references: readonly Readonly<Record<string, unknown>>[],
  notes: Notes,
): Promise<readonly string[]> {
  if (references.length > PATIENTS_MAX) throw badValue(`At most ${PATIENTS_MAX} patients can be named`, 'patient');
  const own = `${ctx.baseUrl}/`;
  const ids = references.map(({ reference }) => {
    const text = typeof reference === 'string' ? reference : '';
    return /^Patient\/([A-Za-z0-9\-.]{1,64})$/.exec(text.startsWith(own) ? text.slice(own.length) : text)?.[1] ?? '';
  });
  const wanted = [...new Set(ids)];
  const keys = wanted.map((id) => ({ type: 'Patient', id }));
  const known = await ctx.store.readMany(await reachedKeys(ctx, keys));
  const members = groupId === undefined ? undefined : new Set(await membersOf(ctx, groupId));
  const there = new Set(known.map(({ id }) => id).filter((id) => members?.has(id) !== false));
  const missing = wanted.filter((id) => !there.has(id)).length;
  if (missing > 0) {
    const where = groupId === undefined ? 'known here' : 'members of the group';
    notes.refuse(badValue(`${missing} of the ${wanted.length} patients are not ${where}`, 'patient'));
  }
  return [...there];
}
