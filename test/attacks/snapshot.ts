/** All that a store holds but its own log, as one digest: what an attack has not changed is the same before and after. */
import { createHash } from 'node:crypto';
import type { CursorPosition } from '../../server/search/query.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';

const PAGE = 1000;

/** The number of resources and a hash of their types, ids, versions and texts. */
export async function snapshotOf(store: ResourceStore): Promise<string> {
  const rows: string[] = [];
  let after: CursorPosition | undefined;
  do {
    const start = after === undefined ? {} : { after };
    const page = await store.search({ types: [], where: { op: 'all' }, sort: [], limit: PAGE, total: 'none', ...start });
    for (const { type, id, versionId, json } of page.matches) if (type !== 'AuditEvent') rows.push(`${type}/${id}/${versionId} ${json}`);
    after = page.more ? page.matches.at(-1)?.position : undefined;
  } while (after !== undefined);
  return `${rows.length} ${createHash('sha256').update(rows.sort().join('\n')).digest('hex')}`;
}
