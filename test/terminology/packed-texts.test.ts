import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PackedTexts } from '../../terminology/service/packed-texts.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fellesplan-texts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function packed(text: string): PackedTexts {
  const file = join(folder, 'texts.br');
  writeFileSync(file, brotliCompressSync(text));
  return new PackedTexts(pathToFileURL(file));
}

describe('packed texts', () => {
  it('gives each line, the last one with and without an end', () => {
    for (const end of ['', '\n']) {
      const texts = packed(`én\n\ntre${end}`);
      expect([texts.line(0), texts.line(1), texts.line(2)]).toEqual(['én', '', 'tre']);
    }
  });

  it('unpacks anew what was let go, without the file', () => {
    const texts = packed('one\ntwo');
    rmSync(join(folder, 'texts.br'));
    vi.spyOn(WeakRef.prototype, 'deref').mockReturnValue(undefined);
    expect(texts.line(1)).toBe('two');
  });
});
