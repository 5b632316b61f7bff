/**
 * Holds one resource, by its index entries, against a clause: used where a resource is not in the store yet (access to
 * what is about to be written, resources that belong to the same transaction).
 *
 * What a clause asks of other resources (chains) is taken from facts gathered beforehand; without a fact it does not hold.
 */
import type { ResourceKey } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { Clause, Comparison, IndexTest, RangeTest, TokenTest } from '../search/query.ts';
import type { ResourceStore } from '../store/resource-store.ts';

type Entry = Extract<IndexEntry, { kind: 'composite' }>['parts'][number] | IndexEntry;

/** For a clause about other resources: keys (`Type/id`) of the targets, or of the resource itself, for which it holds. */
export type ClauseFacts = ReadonlyMap<Clause, ReadonlySet<string>>;

/** True when the clause holds for a resource with this key, these entries and this time of change. */
export function satisfies(clause: Clause, key: ResourceKey, index: readonly IndexEntry[], changedMs: number, facts?: ClauseFacts): boolean {
  const holds = (inner: Clause): boolean => satisfies(inner, key, index, changedMs, facts);
  switch (clause.op) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'and':
      return clause.clauses.every(holds);
    case 'or':
      return clause.clauses.some(holds);
    case 'not':
      return !holds(clause.clause);
    case 'id':
      return clause.ids.includes(key.id);
    case 'type':
      return clause.types.includes(key.type);
    case 'missing':
      return index.some((entry) => entry.param === clause.param) !== clause.missing;
    case 'match':
      return index.some((entry) => entry.param === clause.param && passes(entry, clause.test));
    case 'lastUpdated':
      return inRange(changedMs, changedMs, clause.test);
    case 'chain':
      return chainTargets(index, clause.param).some((target) => facts?.get(clause)?.has(`${target.type}/${target.id}`) === true);
    case 'referencedBy':
      return facts?.get(clause)?.has(`${key.type}/${key.id}`) === true;
  }
}

/** Asks the store what `clause` says of other resources, for a resource with this key and these entries. */
export async function gatherFacts(
  store: ResourceStore,
  clause: Clause,
  key: ResourceKey,
  index: readonly IndexEntry[],
): Promise<ClauseFacts> {
  const facts = new Map<Clause, ReadonlySet<string>>();
  const ask = async (asked: Clause, types: readonly string[], ids: readonly string[], where: Clause) => {
    if (ids.length === 0) return;
    const narrowed: Clause = { op: 'and', clauses: [{ op: 'id', ids }, where] };
    const page = await store.search({ types, where: narrowed, sort: [], limit: ids.length * Math.max(types.length, 1), total: 'none' });
    facts.set(asked, new Set(page.matches.map((match) => `${match.type}/${match.id}`)));
  };
  for (const asked of aboutOthers(clause)) {
    if (asked.op === 'referencedBy') await ask(asked, [key.type], [key.id], asked);
    else if (asked.op === 'chain') {
      const ids = chainTargets(index, asked.param).map((target) => target.id);
      await ask(asked, asked.types, [...new Set(ids)], asked.where);
    }
  }
  return facts;
}

function aboutOthers(clause: Clause): readonly Clause[] {
  if (clause.op === 'and' || clause.op === 'or') return clause.clauses.flatMap(aboutOthers);
  if (clause.op === 'not') return aboutOthers(clause.clause);
  return clause.op === 'chain' || clause.op === 'referencedBy' ? [clause] : [];
}

function chainTargets(index: readonly IndexEntry[], param: string): ResourceKey[] {
  return index.flatMap((entry) =>
    entry.kind === 'reference' && entry.param === param && entry.type !== null && entry.id !== null
      ? [{ type: entry.type, id: entry.id }]
      : [],
  );
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
      return sameType && sameId && (test.url === undefined || entry.url === test.url);
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
