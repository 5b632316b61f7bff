/**
 * The form in which strings are compared when neither case, accents, punctuation nor repeated white space count.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#string
 */

const PLAIN = /^[0-9A-Za-z]+(?: [0-9A-Za-z]+)*$/;
/** The same two steps as below for most texts, at a third of their cost. */
const ASCII = /^[\x20-\x7e]*$/;
/** The same and letters of Western Europe, which can be put in place of one another one by one. */
const LATIN = /^[\x20-\x7e\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]*$/;
const LATIN_LETTERS = /[\u00df-\u00ff]/g;
const BETWEEN_ASCII_WORDS = /[^0-9a-z$+<=>^|~]+/g;
/** Marks, and the last sign of Unicode, which is no character: it stands before texts that are kept apart (see store/sql/entry-rows.ts). */
const MARKS = /[\p{M}\u{10ffff}]+/gu;
/** Signs within a word: O'Brien and Obrien are one name. All other punctuation parts words: Anne-Marie is Anne Marie. */
export const APOSTROPHES = "'`´\u2018\u2019\u02bc";
const WITHIN_WORDS = new RegExp(`[${APOSTROPHES}]`, 'g');
const BETWEEN_WORDS = /[\s\p{P}]+/gu;

/** Letters that Unicode does not take apart, as one writes them on a keyboard without them. */
const LETTERS: Readonly<Record<string, string>> = { ø: 'o', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', ŋ: 'n', ŧ: 't', ł: 'l', ß: 'ss', þ: 'th' };
const SPECIAL = /[øæœđðŋŧłßþ]/g;

/** Lower case, letters without their marks (`å` as `a`, `ø` as `o`), words with one space between and without punctuation; empty where there is nothing else. */
export function normalizeText(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  if (ASCII.test(text)) return inAscii(text.toLowerCase());
  if (LATIN.test(text)) return inAscii(text.toLowerCase().replace(LATIN_LETTERS, plainLetter));
  return inUnicode(text);
}

function inAscii(lower: string): string {
  return lower.replace(WITHIN_WORDS, '').replace(BETWEEN_ASCII_WORDS, ' ').trim();
}

const plainLetters = new Map<string, string>();

function plainLetter(letter: string): string {
  const known = plainLetters.get(letter);
  if (known !== undefined) return known;
  const plain = inUnicode(letter);
  plainLetters.set(letter, plain);
  return plain;
}

function inUnicode(text: string): string {
  const bare = text.replace(WITHIN_WORDS, '').normalize('NFKD').replace(MARKS, '').toLowerCase().replace(MARKS, '');
  return bare
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .replace(BETWEEN_WORDS, ' ')
    .trim();
}
