/**
 * $everything: a patient with what belongs to them, or a plan with what it is made of.
 *
 * Spec: https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { patientClause } from '../auth/access.ts';
import { notFound } from '../fhir/errors.ts';
import { parseReference } from '../fhir/reference.ts';
import type { ResourceKey } from '../fhir/resource.ts';
import { answerSearch, type Scope } from '../interactions/answer-search.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { takeParameters } from '../interactions/parameters.ts';
import { reachOfTypes, requireReach } from '../interactions/reach.ts';
import { isVisible } from '../interactions/visibility.ts';
import type { IncludeDirective } from '../search/include.ts';
import type { Clause } from '../search/query.ts';
import type { OperationRequest } from './operation.ts';

const ANY = { source: undefined, param: undefined, target: undefined };
const EVERY_REFERENCE: IncludeDirective = { ...ANY, reverse: false, iterate: false };

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
 * A searchset in pages: the patient and all that is about them, with what that refers to. Takes `_since`, `_type`, `_count`.
 * @throws FhirError 404 `not-found` for a patient that is not known, 400 `not-supported` for another parameter.
 */
export async function everythingOfPatient(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const { id = '' } = request.interaction;
  await requireVisible(ctx, 'Patient', id);
  takeParameters(request.query, ['_since', '_type', '_count', '_page']);
  const query = request.query.map(([name, value]) =>
    name === '_since' ? (['_lastUpdated', `ge${value}`] as const) : ([name, value] as const),
  );
  const within: Scope['within'] = async (asked) => {
    const about = (type: string): Clause => patientClause(id, type) ?? { op: 'none' };
    const types = (asked.length === 0 ? ctx.definitions.resourceTypes : asked).filter((type) => about(type).op !== 'none');
    return types.length === 0 ? { op: 'none' } : reachOfTypes(ctx, types, { interaction: '$everything', right: 'read' }, about);
  };
  const path = ['Patient', id, '$everything'];
  return answerSearch(ctx, { ...request, query }, { path, types: [], within, includes: [EVERY_REFERENCE] });
}

/**
 * A searchset with one match, the plan; its goals, measures, team, nested plans and the people in them are included.
 * @throws FhirError 404 `not-found` for a plan that is not known, 400 `not-supported` for a parameter.
 */
export async function everythingOfPlan(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const { id = '' } = request.interaction;
  const plan = await requireVisible(ctx, 'CarePlan', id);
  takeParameters(request.query, []);
  const scope: Scope = {
    path: ['CarePlan', id, '$everything'],
    types: ['CarePlan'],
    within: async () => ({ op: 'id', ids: [id] }),
    includes: PARTS_OF_A_PLAN,
    related: localReferences(plan).filter((key) => key.id !== id || key.type !== 'CarePlan'),
  };
  return answerSearch(ctx, request, scope);
}

async function requireVisible(ctx: FhirContext, type: string, id: string): Promise<string> {
  const reach = await requireReach(ctx, { interaction: '$everything', right: 'read', type, id });
  const current = await ctx.store.read(type, id);
  if (current?.json == null || !(await isVisible(ctx, current, reach))) throw notFound(`${type}/${id} is not known`);
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
