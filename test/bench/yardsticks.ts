/**
 * What the service is compared with: a bare Express server that sends the same bytes or parses the same body, and the
 * store alone making the same commits.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRequest } from './load.ts';
import { Client, LoadRun } from './load.ts';

/** Something that can be measured for a while, again and again. */
export interface Yardstick {
  /** @returns operations a second. */
  round(durationMs: number): Promise<number>;
  /** The process that does the work, where it is one of its own. */
  readonly pid?: number;
  close(): Promise<void>;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Starts a server that sends `answer`, and asks for it. */
export function bareGet(folder: string, clients: number, answer: string): Promise<Yardstick> {
  return bareExpress(folder, clients, answer, { method: 'GET', path: '/bytes/answer' });
}

/** Starts a server that parses what it is sent and answers with it, and sends it `body`. */
export function barePost(folder: string, clients: number, body: string): Promise<Yardstick> {
  return bareExpress(folder, clients, '', { method: 'POST', path: '/parse', body, headers: JSON_TYPE });
}

async function bareExpress(folder: string, clients: number, answer: string, what: BenchRequest): Promise<Yardstick> {
  const file = join(folder, 'bodies.json');
  writeFileSync(file, JSON.stringify({ answer }));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-express.ts'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
  const client = new Client(`http://127.0.0.1:${port}`);
  const load = new LoadRun(client, { clients, next: () => what });
  await load.warmUp(1_000);
  return {
    ...(child.pid === undefined ? {} : { pid: child.pid }),
    round: (durationMs) => load.round(durationMs),
    close: async () => {
      client.close();
      child.kill();
    },
  };
}
