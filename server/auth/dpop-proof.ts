/**
 * Proofs of possession (DPoP): a JWT by which a client shows for one request that it holds the key its token is bound
 * to. Each is good once, within a minute of its making.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, type JWTVerifyResult, jwtVerify } from 'jose';
import type { StateStore } from '../store/state-store.ts';
import { stateKind } from './state-adapter.ts';
import { CLOCKS_DIFFER_SECONDS } from './time-window.ts';

/** Algorithms of proofs: asymmetric ones that clients in browsers and on servers have. */
export const DPOP_ALGORITHMS = ['ES256', 'ES384', 'PS256', 'RS256'] as const;
const WINDOW_SECONDS = 60;
const PROOF_AT_MOST_CHARACTERS = 8192;

/** The request a proof is for. */
export interface ProvenRequest {
  readonly method: string;
  /** Absolute; query and fragment do not count. */
  readonly url: string;
  /** The `DPoP` header as it was sent. */
  readonly proof: string | undefined;
}

export interface DpopProofs {
  /**
   * The thumbprint of the key that made the proof; undefined when there is no proof or it is not good for this request.
   * `accessToken`: the token that the proof must name (`ath`); left out at the token endpoint, where there is none yet.
   */
  thumbprintOf(request: ProvenRequest, accessToken?: string): Promise<string | undefined>;
}

/** Checks the proofs sent to one issuer or its FHIR base. */
export function dpopProofs(state: StateStore, issuerName: string, nowMs: () => number = Date.now): DpopProofs {
  const kind = stateKind(issuerName, 'dpop-proof');

  async function check({ method, url, proof = '' }: ProvenRequest, accessToken: string | undefined): Promise<string | undefined> {
    const verified = await verify(proof, nowMs());
    if (verified === undefined) return undefined;
    const { payload, protectedHeader } = verified;
    const jwk = protectedHeader.jwk as JWK;
    const recent = Math.abs(nowMs() / 1000 - payload.iat!) <= WINDOW_SECONDS;
    const sameRequest = payload.htm === method && targetOf(payload.htu) === targetOf(url);
    const sameToken = accessToken === undefined || payload.ath === hashOf(accessToken);
    if (!recent || !sameRequest || !sameToken || 'd' in jwk || typeof payload.jti !== 'string') return undefined;
    const thumbprint = await calculateJwkThumbprint(jwk);
    const expiresAtMs = (payload.iat! + WINDOW_SECONDS + CLOCKS_DIFFER_SECONDS) * 1000;
    const first = await state.insertIfAbsent(kind, hashOf(`${thumbprint} ${payload.jti}`), {}, { expiresAtMs });
    return first ? thumbprint : undefined;
  }

  return {
    async thumbprintOf(request, accessToken) {
      if (request.proof === undefined || request.proof.length > PROOF_AT_MOST_CHARACTERS) return undefined;
      return check(request, accessToken);
    },
  };
}

/** The proof by the key in it; undefined when that is no key of such a kind, or did not sign the proof. */
async function verify(proof: string, nowMs: number): Promise<JWTVerifyResult | undefined> {
  const rules = { algorithms: [...DPOP_ALGORITHMS], typ: 'dpop+jwt', requiredClaims: ['iat', 'jti', 'htm', 'htu'] };
  try {
    return await jwtVerify(proof, EmbeddedJWK, { ...rules, currentDate: new Date(nowMs) });
  } catch {
    // Nothing is asked for it elsewhere: whatever is wrong is wrong with the proof.
    return undefined;
  }
}

function targetOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { origin, pathname } = new URL(url);
  // The base of an API is the same with and without a slash at the end.
  return origin + pathname.replace(/\/$/, '');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
