/**
 * Value sets turned into parts that answer whether a code is in them, and list their codes where they can.
 *
 * Spec: https://hl7.org/fhir/R4/valueset.html#compositions
 */

import type { ExpansionEntry, Membership } from '../terminology-service.ts';
import { type CodeSelection, type CodeSystem, ListedCodes, type Wanted } from './code-system.ts';
import { textOf } from './text-of.ts';

/** Where value sets and code systems are found. */
export interface ContentSource {
  codeSystem(canonical: string): CodeSystem | undefined;
  valueSet(canonical: string): ResolvedValueSet | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** One include or exclude. */
interface Part {
  /** Undefined when it only refers to other value sets. */
  readonly system: string | undefined;
  has(system: string | undefined, code: string): Membership;
  /** Undefined when the codes cannot be listed. */
  entries(): readonly ExpansionEntry[] | undefined;
  /** The codes, where they can be counted and taken from the middle without listing all. */
  selection?(): CodeSelection | undefined;
}

const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

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
  readonly #includes: readonly Part[];
  readonly #excludes: readonly Part[];
  readonly #source: ContentSource;

  constructor(resource: Json, source: ContentSource) {
    this.#source = source;
    const compose = (resource.compose ?? {}) as Json;
    const unknown: string[] = [];
    this.url = textOf(resource.url ?? '');
    this.name = textOf(resource.title ?? resource.name ?? this.url);
    this.#includes = objects(compose.include).map((part) => compilePart(part, source, unknown));
    this.#excludes = objects(compose.exclude).map((part) => compilePart(part, source, unknown));
    this.unknown = unknown;
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
    for (const part of this.#excludes) if (part.has(system, code) === 'in') return 'out';
    return result;
  }

  /** The system a bare code belongs to; undefined when none has it. */
  systemOf(code: string): string | undefined {
    return this.#includes.find((part) => part.system !== undefined && part.has(undefined, code) === 'in')?.system;
  }

  /** All codes in order, without duplicates; undefined when some part cannot be listed. */
  entries(): readonly ExpansionEntry[] | undefined {
    const found = new Map<string, ExpansionEntry>();
    for (const part of this.#includes) {
      const entries = part.entries();
      if (entries === undefined) return undefined;
      for (const entry of entries) {
        const key = `${entry.system}|${entry.code}`;
        if (!found.has(key) && !this.#excludes.some((other) => other.has(entry.system, entry.code) === 'in')) found.set(key, entry);
      }
    }
    return [...found.values()];
  }

  /** The codes wanted from `start` to `end` without listing all; undefined when that cannot be done. */
  page(start: number, end: number, wanted: Wanted): Page | undefined {
    const [only] = this.#includes;
    if (only?.system === undefined || this.#includes.length > 1 || this.#excludes.length > 0) return undefined;
    const all = only.selection?.();
    const isNarrow = wanted.activeOnly || wanted.words.length > 0;
    const selection = isNarrow ? all?.narrowed?.(wanted) : all;
    if (selection === undefined) return undefined;
    const { system } = only;
    const codeSystem = this.#source.codeSystem(system);
    const entries = Array.from(selection.slice(start, end), (code) => entryOf(system, code, undefined, codeSystem));
    return { total: selection.size, entries };
  }
}

/** Some of the codes of a value set, and how many there are. */
export interface Page {
  readonly total: number;
  readonly entries: readonly ExpansionEntry[];
}

function compilePart(part: Json, source: ContentSource, unknown: string[]): Part {
  const sets = texts(part.valueSet).map((canonical) => {
    const found = source.valueSet(canonical);
    if (found === undefined) unknown.push(canonical);
    else unknown.push(...found.unknown);
    return found;
  });
  const system = text(part.system);
  const own = system === undefined ? undefined : systemPart(part, system, source, unknown);
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
      const first = own === undefined ? sets[0]?.entries() : own.entries();
      return first?.filter((entry) => has(entry.system, entry.code) === 'in');
    },
  };
}

function systemPart(part: Json, system: string, source: ContentSource, unknown: string[]): Part {
  const codeSystem = source.codeSystem(system);
  const listed = objects(part.concept);
  const filters = objects(part.filter);
  if (listed.length > 0) return listedPart(system, listed, codeSystem);
  if (codeSystem === undefined) unknown.push(system);
  if (filters.length > 0) return filteredPart(system, filters, codeSystem);
  return {
    system,
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
  };
}

function listedPart(system: string, listed: readonly Json[], codeSystem: CodeSystem | undefined): Part {
  const codes = new Map(listed.map((one) => [textOf(one.code), text(one.display)]));
  return {
    system,
    has: (wanted, code) => ((wanted === undefined || wanted === system) && codes.has(code) ? 'in' : 'out'),
    entries: () => [...codes].map(([code, display]) => entryOf(system, code, display, codeSystem)),
  };
}

function filteredPart(system: string, filters: readonly Json[], codeSystem: CodeSystem | undefined): Part {
  let selected: CodeSelection | undefined;
  let tried = false;
  const codes = (): CodeSelection | undefined => {
    if (tried) return selected;
    tried = true;
    for (const filter of filters) {
      const found = codeSystem?.filter(textOf(filter.property), textOf(filter.op), textOf(filter.value));
      if (found === undefined) {
        selected = undefined;
        return undefined;
      }
      selected = selected === undefined ? found : new ListedCodes([...selected].filter((code) => found.has(code)));
    }
    return selected;
  };
  return {
    system,
    has(wanted, code) {
      if (wanted !== undefined && wanted !== system) return 'out';
      const known = codes();
      if (known === undefined) return 'unknown';
      return known.has(code) ? 'in' : 'out';
    },
    entries: () => {
      const known = codes();
      return known === undefined ? undefined : Array.from(known, (code) => entryOf(system, code, undefined, codeSystem));
    },
    selection: codes,
  };
}
