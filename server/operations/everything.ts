/**
 * $everything: a patient with what belongs to them, or a plan with what it is made of.
 *
 * Spec: https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { patientClause } from '../auth/access.ts';
import { gone, notFound, tooCostly } from '../fhir/errors.ts';
import { parseReference } from '../fhir/reference.ts';
import type { ResourceKey } from '../fhir/resource.ts';
import { answerSearch, type Scope } from '../interactions/answer-search.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { matchingKeys } from '../interactions/matching-keys.ts';
import { takeParameters } from '../interactions/parameters.ts';
import { both, EVERYTHING, NOTHING, reachOfTypes, requireReach } from '../interactions/reach.ts';
import { reachedKeys, visibleVersion } from '../interactions/visibility.ts';
import { findIncluded, type IncludeDirective } from '../search/include.ts';
import type { Clause } from '../search/query.ts';
import { careDateClause, readCareDates } from './care-dates.ts';
import { ofEveryPatient } from './every-patient.ts';
import type { OperationRequest } from './operation.ts';
import { readInput, readInstants, readTime } from './operation-input.ts';

const ANY = { source: undefined, param: undefined, target: undefined };
const OWN = ['start', 'end', '_since', '_type', '_count'];
/** What all of it refers to, and who the people behind roles are. */
const REFERRED_TO: readonly IncludeDirective[] = [
  { ...ANY, reverse: false, iterate: false },
  { ...ANY, reverse: false, source: 'PractitionerRole', iterate: true },
];

/** What a plan is made of: what it and its parts point at, its measures and nested plans, and who the people are. */
const PARTS_OF_A_PLAN: readonly IncludeDirective[] = [
  { ...ANY, reverse: false, source: 'CarePlan', iterate: true },
  { reverse: true, source: 'CarePlan', param: 'part-of', target: 'CarePlan', iterate: true },
  { reverse: true, source: 'Task', param: 'based-on', target: 'CarePlan', iterate: true },
  ...['CareTeam', 'Goal', 'Task', 'PractitionerRole', 'RelatedPerson'].map(
    (source): IncludeDirective => ({ ...ANY, reverse: false, source, iterate: true }),
  ),
];

/**
 * A searchset in pages: the patient and all that is about them, with what that refers to; where `_type` names types, only
 * those, also of what is referred to. Takes `start` and `end` (when the care took place), `_since`, `_type` and `_count`.
 * Without an id it is the patient in the context of the token or, where that has none, all patients the caller may read.
 * @throws FhirError 404 `not-found` or 410 `deleted` for the patient, 400 `not-supported` for another parameter, 400 `value`
 * for a date that cannot be read, 403 `forbidden` when no patient may be read, 403 `too-costly` where of all patients more
 * is referred to than can be followed.
 */
export function everythingOfPatient(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  return asOfOneMoment(ctx, request, patientAsOf);
}

async function patientAsOf(ctx: FhirContext, search: OperationRequest): Promise<FhirResponse> {
  const { id } = search.interaction;
  const whose = id ?? ctx.principal.patientId;
  const path = ['Patient', ...(id === undefined ? [] : [id]), '$everything'];
  if (whose === undefined) return answerSearch(ctx, search, patientScope(ctx, path, await ofEveryPatient(ctx)));
  await requireVisible(ctx, 'Patient', whose);
  return answerSearch(
    ctx,
    search,
    patientScope(ctx, path, (type) => patientClause(whose, type) ?? NOTHING),
  );
}

/** What `belongs` to the patients, with what that refers to. */
function patientScope(ctx: FhirContext, path: readonly string[], belongs: (type: string) => Clause): Scope {
  const reached = (types: readonly string[], which: (type: string) => Clause) =>
    reachOfTypes(ctx, types, { interaction: '$everything', right: 'read' }, which);
  const within: Scope['within'] = async (types) => {
    const outside = types.filter((type) => belongs(type).op === 'none');
    const whole = () => reached(ctx.definitions.resourceTypes, belongs);
    if (types.length === 0) return whole();
    const others = outside.length === 0 ? new Map<string, Clause>() : await referredTo(ctx, await whole(), outside);
    return reached(types, (type) => others.get(type) ?? belongs(type));
  };
  return { path, types: [], within, own: times(ctx), includes: (types) => (types.length === 0 ? REFERRED_TO : []) };
}

/** Of each of the types, what the resources within a clause refer to. @throws FhirError 403 `too-costly` when these are too many. */
async function referredTo(ctx: FhirContext, within: Clause, types: readonly string[]): Promise<ReadonlyMap<string, Clause>> {
  const belonging = await matchingKeys(ctx.store, [], within, ctx.limits.includedMax);
  const reached = (some: readonly ResourceKey[]) => reachedKeys(ctx, some);
  const { keys, complete } = await findIncluded(ctx.store, REFERRED_TO, belonging.keys, ctx.limits.includedMax, reached);
  if (belonging.more || !complete)
    throw tooCostly(
      `What is referred to is sought in ${ctx.limits.includedMax} resources at most: leave _type out, or ${types.join(', ')} out of it`,
    );
  const byType = Map.groupBy(keys, ({ type }) => type);
  return new Map(types.map((type) => [type, { op: 'id', ids: (byType.get(type) ?? []).map(({ id }) => id) }]));
}

/**
 * A searchset in pages: the plan, its goals, measures, team and nested plans, and the people in them. Takes the same parameters.
 * @throws FhirError 404 `not-found` or 410 `deleted` for the plan, 400 `not-supported` for another parameter.
 */
export function everythingOfPlan(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  return asOfOneMoment(ctx, request, planAsOf);
}

async function planAsOf(ctx: FhirContext, search: OperationRequest): Promise<FhirResponse> {
  const { id = '' } = search.interaction;
  const plan = await requireVisible(ctx, 'CarePlan', id);
  const reached = (some: readonly ResourceKey[]) => reachedKeys(ctx, some);
  const known = [{ type: 'CarePlan', id }, ...(await reached(localReferences(plan)))];
  const { keys } = await findIncluded(ctx.store, PARTS_OF_A_PLAN, known, ctx.limits.includedMax, reached);
  const byType = Map.groupBy([...known, ...keys], ({ type }) => type);
  const belongs = (type: string): Clause => ({ op: 'id', ids: [...new Set(byType.get(type)?.map((key) => key.id))] });
  const within: Scope['within'] = () => reachOfTypes(ctx, [...byType.keys()], { interaction: '$everything', right: 'read' }, belongs);
  return answerSearch(ctx, search, { path: ['CarePlan', id, '$everything'], types: [], within, own: times(ctx) });
}

/** `start` and `end`, by the care dates of each type, and `_since`. They stand in links as they were given. */
function times({ definitions }: FhirContext): NonNullable<Scope['own']> {
  return {
    names: ['start', 'end', '_since'],
    within: (values) => both(careDates(definitions, values.get('start'), values.get('end')), changedSince(values.get('_since'))),
  };
}

function careDates({ resourceTypes }: FhirContext['definitions'], start: string | undefined, end: string | undefined): Clause {
  const dates = readCareDates(start, end);
  if (dates === undefined) return EVERYTHING;
  const dated: Clause[] = [];
  const open: string[] = [];
  for (const type of resourceTypes) {
    const clause = careDateClause(type, dates);
    if (clause.op === 'all') open.push(type);
    else dated.push({ op: 'and', clauses: [{ op: 'type', types: [type] }, clause] });
  }
  return { op: 'or', clauses: [{ op: 'type', types: open }, ...dated] };
}

function changedSince(since: string | undefined): Clause {
  if (since === undefined) return EVERYTHING;
  const { low } = readInstants(since, '_since');
  return { op: 'lastUpdated', test: { kind: 'range', anyOf: [[{ bound: 'low', is: '>=', value: low }]] } };
}

/** What belongs to something is found first and read then: both as of one moment, so that nothing is half of what was written together. */
async function asOfOneMoment(
  ctx: FhirContext,
  request: OperationRequest,
  answer: (ctx: FhirContext, search: OperationRequest) => Promise<FhirResponse>,
): Promise<FhirResponse> {
  const search = asSearch(ctx, request);
  // Who asks for what has changed waits for what is being written before that moment.
  const settledMs = search.query.some(([name]) => name === '_since') ? await ctx.store.settled() : undefined;
  return ctx.store.atOneMoment((moment) => {
    const store = settledMs === undefined ? moment : { ...moment, settled: async () => settledMs };
    return answer({ ...ctx, store }, search);
  });
}

/** The request as a search over all types; a page holds as much as it may unless `_count` says otherwise. */
function asSearch(ctx: FhirContext, request: OperationRequest): OperationRequest {
  const { _page: page } = takeParameters(request.query, [...OWN, '_page']);
  if (page !== undefined) return request;
  const rules = { start: 'text', end: 'text', _since: 'text', _type: 'texts', _count: 'integer' } as const;
  const { start, end, _since: since, _type: types, _count: count } = readInput(request, rules);
  const query: (readonly [string, string])[] = [['_count', String(count ?? ctx.limits.pageSizeMax)]];
  if (since !== undefined) query.push(['_since', readTime(since, '_since')]);
  if (types !== undefined) query.push(['_type', types.join(',')]);
  if (start !== undefined) query.push(['start', start]);
  if (end !== undefined) query.push(['end', end]);
  return { ...request, query: [...query, ...request.query.filter(([name]) => !OWN.includes(name))] };
}

async function requireVisible(ctx: FhirContext, type: string, id: string): Promise<string> {
  const reach = await requireReach(ctx, { interaction: '$everything', right: 'read', type, id });
  const current = await visibleVersion(ctx, { type, id }, reach);
  if (current === undefined) throw notFound(`${type}/${id} is not known`);
  if (current.json === null) throw gone(`${type}/${id} has been deleted`);
  return current.json;
}

/** Everything the text of a resource points at here, also by elements without a search parameter (supportingInfo), without repeats. */
function localReferences(json: string): readonly ResourceKey[] {
  const found = new Map<string, ResourceKey>();
  JSON.parse(json, (name, value: unknown) => {
    const reference = name === 'reference' && typeof value === 'string' ? parseReference(value) : undefined;
    if (reference?.kind === 'local') found.set(`${reference.type}/${reference.id}`, { type: reference.type, id: reference.id });
    return value;
  });
  return [...found.values()];
}
