/** What commands write is there whole, and for its owner alone, or not at all. */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { createGunzip, createGzip, gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { writeWhole } from '../../server/commands/whole-file.ts';
import { temporaryFolder } from '../cli/run-cli.ts';

it('replaces what an earlier command has left, whoever could read it, and follows no link', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'backup.gz');
  writeFileSync(`${file}.partial`, 'half');
  chmodSync(`${file}.partial`, 0o644);
  await writeWhole(file, Readable.from(['whole']), [createGzip()]);
  expect(gunzipSync(readFileSync(file)).toString()).toBe('whole');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'linked.partial'));
  await writeWhole(join(folder, 'linked'), Readable.from(['whole']));
  expect(readdirSync(folder).sort()).toEqual(['backup.gz', 'linked']);
});

it.each([
  ['what is to be written fails', () => Readable.from(failing()), []],
  ['what it goes through fails', () => Readable.from(['no gzip']), [createGunzip()]],
] as const)('leaves nothing behind when %s', async (_why, content, through) => {
  const folder = temporaryFolder();
  await expect(writeWhole(join(folder, 'x'), content(), through)).rejects.toThrow(/failed|incorrect header/);
  expect(readdirSync(folder)).toEqual([]);
});

it('says which file cannot be made', async () => {
  const file = join(temporaryFolder(), 'nowhere', 'x');
  await expect(writeWhole(file, Readable.from(['x']))).rejects.toThrow(`ENOENT: no such file or directory, open '${file}.partial'`);
  expect(existsSync(file)).toBe(false);
});

it('lets the later of two commands that write the same file have it, and tells the other', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'x');
  const first = new PassThrough();
  const earlier = writeWhole(file, first);
  const told = expect(earlier).rejects.toThrow(`another command is writing ${file}`);
  first.write('early');
  await expect.poll(() => existsSync(`${file}.partial`) && readFileSync(`${file}.partial`, 'utf8')).toBe('early');
  const second = new PassThrough();
  const later = writeWhole(file, second);
  second.write('la');
  await expect.poll(() => readFileSync(`${file}.partial`, { encoding: 'utf8' })).toBe('la');
  first.end();
  await told;
  expect(existsSync(file)).toBe(false);
  second.end('ter');
  await later;
  expect(readFileSync(file, 'utf8')).toBe('later');
  expect(readdirSync(folder)).toEqual(['x']);
});

async function* failing(): AsyncGenerator<string> {
  yield 'the first half';
  throw new Error('the database failed');
}
