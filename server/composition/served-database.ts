/**
 * A database as a process serves it: known to other processes by the search parameters it indexes by, and searched only
 * by those whose rows are right.
 */
import { randomUUID } from 'node:crypto';
import { parseJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import { CONTAINED_DIGEST, indexDigest, ORDER_DIGEST } from '../search/index-digest.ts';
import { CONTAINED } from '../search/index-entry.ts';
import { createIndexer } from '../search/index-resource.ts';
import { isHalfRestored } from '../store/backup.ts';
import { withWritePing } from '../store/can-write.ts';
import type { Database, Indexer } from '../store/database.ts';
import { type IndexMembership, joinIndex } from '../store/index-ledger.ts';
import { withStaleIndex } from '../store/stale-index.ts';
import type { Core } from './core.ts';

export interface ServedDatabase extends Database {
  readonly index: IndexMembership;
}

/** What is said of a database that is neither to be served nor to be kept. */
export const HALF_RESTORED =
  'A backup is being restored into the database, or was until that was broken off. In that case: restore it anew, into an empty database';

/** Makes index rows of stored text as the server at `baseUrl` (a FHIR base) does. */
export function storedIndexer({ definitions, searchRegistry }: Core, baseUrl: string): Indexer {
  const index = createIndexer(definitions, searchRegistry, { baseUrl });
  return (_, json) => index(parseJson(json) as Resource);
}

/**
 * Joins the processes that serve the database; closing it leaves them.
 * @throws Error when a version with other search parameters serves it, or a restore has not come to its end; the database
 * is then closed.
 */
export async function serveDatabase(
  database: Database,
  { definitions, searchRegistry }: Pick<Core, 'definitions' | 'searchRegistry'>,
  hearEachMs?: number,
): Promise<ServedDatabase> {
  const digests = [...definitions.searchParameters.map(indexDigest), CONTAINED_DIGEST, ORDER_DIGEST];
  const join = async (): Promise<IndexMembership> => {
    if (await isHalfRestored(database)) throw new Error(HALF_RESTORED);
    return joinIndex(database.state, { digests, id: randomUUID(), nowMs: Date.now, ...(hearEachMs === undefined ? {} : { hearEachMs }) });
  };
  const index = await join().catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const isStale = (type: string | undefined, param: string | undefined): boolean => {
    // What is only in an earlier order is found.
    if (index.staleCount() === (index.isStale(ORDER_DIGEST) ? 1 : 0)) return false;
    if (param === CONTAINED) return index.isStale(CONTAINED_DIGEST);
    const types = type === undefined ? definitions.resourceTypes : [type];
    return types.some((name) => {
      const parameters = param === undefined ? searchRegistry.forType(name) : [searchRegistry.get(name, param)];
      return parameters.some((parameter) => parameter !== undefined && index.isStale(indexDigest(parameter)));
    });
  };
  const served = withWritePing(database);
  return {
    ...served,
    resources: withStaleIndex(served.resources, isStale),
    index,
    reindex: async (indexer, onProgress) => {
      const done = await database.reindex(indexer, onProgress);
      await index.settle();
      return done;
    },
    close: async () => {
      await index.leave().catch(() => undefined);
      await database.close();
    },
  };
}
