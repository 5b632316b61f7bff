/** A disk that gives back some pages of the SQLite file as they never were: what lies there is lost, nothing else is. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { runCli } from '../cli/run-cli.ts';
import { version } from '../store/version.ts';
import { openNewSqlite } from '../support/stores.ts';

const PAGE_BYTES = 4096;
const TASKS = Array.from({ length: 500 }, (_, n) =>
  version('Task', `t${n}`, 1, [{ kind: 'token', param: 'code', system: null, code: `c${n}` }]),
);

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-damaged-'));
  file = join(folder, 'fellesplan.sqlite');
  const { resources } = await openNewSqlite({ file });
  await resources.transact({ lookups: {}, build: () => ({ writes: TASKS, result: 0 }) });
  await resources.close();
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Spoils the page in the middle of a table or index. */
function spoil(name: string): void {
  const database = new DatabaseSync(file);
  const pages = database.prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path").all(name);
  database.close();
  const page = Number(pages[Math.floor(pages.length / 2)]?.pageno);
  const written = openSync(file, 'r+');
  writeSync(written, Buffer.alloc(PAGE_BYTES, 'Z'), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
  closeSync(written);
}

it.each(['version', 'resource'])(
  'a damaged page of %s fails who asks for what lay there, time and again, and nobody else',
  async (table) => {
    spoil(table);
    const { resources } = await openSqliteStore({ file });
    const outcomes: boolean[] = [];
    for (const { type, id } of [...TASKS, ...TASKS]) {
      const read = await resources.read(type, id).then(
        (found) => found?.id === id,
        (error: Error) => {
          expect(error.message).toBe(`${file}: database disk image is malformed`);
          return false;
        },
      );
      outcomes.push(read);
      // The turn in which it was read ends.
      if (!read) await setTimeout(1);
    }
    const whole = outcomes.filter((read) => read).length;
    expect(whole).toBeGreaterThan(TASKS.length);
    expect(whole).toBeLessThan(2 * TASKS.length);
    expect(outcomes.slice(TASKS.length)).toEqual(outcomes.slice(0, TASKS.length));
    const more = [version('Goal', 'g', 1)];
    await resources.transact({ lookups: {}, build: () => ({ writes: more, result: 0 }) });
    expect(await resources.read('Goal', 'g')).toMatchObject({ versionId: 1 });
    await resources.close();
  },
);

describe('fellesplan check --database', () => {
  const env = () => ({ FELLESPLAN_DATA: folder, DATABASE_URL: '', NODE_ENV: '' });
  const check = () => runCli(['check', '--database'], { cwd: folder, env: env() });

  it('finds a whole file whole, while it is served', async () => {
    const { resources } = await openSqliteStore({ file });
    const { exitCode, stdout } = await check();
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('The configuration can be used')]);
    await resources.close();
  });

  it.each(['version', 'entry', 'version_of'])('tells of a damaged page of %s', async (table) => {
    spoil(table);
    const { exitCode, stdout } = await check();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`^FELLESPLAN_DATA: ${file} is damaged: restore a backup\n {2}\\S`));
  });

  it('tells that there is none, and of PostgreSQL who can tell', async () => {
    const nowhere = await runCli(['check', '--database'], { cwd: folder, env: { ...env(), FELLESPLAN_DATA: join(folder, 'none') } });
    expect([nowhere.exitCode, nowhere.stdout]).toEqual([1, expect.stringContaining('there is no database at')]);
    const postgres = { ...env(), DATABASE_URL: 'postgres://fellesplan@localhost:1/plans' };
    const other = await runCli(['check', '--database'], { cwd: folder, env: postgres });
    expect([other.exitCode, other.stdout]).toEqual([1, expect.stringContaining('pg_amcheck')]);
  });
});
