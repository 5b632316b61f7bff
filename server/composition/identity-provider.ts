/**
 * The identity provider that users of the shared service sign in with, read from a file the operator names.
 */
import type { ExternalProviderOptions } from '../auth/sign-in/external-provider.ts';
import { isObject } from '../fhir/resource.ts';
import { readJsonFile, unknownMembers } from './json-file.ts';
import { canSign, SIGNING_JWK_WANTED } from './signing-jwk.ts';

const TEXTS = ['name', 'issuer', 'clientId'] as const;

/**
 * The provider of the file: `name` (as users know it), `issuer`, `clientId` and `privateKey` (a private JWK).
 * @throws Error naming the member that is missing, malformed or not https.
 */
export async function readIdentityProvider(file: string): Promise<Omit<ExternalProviderOptions, 'findUser'>> {
  const content: unknown = await readJsonFile(file);
  if (!isObject(content)) throw new Error(`${file}: an object is wanted`);
  const [unknown] = unknownMembers(content, [...TEXTS, 'privateKey']);
  if (unknown !== undefined) throw new Error(`${file}: ${unknown}`);
  const missing = TEXTS.find((name) => typeof content[name] !== 'string' || content[name] === '');
  if (missing !== undefined) throw new Error(`${file}: ${missing} is missing`);
  const issuer = String(content.issuer);
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:') throw new Error(`${file}: issuer is no https URL`);
  if (!isObject(content.privateKey)) throw new Error(`${file}: privateKey (a private JWK) is missing`);
  if (!(await canSign(content.privateKey))) throw new Error(`${file}: privateKey: ${SIGNING_JWK_WANTED}`);
  return content as unknown as Omit<ExternalProviderOptions, 'findUser'>;
}
