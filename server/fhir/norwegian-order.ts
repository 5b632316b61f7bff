/**
 * Texts in the order of a Norwegian list: …, z, æ, ø, å, with `aa` as å, without regard to case; accents count where all
 * else is the same. Punctuation parts words as it does in a search, and a gap comes before digits, these before letters.
 *
 * Spec: https://unicode.org/reports/tr35/tr35-collation.html · https://github.com/unicode-org/cldr/blob/main/common/collation/no.xml
 */
import { APOSTROPHES } from './string-normalize.ts';

/** Raised when a text is sorted otherwise than before: keys, and places in a list, that were made earlier do not fit then. */
export const ORDER_RULES = 1;

/** Stands for the two letters in a text: no text holds this sign, which is no character. */
const AA = '\uffff';

/**
 * What stands for each letter in a key, and the letters that count as it, in the order in which they follow where all
 * else is the same. After z come signs that follow it in ASCII, so that the keys of most texts are these texts themselves.
 */
const LETTERS: Readonly<Record<string, string>> = {
  a: 'a á à ă â ǎ ã ȧ ą ā ȁ ȃ',
  c: 'c ć ĉ č ċ ç',
  d: 'd ď đ ð',
  e: 'e é è ĕ ê ě ë ė ȩ ē ȅ ȇ',
  'e~': 'ə',
  g: 'g ǵ ğ ĝ ǧ ġ ģ',
  'g~': 'ǥ',
  h: 'h ĥ ȟ ħ',
  i: 'i í ì ĭ î ǐ ï ĩ į ī ȉ ȋ',
  'i~': 'ı',
  j: 'j ĵ ǰ',
  k: 'k ǩ ķ',
  l: 'l ĺ ľ ļ ł ŀ',
  n: 'n ń ǹ ň ñ ņ',
  'n~': 'ŋ',
  o: 'o ó ò ŏ ô ǒ õ ȯ ǫ ō ȍ ȏ ơ',
  'q~': 'ĸ',
  r: 'r ŕ ř ŗ ȑ ȓ',
  s: 's ś ŝ š ş ș ſ',
  ss: 'ss ß',
  t: 't ť ţ ț',
  th: 'þ',
  't~': 'ŧ',
  u: 'u ú ù ŭ û ǔ ů ũ ų ū ȕ ȗ ư',
  w: 'w ŵ',
  y: 'y ý ŷ ÿ ȳ ü ű',
  z: 'z ź ž ż',
  'z~': 'ʒ ǯ',
  '{': 'æ ǽ ǣ ä ę',
  '|': 'ø ǿ ö ő œ',
  '}': `å ǻ ${AA}`,
};

interface Place {
  readonly letters: string;
  /** A sign for each of the letters. */
  readonly accents: string;
}

const NO_ACCENT = '0';
/** Of a letter that no row names, such as one with two accents. */
const OTHER_ACCENT = 'z';
const GAP: Place = { letters: ' ', accents: NO_ACCENT };
const NOTHING: Place = { letters: '', accents: '' };

const ROWS = new Map(
  Object.entries(LETTERS).flatMap(([letters, row]) =>
    row.split(' ').map((letter, rank): [string, Place] => {
      const accent = String.fromCharCode(NO_ACCENT.charCodeAt(0) + rank);
      return [letter, { letters, accents: accent.padEnd(letters.length, NO_ACCENT) }];
    }),
  ),
);

/** A text without any of these is ordered by its normalised form: most are. */
const OF_ITS_OWN = /[^\x20-\x7e]|[$+<=>^|~]|aa|A[aA]/;
/** Stands before a symbol: after a gap, before digits. */
const SYMBOL = '!';
/** Stands before the accents: before all that a longer text could have there. */
const ACCENTS = '\u0001';
/** Longer texts are ordered by how they begin. */
const LETTERS_AT_MOST = 128;

/**
 * What orders `text` among the keys of others, compared by code point; undefined where its normalised form does so (see
 * string-normalize.ts), which is a key itself then. An `a` with an accent after another does not make an `å`.
 */
export function orderKey(text: string): string | undefined {
  if (!OF_ITS_OWN.test(text)) return undefined;
  let [letters, accents, isApart] = ['', '', false];
  for (const sign of text
    .normalize('NFC')
    .replace(/aa|A[aA]/g, AA)
    .toLowerCase()) {
    const place = placeOf(sign);
    if (place === GAP) isApart = letters !== '';
    if (place === GAP || place === NOTHING) continue;
    letters += isApart ? GAP.letters + place.letters : place.letters;
    accents += isApart ? GAP.accents + place.accents : place.accents;
    isApart = false;
    if (letters.length >= LETTERS_AT_MOST) break;
  }
  const told = accents.replace(/0+$/, '');
  return told === '' ? letters : letters + ACCENTS + told;
}

const places = new Map(ROWS);
const PLACES_AT_MOST = 10_000;

function placeOf(sign: string): Place {
  const known = places.get(sign);
  if (known !== undefined) return known;
  const place = newPlace(sign);
  if (places.size < PLACES_AT_MOST) places.set(sign, place);
  return place;
}

function newPlace(sign: string): Place {
  if (APOSTROPHES.includes(sign) || /\p{M}/u.test(sign)) return NOTHING;
  if (/[\s\p{P}]/u.test(sign)) return GAP;
  if (/\p{C}/u.test(sign)) return NOTHING;
  return /[\p{S}\u02b0-\u02ff]/u.test(sign) ? asItIs(SYMBOL + sign) : placeOfLetter(sign);
}

/** With several accents it counts as with the first of them; without a row of its own, as what is left without any. */
function placeOfLetter(letter: string): Place {
  const apart = letter.normalize('NFKD').toLowerCase();
  const withFirst = ROWS.get(apart.slice(0, 2).normalize('NFC'));
  if (withFirst !== undefined && letter !== apart) return { letters: withFirst.letters, accents: accented(withFirst.letters) };
  const bare = apart.replace(/\p{M}+/gu, '');
  const letters = Array.from(bare, (each) => ROWS.get(each)?.letters ?? each).join('');
  return bare === apart ? asItIs(letters) : { letters, accents: accented(letters) };
}

const asItIs = (letters: string): Place => ({ letters, accents: NO_ACCENT.repeat(letters.length) });
const accented = (letters: string): string => OTHER_ACCENT.padEnd(letters.length, NO_ACCENT);
