/**
 * What is asked of contained resources, by a chain or for themselves, as SQL: a condition on a resource whose key is at
 * hand, and a SELECT of the keys of those that contain what is asked for. A contained resource is told by the key of its
 * container and its number (`owner`, see entry-rows.ts); all that is said of it stands in the container's own rows.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#contained
 */
import { LOCAL_ID } from '../../search/index-entry.ts';
import type { Clause, IndexTest } from '../../search/query.ts';
import { all, any, anyTestCondition, byParameter, type Single, testCondition, unionAll } from './compile-test.ts';
import type { SqlWriter } from './dialect.ts';
import { LEADS_INSIDE, ownerOf } from './entry-rows.ts';
import { componentOf, containedKeyOf } from './keys.ts';
import { containedParamIn, leadsInside, paramIn, typeIn } from './row-conditions.ts';
import { joinedTarget, leadsTo } from './targets.ts';

/** How clauses on resources that are not contained are compiled (see compile-clause.ts). */
export interface Compiler {
  readonly sql: SqlWriter;
  condition(clause: Clause, types: readonly string[], rid: string): string;
  /** A source to be joined on; undefined where no index leads to the matches. */
  source(clause: Clause, types: readonly string[]): string | undefined;
  /** Of what must all hold, the best to start from, undefined when no index leads to any, and the others. */
  start(clause: Clause): { readonly best: Clause | undefined; readonly rest: readonly Clause[] };
}

type Chain = Extract<Clause, { op: 'chain' }>;

/** A contained resource of one of `types` within a resource of one of `containers`; `rid` and `owner` are SQL expressions. */
interface Place {
  readonly containers: readonly string[];
  readonly types: readonly string[];
  readonly rid: string;
  readonly owner: string;
}

/** The condition under which a reference of the resource with key `rid`, one of `containers`, leads to a contained resource that satisfies the chain. */
export function containedProbe(compiler: Compiler, chain: Chain, containers: readonly string[], rid: string): string {
  const { sql } = compiler;
  const l = sql.alias('l');
  const place = { containers, types: chain.types, rid, owner: `${l}.sys` };
  const leads = [
    `${l}.rid = ${rid} AND ${paramIn(sql, l, [chain.param], containers)}`,
    leadsInside(sql, l, chain.types),
    ...inTime(sql, l),
  ];
  return sql.dialect.probe(`SELECT 1 FROM entry ${l} WHERE ${all([...leads, holds(compiler, chain.contained ?? NOTHING, place)])}`);
}

const NOTHING: Clause = { op: 'none' };

/** A SELECT of the keys of such resources, perhaps repeated. Where no index leads to what is contained, all references to anything contained are gone through. */
export function containedSource(compiler: Compiler, chain: Chain, containers: readonly string[]): string {
  const { sql } = compiler;
  const { param, types, contained = NOTHING } = chain;
  const mark = sql.values.length;
  const pairs = filteredPairs(compiler, contained, containers, types);
  const l = sql.alias('l');
  if (pairs !== undefined) {
    const s = sql.alias('s');
    const leads = `${l}.rid = ${s}.rid AND ${paramIn(sql, l, [param], containers)} AND ${l}.sys = ${s}.owner AND ${leadsInside(sql, l, types)}`;
    return `SELECT ${l}.rid AS rid FROM (${sql.dialect.fence(pairs)}) ${s} CROSS JOIN entry ${l} WHERE ${leads}`;
  }
  sql.values.length = mark;
  const place = { containers, types, rid: `${l}.rid`, owner: `${l}.sys` };
  const leads = [`${paramIn(sql, l, [param], containers)} AND ${l}.hash = ${sql.bind(LEADS_INSIDE)}`, leadsInside(sql, l, types)];
  return `SELECT ${l}.rid AS rid FROM entry ${l} WHERE ${all([...leads, ...inTime(sql, l), holds(compiler, contained, place)])}`;
}

/** Contained resources of `types` for which `where` holds. */
export interface Inner {
  readonly types: readonly string[];
  readonly where: Clause;
}

/** The condition under which the resource with key `rid`, one of `containers`, contains one of these. */
export function innerProbe(compiler: Compiler, { types, where }: Inner, containers: readonly string[], rid: string): string {
  const { sql } = compiler;
  const m = sql.alias('m');
  const place = { containers, types, rid, owner: ownerOf(`${m}.part`) };
  const there = `${m}.rid = ${rid} AND ${containedParamIn(sql, m, [LOCAL_ID], types)}`;
  return sql.dialect.probe(`SELECT 1 FROM entry ${m} WHERE ${all([there, ...inTime(sql, m), holds(compiler, where, place)])}`);
}

/**
 * A SELECT of these (columns `rid` of the container, and `owner`), perhaps repeated. What is contained has a row of its id
 * there; the entries of a document, which chains look into as well, have none. Where no index leads to those asked for,
 * all of the types are gone through.
 */
export function innerPairs(compiler: Compiler, { types, where }: Inner, containers: readonly string[]): string {
  const { sql } = compiler;
  const mark = sql.values.length;
  const pairs = filteredPairs(compiler, where, containers, types);
  if (pairs === undefined) sql.values.length = mark;
  const m = sql.alias('m');
  const ids = containedParamIn(sql, m, [LOCAL_ID], types);
  if (pairs !== undefined) {
    const s = sql.alias('s');
    const there = sql.dialect.probe(
      `SELECT 1 FROM entry ${m} WHERE ${m}.rid = ${s}.rid AND ${ids} AND ${ownerOf(`${m}.part`)} = ${s}.owner`,
    );
    return `SELECT ${s}.rid AS rid, ${s}.owner AS owner FROM (${sql.dialect.fence(pairs)}) ${s} WHERE ${all([...inTime(sql, s), there])}`;
  }
  const place = { containers, types, rid: `${m}.rid`, owner: ownerOf(`${m}.part`) };
  const found = all([ids, `${m}.hash IS NOT NULL`, ...inTime(sql, m), holds(compiler, where, place)]);
  return `SELECT ${m}.rid AS rid, ${place.owner} AS owner FROM entry ${m} WHERE ${found}`;
}

function holds(compiler: Compiler, clause: Clause, place: Place): string {
  const { sql } = compiler;
  const { containers, types, rid, owner } = place;
  /** Rows that the contained resource itself has. */
  const own = (alias: string, params: readonly string[]): string =>
    `${alias}.rid = ${rid} AND ${containedParamIn(sql, alias, params, types)} AND ${ownerOf(`${alias}.part`)} = ${owner}`;
  const passes = (param: string, tests: readonly Single[]): string => {
    const e = sql.alias('e');
    const condition = anyTestCondition(sql, tests, (name) => sql.dialect.plain(`${e}.${name}`));
    return sql.dialect.probe(`SELECT 1 FROM entry ${e} WHERE ${own(e, [param])} AND ${condition}`);
  };
  switch (clause.op) {
    case 'all':
      return all([]);
    case 'none':
    case 'id':
    case 'lastUpdated':
    case 'contains':
      return any([]);
    case 'and':
      return all(clause.clauses.map((part) => holds(compiler, part, place)));
    case 'or': {
      const { tests, others } = byParameter(clause.clauses);
      return any([...[...tests].map(([param, asked]) => passes(param, asked)), ...others.map((part) => holds(compiler, part, place))]);
    }
    case 'not':
      return `NOT (${holds(compiler, clause.clause, place)})`;
    case 'type': {
      const wanted = types.filter((type) => clause.types.includes(type));
      if (wanted.length === types.length || wanted.length === 0) return wanted.length === 0 ? any([]) : all([]);
      const [l, m] = [sql.alias('l'), sql.alias('m')];
      // What no reference leads to is told by its id, what a document holds by the reference.
      return any([
        sql.dialect.probe(`SELECT 1 FROM entry ${l} WHERE ${l}.rid = ${rid} AND ${l}.sys = ${owner} AND ${leadsInside(sql, l, wanted)}`),
        sql.dialect.probe(
          `SELECT 1 FROM entry ${m} WHERE ${m}.rid = ${rid} AND ${containedParamIn(sql, m, [LOCAL_ID], wanted)} AND ${ownerOf(`${m}.part`)} = ${owner}`,
        ),
      ]);
    }
    case 'match': {
      const { param, test } = clause;
      if (test.kind === 'composite') return compositeProbe(sql, param, test.parts, place);
      return passes(param, [test]);
    }
    case 'missing': {
      const e = sql.alias('e');
      const probe = sql.dialect.probe(`SELECT 1 FROM entry ${e} WHERE ${own(e, [clause.param, componentOf(clause.param, 0)])}`);
      return clause.missing ? `NOT ${probe}` : probe;
    }
    case 'chain': {
      const [e, t] = [sql.alias('e'), sql.alias('t')];
      const leads = `${leadsTo(sql, e, t)} AND ${t}.deleted = 0 AND ${typeIn(sql, t, clause.types)}`;
      const where = compiler.condition(clause.where, clause.types, `${t}.rid`);
      const out = sql.dialect.probe(
        `SELECT 1 FROM entry ${e} CROSS JOIN resource ${t} WHERE ${own(e, [clause.param])} AND ${leads} AND ${where}`,
      );
      if (clause.contained === undefined) return out;
      const l = sql.alias('l');
      const next = { containers, types: clause.types, rid, owner: `${l}.sys` };
      const leadsOn = [own(l, [clause.param]), leadsInside(sql, l, clause.types), ...inTime(sql, l)];
      const inside = all([...leadsOn, holds(compiler, clause.contained, next)]);
      return any([out, sql.dialect.probe(`SELECT 1 FROM entry ${l} WHERE ${inside}`)]);
    }
    case 'referencedBy': {
      if (!containers.includes(clause.type)) return any([]);
      const l = sql.alias('l');
      const points = `${l}.rid = ${rid} AND ${paramIn(sql, l, [clause.param], [clause.type])} AND ${l}.sys = ${owner}`;
      return sql.dialect.probe(`SELECT 1 FROM entry ${l} WHERE ${points} AND ${compiler.condition(clause.where, [clause.type], rid)}`);
    }
  }
}

/** Many may lead to the same, and each of them be led to by many: what is given many times would be more so at each step. */
function onceEach(sql: SqlWriter, pairs: string): string {
  const d = sql.alias('d');
  return sql.dialect.fence(`SELECT DISTINCT ${d}.rid AS rid, ${d}.owner AS owner FROM (${pairs}) ${d}`);
}

/** To and among contained resources there may be more ways than can be gone: time is the bound. */
function inTime(sql: SqlWriter, alias: string): readonly string[] {
  return sql.dialect.inTime === undefined ? [] : [sql.dialect.inTime(`${alias}.rid`)];
}

/** All components in one composite entry of the contained resource: their rows carry the same part. */
function compositeProbe(sql: SqlWriter, param: string, parts: readonly IndexTest[], { types, rid, owner }: Place): string {
  const perType = types.map((type) => {
    const aliases = parts.map(() => sql.alias('e'));
    const first = aliases[0] as string;
    const conditions = parts.map((part, place) => {
      if (part.kind === 'composite') throw new TypeError('A component of a composite cannot be a composite.');
      const alias = aliases[place] as string;
      const whose = place === 0 ? `${ownerOf(`${first}.part`)} = ${owner}` : `${alias}.part = ${first}.part`;
      const key = sql.bind(containedKeyOf(type, componentOf(param, place)));
      return `${alias}.rid = ${rid} AND ${alias}.param = ${key} AND ${whose} AND ${testCondition(sql, part, (name) => sql.dialect.plain(`${alias}.${name}`))}`;
    });
    const from = aliases.map((alias) => `entry ${alias}`).join(' CROSS JOIN ');
    return sql.dialect.probe(`SELECT 1 FROM ${from} WHERE ${conditions.join(' AND ')}`);
  });
  return any(perType);
}

/** The pairs for a whole clause: those of its best conjunct that the others let pass. */
function filteredPairs(compiler: Compiler, clause: Clause, containers: readonly string[], types: readonly string[]): string | undefined {
  const { sql } = compiler;
  const { best, rest } = compiler.start(clause);
  const pairs = best === undefined ? undefined : pairsOf(compiler, best, containers, types);
  if (pairs === undefined || rest.length === 0) return pairs;
  const f = sql.alias('f');
  const place = { containers, types, rid: `${f}.rid`, owner: `${f}.owner` };
  const conditions = rest.map((part) => holds(compiler, part, place));
  return `SELECT ${f}.rid AS rid, ${f}.owner AS owner FROM (${sql.dialect.fence(pairs)}) ${f} WHERE ${all(conditions)}`;
}

const NO_PAIRS = 'SELECT 0 AS rid, 0 AS owner WHERE 1 = 0';

/** A SELECT of contained resources (columns `rid` of the container, and `owner`), perhaps repeated, that an index leads to; undefined when none does. */
function pairsOf(compiler: Compiler, clause: Clause, containers: readonly string[], types: readonly string[]): string | undefined {
  const { sql } = compiler;
  const pairOf = (alias: string): string => `SELECT ${alias}.rid AS rid, ${ownerOf(`${alias}.part`)} AS owner`;
  switch (clause.op) {
    case 'none':
    case 'id':
    case 'lastUpdated':
    case 'contains':
      return NO_PAIRS;
    case 'match': {
      const { param, test } = clause;
      const e = sql.alias('e');
      const [start, first] = test.kind === 'composite' ? [componentOf(param, 0), test.parts[0]] : [param, test];
      if (first === undefined || first.kind === 'composite') return undefined;
      const found = `${containedParamIn(sql, e, [start], types)} AND ${testCondition(sql, first, (name) => `${e}.${name}`)}`;
      const place = { containers, types, rid: `${e}.rid`, owner: ownerOf(`${e}.part`) };
      const others = test.kind === 'composite' ? [compositeProbe(sql, param, test.parts, place)] : [];
      return `${pairOf(e)} FROM entry ${e} WHERE ${all([found, ...others])}`;
    }
    case 'or': {
      const pairs = clause.clauses.map((part) => filteredPairs(compiler, part, containers, types));
      return pairs.length === 0 || !pairs.every((pair) => pair !== undefined) ? undefined : unionAll(compiler.sql, pairs);
    }
    case 'chain': {
      const targets = compiler.source(clause.where, clause.types);
      if (targets === undefined) return undefined;
      const [e, t] = [sql.alias('e'), sql.alias('t')];
      const { from, target } = joinedTarget(sql, t);
      const own = (alias: string): string => containedParamIn(sql, alias, [clause.param], types);
      const out = `${pairOf(e)} FROM (${targets}) ${t}${from} CROSS JOIN entry ${e} WHERE ${e}.target = ${target} AND ${own(e)}`;
      if (clause.contained === undefined) return out;
      const inner = filteredPairs(compiler, clause.contained, containers, clause.types);
      if (inner === undefined) return undefined;
      const [l, s] = [sql.alias('l'), sql.alias('s')];
      const leads = all([
        `${l}.rid = ${s}.rid AND ${own(l)} AND ${l}.sys = ${s}.owner`,
        leadsInside(sql, l, clause.types),
        ...inTime(sql, l),
      ]);
      return `${out} UNION ALL ${pairOf(l)} FROM (${onceEach(sql, inner)}) ${s} CROSS JOIN entry ${l} WHERE ${leads}`;
    }
    case 'referencedBy': {
      if (!containers.includes(clause.type)) return NO_PAIRS;
      const pointing = compiler.source(clause.where, [clause.type]);
      if (pointing === undefined) return undefined;
      const [l, s] = [sql.alias('l'), sql.alias('s')];
      const points = `${l}.rid = ${s}.rid AND ${paramIn(sql, l, [clause.param], [clause.type])} AND ${leadsInside(sql, l, types)}`;
      return `SELECT ${l}.rid AS rid, ${l}.sys AS owner FROM (${pointing}) ${s} CROSS JOIN entry ${l} WHERE ${points}`;
    }
    default:
      return undefined;
  }
}
