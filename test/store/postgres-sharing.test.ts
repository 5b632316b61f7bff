/** Requests that share a connection or a commit of PostgreSQL do not share each other's failures. */
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPool, query } from '../../server/store/postgres/connection.ts';
import { readDatabaseUrl } from '../../server/store/postgres/database-url.ts';
import { Moments } from '../../server/store/postgres/moment.ts';
import { sendTogether } from '../../server/store/postgres/pipeline.ts';
import { SharedCommits } from '../../server/store/postgres/shared-commits.ts';
import { SharedReads } from '../../server/store/postgres/shared-reads.ts';
import { inOneGo } from '../../server/store/postgres/transaction.ts';
import { freshPostgresUrl } from '../support/stores.ts';

const divided = (by: number) => ({ sql: 'SELECT 12 / $1::int AS result', values: [by] });
const kept = (id: string) => ({ sql: "INSERT INTO state (kind, id, value) VALUES ('shared', $1, '{}')", values: [id] });
const idsKept = { sql: "SELECT id FROM state WHERE kind = 'shared' ORDER BY id", values: [] };

let url: string;
let pool: pg.Pool;
beforeEach(async () => {
  url = await freshPostgresUrl();
  pool = openPool({ url: readDatabaseUrl(url), connections: 4, searchTimeoutMs: 10_000 });
});
afterEach(() => pool.end());

const idsOf = async (): Promise<unknown> => (await query(pool, idsKept)).map(({ id }) => id);

describe('a pipeline', () => {
  it('gives the rows of each statement, known and new, with numbers and nulls as they are', async () => {
    const typed = {
      sql: "SELECT $1::bigint AS big, $2::float8 AS real, $3::text AS text, NULL AS none, 'æ' AS letter",
      values: [2 ** 40, 0.5, null],
    };
    const expected = [[{ big: 2 ** 40, real: 0.5, text: null, none: null, letter: 'æ' }], [{ result: 4 }], [], [{ result: 6 }]];
    for (let time = 0; time < 3; time += 1) {
      const statements = [typed, divided(3), { sql: 'SELECT id FROM state WHERE kind = $1', values: ['nothing'] }, divided(2)];
      expect(await sendTogether(pool, statements)).toMatchObject({ results: expected });
    }
  });

  it('tells which statement failed, and nothing of it has happened', async () => {
    const { results, failure } = await sendTogether(pool, [kept('a'), divided(0), kept('b')]);
    expect(results).toHaveLength(1);
    expect(failure).toMatchObject({ code: '22012' });
    expect(await idsOf()).toEqual([]);
  });

  it('keeps prepared what was used last, and no more than a few hundred on a connection', async () => {
    const one = openPool({ url: readDatabaseUrl(url), connections: 1, searchTimeoutMs: 10_000 });
    const numbered = (n: number) => ({ sql: `SELECT ${n} AS number`, values: [] });
    for (let first = 0; first < 1_000; first += 25) {
      const statements = Array.from({ length: 25 }, (_, n) => numbered(first + n));
      const { results } = await sendTogether(one, [divided(3), ...statements]);
      expect(results.at(-1)).toEqual([{ number: first + 24 }]);
    }
    const kept = { sql: 'SELECT statement FROM pg_prepared_statements', values: [] };
    const { results } = await sendTogether(one, [numbered(0), divided(3), kept]);
    expect(results.slice(0, 2)).toEqual([[{ number: 0 }], [{ result: 4 }]]);
    const texts = results[2]?.map(({ statement }) => statement) ?? [];
    expect(texts.length).toBeLessThan(450);
    expect(texts).toEqual(expect.arrayContaining([divided(3).sql, numbered(999).sql]));
    expect(texts).not.toContain(numbered(100).sql);
    await one.end();
  });
});

describe('shared reads', () => {
  it('take as many values as the protocol can count', async () => {
    const reads = new SharedReads(pool);
    const count = 65_535;
    const rows = Array.from({ length: count / 5 }, (_, n) => `(${[1, 2, 3, 4, 5].map((place) => `$${5 * n + place}::int`).join()})`);
    const sql = `SELECT sum(a + b + c + d + e)::int AS sum FROM (VALUES ${rows.join()}) AS v (a, b, c, d, e)`;
    expect(await reads.ask({ sql, values: Array.from({ length: count }, () => 1) })).toEqual([{ sum: count }]);
  });

  it('fail for the one at fault alone', async () => {
    const reads = new SharedReads(pool);
    await reads.ask(divided(1));
    const asked = await Promise.allSettled([1, 2, 0, 3, 4].map((by) => reads.ask(divided(by))));
    expect(asked.map((each) => (each.status === 'fulfilled' ? each.value[0]?.result : each.reason.code))).toEqual([12, 6, '22012', 4, 3]);
  });

  it('see what was committed before they were asked', async () => {
    const reads = new SharedReads(pool);
    for (const id of ['a', 'b', 'c']) {
      await inOneGo(pool, [kept(id)]);
      const seen = await Promise.all([1, 2, 3].map(() => reads.ask(idsKept)));
      expect(new Set(seen.map((rows) => rows.at(-1)?.id))).toEqual(new Set([id]));
    }
  });

  it('do not wait for one that was slow when it was last asked, nor for one that is new', async () => {
    const reads = new SharedReads(pool);
    const slow = (ms: number) => ({ sql: 'SELECT 1 AS slept FROM pg_sleep($1::float8 / 1000)', values: [ms] });
    await reads.ask(divided(1));
    const order: string[] = [];
    const noted = (name: string, rows: Promise<unknown>): Promise<unknown> => rows.then(() => order.push(name));
    await Promise.all([noted('new', reads.ask(slow(150))), noted('quick', reads.ask(divided(1)))]);
    await Promise.all([noted('slow', reads.ask(slow(150))), noted('quick', reads.ask(divided(1)))]);
    expect(order).toEqual(['quick', 'new', 'quick', 'slow']);
  });

  it('share also when it took long until a connection was free', async () => {
    const one = openPool({ url: readDatabaseUrl(url), connections: 1, searchTimeoutMs: 10_000 });
    const reads = new SharedReads(one);
    const moment = { sql: 'SELECT transaction_timestamp()::text AS moment', values: [] };
    const held = await one.connect();
    const first = reads.ask(moment);
    await setTimeout(60);
    held.release();
    await first;
    const moments = await Promise.all([1, 2, 3].map(() => reads.ask(moment)));
    expect(new Set(moments.map(([row]) => row?.moment)).size).toBe(1);
    await one.end();
  });

  it('are asked by everybody anew after the connection broke', async () => {
    const reads = new SharedReads(pool);
    await reads.ask(divided(1));
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
    );
    await admin.end();
    await setTimeout(50);
    expect(await Promise.all([1, 2].map((by) => reads.ask(divided(by))))).toEqual([[{ result: 12 }], [{ result: 6 }]]);
  });
});

describe('shared commits', () => {
  it('leave out the one that fails, and keep the others', async () => {
    const commits = new SharedCommits(pool);
    await inOneGo(pool, [kept('taken')]);
    const asked = await Promise.allSettled(['a', 'b', 'taken', 'c'].map((id) => commits.commit([kept(id)], true)));
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(asked[2]).toMatchObject({ reason: { code: '23505' } });
    expect(await idsOf()).toEqual(['a', 'b', 'c', 'taken']);
  });

  it('are few where many are asked for at once, and give each the rows of its own statements', async () => {
    const commits = new SharedCommits(pool);
    const own = 'SELECT pg_current_xact_id()::text AS number, $1::int AS place';
    const asked = Array.from({ length: 8 }, (_, place) => commits.commit([kept(`k${place}`), { sql: own, values: [place] }], true));
    const rows = (await Promise.all(asked)).map((results) => results[1]?.[0]);
    expect(rows.map((row) => row?.place)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(rows.map((row) => row?.number)).size).toBe(1);
  });
});

describe('a moment that has ended', () => {
  it.each([
    ['well', async () => undefined],
    ['by a failure', () => Promise.reject(new Error('wrong'))],
  ])('%s answers nobody who asks later, on a connection that others have by then', async (_how, work) => {
    let ask = (): Promise<unknown> => Promise.resolve();
    const moment = new Moments(pool).readAlone(async (session) => {
      ask = () => session.ask(divided(3));
      await ask();
      return work();
    });
    await Promise.allSettled([moment]);
    await expect(ask()).rejects.toThrow('is over');
  });
});
