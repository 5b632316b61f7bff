/**
 * Where a search starts: at the condition with the fewest matches, or at an index that holds the order asked for.
 *
 * Matches are counted up to a bound. Where more follow, those that an index gives in the order of creation tell by how
 * far apart they lie how many there are: the first thousand of a rare code reach further than those of a common one.
 */
import type { Clause, IndexTest, SearchQuery } from '../../search/query.ts';
import { clauseSource, sourceRank } from './compile-clause.ts';
import { sortColumn } from './compile-sort.ts';
import { type Dialect, SqlWriter } from './dialect.ts';
import { componentOf } from './keys.ts';
import { numberIn, type Row, type Steps } from './steps.ts';

export interface Start {
  /** The conjuncts, those with the fewest matches first: what is probed first should refuse most. */
  readonly conjuncts: readonly Clause[];
  /** True when an index leads to the matches of the first conjunct. */
  readonly indexed: boolean;
  /** Walk the resources in the order asked for instead, and stop when the page is full. */
  readonly walk: boolean;
  /** Beyond so many resources a walk would be much longer than it is taken to be, so that the matches lie elsewhere. Left out: nothing is known. */
  readonly steps?: number;
}

interface Candidate {
  readonly place: number;
  /** An index gives its matches in the order of creation. */
  readonly ordered: boolean;
}

interface Sized extends Candidate {
  /** Infinite when it is beyond the bound, and nothing more is known. */
  readonly size: number;
}

/** With fewer matches than this, no other start can be much better. */
export const FEW_BELOW = 64;
/** How far matches are counted, step by step, and from which bound on it is worth estimating. */
const COUNT_BOUNDS = [FEW_BELOW, 1_000, 8_000, 64_000] as const;
const ESTIMATE_FROM = 1_000;
/** Sources up to this rank give their matches in the order of creation. */
const ORDERED_RANK = 2;

/** True when an index gives the matches of `clause` in the order of creation. */
export function isInOrder(clause: Clause): boolean {
  return sourceRank(clause) <= ORDERED_RANK;
}

const CHAIN_TO_CODE_RANK = 4;

/** True for what most often has few matches: an id, a reference, a chain to one of them or to a code. */
function isLikelyFew(clause: Clause): boolean {
  switch (clause.op) {
    case 'id':
      return true;
    case 'match':
      return clause.test.kind === 'reference' && clause.test.id !== undefined;
    default:
      return (clause.op === 'chain' || clause.op === 'referencedBy') && sourceRank(clause) <= CHAIN_TO_CODE_RANK;
  }
}

/** Those that an index leads to, the likely best first. */
function candidatesOf(conjuncts: readonly Clause[]): (Candidate & { readonly rank: number })[] {
  return conjuncts
    .map((clause, place) => ({ place, rank: isComposite(clause) ? Number.POSITIVE_INFINITY : sourceRank(clause) }))
    .filter(({ rank }) => Number.isFinite(rank))
    .map((each) => ({ ...each, ordered: isInOrder(conjuncts[each.place] as Clause) }))
    .sort((a, b) => a.rank - b.rank);
}

/** Finds out whether few match the first of the conjuncts, which stand as they would be started from and probed. */
export type FewTest = (conjuncts: readonly Clause[]) => Steps<boolean>;

/** The start for `query`, whose conjuncts are these. */
export function* chooseStart(
  dialect: Dialect,
  query: SearchQuery,
  types: readonly string[],
  conjuncts: readonly Clause[],
  hasFew?: FewTest,
): Steps<Start> {
  const parts = conjuncts.flatMap(partsOf);
  if (parts.length === 0) return yield* chosenOf(dialect, query, types, conjuncts, hasFew);
  const opened = [...conjuncts.filter((clause) => !isComposite(clause)), ...parts, ...conjuncts.filter(isComposite)];
  const { conjuncts: ordered, ...start } = yield* chosenOf(dialect, query, types, opened, hasFew);
  // The composite says as much as its parts: only where one is begun with does it stand for itself.
  return { ...start, conjuncts: ordered.filter((clause, place) => place === 0 || !parts.includes(clause)) };
}

type Composite = Extract<Clause, { op: 'match' }> & { readonly test: Extract<IndexTest, { kind: 'composite' }> };

const isComposite = (clause: Clause): clause is Composite => clause.op === 'match' && clause.test.kind === 'composite';

/**
 * What each component of a composite asks for by itself. Of a common code with a rare value, the value is the start; to try
 * all components of whatever has the code, to learn how many there are, took longer than to answer.
 */
function partsOf(clause: Clause): readonly Clause[] {
  if (!isComposite(clause)) return [];
  return clause.test.parts.map((test, place) => ({ op: 'match', param: componentOf(clause.param, place), test }));
}

function* chosenOf(
  dialect: Dialect,
  query: SearchQuery,
  types: readonly string[],
  conjuncts: readonly Clause[],
  hasFew: FewTest = ([clause]) => countFew(dialect, types, clause as Clause),
): Steps<Start> {
  const candidates = candidatesOf(conjuncts).filter(({ place }) => hasSource(dialect, conjuncts[place] as Clause, types));
  const [first] = candidates;
  if (first === undefined) return { conjuncts, indexed: false, walk: true };
  const inOrder = query.sort.length === 0 && first.ordered;
  const walkable = !inOrder && canWalk(query, types);
  // A walk in the order of change begins and ends where the times asked for do.
  if (walkable && query.sort[0]?.by === 'lastUpdated' && candidates.every(({ place }) => conjuncts[place]?.op === 'lastUpdated'))
    return { conjuncts: firstOf(conjuncts, candidates), indexed: true, walk: true };
  const beginning = firstOf(conjuncts, [first]);
  if (candidates.length === 1 && !walkable) return { conjuncts: beginning, indexed: true, walk: false };
  if (isLikelyFew(conjuncts[first.place] as Clause) && (yield* hasFew(beginning)))
    return { conjuncts: beginning, indexed: true, walk: false };
  // A total is counted from the fewest, so that it matters which they are.
  const mayWalkWithoutCounts = walkable && query.total === 'none';
  let enough = Number.POSITIVE_INFINITY;
  for (const most of COUNT_BOUNDS) {
    const bound = Math.min(most, enough);
    const { sizes, highest } = yield* sizesUpTo(dialect, bound, types, conjuncts, candidates);
    sizes.sort((a, b) => (a.size === b.size ? 0 : a.size - b.size));
    const smallest = sizes[0]?.size ?? Number.POSITIVE_INFINITY;
    const worth = worthWalking(query.limit, highest);
    if (Number.isFinite(smallest) || (mayWalkWithoutCounts && bound >= worth))
      return {
        conjuncts: firstOf(conjuncts, sizes),
        indexed: true,
        walk: walkable && smallest >= worth,
        steps: Math.ceil(PATIENCE * worth),
      };
    if (mayWalkWithoutCounts) enough = Math.ceil(worth);
  }
  return { conjuncts: firstOf(conjuncts, candidates), indexed: true, walk: walkable };
}

/** True when an index leads to the matches. Of a plain condition its rank says so, and its SQL need not be made to find out. */
function hasSource(dialect: Dialect, clause: Clause, types: readonly string[]): boolean {
  return clause.op === 'match' || clauseSource(new SqlWriter(dialect), clause, types) !== undefined;
}

/** True when so few match that no other start can be much better, and none needs to be counted. */
function* countFew(dialect: Dialect, types: readonly string[], clause: Clause): Steps<boolean> {
  const sql = new SqlWriter(dialect);
  const few = `SELECT 1 FROM (${clauseSource(sql, clause, types)}) s LIMIT ${FEW_BELOW}`;
  const [row] = yield { sql: `SELECT count(*) AS matches FROM (${few}) b`, values: sql.values };
  return numberIn(row as Row, 'matches') < FEW_BELOW;
}

/** The conjuncts with these in front, in their order. */
function firstOf(conjuncts: readonly Clause[], candidates: readonly Candidate[]): readonly Clause[] {
  const places = candidates.map(({ place }) => place);
  return [...places.map((place) => conjuncts[place] as Clause), ...conjuncts.filter((_, place) => !places.includes(place))];
}

/**
 * The number of candidates from which walking an index in order is cheaper than sorting them: with n of N resources
 * matching, a page of `limit` is full after about limit × N / n steps.
 */
function worthWalking(limit: number, resources: number): number {
  return Math.sqrt(2 * (limit + 1) * resources);
}

/** From the start that is worth it, a walk takes half as many steps as there are matches. What lies together elsewhere is not met by then. */
const PATIENCE = 4;

/** True when an index holds the resources in the order of the query. */
export function canWalk(query: SearchQuery, types: readonly string[]): boolean {
  const [key, ...others] = query.sort;
  if (key === undefined) return true;
  if (others.length > 0 || types.length > 1) return false;
  if (key.by === 'param') return sortColumn(key) !== 'value';
  return key.by === 'lastUpdated';
}

/** How many matches each candidate has, and the number of the resource created last. */
function* sizesUpTo(
  dialect: Dialect,
  bound: number,
  types: readonly string[],
  conjuncts: readonly Clause[],
  candidates: readonly Candidate[],
): Steps<{ sizes: Sized[]; highest: number }> {
  const sql = new SqlWriter(dialect);
  const counted = candidates.map(({ place }, n) => {
    const source = clauseSource(sql, conjuncts[place] as Clause, types);
    return `(SELECT count(*) AS c${n}, max(b.rid) AS m${n} FROM (SELECT s.rid FROM (${source}) s LIMIT ${bound}) b) k${n}`;
  });
  const from = ['(SELECT max(rid) AS highest FROM resource) h', ...counted].join(' CROSS JOIN ');
  const [row = {}] = yield { sql: `SELECT * FROM ${from}`, values: sql.values };
  const highest = Number(row.highest ?? 0);
  return { sizes: candidates.map((candidate, n) => ({ ...candidate, size: sizeOf(row, n, candidate, bound, highest) })), highest };
}

function sizeOf(row: Row, n: number, { ordered }: Candidate, bound: number, highest: number): number {
  const count = numberIn(row, `c${n}`);
  if (count < bound) return count;
  return ordered && bound >= ESTIMATE_FROM ? (count * highest) / numberIn(row, `m${n}`) : Number.POSITIVE_INFINITY;
}
