/**
 * A code system in the file of a loaded release: SNOMED CT, LOINC, ICD-10, ICPC-2. Nothing is unpacked before it is
 * asked for; hierarchies are walked over columns of numbers.
 *
 * Spec: https://hl7.org/fhir/R4/codesystem.html · https://hl7.org/fhir/R4/snomedct.html#4.3.1.0.5 (filters)
 */
import type { ConceptProperty } from '../terminology-service.ts';
import type { CodeSelection, CodeSystem, Concept, Wanted } from './code-system.ts';
import { FLAG, type NumberColumns, type ReleaseFile, type TextColumns } from './release-file.ts';

/** The property that holds the reference sets a concept of SNOMED CT is in. */
const REFERENCE_SET = 'refset';
/** What the concept itself is called as a property. */
const CONCEPT: readonly string[] = ['concept', 'code'];
/** Whether expressions belong to a value set of SNOMED CT: none are held, so that all concepts are meant either way. */
const EXPRESSIONS = 'expressions';

export class ReleaseCodeSystem implements CodeSystem {
  readonly url: string;
  readonly name: string;
  readonly version?: string;
  readonly language?: string;
  readonly complete = true;
  readonly isTaxonomy = true;
  readonly size: number;
  readonly #numbers: NumberColumns;
  readonly #texts: TextColumns;
  readonly #languages: readonly string[];
  readonly #properties: readonly string[];

  constructor({ head, numbers, texts }: ReleaseFile) {
    this.url = head.url;
    this.name = head.name;
    if (head.version !== undefined) this.version = head.version;
    if (head.language !== undefined) this.language = head.language;
    this.size = head.concepts;
    this.#numbers = numbers;
    this.#texts = texts;
    this.#languages = head.languages;
    this.#properties = head.properties;
  }

  get propertyNames(): readonly string[] {
    return this.#properties;
  }

  find(code: string): Concept | undefined {
    const number = this.#numberOf(code);
    return number < 0 ? undefined : this.#concept(number);
  }

  childrenOf(code: string): readonly string[] {
    return this.#related(this.#numberOf(code), this.#numbers.childStarts, this.#numbers.children);
  }

  *all(): Generator<Concept> {
    for (let number = 0; number < this.size; number++) yield this.#concept(number);
  }

  codes(): CodeSelection {
    return this.#selection(
      () => Uint32Array.from({ length: this.size }, (_one, number) => number),
      () => true,
    );
  }

  isBelow(code: string, ancestor: string): boolean {
    const [from, to] = [this.#numberOf(code), this.#numberOf(ancestor)];
    return from >= 0 && to >= 0 && from !== to && this.#reaches(from, to);
  }

  filter(property: string, operator: string, value: string): CodeSelection | undefined {
    switch (operator) {
      case 'is-a':
        return this.#below(value, true);
      case 'descendent-of':
        return this.#below(value, false);
      case 'is-not-a': {
        const below = this.#below(value, true);
        return this.#where((number) => !below.has(this.#codeAt(number)));
      }
      case 'generalizes':
        return this.#above(value);
      case '=':
        return property === EXPRESSIONS ? this.codes() : this.#with(property, [value]);
      case 'in':
        return this.#listedIn(property, value);
      case 'not-in': {
        const listed = this.#listedIn(property, value);
        return listed && this.#where((number) => !listed.has(this.#codeAt(number)));
      }
      default:
        return undefined;
    }
  }

  /** Those whose property is one of a list; a list of concepts is a reference set, where the code system has such. */
  #listedIn(property: string, list: string): CodeSelection | undefined {
    const isSet = CONCEPT.includes(property) && this.#properties.includes(REFERENCE_SET);
    return this.#with(
      isSet ? REFERENCE_SET : property,
      list.split(',').map((each) => each.trim()),
    );
  }

  /** Those with one of the values of a property; undefined when concepts have no such property. */
  #with(property: string, values: readonly string[]): CodeSelection | undefined {
    if (CONCEPT.includes(property)) return this.#codes(values);
    if (property === 'parent') return this.#codes(values.flatMap((value) => this.childrenOf(value)));
    if (property === 'child') return this.#codes(values.flatMap((value) => this.find(value)?.parents ?? []));
    return this.#properties.includes(property) ? this.#holding(property, new Set(values)) : undefined;
  }

  /** The number of a code, by halving; −1 when there is no such code. */
  #numberOf(code: string): number {
    const wanted = Buffer.from(code);
    const { codeStarts } = this.#numbers;
    let [low, high] = [0, this.size - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const order = this.#texts.codes.compare(wanted, 0, wanted.length, codeStarts[middle]!, codeStarts[middle + 1]!);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #codeAt(number: number): string {
    const { codeStarts } = this.#numbers;
    return this.#texts.codes.toString('latin1', codeStarts[number]!, codeStarts[number + 1]!);
  }

  #textAt(text: Buffer, starts: Uint32Array, number: number): string {
    return text.toString('utf8', starts[number]!, starts[number + 1]!);
  }

  #concept(number: number): Concept {
    const { numbers, texts } = { numbers: this.#numbers, texts: this.#texts };
    const display = this.#textAt(texts.displays, numbers.displayStarts, number);
    const definition = this.#textAt(texts.definitions, numbers.definitionStarts, number);
    const system = this;
    return {
      code: this.#codeAt(number),
      ...(display === '' ? {} : { display }),
      ...(definition === '' ? {} : { definition }),
      abstract: (numbers.flags[number]! & FLAG.abstract) !== 0,
      inactive: (numbers.flags[number]! & FLAG.inactive) !== 0,
      get designations() {
        return system.#designations(number);
      },
      get parents() {
        return system.#related(number, numbers.parentStarts, numbers.parents);
      },
      get properties() {
        return system.#propertiesOf(number);
      },
    };
  }

  #designations(number: number): Concept['designations'] {
    const { designationOf, designationLanguages, designationStarts } = this.#numbers;
    const found: { language: string; value: string }[] = [];
    for (let row = designationOf[number]!; row < designationOf[number + 1]!; row++) {
      const value = this.#textAt(this.#texts.designations, designationStarts, row);
      found.push({ language: this.#languages[designationLanguages[row]!] ?? '', value });
    }
    return found;
  }

  #propertiesOf(number: number): readonly ConceptProperty[] {
    const { propertyOf, propertyNames, propertyValues, valueStarts } = this.#numbers;
    const found: ConceptProperty[] = [];
    for (let row = propertyOf[number]!; row < propertyOf[number + 1]!; row++) {
      const value = this.#textAt(this.#texts.values, valueStarts, propertyValues[row]!);
      found.push({ code: this.#properties[propertyNames[row]!]!, type: 'String', value });
    }
    return found;
  }

  #related(number: number, starts: Uint32Array, related: Uint32Array): readonly string[] {
    if (number < 0) return [];
    return Array.from(related.subarray(starts[number]!, starts[number + 1]!), (other) => this.#codeAt(other));
  }

  /** True when `to` is among the ancestors of `from`. Upwards there are tens of concepts, downwards there may be all. */
  #reaches(from: number, to: number): boolean {
    const { parentStarts, parents } = this.#numbers;
    const seen = new Set<number>();
    const open = [from];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (let row = parentStarts[next]!; row < parentStarts[next + 1]!; row++) {
        const parent = parents[row]!;
        if (parent === to) return true;
        if (seen.has(parent)) continue;
        seen.add(parent);
        open.push(parent);
      }
    }
    return false;
  }

  /** What is below a concept, listed only when it is asked for. */
  #below(code: string, withItself: boolean): CodeSelection {
    const top = this.#numberOf(code);
    return this.#selection(
      () => (top < 0 ? new Uint32Array() : this.#descendants(top, withItself)),
      (number) => top >= 0 && (number === top ? withItself : this.#reaches(number, top)),
    );
  }

  #descendants(top: number, withItself: boolean): Uint32Array {
    const { childStarts, children } = this.#numbers;
    const isFound = new Uint8Array(this.size);
    const found = new Uint32Array(this.size);
    found[0] = top;
    isFound[top] = 1;
    let count = 1;
    for (let at = 0; at < count; at++) {
      const number = found[at]!;
      const end = childStarts[number + 1]!;
      for (let row = childStarts[number]!; row < end; row++) {
        const child = children[row]!;
        if (isFound[child] === 1) continue;
        isFound[child] = 1;
        found[count++] = child;
      }
    }
    return found.subarray(withItself ? 0 : 1, count);
  }

  #above(code: string): CodeSelection {
    const bottom = this.#numberOf(code);
    const found = new Set<number>(bottom < 0 ? [] : [bottom]);
    const { parentStarts, parents } = this.#numbers;
    for (const number of found) {
      for (let row = parentStarts[number]!; row < parentStarts[number + 1]!; row++) found.add(parents[row]!);
    }
    return this.#selection(
      () => Uint32Array.from(found),
      (number) => found.has(number),
    );
  }

  #codes(codes: readonly string[]): CodeSelection {
    const found = new Set(codes.map((code) => this.#numberOf(code)).filter((number) => number >= 0));
    return this.#selection(
      () => Uint32Array.from(found),
      (number) => found.has(number),
    );
  }

  /** The concepts with one of the values of a property. */
  #holding(property: string, values: ReadonlySet<string>): CodeSelection {
    const { propertyOf, propertyNames, propertyValues, valueStarts } = this.#numbers;
    const name = this.#properties.indexOf(property);
    const wanted = new Set<number>();
    for (let value = 0; value + 1 < valueStarts.length; value++) {
      if (values.has(this.#textAt(this.#texts.values, valueStarts, value))) wanted.add(value);
    }
    return this.#where((number) => {
      for (let row = propertyOf[number]!; row < propertyOf[number + 1]!; row++) {
        if (propertyNames[row] === name && wanted.has(propertyValues[row]!)) return true;
      }
      return false;
    });
  }

  #where(test: (number: number) => boolean): CodeSelection {
    const list = (): Uint32Array => {
      const found = new Uint32Array(this.size);
      let count = 0;
      for (let number = 0; number < this.size; number++) if (test(number)) found[count++] = number;
      return found.subarray(0, count);
    };
    return this.#selection(list, test);
  }

  #narrowed(listed: () => Uint32Array, test: (number: number) => boolean, wanted: Wanted): CodeSelection {
    const { flags } = this.#numbers;
    const { words } = wanted;
    const unwanted = (wanted.activeOnly ? FLAG.inactive : 0) | (wanted.selectableOnly ? FLAG.abstract : 0);
    const isWanted = (number: number): boolean => (flags[number]! & unwanted) === 0;
    if (words.length === 0) {
      return this.#selection(
        () => listed().filter(isWanted),
        (number) => test(number) && isWanted(number),
      );
    }
    const found = new Set<number>();
    for (const number of this.#matching(words)) if (isWanted(number) && test(number)) found.add(number);
    return this.#selection(
      () => Uint32Array.from(found),
      (number) => found.has(number),
    );
  }

  /** The concepts in which every word stands. The longest is looked for, being the rarest. */
  *#matching(words: readonly string[]): Generator<number> {
    const { search } = this.#texts;
    const { searchStarts } = this.#numbers;
    const [longest, ...others] = words.map((word) => Buffer.from(word)).sort((a, b) => b.length - a.length);
    if (longest === undefined) return;
    for (let at = search.indexOf(longest); at >= 0; ) {
      const number = this.#rowAt(searchStarts, at);
      const end = searchStarts[number + 1]!;
      const text = search.subarray(searchStarts[number]!, end);
      if (others.every((word) => text.includes(word))) yield number;
      at = search.indexOf(longest, end);
    }
  }

  /** The row in which a place of a text column is. */
  #rowAt(starts: Uint32Array, at: number): number {
    let [low, high] = [0, this.size - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #selection(list: () => Uint32Array, test: (number: number) => boolean): CodeSelection {
    let numbers: Uint32Array | undefined;
    const listed = (): Uint32Array => {
      numbers ??= list();
      return numbers;
    };
    const codeAt = (number: number): string => this.#codeAt(number);
    return {
      narrowed: (wanted) => this.#narrowed(listed, test, wanted),
      has: (code) => {
        const number = this.#numberOf(code);
        return number >= 0 && test(number);
      },
      get size() {
        return listed().length;
      },
      *slice(start, end) {
        for (const number of listed().subarray(start, end)) yield codeAt(number);
      },
      *[Symbol.iterator]() {
        for (const number of listed()) yield codeAt(number);
      },
    };
  }
}
