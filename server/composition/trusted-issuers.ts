/**
 * The EHRs an operator trusts, read from the file that `FELLESPLAN_TRUSTED_ISSUERS` names.
 */
import type { TrustedIssuer } from '../auth/trusted-issuer.ts';
import { isObject } from '../fhir/resource.ts';
import { readJsonFile, refuseFile, unknownMembers } from './json-file.ts';
import { canSign, SIGNING_JWK_WANTED } from './signing-jwk.ts';

/** One EHR as the operator writes it down: what the shared service needs, and the origin of the pages that frame the app. */
export interface RegisteredEhr extends TrustedIssuer {
  readonly frameOrigin: string;
}

/** Over anything else than https the tokens and the answers about them could be read and changed on the way. */
const URLS = ['issuer', 'fhirBaseUrl', 'frameOrigin'] as const;
const TEXTS = ['name', 'issuer', 'fhirBaseUrl', 'clientId', 'frameOrigin'] as const;
const MEMBERS: readonly string[] = [...TEXTS, 'organizationNumbers', 'service'];
const SERVICE: readonly string[] = ['clientId', 'privateKey'];

/**
 * The registered EHRs, in the order of the file.
 * @throws Error with a line for everything that is missing or malformed, is not https, or is there twice.
 */
export async function readRegisteredEhrs(file: string): Promise<readonly RegisteredEhr[]> {
  const content = await readJsonFile(file);
  if (!Array.isArray(content)) throw new Error(`${file}: an array of EHRs is wanted`);
  const issuers = content.map((entry: unknown) => (isObject(entry) ? entry.issuer : undefined));
  const problems = await Promise.all(
    content.map(async (entry: unknown, at) => [
      ...(await problemsOf(entry)),
      ...(issuers[at] !== undefined && issuers.indexOf(issuers[at]) < at ? ['.issuer is there twice'] : []),
    ]),
  );
  refuseFile(
    file,
    problems.flatMap((found, at) => found.map((problem) => `[${at}]${problem}`)),
  );
  return content as readonly RegisteredEhr[];
}

async function problemsOf(entry: unknown): Promise<readonly string[]> {
  if (!isObject(entry)) return [' is not an object'];
  const missing = TEXTS.filter((name) => typeof entry[name] !== 'string' || entry[name] === '');
  const open = URLS.filter((name) => !missing.includes(name) && !isHttps(String(entry[name])));
  const { service, organizationNumbers: numbers } = entry;
  const areNumbers = Array.isArray(numbers) && numbers.length > 0 && numbers.every((each) => /^\d{9}$/.test(String(each)));
  const members = [
    ...unknownMembers(entry, MEMBERS),
    ...(isObject(service) ? unknownMembers(service, SERVICE).map((each) => `service.${each}`) : []),
  ];
  const isService = isObject(service) && typeof service.clientId === 'string' && isObject(service.privateKey);
  return [
    ...members.map((problem) => `.${problem}`),
    ...missing.map((name) => `.${name} is missing`),
    ...open.map((name) => `.${name} is no https URL`),
    ...(numbers === undefined || areNumbers ? [] : ['.organizationNumbers wants organisasjonsnummer, nine digits each, or is left out']),
    ...(isService ? [] : ['.service wants clientId and privateKey (a private JWK)']),
    ...(isService && !(await canSign(service.privateKey)) ? [`.service.privateKey: ${SIGNING_JWK_WANTED}`] : []),
  ];
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
