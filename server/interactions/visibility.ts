/**
 * Whether a resource exists for the caller. Versions in the history are seen by who may see the current one.
 */
import type { ResourceKey } from '../fhir/resource.ts';
import type { Clause, CursorPosition } from '../search/query.ts';
import type { StoredVersion } from '../store/resource-store.ts';
import type { FhirContext } from './context.ts';
import { reachOf } from './reach.ts';

/** In what is read at a time to be told whether it is seen. */
const READ_BYTES_MAX = 16 * 1024 * 1024;

/** True when the clause holds for the current version of the resource. A deleted one is hidden unless everything is seen. */
export async function isVisible(ctx: FhirContext, { type, id }: ResourceKey, within: Clause): Promise<boolean> {
  if (within.op === 'all') return true;
  return (await visibleIds(ctx, type, [id], within)).has(id);
}

/**
 * The current version, when it exists for the caller. Both questions are asked whether or not it is there, so that the
 * time they take does not tell.
 */
export async function visibleVersion(ctx: FhirContext, { type, id }: ResourceKey, within: Clause): Promise<StoredVersion | undefined> {
  if (within.op === 'all') return ctx.store.read(type, id);
  const [current, isSeen] = await Promise.all([ctx.store.read(type, id), isVisible(ctx, { type, id }, within)]);
  return isSeen ? current : undefined;
}

/** Those of the ids (of one type) for which the clause holds. */
export async function visibleIds(ctx: FhirContext, type: string, ids: readonly string[], within: Clause): Promise<ReadonlySet<string>> {
  if (within.op === 'all') return new Set(ids);
  if (within.op === 'none' || ids.length === 0) return new Set();
  const where: Clause = { op: 'and', clauses: [{ op: 'id', ids }, within] };
  const seen = new Set<string>();
  for (let after: CursorPosition | undefined; ; ) {
    const from = after === undefined ? {} : { after };
    const query = { types: [type], where, sort: [], limit: ids.length, total: 'none', bytesMax: READ_BYTES_MAX, ...from } as const;
    const page = await ctx.store.search(query);
    for (const { id } of page.matches) seen.add(id);
    after = page.matches.at(-1)?.position;
    if (!page.more || after === undefined) return seen;
  }
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
