/**
 * Backup and restore as NDJSON: a head, the state that must outlive the database, every version of every resource,
 * oldest first, and a last line that says how much there is and what its digest is, so that a file cut short, or one that
 * a disk has spoilt, is known for one. The text is the same for both databases: a backup of one can be restored into the other.
 *
 * Of the state only named kinds are kept (keys, accesses not yet logged). Tokens, codes and the marks of what has been
 * used are left out on purpose: set back in time, a revoked token would be good again. After a restore people sign in anew.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Database, Indexer } from './database.ts';
import type { ResourceWrite, StoredVersion } from './resource-store.ts';
import type { StateEntry } from './state-store.ts';

/** Versions restored in one transaction. */
const GROUP_SIZE = 200;
const STATE_AT_A_TIME = 200;
const HEAD = { backup: 'fellesplan', format: 2 } as const;
/** Its last line says how much there is, and no more. */
const FORMAT_WITHOUT_DIGEST = 1;
const DIGEST = 'sha256';

/** There from the first line of a restore to its last. */
const UNDER_WAY = ['restore', 'under-way'] as const;

/** How much a backup holds. */
export interface BackupSize {
  readonly state: number;
  readonly versions: number;
}

/** An entry of the state as a backup keeps it. */
export type KeptState = Pick<StateEntry, 'kind' | 'id' | 'value' | 'expiresAtMs'>;
type Line = { readonly version: StoredVersion } | { readonly state: KeptState };

/** What goes into a backup. */
export interface BackupContent {
  readonly state: AsyncIterable<KeptState> | Iterable<KeptState>;
  readonly versions: AsyncIterable<StoredVersion>;
}

/** The lines of a backup. */
export async function* backupLines({ state, versions }: BackupContent): AsyncGenerator<string, BackupSize> {
  const size = { state: 0, versions: 0 };
  const digest = createHash(DIGEST);
  const line = (value: object): string => {
    const text = JSON.stringify(value);
    digestLine(digest, text);
    return `${text}\n`;
  };
  yield line(HEAD);
  for await (const { kind, id, value, expiresAtMs } of state) {
    yield line({ state: { kind, id, value, expiresAtMs } });
    size.state += 1;
  }
  for await (const { type, id, versionId, lastUpdatedMs, method, json } of versions) {
    yield line({ type, id, versionId, lastUpdatedMs, method, json });
    size.versions += 1;
  }
  yield `${JSON.stringify({ end: { ...size, [DIGEST]: digest.digest('hex') } })}\n`;
  return size;
}

/** The state of these kinds as it stands. */
export async function* stateOfKinds({ state }: Pick<Database, 'state'>, kinds: readonly string[]): AsyncGenerator<KeptState> {
  for (const kind of kinds) {
    for (let page = await state.list(kind, STATE_AT_A_TIME); page.length > 0; ) {
      yield* page;
      page = await state.list(kind, STATE_AT_A_TIME, page.at(-1)?.id);
    }
  }
}

/**
 * Every version as it stands when this resolves: what `versions` gives from its first on shows no later moment.
 * `abandon` is for whoever does not go through all of them.
 */
export async function beginVersions({ versions }: Pick<Database, 'versions'>): Promise<BegunVersions> {
  const all = versions()[Symbol.asyncIterator]();
  const first = await all.next();
  const rest = { [Symbol.asyncIterator]: () => all };
  return {
    versions: (async function* () {
      if (first.done === true) return;
      yield first.value;
      yield* rest;
    })(),
    abandon: async () => void (await all.return?.()),
  };
}

/** Versions as they stood at one moment. */
export interface BegunVersions {
  readonly versions: AsyncIterable<StoredVersion>;
  abandon(): Promise<void>;
}

/** How lines end does not count: a file may have been through a mail or another system. */
function digestLine(digest: Hash, text: string): void {
  digest.update(text.trimEnd()).update('\n');
}

/**
 * Reads a backup to its end.
 * @returns how much it holds.
 * @throws Error naming the first line that cannot be restored, or telling that the backup is cut short or has been changed.
 */
export async function checkBackup(lines: AsyncIterable<string> | Iterable<string>): Promise<BackupSize> {
  const size = { state: 0, versions: 0 };
  const current = new Map<string, number>();
  for await (const content of contentOf(lines)) {
    if ('state' in content) {
      size.state += 1;
      continue;
    }
    const { type, id, versionId } = content.version;
    const before = current.get(`${type}/${id}`) ?? 0;
    if (versionId !== before + 1) throw new Error(`${type}/${id} version ${versionId} of the backup does not follow version ${before}.`);
    current.set(`${type}/${id}`, versionId);
    size.versions += 1;
  }
  return size;
}

/**
 * Writes a backup into an empty database, with the same ids, version ids and times. Until all of it is there, the database
 * is marked as one that is not to be served.
 * @returns how much was written.
 * @throws Error as `checkBackup` does; what came before, but for its group, is then written: check first.
 */
export async function restoreLines(
  { resources, state }: Pick<Database, 'resources' | 'state'>,
  lines: AsyncIterable<string> | Iterable<string>,
  index: Indexer,
  onProgress?: (versions: number) => void,
): Promise<BackupSize> {
  let group = new Map<string, ResourceWrite>();
  const size = { state: 0, versions: 0 };
  const flush = async (): Promise<void> => {
    const writes = [...group.values()];
    group = new Map();
    if (writes.length > 0) await resources.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
    onProgress?.(size.versions);
  };
  await state.put(...UNDER_WAY, {});
  for await (const content of contentOf(lines)) {
    if ('state' in content) {
      const { kind, id, value, expiresAtMs } = content.state;
      await state.put(kind, id, value, expiresAtMs === null ? {} : { expiresAtMs });
      size.state += 1;
      continue;
    }
    const { version } = content;
    const name = `${version.type}/${version.id}`;
    if (group.has(name) || group.size >= GROUP_SIZE) await flush();
    group.set(name, { ...version, index: version.json === null ? [] : index(version.type, version.json) });
    size.versions += 1;
  }
  await flush();
  await state.remove(...UNDER_WAY);
  return size;
}

/** True when a restore is under way, or has been broken off: a part of the resources, or of their versions, is missing. */
export function isHalfRestored({ state }: Pick<Database, 'state'>): Promise<boolean> {
  return state.has(...UNDER_WAY);
}

/** True when no resource has ever been written. */
export async function isEmpty({ versions }: Pick<Database, 'versions'>): Promise<boolean> {
  for await (const _ of versions()) return false;
  return true;
}

/** What stands between the head and the end, in order. @throws Error for a line that is neither, and when head or end is missing or wrong. */
async function* contentOf(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Line> {
  const size = { state: 0, versions: 0 };
  const digest = createHash(DIGEST);
  let number = 0;
  let format: unknown;
  let end: unknown;
  for await (const text of lines) {
    if (text.trim() === '') continue;
    number += 1;
    if (end !== undefined) throw new Error(`Line ${number} of the backup stands after its end.`);
    const value = parseLine(text, number);
    if (!('end' in value)) digestLine(digest, text);
    if (number === 1) {
      format = formatOf(value);
    } else if ('end' in value) {
      end = value.end;
    } else if ('state' in value) {
      size.state += 1;
      yield { state: stateOf(value.state, number) };
    } else {
      size.versions += 1;
      yield { version: versionOf(value, number) };
    }
  }
  if (end === undefined) throw new Error('The backup is cut short: its last line is missing.');
  const { [DIGEST]: told, ...held } = (end ?? {}) as Values;
  if (JSON.stringify(held) !== JSON.stringify(size)) throw new Error('The backup does not hold as much as its last line says.');
  if (format !== FORMAT_WITHOUT_DIGEST && told !== digest.digest('hex'))
    throw new Error('The backup is not as it was written: its digest is another.');
}

type Values = Readonly<Record<string, unknown>>;

function parseLine(text: string, number: number): Values {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`Line ${number} of the backup is not JSON.`);
  }
  if (typeof value !== 'object' || value === null) throw new Error(`Line ${number} of the backup is not an object.`);
  return value as Values;
}

function formatOf({ backup, format }: Values): unknown {
  if (backup !== HEAD.backup) throw new Error('This is not a backup of Fellesplan: its first line does not say so.');
  if (format === FORMAT_WITHOUT_DIGEST || format === HEAD.format) return format;
  throw new Error(`The backup has format ${format}, this version reads formats ${FORMAT_WITHOUT_DIGEST} and ${HEAD.format}.`);
}

function stateOf(state: unknown, number: number): KeptState {
  const { kind, id, value, expiresAtMs } = (state ?? {}) as Partial<KeptState>;
  const timed = expiresAtMs === null || typeof expiresAtMs === 'number';
  if (typeof kind !== 'string' || typeof id !== 'string' || typeof value !== 'object' || value === null || !timed) {
    throw new Error(`Line ${number} of the backup is not an entry of state.`);
  }
  return { kind, id, value, expiresAtMs };
}

function versionOf(value: Values, number: number): StoredVersion {
  const { type, id, versionId, lastUpdatedMs, method, json } = value;
  const named = typeof type === 'string' && typeof id === 'string' && typeof versionId === 'number' && typeof lastUpdatedMs === 'number';
  const isMethod = method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE';
  if (!named || !isMethod || (json !== null && typeof json !== 'string')) throw new Error(`Line ${number} of the backup is not a version.`);
  return { type, id, versionId, lastUpdatedMs, method, json };
}
