import { createHash, randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export interface DpopKey {
  readonly thumbprint: string;
  /** A proof for one request; every part can be spoilt, a claim set to undefined is left out. */
  proof(
    method: string,
    url: string,
    accessToken?: string,
    spoil?: { readonly claims?: Record<string, unknown>; readonly header?: Record<string, unknown> },
  ): Promise<string>;
}

/** A key that a client proves to have. */
export async function dpopKey(alg = 'ES256'): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    async proof(htm, htu, accessToken, { claims = {}, header = {} } = {}) {
      const ath = accessToken === undefined ? undefined : createHash('sha256').update(accessToken).digest('base64url');
      const all = { htm, htu, ath, jti: randomBytes(12).toString('hex'), iat: Math.floor(Date.now() / 1000), ...claims };
      const present = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return new SignJWT(present).setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header }).sign(privateKey);
    },
  };
}
