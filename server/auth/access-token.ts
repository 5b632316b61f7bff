/**
 * Access tokens at the FHIR API: a JWT of this server's issuer, for exactly this base, alive in the register and, when it
 * is bound to a key, with a proof of that key.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9068#section-4 · https://www.rfc-editor.org/rfc/rfc6750 ·
 * https://www.rfc-editor.org/rfc/rfc9449#section-7
 */
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { FhirError, unauthorized } from '../fhir/errors.ts';
import type { StateStore } from '../store/state-store.ts';
import { DPOP_ALGORITHMS, dpopProofs } from './dpop-proof.ts';
import { isRegistered } from './issued-tokens.ts';
import type { Authenticator, Principal } from './principal.ts';
import { parseResourceScopes } from './scopes.ts';
import { SIGNING_ALGORITHM } from './signing-keys.ts';
import { isWithin } from './time-window.ts';

/** Verified tokens kept so that a signature is checked once; the register is asked every time. */
const VERIFIED_AT_MOST = 1000;
/** A signature is checked anew from time to time, so that a key that was taken out of use does not live on in what is kept. */
const VERIFIED_ANEW_MS = 10_000;
/** Headers are told apart by the end of the signature first, so that a thousand characters are not hashed for every request. */
const TAIL = 40;

export interface AuthenticatorOptions {
  /** The server whose tokens are accepted (as createAuthorizationServer gives it). */
  readonly server: {
    readonly issuer: string;
    readonly name: string;
    readonly fhirBaseUrl: string;
    readonly verificationKey: JWTVerifyGetKey;
    /** Whether the client a token was given to is registered still. */
    isRegistered(clientId: string): boolean;
  };
  readonly state: StateStore;
  readonly nowMs?: () => number;
}

interface VerifiedToken {
  /** The whole Authorization header. */
  readonly authorization: string;
  readonly isDpop: boolean;
  readonly token: string;
  readonly principal: Principal;
  readonly tokenId: string;
  readonly expiresAtMs: number;
  /** Of the key the token is bound to. */
  readonly thumbprint?: string;
}

/** An authenticator for one FHIR base. Every refusal is 401 `login` with an RFC 6750 challenge; 503 `transient` when the store is out of reach. */
export function createAuthenticator({ server, state, nowMs = Date.now }: AuthenticatorOptions): Authenticator {
  const proofs = dpopProofs(state, server.name, nowMs);
  const verified = new Map<string, VerifiedToken>();
  let verifiedSinceMs = nowMs();

  async function verify(authorization: string): Promise<VerifiedToken | undefined> {
    const [, scheme, token] = /^(Bearer|DPoP) +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization) ?? [];
    if (scheme === undefined || token === undefined) return undefined;
    const { payload } = await jwtVerify(token, server.verificationKey, {
      issuer: server.issuer,
      algorithms: [SIGNING_ALGORITHM],
      typ: 'at+jwt',
      requiredClaims: ['sub', 'exp', 'jti', 'client_id'],
      currentDate: new Date(nowMs()),
    });
    if (payload.aud !== server.fhirBaseUrl) return undefined;
    const bound = (payload.cnf as { jkt?: unknown } | undefined)?.jkt;
    return {
      authorization,
      isDpop: scheme.toLowerCase() === 'dpop',
      token,
      principal: principalOf(payload, server.fhirBaseUrl),
      tokenId: payload.jti!,
      expiresAtMs: payload.exp! * 1000,
      ...(typeof bound === 'string' ? { thumbprint: bound } : {}),
    };
  }

  function keep(known: VerifiedToken): void {
    if (verified.size >= VERIFIED_AT_MOST) verified.delete(verified.keys().next().value!);
    verified.set(known.authorization.slice(-TAIL), known);
  }

  /** The token, if it was accepted a moment ago. */
  function keptToken(authorization: string, atMs: number): VerifiedToken | undefined {
    if (!isWithin(atMs, verifiedSinceMs, VERIFIED_ANEW_MS)) {
      verified.clear();
      verifiedSinceMs = atMs;
    }
    const kept = verified.get(authorization.slice(-TAIL));
    return kept?.authorization === authorization ? kept : undefined;
  }

  /** Whoever bears a token that was revoked is presumed once, and asked from then on. */
  async function confirm({ authorization, tokenId }: VerifiedToken): Promise<void> {
    if (await isRegistered(state, server.name, tokenId)) return;
    verified.delete(authorization.slice(-TAIL));
    throw invalidToken();
  }

  return {
    presume(authorization) {
      if (authorization === undefined) return undefined;
      const atMs = nowMs();
      const known = keptToken(authorization, atMs);
      if (known === undefined || known.thumbprint !== undefined || known.expiresAtMs <= atMs) return undefined;
      if (!server.isRegistered(known.principal.clientId)) return undefined;
      return { principal: { ...known.principal }, confirmed: confirm(known) };
    },
    async authenticate(authorization, request) {
      if (authorization === undefined) throw unauthorized('This request needs an access token: Authorization: Bearer …');
      const atMs = nowMs();
      const kept = keptToken(authorization, atMs);
      const known = kept ?? (await verify(authorization).catch(notGood));
      if (known === undefined || !server.isRegistered(known.principal.clientId)) throw invalidToken();
      if (known.expiresAtMs <= atMs) {
        verified.delete(authorization.slice(-TAIL));
        throw invalidToken();
      }
      if (!(await isRegistered(state, server.name, known.tokenId))) throw invalidToken();
      const { isDpop, token, thumbprint } = known;
      if (isDpop !== (thumbprint !== undefined)) throw isDpop ? badProof() : invalidToken();
      if (isDpop && (request === undefined || (await proofs.thumbprintOf(request, token)) !== thumbprint)) throw badProof();
      if (known !== kept) keep(known);
      // A value of its own for each request: what access finds out about it must not outlive the request.
      return { ...known.principal };
    },
  };
}

/** A token that cannot be verified is not good; that its key cannot be looked up says nothing of it. */
function notGood(error: unknown): undefined {
  if (error instanceof FhirError) throw error;
}

/** One text for every reason: which check failed is nothing a stranger needs to know. */
function invalidToken(): Error {
  return unauthorized('The access token is malformed, expired, revoked or not for this server', 'Bearer error="invalid_token"');
}

function badProof(): Error {
  const challenge = `DPoP error="invalid_dpop_proof", algs="${DPOP_ALGORITHMS.join(' ')}"`;
  return unauthorized('The DPoP proof is missing, used before or not for this token and request', challenge);
}

function principalOf(claims: JWTPayload, fhirBaseUrl: string): Principal {
  const text = (name: string): string | undefined => (typeof claims[name] === 'string' ? claims[name] : undefined);
  const scope = text('scope') ?? '';
  const fhirUser = text('fhirUser');
  const optional = {
    patientId: text('patient'),
    fhirUser: fhirUser?.startsWith(`${fhirBaseUrl}/`) ? fhirUser.slice(fhirBaseUrl.length + 1) : fhirUser,
    hprNumber: text('hpr_number'),
    organizationNumber: text('organization_number'),
    purposeOfUse: text('purpose_of_use'),
  };
  return {
    clientId: text('client_id')!,
    subject: claims.sub!,
    scopes: parseResourceScopes(scope),
    scope,
    tokenId: claims.jti!,
    ...(claims.scopes_alone === true ? { scopesAlone: true } : {}),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Principal>),
  };
}
