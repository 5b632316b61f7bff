import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Connection } from '../../server/store/sqlite/connection.ts';

let connection: Connection;
beforeEach(() => {
  connection = new Connection(':memory:', { cacheBytes: 1024 * 1024, searchTimeoutMs: 3000 });
});
afterEach(() => connection.close());

describe('the statements that a connection keeps', () => {
  it('are those that are asked again', () => {
    const once = connection.prepare('SELECT 1');
    const again = connection.prepare('SELECT 1');
    expect(again).not.toBe(once);
    expect(connection.prepare('SELECT 1')).toBe(again);
  });

  it('stay while others are asked for once, however many', () => {
    const kept = [1, 2].map(() => connection.prepare('SELECT 1'))[1];
    for (let n = 2; n <= 2000; n += 1) connection.prepare(`SELECT ${n}`);
    expect(connection.prepare('SELECT 1')).toBe(kept);
  });

  it('are forgotten when twice three hundred others were asked since', () => {
    const first = [1, 2].map(() => connection.prepare('SELECT 1'))[1];
    for (let n = 2; n <= 700; n += 1) for (let times = 0; times < 2; times += 1) connection.prepare(`SELECT ${n}`);
    expect(connection.prepare('SELECT 1')).not.toBe(first);
  });

  it('are not those that take a megabyte each, of which anybody may ask hundreds', () => {
    const long = `SELECT ${Array.from({ length: 400 }, (_, n) => `? = ${n} OR`).join(' ')} 1`.padEnd(10_001);
    expect(new Set(Array.from({ length: 5 }, () => connection.prepare(long))).size).toBe(5);
    expect(connection.query({ sql: long, values: Array.from({ length: 400 }, () => 7) })).toHaveLength(1);
  });
});
