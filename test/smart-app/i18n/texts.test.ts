import { readFile } from 'node:fs/promises';
import type { CodeSystem } from '@medplum/fhirtypes';
import { describe, expect, test } from 'vitest';
import { CODE_NAMES, codeName } from '../../../smart-app/src/i18n/code-labels.ts';
import { formatChange, formatDay, formatMoment, formatNumber, formatShortDay } from '../../../smart-app/src/i18n/format.ts';
import { firstLanguage, LANGUAGES, languageOf, TEXTS } from '../../../smart-app/src/i18n/languages.ts';
import { APP_ERROR_KINDS } from '../../../smart-app/src/smart/app-error.ts';

type Leaf = readonly [path: string, value: unknown];

const leaves = (value: object, path = ''): Leaf[] =>
  Object.entries(value).flatMap(([key, child]): Leaf[] =>
    typeof child === 'object' && child !== null ? leaves(child, `${path}${key}.`) : [[`${path}${key}`, child]],
  );

/** A text, or what a text function makes of plausible arguments. */
const shown = (value: unknown): string => (typeof value === 'function' ? String(value(3, 5, 7)) : String(value));

describe('texts', () => {
  test.each(LANGUAGES)('%s has exactly the keys of bokmål', (language) => {
    expect(leaves(TEXTS[language]).map(([path]) => path)).toEqual(leaves(TEXTS.nb).map(([path]) => path));
  });

  test.each(LANGUAGES)('%s has no empty text, and every function uses what it is given', (language) => {
    for (const [path, value] of leaves(TEXTS[language])) {
      expect(shown(value).trim(), path).not.toBe('');
      expect(shown(value), path).not.toContain('undefined');
    }
  });

  test('every way to fail has a page', () => {
    for (const language of LANGUAGES) expect(Object.keys(TEXTS[language].errors).sort()).toEqual([...APP_ERROR_KINDS].sort());
  });

  test.each(LANGUAGES)('%s speaks of no record system where the app was started without one', (language) => {
    const { errors, errorsAlone, signedOut } = TEXTS[language];
    // These are met with a record system alone: the way in from one, and the exchange of its word.
    const { 'no-launch': _opened, 'unknown-issuer': _issuer, 'exchange-refused': _exchange, ...met } = { ...errors, ...errorsAlone };
    for (const [path, value] of leaves({ ...met, signedOut })) expect(shown(value), path).not.toMatch(/journalsystem|record system/iu);
  });

  test('nynorsk is not bokmål: no words that only bokmål has', () => {
    const bokmaal =
      /\b(ikke|hva|hvem|hvordan|jeg|fra|noe|være|hjem|hjemme|kommer|forsinket|avsluttet|registrert(?= er)|enhet|tjeneste|opplysninger|siden(?! av)|uten|sykehus|personene|deltakere|tilbakemelding)\b/iu;
    const nynorskTexts = [
      ...leaves(TEXTS.nn).map(([path, value]) => [path, shown(value)] as const),
      ...Object.entries(CODE_NAMES).flatMap(([system, codes]) =>
        Object.entries(codes).map(([code, names]) => [`${system}#${code}`, names.nn] as const),
      ),
    ];
    for (const [path, text] of nynorskTexts) expect(text, path).not.toMatch(bokmaal);
  });

  test('English has no Norwegian letters', () => {
    for (const [path, value] of leaves(TEXTS.en)) expect(shown(value), path).not.toMatch(/[æøå]/iu);
  });
});

describe('names of codes', () => {
  const shownSystems = [
    'fp-plan-type',
    'fp-team-role',
    'fp-measure-type',
    'fp-bti-level',
    'fp-hph-step',
    'fp-need-type',
    'fp-cfs-level',
    'fp-message-type',
  ];

  test.each(shownSystems)('the app names every code of %s, in each language as the code system does', async (id) => {
    const text = await readFile(new URL(`../../../profiles/generated/CodeSystem-${id}.json`, import.meta.url), 'utf8');
    const { url, concept = [] } = JSON.parse(text) as CodeSystem;
    const expected = concept.map(({ code, display, designation = [] }) => {
      const translated = Object.fromEntries(designation.map((one) => [one.language, one.value]));
      return [code, { nb: display, nn: translated.nn, en: translated.en }];
    });
    expect(concept.length).toBeGreaterThan(2);
    expect(CODE_NAMES[url ?? '']).toEqual(Object.fromEntries(expected));
  });

  test('an unknown code is shown by its display, else as it is', () => {
    expect(codeName({ system: 'urn:x', code: 'a', display: 'Alfa' }, 'nb')).toBe('Alfa');
    expect(codeName({ system: 'urn:x', code: 'a' }, 'nb')).toBe('a');
  });
});

describe('choice of language', () => {
  test.each([
    ['nb-NO', 'nb'],
    ['no', 'nb'],
    ['nn', 'nn'],
    ['nn-NO', 'nn'],
    ['en-US', 'en'],
    ['sv', undefined],
    [undefined, undefined],
  ])('%s is %s', (tag, expected) => {
    expect(languageOf(tag)).toBe(expected);
  });

  test('the first tag that the app speaks wins; without one it is bokmål', () => {
    expect(firstLanguage([undefined, 'sv', 'nn-NO', 'en'])).toBe('nn');
    expect(firstLanguage(['de'])).toBe('nb');
  });
});

describe('dates and numbers', () => {
  test.each([
    ['2026-03-09', 'nb', '9. mars 2026'],
    ['2026-03-09', 'en', '9 Mar 2026'],
    ['2026-03', 'nb', 'mars 2026'],
    ['2026', 'nn', '2026'],
    ['sommeren', 'nb', 'sommeren'],
  ] as const)('%s in %s is %s', (value, language, expected) => {
    expect(formatDay(value, language)).toBe(expected);
  });

  test('where a date has no day, none is made up', () => {
    expect([formatShortDay('2026-03', 'nb'), formatMoment('2026-03', 'nn')]).toEqual(['mars 2026', 'mars 2026']);
    expect([formatShortDay('2026', 'en'), formatMoment('2026', 'nb')]).toEqual(['2026', '2026']);
    expect([formatShortDay('2026-03-09', 'nb'), formatMoment('2026-03-09', 'nb')]).toEqual(['09.03.26', 'man. 9. mars 2026']);
  });

  test('numbers have the language’s decimal sign, changes their sign', () => {
    expect(formatNumber(3.333, 'nb')).toBe('3,33');
    expect(formatChange(2.25, 'en')).toBe('+2.25');
    expect(formatChange(-1, 'nn')).toBe('−1');
    expect(formatChange(0, 'nb')).toBe('0');
    expect(formatChange(1.95, 'nb')).toBe('+1,95');
  });
});
