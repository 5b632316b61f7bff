/** Random resources and random searches from a seed, dense enough that most searches match something. */
import type { CompositePart, ContainedEntry, IndexEntry } from '../../server/search/index-entry.ts';
import type { Clause, Comparison, IndexTest, InnerQuery, RangeTest, SearchQuery, SortKey } from '../../server/search/query.ts';
import type { Below } from '../support/random.ts';

const TYPES = ['Patient', 'Task', 'Goal'] as const;
const IDS = ['1', '2', '3', '4', '5', '6', '7', '8', 'a-9', 'B.10'] as const;
const SYSTEMS = [null, 'urn:s', 'urn:t'] as const;
const CODES = [null, 'x', 'y', 'z'] as const;
const STRINGS = ['anne', 'anna lie', 'berit', 'be', 'åse', 'b%_', '', '😀 smil', 'ann\\e"'] as const;
/** What some of them are sorted by, among and beside the others. */
const ORDERS = ['a', 'annf', 'be\u00011', 'c', '{', '}ase'] as const;
const URLS = ['http://a/b', 'http://a/b/c', 'http://a/b/', 'http://a/bc', 'urn:oid:1.2', 'http://a'] as const;
const NUMBERS = [-5, 0, 0.5, 1, 2, 2.5, 10, 1e12, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

const pick = <Item>(random: Below, items: readonly Item[]): Item => items[random(items.length)] as Item;
const some = <Item>(random: Below, most: number, make: () => Item): Item[] => Array.from({ length: random(most + 1) }, make);

/** The first characters; never half of one. */
const headOf = (text: string, length: number): string => [...text].slice(0, length).join('');

function bounds(random: Below): { low: number; high: number } {
  const [a, b] = [pick(random, NUMBERS), pick(random, NUMBERS)];
  return { low: Math.min(a, b), high: Math.max(a, b) };
}

function part(random: Below, kind: string): CompositePart {
  switch (kind) {
    case 'token':
      return {
        kind: 'token',
        system: pick(random, SYSTEMS),
        code: pick(random, CODES),
        ...(random(2) === 0 ? {} : { text: pick(random, STRINGS) }),
      };
    case 'string': {
      const value = pick(random, STRINGS);
      const order = random(3) === 0 ? { order: pick(random, ORDERS) } : {};
      return { kind: 'string', value: random(2) === 0 ? value.toUpperCase() : value, normalized: value, ...order };
    }
    case 'reference':
      return random(3) === 0
        ? { kind: 'reference', type: null, id: null, url: pick(random, URLS) }
        : { kind: 'reference', type: pick(random, TYPES), id: pick(random, IDS), url: null };
    case 'range':
      return { kind: 'range', ...bounds(random) };
    case 'quantity':
      return { kind: 'quantity', ...bounds(random), system: pick(random, SYSTEMS), code: pick(random, CODES) };
    default:
      return { kind: 'uri', value: pick(random, URLS) };
  }
}

const KINDS = ['token', 'string', 'reference', 'range', 'quantity', 'uri'] as const;

/** The same with a few contained resources, which references of either may lead to. */
export function randomEntries(random: Below): IndexEntry[] {
  const own = plainEntries(random);
  const types = random(3) === 0 ? some(random, 3, () => pick(random, TYPES)) : [];
  const contained = types.map((type, at): ContainedEntry => {
    const id: IndexEntry = { kind: 'token', param: '_id', system: null, code: pick(random, IDS) };
    // What a document holds has no id within it.
    return { kind: 'contained', param: '#', number: at + 1, type, entries: [...plainEntries(random), ...(random(5) === 0 ? [] : [id])] };
  });
  const lead = (entry: IndexEntry): IndexEntry => {
    if (entry.kind !== 'reference' || types.length === 0 || random(2) === 0) return entry;
    const number = 1 + random(types.length);
    return { ...entry, type: null, id: null, url: `#${number}`, inside: { number, type: types[number - 1] as string } };
  };
  return [...own.map(lead), ...contained.map((each) => ({ ...each, entries: each.entries.map(lead) }))];
}

/** One parameter for each kind, named like it, and the composite `pair` of a token and a range. */
function plainEntries(random: Below): IndexEntry[] {
  const single = KINDS.flatMap((kind) => some(random, 2, () => ({ ...part(random, kind), param: kind }) as IndexEntry));
  const pairs = some(
    random,
    2,
    (): IndexEntry => ({ kind: 'composite', param: 'pair', parts: [part(random, 'token'), part(random, 'range')] }),
  );
  return [...single, ...pairs];
}

export const randomKey = (random: Below): { type: string; id: string } => ({ type: pick(random, TYPES), id: pick(random, IDS) });

function comparison(random: Below): Comparison {
  return { bound: pick(random, ['low', 'high'] as const), is: pick(random, ['<', '<=', '>', '>='] as const), value: pick(random, NUMBERS) };
}

const range = (random: Below): RangeTest => ({
  kind: 'range',
  anyOf: Array.from({ length: 1 + random(2) }, () => some(random, 2, () => comparison(random))),
});

function test(random: Below, kind: string): IndexTest {
  const system = random(2) === 0 ? {} : { system: pick(random, SYSTEMS) };
  const code = random(3) === 0 ? {} : { code: pick(random, ['x', 'y', 'z']) };
  switch (kind) {
    case 'token': {
      if (random(4) === 0) return { kind, text: headOf(pick(random, STRINGS), 2) };
      if (random(4) === 0) {
        return { kind, anyOf: some(random, 3, () => ({ system: pick(random, SYSTEMS), code: pick(random, ['x', 'y', 'z']) })) };
      }
      return { kind, ...system, ...code };
    }
    case 'string':
      return {
        kind,
        mode: pick(random, ['startsWith', 'endsWith', 'contains', 'exact'] as const),
        value: headOf(pick(random, STRINGS), 1 + random(5)),
      };
    case 'reference': {
      if (random(4) === 0) return { kind, url: pick(random, URLS) };
      const [type, id] = [pick(random, TYPES), pick(random, IDS)];
      return pick(random, [
        { kind, type, id },
        { kind, type, id },
        { kind, id },
        { kind, id, types: [type, pick(random, TYPES)] },
        { kind, type },
      ] as const);
    }
    case 'range':
      return range(random);
    case 'quantity':
      return { kind, range: range(random), ...system, ...code };
    case 'pair':
      return { kind: 'composite', parts: [test(random, 'token'), test(random, 'range')] };
    default:
      return { kind: 'uri', mode: pick(random, ['exact', 'below', 'above'] as const), value: pick(random, URLS) };
  }
}

function randomClause(random: Below, depth: number): Clause {
  const nested = (): Clause => randomClause(random, depth - 1);
  const choice = random(depth > 0 ? 21 : 12);
  if (choice < 8) {
    const param = pick(random, [...KINDS, 'token', 'reference', 'pair']);
    return { op: 'match', param, test: test(random, param) };
  }
  if (choice === 8) return { op: 'missing', param: pick(random, [...KINDS, 'pair']), missing: random(2) === 0 };
  if (choice === 9) return { op: 'id', ids: some(random, 3, () => pick(random, IDS)) };
  if (choice === 10)
    return random(3) === 0
      ? { op: pick(random, ['all', 'none'] as const) }
      : { op: 'type', types: some(random, 2, () => pick(random, TYPES)) };
  if (choice === 11) return { op: 'lastUpdated', test: { kind: 'range', anyOf: [[{ ...comparison(random), value: random(40) }]] } };
  if (choice < 14) return { op: 'and', clauses: some(random, 3, nested) };
  if (choice < 16) return { op: 'or', clauses: some(random, 3, nested) };
  if (choice === 16) return { op: 'not', clause: nested() };
  if (choice < 19) {
    const where = nested();
    const contained = random(3) === 0 ? {} : { contained: random(3) === 0 ? nested() : where };
    return { op: 'chain', param: 'reference', types: random(2) === 0 ? [pick(random, TYPES)] : [...TYPES], where, ...contained };
  }
  if (choice === 19) return { op: 'referencedBy', type: pick(random, TYPES), param: 'reference', where: nested() };
  return { op: 'contains', types: random(2) === 0 ? [pick(random, TYPES)] : [...TYPES], where: nested() };
}

function sortKey(random: Below): SortKey {
  const descending = random(2) === 0;
  const choice = random(8);
  if (choice === 0) return { by: 'lastUpdated', descending };
  if (choice === 1) return { by: 'id', descending };
  const kind = pick(random, KINDS);
  return { by: 'param', param: kind, kind, descending };
}

export function randomQuery(random: Below): SearchQuery {
  const types = random(4) === 0 ? [] : random(3) === 0 ? ['Patient', 'Goal'] : [pick(random, TYPES)];
  const sort = random(3) === 0 ? [] : some(random, 2, () => sortKey(random));
  const inner: InnerQuery = {
    types: random(2) === 0 ? [pick(random, TYPES)] : [...TYPES],
    where: random(4) === 0 ? { op: 'all' } : randomClause(random, 2),
    ...(random(2) === 0 ? {} : { beside: randomClause(random, 2) }),
  };
  const where: Clause = random(4) === 0 ? { op: 'all' } : randomClause(random, 2);
  if (random(4) === 0) return { types, where, inner, sort, limit: 1 + random(5), total: pick(random, ['none', 'accurate'] as const) };
  return { types, where: randomClause(random, 3), sort, limit: 1 + random(12), total: pick(random, ['none', 'accurate'] as const) };
}
