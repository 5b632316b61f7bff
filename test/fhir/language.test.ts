import { describe, expect, it } from 'vitest';
import { pageLanguage, wantedLanguage } from '../../server/fhir/language.ts';

describe('the language that is wanted', () => {
  it.each([
    ['nn', 'nn', 'a tag'],
    ['en-GB', 'en', 'a tag with a region'],
    ['NB', 'nb', 'a tag in capitals'],
    ['no', 'nb', 'Norwegian that does not say which'],
    ['se, nn;q=0.8, en;q=0.5', 'nn', 'the first that is spoken here'],
    ['en;q=0.5, nb-NO;q=0.9', 'nb', 'the one most wanted, wherever it stands'],
    ['en ; q=0.2,nn; q=0.3', 'nn', 'spaces around the parameter'],
    ['se nn en', 'nn', 'ui_locales, with spaces between'],
    ['nb;q=0, en', 'en', 'one that is refused'],
  ])('%s is %s: %s', (text, language) => {
    expect(wantedLanguage(text)).toBe(language);
  });

  it.each([undefined, '', '*', 'sv, de;q=0.7', 'nb;q=0', 'constructor', '__proto__', 'nbx', ';q=1', 'en;q=.'])('%s names none', (text) => {
    expect(wantedLanguage(text)).toBeUndefined();
  });

  it('is that of the first text that names one', () => {
    expect(wantedLanguage(undefined, 'sv', 'nn', 'en')).toBe('nn');
  });

  it('is bokmål for a page where none is named', () => {
    expect(pageLanguage('sv')).toBe('nb');
    expect(pageLanguage(undefined, 'en')).toBe('en');
  });

  it('reads no more of a long text than its beginning', () => {
    expect(wantedLanguage(`${'x, '.repeat(100)}nn`)).toBeUndefined();
  });
});
