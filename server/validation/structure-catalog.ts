/**
 * All StructureDefinitions the validator knows, by canonical URL: R4 core from the compiled file, the project's own and
 * any that are added. Snapshots of differential-only ones are made when they are first asked for.
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { textOf } from '../fhir/json.ts';
import { nearest } from '../fhir/nearest.ts';
import { isObject } from '../fhir/resource.ts';
import { generateSnapshot } from './snapshot.ts';
import { type Constraint, compactHead, compactStructure, type Element, type Structure } from './structure.ts';

const CORE_FILE = new URL('../definitions/generated/validation-structures.json.br', import.meta.url);
const OWN_FOLDER = new URL('../../profiles/generated/', import.meta.url);
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const LINE_END = 10;
/** Where the head of a line ends. */
const ELEMENTS = ',"elements":[';

type PackedElement = Partial<Omit<Element, 'constraints'>> & { path: string; constraints?: readonly number[] };
type PackedStructure = Omit<Structure, 'elements'> & { elements: readonly PackedElement[] };
/** The first line of the file; the structures follow in the order of their URLs, a line each. */
interface PackedHead {
  readonly constraints: readonly Constraint[];
  readonly urls: readonly string[];
}

/** What is said of a structure before its elements. */
type Head = Pick<Structure, 'kind' | 'derivation'>;

/** A structure that nobody has asked for. */
interface Waiting {
  head(): Head;
  make(): Structure | undefined;
}

export class StructureCatalog {
  readonly #ready = new Map<string, Structure>();
  readonly #types = new Map<string, Structure>();
  readonly #waiting = new Map<string, Waiting>();

  /** Adds a StructureDefinition resource; one with the same URL is replaced. */
  add(definition: Record<string, unknown>): void {
    const url = textOf(definition.url);
    this.#ready.delete(url);
    this.#types.clear();
    this.#waiting.set(url, {
      head: () => compactHead(definition),
      make: () => compactStructure(definition) ?? this.#fromDifferential(definition),
    });
  }

  /** The structure with this canonical (`url` or `url|version`); undefined when it is not known, or its snapshot cannot be made. */
  get(canonical: string): Structure | undefined {
    const bar = canonical.indexOf('|');
    const url = bar < 0 ? canonical : canonical.slice(0, bar);
    const ready = this.#ready.get(url);
    if (ready !== undefined) return ready;
    const waiting = this.#waiting.get(url);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(url);
    const made = waiting.make();
    if (made !== undefined) this.#ready.set(url, made);
    return made;
  }

  /** The core structure of a type: `Patient`, `HumanName`. */
  type(name: string): Structure | undefined {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const found = this.get(CORE + name);
    if (found !== undefined) this.#types.set(name, found);
    return found;
  }

  /** What is said of the core structure of a type before its elements, which are not made for it; undefined when there is none. */
  head(name: string): Head | undefined {
    const url = CORE + name;
    return this.#ready.get(url) ?? this.#waiting.get(url)?.head();
  }

  /** True when a structure has this URL, without making its snapshot. */
  has(canonical: string): boolean {
    const url = canonical.split('|', 1)[0]!;
    return this.#ready.has(url) || this.#waiting.has(url);
  }

  /** What to say behind a URL that is not known: in brackets, the last part of the one that was probably meant; empty when none with the same base is near. */
  near(canonical: string): string {
    const url = canonical.split('|', 1)[0]!;
    const base = url.slice(0, url.lastIndexOf('/') + 1);
    const meant = nearest(url.slice(base.length), this.#namesBelow(base));
    return meant === undefined ? '' : ` (${meant}?)`;
  }

  *#namesBelow(base: string): Generator<string> {
    for (const urls of [this.#ready, this.#waiting]) for (const url of urls.keys()) if (url.startsWith(base)) yield url.slice(base.length);
  }

  /** Adds the structures of a compact file, each kept as text until it is asked for: few of them ever are. */
  addPacked(file: Buffer): void {
    const end = file.indexOf(LINE_END);
    const { constraints, urls } = JSON.parse(file.toString('utf8', 0, end)) as PackedHead;
    let from = end + 1;
    for (const url of urls) {
      const found = file.indexOf(LINE_END, from);
      const line = file.subarray(from, found < 0 ? file.length : found);
      from += line.length + 1;
      this.#waiting.set(url, new PackedLine(line, constraints));
    }
  }

  #fromDifferential(definition: Record<string, unknown>): Structure | undefined {
    const base = typeof definition.baseDefinition === 'string' ? this.get(definition.baseDefinition) : undefined;
    const differential = isObject(definition.differential) ? definition.differential.element : undefined;
    if (base === undefined) return undefined;
    const { elements } = generateSnapshot(base, Array.isArray(differential) ? differential.filter(isObject) : [], this);
    return { ...compactHead(definition), elements };
  }
}

/** A structure as a line of the compact file, in UTF-8. */
class PackedLine implements Waiting {
  readonly #line: Buffer;
  readonly #constraints: readonly Constraint[];

  constructor(line: Buffer, constraints: readonly Constraint[]) {
    this.#line = line;
    this.#constraints = constraints;
  }

  head(): Head {
    const end = this.#line.indexOf(ELEMENTS);
    return JSON.parse(`${this.#line.toString('utf8', 0, end)}}`) as Head;
  }

  make(): Structure {
    const packed = JSON.parse(this.#line.toString('utf8')) as PackedStructure;
    return { ...packed, elements: packed.elements.map((element) => unpack(element, this.#constraints)) };
  }
}

function unpack(element: PackedElement, table: readonly Constraint[]): Element {
  return {
    ...element,
    id: element.id ?? element.path,
    min: element.min ?? 0,
    max: element.max === undefined ? 1 : element.max < 0 ? Number.POSITIVE_INFINITY : element.max,
    types: element.types ?? [],
    constraints: (element.constraints ?? []).map((index) => table[index]!),
    modifier: element.modifier ?? false,
    repeats: element.repeats ?? false,
  };
}

/** The project's own resources of a type, from its generated profiles; empty while the folder does not exist. */
export function ownResources(type: string): Record<string, unknown>[] {
  if (!existsSync(OWN_FOLDER)) return [];
  return readdirSync(OWN_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.startsWith(`${type}-`) && name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, OWN_FOLDER), 'utf8')) as Record<string, unknown>);
}

/** A catalogue holding R4 core and the project's own profiles. About 40 ms; reads two megabytes, not sixty. */
export function loadStructures(): StructureCatalog {
  const catalog = new StructureCatalog();
  catalog.addPacked(brotliDecompressSync(readFileSync(CORE_FILE)));
  for (const definition of ownResources('StructureDefinition')) catalog.add(definition);
  return catalog;
}
