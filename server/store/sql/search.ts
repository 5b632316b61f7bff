/**
 * Searching: from a query to a page of resources.
 *
 * A search starts from the condition with the fewest matches (see choose-start.ts) and probes the rest for each
 * candidate. When every start is large and the order has an index, it walks that index instead and stops at the end of
 * the page: the newest twenty of many do not read all of them.
 */
import type { Clause, CursorPosition, RangeTest, SearchQuery, SortKey } from '../../search/query.ts';
import type { SearchPage } from '../resource-store.ts';
import { columnsWithin, fitting, isLarge, withTexts } from './bounded-texts.ts';
import { canWalk, chooseStart, FEW_BELOW, type FewTest, isInOrder } from './choose-start.ts';
import { clauseCondition, clauseSource, conjunctsOf } from './compile-clause.ts';
import { beyond, nearby, orderTerms, type SortedRows, sortColumn, sortExpression, sortedRows, sortValue } from './compile-sort.ts';
import { all, instantCondition, testCondition } from './compile-test.ts';
import { withoutAbsent } from './contained-presence.ts';
import { type Dialect, SqlWriter } from './dialect.ts';
import { type JoinedMatch, joinedColumns, joinRows, mayBeJoined, readJoined } from './joined-texts.ts';
import { paramKeyOf } from './keys.ts';
import { plainStatement } from './plain-search.ts';
import { paramIn, typeIn } from './row-conditions.ts';
import { innerSteps } from './search-inner.ts';
import { numberIn, type Row, type Statement, type Steps, textOf } from './steps.ts';
import { matchOf } from './version-row.ts';

interface Plan {
  readonly dialect: Dialect;
  readonly query: SearchQuery;
  readonly types: readonly string[];
  readonly conjuncts: readonly Clause[];
  /** True when it walks an index in the order asked for, false when it starts from the first conjunct. */
  readonly walks: boolean;
  /** It walks no further than so many numbers of resources. */
  readonly within?: number;
  /** The matches of the first conjunct stand in a table `few` of the statement. */
  readonly few?: true;
}

/** The page of `query`, with its total when asked for. */
export function* searchSteps(dialect: Dialect, query: SearchQuery): Steps<SearchPage> {
  const types = query.types.length > 0 ? query.types : yield* presentTypes();
  if (types.length === 0) return { matches: [], more: false, ...(query.total === 'none' ? {} : { total: 0 }) };
  if (query.inner !== undefined) return yield* innerSteps(dialect, query, query.inner, types);
  const plain = plainStatement(dialect, query, () => startingFrom({ dialect, query, types, conjuncts: [query.where], walks: false }));
  if (plain !== undefined) return yield* pageOf(dialect, query, yield plain);
  return yield* withoutAbsent(dialect, query.where, types, (where) => searchWhere(dialect, query, types, where));
}

function* searchWhere(dialect: Dialect, query: SearchQuery, types: readonly string[], where: Clause): Steps<SearchPage> {
  const ofFew: SearchPage[] = [];
  const askFew: FewTest = function* (conjuncts) {
    ofFew.push(...(yield* fewSteps({ dialect, query, types, conjuncts, walks: false })));
    return ofFew.length > 0;
  };
  const fewTest = dialect.asksFewAtOnce === true && query.limit > 0 ? askFew : undefined;
  const { conjuncts, indexed, walk, steps } = yield* chooseStart(dialect, query, types, conjunctsOf(where), fewTest);
  const plan = { dialect, query, types, conjuncts, walks: walk };
  const paging = walk && indexed && query.sort.length === 0 && steps !== undefined ? patientSteps(plan, steps) : pageSteps(plan);
  const page = ofFew[0] ?? (query.limit > 0 ? yield* paging : { matches: [], more: false });
  if (query.total === 'none') return page;
  const whole = query.limit > 0 && !page.more && query.after === undefined && query.before === undefined;
  if (whole) return { ...page, total: page.matches.length };
  return { ...page, total: yield* totalSteps({ ...plan, walks: !indexed }) };
}

/** From so many matches on, an estimate is reckoned from where they lie. */
const COUNTED_AT_MOST = 1_000;

/**
 * How many match: counted, or, when an estimate will do and more than a thousand match, reckoned from how far the first
 * thousand reach among all resources, where an index gives them in the order of creation.
 */
function* totalSteps(plan: Plan): Steps<number> {
  const { query, types, walks, conjuncts } = plan;
  const inOrder = types.length === 1 && (walks || isInOrder(conjuncts[0] as Clause));
  if (query.total === 'estimate' && inOrder) {
    const [row = {}] = yield reachStatement(plan);
    const [matches, reach, highest] = [numberIn(row, 'matches'), numberIn(row, 'reach'), numberIn(row, 'highest')];
    return matches <= COUNTED_AT_MOST ? matches : Math.round((matches * highest) / reach);
  }
  const [counted] = yield countStatement(plan);
  return numberIn(counted as Row, 'total');
}

/** The types that have a current resource, found by skipping along an index. */
function* presentTypes(): Steps<readonly string[]> {
  const next = (after: string): string => `SELECT min(type) FROM resource WHERE deleted = 0${after}`;
  const sql = `WITH RECURSIVE present(type) AS (SELECT (${next('')}) UNION ALL SELECT (${next(' AND type > present.type')}) FROM present WHERE present.type IS NOT NULL) SELECT type FROM present WHERE type IS NOT NULL`;
  return (yield { sql, values: [] }).map((row) => textOf(row, 'type'));
}

/**
 * A walk in the order of creation that ends after so many numbers of resources: what was measured lately was created
 * lately, so that all that is older would be gone through first. Where the page is not full by then, it is made from the
 * matches of the first conjunct.
 */
function* patientSteps(plan: Plan, steps: number): Steps<SearchPage> {
  const page = yield* pageSteps({ ...plan, within: steps });
  return page.more ? page : yield* pageSteps({ ...plan, walks: false });
}

function* pageSteps(plan: Plan): Steps<SearchPage> {
  const { query } = plan;
  // A search that starts from few matches ends with few, and joining those costs more than it saves.
  const isJoined = plan.walks && plan.dialect.joinsTexts === true && query.before === undefined && mayBeJoined(query.sort);
  if (isJoined && query.entriesBelow !== undefined) {
    const joined = yield* joinedSteps(plan, query.entriesBelow);
    if (joined !== undefined) return joined;
  }
  const areBytes = plan.walks && plan.dialect.givesBytes === true && query.before === undefined && query.entriesBelow !== undefined;
  const rows: Row[] = [];
  for (const [place, keys] of keySelects(plan).entries()) {
    const fetching = fetchStatement(plan, keys);
    // A resource may come from among those that the first found to those that the second finds.
    const asked = place === 0 ? fetching : ({ ...fetching, isOfOneMoment: true } as const);
    rows.push(...(yield areBytes ? { ...asked, asBytes: 'json' } : asked));
    if (rows.length > query.limit) break;
  }
  if (!areBytes || !isOfAPiece(query, rows)) return yield* pageOf(plan.dialect, query, rows);
  return { ...joinRows(rows.slice(0, query.limit), query.entriesBelow as string, query.sort), more: rows.length > query.limit };
}

/** True where all texts are there, and there is room for them. */
function isOfAPiece({ bytesMax }: SearchQuery, rows: readonly Row[]): boolean {
  return !rows.some(isLarge) && fitting(rows, bytesMax).length === rows.length;
}

/** The page that these rows are, of which there is one too many where more follow. */
function* pageOf(dialect: Dialect, query: SearchQuery, rows: readonly Row[]): Steps<SearchPage> {
  const shown = fitting(rows.slice(0, query.limit), query.bytesMax);
  const matches = (yield* withTexts(dialect, shown)).map((row) => matchOf(row, query.sort));
  return { matches: query.before === undefined ? matches : matches.reverse(), more: rows.length > shown.length };
}

/** The page in a list, where few match the first conjunct, and an empty list otherwise: both are found out by one statement. */
function* fewSteps(plan: Plan): Steps<readonly SearchPage[]> {
  const rows = yield fewStatement({ ...plan, few: true });
  if (numberIn(rows[0] as Row, 'few') >= FEW_BELOW) return [];
  const found = rows.filter(({ rid }) => rid !== null);
  return [yield* pageOf(plan.dialect, plan.query, found)];
}

/** The page in key order that starts from the first conjunct. */
function startingFrom(plan: Plan): Statement {
  return fetchStatement(plan, inKeyOrder(plan));
}

/** The page with its texts in one; what follows the page is cut off. Undefined where texts are too large for that. */
function* joinedSteps(plan: Plan, baseUrl: string): Steps<SearchPage | undefined> {
  const { limit, sort, bytesMax = Number.POSITIVE_INFINITY } = plan.query;
  let bytes = 0;
  const matches: JoinedMatch[] = [];
  const entries: Uint8Array[] = [];
  for (const { sql, select } of keySelects(plan)) {
    const joined = `SELECT ${joinedColumns(sql, baseUrl, sort)} ${versionsOf(plan.dialect, select)}`;
    const [row = {}] = yield { sql: joined, values: sql.values };
    const part = readJoined(row, baseUrl);
    bytes += part.entries.length;
    if (part.hasLarge || bytes > bytesMax) return undefined;
    const taken = part.matches.slice(0, limit - matches.length);
    const last = taken.at(-1);
    if (last !== undefined) entries.push(part.entries.subarray(0, last.end));
    matches.push(...taken);
    if (taken.length < part.matches.length) return { matches, more: true, entries };
  }
  return { matches, more: false, entries };
}

interface KeySelect {
  readonly sql: SqlWriter;
  /** Selects `rid` and the sort values `s0` … of one page and one more. */
  readonly select: string;
}

/** One select, or two where the walk takes resources with and without a sort value one after the other. */
function keySelects(plan: Plan): readonly KeySelect[] {
  const { query, walks } = plan;
  const [key] = query.sort;
  if (walks && key !== undefined && canWalk(query, plan.types)) {
    if (key.by === 'lastUpdated') return [walkByUpdate(plan, key)];
    if (key.by === 'param' && plan.conjuncts.some((clause) => isOfValue(clause, key))) return [walkByParam(plan, key)];
    if (key.by === 'param') {
      const position = query.after ?? query.before;
      const beyondValues = position !== undefined && position.values[0] === null;
      if (query.before !== undefined) return [...(beyondValues ? [walkWithout(plan, key)] : []), walkByParam(plan, key)];
      return [...(beyondValues ? [] : [walkByParam(plan, key)]), walkWithout(plan, key)];
    }
  }
  return [key === undefined ? inKeyOrder(plan) : sorted(plan)];
}

/** Candidates as a table with column `rid`, the conditions already met by it left out of `rest`. */
function candidates(plan: Plan, sql: SqlWriter): { from: string; rest: readonly Clause[] } {
  const { walks, conjuncts, types } = plan;
  const [first, ...rest] = conjuncts;
  if (plan.few === true) return { from: 'SELECT few.rid AS rid FROM few', rest };
  if (!walks && first !== undefined) {
    const source = clauseSource(sql, first, types) as string;
    // What does not come in the order of creation is found first: the planner would go through all there is in that order instead, in the hope that the page is soon full.
    return { from: isInOrder(first) ? source : sql.dialect.fence(source), rest };
  }
  const r = sql.alias('r');
  const ofType = types.length === 1 ? typeIn(sql, r, types) : typeIn(sql, r, types).replace(`${r}.type`, sql.dialect.plain(`${r}.type`));
  return { from: `SELECT ${r}.rid AS rid FROM resource ${r} WHERE ${r}.deleted = 0 AND ${ofType}`, rest: conjuncts };
}

const conditions = (plan: Plan, sql: SqlWriter, rest: readonly Clause[], rid: string): string[] =>
  rest.map((clause) => clauseCondition(sql, clause, plan.types, rid));

function limitOf(plan: Plan, sql: SqlWriter): string {
  return sql.limit(plan.query.limit + 1);
}

function cursor(plan: Plan, sql: SqlWriter, column: (place: number) => string, rid: string): string[] {
  const position: CursorPosition | undefined = plan.query.after ?? plan.query.before;
  if (position === undefined) return [];
  return [beyond(sql, plan.query.sort, position, plan.query.before !== undefined, column, rid)];
}

/** That a resource is no further from where the walk begins than it goes. */
function near({ query, types, within }: Plan, sql: SqlWriter, rid: string): string[] {
  return within === undefined ? [] : [nearby(sql, types, query, within, rid)];
}

function inKeyOrder(plan: Plan): KeySelect {
  const sql = new SqlWriter(plan.dialect);
  const { from, rest } = candidates(plan, sql);
  const where = all([...near(plan, sql, 'c.rid'), ...conditions(plan, sql, rest, 'c.rid'), ...cursor(plan, sql, String, 'c.rid')]);
  const order = orderTerms([], plan.query.before !== undefined, 'c.');
  const distinct = plan.walks ? '' : 'DISTINCT ';
  return { sql, select: `SELECT ${distinct}c.rid AS rid FROM (${from}) c WHERE ${where} ORDER BY ${order} ${limitOf(plan, sql)}` };
}

function sorted(plan: Plan): KeySelect {
  const sql = new SqlWriter(plan.dialect);
  const { from, rest } = candidates(plan, sql);
  const distinct = plan.walks ? from : `SELECT DISTINCT u.rid AS rid FROM (${from}) u`;
  const values = plan.query.sort.map((key, place) => `, ${sortExpression(sql, key, plan.types, 'c.rid')} AS s${place}`);
  const matching = `SELECT c.rid AS rid${values.join('')} FROM (${distinct}) c WHERE ${all(conditions(plan, sql, rest, 'c.rid'))}`;
  const where = all(cursor(plan, sql, (place) => `q.s${place}`, 'q.rid'));
  const order = orderTerms(plan.query.sort, plan.query.before !== undefined, 'q.');
  return { sql, select: `SELECT q.* FROM (${matching}) q WHERE ${where} ORDER BY ${order} ${limitOf(plan, sql)}` };
}

/** Along the indexes of the sort values, from the one or the other row, whichever comes first. */
function walkByParam(plan: Plan, key: Extract<SortKey, { by: 'param' }>): KeySelect {
  const sql = new SqlWriter(plan.dialect);
  const backwards = plan.query.before !== undefined;
  const parts = sortedRows(key).map((rows) => walkAlong(plan, sql, key, rows));
  const order = `ORDER BY s0${key.descending !== backwards ? ' DESC' : ''}, rid${backwards ? ' DESC' : ''} ${limitOf(plan, sql)}`;
  const ordered = parts.length === 1 ? parts : parts.map((part) => sql.dialect.inOrder(part, order));
  return { sql, select: `${ordered.join(' UNION ALL ')} ${order}` };
}

/** True for a condition on what is sorted by: nothing without a value meets it. */
function isOfValue(clause: Clause, { param }: Extract<SortKey, { by: 'param' }>): boolean {
  return clause.op === 'match' && clause.param === param && clause.test.kind !== 'composite';
}

/** Along one index; of several entries only the one counts that the resource is sorted by. */
function walkAlong(plan: Plan, sql: SqlWriter, key: Extract<SortKey, { by: 'param' }>, rows: SortedRows): string {
  const { query, types } = plan;
  const backwards = query.before !== undefined;
  const column = `d.${rows.column}`;
  const other = sortValue(key, (name) => sql.dialect.plain(`o.${name}`));
  const sooner = `${other} ${key.descending ? '>' : '<'} ${column} OR (${other} = ${column} AND o.n < d.n)`;
  const position = query.after ?? query.before;
  const bound = position?.values[0] ?? null;
  const seek = bound === null ? [] : [`${column} ${key.descending !== backwards ? '<=' : '>='} ${sql.bind(bound)}`];
  // Of the only value that a resource has, the row that is come by tells.
  const isOnRow = (clause: Clause): boolean => clause.op === 'match' && clause.once === true && clause.param === key.param;
  const ofRow = plan.conjuncts.flatMap((clause) => (clause.op === 'match' && isOnRow(clause) ? [clause.test as RangeTest] : []));
  const others = plan.conjuncts.filter((clause) => !isOnRow(clause));
  const where = all([
    `d.param = ${sql.bind(paramKeyOf(types[0] as string, key.param))}`,
    rows.among(sql.dialect, 'd'),
    ...seek,
    ...(bound === null && !backwards ? [] : cursor(plan, sql, () => column, 'd.rid')),
    ...ofRow.map((test) => testCondition(sql, test, (name) => sql.dialect.plain(`d.${name}`))),
    ...conditions(plan, sql, others, 'd.rid'),
    `NOT ${sql.dialect.probe(`SELECT 1 FROM entry o WHERE o.rid = d.rid AND o.param = d.param AND (${sooner})`)}`,
  ]);
  return `SELECT d.rid AS rid, ${column} AS s0 FROM entry d WHERE ${where}`;
}

/** The resources that have no value to sort by, in key order. */
function walkWithout(plan: Plan, key: Extract<SortKey, { by: 'param' }>): KeySelect {
  const sql = new SqlWriter(plan.dialect);
  const { query, types } = plan;
  const position = query.after ?? query.before;
  const within = position !== undefined && position.values[0] === null;
  const where = all([
    'r.deleted = 0',
    typeIn(sql, 'r', types),
    ...(within ? [beyond(sql, [], position, query.before !== undefined, String, 'r.rid')] : []),
    ...conditions(plan, sql, plan.conjuncts, 'r.rid'),
    `NOT ${sql.dialect.probe(`SELECT 1 FROM entry o WHERE o.rid = r.rid AND ${paramIn(sql, 'o', [key.param], types)} AND ${sql.dialect.plain(`o.${sortColumn(key)}`)} IS NOT NULL`)}`,
  ]);
  const order = orderTerms([], query.before !== undefined, 'r.');
  return { sql, select: `SELECT r.rid AS rid, NULL AS s0 FROM resource r WHERE ${where} ORDER BY ${order} ${limitOf(plan, sql)}` };
}

function walkByUpdate(plan: Plan, key: SortKey): KeySelect {
  const sql = new SqlWriter(plan.dialect);
  const { query, types } = plan;
  const backwards = query.before !== undefined;
  const position = query.after ?? query.before;
  const bound = position?.values[0] ?? null;
  const descending = key.descending !== backwards;
  const seek = bound === null ? [] : [`r.updated ${descending ? '<=' : '>='} ${sql.bind(bound)}`];
  // Times that are asked for bound the walk itself, as the place does from which it goes on.
  const times = plan.conjuncts.flatMap((clause) => (clause.op === 'lastUpdated' ? [instantCondition(sql, clause.test, 'r.updated')] : []));
  const others = plan.conjuncts.filter(({ op }) => op !== 'lastUpdated');
  const where = all([
    'r.deleted = 0',
    typeIn(sql, 'r', types),
    ...seek,
    ...times,
    ...cursor(plan, sql, () => 'r.updated', 'r.rid'),
    ...conditions(plan, sql, others, 'r.rid'),
  ]);
  const order = `r.updated${descending ? ' DESC' : ''}, r.rid${backwards ? ' DESC' : ''}`;
  return { sql, select: `SELECT r.rid AS rid, r.updated AS s0 FROM resource r WHERE ${where} ORDER BY ${order} ${limitOf(plan, sql)}` };
}

/** The resources behind a page of keys, in the order of the page. */
function fetchStatement({ query, dialect }: Plan, { sql, select }: KeySelect): Statement {
  const values = query.sort.map((_, place) => `, p.s${place} AS s${place}`).join('');
  const order = orderTerms(query.sort, query.before !== undefined, 'p.');
  return {
    sql: `SELECT ${columnsWithin(query.bytesMax)}${values} ${versionsOf(dialect, select)}${dialect.orderOfJoin(order)}`,
    values: sql.values,
  };
}

/** The same for few candidates, with how many those are in each row, and a row of that alone where there is no match. */
function fewStatement(plan: Plan): Statement {
  const { query, dialect, types, conjuncts } = plan;
  const [{ sql, select }] = keySelects(plan) as [KeySelect];
  const source = clauseSource(sql, conjuncts[0] as Clause, types);
  const values = query.sort.map((_, place) => `, p.s${place} AS s${place}`).join('');
  const page = `SELECT ${columnsWithin(query.bytesMax)}, p.rid AS rid${values} ${versionsOf(dialect, select)}`;
  const few = `SELECT s.rid AS rid FROM (${source}) s ${sql.limit(FEW_BELOW)}`;
  const order = dialect.orderOfJoin(orderTerms(query.sort, query.before !== undefined, 'm.'));
  const all = `(SELECT count(*) AS few FROM few) n LEFT JOIN (${page}) m ON 1 = 1`;
  return { sql: `WITH few AS MATERIALIZED (${few}) SELECT m.*, n.few AS few FROM ${all}${order}`, values: sql.values };
}

/** The current versions `v` of the resources that a select `p` gives. */
function versionsOf(dialect: Dialect, select: string): string {
  return `FROM (${select}) p CROSS JOIN resource r CROSS JOIN version v WHERE r.rid = p.rid AND ${dialect.currentVersion('r', 'v')}`;
}

function countStatement(plan: Plan): Statement {
  const sql = new SqlWriter(plan.dialect);
  const { from, rest } = candidates(plan, sql);
  const counted = plan.walks ? 'count(*)' : 'count(DISTINCT c.rid)';
  const where = all(conditions(plan, sql, rest, 'c.rid'));
  return { sql: `SELECT ${counted} AS total FROM (${from}) c WHERE ${where}`, values: sql.values };
}

/** How many match, no more than one beyond the bound, the number of the last of them, and that of the resource created last. */
function reachStatement(plan: Plan): Statement {
  const sql = new SqlWriter(plan.dialect);
  const { from, rest } = candidates(plan, sql);
  const where = all(conditions(plan, sql, rest, 'c.rid'));
  const first = `SELECT ${plan.walks ? '' : 'DISTINCT '}c.rid AS rid FROM (${from}) c WHERE ${where} ORDER BY c.rid LIMIT ${COUNTED_AT_MOST + 1}`;
  const highest = '(SELECT max(rid) FROM resource)';
  return { sql: `SELECT count(*) AS matches, max(b.rid) AS reach, ${highest} AS highest FROM (${first}) b`, values: sql.values };
}
