/**
 * The port to the store. Every implementation passes test/store/store-contract.ts; these docstrings are the contract.
 *
 * Resources travel as the JSON text that is sent to clients: a store never parses it.
 */
import type { ResourceKey } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { CursorPosition, SearchQuery } from '../search/query.ts';

/** One version of a resource as it is kept. */
export interface StoredVersion extends ResourceKey {
  /** 1, 2, 3 … without a gap. */
  readonly versionId: number;
  /** Milliseconds since 1970 UTC; never smaller than that of the version before. */
  readonly lastUpdatedMs: number;
  /** The interaction that made it; `DELETE` marks a deletion. */
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The resource's JSON text with id, meta.versionId and meta.lastUpdated in place; null for a deletion. */
  readonly json: string | null;
}

/** What tells a version that was read from others. */
export type ReadVersion = ResourceKey & Pick<StoredVersion, 'versionId' | 'lastUpdatedMs'>;

/** A version to be written, with what it is to be found by (empty for a deletion). */
export interface ResourceWrite extends StoredVersion {
  readonly index: readonly IndexEntry[];
  /** Written by the service itself beside what a client writes: the access log tells of that. */
  readonly alongside?: true;
}

/** A current resource that was come by on the way from another: its version, or the key alone. */
export type Referred = ResourceKey | StoredVersion;

export interface SearchMatch extends StoredVersion {
  readonly json: string;
  /** Where this match stands in the order of the query. */
  readonly position: CursorPosition;
  /** The id of what is matched within this resource, where the query asks for contained ones (`inner`). */
  readonly innerId?: string;
  /** Where `json` is made only when it is asked for: its bytes as characters, in which what is ASCII can be found at less cost. */
  readonly ascii?: string;
}

export interface SearchPage {
  readonly matches: readonly SearchMatch[];
  /** True when more matches follow (or, paging backwards, precede). */
  readonly more: boolean;
  /** All matches of the query, when asked for. */
  readonly total?: number;
  /** The matches as entries of a Bundle with commas in between, UTF-8 in parts, where `entriesBelow` asked and the store has them. */
  readonly entries?: readonly Uint8Array[];
}

export interface HistoryQuery {
  /** Left out: every type. */
  readonly type?: string;
  /** Needs `type`. */
  readonly id?: string;
  readonly sinceMs?: number;
  /** Only the versions that were current at some time within these bounds. */
  readonly at?: { readonly lowMs: number; readonly highMs: number };
  /** Only what is settled by this time (see `settled`). */
  readonly settledMs?: number;
  readonly limit: number;
  /** The sequence number of the last version seen; the next page starts below it. */
  readonly beforeSequence?: number;
  /** Pages backwards: the versions just above this number; `more` then tells of newer ones. */
  readonly afterSequence?: number;
  /** The page ends before the version that would make its texts larger than this together; a single one may be larger. Left out: no bound. */
  readonly bytesMax?: number;
}

export interface HistoryPage {
  /** Newest first. `isNew`: the resource was not there before, or had been deleted. */
  readonly versions: readonly (StoredVersion & { readonly sequence: number; readonly isNew: boolean })[];
  readonly more: boolean;
  /** All versions the query matches, without regard to paging. */
  readonly total: number;
}

/** What a plan wants to see before it decides. */
export interface Lookups {
  /** Current versions (a deletion counts as one) to read and hold against change until the commit. */
  readonly versions?: readonly ResourceKey[];
  /** Searches whose answers must still be true at the commit (conditional interactions). */
  readonly searches?: readonly SearchQuery[];
}

export interface Found {
  /** The time to write as lastUpdated: no smaller than that of any version found. */
  readonly nowMs: number;
  /** The current version of a resource named in `lookups.versions`; undefined when it never existed. */
  version(type: string, id: string): StoredVersion | undefined;
  /** The answers to `lookups.searches`, in the same order. */
  readonly searches: readonly SearchPage[];
}

/** An entry of the state store (see state-store.ts) under an id that was never used, to be removed with its group if it has one. */
export interface StateAddition {
  readonly kind: string;
  readonly id: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly group?: string;
}

/** What a plan decided. */
export interface Decided<Result> {
  readonly writes: readonly ResourceWrite[];
  /** Added to the state store of the same database, in the same commit. */
  readonly state?: readonly StateAddition[];
  readonly result: Result;
}

/**
 * A transaction is a value, not a callback: what to look up, then a pure and synchronous decision about what to write.
 * `build` may run more than once (a serialization failure starts over from fresh lookups), so it changes nothing
 * outside itself. Throwing from it writes nothing and passes the error on.
 */
export interface TransactionPlan<Result> {
  readonly lookups: Lookups;
  build(found: Found): Decided<Result>;
}

export interface ResourceStore {
  /** The current version (a deletion counts as one), or undefined when the resource never existed. Sees every write acknowledged before the call. */
  read(type: string, id: string): Promise<StoredVersion | undefined>;
  /**
   * Current versions of many resources; missing and deleted ones are left out; the order is that of `keys`, without repeats.
   * Ends before the one that would make the texts larger than `bytesMax` together; the first may be larger by itself.
   */
  readMany(keys: readonly ResourceKey[], bytesMax?: number): Promise<readonly StoredVersion[]>;
  /** One version, current or not, or undefined. */
  readVersion(type: string, id: string, versionId: number): Promise<StoredVersion | undefined>;
  history(query: HistoryQuery): Promise<HistoryPage>;
  /**
   * A page of current resources. Deleted ones never match. Read-your-writes holds here as well. Matches that the sort
   * keys leave equal come in the order in which the resources were first created.
   * A search that runs longer than the store was opened for, or asks for more than the database takes at once: FhirError 403 `too-costly`.
   */
  search(query: SearchQuery): Promise<SearchPage>;
  /**
   * Current resources that the given current resources point at by one of `params` (undefined: by any parameter), without
   * repeats: as versions where they are few, as keys where they are many or large.
   */
  referencesFrom(
    sources: readonly ResourceKey[],
    params: readonly string[] | undefined,
    targetType: string | undefined,
  ): Promise<readonly Referred[]>;
  /** Current resources of `type` (undefined: any) that point at one of `targets` by `param` (undefined: by any), without repeats, at most `limit`. */
  referencesTo(
    targets: readonly ResourceKey[],
    type: string | undefined,
    param: string | undefined,
    limit: number,
  ): Promise<readonly ResourceKey[]>;
  /**
   * Runs a plan atomically, isolated as if alone, and durable when the promise resolves (on disk, through fsync).
   * A write whose versionId is not the current one plus one, or that repeats a key within the plan, is a programming error and throws.
   * Serialization failures are retried from clean state; when retries are used up: FhirError 409 `conflict`. A store out of reach: 503 `transient`.
   */
  transact<Result>(plan: TransactionPlan<Result>): Promise<Result>;
  /**
   * For whoever follows what changes: waits for what is being written, and gives a time, ms since 1970 UTC. What was
   * acknowledged before the call is no later; what is committed from now on is later, whichever process writes it. Only
   * times ahead of the clock by more than a minute are no part of this.
   * @throws FhirError 503 `transient` when somebody goes on writing for long.
   */
  settled(): Promise<number>;
  /**
   * False when these versions, which were read just now one after the other, may not be of one moment: one of them is no
   * longer current, or was written so lately that others which were written with it may be missing.
   */
  areCurrent(versions: readonly ReadVersion[]): Promise<boolean>;
  /**
   * Runs `work` with a store that reads as of one moment, after the call: of what is committed meanwhile it sees nothing,
   * as long as `work` does nothing but read. It is for a few reads, to be done with soon; it neither writes nor settles times.
   */
  atOneMoment<Result>(work: (store: ResourceStore) => Promise<Result>): Promise<Result>;
  /** Resolves when the store can serve; rejects with the reason otherwise (`/readyz`). */
  ping(): Promise<void>;
  /** Finishes what is under way and releases files and connections. Later calls reject. */
  close(): Promise<void>;
}
