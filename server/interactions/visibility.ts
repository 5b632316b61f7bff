/**
 * Whether a resource exists for the caller. Versions in the history are seen by who may see the current one.
 */
import type { ResourceKey } from '../fhir/resource.ts';
import type { Clause } from '../search/query.ts';
import type { FhirContext } from './context.ts';

/** True when the clause holds for the current version of the resource. A deleted one is hidden unless everything is seen. */
export async function isVisible(ctx: FhirContext, { type, id }: ResourceKey, within: Clause): Promise<boolean> {
  if (within.op === 'all') return true;
  return (await visibleIds(ctx, type, [id], within)).has(id);
}

/** Those of the ids (of one type) for which the clause holds. */
export async function visibleIds(ctx: FhirContext, type: string, ids: readonly string[], within: Clause): Promise<ReadonlySet<string>> {
  if (within.op === 'all') return new Set(ids);
  if (within.op === 'none' || ids.length === 0) return new Set();
  const where: Clause = { op: 'and', clauses: [{ op: 'id', ids }, within] };
  const page = await ctx.store.search({ types: [type], where, sort: [], limit: ids.length, total: 'none' });
  return new Set(page.matches.map((match) => match.id));
}
