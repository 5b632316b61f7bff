/**
 * Whether a resource exists for the caller. Versions in the history are seen by who may see the current one.
 */
import type { ResourceKey } from '../fhir/resource.ts';
import type { Clause } from '../search/query.ts';
import type { StoredVersion } from '../store/resource-store.ts';
import type { FhirContext } from './context.ts';
import { matchingKeys } from './matching-keys.ts';
import { reachOf } from './reach.ts';

/** True when the clause holds for the current version of the resource. A deleted one is hidden unless everything is seen. */
export async function isVisible(ctx: FhirContext, { type, id }: ResourceKey, within: Clause): Promise<boolean> {
  if (within.op === 'all') return true;
  return (await visibleIds(ctx, type, [id], within)).has(id);
}

/** The current version, when it exists for the caller. */
export function visibleVersion(ctx: FhirContext, { type, id }: ResourceKey, within: Clause): Promise<StoredVersion | undefined> {
  return whenVisible(ctx, { type, id }, within, ctx.store.read(type, id));
}

/**
 * The version of the resource that is being read, when that resource exists for the caller. Both questions are asked whether
 * or not it is there, so that the time they take does not tell.
 */
export async function whenVisible(
  ctx: FhirContext,
  { type, id }: ResourceKey,
  within: Clause,
  reading: Promise<StoredVersion | undefined>,
): Promise<StoredVersion | undefined> {
  if (within.op === 'all') return reading;
  const where: Clause = { op: 'and', clauses: [{ op: 'id', ids: [id] }, within] };
  const looking = ctx.store.search({ types: [type], where, sort: [], limit: 1, total: 'none' });
  const [version, { matches }] = await Promise.all([reading, looking]);
  const [seen] = matches;
  if (version === undefined || seen === undefined) return undefined;
  // One that was written between the two answers may be hidden, though the one before was not.
  return version.versionId <= seen.versionId || (await isVisible(ctx, { type, id }, within)) ? version : undefined;
}

/** Those of the ids (of one type) for which the clause holds. */
export async function visibleIds(ctx: FhirContext, type: string, ids: readonly string[], within: Clause): Promise<ReadonlySet<string>> {
  if (within.op === 'all') return new Set(ids);
  if (within.op === 'none' || ids.length === 0) return new Set();
  const where: Clause = { op: 'and', clauses: [{ op: 'id', ids }, within] };
  const { keys } = await matchingKeys(ctx.store, [type], where, ids.length);
  return new Set(keys.map(({ id }) => id));
}

/** Those of the keys that exist for the caller, in their order. */
export async function reachedKeys<Key extends ResourceKey>(ctx: FhirContext, keys: readonly Key[]): Promise<readonly Key[]> {
  const visible = new Map<string, ReadonlySet<string>>();
  for (const type of new Set(keys.map((key) => key.type))) {
    const reach = await reachOf(ctx, { interaction: 'search-type', right: 'read', type });
    const ids = keys.filter((key) => key.type === type).map((key) => key.id);
    visible.set(type, await visibleIds(ctx, type, ids, reach));
  }
  return keys.filter(({ type, id }) => visible.get(type)?.has(id) === true);
}
