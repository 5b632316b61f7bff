/**
 * The keys an issuer signs with: made once, kept in the state store, the same for every process of the issuer.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7517
 */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { StateStore } from '../store/state-store.ts';
import { stateKind } from './state-adapter.ts';

/** SMART wants RS256 for id_tokens; access tokens are signed with the same key. */
export const SIGNING_ALGORITHM = 'RS256';

/** The private RSA key of an issuer as a JWK with `kid`; made at the first call, and of several first calls one wins. */
export async function signingKey(state: StateStore, issuerName: string): Promise<JWK & { readonly kid: string }> {
  const kind = stateKind(issuerName, 'signing-key');
  const kept = await state.get(kind, 'current');
  if (kept !== undefined) return kept.value as unknown as JWK & { kid: string };
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: SIGNING_ALGORITHM };
  if (await state.insertIfAbsent(kind, 'current', key as unknown as Record<string, unknown>)) return key;
  return (await state.get(kind, 'current'))!.value as unknown as JWK & { kid: string };
}

/** The part of a private RSA key that anyone may have. */
export function publicPart(key: JWK & { readonly kid: string }): JWK & { readonly kid: string } {
  return { kty: key.kty!, n: key.n!, e: key.e!, kid: key.kid, use: 'sig', alg: SIGNING_ALGORITHM };
}
