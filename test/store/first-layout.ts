/**
 * A database as the first release leaves it, row by row: `node test/store/first-layout.ts` writes the rows into
 * test/store/generated/first-layout.json, with the digest of the layout they belong to. Once released, they stay.
 */
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql as postgresLayout } from '../../server/store/postgres/migrations/0001-first.ts';
import { sql as sqliteLayout } from '../../server/store/sqlite/migrations/0001-first.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

/** A row by column; integers are text, for they have up to 64 bits. */
type LayoutRow = Readonly<Record<string, string | number | null>>;

export interface FirstLayout {
  readonly digests: { readonly sqlite: string; readonly postgres: string };
  readonly tables: Readonly<Record<(typeof TABLES)[number], readonly LayoutRow[]>>;
}

const TABLES = ['resource', 'version', 'entry', 'state', 'state_alias'] as const;
const FILE = join(import.meta.dirname, 'generated', 'first-layout.json');

/** What the released layout must go on being. */
export const layoutDigests = (): FirstLayout['digests'] => ({
  sqlite: hash('sha256', sqliteLayout),
  postgres: hash('sha256', postgresLayout),
});

export const readFirstLayout = (): FirstLayout => JSON.parse(readFileSync(FILE, 'utf8')) as FirstLayout;

async function fill({ request }: TestServer): Promise<void> {
  const put = async (resource: { readonly resourceType: string; readonly id: string }): Promise<void> => {
    const { status, text } = await request('PUT', `${resource.resourceType}/${resource.id}`, resource);
    if (status >= 300) throw new Error(text);
  };
  const patient = {
    resourceType: 'Patient',
    id: 'aase',
    identifier: [{ system: 'urn:first', value: 'one' }],
    name: [{ family: 'Ødegård', given: ['Åse'] }],
    birthDate: '1950-05-17',
  };
  await put(patient);
  await put({ ...patient, name: [{ family: 'Bjørk', given: ['Åse'] }] } as typeof patient);
  await put({
    resourceType: 'Observation',
    id: 'weight',
    status: 'final',
    code: { coding: [{ system: 'urn:first', code: 'size' }] },
    subject: { reference: 'Patient/aase' },
    effectiveDateTime: '2026-03-01T10:00:00+01:00',
    valueQuantity: { value: 72.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
  } as { resourceType: string; id: string });
  await put({ resourceType: 'ValueSet', id: 'set', status: 'draft', url: 'https://first.example/set' } as {
    resourceType: string;
    id: string;
  });
  await put({ resourceType: 'Basic', id: 'gone', code: { text: 'deleted' } } as { resourceType: string; id: string });
  await request('DELETE', 'Basic/gone');
}

async function generate(): Promise<FirstLayout> {
  const folder = mkdtempSync(join(tmpdir(), 'fellesplan-first-'));
  const file = join(folder, 'first.db');
  const database = await openSqliteStore({ file });
  const server = await startTestServer({ store: database.resources });
  await fill(server);
  await database.state.put('grant', 'g', { of: 'a user' }, { aliases: { uid: 'u1' }, group: 'session' });
  await server.close();
  await database.close();
  const source = new DatabaseSync(file, { readOnly: true });
  const rowsOf = (table: string): LayoutRow[] => {
    const statement = source.prepare(`SELECT * FROM ${table}`);
    statement.setReadBigInts(true);
    return statement
      .all()
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : (value as string | number | null)]),
        ),
      );
  };
  const tables = Object.fromEntries(TABLES.map((table) => [table, rowsOf(table)])) as unknown as FirstLayout['tables'];
  source.close();
  rmSync(folder, { recursive: true });
  return { digests: layoutDigests(), tables };
}

if (import.meta.main) writeFileSync(FILE, `${JSON.stringify(await generate(), null, 1)}\n`);
