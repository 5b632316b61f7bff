/**
 * What a search means, after the query string has been read and before any store sees it.
 *
 * A store compiles these values into its own language and decides nothing about FHIR: prefixes, implied precision,
 * modifiers and normalisation are all settled here (in numbers, strings and milliseconds), so that two stores given
 * the same `SearchQuery` and the same index entries must give the same answer.
 *
 * Spec: https://hl7.org/fhir/R4/search.html
 */

/** A search over one or several types. All values are settled; nothing here is user input that still needs parsing. */
export interface SearchQuery {
  /** The types searched; empty means every type. */
  readonly types: readonly string[];
  readonly where: Clause;
  /** Sort keys in order. The store always adds the resource's key last, so that the order is total. */
  readonly sort: readonly SortKey[];
  /** The most matches to return; 0 gives none (and a total, if asked). */
  readonly limit: number;
  /** Where the page starts (exclusive), in the order of `sort`. */
  readonly after?: CursorPosition;
  /** Pages backwards: the matches just before this position, given back in the order of `sort`. */
  readonly before?: CursorPosition;
  /** `estimate` may be reckoned from a part of the matches where there are many. */
  readonly total: 'none' | 'estimate' | 'accurate';
  /** The base URL of Bundle entries: a store that can give the page as one text more cheaply does so as well. */
  readonly entriesBelow?: string;
  /** The page ends before the match that would make its texts larger than this together; a single one may be larger. Left out: no bound. */
  readonly bytesMax?: number;
  /** Asks for what matching resources contain, in place of these. */
  readonly inner?: InnerQuery;
}

/**
 * Asks for contained resources: those of `types` for which `where` holds. What is sorted by is theirs; they have no time of
 * change. Those of one container come in the order of their numbers (see index-entry.ts).
 */
export interface InnerQuery {
  /** At least one. */
  readonly types: readonly string[];
  readonly where: Clause;
  /** Resources of their own, of the same types, which match as well when this holds. */
  readonly beside?: Clause;
}

/**
 * A condition on a resource. `param` is the code of a search parameter of the resource's own type.
 *
 * A contained resource has neither an id of this server nor a time of change, so that no `id` or `lastUpdated` holds for
 * it; what is `referencedBy` a resource is, of those contained in it, what that resource points at.
 */
export type Clause =
  | { readonly op: 'all' }
  | { readonly op: 'none' }
  | { readonly op: 'and'; readonly clauses: readonly Clause[] }
  | { readonly op: 'or'; readonly clauses: readonly Clause[] }
  | { readonly op: 'not'; readonly clause: Clause }
  /** At least one index entry of the parameter passes the test. `once` tells that a resource of the types searched has one at most. */
  | { readonly op: 'match'; readonly param: string; readonly test: IndexTest; readonly once?: true }
  /** The resource has (`missing: false`) or has not (`missing: true`) any index entry for the parameter. */
  | { readonly op: 'missing'; readonly param: string; readonly missing: boolean }
  | { readonly op: 'id'; readonly ids: readonly string[] }
  | { readonly op: 'type'; readonly types: readonly string[] }
  /** Comparisons on the time of the last change (a single instant: low = high). */
  | { readonly op: 'lastUpdated'; readonly test: RangeTest }
  /**
   * Chaining: a reference of `param` leads to a current resource of one of `types` for which `where` holds; or to a
   * contained one for which `contained` does. That is left out where contained ones do not count. `canonical` tells that
   * the parameter looks at canonical URLs as well, which stores do not follow.
   */
  | {
      readonly op: 'chain';
      readonly param: string;
      readonly types: readonly string[];
      readonly where: Clause;
      readonly contained?: Clause;
      readonly canonical?: true;
    }
  /**
   * `_has`: a current resource of `type` points here by its `param`, and `where` holds for it. `canonical` is the type it
   * points at by canonical URLs as well, which stores do not follow.
   */
  | { readonly op: 'referencedBy'; readonly type: string; readonly param: string; readonly where: Clause; readonly canonical?: string }
  /** The resource contains one of `types` for which `where` holds. No contained resource does. */
  | { readonly op: 'contains'; readonly types: readonly string[]; readonly where: Clause };

/** A test on one index entry. Its kind is the kind of the entry. */
export type IndexTest =
  | TokenTest
  | StringTest
  | ReferenceTest
  | RangeTest
  | QuantityTest
  | UriTest
  /** All parts must hold within one and the same composite entry; the test at place n is for its component n. */
  | { readonly kind: 'composite'; readonly parts: readonly IndexTest[] };

/** `system: null` asks for an entry without a system (`|code`); `undefined` for any. `text` is a prefix of the display or text, normalised. */
export interface TokenTest {
  readonly kind: 'token';
  readonly system?: string | null;
  readonly code?: string;
  readonly text?: string;
  /** The entry's (system, code) is one of these: `:in`, `:above`, `:below` expanded by the terminology service. */
  readonly anyOf?: readonly { readonly system: string | null; readonly code: string }[];
}

/** `exact` compares the value as written, the others the normalised value (see index-entry.ts), `whole` all of it. */
export interface StringTest {
  readonly kind: 'string';
  readonly mode: 'startsWith' | 'endsWith' | 'contains' | 'whole' | 'exact';
  readonly value: string;
}

/** Either a resource of this server or the URL as it was written. */
export interface ReferenceTest {
  readonly kind: 'reference';
  /** Left out: one of `types`, or of any type. Stores find an id by index only where they are told the types. */
  readonly type?: string;
  readonly types?: readonly string[];
  readonly id?: string;
  readonly url?: string;
  /** Any version of this canonical URL: `url|1.0`, not `url` alone. No index leads to it. */
  readonly versionOf?: string;
}

export type Comparison = { readonly bound: 'low' | 'high'; readonly is: '<' | '<=' | '>' | '>='; readonly value: number };

/**
 * A prefix comparison on a range, for dates (ms) and numbers. An entry passes when all comparisons of any one of the
 * alternatives hold for its `low` and `high`. Both bounds are inclusive; an open bound is ±Infinity (stores keep it as
 * the largest finite double).
 */
export interface RangeTest {
  readonly kind: 'range';
  readonly anyOf: readonly (readonly Comparison[])[];
}

export interface QuantityTest {
  readonly kind: 'quantity';
  readonly range: RangeTest;
  /** As for tokens: `null` asks for no system. */
  readonly system?: string | null;
  readonly code?: string;
}

export interface UriTest {
  readonly kind: 'uri';
  /** `below`: the entry starts with the value (at a path border); `above`: the value starts with the entry. */
  readonly mode: 'exact' | 'below' | 'above';
  readonly value: string;
}

/** A sort key: texts in Norwegian order (see fhir/norwegian-order.ts). A resource with several entries sorts by its smallest (ascending) or largest (descending); those without come last. */
export type SortKey =
  | { readonly by: 'param'; readonly param: string; readonly kind: SortableKind; readonly descending: boolean }
  | { readonly by: 'lastUpdated'; readonly descending: boolean }
  | { readonly by: 'id'; readonly descending: boolean };

/** `range` covers dates and numbers: `low` ascending, `high` descending. */
export type SortableKind = 'string' | 'token' | 'reference' | 'range' | 'quantity' | 'uri';

/** A place between two matches: the sort values of the last match seen, then its key. */
export interface CursorPosition {
  readonly values: readonly (string | number | null)[];
  readonly type: string;
  readonly id: string;
  /** The number of the contained resource that was matched; left out for a resource of its own. */
  readonly inner?: number;
}
