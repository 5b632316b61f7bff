/**
 * Holds one resource, by its index entries, against a clause: used where a resource is not in the store yet (access to
 * what is about to be written, resources that belong to the same transaction).
 *
 * What a clause asks of other resources (chains) is taken from facts gathered beforehand; without a fact it does not hold.
 * What the resource itself contains is judged with it.
 */
import type { ResourceKey } from '../fhir/resource.ts';
import { type ContainedEntry, type IndexEntry, LOCAL_ID } from '../search/index-entry.ts';
import type { Clause, Comparison, IndexTest, RangeTest, TokenTest } from '../search/query.ts';
import type { ResourceStore } from '../store/resource-store.ts';

type Entry = Extract<IndexEntry, { kind: 'composite' }>['parts'][number] | IndexEntry;

/** For a clause about other resources: keys (`Type/id`) of the targets, or of the resource itself, for which it holds. */
export type ClauseFacts = ReadonlyMap<Clause, ReadonlySet<string>>;

type Chain = Extract<Clause, { op: 'chain' }>;

/** True when the clause holds for a resource with this key, these entries and this time of change. */
export function satisfies(clause: Clause, key: ResourceKey, index: readonly IndexEntry[], changedMs: number, facts?: ClauseFacts): boolean {
  return new Judge(key, index, changedMs, facts).holds(clause, undefined);
}

/** Judges one resource and, where chains lead there, what it contains. */
class Judge {
  readonly #key: ResourceKey;
  readonly #index: readonly IndexEntry[];
  readonly #changedMs: number;
  readonly #facts: ClauseFacts | undefined;
  /** What chains ask of contained resources, by their numbers: they may be led to again and again. */
  readonly #known = new Map<Clause, Map<number, boolean>>();

  constructor(key: ResourceKey, index: readonly IndexEntry[], changedMs: number, facts: ClauseFacts | undefined) {
    this.#key = key;
    this.#index = index;
    this.#changedMs = changedMs;
    this.#facts = facts;
  }

  /** Whether the clause holds for the resource; or for what it contains, which has neither an id nor a time of change. */
  holds(clause: Clause, inner: ContainedEntry | undefined): boolean {
    const index = inner?.entries ?? this.#index;
    switch (clause.op) {
      case 'all':
        return true;
      case 'none':
        return false;
      case 'and':
        return clause.clauses.every((part) => this.holds(part, inner));
      case 'or':
        return clause.clauses.some((part) => this.holds(part, inner));
      case 'not':
        return !this.holds(clause.clause, inner);
      case 'id':
        return inner === undefined && clause.ids.includes(this.#key.id);
      case 'type':
        return clause.types.includes(inner?.type ?? this.#key.type);
      case 'missing':
        return index.some((entry) => entry.param === clause.param) !== clause.missing;
      case 'match':
        return index.some((entry) => entry.param === clause.param && passes(entry, clause.test));
      case 'lastUpdated':
        return inner === undefined && inRange(this.#changedMs, this.#changedMs, clause.test);
      case 'chain':
        return chainTargets(index, clause.param).some((target) => this.#isFact(clause, target)) || this.#leadsInside(clause, index);
      case 'referencedBy':
        if (inner === undefined) return this.#isFact(clause, this.#key);
        return this.#key.type === clause.type && leadsTo(this.#index, clause.param, inner) && this.holds(clause.where, undefined);
      case 'contains':
        return inner === undefined && containedOf(this.#index, clause.types).some((each) => this.holds(clause.where, each));
    }
  }

  #isFact(clause: Clause, { type, id }: ResourceKey): boolean {
    return this.#facts?.get(clause)?.has(`${type}/${id}`) === true;
  }

  #leadsInside(chain: Chain, index: readonly IndexEntry[]): boolean {
    const { contained } = chain;
    if (contained === undefined) return false;
    const known = this.#known.get(contained) ?? new Map<number, boolean>();
    this.#known.set(contained, known);
    return containedTargets(this.#index, index, chain).some((target) => {
      const found = known.get(target.number) ?? this.holds(contained, target);
      known.set(target.number, found);
      return found;
    });
  }
}

/** What is to be asked of the store about other resources. */
interface Question {
  readonly types: readonly string[];
  readonly ids: Set<string>;
  readonly where: Clause;
}

/** Asks the store what `clause` says of other resources, for a resource with this key and these entries. */
export async function gatherFacts(
  store: ResourceStore,
  clause: Clause,
  key: ResourceKey,
  index: readonly IndexEntry[],
): Promise<ClauseFacts> {
  const facts = new Map<Clause, ReadonlySet<string>>();
  for (const [asked, { types, ids, where }] of questions(clause, key, index)) {
    const narrowed: Clause = { op: 'and', clauses: [{ op: 'id', ids: [...ids] }, where] };
    const page = await store.search({ types, where: narrowed, sort: [], limit: ids.size * Math.max(types.length, 1), total: 'none' });
    facts.set(asked, new Set(page.matches.map((match) => `${match.type}/${match.id}`)));
  }
  return facts;
}

function questions(clause: Clause, key: ResourceKey, index: readonly IndexEntry[]): ReadonlyMap<Clause, Question> {
  const found = new Map<Clause, Question>();
  const ask = (asked: Clause, types: readonly string[], where: Clause, ids: readonly string[]): void => {
    if (ids.length === 0) return;
    const question = found.get(asked) ?? { types, ids: new Set(), where };
    found.set(asked, question);
    for (const id of ids) question.ids.add(id);
  };
  const gone = new Map<Clause, Set<number | undefined>>();
  const go = (asked: Clause, inner: ContainedEntry | undefined): void => {
    const through = gone.get(asked) ?? new Set();
    gone.set(asked, through);
    if (through.has(inner?.number)) return;
    through.add(inner?.number);
    const own = inner?.entries ?? index;
    if (asked.op === 'and' || asked.op === 'or') for (const part of asked.clauses) go(part, inner);
    else if (asked.op === 'not') go(asked.clause, inner);
    else if (asked.op === 'chain') {
      const targets = chainTargets(own, asked.param).map(({ id }) => id);
      ask(asked, asked.types, asked.where, targets);
      if (asked.contained !== undefined) for (const next of containedTargets(index, own, asked)) go(asked.contained, next);
    } else if (asked.op === 'contains') {
      if (inner === undefined) for (const each of containedOf(index, asked.types)) go(asked.where, each);
    } else if (asked.op === 'referencedBy') {
      if (inner === undefined) ask(asked, [key.type], asked, [key.id]);
      else if (asked.type === key.type) go(asked.where, undefined);
    }
  };
  go(clause, undefined);
  return found;
}

function chainTargets(index: readonly IndexEntry[], param: string): ResourceKey[] {
  return index.flatMap((entry) =>
    entry.kind === 'reference' && entry.param === param && entry.type !== null && entry.id !== null
      ? [{ type: entry.type, id: entry.id }]
      : [],
  );
}

/** What the resource with the entries `whole` contains, of the types of the chain, that the references in `index` lead to. */
function containedTargets(whole: readonly IndexEntry[], index: readonly IndexEntry[], { param, types }: Chain): ContainedEntry[] {
  const led = index.flatMap((entry) => (entry.kind === 'reference' && entry.param === param && entry.inside ? [entry.inside.number] : []));
  if (led.length === 0) return [];
  const numbers = new Set(led);
  return whole.filter((entry) => entry.kind === 'contained' && numbers.has(entry.number) && types.includes(entry.type)) as ContainedEntry[];
}

/** What the resource with these entries contains of the types: what a Bundle holds has no id within it. */
function containedOf(index: readonly IndexEntry[], types: readonly string[]): ContainedEntry[] {
  const isContained = (entry: ContainedEntry) => types.includes(entry.type) && entry.entries.some(({ param }) => param === LOCAL_ID);
  return index.filter((entry) => entry.kind === 'contained').filter(isContained);
}

function leadsTo(index: readonly IndexEntry[], param: string, { number }: ContainedEntry): boolean {
  return index.some((entry) => entry.kind === 'reference' && entry.param === param && entry.inside?.number === number);
}

function passes(entry: Entry, test: IndexTest): boolean {
  if (entry.kind !== test.kind) return false;
  switch (test.kind) {
    case 'token':
      return entry.kind === 'token' && tokenPasses(entry, test);
    case 'string': {
      if (entry.kind !== 'string') return false;
      if (test.mode === 'exact') return entry.value === test.value;
      if (test.mode === 'whole') return entry.normalized === test.value;
      if (test.mode === 'endsWith') return entry.normalized.endsWith(test.value);
      return test.mode === 'contains' ? entry.normalized.includes(test.value) : entry.normalized.startsWith(test.value);
    }
    case 'reference': {
      if (entry.kind !== 'reference') return false;
      const sameType =
        (test.type === undefined || entry.type === test.type) &&
        (test.types === undefined || test.types.some((type) => type === entry.type));
      const sameId = test.id === undefined || entry.id === test.id;
      const sameUrl = test.url === undefined || entry.url === test.url;
      return sameType && sameId && sameUrl && (test.versionOf === undefined || entry.url?.startsWith(`${test.versionOf}|`) === true);
    }
    case 'range':
      return entry.kind === 'range' && inRange(entry.low, entry.high, test);
    case 'quantity': {
      if (entry.kind !== 'quantity') return false;
      const sameUnit = (test.system === undefined || test.system === entry.system) && (test.code === undefined || test.code === entry.code);
      return sameUnit && inRange(entry.low, entry.high, test.range);
    }
    case 'uri': {
      if (entry.kind !== 'uri') return false;
      if (test.mode === 'exact') return entry.value === test.value;
      return test.mode === 'below' ? isBelow(entry.value, test.value) : isBelow(test.value, entry.value);
    }
    case 'composite':
      return (
        entry.kind === 'composite' &&
        test.parts.every((part, place) => {
          const component = entry.parts[place];
          return component !== undefined && passes(component, part);
        })
      );
  }
}

function tokenPasses(entry: Omit<Extract<IndexEntry, { kind: 'token' }>, 'param'>, test: TokenTest): boolean {
  if (test.system !== undefined && entry.system !== test.system) return false;
  if (test.code !== undefined && entry.code !== test.code) return false;
  if (test.text !== undefined && !(entry.text ?? '').startsWith(test.text)) return false;
  return test.anyOf === undefined || test.anyOf.some((each) => each.system === entry.system && each.code === entry.code);
}

function inRange(low: number, high: number, test: RangeTest): boolean {
  return test.anyOf.some((all) => all.every((comparison) => compares(comparison.bound === 'low' ? low : high, comparison)));
}

function compares(value: number, { is, value: limit }: Comparison): boolean {
  if (is === '<') return value < limit;
  if (is === '<=') return value <= limit;
  return is === '>' ? value > limit : value >= limit;
}

function isBelow(value: string, above: string): boolean {
  return value === above || value.startsWith(above.endsWith('/') ? above : `${above}/`);
}
