/**
 * A store in memory that answers a SearchQuery by looking at every resource: slow, plain, and what the others are
 * compared with.
 */
import type { CompositePart, IndexEntry } from '../../server/search/index-entry.ts';
import type { Clause, Comparison, CursorPosition, IndexTest, RangeTest, SearchQuery, SortKey } from '../../server/search/query.ts';
import type { ResourceStore, ResourceWrite, SearchMatch, SearchPage } from '../../server/store/resource-store.ts';

/** What a table of search cases needs of a store. */
export type SearchableStore = Pick<ResourceStore, 'transact' | 'search' | 'referencesFrom' | 'referencesTo'>;

/** A new, empty store in memory. */
export function openMemoryStore(nowMs: () => number = () => 0): SearchableStore {
  const all = new Map<string, ResourceWrite>();
  return {
    async transact(plan) {
      const { writes, result } = plan.build({ nowMs: nowMs(), version: (type, id) => all.get(`${type}/${id}`), searches: [] });
      for (const write of writes) all.set(`${write.type}/${write.id}`, write);
      return result;
    },
    async search(query) {
      return searchPage(all, query);
    },
    async referencesFrom(sources, params, targetType) {
      const ways = params ?? [undefined];
      const targets = sources.flatMap((key) => ways.flatMap((param) => references(all.get(`${key.type}/${key.id}`), param)));
      const isThere = ({ type, id }: (typeof targets)[number]) => typeof all.get(`${type}/${id}`)?.json === 'string';
      return unique(targets.filter((key) => isThere(key) && (targetType === undefined || key.type === targetType)));
    },
    async referencesTo(targets, type, param, limit) {
      const wanted = new Set(targets.map((key) => `${key.type}/${key.id}`));
      const found = [...all.values()].filter(
        (each) => (type === undefined || each.type === type) && references(each, param).some((key) => wanted.has(`${key.type}/${key.id}`)),
      );
      return unique(found).slice(0, limit);
    },
  };
}

function searchPage(all: ReadonlyMap<string, ResourceWrite>, query: SearchQuery): SearchPage {
  const current = [...all.values()].filter((write) => write.json !== null);
  const matching = current.filter(
    (write) => (query.types.length === 0 || query.types.includes(write.type)) && holds(all, query.where, write),
  );
  const own = (write: ResourceWrite): SearchMatch => ({ ...write, json: write.json as string, position: positionOf(write, query.sort) });
  const { inner } = query;
  const beside = current.filter((write) => inner?.types.includes(write.type) && holds(all, inner.beside ?? { op: 'none' }, write));
  const placed =
    inner === undefined
      ? matching.map(own)
      : [
          ...beside.map(own),
          ...matching.flatMap((write) =>
            containedIn(write, inner.types)
              .filter((each) => holdsWithin(all, inner.where, each))
              .map((each) => innerMatch(each, query.sort)),
          ),
        ];
  placed.sort((a, b) => compareAt(query.sort, a.position, b.position));
  const { after, before } = query;
  const rest = placed.filter(
    ({ position }) =>
      (after === undefined || compareAt(query.sort, position, after) > 0) &&
      (before === undefined || compareAt(query.sort, position, before) < 0),
  );
  const matches = before === undefined ? rest.slice(0, query.limit) : rest.slice(Math.max(0, rest.length - query.limit));
  return { matches, more: rest.length > matches.length, ...(query.total === 'none' ? {} : { total: placed.length }) };
}

function innerMatch({ container, ...inner }: Inner, sort: readonly SortKey[]): SearchMatch {
  const local = inner.index.find((entry) => entry.kind === 'token' && entry.param === '_id');
  const innerId = local?.kind === 'token' ? (local.code as string) : '';
  const values = sort.map((key) => {
    if (key.by === 'id') return innerId;
    return key.by === 'lastUpdated' ? null : sortValue({ ...container, index: inner.index }, key);
  });
  const position = { type: container.type, id: container.id, values, inner: inner.number };
  return { ...container, json: container.json as string, innerId, position };
}

function holds(all: ReadonlyMap<string, ResourceWrite>, clause: Clause, write: ResourceWrite): boolean {
  const each = (inner: Clause): boolean => holds(all, inner, write);
  switch (clause.op) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'and':
      return clause.clauses.every(each);
    case 'or':
      return clause.clauses.some(each);
    case 'not':
      return !each(clause.clause);
    case 'match':
      return write.index.some((entry) => entry.param === clause.param && passes(entry, clause.test));
    case 'missing':
      return write.index.some((entry) => entry.param === clause.param) !== clause.missing;
    case 'id':
      return clause.ids.includes(write.id);
    case 'type':
      return clause.types.includes(write.type);
    case 'lastUpdated':
      return inRange(clause.test, write.lastUpdatedMs, write.lastUpdatedMs);
    case 'chain': {
      const { contained, types, where } = clause;
      const leads = references(write, clause.param).some((key) => {
        const target = all.get(`${key.type}/${key.id}`);
        return target?.json != null && types.includes(target.type) && holds(all, where, target);
      });
      return leads || (contained !== undefined && inside(write, clause.param, types).some((each) => holdsWithin(all, contained, each)));
    }
    case 'referencedBy':
      return [...all.values()].some(
        (source) =>
          source.json !== null &&
          source.type === clause.type &&
          references(source, clause.param).some((key) => key.type === write.type && key.id === write.id) &&
          holds(all, clause.where, source),
      );
    case 'contains':
      return containedIn(write, clause.types).some((each) => holdsWithin(all, clause.where, each));
  }
}

/** What a resource contains of these types, told by its id; what a Bundle holds has none. */
function containedIn(write: ResourceWrite, types: readonly string[]): Inner[] {
  return write.index.flatMap((entry) => {
    const isContained = entry.kind === 'contained' && types.includes(entry.type) && entry.entries.some(({ param }) => param === '_id');
    return isContained ? [{ ...write, type: entry.type, index: entry.entries, number: entry.number, container: write }] : [];
  });
}

/** A contained resource, as if it were one by itself, with the one that contains it. */
interface Inner extends ResourceWrite {
  readonly number: number;
  readonly container: ResourceWrite;
}

/** What a resource, or what it contains, leads to within itself. */
function inside(write: ResourceWrite | Inner, param: string, types: readonly string[]): Inner[] {
  const container = 'container' in write ? write.container : write;
  return write.index.flatMap((entry) => {
    if (entry.kind !== 'reference' || entry.param !== param || entry.inside === undefined) return [];
    const { number, type } = entry.inside;
    if (!types.includes(type)) return [];
    const found = container.index.find((each) => each.kind === 'contained' && each.number === number);
    return found?.kind === 'contained' ? [{ ...container, type, index: found.entries, number, container }] : [];
  });
}

function holdsWithin(all: ReadonlyMap<string, ResourceWrite>, clause: Clause, inner: Inner): boolean {
  switch (clause.op) {
    case 'and':
      return clause.clauses.every((each) => holdsWithin(all, each, inner));
    case 'or':
      return clause.clauses.some((each) => holdsWithin(all, each, inner));
    case 'not':
      return !holdsWithin(all, clause.clause, inner);
    case 'id':
    case 'lastUpdated':
    case 'contains':
      return false;
    case 'chain': {
      const { contained, param, types } = clause;
      const { contained: _contained, ...out } = clause;
      return (
        holds(all, out, inner) || (contained !== undefined && inside(inner, param, types).some((each) => holdsWithin(all, contained, each)))
      );
    }
    case 'referencedBy': {
      const { container, number } = inner;
      const points = (entry: IndexEntry) => entry.kind === 'reference' && entry.param === clause.param && entry.inside?.number === number;
      return container.type === clause.type && container.index.some(points) && holds(all, clause.where, container);
    }
    default:
      return holds(all, clause, inner);
  }
}

function passes(entry: IndexEntry | CompositePart, test: IndexTest): boolean {
  if (test.kind === 'composite') {
    if (entry.kind !== 'composite') return false;
    const { parts } = entry;
    return test.parts.every((part, at) => passes(parts[at] as CompositePart, part));
  }
  if (test.kind === 'token' && entry.kind === 'token') {
    if (test.system !== undefined && test.system !== entry.system) return false;
    if (test.code !== undefined && test.code !== entry.code) return false;
    if (test.text !== undefined && entry.text?.startsWith(test.text) !== true) return false;
    return test.anyOf === undefined || test.anyOf.some((one) => one.system === entry.system && one.code === entry.code);
  }
  if (test.kind === 'string' && entry.kind === 'string') {
    if (test.mode === 'exact') return entry.value === test.value;
    if (test.mode === 'whole') return entry.normalized === test.value;
    if (test.mode === 'endsWith') return entry.normalized.endsWith(test.value);
    return test.mode === 'contains' ? entry.normalized.includes(test.value) : entry.normalized.startsWith(test.value);
  }
  if (test.kind === 'reference' && entry.kind === 'reference') {
    if (test.url !== undefined) return entry.url === test.url;
    if (test.versionOf !== undefined) return entry.url?.startsWith(`${test.versionOf}|`) === true;
    if (test.types?.some((type) => type === entry.type) === false) return false;
    return entry.id !== null && (test.id === undefined || test.id === entry.id) && (test.type === undefined || test.type === entry.type);
  }
  if (test.kind === 'range' && entry.kind === 'range') return inRange(test, entry.low, entry.high);
  if (test.kind === 'quantity' && entry.kind === 'quantity') {
    if (test.system !== undefined && test.system !== entry.system) return false;
    return (test.code === undefined || test.code === entry.code) && inRange(test.range, entry.low, entry.high);
  }
  if (test.kind === 'uri' && entry.kind === 'uri') {
    if (test.mode === 'exact') return entry.value === test.value;
    return test.mode === 'below' ? isBelow(entry.value, test.value) : isBelow(test.value, entry.value);
  }
  return false;
}

/** True when `uri` is `head` or lies below it. */
function isBelow(uri: string, head: string): boolean {
  return uri === head || uri.startsWith(head.endsWith('/') ? head : `${head}/`);
}

function inRange(test: RangeTest, low: number, high: number): boolean {
  return test.anyOf.some((comparisons) => comparisons.every((comparison) => compare(comparison, comparison.bound === 'low' ? low : high)));
}

function compare({ is, value }: Comparison, bound: number): boolean {
  switch (is) {
    case '<':
      return bound < value;
    case '<=':
      return bound <= value;
    case '>':
      return bound > value;
    case '>=':
      return bound >= value;
  }
}

function references(write: ResourceWrite | undefined, param: string | undefined): readonly { type: string; id: string }[] {
  return (write?.index ?? []).flatMap((entry) =>
    entry.kind === 'reference' && entry.type !== null && entry.id !== null && (param === undefined || entry.param === param)
      ? [{ type: entry.type, id: entry.id }]
      : [],
  );
}

function unique<Key extends { readonly type: string; readonly id: string }>(keys: readonly Key[]): readonly { type: string; id: string }[] {
  return [...new Map(keys.map(({ type, id }) => [`${type}/${id}`, { type, id }])).values()];
}

function positionOf(write: ResourceWrite, sort: readonly SortKey[]): CursorPosition {
  return { type: write.type, id: write.id, values: sort.map((key) => sortValue(write, key)) };
}

function sortValue(write: ResourceWrite, key: SortKey): string | number | null {
  if (key.by === 'id') return write.id;
  if (key.by === 'lastUpdated') return write.lastUpdatedMs;
  const values = write.index.filter((entry) => entry.param === key.param).flatMap((entry) => valueToSortBy(entry, key.descending) ?? []);
  const sorted = values.sort(compareValues);
  return (key.descending ? sorted.at(-1) : sorted[0]) ?? null;
}

function valueToSortBy(entry: IndexEntry, descending: boolean): string | number | null {
  switch (entry.kind) {
    case 'string':
      return entry.order ?? entry.normalized;
    case 'token':
      return entry.code;
    case 'reference':
      return entry.id ?? entry.url;
    case 'uri':
      return entry.value;
    case 'range':
    case 'quantity':
      return descending ? entry.high : entry.low;
    case 'composite':
    case 'contained':
      return null;
  }
}

function compareAt(sort: readonly SortKey[], a: CursorPosition, b: CursorPosition): number {
  for (const [at, key] of sort.entries()) {
    const [x, y] = [a.values[at] ?? null, b.values[at] ?? null];
    if (x === y) continue;
    if (x === null || y === null) return x === null ? 1 : -1;
    return key.descending ? compareValues(y, x) : compareValues(x, y);
  }
  return compareValues(`${a.type}/${a.id}`, `${b.type}/${b.id}`) || compareValues(a.inner ?? 0, b.inner ?? 0);
}

function compareValues(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
