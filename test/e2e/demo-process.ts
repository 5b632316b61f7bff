/**
 * The product as its users start it: `fellesplan demo` (or `serve`) in a process of its own, on a free port, with a data
 * folder of its own. Everything in test/e2e sees it from outside only.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { COMMAND } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 60_000;

export interface ProductProcess {
  readonly pid: number;
  readonly url: string;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** All that it has printed so far. */
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface DemoProcess extends ProductProcess {
  /** The bearer token `npm run token -- <client>` prints. */
  token(client: string): Promise<string>;
}

export interface ProductOptions {
  /** Keep the data of an earlier process. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the demo and resolves when `/readyz` says so. */
export async function startDemo(options: ProductOptions = {}): Promise<DemoProcess> {
  const demo = await startProduct('demo', options);
  const { env } = demo;
  const token: DemoProcess['token'] = async (client) =>
    (await promisify(execFile)(process.execPath, [COMMAND, 'token', client], { cwd: ROOT, env })).stdout.trim();
  return { ...demo, token };
}

/** Starts `fellesplan <command>` and resolves when `/readyz` says so. */
export async function startProduct(command: 'demo' | 'serve', options: ProductOptions): Promise<ProductProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'fellesplan-e2e-')));
  const port = options.port ?? (await freePort());
  const env = { ...inherited(), PORT: String(port), FELLESPLAN_DATA: dataDir, ...options.env };
  const child = spawn(process.execPath, [COMMAND, command], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  const url = `http://localhost:${port}`;
  await untilReady(child, url, () => printed);
  return {
    pid: child.pid ?? 0,
    url,
    dataDir,
    env,
    output: () => printed,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => {
      await end(child, 'SIGKILL');
    },
  };
}

/** Removes the data folder of a process that has ended. */
export async function removeData(demo: ProductProcess): Promise<void> {
  await rm(demo.dataDir, { recursive: true, force: true });
}

async function untilReady(child: ChildProcess, url: string, printed: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The product ended with code ${child.exitCode}:\n${printed()}`);
    const ready = await fetch(`${url}/readyz`).catch(() => undefined);
    if (ready?.ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`The product was not ready within ${READY_WITHIN_MS} ms:\n${printed()}`);
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exited) as [number | null];
  return code;
}

/** The environment without what would change the product's behaviour. */
function inherited(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}
