/**
 * Backup and restore as NDJSON, one version a line, oldest first: every version of every resource, and no more. The
 * text is the same for both databases, so a backup of one can be restored into the other. Sessions and tokens are not
 * part of it: after a restore everybody logs in again.
 */
import type { Database, Indexer } from './database.ts';
import type { ResourceStore, ResourceWrite, StoredVersion } from './resource-store.ts';

/** Versions restored in one transaction. */
const GROUP_SIZE = 200;

/** The lines of a backup, as the database stood when the first one was asked for; writes go on meanwhile. */
export async function* backupLines(database: Pick<Database, 'versions'>): AsyncGenerator<string> {
  for await (const { type, id, versionId, lastUpdatedMs, method, json } of database.versions()) {
    yield `${JSON.stringify({ type, id, versionId, lastUpdatedMs, method, json })}\n`;
  }
}

/**
 * Writes the versions of a backup into an empty store, with the same ids, version ids and times.
 * @returns how many versions.
 * @throws Error naming the line that is no version, or does not follow the one before; the lines before it, but for those of its group, are written.
 */
export async function restoreLines(
  store: Pick<ResourceStore, 'transact'>,
  lines: AsyncIterable<string> | Iterable<string>,
  index: Indexer,
): Promise<number> {
  let group = new Map<string, ResourceWrite>();
  let count = 0;
  const flush = async (): Promise<void> => {
    const writes = [...group.values()];
    group = new Map();
    if (writes.length > 0) await store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
  };
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const version = readLine(line, count + 1);
    const name = `${version.type}/${version.id}`;
    if (group.has(name) || group.size >= GROUP_SIZE) await flush();
    group.set(name, { ...version, index: version.json === null ? [] : index(version.type, version.json) });
    count += 1;
  }
  await flush();
  return count;
}

function readLine(line: string, number: number): StoredVersion {
  let value: Partial<StoredVersion>;
  try {
    value = JSON.parse(line) as Partial<StoredVersion>;
  } catch {
    throw new Error(`Line ${number} of the backup is not JSON.`);
  }
  const { type, id, versionId, lastUpdatedMs, method, json } = value;
  const named = typeof type === 'string' && typeof id === 'string' && typeof versionId === 'number' && typeof lastUpdatedMs === 'number';
  const isMethod = method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE';
  if (!named || !isMethod || (json !== null && typeof json !== 'string')) throw new Error(`Line ${number} of the backup is not a version.`);
  return { type, id, versionId, lastUpdatedMs, method, json };
}
