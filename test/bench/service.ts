/**
 * The service as the benchmark starts it: as it is installed (`fellesplan serve` with a file of clients) or as it is
 * tried (`fellesplan demo`), loaded with people, started again on their data, and looked at from outside.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoClientKey } from '../../server/auth/demo-clients.ts';
import { type ProductProcess, startProduct } from '../e2e/demo-process.ts';
import { freePort } from '../support/free-port.ts';
import { type BackendClient, newBackendClient, type Tokens, tokensOf } from './backend-client.ts';
import { Client } from './load.ts';
import { personBundle } from './population.ts';

/** A FHIR server that load is put on. */
export interface Server {
  /** Its FHIR base, absolute, without a slash at the end. */
  readonly base: string;
  /** Left out: requests bear no token. */
  readonly tokens?: Tokens;
  /** The process that does the work, where it is one on this machine. */
  readonly pid?: number;
}

type Environment = Readonly<Record<string, string>>;

export interface Service extends ProductProcess {
  /** The FHIR base. */
  readonly base: string;
  readonly client: BackendClient;
  readonly tokens: Tokens;
  /** From the start of the process to its first answer to a FHIR request. */
  readonly startMs: number;
}

/** Starts it again and again, on the data of `folder`, as the same command for the same client. */
export type StartService = () => Promise<Service>;

/** `fellesplan serve`, with its data in `folder` and one client registered in a file beside them. */
export async function installed(folder: string, env: Environment): Promise<StartService> {
  const { registration, ...client } = await newBackendClient('bench-system');
  const clientsFile = join(folder, 'clients.json');
  writeFileSync(clientsFile, JSON.stringify([registration]));
  const serving = { ...env, HOST: '127.0.0.1', FELLESPLAN_CLIENTS: clientsFile };
  return () => start('serve', folder, serving, async () => client);
}

/** `fellesplan demo`, with its data in `folder`, for the system of the demo that its scopes alone bind. */
export function demonstrated(folder: string, env: Environment): StartService {
  const clientId = 'admin-system';
  return () => start('demo', folder, env, async () => ({ clientId, privateKey: await demoClientKey(folder, clientId) }));
}

async function start(
  command: 'serve' | 'demo',
  dataDir: string,
  env: Environment,
  clientOf: () => Promise<BackendClient>,
): Promise<Service> {
  const port = await freePort();
  const startedMs = performance.now();
  const starting = startProduct(command, { env, dataDir, port });
  const answered = untilAnswered(`http://localhost:${port}/fhir/metadata`, startedMs);
  // What stops the start is told by the process itself.
  answered.catch(() => undefined);
  const product = await starting;
  const client = await clientOf();
  const tokens = tokensOf({ ...client, tokenUrl: `${product.url}/auth/token` });
  return { ...product, base: `${product.url}/fhir`, client, tokens, startMs: await answered };
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

const LOADERS = 16;

/** Writes people 0 … `people` − 1 through the API, a transaction each. @returns resources a second. */
export async function loadPeople({ base, tokens }: Server, people: number): Promise<number> {
  const client = new Client(base, { 'Content-Type': 'application/fhir+json', Prefer: 'return=minimal' }, tokens);
  const startedMs = performance.now();
  let next = 0;
  const loader = async (): Promise<void> => {
    while (next < people) {
      const answer = await client.send({ method: 'POST', path: '', body: personBundle(next++) });
      if (answer.status !== 200) throw new Error(`loading: ${answer.status} ${answer.body.slice(0, 1000)}`);
    }
  };
  await Promise.all(Array.from({ length: LOADERS }, loader));
  client.close();
  return (people * 20_000) / (performance.now() - startedMs);
}

/**
 * Memory of the process in MB: what it holds now, the most it has held, and how much of it is its own; the rest are pages
 * of files (of Node above all) that processes share and the operating system may drop.
 */
export function memoryOf({ pid }: ProductProcess): { readonly now: number; readonly peak: number; readonly own: number } {
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
