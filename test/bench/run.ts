/**
 * The benchmark: one service process (SQLite, durable commits, authorization and profile validation on) against a bare
 * Express server and the raw store, in one run on one machine. Ratios count, not seconds.
 *
 * `npm run bench -- [--smoke] [--people N] [--only NAME] [--peer URL --token T] [--json FILE]`
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type DemoProcess, startDemo } from '../e2e/demo-process.ts';
import { Client, type Figures, measure } from './load.ts';
import { personBundle, personPlan } from './population.ts';
import { rawStoreTransactions } from './raw-store.ts';
import { type Workload, workloads } from './workloads.ts';

const { values: options } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    people: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string' },
    peer: { type: 'string' },
    token: { type: 'string' },
    json: { type: 'string' },
  },
});
const CLIENTS = 16;
const PEOPLE = Number(options.people ?? (options.smoke ? 100 : 500));
const DURATION_MS = Number(options.seconds ?? (options.smoke ? 1 : 4)) * 1000;

interface Row extends Figures {
  readonly workload: string;
  readonly ratio: number;
  readonly target: number;
}

const folder = mkdtempSync(join(tmpdir(), 'fellesplan-bench-'));
const rows: Row[] = [];
const demo = await startDemo({ env: { FELLESPLAN_LOG: 'error' } });
try {
  await loadPopulation(demo);
  const chosen = workloads(PEOPLE, personPlan, (n) => personBundle(PEOPLE + n)).filter(({ name }) => name.includes(options.only ?? ''));
  for (const workload of chosen) await run(workload);
  report();
} finally {
  await demo.stop();
  rmSync(demo.dataDir, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

async function run(workload: Workload): Promise<void> {
  // A token of a backend service lives five minutes: each workload takes a fresh one.
  const ours = await measureAt(demo.url, await demo.token('admin-system'), workload);
  const yardstick =
    workload.against === 'store' ? await rawStoreTransactions(DURATION_MS, CLIENTS) : await bareExpress(workload, ours.body);
  add(workload.name, ours.figures, yardstick, workload.target);
  if (options.peer !== undefined) {
    const peer = await measureAt(options.peer, options.token ?? '', workload);
    add(`${workload.name} (peer)`, peer.figures, yardstick, 0);
  }
}

async function measureAt(url: string, token: string, { next }: Workload): Promise<{ figures: Figures; body: string }> {
  const client = new Client(url, { Authorization: `Bearer ${token}`, Accept: 'application/fhir+json' });
  const figures = await measure(client, { clients: CLIENTS, durationMs: DURATION_MS, next });
  const sample = await client.send({ ...next(0, 0, undefined), method: 'GET' });
  client.close();
  return { figures, body: sample.body };
}

/** The same bytes from (or the same body into) a server that does nothing else. */
async function bareExpress(workload: Workload, body: string): Promise<number> {
  const file = join(folder, 'bodies.json');
  writeFileSync(file, JSON.stringify({ answer: body }));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-express.ts'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
    const client = new Client(`http://127.0.0.1:${port}`);
    const next: Workload['next'] =
      workload.against === 'get'
        ? () => ({ method: 'GET', path: '/bytes/answer' })
        : () => ({ method: 'POST', path: '/parse', body: personPlan(0), headers: { 'Content-Type': 'application/json' } });
    const { perSecond } = await measure(client, { clients: CLIENTS, durationMs: DURATION_MS, next });
    client.close();
    return perSecond;
  } finally {
    child.kill();
  }
}

async function loadPopulation({ url, token }: DemoProcess): Promise<void> {
  const client = new Client(url, { Authorization: `Bearer ${await token('admin-system')}`, 'Content-Type': 'application/fhir+json' });
  let next = 0;
  const startedMs = performance.now();
  const loader = async (): Promise<void> => {
    while (next < PEOPLE) {
      const answer = await client.send({
        method: 'POST',
        path: '/fhir',
        body: personBundle(next++),
        headers: { Prefer: 'return=minimal' },
      });
      if (answer.status !== 200) throw new Error(`loading: ${answer.status} ${answer.body.slice(0, 1000)}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, loader));
  client.close();
  console.log(`${PEOPLE * 20} resources loaded in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}

function add(workload: string, figures: Figures, yardstick: number, target: number): void {
  const row = { workload, ...figures, ratio: figures.perSecond / yardstick, target };
  rows.push(row);
  const met = target === 0 ? '' : row.ratio >= target ? 'met' : 'NOT MET';
  console.log(
    `${workload.padEnd(28)} ${figures.perSecond.toFixed(0).padStart(7)}/s  ratio ${row.ratio.toFixed(2)} (at least ${target.toFixed(2)}) ${met.padEnd(8)}` +
      `p50 ${figures.p50.toFixed(2)} p95 ${figures.p95.toFixed(2)} p99 ${figures.p99.toFixed(2)} ms  ${figures.bytes} bytes`,
  );
}

function report(): void {
  const status = readFileSync(`/proc/${demo.pid}/status`, 'utf8');
  const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  console.log(`peak memory of the service ${peak.toFixed(0)} MB`);
  if (options.json === undefined) return;
  mkdirSync(dirname(options.json), { recursive: true });
  writeFileSync(options.json, `${JSON.stringify(rows, undefined, 2)}\n`);
}
