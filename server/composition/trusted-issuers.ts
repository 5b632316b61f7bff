/**
 * The EHRs an operator trusts, read from the file that `FELLESPLAN_TRUSTED_ISSUERS` names.
 */
import { readFile } from 'node:fs/promises';
import type { TrustedIssuer } from '../auth/trusted-issuer.ts';
import { isObject } from '../fhir/resource.ts';

/** One EHR as the operator writes it down: what the shared service needs, and the origin of the pages that frame the app. */
export interface RegisteredEhr extends TrustedIssuer {
  readonly frameOrigin: string;
}

/** Over anything else than https the tokens and the answers about them could be read and changed on the way. */
const URLS = ['issuer', 'fhirBaseUrl', 'frameOrigin'] as const;
const TEXTS = ['name', 'issuer', 'fhirBaseUrl', 'clientId', 'frameOrigin'] as const;

/**
 * The registered EHRs, in the order of the file.
 * @throws Error naming the entry and the member that is missing or malformed, or is not https.
 */
export async function readRegisteredEhrs(file: string): Promise<readonly RegisteredEhr[]> {
  const content: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(content)) throw new Error(`${file}: an array of EHRs is wanted`);
  return content.map((entry, at) => {
    const where = `${file}: [${at}]`;
    if (!isObject(entry)) throw new Error(`${where} is not an object`);
    const missing = TEXTS.find((name) => typeof entry[name] !== 'string' || entry[name] === '');
    if (missing !== undefined) throw new Error(`${where}.${missing} is missing`);
    const open = URLS.find((name) => !isHttps(String(entry[name])));
    if (open !== undefined) throw new Error(`${where}.${open} is no https URL`);
    const service = entry.service;
    if (!isObject(service) || typeof service.clientId !== 'string' || !isObject(service.privateKey)) {
      throw new Error(`${where}.service wants clientId and privateKey (a private JWK)`);
    }
    return entry as unknown as RegisteredEhr;
  });
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}
