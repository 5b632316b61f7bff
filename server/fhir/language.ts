/**
 * The languages that people are answered in: bokmål, nynorsk and English.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 (Accept-Language) ·
 * https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest (ui_locales)
 */

export const LANGUAGES = ['nb', 'nn', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Norwegian is bokmål unless it says which. */
const SPOKEN: ReadonlyMap<string | undefined, Language> = new Map([
  ['no', 'nb'],
  ...LANGUAGES.map((language) => [language, language] as const),
]);

const LONGEST_READ = 200;
/** A language, whatever its region or script, and how much it is wanted; between them stand commas or spaces. */
const RANGE = /([a-z]+)[\w-]*(?:\s*;\s*q=([\d.]+))?/g;

/**
 * The language most wanted of those spoken here, by the first text that names one: a tag (`nn`), an Accept-Language or
 * `ui_locales`. Undefined when none does.
 */
export function wantedLanguage(...texts: readonly (string | undefined)[]): Language | undefined {
  for (const text of texts) {
    const found = text === undefined ? undefined : mostWanted(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The same for a page: where no text names a language, it is bokmål. */
export function pageLanguage(...texts: readonly (string | undefined)[]): Language {
  return wantedLanguage(...texts) ?? 'nb';
}

function mostWanted(text: string): Language | undefined {
  let most: Language | undefined;
  let quality = 0;
  for (const [, tag, given = '1'] of text.slice(0, LONGEST_READ).toLowerCase().matchAll(RANGE)) {
    const language = SPOKEN.get(tag);
    if (language === undefined || !(Number(given) > quality)) continue;
    most = language;
    quality = Number(given);
  }
  return most;
}
