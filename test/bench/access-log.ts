/**
 * What the access log costs: the same service on the same data with and without it, in turns, over real HTTP with
 * authorization and profile validation on and SQLite on disk. What the log does after the answers counts as well: a
 * round ends when all it did stands sealed in the log.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { tokensOf } from './backend-client.ts';
import { clientOf } from './compare.ts';
import { type Client, LoadRun } from './load.ts';
import { personBundle, personPlan } from './population.ts';
import type { Report } from './report.ts';
import { installed, loadPeople, processorTime, type Server, type Service } from './service.ts';
import { type Workload, workloads } from './workloads.ts';

/** Throughput with the log, of that without. */
const AT_LEAST = 0.85;
const MEASURED = ['read by id', 'patient + code, newest 20', 'create CarePlan'];
const CLIENTS = 16;

export interface AccessLogOptions {
  /** Where the data of both services are kept. */
  readonly folder: string;
  readonly people: number;
  /** Rounds of each service; an even number, as every second pair is turned round. */
  readonly rounds: number;
  /** At least as long as the log lets reads gather, or it is made to do more than it does by itself. */
  readonly roundMs: number;
}

interface Measured extends Required<Server> {
  stop(): Promise<void>;
}

/** One service under one workload. */
interface Side {
  readonly service: Measured;
  readonly client: Client;
  readonly load: LoadRun;
  readonly answered: () => number;
  readonly perSecond: number[];
  readonly processor: number[];
}

/** Adds a row for each workload to the report: the median over the rounds, and its ratio to the service without the log. */
export async function measureAccessLog(report: Report, options: AccessLogOptions): Promise<void> {
  const loaded = mkdtempSync(join(options.folder, 'loaded-'));
  const loading = await (await installed(loaded, { FELLESPLAN_LOG: 'error' }))();
  const services: Measured[] = [];
  try {
    await loadPeople(loading, options.people);
    await loading.stop();
    for (const kind of ['with', 'without'] as const) {
      const dataDir = join(options.folder, kind);
      cpSync(loaded, dataDir, { recursive: true });
      services.push(await startService(kind, dataDir, loading));
    }
    const all = workloads(options.people, personPlan, (n) => personBundle(options.people + n));
    for (const workload of all.filter(({ name }) => MEASURED.includes(name))) await compare(report, workload, services, options);
  } finally {
    for (const service of services) await service.stop();
  }
}

/** Starts it on data of its own; `like` is the service whose environment it runs in, but for data and port, and whose client it knows. */
async function startService(kind: 'with' | 'without', dataDir: string, like: Service): Promise<Measured> {
  const port = await freePort();
  const env = { ...like.env, PORT: String(port), FELLESPLAN_DATA: dataDir };
  const script = join(import.meta.dirname, 'access-log-service.ts');
  const child = spawn(process.execPath, [script, kind], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const ready = once(child.stdout, 'data').then(() => true);
  if (!(await Promise.race([ready, exited.then(() => false)]))) throw new Error(`The service ${kind} the access log did not start`);
  return {
    base: `http://localhost:${port}/fhir`,
    pid: child.pid ?? 0,
    tokens: tokensOf({ ...like.client, tokenUrl: `http://localhost:${port}/auth/token` }),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function compare(report: Report, workload: Workload, services: readonly Measured[], options: AccessLogOptions): Promise<void> {
  const { rounds, roundMs } = options;
  const [logged, bare] = services.map((service) => sideOf(service, workload)) as [Side, Side];
  for (const { load } of [logged, bare]) await load.warmUp(roundMs);
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? [logged, bare] : [bare, logged]) await measureRound(side, roundMs);
  }
  const ratios = logged.perSecond.map((each, round) => each / (bare.perSecond[round] ?? Number.NaN)).sort((a, b) => a - b);
  report.add({
    workload: `access log: ${workload.name}`,
    ...logged.load.figures(),
    perSecond: median(logged.perSecond),
    ratio: median(ratios),
    target: AT_LEAST,
    processor: [median(logged.processor), median(bare.processor)],
  });
  const shown = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
  console.log(`  ${median(bare.perSecond).toFixed(0)}/s without it; ratios of the rounds: ${shown}`);
  for (const { client } of [logged, bare]) client.close();
}

function sideOf(service: Measured, workload: Workload): Side {
  const client = clientOf(service);
  let asked = 0;
  const next: Workload['next'] = (n, who, last) => {
    asked += 1;
    return workload.next(n, who, last);
  };
  return { service, client, load: new LoadRun(client, { clients: CLIENTS, next }), answered: () => asked, perSecond: [], processor: [] };
}

/** A round starts and ends with an empty journal, so that neither service works for the other's round. */
async function measureRound({ service, client, load, answered, perSecond, processor }: Side, roundMs: number): Promise<void> {
  await settle(client);
  const [before, usedMicros, startMs] = [answered(), processorTime(service.pid), performance.now()];
  await load.round(roundMs);
  await settle(client);
  const count = answered() - before;
  perSecond.push((count * 1000) / (performance.now() - startMs));
  processor.push((processorTime(service.pid) - usedMicros) / count);
}

/** Whoever reads the log waits until all that was done before stands in it; without a log this is a search like another. */
async function settle(client: Client): Promise<void> {
  const { status, body } = await client.send({ method: 'GET', path: '/AuditEvent?_count=1&_elements=id' });
  if (status !== 200) throw new Error(`reading the access log: ${status} ${body.slice(0, 500)}`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}
