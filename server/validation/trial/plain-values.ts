/**
 * Primitive values that are plainly right, told by one look at their characters. What is not plain may still be right:
 * then the checks of the primitive and of its text decide.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#primitive
 */

/** Longer texts are left to the checks. */
const LONGEST = 100_000;
const [ZERO, NINE, DOT, COLON, LESS] = [48, 57, 46, 58, 60] as const;

/** A text without control characters and tags, which begins and ends with something to read. */
export function isPlainText(text: string): boolean {
  const { length } = text;
  if (length === 0 || length > LONGEST || text.charCodeAt(0) <= 32 || text.charCodeAt(length - 1) <= 32) return false;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code === LESS) return false;
  }
  return true;
}

/** Markdown without tags. */
export function isPlainMarkdown(text: string): boolean {
  return text.length > 0 && text.length <= LONGEST && !text.includes('<');
}

/** A text of visible ASCII characters: a code, or the rest of a URI. */
function isVisible(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code >= 127) return false;
  }
  return true;
}

/** A code without spaces. */
export function isPlainCode(text: string): boolean {
  return text.length > 0 && text.length <= LONGEST && isVisible(text, 0);
}

/** A web address or an OID; right as a uri, a url and a canonical. */
export function isPlainUri(text: string): boolean {
  if (text.length > LONGEST) return false;
  if (text.startsWith('http')) {
    const colon = text.charCodeAt(4) === COLON ? 4 : 5;
    return text.charCodeAt(colon) === COLON && (colon === 4 || text.charCodeAt(4) === 115) && isVisible(text, colon);
  }
  return text.startsWith('urn:oid:') && isOid(text, 8);
}

/** Whole numbers with dots between, the first 0 to 2, none with a zero before it. */
function isOid(text: string, from: number): boolean {
  const first = text.charCodeAt(from);
  if (first < ZERO || first > ZERO + 2 || text.length < from + 3) return false;
  let at = from + 1;
  while (at < text.length) {
    if (text.charCodeAt(at++) !== DOT) return false;
    const start = at;
    while (at < text.length && isDigit(text.charCodeAt(at))) at++;
    if (at === start || (at > start + 1 && text.charCodeAt(start) === ZERO)) return false;
  }
  return true;
}

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

/** The number that two digits are; −1 when they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** How many days a month has; `month` from 1. */
export function daysOfMonth(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
}

/** A year, a month or a day in the first `length` characters. */
function isDay(text: string, length: number): boolean {
  if (length !== 10 && length !== 7 && length !== 4) return false;
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  if (century < 0 || year < 0 || century + year === 0) return false;
  if (length === 4) return true;
  const month = twoDigits(text, 5);
  if (text.charCodeAt(4) !== 45 || month < 1 || month > 12) return false;
  if (length === 7) return true;
  const day = twoDigits(text, 8);
  return text.charCodeAt(7) === 45 && day >= 1 && day <= daysOfMonth(century * 100 + year, month);
}

/** A date that exists. */
export function isPlainDate(text: string): boolean {
  return isDay(text, text.length);
}

/** A date, or a time with seconds and a zone. */
export function isPlainDateTime(text: string): boolean {
  return text.length <= 10 ? isDay(text, text.length) : isPlainInstant(text);
}

/** A time with seconds and a zone. */
export function isPlainInstant(text: string): boolean {
  if (text.charCodeAt(10) !== 84 || !isDay(text, 10)) return false;
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return false;
  let at = 19;
  if (text.charCodeAt(at) === DOT) {
    at++;
    if (!isDigit(text.charCodeAt(at))) return false;
    while (isDigit(text.charCodeAt(at))) at++;
  }
  return isZone(text, at);
}

function isZone(text: string, at: number): boolean {
  const sign = text.charCodeAt(at);
  if (sign === 90) return text.length === at + 1;
  if ((sign !== 43 && sign !== 45) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON) return false;
  const hour = twoDigits(text, at + 1);
  const minute = twoDigits(text, at + 4);
  return hour >= 0 && hour <= 13 && minute >= 0 && minute <= 59;
}
