/**
 * A code system held here: finding a code, its place in the hierarchy, and the codes a filter selects.
 *
 * Spec: https://hl7.org/fhir/R4/codesystem.html · https://hl7.org/fhir/R4/valueset-filter-operator.html
 */
import { textOf } from './text-of.ts';

export interface Concept {
  readonly code: string;
  readonly display?: string;
  readonly definition?: string;
  readonly designations: readonly { readonly language: string; readonly value: string }[];
  readonly abstract: boolean;
  readonly inactive: boolean;
  readonly parents: readonly string[];
  readonly properties: ReadonlyMap<string, string>;
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
}

export interface CodeSystem {
  readonly url: string;
  readonly name: string;
  readonly version?: string;
  /** The language of the displays, where it is told. */
  readonly language?: string;
  /** False when only part of the codes is held: an unknown code may still be right. */
  readonly complete: boolean;
  /** True when the displays here are not the system's own: another is not wrong. */
  readonly namedElsewhere?: boolean;
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

type Json = Readonly<Record<string, unknown>>;

const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

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

/** A code system made from a CodeSystem resource. */
export class ResourceCodeSystem implements CodeSystem {
  readonly url: string;
  readonly name: string;
  readonly version?: string;
  readonly language?: string;
  readonly complete: boolean;
  readonly #concepts = new Map<string, Concept>();
  readonly #children = new Map<string, string[]>();
  readonly #caseSensitive: boolean;

  constructor(resource: Json) {
    this.url = textOf(resource.url);
    this.name = textOf(resource.name ?? resource.title ?? this.url);
    if (typeof resource.version === 'string') this.version = resource.version;
    if (typeof resource.language === 'string') this.language = resource.language;
    this.complete = resource.content === 'complete' || resource.content === undefined;
    this.#caseSensitive = resource.caseSensitive !== false;
    this.#read(objects(resource.concept), undefined);
    for (const concept of this.#concepts.values()) {
      for (const parent of concept.parents) this.#children.set(parent, [...(this.#children.get(parent) ?? []), concept.code]);
    }
  }

  #read(concepts: readonly Json[], parent: string | undefined): void {
    for (const one of concepts) {
      const code = textOf(one.code);
      const properties = new Map<string, string>();
      const parents = new Set<string>(parent === undefined ? [] : [parent]);
      for (const property of objects(one.property)) {
        const name = textOf(property.code);
        const value = Object.entries(property).find(([key]) => key.startsWith('value'))?.[1];
        if (name === 'parent' || name === 'subsumedBy') parents.add(textOf(value));
        else properties.set(name, typeof value === 'object' && value !== null ? textOf((value as Json).code) : textOf(value));
      }
      const known = this.#concepts.get(code);
      for (const other of known?.parents ?? []) parents.add(other);
      const display = text(one.display) ?? known?.display;
      const definition = text(one.definition);
      this.#concepts.set(this.#key(code), {
        code,
        ...(display === undefined ? {} : { display }),
        ...(definition === undefined ? {} : { definition }),
        designations: objects(one.designation).map((item) => ({ language: textOf(item.language ?? ''), value: textOf(item.value) })),
        abstract: properties.get('notSelectable') === 'true' || properties.get('abstract') === 'true',
        inactive: ['retired', 'inactive'].includes(properties.get('status') ?? '') || properties.get('inactive') === 'true',
        parents: [...parents],
        properties,
      });
      this.#read(objects(one.concept), code);
      for (const child of objects(one.property)) {
        if (child.code === 'child') this.#children.set(code, [...(this.#children.get(code) ?? []), textOf(child.valueCode)]);
      }
    }
  }

  #key(code: string): string {
    return this.#caseSensitive ? code : code.toLowerCase();
  }

  find(code: string): Concept | undefined {
    return this.#concepts.get(this.#key(code));
  }

  childrenOf(code: string): readonly string[] {
    return [...new Set(this.#children.get(code) ?? [])];
  }

  all(): Iterable<Concept> {
    return this.#concepts.values();
  }

  isBelow(code: string, ancestor: string): boolean {
    const seen = new Set<string>();
    const open = [...this.childrenOf(ancestor)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === code) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...this.childrenOf(next));
    }
    return false;
  }

  filter(property: string, operator: string, value: string): CodeSelection | undefined {
    const found = this.#filtered(property, operator, value);
    return found === undefined ? undefined : new ListedCodes(found);
  }

  #filtered(property: string, operator: string, value: string): Iterable<string> | undefined {
    const concepts = [...this.#concepts.values()];
    const codes = (test: (concept: Concept) => boolean): string[] => concepts.filter(test).map((concept) => concept.code);
    const held = (concept: Concept): string | undefined => {
      if (property === 'code' || property === 'concept') return concept.code;
      return property === 'display' ? concept.display : concept.properties.get(property);
    };
    const below = (): Set<string> => this.#descendants(value);
    switch (operator) {
      case 'is-a':
        return this.find(value) === undefined ? [] : [this.find(value)!.code, ...below()];
      case 'descendent-of':
        return below();
      case 'is-not-a': {
        const found = below().add(value);
        return codes((concept) => !found.has(concept.code));
      }
      case 'generalizes':
        return codes((concept) => concept.code === value || this.isBelow(value, concept.code));
      case '=':
        if (property === 'parent') return codes((concept) => concept.parents.includes(value));
        return codes((concept) => held(concept) === value);
      case 'in':
        return codes((concept) => value.split(',').includes(held(concept) ?? ''));
      case 'not-in':
        return codes((concept) => !value.split(',').includes(held(concept) ?? ''));
      case 'exists':
        return codes((concept) => concept.properties.has(property) === (value === 'true'));
      case 'regex':
        return codes((concept) => new RegExp(`^(?:${value})$`).test(held(concept) ?? ''));
      default:
        return undefined;
    }
  }

  #descendants(code: string): Set<string> {
    const found = new Set<string>();
    const open = [...this.childrenOf(code)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...this.childrenOf(next));
    }
    return found;
  }
}
