/**
 * A token for a backend service, the real way: a JWT signed with the client's own key is shown at the token endpoint.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html
 */
import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';

const ASSERTION_SECONDS = 60;
const TIMEOUT_MS = 10_000;

export interface ClientCredentialsRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** A private JWK with `alg` (RS384 or ES384) and `kid`. */
  readonly privateKey: JWK;
  readonly scope: string;
  readonly fetch?: typeof globalThis.fetch;
}

export interface ClientToken {
  readonly accessToken: string;
  /** Seconds until it expires, from now. */
  readonly expiresInSeconds: number;
  readonly scope: string;
}

/** A signed JWT by which `clientId` shows at `audience` (a token or introspection URL, or the issuer) who it is. Good once, for a minute. */
async function clientAssertion(of: { clientId: string; audience: string; privateKey: JWK }): Promise<string> {
  const { alg = 'ES384', kid } = of.privateKey;
  return new SignJWT({})
    .setProtectedHeader({ alg, typ: 'JWT', ...(kid === undefined ? {} : { kid }) })
    .setIssuer(of.clientId)
    .setSubject(of.clientId)
    .setAudience(of.audience)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${ASSERTION_SECONDS}s`)
    .sign(await importJWK(of.privateKey, alg));
}

/** The form fields that authenticate a client by its assertion. */
export async function assertionFields(of: { clientId: string; audience: string; privateKey: JWK }): Promise<Record<string, string>> {
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await clientAssertion(of),
  };
}

/**
 * A fresh access token for a backend service.
 * @throws Error with the server's `error` and `error_description` when it refuses, or when it cannot be reached within ten seconds.
 */
export async function fetchClientToken(request: ClientCredentialsRequest): Promise<ClientToken> {
  const { tokenUrl, clientId, privateKey, scope } = request;
  const fields = await assertionFields({ clientId, audience: tokenUrl, privateKey });
  const response = await (request.fetch ?? fetch)(tokenUrl, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope, ...fields }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  const body = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`No token for ${clientId}: ${body.error} ${body.error_description ?? ''}`.trim());
  return { accessToken: String(body.access_token), expiresInSeconds: Number(body.expires_in), scope: String(body.scope) };
}
