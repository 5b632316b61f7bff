/**
 * What the service is compared with: a bare Express server that sends the same bytes or parses the same body, and the
 * store alone making the same commits.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BenchRequest, Client, type Figures, type Load, LoadRun } from './load.ts';

/** Something that can be measured for a while, again and again. */
export interface Yardstick {
  /** @returns operations a second. */
  round(durationMs: number): Promise<number>;
  /** The process that does the work, where it is one of its own. */
  readonly pid?: number;
  close(): Promise<void>;
}

/** One that is asked over HTTP, and tells how long its answers took. */
export interface LoadedYardstick extends Yardstick {
  figures(): Figures;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Starts a server that sends `answer`, and asks for it. */
export function bareGet(folder: string, clients: number, answer: string, warmUpMs?: number): Promise<LoadedYardstick> {
  return bareExpress(folder, clients, answer, { method: 'GET', path: '/bytes/answer' }, warmUpMs);
}

/** Starts a server that parses what it is sent and answers with it, and sends it `body`. */
export function barePost(folder: string, clients: number, body: string, warmUpMs?: number): Promise<LoadedYardstick> {
  return bareExpress(folder, clients, '', { method: 'POST', path: '/parse', body, headers: JSON_TYPE }, warmUpMs);
}

/** Starts a server that keeps what it is sent before it answers, by the way of `path`, and sends it `body`. */
export function bareDurable(folder: string, clients: number, body: string, path: '/append' | '/insert'): Promise<LoadedYardstick> {
  const own = mkdtempSync(join(folder, 'durable-'));
  return loaded('bare-durable.ts', [own], { clients, next: () => ({ method: 'POST', path, body, headers: JSON_TYPE }) });
}

/** Starts a server that stores the rows of plans in a copy of `file` before it answers, and sends it the requests of a workload. */
export function bareRows(file: string, clients: number, next: Load['next'], warmUpMs: number): Promise<LoadedYardstick> {
  return loaded('bare-rows.ts', [copyOf(file)], { clients, next }, warmUpMs);
}

/** Starts a server that checks and indexes plans as well, has the product's store keep them, and where asked a Provenance with each. */
export function bareDuties(file: string, beside: readonly 'provenance'[], load: Load, warmUpMs: number): Promise<LoadedYardstick> {
  return loaded('bare-duties.ts', [copyOf(file), ...beside], load, warmUpMs);
}

function copyOf(file: string): string {
  const own = join(mkdtempSync(join(dirname(file), 'copy-')), 'rows.sqlite');
  copyFileSync(file, own);
  return own;
}

/** Starts a server that asks the database at `url` for what it answers, or stores there what it is sent, and sends it the requests of a workload. */
export function barePostgres(url: string, clients: number, next: Load['next'], warmUpMs: number): Promise<LoadedYardstick> {
  return loaded('bare-postgres.ts', [url], { clients, next }, warmUpMs);
}

function bareExpress(folder: string, clients: number, answer: string, what: BenchRequest, warmUpMs?: number): Promise<LoadedYardstick> {
  const file = join(folder, 'bodies.json');
  writeFileSync(file, JSON.stringify({ answer }));
  return loaded('bare-express.ts', [file], { clients, next: () => what }, warmUpMs);
}

/** Starts a server with these arguments, and puts the load on it. */
async function loaded(script: string, given: readonly string[], what: Load, warmUpMs = 1_000): Promise<LoadedYardstick> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
  const client = new Client(`http://127.0.0.1:${port}`);
  const load = new LoadRun(client, what);
  await load.warmUp(warmUpMs);
  return {
    ...(child.pid === undefined ? {} : { pid: child.pid }),
    round: (durationMs) => load.round(durationMs),
    figures: () => load.figures(),
    close: async () => {
      client.close();
      child.kill();
    },
  };
}
