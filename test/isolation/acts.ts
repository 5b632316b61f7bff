/** What clients did and were told, and what is kept at the end: all that a history is judged by. */

/** A version of a resource; an id is `Type/id`. */
export interface VersionKey {
  readonly id: string;
  readonly version: number;
}

/** A write that was acknowledged. */
export interface Wrote extends VersionKey {
  /** What it left there and nobody else does; a deletion leaves nothing. */
  readonly mark?: string;
  /** `append` and `tag`: everything else is as it was in the version before. */
  readonly how: 'put' | 'append' | 'tag' | 'delete';
  /** The version on which it was made to depend. */
  readonly matched?: number;
}

/** One request, or one entry of a batch: what it wrote was written together, what it saw was there at one moment. */
export interface Act {
  readonly what: string;
  /** Numbers of the moments at which it was asked and answered, of all requests in one order. */
  readonly from: number;
  readonly to: number;
  readonly wrote: readonly Wrote[];
  readonly saw: readonly VersionKey[];
  /** It looked for what has this mark: this resource, of which it saw the version that has it, or nothing. */
  readonly lookedFor?: { readonly mark: string; readonly id: string };
  /** Marks of what was refused: they must not be anywhere. */
  readonly refused: readonly string[];
}

/** A version as the history of the whole system tells of it. */
export interface Kept extends VersionKey {
  readonly isDeletion: boolean;
  /** What it was written with, oldest first: the mark of a put, then those that were appended. */
  readonly marks: readonly string[];
  readonly tags: readonly string[];
  /** Written by an import, which tells nobody of versions. */
  readonly isImported?: boolean;
  readonly lastUpdated: string;
  /** Names of which only one resource may be current at a time. */
  readonly names: readonly string[];
  /** Resources that must be there as long as this is written: `Type/id`. */
  readonly needs: readonly string[];
}

/** All versions in the order of the history, the oldest first. */
export type Feed = readonly Kept[];

export const nameOf = ({ id, version }: VersionKey): string => `${id} ${version}`;
