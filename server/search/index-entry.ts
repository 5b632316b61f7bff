/**
 * What a resource can be found by: neutral entries made once when it is written and kept beside it by every store.
 *
 * Derived codes: a parameter has further entries under `code:of-type` (token; `typeSystem|typeCode` as system, value as
 * code), `code:identifier` (token; the logical identifier of a reference), `code:later` (string; stretches of a long text)
 * and `code:ucum` (quantity, also as part of a composite; in canonical UCUM units, apart from those as written), so that
 * what these ask for is a plain match.
 *
 * A reference that leads to no resource of its own (contained, or by identifier or display only) has a url that starts
 * with `#`: it tells `:missing` that the element is there, and no search can ask for it. One that leads to a contained
 * resource names that by its number as well: chains go on from there, in the entries of `kind: 'contained'`.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#ptypes · https://hl7.org/fhir/R4/search.html#contained
 */

export type IndexEntry =
  | TokenEntry
  | StringEntry
  | ReferenceEntry
  | RangeEntry
  | QuantityEntry
  | UriEntry
  | { readonly kind: 'composite'; readonly param: string; readonly parts: readonly CompositePart[] }
  | ContainedEntry;

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

interface StringEntry {
  readonly kind: 'string';
  readonly param: string;
  /** As written, at most 1,024 characters. */
  readonly value: string;
  /** Lower case, without accents and repeated white space. */
  readonly normalized: string;
  /** What it is sorted by, compared by code point; left out where that is the normalised form (see fhir/norwegian-order.ts). */
  readonly order?: string;
}

export interface ReferenceEntry {
  readonly kind: 'reference';
  readonly param: string;
  /** Set (both) when it points at a resource by Type/id on this server. */
  readonly type: string | null;
  readonly id: string | null;
  /** Set (and the others not) when it is an absolute URL, a canonical (an entry without its version, and one with it) or a urn. */
  readonly url: string | null;
  /** The contained resource that the url, `#id`, leads to. */
  readonly inside?: { readonly number: number; readonly type: string };
}

/** Contained resources that one resource is found by; those that follow are left out. */
export const CONTAINED_MAX = 1_000;
/** Stands where other entries have their parameter: no search can ask for it. */
export const CONTAINED = '#';

/** The parameter of a contained resource's id within its container, a token without a system. */
export const LOCAL_ID = '_id';

/** What a contained resource can be found by, for chains that lead to it and where `_contained` asks for it: it is no result of other searches. */
export interface ContainedEntry {
  readonly kind: 'contained';
  readonly param: typeof CONTAINED;
  /** From 1 to CONTAINED_MAX, different for each that the resource contains. */
  readonly number: number;
  readonly type: string;
  /** Under the parameters of its own type. None of them is a contained one: what is contained contains nothing itself. */
  readonly entries: readonly IndexEntry[];
}

/** Dates in ms since 1970 UTC, numbers as they are; inclusive; ±Infinity where a period is open. */
interface RangeEntry {
  readonly kind: 'range';
  readonly param: string;
  readonly low: number;
  readonly high: number;
}

/** As written (with the code of the unit, or its text when it has no code), or under `code:ucum` in the canonical unit that system and code name. */
interface QuantityEntry {
  readonly kind: 'quantity';
  readonly param: string;
  readonly low: number;
  readonly high: number;
  readonly system: string | null;
  readonly code: string | null;
}

interface UriEntry {
  readonly kind: 'uri';
  readonly param: string;
  readonly value: string;
}
