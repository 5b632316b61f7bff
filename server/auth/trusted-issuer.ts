/**
 * The EHRs whose users this service lets in, and the verification of what an app brings from them: the id_token by its
 * signature, the access token by asking the EHR about it, and that both are of one user and one app.
 *
 * Spec: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation · https://www.rfc-editor.org/rfc/rfc7662
 */
import { createRemoteJWKSet, decodeJwt, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { errors } from 'oidc-provider';
import { isObject } from '../fhir/resource.ts';
import { assertionFields } from './client-token.ts';
import { refusal, unreachable } from './exchange-refusal.ts';
import { openidConfigurationUrl } from './openid-discovery.ts';
import { faultCode, isForWantOfKeys, oauthCode } from './outward-fault.ts';
import { isWithin } from './time-window.ts';

/** Signature algorithms an EHR may use; never `none`, never a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'ES256', 'ES384'];
const CLOCK_TOLERANCE_SECONDS = 10;
const ID_TOKEN_MAX_AGE = '1h';
const DISCOVERY_MS = 10 * 60 * 1000;
const TIMEOUT_MS = 5000;

/** One EHR that is trusted, as the operator wrote it down. */
export interface TrustedIssuer {
  readonly name: string;
  /** `iss` of its id_tokens, exactly. */
  readonly issuer: string;
  /** Its FHIR base, the `iss` an app is launched with. */
  readonly fhirBaseUrl: string;
  /** The app's client id at this EHR. */
  readonly clientId: string;
  /**
   * The organisations (organisasjonsnummer) whose personnel it vouches for, with their units; left out: any. With them, an
   * EHR that is taken over or set up wrongly opens no plans but those of its own organisations.
   */
  readonly organizationNumbers?: readonly string[];
  /** This service's own client there, for introspection. */
  readonly service: { readonly clientId: string; readonly privateKey: JWK };
}

/** What the EHR vouches for after verification. */
export interface EhrSession {
  readonly ehr: TrustedIssuer;
  readonly subject: string;
  /** The user's resource at the EHR as its id_token names it. */
  readonly fhirUser: string;
  /** The patient in context, a logical id at the EHR. */
  readonly patientId?: string;
  /** SMART's `tenant`: here the organisasjonsnummer the user is signed in for, when the EHR says so. */
  readonly tenant?: string;
}

interface Discovered {
  readonly jwks: ReturnType<typeof createRemoteJWKSet>;
  readonly introspectionUrl: string;
}

export interface EhrVerifier {
  /**
   * Verifies an id_token and the access token that came with it.
   * @throws ExchangeRefusal `invalid_request` saying which check failed, or 503 `temporarily_unavailable` when the EHR does not answer.
   */
  verify(idToken: string, accessToken: string): Promise<EhrSession>;
}

/** A verifier for these issuers and no others. What they publish about themselves is read anew every ten minutes. */
export function ehrVerifier(trusted: readonly TrustedIssuer[]): EhrVerifier {
  const byIssuer = new Map(trusted.map((ehr) => [ehr.issuer, ehr]));
  const cache = new Map<string, { readonly sinceMs: number; readonly found: Promise<Discovered> }>();

  function discovered(ehr: TrustedIssuer): Promise<Discovered> {
    const kept = cache.get(ehr.issuer);
    if (kept !== undefined && isWithin(Date.now(), kept.sinceMs, DISCOVERY_MS)) return kept.found;
    const found = discover(ehr);
    cache.set(ehr.issuer, { sinceMs: Date.now(), found });
    found.catch(() => cache.delete(ehr.issuer));
    return found;
  }

  return {
    async verify(idToken, accessToken) {
      const ehr = byIssuer.get(issuerOf(idToken) ?? '');
      if (ehr === undefined) throw refusal('unknownIssuer');
      const endpoints = await discovered(ehr);
      const claims = await verifyIdToken(idToken, ehr, endpoints);
      // An at_hash is not looked at: after a refresh an app may have the id_token of its launch, and a later access token.
      const active = await introspect(accessToken, ehr, endpoints);
      if (active.active !== true) throw refusal('inactiveAccessToken');
      const sameIssuer = active.iss === undefined || active.iss === ehr.issuer;
      if (!sameIssuer || active.client_id !== ehr.clientId || active.sub !== claims.sub) throw refusal('differentSessions');
      if (typeof claims.fhirUser !== 'string') throw refusal('noUser');
      return {
        ehr,
        subject: claims.sub!,
        fhirUser: claims.fhirUser,
        ...(typeof active.patient === 'string' ? { patientId: active.patient } : {}),
        ...(typeof active.tenant === 'string' ? { tenant: active.tenant } : {}),
      };
    },
  };
}

/** The issuer an unverified token claims: only to choose whose key must verify it. */
function issuerOf(idToken: string): string | undefined {
  try {
    return decodeJwt(idToken).iss;
  } catch {
    return undefined;
  }
}

async function verifyIdToken(idToken: string, ehr: TrustedIssuer, { jwks }: Discovered): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(idToken, jwks, {
      algorithms: ALGORITHMS,
      issuer: ehr.issuer,
      audience: ehr.clientId,
      requiredClaims: ['sub', 'exp', 'iat'],
      maxTokenAge: ID_TOKEN_MAX_AGE,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    if (Array.isArray(payload.aud) && payload.aud.length > 1 && payload.azp !== ehr.clientId) throw refusal('badIdToken', 'azp');
    return payload;
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) throw error;
    const why = `${ehr.name}: ${faultCode(error)}`;
    throw isForWantOfKeys(error) ? unreachable(why) : refusal('badIdToken', why);
  }
}

async function introspect(token: string, ehr: TrustedIssuer, { introspectionUrl }: Discovered): Promise<Record<string, unknown>> {
  const fields = await assertionFields({ ...ehr.service, audience: ehr.issuer });
  const body = new URLSearchParams({ token, token_type_hint: 'access_token', ...fields });
  return askEhr(ehr, introspectionUrl, { method: 'POST', body });
}

/** Reads where the EHR keeps its keys and answers about tokens; both must be on the host of the issuer. */
async function discover(ehr: TrustedIssuer): Promise<Discovered> {
  const document = await askEhr(ehr, openidConfigurationUrl(ehr.issuer), {});
  const sameHost = (url: unknown): url is string =>
    typeof url === 'string' && URL.canParse(url) && new URL(url).origin === new URL(ehr.issuer).origin;
  const { jwks_uri: jwksUri, introspection_endpoint: introspectionUrl } = document;
  if (document.issuer !== ehr.issuer || !sameHost(jwksUri) || !sameHost(introspectionUrl))
    throw unreachable(`${ehr.name}: its configuration names another issuer, or no keys and introspection on its own host`);
  return { jwks: createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: TIMEOUT_MS }), introspectionUrl };
}

async function askEhr({ name }: TrustedIssuer, url: string, init: RequestInit): Promise<Record<string, unknown>> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, {
      ...init,
      headers: { Accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = response.ok ? await response.json() : await response.json().catch(() => undefined);
  } catch (error) {
    throw unreachable(`${name}: ${faultCode(error)}`);
  }
  // What came with a refusal, if it can be read: `invalid_client` tells of our key, or of a clock.
  if (!response.ok) throw unreachable(`${name}: status ${response.status}, ${oauthCode(isObject(body) ? body : {})}`);
  if (!isObject(body)) throw unreachable(`${name}: an answer that is no JSON object`);
  return body;
}
