import { expect, it } from 'vitest';
import type { Access } from '../../server/auth/access-decision.ts';
import type { Clause } from '../../server/search/query.ts';
import { postgresDialect } from '../../server/store/postgres/dialect.ts';
import { clauseCondition, clauseSource } from '../../server/store/sql/compile-clause.ts';
import { SqlWriter } from '../../server/store/sql/dialect.ts';
import { sqliteDialect } from '../../server/store/sqlite/dialect.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';

const MANY = 380;
const day = (n: number): string => new Date(Date.UTC(2020, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
const days = Array.from({ length: MANY }, (_, n) => day(n));
const code = (n: number): Clause => ({ op: 'match', param: 'code', test: { kind: 'token', code: `c${n}` } });
const on = (n: number): Clause => ({
  op: 'match',
  param: 'date',
  test: {
    kind: 'range',
    anyOf: [
      [
        { bound: 'low', is: '>=', value: n },
        { bound: 'high', is: '<=', value: n },
      ],
    ],
  },
});

it.each([
  ['SQLite', sqliteDialect],
  ['PostgreSQL', postgresDialect],
])('many alternatives of one parameter are one look at the rows of a resource on %s', (_name, dialect) => {
  const looks = (clauses: readonly Clause[]): number => {
    const sql = clauseCondition(new SqlWriter(dialect), { op: 'not', clause: { op: 'or', clauses } }, ['Observation'], 'r.rid');
    return sql.match(/FROM entry/g)?.length ?? 0;
  };
  const numbers = Array.from({ length: MANY }, (_, n) => n);
  expect([looks(numbers.map(code)), looks(numbers.map(on)), looks(numbers.flatMap((n) => [code(n), on(n)]))]).toEqual([1, 1, 2]);
});

/** What is about one patient, as the access rule says it. */
const about = (n: number): Clause => ({
  op: 'or',
  clauses: [
    { op: 'match', param: 'subject', test: { kind: 'reference', type: 'Patient', id: `p${n}` } },
    { op: 'match', param: 'performer', test: { kind: 'reference', type: 'Patient', id: `p${n}` } },
    {
      op: 'chain',
      param: 'encounter',
      types: ['Encounter'],
      where: { op: 'match', param: 'subject', test: { kind: 'reference', type: 'Patient', id: `p${n}` } },
    },
  ],
});

it.each([
  ['SQLite', sqliteDialect],
  ['PostgreSQL', postgresDialect],
])('alternatives within alternatives are no more looks than these, as a condition and as a start, on %s', (_name, dialect) => {
  const some = (many: number): Clause => ({ op: 'or', clauses: Array.from({ length: many }, (_, n) => about(n)) });
  const looks = (sql: string | undefined): number => sql?.match(/FROM entry|JOIN entry/g)?.length ?? 0;
  const condition = (many: number) => looks(clauseCondition(new SqlWriter(dialect), some(many), ['Observation'], 'r.rid'));
  const source = (many: number) => looks(clauseSource(new SqlWriter(dialect), some(many), ['Observation']));
  expect([condition(2), source(2)]).toEqual([4, 4]);
  expect([condition(2_000), source(2_000)]).toEqual([4, 4]);
});

onEachServer('the reach of who sees many people', (start) => {
  const SEEN = 1_500;
  const clauseFor: Readonly<Record<string, Clause>> = {
    Patient: { op: 'id', ids: Array.from({ length: SEEN }, (_, n) => `p${n}`) },
    Observation: { op: 'or', clauses: Array.from({ length: SEEN }, (_, n) => about(n)) },
  };
  const access: Access = {
    decide: ({ type, right }) => {
      const clause = clauseFor[type];
      if (right === 'create' || right === 'update') return { kind: 'allow' };
      return clause === undefined ? { kind: 'deny', reason: 'not of this type' } : { kind: 'narrow', clause };
    },
  };

  it.each([
    ['Observation', ['o0', 'o1499']],
    ['Observation?code=c', ['o0', 'o1499']],
    ['Observation?_sort=-_lastUpdated', ['o1499', 'o0']],
    ['Observation?subject.gender=female', ['o0', 'o1499']],
    ['Observation?_contained=both', ['o0', 'o1499']],
    ['?_type=Observation', ['o0', 'o1499']],
    ['Patient?_has:Observation:subject:code=c', ['p0', 'p1499']],
    ['Patient/$everything', ['p0', 'p1499', 'o0', 'o1499']],
  ])('is asked for at once: %s', async (path, expected) => {
    const server = await start({ services: { access, writeValidation: 'off' } });
    for (const n of [0, 1_499, 1_500]) {
      await server.request('PUT', `Patient/p${n}`, { resourceType: 'Patient', id: `p${n}`, gender: 'female' });
      const observation = { resourceType: 'Observation', id: `o${n}`, status: 'final', code: { coding: [{ code: 'c' }] } };
      await server.request('PUT', `Observation/o${n}`, { ...observation, subject: { reference: `Patient/p${n}` } });
    }
    const answer = await server.request('GET', path);
    expect(answer.status, answer.text).toBe(200);
    const found = ((answer.body.entry ?? []) as { resource: { id: string } }[]).map(({ resource }) => resource.id);
    expect(path.includes('everything') ? found.toSorted() : found).toEqual(path.includes('everything') ? expected.toSorted() : expected);
  });
});

onEachServer('many alternatives of one parameter', (start) => {
  async function begin() {
    const server = await start();
    const entry = Array.from({ length: 30 }, (_, n) => ({
      request: { method: 'PUT', url: `Observation/o${n}` },
      resource: {
        resourceType: 'Observation',
        id: `o${n}`,
        status: n % 2 === 0 ? 'final' : 'amended',
        code: { coding: [{ system: 'urn:x', code: `c${n}` }] },
        subject: { reference: `Patient/p${n % 3}` },
        effectiveDateTime: day(n * 20),
      },
    }));
    const made = await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expect(made.status, made.text).toBe(200);
    const found = async (query: string): Promise<readonly string[]> => {
      const answer = await server.request('POST', 'Observation/_search', `${query}&_count=100&_sort=_id`, {
        'Content-Type': 'application/x-www-form-urlencoded',
      });
      expect(answer.status, answer.text).toBe(200);
      return ((answer.body.entry ?? []) as { resource: { id: string } }[]).map(({ resource }) => resource.id).sort();
    };
    return { server, found };
  }
  const ids = (which: (n: number) => boolean): readonly string[] =>
    Array.from({ length: 30 }, (_, n) => n)
      .filter(which)
      .map((n) => `o${n}`)
      .sort();
  /** Whether the day of an observation is among those asked for. */
  const isAmong = (n: number): boolean => n * 20 < MANY;

  it('gives what has one of them, beside another condition and by itself', async () => {
    const { found } = await begin();
    expect(await found(`date=${days.join(',')}`)).toEqual(ids(isAmong));
    expect(await found(`status=final&date=${days.join(',')}`)).toEqual(ids((n) => n % 2 === 0 && isAmong(n)));
    expect(await found(`subject=Patient/p1&date=${days.join(',')}`)).toEqual(ids((n) => n % 3 === 1 && isAmong(n)));
  });

  it('leaves out what has one of them', async () => {
    const { found } = await begin();
    const codes = Array.from({ length: MANY }, (_, n) => (n % 10 === 0 ? `c${n / 10}` : `z${n}`));
    expect(await found(`code:not=${codes.join(',')}`)).toEqual([]);
    expect(await found(`code:not=${codes.slice(0, 100).join(',')}`)).toEqual(ids((n) => n >= 10));
    expect(await found(`code:not=${['urn:x|c0', 'urn:y|c1', 'c2', '|c3', ...codes.slice(200)].join(',')}`)).toEqual(
      ids((n) => n !== 0 && n !== 2 && n < 20),
    );
    expect(await found(`_filter=not (${days.map((each) => `date eq ${each}`).join(' or ')})`)).toEqual(ids((n) => !isAmong(n)));
  });

  it('is refused where there are more than can be put together', async () => {
    const { server } = await begin();
    const body = `code:not=${Array.from({ length: 401 }, (_, n) => `z${n}`).join(',')}`;
    const refused = await server.request('POST', 'Observation/_search', body, { 'Content-Type': 'application/x-www-form-urlencoded' });
    expectRefusal(refused, 403, 'too-costly');
  });
});
