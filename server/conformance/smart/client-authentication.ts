/**
 * How the suite's clients show who they are at a token endpoint, and assertions with single parts spoilt.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html#authenticating-to-the-token-endpoint ·
 * https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-symmetric.html
 */
import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import type { Fields } from './http.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ASSERTION_SECONDS = 240;

export type AppKind = 'public' | 'other' | 'symmetric' | 'asymmetric' | 'asymmetricByUrl';

/** An app of the configuration, ready to be used. */
export interface AppClient {
  readonly kind: AppKind;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly secret?: string;
  readonly privateKey?: JWK;
}

/** What of an assertion is otherwise than it should be; a claim that is undefined is left out. */
export interface Spoilt {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: JWK | Uint8Array;
  readonly seconds?: number;
}

/** A signed client assertion of five minutes at most, spoilt where that is said. */
export async function clientAssertion(
  of: { readonly clientId: string; readonly privateKey: JWK; readonly audience: string },
  { claims, header, key = of.privateKey, seconds = ASSERTION_SECONDS }: Spoilt = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const standard = { iss: of.clientId, sub: of.clientId, aud: of.audience, iat: now, exp: now + seconds, jti: randomUUID() };
  const payload = Object.fromEntries(Object.entries({ ...standard, ...claims }).filter(([, value]) => value !== undefined));
  const { alg = 'ES384', kid } = of.privateKey;
  const protectedHeader = { alg, typ: 'JWT', ...(kid === undefined ? {} : { kid }), ...header };
  const signingKey = key instanceof Uint8Array ? key : await importJWK(key, key.alg ?? alg);
  return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(signingKey);
}

/** The form fields that carry an assertion. */
export function assertionFields(assertion: string): Fields {
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion };
}

/** A JWT that is not signed at all (`alg: none`). */
export function unsignedJwt(payload: object, header: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT', ...header })}.${part(payload)}.`;
}

/** What goes into a request to the token endpoint so that the client is known there. */
export async function authentication(client: AppClient, tokenUrl: string): Promise<{ readonly fields: Fields; readonly headers: Fields }> {
  if (client.secret !== undefined) {
    const pair = Buffer.from(`${client.clientId}:${client.secret}`).toString('base64');
    return { fields: {}, headers: { Authorization: `Basic ${pair}` } };
  }
  if (client.privateKey !== undefined) {
    const { clientId, privateKey } = client;
    return { fields: assertionFields(await clientAssertion({ clientId, privateKey, audience: tokenUrl })), headers: {} };
  }
  return { fields: { client_id: client.clientId }, headers: { Origin: new URL(client.redirectUri).origin } };
}
