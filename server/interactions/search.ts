/**
 * search-type, search-system and search in a compartment, by GET or POST.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#search · https://hl7.org/fhir/R4/http.html#vsearch
 */
import { compartmentMembership, compartmentTypes, hasCompartment } from '../fhir/compartment.ts';
import { forbidden, notFound } from '../fhir/errors.ts';
import type { Clause } from '../search/query.ts';
import { answerSearch, type Scope } from './answer-search.ts';
import type { AllowedRequest, FhirContext, FhirResponse } from './context.ts';
import { both, reachOfTypes, requireReach } from './reach.ts';
import type { InteractionOf } from './resolve.ts';

/** @throws FhirError as parseSearch says. */
export function searchType(ctx: FhirContext, request: AllowedRequest<InteractionOf<'search-type'>>): Promise<FhirResponse> {
  const { type } = request.interaction;
  return answerSearch(ctx, request, { path: [type], types: [type], within: async () => request.within, takesContained: true });
}

/** @throws FhirError as parseSearch says; 403 `forbidden` when the caller may search for none of the types. */
export function searchSystem(ctx: FhirContext, request: AllowedRequest<InteractionOf<'search-system'>>): Promise<FhirResponse> {
  const within: Scope['within'] = async (types) =>
    reachOrRefuse(ctx, types.length === 0 ? ctx.definitions.resourceTypes : types, { interaction: 'search-system', right: 'search' });
  return answerSearch(ctx, request, { path: [], types: [], within, takesContained: true });
}

/** @throws FhirError as parseSearch says; 404 `not-found` for what is no compartment, or never in it; 403 `forbidden`. */
export async function searchCompartment(
  ctx: FhirContext,
  request: AllowedRequest<InteractionOf<'search-compartment'>>,
): Promise<FhirResponse> {
  const { type: owner, id, target } = request.interaction;
  if (!hasCompartment(owner)) throw notFound(`${owner} has no compartment`);
  const path = [owner, id, target];
  if (target === '*') return answerSearch(ctx, request, wholeCompartment(ctx, path));
  const membership = membershipClause(owner, id, target);
  if (membership.op === 'none') throw notFound(`${target} is never in the compartment of a ${owner}`);
  const reach = await requireReach(ctx, { interaction: 'search-compartment', right: 'search', type: target });
  return answerSearch(ctx, request, { path, types: [target], within: async () => both(membership, reach) });
}

/** Everything in a compartment that the caller may search for; `path` starts with the owner's type and id. */
function wholeCompartment(ctx: FhirContext, path: readonly string[]): Scope {
  const [owner = '', id = ''] = path;
  const within: Scope['within'] = async (asked) => {
    const types = compartmentTypes(owner).filter((type) => asked.length === 0 || asked.includes(type));
    return reachOrRefuse(ctx, types, { interaction: 'search-compartment', right: 'search' }, (type) => membershipClause(owner, id, type));
  };
  return { path, types: [], within };
}

/** @throws FhirError 403 `forbidden` when nothing of any of the types is reached. */
async function reachOrRefuse(
  ctx: FhirContext,
  types: readonly string[],
  asked: Parameters<typeof reachOfTypes>[2],
  belongs?: (type: string) => Clause,
): Promise<Clause> {
  const reach = await reachOfTypes(ctx, types, asked, belongs);
  if (reach.op === 'none' && types.length > 0) throw forbidden('You may not search for any of these types');
  return reach;
}

function membershipClause(owner: string, id: string, type: string): Clause {
  const membership = compartmentMembership(owner, type);
  if (membership === undefined) return { op: 'none' };
  const clauses = membership.params.map((param): Clause => ({ op: 'match', param, test: { kind: 'reference', type: owner, id } }));
  if (membership.self) clauses.push({ op: 'id', ids: [id] });
  return clauses.length === 1 ? clauses[0]! : { op: 'or', clauses };
}
