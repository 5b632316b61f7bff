/**
 * Registered clients: what the operator writes down about an app or a system, and the same in the library's words.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html · https://www.rfc-editor.org/rfc/rfc7591
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { JWK } from 'jose';

export const TOKEN_EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';

export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials' | typeof TOKEN_EXCHANGE_GRANT;

/** How the client shows who it is: not at all (public), by a shared secret (HTTP Basic), or by a JWT signed with its own key. */
type ClientAuthentication =
  | { readonly method: 'none' }
  | { readonly method: 'client_secret_basic'; readonly secretHash: string }
  | { readonly method: 'private_key_jwt'; readonly keys: readonly JWK[] }
  | {
      readonly method: 'private_key_jwt';
      readonly jwksUri: string;
      /** True when the URL may lead into the service's own network. */
      readonly internalNetwork?: boolean;
    };

export interface ClientRegistration {
  readonly clientId: string;
  readonly name: string;
  readonly authentication: ClientAuthentication;
  readonly grants: readonly GrantType[];
  /** The most that may be granted, v2 forms; what is asked is cut down to this. */
  readonly scopes: readonly string[];
  /** Exact redirect URIs, for authorization_code. */
  readonly redirectUris?: readonly string[];
  /** Origins of web pages that may call the token endpoint as this client; left out: those of its redirect URIs. */
  readonly origins?: readonly string[];
  /** Origins of pages that may show the plan app in a frame, besides those of the EHRs. */
  readonly frameOrigins?: readonly string[];
  /** Organisasjonsnummer of the organisation a system acts for; goes into its tokens. */
  readonly organizationNumber?: string;
  /**
   * True for a system that sees what its scopes say, whatever organisation it acts for: administration, and the demo.
   * A system without this and without an organisation reaches nobody's plan.
   */
  readonly scopesAlone?: boolean;
}

/** Algorithms a client may sign its assertion with, as SMART requires of servers. */
export const CLIENT_ASSERTION_ALGORITHMS = ['RS384', 'ES384'] as const;

/** The registration in the names of RFC 7591, which the library reads; `published` are the keys of a client that is registered by URL. */
export function clientMetadata(client: ClientRegistration, published: readonly JWK[] = []): Readonly<Record<string, unknown>> {
  const code = client.grants.includes('authorization_code');
  return {
    client_id: client.clientId,
    client_name: client.name,
    grant_types: [...client.grants],
    response_types: code ? ['code'] : [],
    redirect_uris: [...(client.redirectUris ?? [])],
    application_type: 'web',
    token_endpoint_auth_method: client.authentication.method,
    ...authenticationMetadata(client.authentication, published),
  };
}

function authenticationMetadata(authentication: ClientAuthentication, published: readonly JWK[]): Readonly<Record<string, unknown>> {
  switch (authentication.method) {
    case 'none':
      return {};
    case 'client_secret_basic':
      return { client_secret: authentication.secretHash };
    case 'private_key_jwt':
      return { jwks: { keys: [...('keys' in authentication ? authentication.keys : published)] } };
  }
}

/**
 * What is kept of a secret. Secrets are made by machine with 256 bits of chance, so that one round is enough: there is
 * nothing to guess, and a token request costs no more than it must.
 */
export function hashOfSecret(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex')}`;
}

/** Whether this is the secret of which `kept` is the hash; takes as long either way. */
export function isSecret(kept: string, secret: string): boolean {
  const shown = hashOfSecret(secret);
  return kept.length === shown.length && timingSafeEqual(Buffer.from(kept), Buffer.from(shown));
}

/** The URL at which a client publishes its keys; undefined when its keys were registered, or it has none. */
export function keySetUrl({ authentication }: ClientRegistration): string | undefined {
  return 'jwksUri' in authentication ? authentication.jwksUri : undefined;
}

/** The JWKS URLs that may lead into the service's own network. */
export function internalKeySets(clients: Iterable<ClientRegistration>): ReadonlySet<string> {
  const urls = [...clients].flatMap(({ authentication }) =>
    'jwksUri' in authentication && authentication.internalNetwork === true ? [new URL(authentication.jwksUri).href] : [],
  );
  return new Set(urls);
}

/** Origins of web pages that may call as this client. */
export function originsOf(client: ClientRegistration): readonly string[] {
  return client.origins ?? client.redirectUris?.map((uri) => new URL(uri).origin) ?? [];
}

/** True when a web page of this origin may call as this client. */
export function originAllowed(client: ClientRegistration | undefined, origin: string): boolean {
  return client !== undefined && originsOf(client).includes(origin);
}
