/** The precision that a decimal implies [R4 search#number], and quantities in base units [R4 search#quantity]. */
import { describe, expect, it, vi } from 'vitest';
import { decimalRange } from '../../server/fhir/decimal-range.ts';
import { normalizeText } from '../../server/fhir/string-normalize.ts';
import { canonicalUnit } from '../../server/fhir/ucum.ts';

describe('decimalRange', () => {
  it.each([
    ['100', 100, 99.5, 100.5],
    ['100.00', 100, 99.995, 100.005],
    ['1e2', 100, 95, 105],
    ['1.0e2', 100, 95, 105],
    ['1.00e2', 100, 99.5, 100.5],
    ['5.4', 5.4, 5.35, 5.45],
    ['-5.4', -5.4, -5.45, -5.35],
    ['0', 0, -0.5, 0.5],
    ['0.0', 0, -0.05, 0.05],
    ['0.1', 0.1, 0.05, 0.15],
    ['1E-3', 0.001, 0.00095, 0.00105],
    ['123456789.123', 123456789.123, 123456789.1225, 123456789.1235],
  ])('%s', (text, value, low, high) => {
    expect(decimalRange(text)).toEqual({ value, low, high });
  });

  it.each([
    '1234567890123455',
    '-123456789012345',
    '123456789012345678.90',
    '-9007199254740993',
    '1.000000000000000',
    '0.1234567890123456789',
  ])('holds the value of %s, which has more digits than a binary fraction', (text) => {
    const { value, low, high } = decimalRange(text)!;
    expect([low <= value, value < high, high - low <= Math.max(1, Math.abs(value) * 1e-15)]).toEqual([true, true, true]);
  });

  it.each(['', '.5', '5.', '01', '+1', '1e', 'e1', '0x1', 'NaN', 'Infinity', '1e999', '1,5', ' 1', '1 ', '--1', '1'.repeat(65)])(
    '%j is none',
    (text) => {
      expect(decimalRange(text)).toBeUndefined();
    },
  );
});

describe('canonicalUnit', () => {
  it.each([
    ['mg', 5, 0.005, 'g'],
    ['kg', 1, 1000, 'g'],
    ['mg/dL', 5, 50, 'g.m-3'],
    ['Cel', 37, 310.15, 'K'],
    ['[degF]', 98.6, 310.15, 'K'],
    ['min', 2, 120, 's'],
    ['{score}', 6, 6, '1'],
    ['%', 50, 0.5, '1'],
    ['mm[Hg]', 120, 15998640, 'g.m-1.s-2'],
  ])('%s', (unit, value, canonical, code) => {
    expect(canonicalUnit(unit)?.code).toBe(code);
    expect(canonicalUnit(unit)?.toCanonical(value)).toBe(canonical);
  });

  it.each(['bananas', '', '[iU]', 'mg/', 'x'.repeat(200), '()(', 'm)(', '(m', '__proto__', '1/__proto__', 'm g', 'µg', 'constructor'])(
    '%j has no base units',
    (unit) => {
      expect(canonicalUnit(unit)).toBeUndefined();
    },
  );

  it('says nothing to the console about what is no unit', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    for (const unit of ['((', '())(', '__proto__', 'm/__proto__', '[[', '{', '}', '10*^', '//', '..', '-', 'toString']) canonicalUnit(unit);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  it('gives equal numbers for equal amounts of substance, also where a number in between has more digits', () => {
    for (const [milli, mol] of [
      [78.145, 0.078145],
      [609.75, 0.60975],
      [83145, 83.145],
      [1094.15, 1.09415],
      [8941.5, 8.9415],
    ] as const) {
      expect(canonicalUnit('mmol/L')?.toCanonical(milli)).toBe(canonicalUnit('mol/L')?.toCanonical(mol));
    }
  });

  it('gives equal numbers for equal amounts', () => {
    for (const value of [0.1, 0.3, 1.1, 5.4, 7.7, 12.34, 99.99]) {
      const grams = canonicalUnit('g')?.toCanonical(value);
      expect(canonicalUnit('mg')?.toCanonical(Number((value * 1000).toPrecision(12)))).toBe(grams);
      expect(canonicalUnit('kg')?.toCanonical(Number((value / 1000).toPrecision(12)))).toBe(grams);
    }
  });

  it('leaves an open bound open', () => {
    expect(canonicalUnit('mg')?.toCanonical(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('normalizeText', () => {
  it('does the same with ASCII alone and among other letters', () => {
    const ascii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at));
    for (const sign of ascii) expect(normalizeText(`a${sign}b å`), sign).toBe(`${normalizeText(`a${sign}b`)} a`);
  });

  it.each([
    ['Ingrid', 'ingrid'],
    ['  Åse   BJØRN ', 'ase bjorn'],
    ['Ærlig', 'aerlig'],
    ['Müller-Straße', 'muller strasse'],
    ['O’Brien, D`Arcy', 'obrien darcy'],
    ['- ´ … «»', ''],
    ['c/o St.Olavs_gt. 5+5 $', 'c o st olavs gt 5+5 $'],
    ['Čáhppes Đorđđe Ŋ Ŧ', 'cahppes dorđđe n t'.replaceAll('đ', 'd')],
    ['a\t\n\u00a0b', 'a b'],
    ['ŁÓDŹ', 'lodz'],
    ['Éva', 'eva'],
    ['李', '李'],
    ['', ''],
  ])('%j becomes %j', (text, normalized) => {
    expect(normalizeText(text)).toBe(normalized);
    expect(normalizeText(normalized)).toBe(normalized);
  });
});
