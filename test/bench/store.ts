/**
 * Measures a store alone: `node test/bench/store.ts [--store sqlite|postgres] [--resources 100000]`. Commits are durable
 * (fsync) and 16 clients work at once; prints operations per second, p50, p95 and p99 in milliseconds.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Clause, SearchQuery } from '../../server/search/query.ts';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { startPostgres } from '../support/postgres-setup.ts';
import { both, DAY_MS, matches, newest, query, START_MS, StorePopulation, write } from './store-population.ts';

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
const people = new StorePopulation(RESOURCES);

type Operation = (n: number) => Promise<unknown>;

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

const since = (low: number): Clause => ({
  op: 'match',
  param: 'date',
  test: { kind: 'range', anyOf: [[{ bound: 'high', is: '>=', value: low }]] },
});

async function searches(store: ResourceStore): Promise<void> {
  const search = (name: string, make: (n: number) => SearchQuery): Promise<void> => measure(name, (n) => store.search(make(n)));
  await measure('read by id', (n) => store.read('Patient', `p${people.spread(n)}`));
  for (const [name, make] of Object.entries(people.selective())) await search(name, make);
  await search('status + code, newest 20 (all common)', (n) =>
    query('Observation', both(matches('status', 'final'), matches('code', `c${n % 40}`)), newest),
  );
  await search('three common values, first 20', (n) =>
    query('Observation', both(matches('status', 'final'), matches('category', 'survey'), matches('code', `c${n % 40}`))),
  );
  await search('page of 100', () => query('Observation', matches('category', 'survey'), { limit: 100 }));
  await search('family name prefix', (n) =>
    query('Patient', { op: 'match', param: 'family', test: { kind: 'string', mode: 'startsWith', value: `nordmann${n % 997}` } }),
  );
  await search('date from the last days', () => query('Observation', since(START_MS + 698 * DAY_MS)));
  await search('code with total', (n) => query('Observation', matches('code', `c${n % 40}`), { total: 'accurate' }));
  await search('patient + date + not status', (n) => {
    const recent = since(START_MS + 300 * DAY_MS);
    return query('Observation', both(people.ofPatient(people.spread(n)), recent, { op: 'not', clause: matches('status', 'amended') }));
  });
}

async function writes(store: ResourceStore): Promise<void> {
  let next = people.observations + 1_000_000;
  await measure('create, one in a transaction', () => write(store, [people.observation(next++)]));
  await measure('create twenty in a transaction', () =>
    write(
      store,
      Array.from({ length: 20 }, () => people.observation(next++)),
    ),
  );
  await measure('update with version check', (n) => {
    const key = { type: 'Observation', id: `o${n % people.observations}` };
    return store.transact({
      lookups: { versions: [key] },
      build: (found) => ({
        writes: [people.observation(n % people.observations, (found.version(key.type, key.id)?.versionId ?? 0) + 1)],
        result: 0,
      }),
    });
  });
  await measure('conditional create by identifier', () => {
    const n = next++;
    const condition = query('Observation', matches('identifier', `o${n}`), { limit: 2 });
    return store.transact({ lookups: { searches: [condition] }, build: () => ({ writes: [people.observation(n)], result: 0 }) });
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
    console.log(`loaded, 50 in a transaction: ${Math.round(await people.load(database.resources))} resources/s`);
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
