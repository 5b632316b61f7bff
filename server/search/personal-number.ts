/**
 * National identity numbers must not stand in a URL: URLs end up in logs, histories and proxies.
 *
 * Spec: https://hl7.org/fhir/R4/security.html · https://hl7.org/fhir/R4/http.html#search (POST _search)
 */
import { badRequest } from '../fhir/errors.ts';
import { checkNationalId } from '../fhir/norwegian-id.ts';

/** Fødselsnummer, D-number and the help numbers. */
const PERSONAL_SYSTEM = /^urn:oid:2\.16\.578\.1\.12\.4\.1\.4\.[123]$/;
/** Eleven digits, also as people write them: with a space, a hyphen or a point after the date. */
const WRITTEN_NUMBER = /(?<!\d)(\d{6})[\s\-.]?(\d{5})(?!\d)/g;

/** The same, to be asked of every value of every search: nearly all hold none. */
const MAY_BE_WRITTEN = /\d{6}[\s\-.]?\d{5}/;

/** Ids that are made at random hold eleven digits now and then, and one in a hundred of those passes the check. */
const RANDOM_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** True when a search value holds a personal number, as it is kept or as people write it: under one of their systems, or passing their check. */
export function holdsPersonalNumber(value: string): boolean {
  if (value.length < 11 || !MAY_BE_WRITTEN.test(value)) return false;
  const numbers = [...value.replace(RANDOM_ID, ' ').matchAll(WRITTEN_NUMBER)].map(([, date, rest]) => `${date}${rest}`);
  if (numbers.length === 0) return false;
  const systems = value.split(/[,|\s"$]/);
  return systems.some((part) => PERSONAL_SYSTEM.test(part)) || numbers.some((number) => checkNationalId(number).valid);
}

/** The value of an identifier as it is kept: without what people write between date and number, where the system is one of personal numbers. */
export function keptIdentifier(system: string | null, value: string): string {
  if (system === null || !PERSONAL_SYSTEM.test(system)) return value;
  const written = /^(\d{6})[\s\-.](\d{5})$/.exec(value.trim());
  return written === null ? value : `${written[1]}${written[2]}`;
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
