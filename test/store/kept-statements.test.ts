import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connection } from '../../server/store/sqlite/connection.ts';

let connection: Connection;
beforeEach(() => {
  connection = new Connection(':memory:', { cacheBytes: 1024 * 1024, searchTimeoutMs: 3000 });
});
afterEach(() => connection.close());

describe('the statements that a connection keeps', () => {
  it('are those that are asked again', () => {
    expect(connection.prepare('SELECT 1')).toBe(connection.prepare('SELECT 1'));
  });

  it('are forgotten when twice three hundred others were asked since', () => {
    const first = connection.prepare('SELECT 1');
    for (let n = 2; n <= 700; n += 1) connection.prepare(`SELECT ${n}`);
    expect(connection.prepare('SELECT 1')).not.toBe(first);
  });

  it('are not those that take a megabyte each, of which anybody may ask hundreds', () => {
    const long = `SELECT ${Array.from({ length: 400 }, (_, n) => `? = ${n} OR`).join(' ')} 1`.padEnd(10_001);
    expect(connection.prepare(long)).not.toBe(connection.prepare(long));
    expect(connection.query({ sql: long, values: Array.from({ length: 400 }, () => 7) })).toHaveLength(1);
  });
});
