/**
 * What the access log costs: the same service on the same data with and without it, in turns, over real HTTP with
 * authorization and profile validation on and SQLite on disk. What the log does after the answers counts as well: a
 * round begins with an empty journal, and requests go on, as they do in any service, until all that was done in its time
 * stands sealed in the log.
 *
 * Both run as the installed service does, and have written enough for a thread to do their writing, as in any that has
 * been up for a minute. Each round begins with load that does not count, so that neither what the other service left to
 * the machine nor having been idle meets it; rounds come as with, without, without, with, and one such quad is one ratio,
 * so that a machine that grows slower or faster favours neither.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
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
const CREATE = 'create CarePlan';
const MEASURED = ['read by id', 'patient + code, newest 20', CREATE];
/** Each of these becomes events of its own for each patient: of many patients, an event holds little. */
const MEASURED_ABOUT_MANY = [CREATE];
const CLIENTS = 16;
/** Of the load at the beginning of a round that does not count, in parts of the round. */
const LEAD_IN = 0.2;

export interface AccessLogOptions {
  /** Where the data of both services are kept. */
  readonly folder: string;
  /** About so many people most is asked and written. */
  readonly people: number;
  /** About so many are creates once more; that many are loaded. */
  readonly many: number;
  /** Of each, two rounds with the log and two without. */
  readonly quads: number;
  /** At least as long as the log lets reads gather, or it is made to do more than it does by itself. */
  readonly roundMs: number;
}

interface Measured extends Required<Server> {
  stop(): Promise<void>;
}

/** How a process was started. */
interface Started {
  readonly flags: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** One service under one workload. */
interface Side {
  readonly service: Measured;
  readonly client: Client;
  readonly load: LoadRun;
  readonly answered: () => number;
  readonly rounds: Round[];
}

interface Round {
  readonly requests: number;
  readonly ms: number;
  /** Processor time, µs. */
  readonly processor: number;
}

/** Adds a row for each workload to the report: all rounds together, and the median ratio of the quads to the service without the log. */
export async function measureAccessLog(report: Report, options: AccessLogOptions): Promise<void> {
  const loaded = mkdtempSync(join(options.folder, 'loaded-'));
  const loading = await (await installed(loaded, { FELLESPLAN_LOG: 'error' }))();
  const started = startedAs(loading.pid);
  const services: Measured[] = [];
  try {
    await loadPeople(loading, options.many);
    await loading.stop();
    for (const kind of ['with', 'without'] as const) {
      const dataDir = join(options.folder, kind);
      cpSync(loaded, dataDir, { recursive: true });
      services.push(await startService(kind, dataDir, loading, started));
    }
    const about = (people: number, names: readonly string[]): readonly Workload[] =>
      workloads(people, personPlan, (n) => personBundle(options.many + n))
        .filter(({ name }) => names.includes(name))
        .map((workload) => ({ ...workload, name: `${workload.name}, ${people} people` }));
    for (const service of services) await warmUp(service, about(options.people, [CREATE])[0]!, options);
    const many = options.many > options.people ? about(options.many, MEASURED_ABOUT_MANY) : [];
    for (const workload of [...about(options.people, MEASURED), ...many]) await compare(report, workload, services, options);
  } finally {
    for (const service of services) await service.stop();
  }
}

/** Starts it on data of its own, as the process `like` runs but for data and port, for the same client. */
async function startService(kind: 'with' | 'without', dataDir: string, like: Service, { flags, env }: Started): Promise<Measured> {
  const port = await freePort();
  const script = join(import.meta.dirname, 'access-log-service.ts');
  const child = spawn(process.execPath, [...flags, script, kind], {
    env: { ...env, PORT: String(port), FELLESPLAN_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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

/** What a process was started with: flags of the engine, which it may have chosen itself, and its environment. */
function startedAs(pid: number): Started {
  const words = (of: string) => readFileSync(`/proc/${pid}/${of}`, 'utf8').split('\0').slice(0, -1);
  const [, ...rest] = words('cmdline');
  const flags = rest.slice(
    0,
    rest.findIndex((word) => !word.startsWith('-')),
  );
  const env = words('environ').map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
  return { flags, env: Object.fromEntries(env) as NodeJS.ProcessEnv };
}

async function warmUp(service: Measured, workload: Workload, { roundMs }: AccessLogOptions): Promise<void> {
  const { client, load } = sideOf(service, workload);
  await load.warmUp(roundMs);
  client.close();
}

async function compare(report: Report, workload: Workload, services: readonly Measured[], options: AccessLogOptions): Promise<void> {
  const { quads, roundMs } = options;
  const [logged, bare] = services.map((service) => sideOf(service, workload)) as [Side, Side];
  for (const { load } of [logged, bare]) await load.warmUp(roundMs);
  const ratios: number[] = [];
  for (let quad = 0; quad < quads; quad += 1) {
    for (const side of [logged, bare, bare, logged]) await measureRound(side, roundMs);
    ratios.push(perSecond(logged.rounds.slice(-2)) / perSecond(bare.rounds.slice(-2)));
  }
  const processor = [processorOf(logged), processorOf(bare)] as const;
  report.add({
    workload: `access log: ${workload.name}`,
    ...logged.load.figures(),
    perSecond: perSecond(logged.rounds),
    ratio: median(ratios),
    target: AT_LEAST,
    processor,
  });
  const shown = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
  console.log(
    `  ${perSecond(bare.rounds).toFixed(0)}/s without it; quads ${shown}; by processor time ${(processor[1] / processor[0]).toFixed(2)}`,
  );
  for (const { client } of [logged, bare]) client.close();
}

function sideOf(service: Measured, workload: Workload): Side {
  const client = clientOf(service);
  let asked = 0;
  const next: Workload['next'] = (n, who, last) => {
    asked += 1;
    return workload.next(n, who, last);
  };
  return { service, client, load: new LoadRun(client, { clients: CLIENTS, next }), answered: () => asked, rounds: [] };
}

/**
 * A round starts with an empty journal, and its time is over when that has been emptied again; what came in meanwhile is
 * brought into the log after it, so that neither service works in the other's round.
 */
async function measureRound({ service, client, load, answered, rounds }: Side, roundMs: number): Promise<void> {
  await load.warmUp(roundMs * LEAD_IN);
  await settle(client);
  const [before, usedBefore, startMs] = [answered(), processorTime(service.pid), performance.now()];
  await load.round(roundMs, () => settle(client));
  const [ms, processor] = [performance.now() - startMs, processorTime(service.pid) - usedBefore];
  rounds.push({ requests: answered() - before, ms, processor });
  await settle(client);
}

function perSecond(rounds: readonly Round[]): number {
  return (sum(rounds, 'requests') * 1000) / sum(rounds, 'ms');
}

/** Of one request, µs, in the round in the middle: where something else took the machine, it costs more. */
function processorOf({ rounds }: Side): number {
  return median(rounds.map(({ processor, requests }) => processor / requests));
}

function sum(rounds: readonly Round[], of: keyof Round): number {
  return rounds.reduce((total, round) => total + round[of], 0);
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
