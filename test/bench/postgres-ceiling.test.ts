import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, it, vi } from 'vitest';
import { measurePostgresCeiling } from './postgres-ceiling.ts';
import { Report } from './report.ts';

const PEOPLE = 3;
/** Whether plans that were created have index rows as those before them. */
const PLANS = `SELECT count(*) AS plans, count(DISTINCT rows) AS alike, sum(version_id - 1) AS updates FROM (
  SELECT version_id, (SELECT count(*) FROM entry e WHERE e.rid = r.rid) AS rows FROM resource r WHERE type = 'CarePlan'
) AS each`;
const COURSE = { clients: 2, rounds: 2, roundMs: 50, warmUpMs: 50 };

it('holds what PostgreSQL leaves of a bare server against that server, without a target', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fellesplan-ceiling-'));
  const report = new Report();
  vi.spyOn(console, 'log').mockReturnValue(undefined);
  await measurePostgresCeiling(report, folder, inject('postgresUrl'), PEOPLE, COURSE);
  const file = join(folder, 'rows.json');
  report.keep(file);
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly { workload: string; perSecond: number; ratio: number; target: number }[];
  rmSync(folder, { recursive: true });
  expect(rows.map(({ workload }) => workload)).toEqual([
    'bare GET of one row of PostgreSQL by its key',
    'the same, a line committed first',
    'bare GET of what one index of PostgreSQL leads to',
    'bare POST that stores the rows of a create',
    'bare PUT that stores the rows of an update',
  ]);
  for (const { perSecond, ratio, target } of rows) {
    expect(perSecond).toBeGreaterThan(0);
    expect(ratio).toBeGreaterThan(0);
    expect(target).toBe(0);
  }
  expect(report.allMet).toBe(true);
  const client = new pg.Client({ connectionString: `${inject('postgresUrl')}/ceiling` });
  await client.connect();
  const counted = await client.query<Record<'plans' | 'alike' | 'updates', string>>(PLANS);
  await client.end();
  const { plans, alike, updates } = counted.rows[0]!;
  expect(Number(plans)).toBeGreaterThan(PEOPLE);
  expect(alike).toBe('1');
  expect(Number(updates)).toBeGreaterThan(0);
});
