/**
 * `_contained` and `_containedType`: searches for what resources contain. A contained resource is there for whoever may
 * search for its container, since that shows it, and for nobody else.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#contained
 */
import { parseJson, stringifyJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import { containedById } from '../search/contained-by-id.ts';
import { LOCAL_ID } from '../search/index-entry.ts';
import type { ContainedAsked } from '../search/parse.ts';
import type { Clause, SearchQuery } from '../search/query.ts';
import type { Found } from '../search/searchset.ts';
import type { SearchMatch } from '../store/resource-store.ts';
import type { FhirContext } from './context.ts';
import { both, reachOfTypes, throughReach } from './reach.ts';

/**
 * The search of `query`, as it was asked, among contained resources; `own` is what then must hold for resources of their
 * own. Within its container a resource has an id, by which `_id` finds it, and no time of change.
 * @throws FhirError as throughReach.
 */
export async function amongContained(ctx: FhirContext, query: SearchQuery, asked: ContainedAsked, own: Clause): Promise<SearchQuery> {
  const { definitions } = ctx;
  const types = query.types.length === 0 ? definitions.resourceTypes : query.types;
  const where = await throughReach(ctx, byLocalId(query.where));
  const containers = definitions.resourceTypes.filter((type) => definitions.type(type)?.property('contained') !== undefined);
  const within = await reachOfTypes(ctx, containers, { interaction: 'search-type', right: 'search' });
  if (asked.as === 'contained') {
    const inner = { types, where, ...(asked.which === 'both' ? { beside: own } : {}) };
    return { ...query, types: [], where: within, inner };
  }
  const contains = both({ op: 'contains', types, where }, within);
  const whole = query.types.length === 0 ? own : both({ op: 'type', types }, own);
  return { ...query, types: [], where: asked.which === 'both' ? { op: 'or', clauses: [whole, contains] } : contains };
}

/** The clause with `_id` asking for the id within the container. What chains lead to has its own. */
function byLocalId(clause: Clause): Clause {
  switch (clause.op) {
    case 'and':
    case 'or':
      return { ...clause, clauses: clause.clauses.map(byLocalId) };
    case 'not':
      return { ...clause, clause: byLocalId(clause.clause) };
    case 'id': {
      const anyOf = clause.ids.map((code) => ({ system: null, code }));
      return { op: 'match', param: LOCAL_ID, test: { kind: 'token', anyOf } };
    }
    default:
      return clause;
  }
}

/** A function that gives what is shown of a match: the contained resource, where it is that. Each container is read once. */
export function takenOut(): (match: SearchMatch) => SearchMatch | Found {
  const known = new Map<string, ReadonlyMap<string, Resource>>();
  return (match) => {
    const { type, id, innerId, json } = match;
    if (innerId === undefined) return match;
    const name = `${type}/${id}`;
    const contained = known.get(name) ?? containedById((parseJson(json) as Resource).contained);
    known.set(name, contained);
    return { type, id, innerId, json: stringifyJson(contained.get(innerId)) };
  };
}
