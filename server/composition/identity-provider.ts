/**
 * The identity provider that users of the shared service sign in with, read from a file the operator names.
 */
import type { ExternalProviderOptions } from '../auth/sign-in/external-provider.ts';
import { isObject } from '../fhir/resource.ts';
import { readJsonFile, refuseFile, unknownMembers } from './json-file.ts';
import { canSign, SIGNING_JWK_WANTED } from './signing-jwk.ts';

const TEXTS = ['name', 'issuer', 'clientId'] as const;

/**
 * The provider of the file: `name` (as users know it), `issuer`, `clientId` and `privateKey` (a private JWK).
 * @throws Error with a line for everything that is missing, malformed or not https.
 */
export async function readIdentityProvider(file: string): Promise<Omit<ExternalProviderOptions, 'findUser'>> {
  const content: unknown = await readJsonFile(file);
  if (!isObject(content)) throw new Error(`${file}: an object is wanted`);
  refuseFile(file, await problemsOf(content));
  return content as unknown as Omit<ExternalProviderOptions, 'findUser'>;
}

async function problemsOf(content: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const missing = TEXTS.filter((name) => typeof content[name] !== 'string' || content[name] === '');
  const { issuer, privateKey } = content;
  const isHttps = URL.canParse(String(issuer)) && new URL(String(issuer)).protocol === 'https:';
  const canBeSignedWith = isObject(privateKey) && (await canSign(privateKey));
  return [
    ...unknownMembers(content, [...TEXTS, 'privateKey']),
    ...missing.map((name) => `${name} is missing`),
    ...(missing.includes('issuer') || isHttps ? [] : ['issuer is no https URL']),
    ...(canBeSignedWith ? [] : [isObject(privateKey) ? `privateKey: ${SIGNING_JWK_WANTED}` : 'privateKey (a private JWK) is missing']),
  ];
}
