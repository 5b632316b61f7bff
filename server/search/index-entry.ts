/**
 * What a resource can be found by: neutral entries made once when it is written and kept beside it by every store.
 *
 * Derived codes: a parameter has further entries under `code:of-type` (token; `typeSystem|typeCode` as system, value as
 * code) and `code:identifier` (token; the logical identifier of a reference), so that those modifiers are plain matches.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#ptypes
 */

export type IndexEntry =
  | TokenEntry
  | StringEntry
  | ReferenceEntry
  | RangeEntry
  | QuantityEntry
  | UriEntry
  | { readonly kind: 'composite'; readonly param: string; readonly parts: readonly CompositePart[] };

/** A composite's parts are entries without a parameter of their own, one a component, in the order of the definition. */
export type CompositePart =
  | Omit<TokenEntry, 'param'>
  | Omit<StringEntry, 'param'>
  | Omit<ReferenceEntry, 'param'>
  | Omit<RangeEntry, 'param'>
  | Omit<QuantityEntry, 'param'>
  | Omit<UriEntry, 'param'>;

export interface TokenEntry {
  readonly kind: 'token';
  readonly param: string;
  readonly system: string | null;
  readonly code: string | null;
  /** Display or text, normalised, for `:text`. */
  readonly text?: string;
}

export interface StringEntry {
  readonly kind: 'string';
  readonly param: string;
  /** As written, at most 1,024 characters. */
  readonly value: string;
  /** Lower case, without accents and repeated white space. */
  readonly normalized: string;
}

export interface ReferenceEntry {
  readonly kind: 'reference';
  readonly param: string;
  /** Set when it points at a resource by Type/id on this server. */
  readonly type: string | null;
  readonly id: string | null;
  /** Set when it is an absolute URL, a canonical (without version) or a urn. */
  readonly url: string | null;
}

/** Dates in ms since 1970 UTC, numbers as they are; inclusive; ±Infinity where a period is open. */
export interface RangeEntry {
  readonly kind: 'range';
  readonly param: string;
  readonly low: number;
  readonly high: number;
}

/** In canonical UCUM units where the unit is known (system and code then name the canonical unit), and as written besides. */
export interface QuantityEntry {
  readonly kind: 'quantity';
  readonly param: string;
  readonly low: number;
  readonly high: number;
  readonly system: string | null;
  readonly code: string | null;
}

export interface UriEntry {
  readonly kind: 'uri';
  readonly param: string;
  readonly value: string;
}
