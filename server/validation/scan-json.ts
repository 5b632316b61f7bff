/**
 * What must be known of a JSON text before it is parsed: one look at its bytes, which costs less than any other way.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc8259
 */

/** What was seen. Of a text that is no JSON it says nothing in particular: parsing tells. */
export interface JsonScan {
  /** True when objects and lists are nested deeper than asked for; nothing after that was looked at. */
  readonly isTooDeep: boolean;
  /** True when a string holds the escape of the character NUL. */
  readonly holdsNul: boolean;
  /** True when a string holds the escape of half a character: a surrogate without its partner. */
  readonly holdsHalfCharacter: boolean;
  /** True when a number would not be written back as it stands: `1.00`, `1e3`. */
  readonly mayLoseDecimals: boolean;
  /** The members of all objects, those that have the same name in one object counted each. */
  readonly members: number;
  /** True when nothing stands between the values, and escapes are those that `JSON.stringify` writes. */
  readonly isCompact: boolean;
}

const LAST_BLANK = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** All signs of a number lie between these. */
const FIRST_OF_NUMBER = 0x2b;
const LAST_OF_NUMBER = 0x65;
/** `-1.7976931348623157e+308`: none that JavaScript writes is longer. */
const LONGEST_WRITTEN = 24;
const LETTER_U = 0x75;
const LETTER_D = 0x64;
/** The bit by which a small letter differs from a capital one. */
const LOWER_CASE = 0x20;
/** Of the escape of a character, with its backslash. */
const ESCAPE_LENGTH = 6;
const ESCAPED_NUL = [...'u0000'].map((sign) => sign.charCodeAt(0));
/** What follows a backslash where `JSON.stringify` writes one; the codes of control characters, which are rare, are not among these. */
const SHORT_ESCAPES: ReadonlySet<number | undefined> = new Set([...'"\\bfnrt'].map((sign) => sign.charCodeAt(0)));

/** Looks at a JSON text in UTF-8. */
export function scanJson(bytes: Uint8Array, depthMax: number): JsonScan {
  const end = bytes.length;
  let depth = 0;
  let holdsNul = false;
  let holdsHalfCharacter = false;
  let mayLoseDecimals = false;
  let members = 0;
  let isCompact = true;
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      for (at += 1; at < end && bytes[at] !== QUOTE; at += 1) {
        if (bytes[at] !== BACKSLASH) continue;
        at += 1;
        if (SHORT_ESCAPES.has(bytes[at])) continue;
        isCompact = false;
        if (ESCAPED_NUL.every((sign, place) => bytes[at + place] === sign)) holdsNul = true;
        const half = surrogateAt(bytes, at);
        if (half === undefined) continue;
        if (half === 'high' && bytes[at + ESCAPE_LENGTH - 1] === BACKSLASH && surrogateAt(bytes, at + ESCAPE_LENGTH) === 'low') {
          at += 2 * ESCAPE_LENGTH - 2;
        } else holdsHalfCharacter = true;
      }
    } else if (byte === COLON) {
      members += 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1;
      if (depth > depthMax) return { isTooDeep: true, holdsNul, holdsHalfCharacter, mayLoseDecimals, members, isCompact };
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth -= 1;
    } else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const start = at;
      while (at + 1 < end && isOfNumber(bytes[at + 1]!)) at += 1;
      mayLoseDecimals ||= at > start && !isWrittenBack(bytes.subarray(start, at + 1));
    } else if (byte <= LAST_BLANK) isCompact = false;
  }
  return { isTooDeep: false, holdsNul, holdsHalfCharacter, mayLoseDecimals, members, isCompact };
}

/** Which half of a character the escape is whose `u` stands there; undefined for one that is whole, or no such escape. */
function surrogateAt(bytes: Uint8Array, at: number): 'high' | 'low' | undefined {
  if (bytes[at] !== LETTER_U || ((bytes[at + 1] ?? 0) | LOWER_CASE) !== LETTER_D) return undefined;
  const digit = Number.parseInt(String.fromCharCode(bytes[at + 2] ?? 0), 16);
  if (Number.isNaN(digit) || digit < 0x8) return undefined;
  return digit < 0xc ? 'high' : 'low';
}

/** Digits, point, signs and exponent; a comma lies between them and is none. */
function isOfNumber(byte: number): boolean {
  if (byte < FIRST_OF_NUMBER || byte > LAST_OF_NUMBER) return false;
  return (byte >= MINUS && byte <= NINE && byte !== 0x2f) || byte === 0x2b || byte === 0x45 || byte === 0x65;
}

function isWrittenBack(number: Uint8Array): boolean {
  if (number.length > LONGEST_WRITTEN) return false;
  const text = String.fromCharCode(...number);
  return String(Number(text)) === text;
}
