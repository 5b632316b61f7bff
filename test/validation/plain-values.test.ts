import { describe, expect, it } from 'vitest';
import { endOfType, isId } from '../../server/fhir/reference.ts';
import { primitiveCheck } from '../../server/validation/primitives.ts';
import { Run } from '../../server/validation/run.ts';
import { checkMarkdown, checkString } from '../../server/validation/text.ts';
import {
  isPlainCode,
  isPlainDate,
  isPlainDateTime,
  isPlainInstant,
  isPlainMarkdown,
  isPlainText,
  isPlainUri,
} from '../../server/validation/trial/plain-values.ts';
import { randomFrom } from '../support/random.ts';

const RIGHT = [
  'Individuell plan',
  'active',
  'care-plan.1',
  'http://snomed.info/sct',
  'https://a.example/fhir|1.0',
  'urn:oid:2.16.578.1.12.4.1.4.1',
  'urn:oid:0.0',
  'urn:uuid:5f0c1b52-7d0e-4c8e-9a50-0a4f2f3a1c02',
  '2026',
  '2026-11',
  '2026-11-28',
  '2026-11-01T13:00:00+01:00',
  '2026-11-01T13:00:00.123Z',
  '0001-01-01T00:00:00-13:59',
  'Patient/abc-1.2',
  'PractitionerRole/a',
  'Kaffe og `<b>`',
];
const CHARACTERS = [...'aZ09-.:/|+T# <>&\t\n\u0000\u0001\u007f\u00a0\u2028æ😀_`@[{'];

const shouldBe: readonly [string, (text: string) => boolean, readonly string[]][] = [
  ['isPlainText', isPlainText, ['string']],
  ['isPlainMarkdown', isPlainMarkdown, ['markdown']],
  ['isPlainCode', isPlainCode, ['code']],
  ['isId', (text) => isId(text, 0), ['id']],
  ['isPlainUri', isPlainUri, ['uri', 'url', 'canonical']],
  ['isPlainDate', isPlainDate, ['date', 'dateTime']],
  ['isPlainDateTime', isPlainDateTime, ['dateTime']],
  ['isPlainInstant', isPlainInstant, ['instant', 'dateTime']],
];

/** Right texts with characters changed, added and taken away. */
function changed(seed: number, count: number): string[] {
  const chance = randomFrom(seed);
  const place = (length: number) => Math.floor(chance() * length);
  return Array.from({ length: count }, () => {
    let text = RIGHT[place(RIGHT.length)]!;
    for (let change = place(3); change >= 0; change--) {
      const at = place(text.length + 1);
      const more = chance() < 0.7 ? CHARACTERS[place(CHARACTERS.length)]! : RIGHT[place(RIGHT.length)]!.slice(place(20));
      text = text.slice(0, at) + (chance() < 0.7 ? more : '') + text.slice(at + place(3));
    }
    return text;
  });
}

function reported(check: typeof checkString, text: string): boolean {
  const run = new Run({
    language: 'en',
    expressionMs: 1000,
    unknownExtensions: 'warning',
    referenceTypes: 'trusted',
    wrongDisplays: 'warning',
    markdownHtml: 'warning',
    stringHtml: 'information',
  });
  check(run, text);
  return run.issues.length > 0;
}

describe('plain values', () => {
  const texts = [...RIGHT, ...changed(7, 20_000), '', ' ', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(200_000)];

  it.each(shouldBe)('%s is true only of what is right [R4 datatypes#primitive]', (_name, isPlain, types) => {
    const plain = texts.filter(isPlain);
    expect(plain.length).toBeGreaterThan(20);
    for (const type of types) expect(plain.filter((text) => primitiveCheck(type)!(text) !== undefined)).toEqual([]);
  });

  it('are texts and markdown of which there is nothing to tell', () => {
    expect(texts.filter((text) => isPlainText(text) && reported(checkString, text))).toEqual([]);
    expect(texts.filter((text) => isPlainMarkdown(text) && reported(checkMarkdown, text))).toEqual([]);
  });

  it('are references whose type is before the slash [R4 references#literal]', () => {
    const local = texts.filter((text) => endOfType(text) >= 0);
    expect(local.length).toBeGreaterThan(20);
    expect(local).toEqual(texts.filter((text) => /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(text)));
    for (const text of local) expect(endOfType(text)).toBe(text.indexOf('/'));
  });
});
