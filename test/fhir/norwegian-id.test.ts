import { describe, expect, it } from 'vitest';
import { checkNationalId, isHprNumber, isOrganizationNumber } from '../../server/fhir/norwegian-id.ts';

const numbers: [why: string, given: string, expected: ReturnType<typeof checkNationalId>][] = [
  ['a number that meets both rules', '02013299997', { valid: true, kind: 'fodselsnummer', rule: 'current' }],
  ['a number that meets the rule of 2032 only', '30108299939', { valid: true, kind: 'fodselsnummer', rule: '2032' }],
  ['an example of public documents that fails', '05076600324', { valid: false, kind: 'fodselsnummer' }],
  ['a month + 40 that fails', '13057444850', { valid: false, kind: 'fodselsnummer' }],
  ['a month + 65 of NHN', '13717404089', { valid: true, kind: 'fodselsnummer', synthetic: 'nhn', rule: 'current' }],
  ['one digit changed', '02013299987', { valid: false, kind: 'fodselsnummer' }],
  ['two digits swapped', '20013299997', { valid: false, kind: 'fodselsnummer' }],
  ['too short', '0201329999', { valid: false, kind: 'unknown' }],
  ['too long', '020132999970', { valid: false, kind: 'unknown' }],
  ['a space within', '020132 99997', { valid: false, kind: 'unknown' }],
  ['digits of another script', '٠٢٠١٣٢٩٩٩٩٧', { valid: false, kind: 'unknown' }],
  ['empty', '', { valid: false, kind: 'unknown' }],
  ['a day that is not', '32013299997', { valid: false, kind: 'unknown' }],
  ['day 00', '00013299997', { valid: false, kind: 'unknown' }],
  ['month 13', '02133299997', { valid: false, kind: 'unknown' }],
  ['month 00', '02003299997', { valid: false, kind: 'unknown' }],
  ['30 February', '30023299997', { valid: false, kind: 'unknown' }],
  ['29 February of a year that is never a leap year', '29023399997', { valid: false, kind: 'unknown' }],
];

describe('checkNationalId', () => {
  it.each(numbers)('%s: %s', (_why, given, expected) => expect(checkNationalId(given)).toEqual(expected));

  const claims: [why: string, nineDigits: string, kind: string, synthetic: string | undefined][] = [
    ['a D-number has 40 added to the day', '410180001', 'd-nummer', undefined],
    ['the last day of a D-number', '711280001', 'd-nummer', undefined],
    ['a D-number of Tenor', '418180001', 'd-nummer', 'tenor'],
    ['a number of Tenor has 80 added to the month', '019280001', 'fodselsnummer', 'tenor'],
    ['a number of NHN has 65 added to the month', '017780001', 'fodselsnummer', 'nhn'],
    ['month + 40 is an H-number or one of Dolly', '015280001', 'h-nummer', 'dolly'],
    ['29 February of a leap year', '290204501', 'fodselsnummer', undefined],
    ['29 February of year 00, which 2000 was', '290200501', 'fodselsnummer', undefined],
    ['a common help number begins with 8', '812345678', 'felles-hjelpenummer', undefined],
    ['a common help number begins with 9', '999999999', 'felles-hjelpenummer', undefined],
  ];
  it.each(claims)('%s (%s…)', (_why, nine, kind, synthetic) => {
    const found = withCheckDigits(nine);
    expect(found.length).toBeGreaterThan(0);
    for (const number of found) {
      const check = checkNationalId(number);
      expect(check).toMatchObject({ valid: true, kind });
      expect(check.synthetic).toBe(synthetic);
    }
  });

  it('accepts for each nine digits at most one pair by the rule of today, and up to four by that of 2032', () => {
    for (const nine of ['010180001', '150655123', '241299500', '019280777']) {
      const rules = withCheckDigits(nine).map((number) => checkNationalId(number).rule);
      expect(rules.filter((rule) => rule === 'current').length).toBeLessThanOrEqual(1);
      expect(rules.length).toBeLessThanOrEqual(4);
    }
  });
});

describe('isOrganizationNumber', () => {
  it.each([
    ['974760673', true],
    ['123456785', true],
    ['974760674', false],
    ['97476067', false],
    ['9747606731', false],
    ['000000000', false],
    ['97476067a', false],
  ])('%s is %s', (given, expected) => expect(isOrganizationNumber(given)).toBe(expected));
});

describe('isHprNumber', () => {
  it.each([
    ['9144889', true],
    ['999000101', true],
    ['914488', true],
    ['0914488', false],
    ['9990001010', false],
    ['91448a9', false],
  ])('%s is %s', (given, expected) => expect(isHprNumber(given)).toBe(expected));
});

/** All numbers that begin with nine given digits and are accepted. */
function withCheckDigits(nine: string): string[] {
  const pairs = Array.from({ length: 100 }, (_, pair) => nine + String(pair).padStart(2, '0'));
  return pairs.filter((number) => checkNationalId(number).valid);
}
