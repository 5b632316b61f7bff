/**
 * A release of a code system as the readers of this folder give it, before it is put into the form the service reads.
 */

/** One concept. Texts are as the release has them. */
export interface ReleaseConcept {
  readonly code: string;
  readonly display?: string;
  readonly definition?: string;
  readonly inactive?: boolean;
  /** Not to be chosen: a heading. */
  readonly abstract?: boolean;
  /** Codes of the same release; those it does not have are left out. */
  readonly parents?: readonly string[];
  /** Preferred ones first. */
  readonly designations?: readonly { readonly language: string; readonly value: string }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

export interface Release {
  readonly url: string;
  readonly name: string;
  readonly version?: string;
  /** Language of the displays. */
  readonly language?: string;
  readonly concepts: Iterable<ReleaseConcept>;
}

/** Thrown when the files given are not a release of the system asked for; the message begins with the path. */
export class ReleaseError extends Error {}
