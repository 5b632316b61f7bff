/** Who may serve and read a folder of SQLite files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { serveAlone } from '../../server/store/sqlite/sole-server.ts';

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fellesplan-sole-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await rm(folder, { recursive: true, force: true });
});

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('a folder of SQLite files', () => {
  it('is served by one process at a time, and free when that has ended, also by being killed', async () => {
    const module = join(import.meta.dirname, '../../server/store/sqlite/sole-server.ts');
    const script = `import { serveAlone } from ${JSON.stringify(module)}; serveAlone(${JSON.stringify(folder)}); console.log('served'); setInterval(() => {}, 1000);`;
    child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.stdout !== null) await once(child.stdout, 'data');
    expect(() => serveAlone(folder)).toThrow(`${folder} is served by another process already`);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const release = serveAlone(folder);
    expect(() => serveAlone(folder)).toThrow('is served by another process already');
    release();
    serveAlone(folder)();
  });

  it('cannot be served where it cannot be written', () => {
    expect(() => serveAlone('/dev/null/data')).toThrow('ENOTDIR');
  });

  it('and what is in it is made for its owner alone', async () => {
    const data = join(folder, 'data');
    const database = await openSqliteStore({ file: join(data, 'x.sqlite') });
    await database.state.put('key', 'k', {});
    expect(await modeOf(data)).toBe(0o700);
    for (const name of ['x.sqlite', 'x.sqlite-wal', 'x.sqlite-shm']) expect(await modeOf(join(data, name)), name).toBe(0o600);
    await database.close();
    serveAlone(data)();
    expect(await modeOf(join(data, 'serving.lock'))).toBe(0o600);
  });

  it('is named when what is in it is no database', async () => {
    const file = join(folder, 'words.sqlite');
    await writeFile(file, 'These are words, and not the head of a database.'.repeat(10));
    await expect(openSqliteStore({ file })).rejects.toThrow(`${file}: file is not a database`);
  });

  it('shuts all others out of a file that everybody could read, and leaves the group', async () => {
    const file = join(folder, 'old.sqlite');
    await writeFile(file, '');
    await chmod(file, 0o644);
    await (await openSqliteStore({ file })).close();
    expect(await modeOf(file)).toBe(0o640);
  });
});
