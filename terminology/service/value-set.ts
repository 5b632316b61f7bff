/**
 * Value sets turned into parts that answer whether a code is in them, and list their codes where they can.
 *
 * Spec: https://hl7.org/fhir/R4/valueset.html#compositions
 */

import type { ExpansionEntry, Membership } from '../terminology-service.ts';
import { type CodeSelection, type CodeSystem, ListedCodes, type Wanted } from './code-system.ts';
import { designationOf } from './displays.ts';
import { isJson, type Json, objects, text, textOf, texts } from './json-values.ts';

/** Where value sets and code systems are found. */
export interface ContentSource {
  codeSystem(canonical: string): CodeSystem | undefined;
  valueSet(canonical: string): ResolvedValueSet | undefined;
}

/** One include or exclude. */
interface Part {
  /** Undefined when it only refers to other value sets. */
  readonly system: string | undefined;
  /** The code system, in the version that is asked for, where codes of it are selected. */
  readonly codeSystem?: CodeSystem | undefined;
  has(system: string | undefined, code: string): Membership;
  /** Undefined when its codes cannot be listed, or not all of them with certainty. */
  entries(): readonly ExpansionEntry[] | undefined;
  /** The codes, where they can be counted and taken from the middle without listing all. */
  selection?(): CodeSelection | undefined;
  /** The system of a code that is in it. */
  systemOf(code: string): string | undefined;
  /** Filters that are not understood. */
  unknownFilters?(): readonly string[];
  /** How many codes are gone through to list it, where there may be many. */
  size?(): number;
}

function entryOf(system: string, code: string, display: string | undefined, codeSystem: CodeSystem | undefined): ExpansionEntry {
  const concept = codeSystem?.find(code);
  const shown = display ?? concept?.display;
  return {
    system,
    code,
    ...(shown === undefined ? {} : { display: shown }),
    ...(concept?.inactive ? { inactive: true } : {}),
    ...(concept?.abstract ? { abstract: true } : {}),
  };
}

export class ResolvedValueSet {
  readonly url: string;
  readonly name: string;
  /** Canonicals of code systems and value sets that are needed and not held. */
  readonly unknown: readonly string[];
  /** Canonicals of the code systems it is made of, by way of other value sets as well. */
  readonly systems: ReadonlySet<string>;
  /** True when it takes what a code system has that is held in part only: codes that are not known here may be in it. */
  readonly isOpen: boolean;
  readonly #includes: readonly Part[];
  readonly #excludes: readonly Part[];
  readonly #source: ContentSource;
  readonly #activeOnly: boolean;

  constructor(resource: Json, source: ContentSource) {
    this.#source = source;
    const compose = composeOf(resource);
    const needs: Needs = { unknown: [], systems: new Set(), isOpen: false };
    this.url = textOf(resource.url ?? '');
    this.name = textOf(resource.title ?? resource.name ?? this.url);
    this.#activeOnly = compose.inactive === false;
    this.#includes = objects(compose.include).map((part) => compilePart(part, source, needs));
    this.isOpen = needs.isOpen;
    this.#excludes = objects(compose.exclude).map((part) => compilePart(part, source, needs));
    this.unknown = needs.unknown;
    this.systems = needs.systems;
  }

  membership(system: string | undefined, code: string): Membership {
    let result: Membership = 'out';
    for (const part of this.#includes) {
      const found = part.has(system, code);
      if (found === 'in') {
        result = 'in';
        break;
      }
      if (found === 'unknown') result = 'unknown';
    }
    if (result === 'out') return result;
    for (const part of this.#excludes) {
      const found = part.has(system, code);
      if (found === 'in') return 'out';
      if (found === 'unknown') result = 'unknown';
    }
    return this.#activeOnly && this.#isInactive(system ?? this.systemOf(code), code) ? 'out' : result;
  }

  /** How many codes are gone through to list it; those of a code system that is a resource are few, and not counted. */
  sizeAtMost(): number {
    return this.#includes.reduce((sum, part) => sum + (part.size?.() ?? part.selection?.()?.size ?? 0), 0);
  }

  /** Filters that are not understood, told with their code system. */
  unknownFilters(): readonly string[] {
    return [...this.#includes, ...this.#excludes].flatMap((part) => part.unknownFilters?.() ?? []);
  }

  #isInactive(system: string | undefined, code: string): boolean {
    return system !== undefined && this.#source.codeSystem(system)?.find(code)?.inactive === true;
  }

  /** The system a bare code belongs to; undefined when none has it. */
  systemOf(code: string): string | undefined {
    return this.#includes.find((part) => part.has(undefined, code) === 'in')?.systemOf(code);
  }

  /** All codes in order, without duplicates; undefined when some part cannot be listed, or left out, with certainty. */
  entries(): readonly ExpansionEntry[] | undefined {
    const found = new Map<string, ExpansionEntry>();
    for (const part of this.#includes) {
      const entries = part.entries();
      if (entries === undefined) return undefined;
      for (const entry of entries) {
        const key = `${entry.system}|${entry.code}`;
        if (found.has(key) || (this.#activeOnly && entry.inactive === true)) continue;
        const excluded = this.#excludes.map((other) => other.has(entry.system, entry.code));
        if (excluded.includes('in')) continue;
        if (excluded.includes('unknown')) return undefined;
        found.set(key, entry);
      }
    }
    return [...found.values()];
  }

  /** The codes wanted from `start` to `end` without listing all; undefined when that cannot be done. */
  page(start: number, end: number, asked: Wanted): Page | undefined {
    const [only] = this.#includes;
    if (only?.system === undefined || this.#includes.length > 1 || this.#excludes.length > 0) return undefined;
    const wanted = { ...asked, activeOnly: asked.activeOnly || this.#activeOnly };
    const all = only.selection?.();
    const isNarrow = wanted.activeOnly || wanted.selectableOnly || wanted.words.length > 0;
    const selection = isNarrow ? all?.narrowed?.(wanted) : all;
    if (selection === undefined) return undefined;
    const { system, codeSystem } = only;
    const entries = Array.from(selection.slice(start, end), (code) => entryOf(system, code, undefined, codeSystem));
    return { total: selection.size, entries };
  }
}

/** What it is made of; of one that comes as nothing but an expansion, the codes of that. */
function composeOf({ compose, expansion }: Json): Json {
  if (isJson(compose) || !isJson(expansion)) return isJson(compose) ? compose : {};
  const listed = withNested(expansion.contains).filter(({ system, code }) => typeof system === 'string' && typeof code === 'string');
  return { include: [...Map.groupBy(listed, ({ system }) => system)].map(([system, concept]) => ({ system, concept })) };
}

function withNested(contains: unknown): readonly Json[] {
  return objects(contains).flatMap((entry) => [entry, ...withNested(entry.contains)]);
}

/** What the parts of a value set build on, gathered while they are compiled. */
interface Needs {
  readonly unknown: string[];
  readonly systems: Set<string>;
  isOpen: boolean;
}

/** Some of the codes of a value set, and how many there are. */
export interface Page {
  readonly total: number;
  readonly entries: readonly ExpansionEntry[];
}

function compilePart(part: Json, source: ContentSource, needs: Needs): Part {
  const sets = texts(part.valueSet).map((canonical) => {
    const found = source.valueSet(canonical);
    needs.unknown.push(...(found?.unknown ?? [canonical]));
    for (const system of found?.systems ?? []) needs.systems.add(system);
    needs.isOpen ||= found?.isOpen === true && objects(part.concept).length === 0;
    return found;
  });
  const system = text(part.system);
  if (system !== undefined) needs.systems.add(canonicalOf(system, text(part.version)));
  const own = system === undefined ? undefined : systemPart(part, system, source, needs);
  if (own !== undefined && sets.length === 0) return own;
  return intersection(own, sets);
}

/** A code must be in every value set named and, when a system is given, in that part of it. */
function intersection(own: Part | undefined, sets: readonly (ResolvedValueSet | undefined)[]): Part {
  const has = (system: string | undefined, code: string): Membership => {
    let result: Membership = own?.has(system, code) ?? 'in';
    for (const set of sets) {
      const found = set?.membership(system, code) ?? 'unknown';
      if (found === 'out' || result === 'out') return 'out';
      if (found === 'unknown') result = 'unknown';
    }
    return result;
  };
  return {
    system: own?.system,
    has,
    entries() {
      const listed = (own === undefined ? sets : [own]).map((each) => each?.entries()).find((entries) => entries !== undefined);
      const judged = listed?.map((entry) => ({ entry, membership: has(entry.system, entry.code) }));
      if (judged === undefined || judged.some(({ membership }) => membership === 'unknown')) return undefined;
      return judged.filter(({ membership }) => membership === 'in').map(({ entry }) => entry);
    },
    size: () => (own === undefined ? sets[0]?.sizeAtMost() : own.selection?.()?.size) ?? 0,
    systemOf: (code) => own?.system ?? sets.map((set) => set?.systemOf(code)).find((system) => system !== undefined),
    unknownFilters: () => [own, ...sets].flatMap((each) => each?.unknownFilters?.() ?? []),
  };
}

function canonicalOf(system: string, version: string | undefined): string {
  return version === undefined || isOfFhir(system) ? system : `${system}|${version}`;
}

/** The code systems of FHIR itself come with its version: value sets of R4 that name an older one mean the same. Those under `sid/` are others'. */
function isOfFhir(system: string): boolean {
  return system.startsWith('http://hl7.org/fhir/') && !system.startsWith('http://hl7.org/fhir/sid/');
}

/**
 * The code system in the version that is asked for; of SNOMED CT an edition stands for its versions. One that tells no version
 * will do.
 * Spec: https://hl7.org/fhir/R4/valueset.html#expansion (identify the correct version of the code system)
 */
function inVersion(source: ContentSource, system: string, version: string | undefined): CodeSystem | undefined {
  const isRight = ({ version: held }: CodeSystem): boolean =>
    version === undefined ||
    version === '*' ||
    isOfFhir(system) ||
    held === undefined ||
    held === version ||
    held.startsWith(`${version}/version/`);
  const found = source.codeSystem(system);
  if (found === undefined || isRight(found)) return found;
  const other = source.codeSystem(canonicalOf(system, version));
  return other !== undefined && isRight(other) ? other : undefined;
}

function systemPart(part: Json, system: string, source: ContentSource, needs: Needs): Part {
  const version = text(part.version);
  const codeSystem = inVersion(source, system, version);
  const listed = objects(part.concept);
  const filters = objects(part.filter);
  if (listed.length > 0) return listedPart(system, listed, codeSystem);
  if (codeSystem === undefined) needs.unknown.push(canonicalOf(system, version));
  needs.isOpen ||= codeSystem?.complete === false;
  if (filters.length > 0) return filteredPart(system, filters, codeSystem);
  return {
    system,
    codeSystem,
    has(wanted, code) {
      if (wanted !== undefined && wanted !== system) return 'out';
      if (codeSystem === undefined) return 'unknown';
      if (codeSystem.find(code) !== undefined) return 'in';
      return codeSystem.complete ? 'out' : 'unknown';
    },
    entries() {
      const all = codeSystem?.all();
      return all === undefined ? undefined : Array.from(all, (concept) => entryOf(system, concept.code, concept.display, codeSystem));
    },
    selection: () => codeSystem?.codes?.(),
    systemOf: () => system,
  };
}

/** A listed code that the code system does not have is no member: https://hl7.org/fhir/R4/valueset.html#expansion (check that they are valid). */
function listedPart(system: string, listed: readonly Json[], codeSystem: CodeSystem | undefined): Part {
  const given = listed.map((one): [string, Json] => [textOf(one.code), one]);
  const codes = new Map(codeSystem?.isClosed === true ? given.filter(([code]) => codeSystem.find(code) !== undefined) : given);
  const inLowerCase = codeSystem?.ignoresCase === true ? new Set([...codes.keys()].map((code) => code.toLowerCase())) : undefined;
  const isListed = (code: string): boolean => codes.has(code) || inLowerCase?.has(code.toLowerCase()) === true;
  return {
    system,
    has: (wanted, code) => ((wanted === undefined || wanted === system) && isListed(code) ? 'in' : 'out'),
    entries: () =>
      [...codes].map(([code, { display, designation }]) => {
        const designations = objects(designation).map(designationOf);
        const entry = entryOf(system, code, text(display), codeSystem);
        return designations.length === 0 ? entry : { ...entry, designations };
      }),
    systemOf: () => system,
  };
}

function filteredPart(system: string, filters: readonly Json[], codeSystem: CodeSystem | undefined): Part {
  let selected: readonly (CodeSelection | undefined)[] | undefined;
  /** What each filter selects, tried when it is first asked for. */
  const selections = () => {
    selected ??= filters.map(({ property, op, value }) => codeSystem?.filter(textOf(property), textOf(op), textOf(value)));
    return selected;
  };
  let joined: CodeSelection | undefined;
  const codes = (): CodeSelection | undefined => {
    const [first, ...others] = selections().filter((each) => each !== undefined);
    if (first === undefined || others.length + 1 < filters.length) return undefined;
    joined ??= others.length === 0 ? first : new ListedCodes([...first].filter((code) => others.every((each) => each.has(code))));
    return joined;
  };
  return {
    system,
    codeSystem,
    has(wanted, code) {
      if (wanted !== undefined && wanted !== system) return 'out';
      const known = codes();
      if (known === undefined) return 'unknown';
      if (known.has(code)) return 'in';
      const written = codeSystem?.ignoresCase === true ? codeSystem.find(code)?.code : undefined;
      if (written !== undefined && known.has(written)) return 'in';
      return codeSystem?.complete === false && codeSystem.find(code) === undefined ? 'unknown' : 'out';
    },
    entries: () => {
      const known = codes();
      return known === undefined ? undefined : Array.from(known, (code) => entryOf(system, code, undefined, codeSystem));
    },
    selection: codes,
    systemOf: () => system,
    unknownFilters: () =>
      filters
        .filter((_filter, place) => codeSystem !== undefined && selections()[place] === undefined)
        .map(({ property, op, value }) => `${textOf(property)} ${textOf(op)} ${textOf(value)} of ${system}`),
  };
}
