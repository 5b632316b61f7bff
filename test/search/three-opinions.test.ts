/**
 * SQLite, PostgreSQL and a plain reading of the resources' JSON give the same answers to random searches, page by page.
 * `SEARCH_SEEDS` and `SEARCHES` make it longer: seeds from 1 on (or `from-to`), and searches for each.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { compareOpinions } from './opinions/compare.ts';

const [FIRST = 1, LAST = FIRST] = (process.env.SEARCH_SEEDS ?? '1-2').split('-').map(Number);
const SEEDS = Array.from({ length: LAST - FIRST + 1 }, (_, at) => FIRST + at);
const SEARCHES = Number(process.env.SEARCHES ?? 200);
const WRITES = 160;

describe('three opinions', () => {
  const opened: Database[] = [];
  let folder: string | undefined;
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  it.each(SEEDS)('agree on random searches of random resources, seed %i', { timeout: 600_000 }, async (seed) => {
    folder = await mkdtemp(join(tmpdir(), 'fellesplan-opinions-'));
    const file = join(folder, 'a.db');
    const url = await freshPostgresUrl();
    const keep = (database: Database) => {
      opened.push(database);
      return database.resources;
    };
    const openStores = [
      async (nowMs: () => number) => keep(await openSqliteStore({ file, nowMs })),
      async (nowMs: () => number) => keep(await openPostgresStore({ url, connections: 4, nowMs })),
    ];
    const { faults, matched, refused } = await compareOpinions({ seed, searches: SEARCHES, writes: WRITES, openStores });
    expect(faults).toEqual([]);
    expect(matched).toBeGreaterThan(SEARCHES / 3);
    expect(refused.length, refused.slice(0, 20).join('\n')).toBeLessThan(SEARCHES / 20);
  });
});
