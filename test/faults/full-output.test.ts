/** Commands whose files, or whose output, find no room. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { version } from '../store/version.ts';
import { COMMAND } from '../support/command.ts';

const COULD_NOT_RUN = 2;
/** In blocks of 1 kB, for each file that is written. */
const SMALL = 'ulimit -f 64';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fellesplan-full-output-'));
  const { resources } = await openSqliteStore({ file: join(folder, 'data', 'fellesplan.sqlite') });
  const writes = Array.from({ length: 2_000 }, (_, n) => version('Task', `t${n}`, 1));
  await resources.transact({ lookups: {}, build: () => ({ writes, result: 0 }) });
  await resources.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command in a shell after `before`, its output going to `out`. */
async function run(args: string, { before = ':', out = 'ignore' as 'ignore' | number, data = 'data' } = {}) {
  const child = spawn('bash', ['-c', `${before}; exec "${process.execPath}" "${COMMAND}" ${args}`], {
    cwd: folder,
    env: { PATH: process.env.PATH, FELLESPLAN_DATA: join(folder, data), NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
    stdio: ['ignore', out, 'pipe'],
  });
  const told = child.stderr === null ? Promise.resolve('') : text(child.stderr);
  const [code] = await once(child, 'exit');
  return { code, told: await told };
}

it('what cannot be printed is told, and is no success', async () => {
  const full = openSync('/dev/full', 'w');
  const { code, told } = await run('backup kept.ndjson', { out: full });
  closeSync(full);
  expect(code).toBe(COULD_NOT_RUN);
  expect(told).toMatch(/^fellesplan: standard output: ENOSPC/m);
  expect(told).not.toContain(' at ');
});

it('a backup that finds no room leaves nothing behind', async () => {
  const { code, told } = await run('backup large.ndjson', { before: SMALL });
  expect(code).toBe(COULD_NOT_RUN);
  expect(told).toContain('fellesplan: EFBIG');
  expect(readdirSync(folder).filter((name) => name.startsWith('large'))).toEqual([]);
});

it('a restore that finds no room says why, and leaves what no server starts on', async () => {
  expect((await run('backup whole.ndjson')).code).toBe(0);
  const { code, told } = await run('restore whole.ndjson', { before: 'ulimit -f 400', data: 'anew' });
  expect(code).toBe(COULD_NOT_RUN);
  expect(told).toMatch(/could not commit.*: disk I\/O error|could not commit.*: database or disk is full/);
  const again = await run('backup anew.ndjson', { data: 'anew' });
  expect(again.code).toBe(1);
  expect(again.told).toContain('A backup is being restored into the database');
});
