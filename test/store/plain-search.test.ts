/** A search for one code, or what points at one resource, asks the store what it would be asked if its SQL were written anew. */
import { describe, expect, it, vi } from 'vitest';
import type { Clause, ReferenceTest, SearchQuery, TokenTest } from '../../server/search/query.ts';
import { postgresDialect } from '../../server/store/postgres/dialect.ts';
import { plainStatement } from '../../server/store/sql/plain-search.ts';
import { searchSteps } from '../../server/store/sql/search.ts';
import type { Statement } from '../../server/store/sql/steps.ts';
import { sqliteDialect } from '../../server/store/sqlite/dialect.ts';

const token = (test: Partial<TokenTest>, param = 'code'): Clause => ({ op: 'match', param, test: { kind: 'token', ...test } });
const reference = (test: Partial<ReferenceTest>, param = 'patient'): Clause => ({
  op: 'match',
  param,
  test: { kind: 'reference', ...test },
});
const query = (where: Clause, over: Partial<SearchQuery> = {}): SearchQuery => ({
  types: ['Task'],
  where,
  sort: [],
  limit: 20,
  total: 'none',
  ...over,
});

const QUERIES: readonly [string, SearchQuery][] = [
  ['a code', query(token({ code: 'a' }))],
  ['another code', query(token({ code: 'b' }))],
  ['a code of a system', query(token({ code: 'a', system: 'urn:s' }))],
  ['a code of no system', query(token({ code: 'a', system: null }))],
  ['a code that holds what is not stored', query(token({ code: 'a\0b', system: 'urn:s' }))],
  ['another parameter', query(token({ code: 'a' }, 'status'))],
  ['another type', query(token({ code: 'a' }), { types: ['Goal'] })],
  ['a page of one', query(token({ code: 'a' }), { limit: 1 })],
  ['a page of 1,000', query(token({ code: 'a', system: 'urn:s' }), { limit: 1_000 })],
  ['a code by its text', query(token({ code: 'a', text: 'x' }))],
  ['a text', query(token({ text: 'x' }))],
  ['one of several codes', query(token({ anyOf: [{ system: 'urn:s', code: 'a' }] }))],
  ['what points at one', query(reference({ type: 'Patient', id: 'p' }))],
  ['what points at another', query(reference({ type: 'Patient', id: 'q' }))],
  ['what points at it by another parameter', query(reference({ type: 'Patient', id: 'p' }, 'subject'), { types: ['Goal'] })],
  ['what points at one of a type', query(reference({ type: 'Patient' }))],
  ['what points at one of several types', query(reference({ types: ['Patient', 'Group'], id: 'p' }))],
  ['what points at an id', query(reference({ id: 'p' }))],
  ['what points elsewhere', query(reference({ url: 'urn:x' }))],
  ['what points at one, with how many', query(reference({ type: 'Patient', id: 'p' }), { total: 'accurate' })],
  ['the newest first', query(token({ code: 'a' }), { sort: [{ by: 'lastUpdated', descending: true }] })],
  ['the next page', query(token({ code: 'a' }), { after: { values: [], type: 'Task', id: 't' } })],
  ['the page before', query(token({ code: 'a' }), { before: { values: [], type: 'Task', id: 't' } })],
  ['two types', query(token({ code: 'a' }), { types: ['Task', 'Goal'] })],
  ['how many', query(token({ code: 'a' }), { limit: 0, total: 'accurate' })],
];

describe.each([
  ['SQLite', sqliteDialect],
  ['PostgreSQL', postgresDialect],
])('on %s', (_name, dialect) => {
  it.each(QUERIES)('asks the same: %s', (_what, one) => {
    const anew = { ...one, where: { op: 'and', clauses: [one.where] } } as const;
    for (let times = 0; times < 3; times += 1) {
      expect(searchSteps(dialect, one).next().value).toEqual(searchSteps(dialect, anew).next().value);
    }
  });
});

it('writes a text once, and none that binds other values than it knows of', () => {
  const dialect = { ...sqliteDialect };
  const one = query(token({ code: 'a' }));
  const { values } = searchSteps(sqliteDialect, one).next().value as Statement;
  const write = vi.fn(() => ({ sql: 'SELECT 1', values }));
  expect(plainStatement(dialect, one, write)).toEqual({ sql: 'SELECT 1', values });
  expect(plainStatement(dialect, query(token({ code: 'b' })), write)?.sql).toBe('SELECT 1');
  expect(write).toHaveBeenCalledTimes(1);
  const shorter = { ...one, limit: 2 };
  expect(plainStatement(dialect, shorter, () => ({ sql: 'SELECT 2', values: [...values, 1] }))).toBeUndefined();
  expect(plainStatement(dialect, shorter, write)).toBeUndefined();
});
