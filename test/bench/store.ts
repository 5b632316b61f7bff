/**
 * Measures a store alone: `node test/bench/store.ts [--store sqlite|postgres] [--resources 100000]`. Commits are durable
 * (fsync) and 16 clients work at once; prints operations per second, p50, p95 and p99 in milliseconds.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import type { Clause, SearchQuery } from '../../server/search/query.ts';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import type { ResourceStore, ResourceWrite } from '../../server/store/resource-store.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { startPostgres } from '../support/postgres-setup.ts';

const { values: options } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    resources: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '2' },
  },
});
const RESOURCES = Number(options.resources);
const SECONDS = Number(options.seconds);
const CLIENTS = 16;
const OBSERVATIONS_EACH = 19;
const PATIENTS = Math.ceil(RESOURCES / (OBSERVATIONS_EACH + 1));
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2024, 0, 1);
const FILLER = 'x'.repeat(1200);

type Operation = (n: number) => Promise<unknown>;

const token = (param: string, system: string | null, code: string): IndexEntry => ({ kind: 'token', param, system, code });
const text = (param: string, value: string): IndexEntry => ({ kind: 'string', param, value, normalized: value.toLowerCase() });
const when = (param: string, low: number): IndexEntry => ({ kind: 'range', param, low, high: low + DAY_MS - 1 });
const points = (param: string, type: string, id: string): IndexEntry => ({ kind: 'reference', param, type, id, url: null });

/** A number that has nothing to do with the others of the same `n`. */
const scattered = (n: number, salt: number): number => (Math.imul(n + salt * 7919, 2_654_435_761) ^ ((n * salt) >> 3)) >>> 3;

function patient(n: number): ResourceWrite {
  const index = [
    token('identifier', 'urn:oid:2.16.578.1.12.4.1.4.1', `fnr${n}`),
    token('identifier', 'urn:local', `mrn${n}`),
    token('gender', 'http://hl7.org/fhir/administrative-gender', n % 2 === 0 ? 'male' : 'female'),
    token('active', null, 'true'),
    text('family', `Nordmann${n % 997}`),
    text('name', `Nordmann${n % 997}`),
    text('given', `Kari${n % 89}`),
    when('birthdate', START_MS - (n % 30_000) * DAY_MS),
    points('organization', 'Organization', `o${n % 50}`),
  ];
  return resource('Patient', `p${n}`, 1, index);
}

function observation(n: number, versionId = 1): ResourceWrite {
  const about = `p${n % PATIENTS}`;
  const index = [
    token('status', 'http://hl7.org/fhir/observation-status', versionId === 1 ? 'final' : 'amended'),
    token('category', 'http://terminology.hl7.org/CodeSystem/observation-category', n % 3 === 0 ? 'survey' : 'vital-signs'),
    token('code', 'http://snomed.info/sct', `c${scattered(n, 3) % 40}`),
    token('identifier', 'urn:uuid', `o${n}`),
    points('subject', 'Patient', about),
    points('patient', 'Patient', about),
    points('performer', 'Practitioner', `pr${n % 300}`),
    when('date', START_MS + (scattered(n, 5) % 700) * DAY_MS),
    { kind: 'quantity' as const, param: 'value-quantity', low: n % 10, high: n % 10, system: null, code: '1' },
  ];
  return resource('Observation', `o${n}`, versionId, index);
}

function resource(type: string, id: string, versionId: number, index: readonly IndexEntry[]): ResourceWrite {
  const json = `{"resourceType":"${type}","id":"${id}","text":"${FILLER}"}`;
  return { type, id, versionId, lastUpdatedMs: START_MS, method: versionId === 1 ? 'POST' : 'PUT', json, index };
}

const write = (store: ResourceStore, writes: readonly ResourceWrite[]): Promise<void> =>
  store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });

async function load(store: ResourceStore): Promise<void> {
  const total = PATIENTS * (OBSERVATIONS_EACH + 1);
  let next = 0;
  const started = performance.now();
  const client = async (): Promise<void> => {
    while (next < total) {
      const first = next;
      next += 50;
      const numbers = Array.from({ length: Math.min(50, total - first) }, (_, k) => first + k);
      await write(
        store,
        numbers.map((n) => (n < PATIENTS ? patient(n) : observation(n - PATIENTS))),
      );
    }
  };
  await Promise.all(Array.from({ length: 4 }, client));
  console.log(`${total} resources loaded, 50 in a transaction: ${Math.round((total * 1000) / (performance.now() - started))}/s`);
}

async function measure(name: string, operation: Operation): Promise<void> {
  for (let n = 0; n < 50; n += 1) await operation(n);
  const times: number[] = [];
  let n = 50;
  const started = performance.now();
  const end = started + SECONDS * 1000;
  const client = async (): Promise<void> => {
    for (let now = performance.now(); now < end; now = performance.now()) {
      await operation(n++);
      times.push(performance.now() - now);
      await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(2).padStart(8);
  console.log(
    `${name.padEnd(44)} ${String(Math.round(times.length / seconds)).padStart(7)}/s  p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}`,
  );
}

const matches = (param: string, code: string): Clause => ({ op: 'match', param, test: { kind: 'token', code } });
const ofPatient = (n: number): Clause => ({
  op: 'match',
  param: 'patient',
  test: { kind: 'reference', type: 'Patient', id: `p${n % PATIENTS}` },
});
const both = (...clauses: readonly Clause[]): Clause => ({ op: 'and', clauses });
const query = (type: string, where: Clause, more: Partial<SearchQuery> = {}): SearchQuery => ({
  types: [type],
  where,
  sort: [],
  limit: 20,
  total: 'none',
  ...more,
});
const newest: Partial<SearchQuery> = { sort: [{ by: 'param', param: 'date', kind: 'range', descending: true }] };
const since = (low: number): Clause => ({
  op: 'match',
  param: 'date',
  test: { kind: 'range', anyOf: [[{ bound: 'high', is: '>=', value: low }]] },
});

async function searches(store: ResourceStore): Promise<void> {
  const search = (name: string, make: (n: number) => SearchQuery): Promise<void> => measure(name, (n) => store.search(make(n)));
  const spread = (n: number): number => (n * 7919) % PATIENTS;
  await measure('read by id', (n) => store.read('Patient', `p${spread(n)}`));
  await search('identifier, one hit', (n) => query('Patient', matches('identifier', `fnr${spread(n)}`)));
  await search('patient + code, newest 20', (n) => query('Observation', both(ofPatient(spread(n)), matches('code', `c${n % 40}`)), newest));
  await search('patient, newest 20', (n) => query('Observation', ofPatient(spread(n)), newest));
  await search('status + code, newest 20 (all common)', (n) =>
    query('Observation', both(matches('status', 'final'), matches('code', `c${n % 40}`)), newest),
  );
  await search('three common values, first 20', (n) =>
    query('Observation', both(matches('status', 'final'), matches('category', 'survey'), matches('code', `c${n % 40}`))),
  );
  await search('chained: patient.identifier', (n) =>
    query('Observation', { op: 'chain', param: 'patient', types: ['Patient'], where: matches('identifier', `fnr${spread(n)}`) }),
  );
  await search('_has: Observation with identifier', (n) =>
    query('Patient', { op: 'referencedBy', type: 'Observation', param: 'patient', where: matches('identifier', `o${spread(n)}`) }),
  );
  await search('page of 100', () => query('Observation', matches('category', 'survey'), { limit: 100 }));
  await search('family name prefix', (n) =>
    query('Patient', { op: 'match', param: 'family', test: { kind: 'string', mode: 'startsWith', value: `nordmann${n % 997}` } }),
  );
  await search('date from the last days', () => query('Observation', since(START_MS + 698 * DAY_MS)));
  await search('code with total', (n) => query('Observation', matches('code', `c${n % 40}`), { total: 'accurate' }));
  await search('patient + date + not status', (n) =>
    query('Observation', both(ofPatient(spread(n)), since(START_MS + 300 * DAY_MS), { op: 'not', clause: matches('status', 'amended') })),
  );
}

async function writes(store: ResourceStore): Promise<void> {
  let next = PATIENTS * OBSERVATIONS_EACH + 1_000_000;
  await measure('create, one in a transaction', () => write(store, [observation(next++)]));
  await measure('create twenty in a transaction', () =>
    write(
      store,
      Array.from({ length: 20 }, () => observation(next++)),
    ),
  );
  await measure('update with version check', (n) => {
    const key = { type: 'Observation', id: `o${n % (PATIENTS * OBSERVATIONS_EACH)}` };
    return store.transact({
      lookups: { versions: [key] },
      build: (found) => ({
        writes: [observation(n % (PATIENTS * OBSERVATIONS_EACH), (found.version(key.type, key.id)?.versionId ?? 0) + 1)],
        result: 0,
      }),
    });
  });
  await measure('conditional create by identifier', () => {
    const n = next++;
    const condition = query('Observation', matches('identifier', `o${n}`), { limit: 2 });
    return store.transact({ lookups: { searches: [condition] }, build: () => ({ writes: [observation(n)], result: 0 }) });
  });
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-bench-'));
  const file = join(folder, 'bench.db');
  const postgres = options.store === 'postgres' ? await startPostgres({ fsync: true }) : undefined;
  const database: Database =
    postgres === undefined
      ? await openSqliteStore({ file })
      : await openPostgresStore({ url: `${postgres.url}/postgres`, connections: CLIENTS });
  try {
    await load(database.resources);
    if (postgres === undefined) console.log(`${Math.round((await stat(file)).size / 1e6)} MB on disk`);
    await searches(database.resources);
    await writes(database.resources);
    console.log(`memory ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
  } finally {
    await database.close();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
