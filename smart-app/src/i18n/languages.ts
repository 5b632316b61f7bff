/**
 * The languages of the app, and how the first one is chosen.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc4647#section-3.4 (lookup)
 */
import { en } from './en.ts';
import { nb, type Texts } from './nb.ts';
import { nn } from './nn.ts';

export const LANGUAGES = ['nb', 'nn', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const TEXTS: Readonly<Record<Language, Texts>> = { nb, nn, en };

/** Each language by its own name. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { nb: 'Bokmål', nn: 'Nynorsk', en: 'English' };

/** Locales for dates and numbers. */
export const LOCALES: Readonly<Record<Language, string>> = { nb: 'nb-NO', nn: 'nn-NO', en: 'en-GB' };

/** @returns the app's language for a BCP 47 tag; undefined when it has none for it. */
export function languageOf(tag: string | undefined): Language | undefined {
  const primary = tag?.toLowerCase().split('-')[0];
  return primary === 'no' ? 'nb' : LANGUAGES.find((language) => language === primary);
}

/** @returns the language of the first tag that the app speaks: chosen by the user, told by the EHR, wished by the browser; else bokmål. */
export const firstLanguage = (tags: readonly (string | undefined)[]): Language =>
  tags.map(languageOf).find((language) => language !== undefined) ?? 'nb';
