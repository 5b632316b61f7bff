/** The lines of an import, wherever the network cuts them. */
import { describe, expect, it } from 'vitest';
import { piecesOf, TOO_LONG } from '../../server/operations/bulk/import-pieces.ts';

const LIMITS = { lineBytes: 50, bytes: 10_000 };

async function* inChunksOf(size: number, text: string): AsyncIterable<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function piecesIn(chunks: AsyncIterable<Uint8Array>, limits = LIMITS) {
  return Array.fromAsync(piecesOf(chunks, limits));
}

describe('the lines of an import', () => {
  it.each([1, 2, 3, 5, 1000])('are the same in chunks of %i bytes', async (size) => {
    const text = 'én\nto 李 🌲\n\n  \r\nfem\n';
    expect(await piecesIn(inChunksOf(size, text))).toEqual([{ text: 'én\nto 李 🌲\n\n  \r\nfem', filled: 3 }]);
  });

  it('need no line end at the end, and lose a byte order mark at the start', async () => {
    expect(await piecesIn(inChunksOf(2, '\ufeffa\nb'))).toEqual([{ text: 'a\nb', filled: 2 }]);
  });

  it('are none in nothing', async () => {
    expect(await piecesIn(inChunksOf(2, ''))).toEqual([]);
  });

  it.each([7, 1000])('that are too long are marked, and others kept, in chunks of %i bytes', async (size) => {
    const [fits, long] = ['a'.repeat(50), 'b'.repeat(51)];
    expect(await piecesIn(inChunksOf(size, `${fits}\n${long}\nc\n${long}${long}`))).toEqual([
      { text: [fits, TOO_LONG, 'c', TOO_LONG].join('\n'), filled: 4 },
    ]);
  });

  it('come in pieces of a thousand, whose lines follow each other', async () => {
    const lines = Array.from({ length: 2_500 }, (_, place) => String(place));
    const pieces = await piecesIn(inChunksOf(64, lines.join('\n')), { lineBytes: 50, bytes: 100_000 });
    expect(pieces.map(({ filled }) => filled)).toEqual([1000, 1000, 500]);
    expect(pieces.flatMap(({ text }) => text.split('\n'))).toEqual(lines);
  });

  it('are refused beyond the limit, and when they are not UTF-8', async () => {
    await expect(piecesIn(inChunksOf(100, 'a\n'.repeat(6_000)))).rejects.toMatchObject({ status: 413, issues: [{ code: 'too-long' }] });
    const broken = [
      [0x61, 0xff],
      [0x61, 0xc3],
    ];
    for (const bytes of broken) {
      const chunks = (async function* () {
        yield Uint8Array.from(bytes);
      })();
      await expect(piecesIn(chunks)).rejects.toMatchObject({ status: 400, issues: [{ code: 'structure' }] });
    }
  });
});
