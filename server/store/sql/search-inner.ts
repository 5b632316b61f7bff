/**
 * Searching for what resources contain, rather than for these: from a query with `inner` to a page. A match is told by the
 * key of its container and its number (`place`), 0 for a resource of its own that matches beside it.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#contained
 */
import { LOCAL_ID } from '../../search/index-entry.ts';
import type { InnerQuery, SearchQuery, SortKey } from '../../search/query.ts';
import type { SearchMatch, SearchPage } from '../resource-store.ts';
import { columnsWithin, fitting, withTexts } from './bounded-texts.ts';
import { clauseCondition, containedMatches, matchingKeys } from './compile-clause.ts';
import { beyond, orderTerms, sortExpression, sortValueAmong } from './compile-sort.ts';
import { all } from './compile-test.ts';
import { type Dialect, SqlWriter } from './dialect.ts';
import { ownerOf } from './entry-rows.ts';
import { containedParamIn } from './row-conditions.ts';
import { numberIn, type Row, type Statement, type Steps, textOf } from './steps.ts';
import { matchOf } from './version-row.ts';

interface Plan {
  readonly dialect: Dialect;
  readonly query: SearchQuery;
  readonly inner: InnerQuery;
  /** The types of containers. */
  readonly types: readonly string[];
}

/** The page of `query`, one with `inner`, within containers of `types`; with its total when asked for, which is always counted. */
export function* innerSteps(dialect: Dialect, query: SearchQuery, inner: InnerQuery, types: readonly string[]): Steps<SearchPage> {
  const plan = { dialect, query, inner, types };
  const rows = query.limit > 0 ? yield pageStatement(plan) : [];
  const shown = fitting(rows.slice(0, query.limit), query.bytesMax);
  const found = (yield* withTexts(dialect, shown)).map((row) => innerMatchOf(row, query.sort));
  const page = { matches: query.before === undefined ? found : found.reverse(), more: rows.length > shown.length };
  if (query.total === 'none') return page;
  const [counted = {}] = yield countStatement(plan);
  return { ...page, total: numberIn(counted, 'total') };
}

function innerMatchOf(row: Row, sort: readonly SortKey[]): SearchMatch {
  const match = matchOf(row, sort);
  const inner = numberIn(row, 'place');
  return inner === 0 ? match : { ...match, innerId: textOf(row, 'inner_id'), position: { ...match.position, inner } };
}

/** A SELECT of all matches, each once: columns `rid` and `place`. */
function matches(sql: SqlWriter, { query, inner, types }: Plan): string {
  const [p, b] = [sql.alias('p'), sql.alias('b')];
  const contained = containedMatches(sql, inner, types);
  const within = clauseCondition(sql, query.where, types, `${p}.rid`);
  const found = `SELECT DISTINCT ${p}.rid AS rid, -${p}.owner AS place FROM (${sql.dialect.fence(contained)}) ${p} WHERE ${within}`;
  if (inner.beside === undefined) return found;
  const beside = matchingKeys(sql, inner.beside, inner.types);
  return `${found} UNION ALL SELECT DISTINCT ${b}.rid AS rid, 0 AS place FROM (${sql.dialect.fence(beside)}) ${b}`;
}

/** The value that a match is sorted by: NULL when it has none. */
function sortedBy(sql: SqlWriter, key: SortKey, { types, beside }: InnerQuery, match: string): string {
  const own = beside === undefined ? 'NULL' : sortExpression(sql, key, types, `${match}.rid`);
  return `CASE WHEN ${match}.place = 0 THEN ${own} ELSE ${innerValue(sql, key, types, match)} END`;
}

function innerValue(sql: SqlWriter, key: SortKey, types: readonly string[], match: string): string {
  if (key.by === 'lastUpdated') return 'NULL';
  const byParam: Extract<SortKey, { by: 'param' }> = key.by === 'id' ? { ...key, by: 'param', param: LOCAL_ID, kind: 'token' } : key;
  const rows = `o.rid = ${match}.rid AND ${containedParamIn(sql, 'o', [byParam.param], types)} AND ${ownerOf('o.part')} = -${match}.place`;
  return sortValueAmong(byParam, rows);
}

function pageStatement(plan: Plan): Statement {
  const { dialect, query, inner } = plan;
  const sql = new SqlWriter(dialect);
  const backwards = query.before !== undefined;
  const values = query.sort.map((key, place) => `, ${sortedBy(sql, key, inner, 'u')} AS s${place}`).join('');
  const sorted = `SELECT u.rid AS rid, u.place AS place${values} FROM (${matches(sql, plan)}) u`;
  const position = query.after ?? query.before;
  const column = (place: number): string => `q.s${place}`;
  const where = all(position === undefined ? [] : [beyond(sql, query.sort, position, backwards, column, 'q.rid', 'q.place')]);
  const orderBy = (table: string): string => `${orderTerms(query.sort, backwards, table)}, ${table}place${backwards ? ' DESC' : ''}`;
  const page = `SELECT q.* FROM (${sorted}) q WHERE ${where} ORDER BY ${orderBy('q.')} ${sql.limit(query.limit + 1)}`;
  const kept = query.sort.map((_, place) => `, p.s${place} AS s${place}`).join('');
  const id = `(SELECT min(m.value) FROM entry m WHERE m.rid = p.rid AND ${containedParamIn(sql, 'm', [LOCAL_ID], inner.types)} AND ${ownerOf('m.part')} = -p.place)`;
  const from = `FROM (${page}) p CROSS JOIN resource r CROSS JOIN version v WHERE r.rid = p.rid AND ${dialect.currentVersion('r', 'v')}`;
  return {
    sql: `SELECT ${columnsWithin(query.bytesMax)}${kept}, p.place AS place, ${id} AS inner_id ${from} ORDER BY ${orderBy('p.')}`,
    values: sql.values,
  };
}

function countStatement(plan: Plan): Statement {
  const sql = new SqlWriter(plan.dialect);
  return { sql: `SELECT count(*) AS total FROM (${matches(sql, plan)}) t`, values: sql.values };
}
