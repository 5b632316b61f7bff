/** What PostgreSQL answers is taken apart the same, however the network cuts it. */
import { PassThrough } from 'node:stream';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listenTo } from '../../server/store/postgres/answering.ts';
import { openPool } from '../../server/store/postgres/connection.ts';
import { sendTogether } from '../../server/store/postgres/pipeline.ts';
import type { Row, Statement } from '../../server/store/sql/steps.ts';

function message(kind: string, content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

describe('an answer that comes in pieces', () => {
  const large = Buffer.alloc(20_000, 'x');
  const sent = [
    message('2', Buffer.alloc(0)),
    message('D', Buffer.from('first')),
    message('D', large),
    message('N', Buffer.from('a notice')),
    message('D', Buffer.alloc(0)),
    message('C', Buffer.from('SELECT 3\0')),
    message('Z', Buffer.from('I')),
    message('A', Buffer.from('what comes later')),
  ];

  it.each([1, 2, 3, 4, 5, 6, 7, 11, 100, 8_192, 20_004, 20_005, 65_536])('of %d bytes is told message by message', (size) => {
    const stream = new PassThrough();
    const [told, driver]: [string[], string[]] = [[], []];
    stream.on('data', (chunk: Buffer) => driver.push(chunk.toString('latin1')));
    const content = (row: Buffer) => row.toString('latin1', 5);
    listenTo({ stream } as unknown as pg.Connection, {
      columns: () => told.push('columns'),
      row: (row) => told.push(content(row).length > 100 ? `${content(row).length} bytes` : content(row)),
      completed: () => told.push('completed'),
    });
    const whole = Buffer.concat(sent);
    // Each piece in memory of its own, as it comes from a socket.
    for (let at = 0; at < whole.length; at += size) stream.emit('data', Buffer.from(new Uint8Array(whole.subarray(at, at + size)).buffer));
    expect(told).toEqual(['first', '20000 bytes', '', 'completed']);
    expect(driver.map((text) => text[0])).toEqual(['N', 'Z', 'A']);
    expect(driver.join('')).toContain('what comes later');
  });
});

describe('a row', () => {
  let pool: pg.Pool;
  beforeAll(() => {
    const url = { connectionString: `${inject('postgresUrl')}/postgres`, schema: undefined, options: undefined };
    pool = openPool({ url, connections: 1, searchTimeoutMs: 10_000 });
  });
  afterAll(() => pool.end());

  const asked = async (statement: Statement): Promise<readonly Row[]> => {
    const { results, failure } = await sendTogether(pool, [statement]);
    expect(failure).toBeUndefined();
    return results[0] ?? [];
  };

  it('gives each value as it was bound', async () => {
    const sql =
      'SELECT $1::text AS words, $2::text AS nothing, $3::text AS empty, $4::bigint AS large, $5::int AS negative, $6::smallint AS small, $7::float8 AS part, $8::float8 AS endless';
    const values = ['čáhci 🌲 "\\ ', null, '', 9_007_199_254_740_991, -12, 0, 0.1, '-Infinity'];
    const row = {
      words: 'čáhci 🌲 "\\ ',
      nothing: null,
      empty: '',
      large: 9_007_199_254_740_991,
      negative: -12,
      small: 0,
      part: 0.1,
      endless: Number.NEGATIVE_INFINITY,
    };
    // The second time it is prepared, and its columns are known.
    for (let times = 0; times < 2; times += 1) expect(await asked({ sql, values })).toEqual([row]);
  });

  it('gives a column as bytes where they are asked for, however many there are', async () => {
    const sql = "SELECT n AS n, repeat('ø', n) AS words FROM generate_series(1, 900) AS n ORDER BY n";
    const rows = await asked({ sql, values: [], asBytes: 'words' });
    expect(rows.map(({ n, words }) => [n, Buffer.from(words as unknown as Uint8Array).toString()])).toEqual(
      Array.from({ length: 900 }, (_, n) => [n + 1, 'ø'.repeat(n + 1)]),
    );
  });
});
