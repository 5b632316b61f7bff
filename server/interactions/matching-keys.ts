/**
 * Which resources match, for who needs nothing else of them: a store gives texts as well, so that no more of those are read
 * at a time than a few megabytes.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#search
 */
import type { ResourceKey } from '../fhir/resource.ts';
import type { Clause, CursorPosition } from '../search/query.ts';
import type { ResourceStore } from '../store/resource-store.ts';

const READ_BYTES_MAX = 16 * 1024 * 1024;

/** The first `limit` (at least one) resources of `types` (empty for any) for which `where` holds, and whether there are `more`. */
export async function matchingKeys(
  store: Pick<ResourceStore, 'search'>,
  types: readonly string[],
  where: Clause,
  limit: number,
): Promise<{ readonly keys: readonly ResourceKey[]; readonly more: boolean }> {
  const keys: ResourceKey[] = [];
  for (let after: CursorPosition | undefined; ; ) {
    const from = after === undefined ? {} : { after };
    const page = await store.search({
      types,
      where,
      sort: [],
      limit: limit - keys.length,
      total: 'none',
      bytesMax: READ_BYTES_MAX,
      ...from,
    });
    for (const { type, id } of page.matches) keys.push({ type, id });
    after = page.matches.at(-1)?.position;
    if (!page.more || after === undefined || keys.length >= limit) return { keys, more: page.more };
  }
}
