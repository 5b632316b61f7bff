/**
 * National identity numbers must not stand in a URL: URLs end up in logs, histories and proxies.
 *
 * Spec: https://hl7.org/fhir/R4/security.html · https://hl7.org/fhir/R4/http.html#search (POST _search)
 */
import { badRequest } from '../fhir/errors.ts';
import { checkNationalId } from '../fhir/norwegian-id.ts';

/** Fødselsnummer, D-number and the help numbers. */
const PERSONAL_SYSTEM = /^urn:oid:2\.16\.578\.1\.12\.4\.1\.4\.[123]$/;
const PERSONAL_OID = /(?:^|[:/])2\.16\.578\.1\.12\.4\.1\.4\.[123]$/;
/** Eleven digits, also as people write them: in groups (`17 83 42 01585`), with spaces or signs of any kind between. */
const WRITTEN_NUMBER = /(?<!\d)(\d{2})S(\d{2})S(\d{2})S(\d{3})S(\d{2})(?!\d)/.source.replaceAll('S', '[^\\p{L}\\p{N}]{0,3}');
const WRITTEN_NUMBERS = new RegExp(WRITTEN_NUMBER, 'gu');
const ONE_WRITTEN_NUMBER = new RegExp(`^${WRITTEN_NUMBER}$`, 'u');

/** The same, to be asked of every value of every search: nearly all hold none. */
const MAY_BE_WRITTEN = /(?:\d[^0-9A-Za-z]{0,3}){11}/;
/** What may hide digits: an escape within what has been unescaped, digits of other scripts and of full width. */
const MAY_HIDE = /%[0-9A-Fa-f]{2}|[^\p{ASCII}]/u;

const REMOVED = '•••';

/** Ids that are made at random hold eleven digits now and then, and one in a hundred of those passes the check. */
const RANDOM_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const IDS_AND_NUMBERS = new RegExp(`${RANDOM_ID.source}|${WRITTEN_NUMBER}`, 'giu');

/** True when a search value holds a personal number, as it is kept or as people write it: under one of their systems, or passing their check. */
export function holdsPersonalNumber(value: string): boolean {
  if (value.length < 11) return false;
  const plain = MAY_HIDE.test(value) ? shownPlainly(value) : value;
  if (!MAY_BE_WRITTEN.test(plain)) return false;
  const numbers = [...plain.replace(RANDOM_ID, ' ').matchAll(WRITTEN_NUMBERS)].map(digitsOf);
  if (numbers.length === 0) return false;
  const systems = plain.split(/[,|\s"$]/);
  return systems.some((part) => PERSONAL_SYSTEM.test(part)) || numbers.some((number) => checkNationalId(number).valid);
}

/** True for the system of fødselsnummer, D-number or help number, also where its OID is written in another way. */
export function isPersonalSystem(system: unknown): boolean {
  return typeof system === 'string' && PERSONAL_OID.test(system);
}

/** True when a fødselsnummer or D-number that passes its check stands anywhere in a text, however people write it. */
export function holdsNationalNumber(text: string): boolean {
  if (text.length < 11) return false;
  const plain = MAY_HIDE.test(text) ? shownPlainly(text) : text;
  if (!MAY_BE_WRITTEN.test(plain)) return false;
  return [...plain.replace(RANDOM_ID, ' ').matchAll(WRITTEN_NUMBERS)].some((found) => {
    const { valid, kind } = checkNationalId(digitsOf(found));
    return valid && kind !== 'felles-hjelpenummer';
  });
}

/** The text without the numbers that `holdsNationalNumber` finds; nothing is left of one in which they are hidden. */
export function withoutNationalNumbers(text: string): string {
  const shortened = text.replace(IDS_AND_NUMBERS, (found) => (holdsNationalNumber(found) ? REMOVED : found));
  return holdsNationalNumber(shortened) ? REMOVED : shortened;
}

/** Escapes taken out, twice at most, and digits of any kind as those of ASCII. */
function shownPlainly(value: string): string {
  const withoutEscapes = (text: string) =>
    text.replace(/%([0-9A-Fa-f]{2})/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const plain = withoutEscapes(withoutEscapes(value)).normalize('NFKC');
  return plain.replace(/\p{Nd}/gu, (digit) => String(digitOf(digit)));
}

/** Unicode keeps the digits of a script in a row of ten, each row beginning at a digit that none stands before. */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return code - zero;
}

function digitsOf(found: RegExpMatchArray): string {
  return found.slice(1).join('');
}

/** The value of an identifier as it is kept: without what people write between the digits of a personal number. */
export function keptIdentifier(system: string | null | undefined, value: string): string {
  const mayBeOne = system === undefined || (system !== null && PERSONAL_SYSTEM.test(system));
  const written = mayBeOne ? ONE_WRITTEN_NUMBER.exec(value.trim()) : null;
  if (written === null) return value;
  const digits = digitsOf(written);
  // Without a system it may be something else that is written with signs between.
  return system === undefined && !checkNationalId(digits).valid ? value : digits;
}

/**
 * Refuses a search whose URL holds a personal number, without repeating it.
 * @throws FhirError 400 `invalid` that says to search by POST instead; the expression is the parameter without what follows its name.
 */
export function refusePersonalNumbers(parameters: readonly (readonly [name: string, value: string])[]): void {
  for (const [name, value] of parameters) {
    if (!holdsPersonalNumber(value) && !holdsPersonalNumber(name)) continue;
    const shownName = holdsPersonalNumber(name) ? 'parameter' : name.slice(0, 64);
    throw badRequest(
      'A national identity number must not be part of a URL. Search with POST [type]/_search and the parameters in the body (application/x-www-form-urlencoded).',
      shownName,
    );
  }
}
