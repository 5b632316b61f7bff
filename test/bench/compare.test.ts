import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { bearer, startTestServer, type TestServer } from '../support/test-server.ts';
import { type Course, compare } from './compare.ts';
import { personBundle, personPlan } from './population.ts';
import { Report } from './report.ts';
import { loadPeople, type Server } from './service.ts';
import { type Workload, workloadNamed } from './workloads.ts';

const PEOPLE = 3;
const COURSE: Course = { clients: 2, rounds: 2, roundMs: 20, warmUpMs: 20 };
const YARDSTICK_PER_SECOND = 1_000;

let folder: string;
let report: Report;
const opened: { server: TestServer; database: Database }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fellesplan-compare-'));
  report = new Report();
  vi.spyOn(console, 'log').mockReturnValue(undefined);
});
afterEach(async () => {
  for (const { server, database } of opened.splice(0)) {
    await server.close();
    await database.close();
  }
  rmSync(folder, { recursive: true });
});

async function startServer(): Promise<Server> {
  const database = await openSqliteStore({ file: ':memory:' });
  const server = await startTestServer({ store: database.resources });
  opened.push({ server, database });
  return { base: server.url, tokens: async () => bearer().slice('Bearer '.length) };
}

const named = (name: string): Workload => workloadNamed(name, PEOPLE, personPlan, (n) => personBundle(PEOPLE + n));

/** A yardstick that does a thousand operations a second, whatever is asked of it. */
const compareWithThousand = (servers: readonly [Server, ...Server[]], workload: Workload): Promise<void> =>
  compare(report, servers, workload, async () => ({ round: async () => YARDSTICK_PER_SECOND, close: async () => undefined }), COURSE);

function rows(): readonly { workload: string; perSecond: number; ratio: number; target: number }[] {
  const file = join(folder, 'rows.json');
  report.keep(file);
  return JSON.parse(readFileSync(file, 'utf8'));
}

describe('comparing a service with a peer', () => {
  it('puts every kind of load on both, and holds only the service against its target', { timeout: 60_000 }, async () => {
    const [ours, peer] = [await startServer(), await startServer()];
    for (const server of [ours, peer]) await loadPeople(server, PEOPLE);
    const names = ['read by id', '_has', '_include', 'page of 100', 'create CarePlan', 'update CarePlan', 'transaction of 20'];
    for (const name of names) await compareWithThousand([ours, peer], named(name));
    expect(rows().map(({ workload }) => workload)).toEqual(names.flatMap((name) => [name, `${name} (peer)`]));
    for (const { workload, perSecond, ratio, target } of rows()) {
      expect(ratio).toBeCloseTo(perSecond / YARDSTICK_PER_SECOND);
      expect(target > 0, workload).toBe(!workload.endsWith('(peer)'));
    }
  });

  it('stops at a peer that refuses, and tells what it answered', async () => {
    const [ours, { base }] = [await startServer(), await startServer()];
    await loadPeople(ours, PEOPLE);
    await expect(compareWithThousand([ours, { base }], named('read by id'))).rejects.toThrow(/GET \/CarePlan\/bench-0-plan: 401 .*login/);
  });
});
