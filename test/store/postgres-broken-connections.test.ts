/** Statements are cancelled and connections are ended while two processes write: what was acknowledged is there, once and whole. */
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { FhirError } from '../../server/fhir/errors.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { wholeFrom } from '../support/random.ts';
import { freshPostgresUrl } from '../support/stores.ts';

const FOR_MS = 3_000;
const BREAK_EACH_MS = 25;
const WRITERS_EACH = 24;
const KIND = 'written';

const random = wholeFrom(7);

/** Writes the next version of a task, with an index row and a state entry that carry its mark. @returns the version. */
function writeNext({ transact }: ResourceStore, id: string, mark: string): Promise<number> {
  return transact({
    lookups: { versions: [{ type: 'Task', id }] },
    build: (found) => {
      const versionId = (found.version('Task', id)?.versionId ?? 0) + 1;
      const json = JSON.stringify({ resourceType: 'Task', id, mark });
      const index = [{ kind: 'token', param: 'code', system: 's', code: mark } as const];
      return {
        writes: [{ type: 'Task', id, versionId, lastUpdatedMs: found.nowMs, method: 'PUT', json, index }],
        state: [{ kind: KIND, id: mark, value: {}, group: 'g' }],
        result: versionId,
      };
    },
  });
}

it('what was acknowledged is there once, with its own index rows and state', { timeout: 60_000 }, async () => {
  const url = await freshPostgresUrl();
  const databases = await Promise.all([1, 2].map(() => openPostgresStore({ url, connections: 6 })));
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  let running = true;
  let number = 0;
  const acknowledged: string[] = [];
  const outdated: string[] = [];
  const write = async (own: ResourceStore, other: ResourceStore): Promise<void> => {
    number += 1;
    const mark = `m${number}`;
    const id = random(3) === 0 ? `new-${number}` : `old-${random(12)}`;
    const versionId = await writeNext(own, id, mark);
    acknowledged.push(`${id}/${versionId}/${mark}`);
    for (const store of [own, other]) {
      const seen = (await store.read('Task', id))?.versionId ?? 0;
      if (seen < versionId) outdated.push(`${id}: ${seen} after ${versionId}`);
    }
  };
  const writer = async (own: ResourceStore, other: ResourceStore): Promise<void> => {
    while (running) {
      await write(own, other).catch((error: unknown) => {
        if (!(error instanceof FhirError)) throw error;
      });
    }
  };
  const breaker = async (): Promise<void> => {
    const others =
      'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() ORDER BY random() LIMIT 2';
    while (running) {
      await setTimeout(BREAK_EACH_MS);
      await admin.query(`SELECT ${random(2) === 0 ? 'pg_terminate_backend' : 'pg_cancel_backend'}(pid) FROM (${others}) o`);
    }
  };
  const [one, two] = databases.map(({ resources }) => resources) as [ResourceStore, ResourceStore];
  const writers = Array.from({ length: WRITERS_EACH }, () => [writer(one, two), writer(two, one)]).flat();
  const all = Promise.all([...writers, breaker()]);
  await Promise.race([setTimeout(FOR_MS), all]);
  running = false;
  await all;

  const versions = await admin.query<{ name: string; mark: string }>(
    "SELECT id || '/' || version_id AS name, json::json ->> 'mark' AS mark FROM version",
  );
  const written = new Map(versions.rows.map(({ name, mark }) => [`${name}/${mark}`, mark]));
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged.filter((each) => !written.has(each))).toEqual([]);
  expect(new Set(written.values()).size).toBe(versions.rows.length);
  expect(outdated).toEqual([]);
  const kept = await admin.query<{ id: string }>('SELECT id FROM state WHERE kind = $1', [KIND]);
  expect(new Set(kept.rows.map(({ id }) => id))).toEqual(new Set(written.values()));
  const current = await admin.query<{ said: string; found: string }>(
    `SELECT r.id, v.json::json ->> 'mark' AS said, string_agg(e.value, ' ') AS found
       FROM resource r JOIN version v ON v.rid = r.rid AND v.version_id = r.version_id LEFT JOIN entry e ON e.rid = r.rid GROUP BY 1, 2`,
  );
  expect(current.rows.map(({ found }) => found)).toEqual(current.rows.map(({ said }) => said));
  await admin.end();
  for (const database of databases) await database.close();
});
