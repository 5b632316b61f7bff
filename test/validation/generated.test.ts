import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compileStructures } from '../../server/validation/build/structures.ts';
import { compileTerminology } from '../../terminology/import/hl7-r4.ts';

const unpacked = (path: string): string => brotliDecompressSync(readFileSync(new URL(path, import.meta.url))).toString('utf8');

describe('generated files are what their source gives', () => {
  it('the structures of the validator', () => {
    expect(compileStructures() === unpacked('../../server/definitions/generated/validation-structures.json.br')).toBe(true);
  });

  it('the content of the terminology', () => {
    expect(compileTerminology() === unpacked('../../terminology/content/r4/r4.json.br')).toBe(true);
  });
});
