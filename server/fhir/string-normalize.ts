/**
 * The form in which strings are compared when neither case, accents nor repeated white space count.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#string
 */

const PLAIN = /^[\x21-\x7e]*(?: [\x21-\x7e]+)*$/;
const MARKS = /\p{M}+/gu;

/** Letters that Unicode does not take apart, as one writes them on a keyboard without them. */
const LETTERS: Readonly<Record<string, string>> = { ø: 'o', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', ŋ: 'n', ŧ: 't', ł: 'l', ß: 'ss', þ: 'th' };
const SPECIAL = /[øæœđðŋŧłßþ]/g;

/** Lower case, letters without their marks (`å` as `a`, `ø` as `o`), white space trimmed and each run of it one space. */
export function normalizeText(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  const bare = text.normalize('NFKD').replace(MARKS, '').toLowerCase().replace(MARKS, '');
  return bare
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim();
}
