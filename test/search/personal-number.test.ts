/** National identity numbers are refused in URLs, and never repeated. */
import { describe, expect, it } from 'vitest';
import { FhirError } from '../../server/fhir/errors.ts';
import { checkNationalId } from '../../server/fhir/norwegian-id.ts';
import {
  holdsNationalNumber,
  holdsPersonalNumber,
  isPersonalSystem,
  keptIdentifier,
  refusePersonalNumbers,
  withoutNationalNumbers,
} from '../../server/search/personal-number.ts';

/** Synthetic (month + 80), with valid check digits: counted up until they are. */
const NUMBER = syntheticNumber();
const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const DNR = 'urn:oid:2.16.578.1.12.4.1.4.2';

describe('an id that was made at random', () => {
  it('is no personal number, whatever digits it holds', () => {
    expect(holdsPersonalNumber(`0b5c1e0c-0a1b-4c2d-8e3f-a${NUMBER}`)).toBe(false);
    expect(holdsPersonalNumber(`CarePlan/0B5C1E0C-0A1B-4C2D-8E3F-${NUMBER}F`)).toBe(false);
    expect(holdsPersonalNumber(`0b5c1e0c-0a1b-4c2d-8e3f-aaaaaaaaaaaa,${NUMBER}`)).toBe(true);
  });
});

describe('a search in a URL', () => {
  it.each([
    ['identifier', NUMBER],
    ['identifier', `${FNR}|${NUMBER}`],
    ['identifier', `${FNR}|12345678901`],
    ['identifier', `${DNR}|52345678901`],
    ['identifier', `x,${NUMBER}`],
    ['identifier:not', NUMBER],
    ['identifier:of-type', `a|b|${NUMBER}`],
    ['subject:identifier', NUMBER],
    ['subject:Patient.identifier', `${FNR}|${NUMBER}`],
    ['_has:Observation:patient:identifier', NUMBER],
    ['_filter', `identifier eq ${NUMBER}`],
    ['_filter', `identifier eq "${FNR}|12345678901"`],
    ['name', NUMBER],
    ['identifier', `${NUMBER.slice(0, 6)} ${NUMBER.slice(6)}`],
    ['identifier', `${FNR}|${NUMBER.slice(0, 6)}-${NUMBER.slice(6)}`],
    ['identifier', `${FNR}|123456.78901`],
    ['name', `Kari ${NUMBER.slice(0, 6)}\u00a0${NUMBER.slice(6)}`],
    ['identifier', written('DD DD DD DDDDD')],
    ['identifier', written('DDDDDD DDD DD')],
    ['identifier', written('DD.DD.DD-DDD.DD')],
    ['identifier', written('DDDDDD  DDDDD')],
    ['identifier', written('DDDDDD–DDDDD')],
    ['identifier', written('DDDDDD/DDDDD')],
    ['identifier', written('DDDDDD_DDDDD')],
    ['identifier', written('DDDDDD\\,DDDDD')],
    ['_id', written('DDDDDD,DDDDD')],
    ['name', written('<DDDDDD - DDDDD>')],
    ['identifier', [...NUMBER].map((digit) => `%3${digit}`).join('')],
    ['identifier', [...NUMBER].map((digit) => `%253${digit}`).join('')],
    ['identifier', [...NUMBER].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('')],
    ['identifier', [...NUMBER].map((digit) => String.fromCodePoint(0x0660 + Number(digit))).join('')],
    ['identifier', [...NUMBER].map((digit) => String.fromCodePoint(0x1d7ce + Number(digit))).join('')],
    ['_typeFilter', `Patient?identifier=${NUMBER}`],
    ['_typeFilter', `Patient?identifier=%31${NUMBER.slice(1)}`],
    [`identifier=${NUMBER}`, 'x'],
  ])('%s=%s is refused', (name, value) => {
    const error = refused(name, value);
    expect(error).toMatchObject({ status: 400, issues: [{ code: 'invalid', severity: 'error' }] });
    expect(error.issues[0]?.expression).toEqual([name.includes(NUMBER) ? 'parameter' : name]);
    expect(error.message).toContain('_search');
    expect(JSON.stringify(error.issues)).not.toMatch(/\d{6}.?\d{5}/);
  });

  it.each([
    ['identifier', '12345678901'],
    ['identifier', `urn:oid:2.16.578.1.12.4.1.4.4|1234567`],
    ['identifier', `${FNR}|`],
    ['identifier', `${NUMBER}0`],
    ['identifier', '123456 78901'],
    ['identifier', `${NUMBER.slice(0, 6)}x${NUMBER.slice(6)}`],
    ['date', 'ge2024-01-01T00:00:00+01:00,le2024-12-31T23:59:59.999+01:00'],
    ['_lastUpdated', '2024-01-01T10:00:00.123456789Z'],
    ['_id', '2024-01-01-00123-45,a%20b'],
    ['code', 'http://snomed.info/sct|734163000,http://loinc.org|8480-6'],
    ['name', 'Åse 李 ٣٤'],
    ['date', '2026-03-02'],
    ['identifier', 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a'],
    ['_lastUpdated', '2024-01-01T10:00:00.000Z'],
    ['_id', 'a-12345678901-b'],
    ['telecom', '4799999999'],
  ])('%s=%s passes', (name, value) => {
    expect(() => refusePersonalNumbers([[name, value]])).not.toThrow();
  });

  it('takes out what people write between the digits, under the systems of personal numbers', () => {
    const forms = ['178342 01585', '178342-01585', '178342.01585', '17834201585', '178342  01585', '17 83 42 015 85', '178342–01585 '];
    expect(forms.map((value) => keptIdentifier(FNR, value))).toEqual(forms.map(() => '17834201585'));
    expect(['x', '178342 0158', '178342a01585'].map((value) => keptIdentifier(FNR, value))).toEqual(['x', '178342 0158', '178342a01585']);
    expect([keptIdentifier(null, '178342 01585'), keptIdentifier('urn:n', '178342 01585')]).toEqual(['178342 01585', '178342 01585']);
  });

  it('takes them out without a system where the digits pass the check', () => {
    expect(keptIdentifier(undefined, written('DDDDDD DDDDD'))).toBe(NUMBER);
    expect(keptIdentifier(undefined, '123456 78901')).toBe('123456 78901');
  });

  it('finds a number among others', () => {
    expect(holdsPersonalNumber(`1,2,${NUMBER},3`)).toBe(true);
    expect(holdsPersonalNumber('')).toBe(false);
  });
});

describe('a number in words', () => {
  it('is found and taken out, however it is written, and nothing beside it', () => {
    const texts = ['D DDDD', `${NUMBER}`, written('DDDDDD DDDDD'), written('DD.DD.DD-DDDDD'), `Født 1965, nr. ${NUMBER}, tlf. 22 22 22 22`];
    expect(texts.map(holdsNationalNumber)).toEqual([false, true, true, true, true]);
    expect(texts.map(withoutNationalNumbers)).toEqual(['D DDDD', '•••', '•••', '•••', 'Født 1965, nr. •••, tlf. 22 22 22 22']);
    expect(withoutNationalNumbers(`${NUMBER} og ${NUMBER}`)).toBe('••• og •••');
  });

  it('leaves nothing of a text that hides it, and all of one without', () => {
    const hidden = [...NUMBER].map((digit) => `%3${digit}`).join('');
    expect([holdsNationalNumber(hidden), withoutNationalNumbers(hidden)]).toEqual([true, '•••']);
    for (const text of ['', '12345678901', '80000000000', `0b5c1e0c-0a1b-4c2d-8e3f-a${NUMBER}`, 'Ærlig talt, 12 av 11 …'])
      expect([holdsNationalNumber(text), withoutNationalNumbers(text)]).toEqual([false, text]);
  });

  it('is known by its system, with or without the scheme', () => {
    expect([FNR, DNR, 'urn:oid:2.16.578.1.12.4.1.4.3', '2.16.578.1.12.4.1.4.1'].map(isPersonalSystem)).toEqual([true, true, true, true]);
    expect(['urn:oid:2.16.578.1.12.4.1.4.4', `${FNR}01`, `x${FNR}`, '12.16.578.1.12.4.1.4.1', undefined].map(isPersonalSystem)).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
  });
});

function refused(name: string, value: string): FhirError {
  try {
    refusePersonalNumbers([[name, value]]);
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  throw new Error('not refused');
}

/** The number with its digits in place of each D. */
function written(form: string): string {
  const digits = [...NUMBER];
  return form.replaceAll('D', () => digits.shift() ?? '');
}

function syntheticNumber(): string {
  for (let last = 0; last < 100_000; last += 1) {
    const number = `158165${String(last).padStart(5, '0')}`;
    if (checkNationalId(number).valid) return number;
  }
  throw new Error('no number');
}
