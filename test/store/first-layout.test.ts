/** What the first release wrote is found by every later version, on both databases. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../server/store/database.ts';
import { sql as postgresLayout } from '../../server/store/postgres/migrations/0001-first.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { sql as sqliteLayout } from '../../server/store/sqlite/migrations/0001-first.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { temporaryFolder } from '../cli/run-cli.ts';
import { createDatabase } from '../support/postgres-setup.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { layoutDigests, readFirstLayout } from './first-layout.ts';

const first = readFirstLayout();

let database: Database | undefined;
let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  await database?.close();
});

function sqliteFile(): string {
  const file = join(temporaryFolder(), 'first.db');
  const made = new DatabaseSync(file);
  made.exec(`PRAGMA journal_mode = WAL; ${sqliteLayout}; PRAGMA user_version = 1`);
  for (const [table, rows] of Object.entries(first.tables)) {
    for (const row of rows) {
      const columns = Object.keys(row);
      made.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...Object.values(row));
    }
  }
  made.close();
  return file;
}

async function postgresUrl(): Promise<string> {
  const name = `first_${Date.now()}_${process.pid}`;
  await createDatabase(inject('postgresUrl'), name, 'template0');
  const url = `${inject('postgresUrl')}/${name}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(postgresLayout);
  await client.query('CREATE TABLE migration (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())');
  await client.query('INSERT INTO migration (number) VALUES (1)');
  for (const [table, rows] of Object.entries(first.tables)) {
    for (const row of rows) {
      const columns = Object.keys(row);
      const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(', ')})`;
      await client.query(text, Object.values(row));
    }
  }
  await client.query(
    "SELECT setval('resource_rid_seq', (SELECT max(rid) FROM resource)), setval('version_seq_seq', (SELECT max(seq) FROM version))",
  );
  await client.end();
  return url;
}

it('the first layout is the one that was released', () => {
  expect(layoutDigests()).toEqual(first.digests);
});

const SEARCHES = [
  ['Patient?identifier=urn:first|one', 'aase'],
  ['Patient?family=bjork', 'aase'],
  ['Patient?family:exact=Bjørk', 'aase'],
  ['Patient?birthdate=1950', 'aase'],
  ['Patient?_has:Observation:subject:code=urn:first|size', 'aase'],
  ['Observation?subject:Patient.given=åse', 'weight'],
  ['Observation?date=ge2026-03-01&date=lt2026-03-02', 'weight'],
  ['Observation?value-quantity=72500|http://unitsofmeasure.org|g', 'weight'],
  ['Observation?code-value-quantity=urn:first|size$gt70', 'weight'],
  ['ValueSet?url=https://first.example/set', 'set'],
  ['ValueSet?_sort=-_lastUpdated', 'set'],
] as const;

describe.each([
  ['SQLite', async () => openSqliteStore({ file: sqliteFile() })],
  ['PostgreSQL', async () => openPostgresStore({ url: await postgresUrl(), connections: 2 })],
] as const)('a database that the first release made, on %s', (_, open) => {
  it('is opened, found whole and written on', async () => {
    database = await open();
    server = await startTestServer({ store: database.resources });
    for (const [query, id] of SEARCHES) {
      const { body } = await server.request('GET', query);
      const { entry = [] } = body as unknown as { entry?: { resource: { id: string } }[] };
      expect(
        entry.map(({ resource }) => resource.id),
        query,
      ).toEqual([id]);
    }
    expect((await server.request('GET', 'Patient?family=odegard&_total=accurate')).body).toMatchObject({ total: 0 });
    expect((await server.request('GET', 'Patient/aase/_history/1')).body).toMatchObject({ name: [{ family: 'Ødegård' }] });
    expect((await server.request('GET', 'Patient/aase/_history')).body).toMatchObject({ total: 2 });
    expect((await server.request('GET', 'Basic/gone')).status).toBe(410);
    expect(await database.state.find('grant', 'uid', 'u1')).toMatchObject({ id: 'g', value: { of: 'a user' } });
    expect(await database.state.removeGroup('session')).toBe(1);
    const patient = (await server.request('GET', 'Patient/aase')).body as unknown as Record<string, unknown>;
    const changed = await server.request('PUT', 'Patient/aase', { ...patient, birthDate: '1951-05-17' });
    expect(changed.headers.get('etag')).toBe('W/"3"');
    expect((await server.request('GET', 'Patient?birthdate=1951&_total=accurate')).body).toMatchObject({ total: 1 });
    expect((await server.request('POST', 'Basic', { resourceType: 'Basic', code: { text: 'new' } })).status).toBe(201);
    expect(
      (await server.request('GET', 'Observation?subject=Patient/aase&_include=Observation:subject&_total=accurate')).body,
    ).toMatchObject({
      total: 1,
      entry: [{ resource: { id: 'weight' } }, { resource: { id: 'aase' } }],
    });
  });
});
