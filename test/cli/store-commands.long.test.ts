/** backup, restore and reindex as people run them: on a store of their own, and beside a server that goes on. */
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { serveDatabase } from '../../server/composition/served-database.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { indexDigest } from '../../server/search/index-digest.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import { restoreLines } from '../../server/store/backup.ts';
import { joinIndex } from '../../server/store/index-ledger.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { type DemoProcess, removeData, startDemo } from '../e2e/demo-process.ts';
import { version } from '../store/version.ts';
import { freshPostgresUrl } from '../support/stores.ts';
import { startTestServer } from '../support/test-server.ts';
import { runCli, temporaryFolder } from './run-cli.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Runs a command on the store in `cwd` or, with a URL, in PostgreSQL. */
const run = (cwd: string, args: readonly string[], databaseUrl = ''): ReturnType<typeof runCli> =>
  runCli(args, { cwd, env: { FELLESPLAN_DATA: join(cwd, 'data'), DATABASE_URL: databaseUrl } });

async function filled(): Promise<string> {
  const folder = temporaryFolder();
  const database = await openSqliteStore({ file: join(folder, 'data', 'fellesplan.sqlite') });
  const writes = Array.from({ length: 300 }, (_, n) => version('Task', `t${n}`, 1));
  await database.resources.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
  await database.state.put('page-token-key', 'current', { key: 'a2V5' });
  await database.close();
  return folder;
}

/** What takes more than a moment tells how far it has come. */
const ONLY_PROGRESS = /^( *[\d ]+(resources|versions)\n)*$/;

describe('fellesplan backup and restore', { timeout: 60_000 }, () => {
  it('take everything from SQLite to PostgreSQL and back, and the second backup equals the first', async () => {
    const from = await filled();
    const to = temporaryFolder();
    const url = await freshPostgresUrl();
    const made = await run(from, ['backup', 'first.ndjson']);
    expect(made).toMatchObject({ exitCode: 0, stdout: 'first.ndjson: 300 versions, 1 entries of state\n' });
    expect(statSync(join(from, 'first.ndjson')).mode & 0o777).toBe(0o600);
    expect(await run(from, ['restore', 'first.ndjson'], url)).toMatchObject({ exitCode: 0, stderr: '' });
    const database = await openPostgresStore({ url, connections: 1 });
    expect(await database.state.get('page-token-key', 'current')).toMatchObject({ value: { key: 'a2V5' } });
    await database.close();
    expect(await run(to, ['backup', 'second.ndjson.gz'], url)).toMatchObject({ exitCode: 0 });
    const first = readFileSync(join(from, 'first.ndjson'), 'utf8');
    expect(gunzipSync(readFileSync(join(to, 'second.ndjson.gz'))).toString('utf8')).toBe(first);
    expect(await run(to, ['restore', '--check', 'second.ndjson.gz'])).toMatchObject({
      exitCode: 0,
      stdout: 'second.ndjson.gz is whole: 300 versions, 1 entries of state\n',
    });
    expect(existsSync(join(to, 'data'))).toBe(false);
    // What it is packed with is seen, not read off its name.
    renameSync(join(to, 'second.ndjson.gz'), join(to, 'second.backup'));
    expect(await run(to, ['restore', 'second.backup'])).toMatchObject({ exitCode: 0 });
    expect(await run(to, ['backup', 'third.ndjson'])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(to, 'third.ndjson'), 'utf8')).toBe(first);
  });

  it('refuse with exit code 1, and change nothing', async () => {
    const folder = await filled();
    expect(await run(folder, ['backup', 'b.ndjson'])).toMatchObject({ exitCode: 0 });
    const refused = { exitCode: 1, stdout: '' };
    expect(await run(folder, ['backup', 'b.ndjson'])).toMatchObject({ ...refused, stderr: 'fellesplan: b.ndjson is there already\n' });
    const notEmpty = await run(folder, ['restore', 'b.ndjson']);
    expect(notEmpty).toMatchObject(refused);
    expect(notEmpty.stderr).toContain('is not empty');
    const empty = temporaryFolder();
    expect((await run(folder, ['backup', 'nowhere/b.ndjson'])).stderr).toBe('fellesplan: there is no folder nowhere\n');
    const nothing = await run(empty, ['backup', 'b.ndjson']);
    expect(nothing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no database at') });
    const never = await run(empty, ['backup', 'b.ndjson'], await freshPostgresUrl());
    expect(never).toMatchObject({ ...refused, stderr: expect.stringContaining('is empty: there is nothing to keep') });
    expect(await run(empty, ['restore', 'b.ndjson'])).toMatchObject({ exitCode: 2, stderr: 'fellesplan: there is no file b.ndjson\n' });
    expect(await run(empty, ['restore', '.'])).toMatchObject({ exitCode: 2, stderr: 'fellesplan: . cannot be read (EISDIR)\n' });
    expect(existsSync(join(empty, 'data'))).toBe(false);
    writeFileSync(join(empty, 'cut.ndjson'), readFileSync(join(folder, 'b.ndjson'), 'utf8').split('\n').slice(0, 100).join('\n'));
    expect(await run(empty, ['restore', '--check', 'cut.ndjson'])).toMatchObject({
      ...refused,
      stderr: expect.stringContaining('cut short'),
    });
    const cut = await run(empty, ['restore', 'cut.ndjson']);
    expect(cut).toMatchObject(refused);
    expect(cut.stderr).toContain('cut short');
    writeFileSync(join(empty, 'cut.gz'), 'no gzip');
    expect(await run(empty, ['restore', 'cut.gz'])).toMatchObject(refused);
    expect(await run(empty, ['restore', join(folder, 'b.ndjson')])).toMatchObject({ exitCode: 0 });
  });

  it('leave a database that no server starts on, and that is not kept for whole, when a restore is broken off', async () => {
    const folder = await filled();
    expect(await run(folder, ['backup', 'b.ndjson'])).toMatchObject({ exitCode: 0 });
    const lines = readFileSync(join(folder, 'b.ndjson'), 'utf8').trimEnd().split('\n');
    const empty = temporaryFolder();
    const half = await openSqliteStore({ file: join(empty, 'data', 'fellesplan.sqlite') });
    await expect(restoreLines(half, lines.slice(0, 250), () => [])).rejects.toThrow('cut short');
    await half.close();
    for (const command of [['serve'], ['reindex'], ['backup', 'half.ndjson'], ['restore', join(folder, 'b.ndjson')]]) {
      const { exitCode, stderr } = await run(empty, command);
      expect(exitCode, command[0]).toBe(command[0] === 'serve' ? 2 : 1);
      expect(stderr).toContain('was until that was broken off');
    }
    expect(existsSync(join(empty, 'half.ndjson'))).toBe(false);
  });

  it('end with exit code 2 where PostgreSQL is out of reach, and do not tell the password', async () => {
    const folder = temporaryFolder();
    const { exitCode, stderr } = await run(folder, ['backup', 'b.ndjson'], 'postgres://nobody:verysecret@127.0.0.1:1/none');
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain('verysecret');
  });
});

describe('fellesplan reindex', { timeout: 60_000 }, () => {
  it('is refused while a version with other search parameters serves the database', async () => {
    const folder = await filled();
    const database = await openSqliteStore({ file: join(folder, 'data', 'fellesplan.sqlite') });
    await database.state.put('index-process', 'other', { version: 'another' }, { expiresAtMs: Date.now() + 60_000 });
    await database.close();
    const refused = await run(folder, ['reindex']);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('served by another version');
  });

  it('makes a live server of a new version find by what is new, which until then answers 503 transient', async () => {
    const url = await freshPostgresUrl();
    const earlier = await openPostgresStore({ url, connections: 1 });
    const patient = '{"resourceType":"Patient","id":"p","gender":"female","identifier":[{"system":"urn:x","value":"one"}]}';
    const write = { ...version('Patient', 'p', 1), json: patient };
    await earlier.resources.transact({ lookups: {}, build: () => ({ writes: [write], result: 0 }) });
    const definitions = loadDefinitions();
    const searchRegistry = createSearchRegistry(definitions);
    // The version before knew everything but Patient.gender.
    const known = definitions.searchParameters.filter(({ code }) => code !== 'gender').map(indexDigest);
    await (await joinIndex(earlier.state, { digests: known, id: 'earlier', nowMs: Date.now })).leave();
    await earlier.close();

    const served = await serveDatabase(await openPostgresStore({ url, connections: 2 }), { definitions, searchRegistry }, 100);
    const server = await startTestServer({ store: served.resources });
    cleanUps.push(async () => {
      await server.close();
      await served.close();
    });
    const byGender = () => server.request('GET', 'Patient?gender=female&_total=accurate');
    expect(await byGender()).toMatchObject({ status: 503, body: { issue: [{ code: 'transient' }] } });
    expect((await server.request('GET', 'Patient?identifier=urn:x|one')).status).toBe(200);
    expect(await run(temporaryFolder(), ['reindex'], url)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(': 1 resources') });
    await expect.poll(async () => (await byGender()).body, { timeout: 5_000 }).toMatchObject({ total: 1 });
  });
});

describe('beside a server that answers', { timeout: 120_000 }, () => {
  it('reindex and backup run, no search misses a resource meanwhile, and a restored store keeps keys and page links', async () => {
    let demo: DemoProcess = await startDemo({ env: { FELLESPLAN_LOG: 'silent' } });
    cleanUps.push(async () => {
      await demo.kill();
      await removeData(demo);
    });
    const folder = temporaryFolder();
    const env = { FELLESPLAN_DATA: demo.dataDir, PORT: new URL(demo.url).port };
    const headers = { Authorization: `Bearer ${await demo.token('admin-system')}`, 'Content-Type': 'application/fhir+json' };
    let running = true;
    let searches = 0;
    const patients = await found(demo.url, 'Patient?_count=1000&_elements=id', headers);
    const writer = (async () => {
      for (let n = 0; running; n += 1) {
        const id = `live-${n}`;
        const body = JSON.stringify({ resourceType: 'Basic', id, identifier: [{ value: id }], code: { text: 'live' } });
        expect((await fetch(`${demo.url}/fhir/Basic/${id}`, { method: 'PUT', headers, body })).status).toBe(201);
        expect(await found(demo.url, `Basic?identifier=${id}`, headers)).toHaveLength(1);
        searches += 1;
      }
    })();
    const reader = (async () => {
      while (running)
        expect(await found(demo.url, 'Patient?_count=1000&_elements=id&gender:missing=false', headers)).toHaveLength(patients.length);
    })();
    const reindexed = await runCli(['reindex'], { cwd: folder, env });
    const backedUp = await runCli(['backup', 'live.ndjson.gz'], { cwd: folder, env });
    running = false;
    await Promise.all([writer, reader]);
    expect(reindexed).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(ONLY_PROGRESS) });
    expect(Number(/: (\d+) resources/.exec(reindexed.stdout)?.[1])).toBeGreaterThan(patients.length);
    expect(backedUp).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(ONLY_PROGRESS) });
    expect(searches).toBeGreaterThan(10);

    const page = (await (await fetch(`${demo.url}/fhir/Patient?_count=2`, { headers })).json()) as {
      link: { relation: string; url: string }[];
    };
    const next = page.link.find(({ relation }) => relation === 'next')?.url ?? '';
    const jwks = await (await fetch(`${demo.url}/auth/jwks`)).text();
    await demo.stop();
    const restored = join(folder, 'restored');
    expect(await runCli(['restore', 'live.ndjson.gz'], { cwd: folder, env: { ...env, FELLESPLAN_DATA: restored } })).toMatchObject({
      exitCode: 0,
    });
    demo = await startDemo({ dataDir: restored, port: Number(env.PORT), env: { FELLESPLAN_LOG: 'silent' } });
    expect((await fetch(next, { headers })).status).toBe(401);
    const again = { Authorization: `Bearer ${await demo.token('admin-system')}` };
    expect((await fetch(next, { headers: again })).status).toBe(200);
    expect(await (await fetch(`${demo.url}/auth/jwks`)).text()).toBe(jwks);
    expect(await found(demo.url, 'Patient?_count=1000&_elements=id', again)).toEqual(patients);
  });
});

async function found(url: string, query: string, headers: Record<string, string>): Promise<string[]> {
  const response = await fetch(`${url}/fhir/${query}`, { headers });
  expect(response.status).toBe(200);
  const { entry = [] } = (await response.json()) as { entry?: { resource: { id: string } }[] };
  return entry.map(({ resource }) => resource.id).sort();
}
