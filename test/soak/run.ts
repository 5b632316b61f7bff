/**
 * The soak in full: `node test/soak/run.ts [sqlite|postgres] [operations]`. It prints a report and exits 0 when nothing was
 * lost, no answer was wrong and memory stayed flat, else 1.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, startPostgres } from '../support/postgres-setup.ts';
import { type SoakReport, soak } from './soak.ts';

const OPERATIONS = 40_000;
const HEAP_GROWTH_MAX_BYTES = 25 * 1024 * 1024;
const FAULTS = 10;

const [which, count] = process.argv.slice(2);
const operations = Number(count ?? OPERATIONS);
const onProgress = (done: number): void => void process.stderr.write(`  ${done} of ${operations}\n`);

async function onSqlite(): Promise<SoakReport> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-soak-'));
  try {
    const faults = Array.from({ length: FAULTS }, () => 'kill' as const);
    return await soak({ place: join(folder, 'soak.db'), processes: 1, clients: 24, operations, faults, seed: 11, onProgress });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onPostgres(): Promise<SoakReport> {
  const postgres = await startPostgres({ fsync: true });
  try {
    await createDatabase(postgres.url, 'soak', 'template0');
    const faults = Array.from({ length: FAULTS }, (_, n) => (n % 3 === 2 ? postgres.crash : ('kill' as const)));
    return await soak({ place: `${postgres.url}/soak`, processes: 3, clients: 24, operations, faults, seed: 12, onProgress });
  } finally {
    await postgres.stop();
  }
}

function print(title: string, report: SoakReport): boolean {
  const { before, after } = report.memory;
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
  const flat = after.length > 0 && after.every(({ heapBytes }, n) => heapBytes - (before[n]?.heapBytes ?? 0) < HEAP_GROWTH_MAX_BYTES);
  process.stdout.write(`${title}: ${report.operations} operations in ${Math.round(report.seconds)} s\n`);
  for (const [outcome, times] of Object.entries(report.outcomes)) process.stdout.write(`  ${outcome}: ${times}\n`);
  process.stdout.write(
    `  acknowledged writes: ${report.acknowledged}, lost: ${report.lost.length}, wrong answers: ${report.wrong.length}\n`,
  );
  after.forEach(({ heapBytes, rssBytes }, n) => {
    process.stdout.write(
      `  memory of process ${n + 1}: heap ${megabytes(before[n]?.heapBytes ?? 0)} → ${megabytes(heapBytes)}, resident ${megabytes(rssBytes)}\n`,
    );
  });
  for (const fault of [...report.lost, ...report.wrong].slice(0, 20)) process.stdout.write(`  ${fault}\n`);
  return flat && report.lost.length === 0 && report.wrong.length === 0;
}

let sound = true;
if (which !== 'postgres') sound = print('SQLite', await onSqlite()) && sound;
if (which !== 'sqlite') sound = print('PostgreSQL', await onPostgres()) && sound;
process.exitCode = sound ? 0 : 1;
