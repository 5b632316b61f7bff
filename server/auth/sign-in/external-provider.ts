/**
 * Sign-in with an identity provider of the shape of HelseID: OpenID Connect by code, with a pushed request, PKCE S256, a
 * client that signs with its own key, and tokens bound to a key (DPoP, with the provider's nonce). What counts is the
 * id_token: who the person is, at which security level, and for which organisation they work.
 *
 * Spec: https://openid.net/specs/openid-connect-core-1_0.html · https://www.rfc-editor.org/rfc/rfc9126 ·
 * https://www.rfc-editor.org/rfc/rfc9449#section-8
 */
import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { isObject } from '../../fhir/resource.ts';
import { assertionFields } from '../client-token.ts';
import { openidConfigurationUrl } from '../openid-discovery.ts';
import { faultCode, isForWantOfKeys, oauthCode } from '../outward-fault.ts';
import { isWithin } from '../time-window.ts';
import { ExternalSignInError, type ExternalUsers, type SignedInUser } from './sign-in.ts';

/** What the provider says of whoever has signed in there. */
export interface ExternalPerson {
  readonly name: string;
  /** Fødselsnummer or D-number. */
  readonly nationalNumber?: string;
  readonly hprNumber?: string;
  /** Organisasjonsnummer the person works for, the unit before the whole. */
  readonly organizationNumbers: readonly string[];
}

export interface ExternalProviderOptions {
  /** As users know it. */
  readonly name: string;
  /** `iss`, exactly; what it publishes is below this. */
  readonly issuer: string;
  readonly clientId: string;
  /** A private JWK with `alg` and `kid`. */
  readonly privateKey: JWK;
  /** The user here whom the person is; undefined when there is none. */
  readonly findUser: (person: ExternalPerson) => Promise<SignedInUser | undefined>;
}

const CLAIMS = {
  nationalNumber: 'helseid://claims/identity/pid',
  securityLevel: 'helseid://claims/identity/security_level',
  hprNumber: 'helseid://claims/hpr/hpr_number',
  parent: 'helseid://claims/client/claims/orgnr_parent',
  child: 'helseid://claims/client/claims/orgnr_child',
} as const;
const SCOPE = 'openid profile helseid://scopes/identity/pid helseid://scopes/identity/security_level helseid://scopes/hpr/hpr_number';
const SECURITY_LEVEL_AT_LEAST = 4;
const ALGORITHMS = ['RS256', 'RS384', 'PS256', 'PS384', 'ES256', 'ES384'];
const PROOF_ALGORITHM = 'ES256';
const TIMEOUT_MS = 5000;
const CLOCK_TOLERANCE_SECONDS = 10;
const DISCOVERY_MS = 10 * 60 * 1000;

interface Discovered {
  readonly authorizationUrl: string;
  readonly pushUrl: string;
  readonly tokenUrl: string;
  readonly jwks: ReturnType<typeof createRemoteJWKSet>;
}

interface Kept {
  readonly nonce: string;
  readonly verifier: string;
  readonly proofKey: JWK;
}

/** Users signed in by an external provider. What it publishes about itself is read anew every ten minutes. */
export function externalProvider(options: ExternalProviderOptions): ExternalUsers {
  let cache: { readonly found: Promise<Discovered>; readonly sinceMs: number } | undefined;

  function discovered(): Promise<Discovered> {
    if (cache !== undefined && isWithin(Date.now(), cache.sinceMs, DISCOVERY_MS)) return cache.found;
    const found = discover(options.issuer);
    cache = { found, sinceMs: Date.now() };
    found.catch(() => {
      cache = undefined;
    });
    return found;
  }

  return {
    kind: 'external',
    name: options.name,
    origin: new URL(options.issuer).origin,
    async start({ redirectUri, state }) {
      const { pushUrl, authorizationUrl } = await discovered();
      const { privateKey } = await generateKeyPair(PROOF_ALGORITHM, { extractable: true });
      const kept: Kept = { nonce: secret(), verifier: secret(), proofKey: await exportJWK(privateKey) };
      const { body } = await send(options, kept, pushUrl, {
        response_type: 'code',
        client_id: options.clientId,
        redirect_uri: redirectUri,
        scope: SCOPE,
        state,
        nonce: kept.nonce,
        code_challenge: createHash('sha256').update(kept.verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      if (typeof body.request_uri !== 'string') throw new ExternalSignInError('unreachable', oauthCode(body));
      const url = new URL(authorizationUrl);
      url.searchParams.set('client_id', options.clientId);
      url.searchParams.set('request_uri', body.request_uri);
      return { url: url.href, request: { ...kept } };
    },
    async finish({ redirectUri, answer, request }) {
      const kept = request as unknown as Kept;
      const issuer = answer.get('iss');
      if (issuer !== null && issuer !== options.issuer) throw new ExternalSignInError('invalid');
      const code = answer.get('code');
      if (code === null || answer.has('error')) throw new ExternalSignInError('refused', oauthCode(Object.fromEntries(answer)));
      const { tokenUrl, jwks } = await discovered();
      const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: kept.verifier };
      const { ok, body } = await send(options, kept, tokenUrl, { ...fields, client_id: options.clientId });
      if (!ok || typeof body.id_token !== 'string') throw new ExternalSignInError('invalid', oauthCode(body));
      const claims = await verify(body.id_token, jwks, options, kept.nonce);
      if (!(Number(claims[CLAIMS.securityLevel]) >= SECURITY_LEVEL_AT_LEAST)) throw new ExternalSignInError('securityLevel');
      const user = await options.findUser(personOf(claims));
      if (user === undefined) throw new ExternalSignInError('unknownUser');
      return user;
    },
  };
}

/** A form sent as the client, with a proof; sent once more when the provider wants its nonce in the proof. */
async function send(
  options: ExternalProviderOptions,
  kept: Kept,
  url: string,
  fields: Readonly<Record<string, string>>,
): Promise<{ readonly ok: boolean; readonly body: Record<string, unknown> }> {
  let nonce: string | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const assertion = await assertionFields({ clientId: options.clientId, audience: options.issuer, privateKey: options.privateKey });
    const response = await ask(url, {
      method: 'POST',
      headers: { Accept: 'application/json', DPoP: await proof(kept.proofKey, url, nonce) },
      body: new URLSearchParams({ ...fields, ...assertion }),
    });
    const body = await json(response);
    nonce = response.headers.get('dpop-nonce') ?? undefined;
    if (attempt > 0 || body.error !== 'use_dpop_nonce' || nonce === undefined) return { ok: response.ok, body };
  }
}

async function proof(key: JWK, url: string, nonce: string | undefined): Promise<string> {
  const { d: _private, ...jwk } = key;
  return new SignJWT({ htm: 'POST', htu: url, jti: secret(), ...(nonce === undefined ? {} : { nonce }) })
    .setProtectedHeader({ alg: PROOF_ALGORITHM, typ: 'dpop+jwt', jwk })
    .setIssuedAt()
    .sign(await importJWK(key, PROOF_ALGORITHM));
}

async function verify(
  idToken: string,
  jwks: Discovered['jwks'],
  { issuer, clientId }: ExternalProviderOptions,
  nonce: string,
): Promise<JWTPayload> {
  const rules = { algorithms: ALGORITHMS, issuer, audience: clientId, requiredClaims: ['sub', 'exp', 'iat', 'nonce'] };
  const verified = await jwtVerify(idToken, jwks, { ...rules, clockTolerance: CLOCK_TOLERANCE_SECONDS }).catch((error: unknown) => {
    throw new ExternalSignInError(isForWantOfKeys(error) ? 'unreachable' : 'invalid', `id_token: ${faultCode(error)}`);
  });
  const claims = verified.payload;
  const oneAudience = !Array.isArray(claims.aud) || claims.aud.length === 1 || claims.azp === clientId;
  if (claims.nonce !== nonce || !oneAudience) throw new ExternalSignInError('invalid', 'id_token: nonce or azp');
  return claims;
}

function personOf(claims: JWTPayload): ExternalPerson {
  const [nationalNumber, hprNumber] = [textOf(claims[CLAIMS.nationalNumber]), textOf(claims[CLAIMS.hprNumber])];
  const organizations = [textOf(claims[CLAIMS.child]), textOf(claims[CLAIMS.parent])];
  return {
    name: textOf(claims.name) ?? '',
    ...(nationalNumber === undefined ? {} : { nationalNumber }),
    ...(hprNumber === undefined ? {} : { hprNumber }),
    organizationNumbers: organizations.filter((number) => number !== undefined),
  };
}

/** Some claims come as a list of one. */
function textOf(claim: unknown): string | undefined {
  const value: unknown = Array.isArray(claim) && claim.length === 1 ? claim[0] : claim;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads where the provider answers; all of it must be on the host of the issuer. */
async function discover(issuer: string): Promise<Discovered> {
  const document = await json(await ask(openidConfigurationUrl(issuer), { headers: { Accept: 'application/json' } }));
  const at = (name: string): string => {
    const url = document[name];
    if (typeof url !== 'string' || !URL.canParse(url) || new URL(url).origin !== new URL(issuer).origin) {
      throw new ExternalSignInError('unreachable', `its configuration has no ${name} on its own host`);
    }
    return url;
  };
  if (document.issuer !== issuer) throw new ExternalSignInError('unreachable', 'its configuration names another issuer');
  return {
    authorizationUrl: at('authorization_endpoint'),
    pushUrl: at('pushed_authorization_request_endpoint'),
    tokenUrl: at('token_endpoint'),
    jwks: createRemoteJWKSet(new URL(at('jwks_uri')), { timeoutDuration: TIMEOUT_MS }),
  };
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new ExternalSignInError('unreachable', faultCode(error));
  }
}

async function json(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!isObject(body)) throw new ExternalSignInError('unreachable', `an answer that is no JSON object, with status ${response.status}`);
  return body;
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
