/**
 * A code system made from a CodeSystem resource.
 *
 * Spec: https://hl7.org/fhir/R4/codesystem.html · https://hl7.org/fhir/R4/valueset-filter-operator.html
 */
import type { ConceptProperty } from '../terminology-service.ts';
import { type CodeSelection, type CodeSystem, type Concept, ListedCodes } from './code-system.ts';
import { designationOf } from './displays.ts';
import { isJson, type Json, objects, text, textOf } from './json-values.ts';

/** Properties that are known by these names whatever a code system calls them: http://hl7.org/fhir/R4/codesystem-concept-properties.html */
const STANDARD_PROPERTIES = 'http://hl7.org/fhir/concept-properties#';

/** True when the hierarchy of a CodeSystem tells what is a kind of what; that is what is meant where it does not say. */
export function tellsOfKinds({ hierarchyMeaning = 'is-a' }: Json): boolean {
  return hierarchyMeaning === 'is-a';
}

export class ResourceCodeSystem implements CodeSystem {
  readonly url: string;
  readonly name: string;
  readonly version?: string;
  readonly language?: string;
  readonly complete: boolean;
  readonly isClosed: boolean;
  readonly ignoresCase: boolean;
  readonly isTaxonomy: boolean;
  readonly #concepts = new Map<string, Concept>();
  /** By the key of the code above. */
  readonly #children = new Map<string, string[]>();
  /** The standard name of a property, by its own; those that have one. */
  readonly #standardNames: ReadonlyMap<string, string>;
  readonly #propertyNames: Set<string>;

  constructor(resource: Json) {
    this.url = textOf(resource.url);
    this.name = textOf(resource.name ?? resource.title ?? this.url);
    if (typeof resource.version === 'string') this.version = resource.version;
    if (typeof resource.language === 'string') this.language = resource.language;
    this.complete = resource.content === 'complete' || resource.content === undefined;
    this.isTaxonomy = tellsOfKinds(resource);
    this.isClosed = this.complete;
    this.ignoresCase = resource.caseSensitive === false;
    const declared = objects(resource.property);
    this.#propertyNames = new Set(declared.map(({ code }) => textOf(code)));
    const standard = declared.filter(({ uri }) => text(uri)?.startsWith(STANDARD_PROPERTIES));
    this.#standardNames = new Map(standard.map(({ code, uri }) => [textOf(code), textOf(uri).slice(STANDARD_PROPERTIES.length)]));
    this.#read(objects(resource.concept), undefined);
    for (const concept of this.#concepts.values()) {
      for (const parent of concept.parents) this.#addChildren(parent, [concept.code]);
    }
  }

  get propertyNames(): readonly string[] {
    return [...this.#propertyNames];
  }

  #read(concepts: readonly Json[], parent: string | undefined): void {
    for (const one of concepts) {
      const code = textOf(one.code);
      const stated = objects(one.property).map((property) => this.#property(property));
      const standard = (name: string) => stated.filter((each) => (this.#standardNames.get(each.code) ?? each.code) === name);
      const has = (name: string, ...values: readonly string[]) => standard(name).some((each) => values.includes(propertyText(each)));
      const known = this.#concepts.get(code);
      const above = [...standard('parent'), ...standard('subsumedBy')].map(propertyText);
      const display = text(one.display) ?? known?.display;
      const definition = text(one.definition);
      const ofPlace = new Set([...standard('parent'), ...standard('subsumedBy'), ...standard('child')]);
      this.#concepts.set(this.#key(code), {
        code,
        ...(display === undefined ? {} : { display }),
        ...(definition === undefined ? {} : { definition }),
        designations: objects(one.designation).map(designationOf),
        abstract: has('notSelectable', 'true') || has('abstract', 'true'),
        inactive: has('status', 'retired', 'inactive') || has('inactive', 'true'),
        parents: [...new Set([...(parent === undefined ? [] : [parent]), ...above, ...(known?.parents ?? [])])],
        properties: stated.filter((each) => !ofPlace.has(each)),
      });
      this.#read(objects(one.concept), code);
      const below = standard('child').map(propertyText);
      if (below.length > 0) this.#addChildren(code, below);
    }
  }

  #addChildren(parent: string, codes: readonly string[]): void {
    const key = this.#key(parent);
    this.#children.set(key, [...(this.#children.get(key) ?? []), ...codes]);
  }

  #property(property: Json): ConceptProperty {
    const code = textOf(property.code);
    this.#propertyNames.add(code);
    const [type, value] = Object.entries(property).find(([key]) => key.startsWith('value')) ?? ['valueString', ''];
    return { code, type: type.slice('value'.length), value };
  }

  #key(code: string): string {
    return this.ignoresCase ? code.toLowerCase() : code;
  }

  /** A code as the code system writes it. */
  #written(code: string): string {
    return this.ignoresCase ? (this.find(code)?.code ?? code) : code;
  }

  find(code: string): Concept | undefined {
    return this.#concepts.get(this.#key(code));
  }

  childrenOf(code: string): readonly string[] {
    return [...new Set((this.#children.get(this.#key(code)) ?? []).map((child) => this.#written(child)))];
  }

  all(): Iterable<Concept> {
    return this.#concepts.values();
  }

  isBelow(code: string, ancestor: string): boolean {
    const wanted = this.#written(code);
    const seen = new Set<string>();
    const open = [...this.childrenOf(ancestor)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === wanted) return true;
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

  #filtered(property: string, operator: string, given: string): Iterable<string> | undefined {
    const written = (one: string): string => (OF_CODES.includes(property) ? this.#written(one) : one);
    const value = written(given);
    const codes = (test: (concept: Concept) => boolean): string[] =>
      [...this.#concepts.values()].filter(test).map((concept) => concept.code);
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
    }
    if (!OF_EVERY_SYSTEM.includes(property) && !this.#propertyNames.has(property)) return undefined;
    const held = (concept: Concept): readonly string[] => this.#valuesOf(concept, property);
    const listed = given.split(',').map((each) => written(each.trim()));
    switch (operator) {
      case '=':
        return codes((concept) => held(concept).includes(value));
      case 'in':
        return codes((concept) => held(concept).some((each) => listed.includes(each)));
      case 'not-in':
        return codes((concept) => !held(concept).some((each) => listed.includes(each)));
      case 'exists':
        return codes((concept) => held(concept).length > 0 === (value === 'true'));
      case 'regex': {
        const pattern = new RegExp(`^(?:${given})$`);
        return codes((concept) => held(concept).some((each) => pattern.test(each)));
      }
      default:
        return undefined;
    }
  }

  #valuesOf(concept: Concept, property: string): readonly string[] {
    switch (property) {
      case 'code':
      case 'concept':
        return [concept.code];
      case 'display':
      case 'definition':
        return concept[property] === undefined ? [] : [concept[property]];
      case 'parent':
        return concept.parents;
      case 'child':
        return this.childrenOf(concept.code);
      default:
        return concept.properties.filter(({ code }) => code === property).map(propertyText);
    }
  }

  /** What is below a code, in the order of the code system: each before what is below it. */
  #descendants(code: string): Set<string> {
    const found = new Set<string>();
    const open = [...this.childrenOf(code)].reverse();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...[...this.childrenOf(next)].reverse());
    }
    return found;
  }
}

/** Properties by which every code system can be filtered. */
const OF_EVERY_SYSTEM: readonly string[] = ['code', 'concept', 'display', 'definition', 'parent', 'child'];

/** Of these the values are codes of the system itself. */
const OF_CODES: readonly string[] = ['code', 'concept', 'parent', 'child'];

/** The value of a property as text: of a Coding its code. */
function propertyText({ value }: ConceptProperty): string {
  return isJson(value) && value.code !== undefined ? textOf(value.code) : textOf(value);
}
