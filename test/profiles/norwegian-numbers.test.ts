/**
 * The check-digit rules of the profiles, as FHIRPath, against known numbers and against the server's own check.
 *
 * Spec: https://www.ehelse.no/standardisering/standarder/identifikatorer-for-personer · https://hl7.org/fhirpath/
 */
import { describe, expect, test } from 'vitest';
import { compileFhirPath } from '../../server/fhir/fhirpath.ts';
import { checkNationalId, isHprNumber, isOrganizationNumber } from '../../server/fhir/norwegian-id.ts';
import { structures } from './profile-rules.ts';

const constraints = structures().flatMap(({ differential }) => differential.element.flatMap((element) => element.constraint ?? []));

function rule(key: string): (value: string) => boolean {
  const { expression } = constraints.find((constraint) => constraint.key === key)!;
  const evaluate = compileFhirPath(expression, 'Patient.identifier');
  const patient = { resourceType: 'Patient' };
  return (value) => evaluate({ value }, { resource: patient, rootResource: patient })[0] === true;
}

const fnrDate = rule('fp-fnr-1');
const fnrDigits = rule('fp-fnr-2');
const dnrDate = rule('fp-dnr-1');
const dnrDigits = rule('fp-dnr-2');
const fhn = rule('fp-fhn-1');
const organizationNumber = rule('fp-orgnr-1');
const hpr = rule('fp-hpr-1');

const FODSELSNUMMER: readonly [why: string, number: string, date: boolean, digits: boolean][] = [
  ['passes the rule of today and that of 2032', '02013299997', true, true],
  ['passes the rule of 2032 only', '30108299939', true, true],
  ['has a wrong check digit, though seen in public documents', '13057444850', true, false],
  ['has another wrong check digit seen in public documents', '05076600324', true, false],
  ['is synthetic with month + 65 (NHN)', '13717404089', true, true],
  ['is synthetic with month + 80 (Tenor)', '14824510033', true, true],
  ['is a D-number', '41905210082', false, true],
  ['has a wrong last digit', '14824510034', true, false],
  ['has a month that does not exist', '05339912335', false, false],
  ['has the day 31 in a month of 30 days', '31084510039', true, false],
  ['is too short', '1482451003', false, false],
  ['is too long, which the date rule sees', '148245100330', false, true],
  ['has a letter', '1482451003a', false, false],
  ['is empty but for a space', ' ', false, false],
];

describe('the rules of fødselsnummer', () => {
  test.each(FODSELSNUMMER)('a number that %s: %s', (_why, number, date, digits) => {
    expect({ date: fnrDate(number), digits: fnrDigits(number) }).toEqual({ date, digits });
  });

  test('a day is one that the month has, with 29 February in leap years only', () => {
    const dates = ['300400', '310400', '280201', '290204', '290201', '300204', '311200', '321200', '000100', '010000', '019300', '015300'];
    expect(dates.filter((date) => fnrDate(`${date}00000`))).toEqual(['300400', '280201', '290204', '311200']);
  });
});

describe('the rules of the other numbers', () => {
  test.each([
    ['41905210082', true],
    ['14824510033', false],
    ['72905210082', false],
  ])('the date of D-number %s is right: %s', (number, right) => {
    expect(dnrDate(number)).toBe(right);
  });

  test.each([
    ['80000012304', true],
    ['80000012305', false],
    ['14824510033', false],
  ])('%s is a felles hjelpenummer: %s', (number, right) => {
    expect(fhn(number)).toBe(right);
  });

  test.each([
    ['312045028', true],
    ['999990010', true],
    ['312045029', false],
    ['31204502', false],
    ['000000000', false],
  ])('%s is an organisasjonsnummer: %s', (number, right) => {
    expect(organizationNumber(number)).toBe(right);
  });

  test.each([
    ['9144889', true],
    ['999000001', true],
    ['0123456', false],
    ['123456', false],
    ['1234567890', false],
  ])('%s has the format of an HPR number: %s', (number, right) => {
    expect(hpr(number)).toBe(right);
  });
});

/** A fixed sequence of digits, the same on every run. */
function* digits(): Generator<number> {
  let state = 20_261_122n;
  while (true) {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn;
    yield Number((state >> 33n) % 10n);
  }
}

function numbers(length: number, count: number): string[] {
  const source = digits();
  return Array.from({ length: count }, () => Array.from({ length }, () => source.next().value).join(''));
}

/** The number with the check digits that make both sums come out, when there are such. */
function completed(nineDigits: string): string[] {
  const tails = Array.from({ length: 100 }, (_, tail) => nineDigits + String(tail).padStart(2, '0'));
  return tails.filter((number) => fnrDigits(number));
}

describe('the rules as FHIRPath and the check of the server', () => {
  test('agree on 2000 random numbers of eleven digits', () => {
    for (const number of numbers(11, 2000)) {
      const { kind, valid } = checkNationalId(number);
      const mine = (fnrDate(number) && fnrDigits(number)) || (dnrDate(number) && dnrDigits(number));
      expect(`${number} ${mine}`).toBe(`${number} ${valid && kind !== 'felles-hjelpenummer'}`);
    }
  });

  test('agree on numbers with right check digits, for a day of every month of every series', () => {
    let seen = 0;
    for (let month = 0; month < 100; month++) {
      const number = completed(`05${String(month).padStart(2, '0')}12345`)[0];
      if (number === undefined) continue;
      seen++;
      expect(`${number} ${fnrDate(number)}`).toBe(`${number} ${checkNationalId(number).valid}`);
    }
    expect(seen).toBeGreaterThan(60);
  });

  test('agree on organisation and HPR numbers', () => {
    for (const number of numbers(9, 1000)) {
      expect(`${number} ${organizationNumber(number)}`).toBe(`${number} ${isOrganizationNumber(number)}`);
      expect(`${number} ${hpr(number)}`).toBe(`${number} ${isHprNumber(number)}`);
    }
  });
});
