/**
 * Which versions are current, of what this process has written a moment ago: people change a plan several times in a row,
 * and to ask for the current version costs as much as to check the new one. Each commit of another thread empties SQLite's
 * cache of pages, so that it is mostly read anew.
 *
 * What another process may have committed since is not known here. So these may only be asked for what is then written
 * under the count of other processes' commits (see group-writer.ts), which does not let pass what is outdated; whatever a
 * plan refuses or answers without writing is decided by what the file says.
 */
import type { ResourceKey } from '../../fhir/resource.ts';
import type { ResourceWrite, StoredVersion } from '../resource-store.ts';
import { readVersionSteps } from '../sql/read.ts';
import type { Connection } from './connection.ts';
import { sqliteDialect as dialect } from './dialect.ts';

/** Some 200 bytes each. */
const KEPT_AT_MOST = 5_000;

type Head = Pick<StoredVersion, 'versionId' | 'lastUpdatedMs' | 'method'>;

export class CurrentVersions {
  readonly #connection: Connection;
  readonly #heads = new Map<string, Head>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The current versions under these keys; undefined when one of them is not known, or there are no keys. */
  find(keys: readonly ResourceKey[]): readonly StoredVersion[] | undefined {
    if (this.#heads.size === 0 || keys.length === 0) return undefined;
    const found: StoredVersion[] = [];
    for (const key of keys) {
      const head = this.#heads.get(nameOf(key));
      if (head === undefined) return undefined;
      found.push(new CurrentVersion(this.#connection, key, head));
    }
    return found;
  }

  /** To be told of writes that are on disk, in the order of their commits. */
  written(writes: readonly ResourceWrite[]): void {
    if (this.#heads.size + writes.length > KEPT_AT_MOST) this.forget();
    for (const write of writes) {
      const { versionId, lastUpdatedMs, method } = write;
      this.#heads.set(nameOf(write), { versionId, lastUpdatedMs, method });
    }
  }

  /** To be called when others may have written. */
  forget(): void {
    this.#heads.clear();
  }
}

const nameOf = ({ type, id }: ResourceKey): string => `${type}/${id}`;

/** One whose text is read when it is asked for, which few plans do; a version never changes. */
class CurrentVersion implements StoredVersion {
  readonly type: string;
  readonly id: string;
  readonly versionId: number;
  readonly lastUpdatedMs: number;
  readonly method: StoredVersion['method'];
  readonly #connection: Connection;
  #json: string | null = null;

  constructor(connection: Connection, { type, id }: ResourceKey, { versionId, lastUpdatedMs, method }: Head) {
    this.type = type;
    this.id = id;
    this.versionId = versionId;
    this.lastUpdatedMs = lastUpdatedMs;
    this.method = method;
    this.#connection = connection;
  }

  get json(): string | null {
    this.#json ??= this.#read();
    return this.#json;
  }

  #read(): string | null {
    if (this.method === 'DELETE') return null;
    const steps = readVersionSteps(dialect, this.type, this.id, this.versionId);
    return this.#connection.readInTurn(() => this.#connection.run(steps))?.json ?? null;
  }
}
