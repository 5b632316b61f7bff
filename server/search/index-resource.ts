/**
 * What a resource can be found by: every search parameter of its type, compiled when the type is first met.
 *
 * Spec: https://hl7.org/fhir/R4/search.html · https://hl7.org/fhir/R4/searchparameter-registry.html
 */
import type { Definitions, SearchParameterInfo } from '../definitions/definitions.ts';
import type { Resource } from '../fhir/resource.ts';
import { SERVER_ZONE, type TimeZone, timeZone } from '../fhir/time-zone.ts';
import { compileExpression, type Visit } from './compile-expression.ts';
import { type Expression, parseExpression, UnsupportedExpression } from './expression.ts';
import { compileWithFhirpath } from './fhirpath-fallback.ts';
import { indexBundle } from './index-bundle.ts';
import { indexWithContained } from './index-contained.ts';
import type { CompositePart, IndexEntry } from './index-entry.ts';
import type { SearchRegistry } from './registry.ts';
import { indexQuantity, ucumCode } from './types/quantity.ts';
import { indexDate, indexNumber } from './types/range.ts';
import { indexReference } from './types/reference.ts';
import { indexString } from './types/string.ts';
import { indexToken } from './types/token.ts';
import { indexUri } from './types/uri.ts';

export interface IndexOptions {
  /** This server's own base URL: absolute references below it are local ones. */
  readonly baseUrl?: string;
  /** The zone in which a date is a day. Entries made under one zone do not fit searches under another. */
  readonly zone?: TimeZone;
}

export type Indexer = (resource: Resource) => IndexEntry[];

/** So many entries are compared one by one; of more, texts are. */
const COMPARED_AT_MOST = 16;

/** Answered by the store from the resource's own columns, so nothing is indexed for them. */
const KEPT_BY_STORE = new Set(['_id', '_lastUpdated']);

/**
 * A function that gives all index entries of a resource. It never throws: an element of the wrong shape gives no entry.
 * A resource of an unknown type has no entries.
 */
export function createIndexer(definitions: Definitions, registry: SearchRegistry, options: IndexOptions = {}): Indexer {
  const compile = new ParameterCompiler(definitions, registry, options);
  const byType = new Map<string, readonly Visit<IndexEntry>[]>();
  /** The entries of the resource itself, without what it contains. */
  const plain = (resource: Resource): IndexEntry[] => {
    let visits = byType.get(resource.resourceType);
    if (visits === undefined) {
      if (!definitions.isResourceType(resource.resourceType)) return [];
      visits = registry.forType(resource.resourceType).flatMap((parameter) => compile.parameter(parameter, resource.resourceType) ?? []);
      byType.set(resource.resourceType, visits);
    }
    const entries: IndexEntry[] = [];
    for (const visit of visits) {
      const before = entries.length;
      visit(resource, resource, entries);
      const found = entries.length - before;
      if (found > COMPARED_AT_MOST) dropNamesakes(entries, before);
      else if (found > 1) dropRepeats(entries, before);
    }
    return entries;
  };
  return (resource) => {
    if (resource.resourceType === 'Bundle') return indexBundle(resource, plain);
    return resource.contained === undefined ? plain(resource) : indexWithContained(resource, plain);
  };
}

class ParameterCompiler {
  readonly #definitions: Definitions;
  readonly #registry: SearchRegistry;
  readonly #baseUrl: string | undefined;
  readonly #zone: TimeZone;

  constructor(definitions: Definitions, registry: SearchRegistry, options: IndexOptions) {
    this.#definitions = definitions;
    this.#registry = registry;
    this.#baseUrl = options.baseUrl;
    this.#zone = options.zone ?? timeZone(SERVER_ZONE);
  }

  parameter(parameter: SearchParameterInfo, type: string): Visit<IndexEntry> | undefined {
    if (parameter.expression === undefined || KEPT_BY_STORE.has(parameter.code)) return undefined;
    const leaf = (found: string): Visit<IndexEntry> | undefined =>
      parameter.type === 'composite' ? this.#composite(parameter, found) : this.#value(parameter, parameter.code, found);
    return this.#expression(parameter.expression, type, leaf);
  }

  #expression(text: string, type: string, leaf: (found: string) => Visit<IndexEntry> | undefined): Visit<IndexEntry> | undefined {
    let expression: Expression;
    try {
      expression = parseExpression(text);
      return compileExpression(this.#definitions, expression, type, leaf);
    } catch (error) {
      if (error instanceof UnsupportedExpression) return compileWithFhirpath(text, leaf);
      throw error;
    }
  }

  #value(parameter: SearchParameterInfo, code: string, type: string): Visit<IndexEntry> | undefined {
    switch (parameter.type) {
      case 'token':
        return indexToken(code, type);
      case 'string':
        return indexString(code, type);
      case 'reference':
        return indexReference(code, type, parameter.targets, this.#baseUrl);
      case 'date':
        return indexDate(code, type, this.#zone);
      case 'number':
        return indexNumber(code, type);
      case 'quantity':
        return indexQuantity(code, type);
      case 'uri':
        return indexUri(code, type);
      default:
        return undefined;
    }
  }

  /** One entry for each combination of the components' values within one node. */
  #composite(parameter: SearchParameterInfo, type: string): Visit<IndexEntry> | undefined {
    const components = parameter.components.map(({ definition, expression }) => {
      const component = this.#registry.byUrl(definition);
      return component && this.#expression(expression, type, (found) => this.#value(component, '', found));
    });
    if (components.length === 0 || components.some((component) => component === undefined)) return undefined;
    const visits = components as readonly Visit<IndexEntry>[];
    return (node, root, out) => {
      let combinations: readonly (readonly IndexEntry[])[] = [[]];
      for (const visit of visits) {
        const found: IndexEntry[] = [];
        visit(node, root, found);
        combinations = combinations.flatMap((parts) => found.filter(isPlain).map((entry) => [...parts, entry]));
        if (combinations.length === 0) return;
      }
      for (const parts of combinations) out.push(compositeEntry(parameter.code, parts));
    };
  }
}

/** Entries under derived codes (`:of-type`, `:identifier`) and mere texts are not part of composites; canonical quantities are. */
function isPlain(entry: IndexEntry): boolean {
  if (entry.kind === 'token' && entry.system === null && entry.code === null) return false;
  return entry.param === '' || entry.param === ucumCode('');
}

function compositeEntry(code: string, entries: readonly IndexEntry[]): IndexEntry {
  const inUcum = entries.some((entry) => entry.param === ucumCode(''));
  const parts = entries.map((entry): CompositePart => {
    const { param: _param, ...part } = entry;
    return part as CompositePart;
  });
  return { kind: 'composite', param: inUcum ? ucumCode(code) : code, parts };
}

/** Takes out entries from `start` on that say the same as one before them. */
function dropRepeats(entries: IndexEntry[], start: number): void {
  let kept = start + 1;
  for (let at = start + 1; at < entries.length; at += 1) {
    const entry = entries[at] as IndexEntry;
    let before = start;
    while (before < kept && !isSame(entries[before] as IndexEntry, entry)) before += 1;
    if (before === kept) entries[kept++] = entry;
  }
  entries.length = kept;
}

/** The same by texts, in time that grows with their number only. */
function dropNamesakes(entries: IndexEntry[], start: number): void {
  const seen = new Set<string>();
  let kept = start;
  for (let at = start; at < entries.length; at += 1) {
    const entry = entries[at] as IndexEntry;
    const name = JSON.stringify(entry);
    if (seen.has(name)) continue;
    seen.add(name);
    entries[kept++] = entry;
  }
  entries.length = kept;
}

function isSame(one: IndexEntry, other: IndexEntry): boolean {
  if (one.kind === 'reference' && other.kind === 'reference') {
    return one.id === other.id && one.type === other.type && one.url === other.url && one.param === other.param;
  }
  if (one.kind === 'token' && other.kind === 'token') {
    return one.code === other.code && one.system === other.system && one.text === other.text && one.param === other.param;
  }
  if (one.kind === 'range' && other.kind === 'range') return one.low === other.low && one.high === other.high && one.param === other.param;
  return one.kind === other.kind && JSON.stringify(one) === JSON.stringify(other);
}
