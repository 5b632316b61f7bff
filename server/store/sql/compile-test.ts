/** The SQL condition under which one row of `entry` passes a test. Columns are described in entry-rows.ts. */
import type { Clause, Comparison, IndexTest, RangeTest, ReferenceTest, TokenTest, UriTest } from '../../search/query.ts';
import type { SqlWriter } from './dialect.ts';
import { APART, clean, finite, headOf } from './entry-rows.ts';
import { resourceKeyOf, valueKeyOf } from './keys.ts';
import { pointsAt } from './targets.ts';

/** A test that one row passes by itself. */
export type Single = Exclude<IndexTest, { kind: 'composite' }>;

/** The tests that a text is kept to pass when it passes this one: also those that are kept apart, which an index finds elsewhere. */
export function testsOfKept(test: Single): readonly Single[] {
  if (test.kind !== 'string' || test.value === '' || (test.mode !== 'startsWith' && test.mode !== 'whole')) return [test];
  return [test, { ...test, value: APART + test.value }];
}

/**
 * The tests of which a row passes one when it passes this: each a stretch of one index, where a test of several stretches
 * is looked up in none of them, or row by row in all.
 */
export function stretchesOf(test: Single): readonly Single[] {
  if (test.kind === 'range' && test.anyOf.length > 1) return test.anyOf.map((stretch) => ({ ...test, anyOf: [stretch] }));
  if (test.kind !== 'quantity' || test.range.anyOf.length < 2) return [test];
  return test.range.anyOf.map((stretch) => ({ ...test, range: { ...test.range, anyOf: [stretch] } }));
}

/** Of alternatives, the tests of each parameter that one row may pass, and what is none. */
export interface Alternatives {
  readonly tests: ReadonlyMap<string, readonly Single[]>;
  readonly others: readonly Clause[];
}

/**
 * Alternatives by parameter, also those that lie within others: asked for together, hundreds of them cost a candidate one
 * look at its rows rather than hundreds, and no expression is as deep as they are many. Chains along one reference are one.
 */
export function byParameter(clauses: readonly Clause[]): Alternatives {
  const tests = new Map<string, Single[]>();
  const chains = new Map<string, Chain[]>();
  const others: Clause[] = [];
  const add = (clause: Clause): void => {
    if (clause.op === 'or') for (const part of clause.clauses) add(part);
    else if (clause.op === 'match' && clause.test.kind !== 'composite') addTo(tests, clause.param, clause.test);
    else if (clause.op === 'chain' && clause.contained === undefined) addTo(chains, `${clause.param} ${clause.types.join(' ')}`, clause);
    else others.push(clause);
  };
  for (const clause of clauses) add(clause);
  return { tests, others: [...others, ...[...chains.values()].map(asOne)] };
}

type Chain = Extract<Clause, { op: 'chain' }>;

function addTo<Item>(lists: Map<string, Item[]>, name: string, item: Item): void {
  const known = lists.get(name);
  if (known === undefined) lists.set(name, [item]);
  else known.push(item);
}

/** One of these along the same reference, at least one: to what satisfies one of them. */
function asOne(chains: readonly Chain[]): Chain {
  const [first] = chains as readonly [Chain];
  return chains.length === 1 ? first : { ...first, where: { op: 'or', clauses: chains.map(({ where }) => where) } };
}

/** Of several tests, the keys of resources that some ask for a reference to, and the others; a test alone is among the others. */
export function referredTo(tests: readonly Single[]): { readonly keys: readonly bigint[]; readonly rest: readonly Single[] } {
  if (tests.length < 2) return { keys: [], rest: tests };
  const keys = new Set<bigint>();
  const rest: Single[] = [];
  for (const test of tests) {
    const { type, id, types, url, versionOf } = test.kind === 'reference' ? test : {};
    if (type === undefined || id === undefined || types !== undefined || url !== undefined || versionOf !== undefined) rest.push(test);
    else keys.add(resourceKeyOf(type, id));
  }
  return { keys: [...keys], rest };
}

/** The condition that a row passes one of the tests, in texts that are kept apart as well. Codes of any system are one list, and what is pointed at. */
export function anyTestCondition(sql: SqlWriter, tests: readonly Single[], column: (name: string) => string): string {
  const [only, ...more] = tests;
  if (only !== undefined && more.length === 0) return any(testsOfKept(only).map((test) => testCondition(sql, test, column)));
  const isCode = (test: Single): boolean =>
    test.kind === 'token' && test.code !== undefined && test.system === undefined && test.text === undefined && test.anyOf === undefined;
  const codes = tests.filter(isCode);
  const { keys: pointedAt, rest } = referredTo(codes.length < 2 ? tests : tests.filter((test) => !isCode(test)));
  const keys = codes.flatMap((test) => (test.kind === 'token' && test.code !== undefined ? [valueKeyOf(clean(test.code))] : []));
  return any([
    ...(codes.length < 2 ? [] : [sql.among(column('hash'), keys)]),
    ...(pointedAt.length === 0 ? [] : [pointsAt(sql, column('target'), pointedAt)]),
    ...rest.flatMap(testsOfKept).map((test) => testCondition(sql, test, column)),
  ]);
}

/** `column` names a column of the row under test (it may hide the column from the planner, see Dialect.plain). */
export function testCondition(sql: SqlWriter, test: Single, column: (name: string) => string): string {
  switch (test.kind) {
    case 'token':
      return all(tokenConditions(sql, test, column));
    case 'string': {
      const value = clean(test.value);
      if (test.mode === 'exact')
        return all([`${column('hash')} = ${sql.bind(valueKeyOf(value))}`, `${column('value')} = ${sql.bind(value)}`]);
      const hasText = `${column('text')} IS NOT NULL`;
      if (value === '') return hasText;
      if (test.mode === 'whole') return `${column('text')} = ${sql.bind(headOf(value))}`;
      if (test.mode === 'startsWith') return startsWith(sql, column('text'), headOf(value));
      if (test.mode === 'endsWith') {
        const end = `substr(${column('text')}, length(${column('text')}) + 1 - length(${sql.bind(value)}))`;
        return all([hasText, `${end} = ${sql.bind(value)}`]);
      }
      return all([hasText, sql.dialect.contains(column('text'), sql.bind(value))]);
    }
    case 'reference':
      return all(referenceConditions(sql, test, column));
    case 'range':
      return rangeCondition(sql, test, column);
    case 'quantity':
      return all([
        rangeCondition(sql, test.range, column),
        ...(test.system === undefined ? [] : [`${column('sys')} = ${sql.bind(valueKeyOf(test.system))}`]),
        ...(test.code === undefined ? [] : [`${column('value')} = ${sql.bind(clean(test.code))}`]),
      ]);
    case 'uri':
      return uriCondition(sql, test, column);
  }
}

function tokenConditions(sql: SqlWriter, test: TokenTest, column: (name: string) => string): string[] {
  const conditions = [`${column('hash')} IS NOT NULL`];
  if (test.code !== undefined) conditions.push(`${column('hash')} = ${sql.bind(valueKeyOf(clean(test.code)))}`);
  if (test.system !== undefined) conditions.push(`${column('sys')} = ${sql.bind(valueKeyOf(test.system))}`);
  if (test.text !== undefined && test.text !== '') conditions.push(startsWith(sql, column('label'), clean(test.text)));
  if (test.text === '') conditions.push(`${column('label')} IS NOT NULL`);
  if (test.anyOf !== undefined) conditions.push(anyOfCondition(sql, test.anyOf, column));
  return conditions;
}

/** Codes are compared in one list for each system, so that a large value set is one parameter. */
function anyOfCondition(sql: SqlWriter, codings: NonNullable<TokenTest['anyOf']>, column: (name: string) => string): string {
  const bySystem = new Map<string | null, bigint[]>();
  for (const { system, code } of codings) bySystem.set(system, [...(bySystem.get(system) ?? []), valueKeyOf(clean(code))]);
  const alternatives = [...bySystem].map(([system, codes]) =>
    all([`${column('sys')} = ${sql.bind(valueKeyOf(system))}`, sql.dialect.inIntegers(column('hash'), sql.bind(codes))]),
  );
  return any(alternatives);
}

function referenceConditions(sql: SqlWriter, test: ReferenceTest, column: (name: string) => string): string[] {
  if (test.url !== undefined) {
    return [`${column('hash')} = ${sql.bind(valueKeyOf(clean(test.url)))}`, `${column('target')} IS NULL`];
  }
  if (test.versionOf !== undefined) {
    const start = `${clean(test.versionOf)}|`;
    return [`${column('target')} IS NULL`, `substr(${column('value')}, 1, length(${sql.bind(start)})) = ${sql.bind(start)}`];
  }
  const { id } = test;
  if (test.type !== undefined && id !== undefined) return [pointsAt(sql, column('target'), [resourceKeyOf(test.type, id)])];
  if (test.types !== undefined && id !== undefined) {
    const keys = test.types.map((type) => resourceKeyOf(type, id));
    return [pointsAt(sql, column('target'), keys)];
  }
  const conditions = [`${column('target')} IS NOT NULL`];
  if (id !== undefined) conditions.push(`${column('value')} = ${sql.bind(id)}`);
  if (test.types !== undefined) conditions.push(any(test.types.map((type) => `${column('label')} = ${sql.bind(type)}`)));
  if (test.type !== undefined) conditions.push(`${column('label')} = ${sql.bind(test.type)}`);
  return conditions;
}

/** Comparisons of a range test, on columns `low` and `high`. */
function rangeCondition(sql: SqlWriter, test: RangeTest, column: (name: string) => string): string {
  const alternatives = test.anyOf.map((comparisons) => {
    // A comparison is never true of an absent bound; without one, the row must at least be a range.
    return comparisons.length === 0 ? `${column('low')} IS NOT NULL` : all(comparisons.map((each) => compare(sql, each, column)));
  });
  return any(alternatives);
}

function compare(sql: SqlWriter, { bound, is, value }: Comparison, column: (name: string) => string): string {
  return `${column(bound)} ${is} ${sql.bind(finite(value))}`;
}

/** The same comparisons on a single instant (whole milliseconds), for the time of the last change. */
export function instantCondition(sql: SqlWriter, test: RangeTest, column: string): string {
  return any(test.anyOf.map((comparisons) => all(comparisons.map(({ is, value }) => `${column} ${is} ${sql.bind(instant(is, value))}`))));
}

/** The whole millisecond that compares with all others as `value` does, within what integers hold exactly. */
function instant(is: Comparison['is'], value: number): number {
  const whole = is === '<' || is === '>=' ? Math.ceil(value) : Math.floor(value);
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, whole));
}

function uriCondition(sql: SqlWriter, test: UriTest, column: (name: string) => string): string {
  const value = clean(test.value);
  if (test.mode === 'exact') return `${column('hash')} = ${sql.bind(valueKeyOf(value))}`;
  if (test.mode === 'above') return sql.dialect.inIntegers(column('hash'), sql.bind(pathHeads(value).map((head) => valueKeyOf(head))));
  if (value.endsWith('/')) return startsWith(sql, column('text'), headOf(value));
  return any([`${column('text')} = ${sql.bind(headOf(value))}`, startsWith(sql, column('text'), headOf(`${value}/`))]);
}

/** The URI itself and all its heads that end at a path border, with and without the slash. */
function pathHeads(uri: string): string[] {
  const heads = [uri];
  for (let slash = uri.indexOf('/'); slash >= 0; slash = uri.indexOf('/', slash + 1)) {
    heads.push(uri.slice(0, slash), uri.slice(0, slash + 1));
  }
  return [...new Set(heads)].filter((head) => head !== '');
}

function startsWith(sql: SqlWriter, column: string, prefix: string): string {
  const end = afterPrefix(prefix);
  const lower = `${column} >= ${sql.bind(prefix)}`;
  return end === undefined ? lower : `(${lower} AND ${column} < ${sql.bind(end)})`;
}

/** The smallest text, by code point, that is greater than every text with this prefix. */
function afterPrefix(prefix: string): string | undefined {
  // Nearly all end with a sign that is one unit, as the sign after it is.
  const end = prefix.charCodeAt(prefix.length - 1);
  if (end < 0xd7ff) return prefix.slice(0, -1) + String.fromCharCode(end + 1);
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    if (last >= 0x10_ffff) continue;
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}

/** Conditions joined with AND; none is true. */
export function all(conditions: readonly string[]): string {
  if (conditions.length === 0) return '1 = 1';
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' AND ')})`;
}

/** Conditions joined with OR; none is false. */
export function any(conditions: readonly string[]): string {
  if (conditions.length === 0) return '1 = 0';
  return conditions.length === 1 ? (conditions[0] as string) : `(${conditions.join(' OR ')})`;
}

const UNION = ' UNION ALL ';
/** SQLite puts 500 of them together. */
const IN_A_UNION = 100;

/** All rows of these SELECTs, at least one; of many by way of a few that put some of them together. */
export function unionAll(sql: SqlWriter, selects: readonly string[]): string {
  const terms = selects.reduce((sum, select) => sum + select.split(UNION).length, 0);
  if (terms <= IN_A_UNION) return selects.join(UNION);
  const asOne = (select: string): string => `SELECT * FROM (${select}) ${sql.alias('u')}`;
  let left = selects.map((select) => (select.includes(UNION) ? asOne(select) : select));
  while (left.length > IN_A_UNION) {
    const groups = Array.from({ length: Math.ceil(left.length / IN_A_UNION) }, (_, n) => left.slice(n * IN_A_UNION, (n + 1) * IN_A_UNION));
    left = groups.map((group) => asOne(group.join(UNION)));
  }
  return left.join(UNION);
}
