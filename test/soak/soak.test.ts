/** The soak in its short form; `node test/soak/run.ts` is the full one. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../cli/run-cli.ts';
import { createDatabase, startPostgres, TEMPLATE } from '../support/postgres-setup.ts';
import { type SoakReport, soak } from './soak.ts';

function expectSound(report: SoakReport): void {
  expect(report.wrong).toEqual([]);
  expect(report.lost).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(report.operations / 3);
  for (const kind of ['created', 'updated', 'transactions', 'read', 'walked', 'slow client', 'slow reader', 'hung up', 'faults']) {
    expect(report.outcomes[kind], kind).toBeGreaterThan(0);
  }
}

describe('under faults, no acknowledged write is lost and no page has a duplicate or a gap', { timeout: 60_000 }, () => {
  it('on SQLite, while the server is killed', async () => {
    const place = join(temporaryFolder(), 'soak.db');
    expectSound(await soak({ place, processes: 1, clients: 12, operations: 600, faults: ['kill', 'kill'], seed: 1 }));
  });

  it('on PostgreSQL, while one of two servers is killed and PostgreSQL starts anew', async () => {
    const postgres = await startPostgres({ fsync: false });
    try {
      await createDatabase(postgres.url, TEMPLATE, 'template0');
      const place = `${postgres.url}/${TEMPLATE}`;
      expectSound(await soak({ place, processes: 2, clients: 12, operations: 600, faults: ['kill', postgres.crash], seed: 2 }));
    } finally {
      await postgres.stop();
    }
  });
});
