/**
 * A clause as SQL, in two forms: a condition on a resource whose key is at hand (a probe), and, where an index leads
 * straight to the matches, a SELECT of their keys (a source). A search starts from one source and probes the rest.
 */
import type { Clause, IndexTest } from '../../search/query.ts';
import { type Compiler, containedProbe, containedSource, type Inner, innerPairs, innerProbe } from './compile-contained.ts';
import {
  type Alternatives,
  all,
  any,
  anyTestCondition,
  byParameter,
  instantCondition,
  referredTo,
  type Single,
  stretchesOf,
  testCondition,
  testsOfKept,
  unionAll,
} from './compile-test.ts';
import type { SqlWriter } from './dialect.ts';
import { componentOf, paramKeyOf, resourceKeyOf } from './keys.ts';
import { paramIn, typeIn } from './row-conditions.ts';
import { joinedTarget, leadsOn, leadsTo, pointsAt, targetOf } from './targets.ts';

/** The condition under which the resource with key `rid` (an SQL expression), one of `types`, satisfies the clause. */
export function clauseCondition(sql: SqlWriter, clause: Clause, types: readonly string[], rid: string): string {
  switch (clause.op) {
    case 'all':
      return all([]);
    case 'none':
      return any([]);
    case 'and': {
      const narrowed = typesWithin(clause.clauses, types);
      if (narrowed.length === 0) return any([]);
      return all(clause.clauses.map((part) => clauseCondition(sql, part, part.op === 'type' ? types : narrowed, rid)));
    }
    case 'or':
      return anyCondition(sql, byParameter(clause.clauses), types, rid);
    case 'not':
      return `NOT ${parenthesized(clauseCondition(sql, clause.clause, types, rid))}`;
    case 'match':
      if (clause.test.kind === 'composite') return compositeProbe(sql, clause.param, clause.test.parts, types, rid);
      return entryProbe(sql, clause.param, [clause.test], types, rid);
    case 'missing': {
      const probe = sql.dialect.probe(
        `SELECT 1 FROM entry e WHERE e.rid = ${rid} AND ${paramIn(sql, 'e', [clause.param, componentOf(clause.param, 0)], types)}`,
      );
      return clause.missing ? `NOT ${probe}` : probe;
    }
    case 'id':
      return sql.dialect.lookedUp(rid, `SELECT x.rid FROM resource x WHERE ${keyIn(sql, 'x.key', clause.ids, types)}`);
    case 'type': {
      const wanted = types.filter((type) => clause.types.includes(type));
      if (wanted.length === types.length || wanted.length === 0) return wanted.length === 0 ? any([]) : all([]);
      return sql.dialect.probe(`SELECT 1 FROM resource x WHERE x.rid = ${rid} AND ${typeIn(sql, 'x', wanted)}`);
    }
    case 'lastUpdated':
      return sql.dialect.probe(`SELECT 1 FROM resource x WHERE x.rid = ${rid} AND ${instantCondition(sql, clause.test, 'x.updated')}`);
    case 'chain': {
      const among = amongNested(sql, clause, types, rid);
      if (among !== undefined) return among;
      const [e, t] = [sql.alias('e'), sql.alias('t')];
      const points = `${e}.rid = ${rid} AND ${paramIn(sql, e, [clause.param], types)}`;
      const where = all([...inTime(sql, clause, e), clauseCondition(sql, clause.where, clause.types, `${t}.rid`)]);
      const probe = leadsOn(sql, e, points, t, `${typeIn(sql, t, clause.types)} AND ${where}`);
      return clause.contained === undefined ? probe : any([probe, containedProbe(compiler(sql), clause, types, rid)]);
    }
    case 'referencedBy': {
      const among = amongNested(sql, clause, types, rid);
      if (among !== undefined) return among;
      const e = sql.alias('e');
      const points = `${e}.target = ${targetOf(sql, rid)} AND ${paramIn(sql, e, [clause.param], [clause.type])}`;
      const where = all([...inTime(sql, clause, e), clauseCondition(sql, clause.where, [clause.type], `${e}.rid`)]);
      return sql.dialect.probe(`SELECT 1 FROM entry ${e} WHERE ${points} AND ${where}`);
    }
    case 'contains':
      return innerProbe(compiler(sql), clause, types, rid);
  }
}

/** From here on the matches of a chain are found once, rather than probed for each candidate by each way that leads on. */
const FOUND_ONCE_FROM = 3;

function amongNested(sql: SqlWriter, clause: Clause, types: readonly string[], rid: string): string | undefined {
  if (nesting(clause) < FOUND_ONCE_FROM) return undefined;
  const mark = sql.values.length;
  const source = clauseSource(sql, clause, types);
  if (source === undefined) sql.values.length = mark;
  return source === undefined ? undefined : `${sql.dialect.plain(rid)} IN (${innerSource(sql, source, clause)})`;
}

function anyCondition(sql: SqlWriter, { tests, others }: Alternatives, types: readonly string[], rid: string): string {
  return any([
    ...[...tests].map(([param, asked]) => entryProbe(sql, param, asked, types, rid)),
    ...others.map((part) => clauseCondition(sql, part, types, rid)),
  ]);
}

/** One row of the parameter that passes one of the tests. */
function entryProbe(sql: SqlWriter, param: string, tests: readonly Single[], types: readonly string[], rid: string): string {
  const e = sql.alias('e');
  const passes = anyTestCondition(sql, tests, (name) => sql.dialect.plain(`${e}.${name}`));
  return sql.dialect.probe(`SELECT 1 FROM entry ${e} WHERE ${e}.rid = ${rid} AND ${paramIn(sql, e, [param], types)} AND ${passes}`);
}

/** All components in one composite entry: the rows of the parts carry the same number and belong to the same type. */
function compositeProbe(sql: SqlWriter, param: string, parts: readonly IndexTest[], types: readonly string[], rid: string): string {
  const perType = types.map((type) => {
    const aliases = parts.map(() => sql.alias('e'));
    const first = aliases[0] as string;
    const conditions = parts.map((part, place) => {
      if (part.kind === 'composite') throw new TypeError('A component of a composite cannot be a composite.');
      const alias = aliases[place] as string;
      const sameEntry = place === 0 ? '' : ` AND ${alias}.part = ${first}.part`;
      const key = sql.bind(paramKeyOf(type, componentOf(param, place)));
      const test = testCondition(sql, part, (name) => sql.dialect.plain(`${alias}.${name}`));
      return `${alias}.rid = ${rid} AND ${alias}.param = ${key}${sameEntry} AND ${test}`;
    });
    const from = aliases.map((alias) => `entry ${alias}`).join(' CROSS JOIN ');
    return sql.dialect.probe(`SELECT 1 FROM ${from} WHERE ${conditions.join(' AND ')}`);
  });
  return any(perType);
}

/** A SELECT of keys (column `rid`, perhaps repeated) that an index leads to, or undefined when only a walk will do. All matches are current. */
export function clauseSource(sql: SqlWriter, clause: Clause, types: readonly string[]): string | undefined {
  switch (clause.op) {
    case 'match':
      return matchSource(sql, clause.param, clause.test, types);
    case 'id':
      return `SELECT x.rid AS rid FROM resource x WHERE ${keyIn(sql, 'x.key', clause.ids, types)} AND x.deleted = 0`;
    case 'lastUpdated': {
      const x = sql.alias('x');
      return `SELECT ${x}.rid AS rid FROM resource ${x} WHERE ${x}.deleted = 0 AND ${typeIn(sql, x, types)} AND ${instantCondition(sql, clause.test, `${x}.updated`)}`;
    }
    case 'chain': {
      const targets = filteredSource(sql, clause.where, clause.types);
      if (targets === undefined) return undefined;
      const [e, t] = [sql.alias('e'), sql.alias('t')];
      const { from, target } = joinedTarget(sql, t);
      const points = `${e}.target = ${target} AND ${paramIn(sql, e, [clause.param], types)}`;
      const source = `SELECT ${e}.rid AS rid FROM (${innerSource(sql, targets, clause.where)}) ${t}${from} CROSS JOIN entry ${e} WHERE ${points}`;
      return clause.contained === undefined ? source : `${source} UNION ALL ${containedSource(compiler(sql), clause, types)}`;
    }
    case 'referencedBy': {
      const pointing = filteredSource(sql, clause.where, [clause.type]);
      if (pointing === undefined) return undefined;
      const [e, s, x] = [sql.alias('e'), sql.alias('s'), sql.alias('x')];
      const points = `${e}.rid = ${s}.rid AND ${paramIn(sql, e, [clause.param], [clause.type])}`;
      return `SELECT ${x}.rid AS rid FROM (${innerSource(sql, pointing, clause.where)}) ${s} CROSS JOIN entry ${e} CROSS JOIN resource ${x} WHERE ${points} AND ${leadsTo(sql, e, x)} AND ${x}.deleted = 0 AND ${typeIn(sql, x, types)}`;
    }
    case 'contains': {
      const p = sql.alias('p');
      return `SELECT ${p}.rid AS rid FROM (${containedMatches(sql, clause, types)}) ${p}`;
    }
    case 'or': {
      const mark = sql.values.length;
      const { tests, others } = byParameter(clause.clauses);
      const sources = [
        ...[...tests].flatMap(([param, asked]) => matchSources(sql, param, asked, types)),
        ...others.map((part) => filteredSource(sql, part, types)),
      ];
      const found = sources.filter((source) => source !== undefined);
      if (found.length > 0 && found.length === sources.length) return unionAll(sql, found);
      sql.values.length = mark;
      return undefined;
    }
    default:
      return undefined;
  }
}

/** A SELECT of contained resources (columns `rid` of the container, one of `types`, and `owner`), perhaps repeated. */
export function containedMatches(sql: SqlWriter, inner: Inner, types: readonly string[]): string {
  const [p, x] = [sql.alias('p'), sql.alias('x')];
  const ofType = `${x}.rid = ${p}.rid AND ${typeIn(sql, x, types)}`;
  return `SELECT ${p}.rid AS rid, ${p}.owner AS owner FROM (${innerPairs(compiler(sql), inner, types)}) ${p} CROSS JOIN resource ${x} WHERE ${ofType}`;
}

/** A SELECT of the keys of current resources, one of `types`, for which the clause holds, perhaps repeated. */
export function matchingKeys(sql: SqlWriter, clause: Clause, types: readonly string[]): string {
  const mark = sql.values.length;
  const source = filteredSource(sql, clause, types);
  if (source !== undefined) return source;
  sql.values.length = mark;
  const r = sql.alias('r');
  return `SELECT ${r}.rid AS rid FROM resource ${r} WHERE ${r}.deleted = 0 AND ${typeIn(sql, r, types)} AND ${clauseCondition(sql, clause, types, `${r}.rid`)}`;
}

/**
 * A source to be joined on. One that is itself nested more than once gives the same key many times over, and more so at
 * each level: it is freed of repeats, at the price of being run whole.
 */
function innerSource(sql: SqlWriter, source: string, clause: Clause): string {
  if (nesting(clause) < REPEATS_FROM) return sql.dialect.fence(source);
  const d = sql.alias('d');
  return sql.dialect.fence(
    `SELECT DISTINCT ${d}.rid AS rid FROM (${source}) ${d} WHERE ${all(sql.dialect.inTime === undefined ? [] : [sql.dialect.inTime(`${d}.rid`)])}`,
  );
}

const REPEATS_FROM = 2;

/** Probes within probes visit a resource once for each way that leads to it: where there are many ways, time is the bound. */
function inTime(sql: SqlWriter, clause: Clause, alias: string): readonly string[] {
  const condition = nesting(clause) < REPEATS_FROM ? undefined : sql.dialect.inTime?.(`${alias}.rid`);
  return condition === undefined ? [] : [condition];
}

/** How many chains lie within each other. */
function nesting(clause: Clause): number {
  switch (clause.op) {
    case 'and':
    case 'or':
      return Math.max(0, ...clause.clauses.map(nesting));
    case 'chain':
    case 'referencedBy':
    case 'contains':
      return 1 + nesting(clause.where);
    default:
      return 0;
  }
}

/** A source for the whole clause: its best indexed conjunct, and probes for the others. */
function filteredSource(sql: SqlWriter, clause: Clause, types: readonly string[]): string | undefined {
  const conjuncts = conjunctsOf(clause);
  const narrowed = typesWithin(conjuncts, types);
  if (narrowed.length === 0) return NO_KEYS;
  const { best, rest } = bestOf(conjuncts);
  const source = best === undefined ? undefined : clauseSource(sql, best, narrowed);
  if (source === undefined) return undefined;
  // What comes from an index is of the types asked for.
  const others = rest.filter(({ op }) => op !== 'type');
  if (others.length === 0) return source;
  const f = sql.alias('f');
  return `SELECT ${f}.rid AS rid FROM (${sql.dialect.fence(source)}) ${f} WHERE ${all(others.map((part) => clauseCondition(sql, part, narrowed, `${f}.rid`)))}`;
}

const NO_KEYS = 'SELECT 0 AS rid WHERE 1 = 0';

/** Those of the types that resources for which all of the clauses hold can be of: what is asked of others need not be looked up. */
function typesWithin(clauses: readonly Clause[], types: readonly string[]): readonly string[] {
  return clauses.reduce((left, clause) => (clause.op === 'type' ? left.filter((type) => clause.types.includes(type)) : left), types);
}

/** The conjunct that is likely the best start, undefined when no index leads to any, and the others. */
function bestOf(conjuncts: readonly Clause[]): { readonly best: Clause | undefined; readonly rest: readonly Clause[] } {
  const ranks = conjuncts.map(sourceRank);
  const least = Math.min(...ranks);
  const at = Number.isFinite(least) ? ranks.indexOf(least) : -1;
  return { best: conjuncts[at], rest: conjuncts.filter((_, place) => place !== at) };
}

/** How a chain that goes on within contained resources comes back to this file. */
function compiler(sql: SqlWriter): Compiler {
  return {
    sql,
    condition: (clause, types, rid) => clauseCondition(sql, clause, types, rid),
    source: (clause, types) => {
      const source = filteredSource(sql, clause, types);
      return source === undefined ? undefined : innerSource(sql, source, clause);
    },
    start: (clause) => bestOf(conjunctsOf(clause)),
  };
}

/** The clauses that must all hold, nested `and`s and those with one alternative opened. */
export function conjunctsOf(clause: Clause): readonly Clause[] {
  if (clause.op === 'and') return clause.clauses.flatMap(conjunctsOf);
  const [only] = clause.op === 'or' && clause.clauses.length === 1 ? clause.clauses : [];
  if (only !== undefined) return conjunctsOf(only);
  return clause.op === 'all' ? [] : [clause];
}

const GONE_THROUGH_RANK = 8;

/** How good a start a clause is likely to be, where it is not counted: smaller is better, infinite is none. */
export function sourceRank(clause: Clause): number {
  switch (clause.op) {
    case 'id':
      return 0;
    case 'match':
      return testRank(clause.test);
    case 'chain':
    case 'referencedBy':
      return 2 + Math.min(...conjunctsOf(clause.where).map(sourceRank), Number.POSITIVE_INFINITY);
    // Of what is contained there is less, and all of it can be gone through.
    case 'contains':
      return 3 + Math.min(...conjunctsOf(clause.where).map(sourceRank), GONE_THROUGH_RANK);
    case 'or':
      return clause.clauses.length === 0 ? Number.POSITIVE_INFINITY : 1 + Math.max(...clause.clauses.map(rankOfWhole));
    case 'lastUpdated':
      return 8;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function rankOfWhole(clause: Clause): number {
  return Math.min(...conjunctsOf(clause).map(sourceRank), Number.POSITIVE_INFINITY);
}

function testRank(test: IndexTest): number {
  switch (test.kind) {
    case 'token':
      if (test.code !== undefined) return 2;
      return test.anyOf === undefined ? Number.POSITIVE_INFINITY : 4;
    case 'reference':
      if (test.id === undefined ? test.url === undefined : (test.type ?? test.types) === undefined) return Number.POSITIVE_INFINITY;
      return 1;
    case 'string':
      if (test.mode === 'exact') return 2;
      return test.mode === 'startsWith' || test.mode === 'whole' ? 5 : Number.POSITIVE_INFINITY;
    case 'uri':
      return test.mode === 'below' ? 5 : 2;
    case 'range':
    case 'quantity':
      return 7;
    case 'composite':
      return test.parts.length === 0 ? Number.POSITIVE_INFINITY : 1 + testRank(test.parts[0] as IndexTest);
  }
}

/** Sources of what passes one of the tests, undefined where no index leads to it; what points at one of many is one source. */
function matchSources(sql: SqlWriter, param: string, tests: readonly Single[], types: readonly string[]): readonly (string | undefined)[] {
  const { keys, rest } = referredTo(tests);
  const others = rest.map((test) => matchSource(sql, param, test, types));
  if (keys.length === 0) return others;
  const e = sql.alias('e');
  const points = `${paramIn(sql, e, [param], types)} AND ${pointsAt(sql, `${e}.target`, keys)}`;
  return [...others, `SELECT ${e}.rid AS rid FROM entry ${e} WHERE ${points}`];
}

function matchSource(sql: SqlWriter, param: string, test: IndexTest, types: readonly string[]): string | undefined {
  if (!Number.isFinite(testRank(test))) return undefined;
  if (test.kind !== 'composite') {
    // By what is derived from a parameter (see index-entry.ts), nothing is sorted or kept apart.
    const kept = param.includes(':') ? [test] : testsOfKept(test);
    const found = kept.flatMap(stretchesOf).map((each) => {
      const e = sql.alias('e');
      const column = (name: string) => `${e}.${name}`;
      return `SELECT ${e}.rid AS rid FROM entry ${e} WHERE ${paramIn(sql, e, [param], types)} AND ${testCondition(sql, each, column)}`;
    });
    return unionAll(sql, found);
  }
  const e = sql.alias('e');
  const open = (name: string) => `${e}.${name}`;
  const first = test.parts[0] as Exclude<IndexTest, { kind: 'composite' }>;
  const start = `${paramIn(sql, e, [componentOf(param, 0)], types)} AND ${testCondition(sql, first, open)}`;
  return `SELECT ${e}.rid AS rid FROM entry ${e} WHERE ${start} AND ${compositeProbe(sql, param, test.parts, types, `${e}.rid`)}`;
}

function keyIn(sql: SqlWriter, column: string, ids: readonly string[], types: readonly string[]): string {
  const keys = types.flatMap((type) => ids.map((id) => resourceKeyOf(type, id)));
  return keys.length === 1 ? `${column} = ${sql.bind(keys[0] as bigint)}` : sql.dialect.inIntegers(column, sql.bind(keys));
}

function parenthesized(condition: string): string {
  return condition.startsWith('(') || condition.startsWith('EXISTS') ? condition : `(${condition})`;
}
