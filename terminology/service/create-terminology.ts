/**
 * The terminology service over content held in memory.
 *
 * Spec: https://hl7.org/fhir/R4/terminology-service.html
 */

import type {
  CodedValue,
  ExpandRequest,
  Expansion,
  ExpansionEntry,
  ExpansionProblem,
  HeldCodeSystem,
  LookupResult,
  Membership,
  TerminologyService,
  TranslateMatch,
  ValidateCodeResult,
} from '../terminology-service.ts';
import { loadContent, TerminologyContent } from './content.ts';
import { displayIn, isDisplayOf } from './displays.ts';
import { textOf } from './json-values.ts';
import { translate } from './translate.ts';
import { ResolvedValueSet } from './value-set.ts';

/** The most codes that an answer may hold. */
const MAX_EXPANSION = 50_000;
/** The most codes that are gone through for a page, where the page cannot be taken from the middle. */
const MAX_LISTED = 200_000;

/** A terminology service over the content given, or that which comes with the product. */
export function createTerminology(content: TerminologyContent = loadContent()): TerminologyService {
  const service = new InMemoryTerminology(content);
  return service;
}

class InMemoryTerminology implements TerminologyService {
  readonly #content: TerminologyContent;
  readonly #below: TerminologyService | undefined;
  #revision = 0;

  constructor(content: TerminologyContent, below?: TerminologyService) {
    this.#content = content;
    this.#below = below;
  }

  get revision(): number {
    return this.#revision + (this.#below?.revision ?? 0);
  }

  membership(valueSet: string, system: string | undefined, code: string): Membership {
    return this.#content.valueSet(valueSet)?.membership(system, code) ?? 'unknown';
  }

  membershipIn(valueSet: Readonly<Record<string, unknown>>, system: string | undefined, code: string): Membership {
    return new ResolvedValueSet(valueSet, this.#content).membership(system, code);
  }

  validateCode(valueSet: string, coded: CodedValue): ValidateCodeResult {
    const set = this.#content.valueSet(valueSet);
    if (set === undefined) return unknownResult([valueSet], `The value set ${valueSet} is not held here`);
    const membership = set.membership(coded.system, coded.code);
    const system = coded.system ?? set.systemOf(coded.code);
    const found = this.validateInSystem(system === undefined ? coded : { ...coded, system });
    const inSystem = system === undefined ? found : { ...found, system };
    if (membership === 'in') return { ...inSystem, membership };
    const unknown = membership === 'unknown' ? unknownOf(set) : [];
    const message =
      membership === 'out' ? `The code '${coded.code}' is not in the value set ${valueSet}` : `Not known here: ${unknown.join(', ')}`;
    return { ...inSystem, membership, message, unknown };
  }

  validateInSystem(coded: CodedValue): ValidateCodeResult {
    const system = coded.system === undefined ? undefined : this.#content.codeSystem(coded.system);
    if (system === undefined) return unknownResult([coded.system ?? ''], `The code system ${coded.system ?? '(none)'} is not held here`);
    const concept = system.find(coded.code);
    if (concept === undefined) {
      const message = `Unknown code '${coded.code}' in the code system ${system.url}`;
      return { membership: system.complete ? 'out' : 'unknown', wrongDisplay: false, unknown: [], message };
    }
    const named = concept.display !== undefined && system.namedElsewhere !== true;
    const isSame = coded.display === undefined || coded.display === concept.display;
    const wrongDisplay = !isSame && named && !isDisplayOf(concept, coded.display);
    return {
      membership: 'in',
      ...(concept.display === undefined ? {} : { display: concept.display }),
      wrongDisplay,
      unknown: [],
      message: wrongDisplay ? `The display of '${coded.code}' is '${concept.display}', not '${coded.display}'` : '',
    };
  }

  expand(request: ExpandRequest): Expansion | ExpansionProblem {
    const set =
      typeof request.valueSet === 'string'
        ? this.#content.valueSet(request.valueSet)
        : new ResolvedValueSet(request.valueSet, this.#content);
    if (set === undefined) return { problem: 'not-found', message: `The value set ${textOf(request.valueSet)} is not held here` };
    const page = this.#page(set, request);
    if (page !== undefined) return page;
    const size = set.sizeAtMost();
    if (size > MAX_LISTED) return tooCostly(size);
    const entries = set.entries();
    if (entries === undefined) return notListed(set);
    const isLeftOut = this.#leftOut(request);
    const shown = entries
      .filter((entry) => request.activeOnly !== true || entry.inactive !== true)
      .filter((entry) => request.excludeNotForUI !== true || entry.abstract !== true)
      .filter(({ system }) => !isLeftOut(system))
      .map((entry) => this.#inLanguage(entry, request.displayLanguage))
      .filter((entry) => matches(entry, request.filter));
    const { offset = 0, count = shown.length } = request;
    const contains = shown.slice(offset, offset + count);
    if (contains.length > MAX_EXPANSION) return tooCostly(contains.length);
    return { total: shown.length, offset, contains, ...this.#madeOf(set, isLeftOut) };
  }

  /** A page that needs no look at what is not on it. */
  #page(set: ResolvedValueSet, request: ExpandRequest): Expansion | ExpansionProblem | undefined {
    const { count, offset = 0, activeOnly = false, excludeNotForUI = false } = request;
    const isLeftOut = this.#leftOut(request);
    const isEmpty = set.systems.size > 0 && [...set.systems].every(isLeftOut);
    const wanted = { words: wordsOf(request.filter), activeOnly, selectableOnly: excludeNotForUI };
    const page = isEmpty ? { total: 0, entries: [] } : set.page(offset, offset + Math.min(count ?? MAX_EXPANSION, MAX_EXPANSION), wanted);
    if (page === undefined) return undefined;
    const asked = Math.min(page.total - offset, count ?? page.total);
    if (asked > MAX_EXPANSION) return tooCostly(asked);
    const contains = page.entries.map((entry) => this.#inLanguage(entry, request.displayLanguage));
    return { total: page.total, offset, contains, ...this.#madeOf(set, isLeftOut) };
  }

  /** Which code systems the request leaves out. */
  #leftOut({ excludeSystems = [] }: ExpandRequest): (system: string) => boolean {
    if (excludeSystems.length === 0) return () => false;
    return (canonical) => {
      const { url = canonical, version } = this.#content.codeSystem(canonical) ?? {};
      return excludeSystems.includes(url) || (version !== undefined && excludeSystems.includes(`${url}|${version}`));
    };
  }

  #madeOf(set: ResolvedValueSet, isLeftOut: (system: string) => boolean): Pick<Expansion, 'versions' | 'isOpen'> {
    const held = [...set.systems].filter((system) => !isLeftOut(system)).map((system) => this.#content.codeSystem(system));
    const versions = held.flatMap((system) => (system?.version === undefined ? [] : [`${system.url}|${system.version}`]));
    return { versions: [...new Set(versions)], isOpen: set.isOpen };
  }

  lookup(coded: CodedValue, displayLanguage?: string): LookupResult | undefined {
    const system = coded.system === undefined ? undefined : this.#content.codeSystem(coded.system);
    const concept = system?.find(coded.code);
    if (system === undefined || concept === undefined) return undefined;
    const { designations, display: own } = concept;
    const asked = displayLanguage === undefined ? undefined : displayIn(displayLanguage, { ...concept, language: system.language });
    const display = asked ?? own;
    return {
      name: system.name,
      ...(system.version === undefined ? {} : { version: system.version }),
      ...(display === undefined ? {} : { display }),
      ...(concept.definition === undefined ? {} : { definition: concept.definition }),
      designations,
      parents: concept.parents,
      children: system.childrenOf(concept.code),
      properties: concept.properties,
      propertyNames: system.propertyNames,
      abstract: concept.abstract,
      inactive: concept.inactive,
    };
  }

  subsumes(system: string, a: string, b: string): 'equivalent' | 'subsumes' | 'subsumed-by' | 'not-subsumed' | undefined {
    const held = this.#content.codeSystem(system);
    const [first, second] = [held?.find(a), held?.find(b)];
    if (held === undefined || first === undefined || second === undefined) return undefined;
    if (first.code === second.code) return 'equivalent';
    if (!held.isTaxonomy) return undefined;
    if (held.isBelow(b, a)) return 'subsumes';
    return held.isBelow(a, b) ? 'subsumed-by' : 'not-subsumed';
  }

  translate(coded: CodedValue, { target, map }: Parameters<TerminologyService['translate']>[1] = {}): readonly TranslateMatch[] {
    const find = (canonical: string) => this.#content.resource('ConceptMap', canonical);
    const named = map === undefined ? undefined : find(map);
    const asked = map === undefined ? this.#content.resources('ConceptMap') : named === undefined ? [] : [named];
    return translate({ asked, find }, coded, target);
  }

  versionOf(system: string): string | undefined {
    return this.#content.codeSystem(system)?.version;
  }

  codeSystems(): readonly HeldCodeSystem[] {
    return this.#content.codeSystems().toSorted((a, b) => (a.url < b.url ? -1 : 1));
  }

  knows(canonical: string): boolean {
    return this.#content.resource('ValueSet', canonical) !== undefined || this.#content.codeSystem(canonical) !== undefined;
  }

  definition(type: 'CodeSystem' | 'ValueSet' | 'ConceptMap', canonical: string): Readonly<Record<string, unknown>> | undefined {
    return this.#content.resource(type, canonical);
  }

  including(resources: readonly Readonly<Record<string, unknown>>[]): TerminologyService {
    const content = new TerminologyContent(this.#content);
    for (const resource of resources.toReversed()) content.add(resource);
    return new InMemoryTerminology(content, this);
  }

  add(resource: Readonly<Record<string, unknown>>): void {
    this.#content.add(resource);
    this.#revision++;
  }

  #inLanguage(entry: ExpansionEntry, language: string | undefined): ExpansionEntry {
    if (language === undefined) return entry;
    const system = this.#content.codeSystem(entry.system);
    const concept = system?.find(entry.code);
    const ofSystem = concept === undefined ? [] : [{ ...concept, language: system?.language }];
    const display = displayIn(language, { designations: entry.designations ?? [] }, ...ofSystem);
    return display === undefined ? entry : { ...entry, display };
  }
}

/** What a value set needs and is not known here. */
function unknownOf(set: ResolvedValueSet): readonly string[] {
  return [...set.unknown, ...set.unknownFilters().map((filter) => `the filter ${filter}`)];
}

function notListed(set: ResolvedValueSet): ExpansionProblem {
  if (set.unknown.length > 0) return { problem: 'unknown-system', message: `Not held here: ${set.unknown.join(', ')}` };
  const [filter] = set.unknownFilters();
  if (filter !== undefined) return { problem: 'unknown-filter', message: `The filter ${filter} is not understood here` };
  return { problem: 'too-costly', message: 'The codes of this value set follow a grammar, or are not all held here, and cannot be listed' };
}

function tooCostly(codes: number): ExpansionProblem {
  return { problem: 'too-costly', message: `The expansion has ${codes} codes: give a filter or a count` };
}

function unknownResult(unknown: readonly string[], message: string): ValidateCodeResult {
  return { membership: 'unknown', wrongDisplay: false, unknown, message };
}

function matches(entry: ExpansionEntry, filter: string | undefined): boolean {
  const text = `${entry.code} ${entry.display ?? ''}`.toLowerCase();
  return wordsOf(filter).every((word) => text.includes(word));
}

function wordsOf(filter = ''): readonly string[] {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}
