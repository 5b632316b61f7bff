/** Reading a database file through, so that the operating system holds it. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readThrough } from '../../server/store/sqlite/read-through.ts';

const folder = mkdtempSync(join(tmpdir(), 'fellesplan-read-'));
const file = join(folder, 'some.sqlite');
const SIZE = 3 * 1024 * 1024 + 17;
writeFileSync(file, Buffer.alloc(SIZE, 1));
const EVERY_SIZE = { leastBytes: 0, mostBytes: Number.POSITIVE_INFINITY, afterMs: 0 };
const never = new AbortController().signal;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file is read to its end', async () => {
  expect(await readThrough(file, never, EVERY_SIZE)).toBe(SIZE);
});

test('a file that searches have soon come by is left alone', async () => {
  expect(await readThrough(file, never, { afterMs: 0 })).toBe(0);
});

test('a file for which there is no room in memory is left alone', async () => {
  expect(await readThrough(file, never, { ...EVERY_SIZE, mostBytes: SIZE - 1 })).toBe(0);
  expect(await readThrough(file, never, { ...EVERY_SIZE, mostBytes: SIZE })).toBe(SIZE);
});

test('nothing is read when the store closes before the start is over', async () => {
  const closing = new AbortController();
  const reading = readThrough(file, closing.signal, { ...EVERY_SIZE, afterMs: 60_000 });
  closing.abort();
  expect(await reading).toBe(0);
});

test('reading ends where it is when the store closes', async () => {
  const large = join(folder, 'large.sqlite');
  writeFileSync(large, '');
  truncateSync(large, 1024 * SIZE);
  const closing = new AbortController();
  const reading = readThrough(large, closing.signal, EVERY_SIZE);
  setTimeout(() => closing.abort(), 20);
  expect(await reading).toBeLessThan(1024 * SIZE);
});

test('a file that cannot be read is an error', async () => {
  await expect(readThrough(join(folder, 'missing.sqlite'), never, EVERY_SIZE)).rejects.toThrow('ENOENT');
});
