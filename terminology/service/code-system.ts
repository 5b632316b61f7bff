/**
 * What a code system held here can be asked: a code, its place in the hierarchy, and the codes a filter selects.
 *
 * Spec: https://hl7.org/fhir/R4/codesystem.html · https://hl7.org/fhir/R4/valueset-filter-operator.html
 */
import type { ConceptProperty, Designation } from '../terminology-service.ts';

export interface Concept {
  readonly code: string;
  readonly display?: string;
  readonly definition?: string;
  readonly designations: readonly Designation[];
  readonly abstract: boolean;
  readonly inactive: boolean;
  readonly parents: readonly string[];
  /** What else is said of it, but for its place; a property may be there several times. */
  readonly properties: readonly ConceptProperty[];
}

/** The codes a filter selects. Asking for one does not list the others. */
export interface CodeSelection extends Iterable<string> {
  has(code: string): boolean;
  readonly size: number;
  slice(start: number, end?: number): Iterable<string>;
  /** Those that are wanted, where they can be found without looking at each concept; left out where they cannot. */
  narrowed?(wanted: Wanted): CodeSelection;
}

export interface Wanted {
  /** In lower case; each must stand in the code or a term. */
  readonly words: readonly string[];
  readonly activeOnly: boolean;
  /** Without codes that only group others. */
  readonly selectableOnly: boolean;
}

export interface CodeSystem {
  readonly url: string;
  readonly name: string;
  readonly version?: string;
  /** The language of the displays, where it is told. */
  readonly language?: string;
  /** False when only part of the codes is held: an unknown code may still be right. */
  readonly complete: boolean;
  /** True when no code can be right but those held: what a value set lists beside them is a mistake. */
  readonly isClosed?: boolean;
  /** True when a code may be written in any case. */
  readonly ignoresCase?: boolean;
  /** True when the displays here are not the system's own: another is not wrong. */
  readonly namedElsewhere?: boolean;
  /** The names of the properties that concepts may have, beside those that every code system has. */
  readonly propertyNames: readonly string[];
  /** False when the place of a code in the hierarchy says something else than what it is a kind of. */
  readonly isTaxonomy: boolean;
  find(code: string): Concept | undefined;
  childrenOf(code: string): readonly string[];
  /** The codes a filter selects; undefined when the filter is not understood or the codes cannot be listed. */
  filter(property: string, operator: string, value: string): CodeSelection | undefined;
  /** All codes; undefined when they cannot be listed (a grammar such as UCUM). */
  all(): Iterable<Concept> | undefined;
  /** True when `code` is below `ancestor` at any depth. */
  isBelow(code: string, ancestor: string): boolean;
  /** All codes, where there are so many that they are not to be listed for a page of them. */
  codes?(): CodeSelection;
}

/** Codes that are listed. */
export class ListedCodes implements CodeSelection {
  readonly #codes: ReadonlySet<string>;
  constructor(codes: Iterable<string>) {
    this.#codes = new Set(codes);
  }
  has(code: string): boolean {
    return this.#codes.has(code);
  }
  get size(): number {
    return this.#codes.size;
  }
  slice(start: number, end?: number): Iterable<string> {
    return [...this.#codes].slice(start, end);
  }
  [Symbol.iterator](): Iterator<string> {
    return this.#codes.values();
  }
}
