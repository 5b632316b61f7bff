/** The service as the benchmark starts it: loaded with people, started again on their data, and looked at from outside. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type DemoProcess, startDemo } from '../e2e/demo-process.ts';
import { Client } from './load.ts';
import { personBundle } from './population.ts';

/** The flags of Node that `npm start` gives. */
const START = (JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { scripts: { start: string } }).scripts
  .start;
export const NODE_FLAGS = /node ((?:--\S+ )*)(?:server\/cli\.ts|bin\/fellesplan\.js) demo/.exec(START)?.[1]?.trim() ?? '';

const LOADERS = 16;
/** A token of a backend service lives five minutes. */
const TOKEN_EVERY_MS = 200_000;

/** Writes people 0 … `people` − 1 through the API, a transaction each. @returns resources a second. */
export async function loadPeople({ url, token }: DemoProcess, people: number): Promise<number> {
  const client = new Client(url, { 'Content-Type': 'application/fhir+json', Prefer: 'return=minimal' });
  const startedMs = performance.now();
  let bearer = { Authorization: `Bearer ${await token('admin-system')}` };
  let takenMs = startedMs;
  let next = 0;
  const loader = async (): Promise<void> => {
    while (next < people) {
      const body = personBundle(next++);
      if (performance.now() - takenMs > TOKEN_EVERY_MS) {
        takenMs = performance.now();
        bearer = { Authorization: `Bearer ${await token('admin-system')}` };
      }
      const answer = await client.send({ method: 'POST', path: '/fhir', body, headers: bearer });
      if (answer.status !== 200) throw new Error(`loading: ${answer.status} ${answer.body.slice(0, 1000)}`);
    }
  };
  await Promise.all(Array.from({ length: LOADERS }, loader));
  client.close();
  return (people * 20_000) / (performance.now() - startedMs);
}

/** Starts the service on data that are there. @returns it, and ms from the start of the process to its first answer to a FHIR request. */
export async function startOnData(env: Readonly<Record<string, string>>, dataDir: string): Promise<{ service: DemoProcess; ms: number }> {
  const port = await freePort();
  const startedMs = performance.now();
  const starting = startDemo({ env, dataDir, port });
  const firstAnswerMs = untilAnswered(`http://localhost:${port}/fhir/metadata`, startedMs);
  return { service: await starting, ms: await firstAnswerMs };
}

async function untilAnswered(url: string, startedMs: number): Promise<number> {
  const deadlineMs = startedMs + 60_000;
  while (performance.now() < deadlineMs) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return performance.now() - startedMs;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`${url} did not answer within a minute`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/**
 * Memory of the process in MB: what it holds now, the most it has held, and how much of it is its own; the rest are pages
 * of files (of Node above all) that processes share and the operating system may drop.
 */
export function memoryOf({ pid }: DemoProcess): { readonly now: number; readonly peak: number; readonly own: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM'), own: megabytes('RssAnon') };
}

const TICKS_PER_SECOND = 100;

/** Microseconds of processor time that a process has used, in steps of ten milliseconds; 0 without one. */
export function processorTime(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
  return ((Number(user) + Number(system)) * 1e6) / TICKS_PER_SECOND;
}
