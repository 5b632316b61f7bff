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
import { LatelyKept } from './lately-kept.ts';

/** Characters of one text that is kept: a large one is read so that many small ones need not be. */
const CHARACTERS_OF_ONE = 16_000;
const charactersOf = ({ json }: Pick<Head, 'json'>): number => json?.length ?? 0;
/** Some 200 bytes each, beside the texts. */
const KEPT_AT_MOST = { count: 5_000, weight: 1_000_000, weightOf: charactersOf };

interface Head extends Pick<StoredVersion, 'versionId' | 'lastUpdatedMs' | 'method'> {
  /** Undefined where it is not kept. */
  readonly json: string | null | undefined;
}

export class CurrentVersions {
  readonly #connection: Connection;
  readonly #heads = new LatelyKept<string, Head>(KEPT_AT_MOST);

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The current versions under these keys; undefined when one of them is not known, or there are no keys. */
  find(keys: readonly ResourceKey[]): readonly StoredVersion[] | undefined {
    if (keys.length === 0) return undefined;
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
    for (const write of writes) {
      const { versionId, lastUpdatedMs, method } = write;
      const json = charactersOf(write) > CHARACTERS_OF_ONE ? undefined : write.json;
      this.#heads.set(nameOf(write), { versionId, lastUpdatedMs, method, json });
    }
  }

  /** To be called when others may have written. */
  forget(): void {
    this.#heads.clear();
  }
}

const nameOf = ({ type, id }: ResourceKey): string => `${type}/${id}`;

/** One whose text, where it is not kept, is read when it is asked for; that of a current version never changes. */
class CurrentVersion implements StoredVersion {
  readonly type: string;
  readonly id: string;
  readonly versionId: number;
  readonly lastUpdatedMs: number;
  readonly method: StoredVersion['method'];
  readonly #connection: Connection;
  #json: string | null | undefined;

  constructor(connection: Connection, { type, id }: ResourceKey, { versionId, lastUpdatedMs, method, json }: Head) {
    this.type = type;
    this.id = id;
    this.versionId = versionId;
    this.lastUpdatedMs = lastUpdatedMs;
    this.method = method;
    this.#json = json;
    this.#connection = connection;
  }

  get json(): string | null {
    if (this.#json === undefined) this.#json = this.#read();
    return this.#json;
  }

  #read(): string | null {
    if (this.method === 'DELETE') return null;
    const steps = readVersionSteps(dialect, this.type, this.id, this.versionId);
    return this.#connection.readInTurn(() => this.#connection.run(steps))?.json ?? null;
  }
}
