/**
 * oidc-provider set up as a SMART authorization server: the library's settings as one table. What SMART asks beyond
 * OAuth is in launch-grant.ts (what may be granted, and on whose word) and issued-tokens.ts (what a token says).
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html
 */
import {
  type Adapter,
  errors,
  type IssuedToken,
  type KoaContext,
  type ProviderConfiguration,
  type StartedInteraction,
} from 'oidc-provider';
import type { AuthorizationServerOptions } from './authorization-server.ts';
import type { ClientKeySets } from './client-key-sets.ts';
import { CLIENT_ASSERTION_ALGORITHMS, type ClientRegistration, clientMetadata, keySetUrl, originAllowed } from './clients.ts';
import { consumeLast } from './consume-last.ts';
import { DPOP_ALGORITHMS } from './dpop-proof.ts';
import { errorPage } from './error-page.ts';
import { claimsOfToken, keepIssuedToken } from './issued-tokens.ts';
import type { LaunchContexts } from './launch-context.ts';
import { checkAudience, checkLaunch, grantForLaunch, resourceServerFor } from './launch-grant.ts';
import { scopeWords } from './scopes.ts';
import type { SignInPages } from './sign-in/sign-in-pages.ts';
import { SIGNING_ALGORITHM, type SigningKey, type SigningKeys } from './signing-keys.ts';
import { stateAdapter } from './state-adapter.ts';

const CLIENT_ASSERTION_SECONDS = 300;
const SYSTEM_TOKEN_SECONDS = 300;
/** Sessions and interactions of the library, of which nothing is kept. */
const REQUEST_SECONDS = 60;
export const ID_TOKEN_SECONDS = 3600;
const CLOCK_TOLERANCE_SECONDS = 10;

/** Paths below the issuer. */
export const ROUTES = {
  authorization: '/authorize',
  token: '/token',
  jwks: '/jwks',
  introspection: '/introspect',
  revocation: '/revoke',
  pushed_authorization_request: '/par',
} as const;

/** What the settings stand on, made once for an issuer. */
export interface ProviderParts {
  readonly options: AuthorizationServerOptions;
  readonly clients: ReadonlyMap<string, ClientRegistration>;
  readonly launches: LaunchContexts;
  readonly keys: SigningKeys;
  readonly keySets: ClientKeySets;
  readonly accessTokenSeconds: number;
  readonly codeSeconds: number;
  readonly refreshSeconds: number;
}

/** The library's configuration for one issuer. */
export function providerSettings(
  parts: ProviderParts,
  signIn: SignInPages | undefined,
  keys: readonly SigningKey[],
): ProviderConfiguration {
  const { options, clients } = parts;
  const launches = [...clients.values()].some((client) => client.grants.includes('authorization_code'));
  return {
    adapter: adapterOf(parts),
    jwks: { keys },
    clients: [...clients.values()].filter((client) => keySetUrl(client) === undefined).map((client) => clientMetadata(client)),
    routes: ROUTES,
    scopes: ['openid', 'offline_access', 'online_access', 'launch', 'launch/patient', 'launch/encounter'],
    claims: { openid: ['sub'], fhirUser: ['fhirUser'], profile: ['name'] },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['none', 'client_secret_basic', 'private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: [...CLIENT_ASSERTION_ALGORITHMS],
      idTokenSigningAlgValues: [SIGNING_ALGORITHM],
      dPoPSigningAlgValues: [...DPOP_ALGORITHMS],
    },
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    allowOmittingSingleRegisteredRedirectUri: false,
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: parts.accessTokenSeconds,
      AuthorizationCode: parts.codeSeconds,
      ClientCredentials: Math.min(SYSTEM_TOKEN_SECONDS, parts.accessTokenSeconds),
      Grant: parts.refreshSeconds,
      IdToken: ID_TOKEN_SECONDS,
      RefreshToken: parts.refreshSeconds,
      Session: REQUEST_SECONDS,
      Interaction: REQUEST_SECONDS,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: true },
      pushedAuthorizationRequests: { enabled: launches },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: mayIntrospect },
      revocation: { enabled: true, allowedPolicy: ownsToken },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => options.fhirBaseUrl,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx: KoaContext, resource: string) => resourceServerFor(ctx, resource, parts),
      },
    },
    interactions: {
      policy: PROMPTS,
      url: (ctx: KoaContext, interaction: StartedInteraction) => signIn?.begin(ctx, interaction) ?? options.issuer,
    },
    extraParams: {
      aud: (ctx: KoaContext, value: string | undefined) => checkAudience(ctx, value, options),
      launch: (ctx: KoaContext, value: string | undefined) => checkLaunch(ctx, value, parts),
    },
    loadExistingGrant: (ctx: KoaContext) => grantForLaunch(ctx, parts),
    findAccount: (_ctx: KoaContext, id: string, token?: IssuedToken) => findAccount(id, token, parts),
    issueRefreshToken: async (_ctx: KoaContext, client: { grantTypeAllowed(type: string): boolean }, source: { scope?: string }) =>
      client.grantTypeAllowed('refresh_token') && scopeWords(source.scope).some(isRefreshScope),
    extraTokenClaims: (_ctx: KoaContext, token: IssuedToken) => claimsOfToken(token, parts),
    formats: { customizers: { jwt: keepIssuedToken } },
    assertJwtClientAuthClaimsAndHeader: (
      _ctx: KoaContext,
      claims: { exp: number },
      header: AssertionHeader,
      client: { clientId: string },
    ) => checkClientAssertion(claims, header, clients.get(client.clientId)),
    clientBasedCORS: (_ctx: KoaContext, origin: string, client: { clientId: string }) =>
      originAllowed(clients.get(client.clientId), origin),
    renderError: errorPage(options.opensApps ?? true),
  };
}

/**
 * The state of the issuer; clients that publish their keys at a URL are found with the keys it has now. The library would
 * fetch them itself, and keep a key that verifies for as long as the process lives, whatever the URL says.
 */
function adapterOf({ options, clients, keySets }: ProviderParts): (model: string) => Adapter {
  const stateOf = stateAdapter(options.state, options.name, consumeLast);
  return (model) => {
    if (model !== 'Client') return stateOf(model);
    return {
      ...stateOf(model),
      async find(id) {
        const client = clients.get(id);
        const url = client === undefined ? undefined : keySetUrl(client);
        return client === undefined || url === undefined ? undefined : clientMetadata(client, keySets.keysAt(url));
      },
    };
  };
}

const NO_DETAILS = () => ({});

/**
 * A user is wanted; nothing else is ever asked in the library's own way, since each sign-in ends with the user's word on
 * what the app may have, and in a launch from an EHR that is settled by the EHR.
 */
const PROMPTS = [
  {
    name: 'login',
    requestable: true,
    checks: [
      {
        reason: 'no_user',
        description: 'nobody is signed in',
        error: 'login_required',
        check: (ctx: KoaContext) => ctx.oidc.session.accountId === undefined,
        details: NO_DETAILS,
      },
    ],
    details: NO_DETAILS,
  },
  { name: 'consent', requestable: true, checks: [], details: NO_DETAILS },
];

interface Caller {
  readonly clientId: string;
  readonly clientAuthMethod: string;
}

/** A client that has shown who it is may ask about any token, a public one only about its own. */
async function mayIntrospect(_ctx: KoaContext, client: Caller, token: { clientId: string }): Promise<boolean> {
  return client.clientAuthMethod !== 'none' || token.clientId === client.clientId;
}

async function ownsToken(_ctx: KoaContext, client: Caller, token: { clientId: string }): Promise<boolean> {
  return token.clientId === client.clientId;
}

function isRefreshScope(word: string): boolean {
  return word === 'offline_access' || word === 'online_access';
}

interface Account {
  readonly accountId: string;
  claims(): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * The account of a subject, or undefined: unknown, or a refresh token whose session has lost its ground, or lives with an
 * EHR session that has ended (online_access).
 */
async function findAccount(id: string, token: IssuedToken | undefined, { options, launches }: ProviderParts): Promise<Account | undefined> {
  const user = await options.findUser(id);
  if (user === undefined) return undefined;
  const session = token?.kind === 'RefreshToken' && token.grantId !== undefined ? await launches.ofGrant(token.grantId) : undefined;
  if (session !== undefined && (await options.mayContinue?.(session)) === false) return undefined;
  if (session?.sessionId !== undefined && !scopeWords(token?.scope).includes('offline_access')) {
    if ((await options.isSessionActive?.(session.sessionId, id)) === false) return undefined;
  }
  return { accountId: id, claims: async () => ({ sub: id, ...user }) };
}

interface AssertionHeader {
  readonly jku?: string;
  readonly kid?: string;
}

/**
 * SMART's rules for a client assertion beyond those of RFC 7523: it lives five minutes at most, it names its key, and a
 * `jku` is the registered one. Errors: 401 `invalid_client`.
 */
async function checkClientAssertion(
  claims: { exp: number },
  header: AssertionHeader,
  client: ClientRegistration | undefined,
): Promise<void> {
  const lifetimeSeconds = claims.exp - Date.now() / 1000;
  if (lifetimeSeconds > CLIENT_ASSERTION_SECONDS + CLOCK_TOLERANCE_SECONDS) throw new errors.InvalidClientAuth('exp too far ahead');
  if (header.kid === undefined) throw new errors.InvalidClientAuth('kid is missing');
  if (header.jku === undefined) return;
  if (client === undefined || header.jku !== keySetUrl(client)) throw new errors.InvalidClientAuth('jku is not the registered one');
}
