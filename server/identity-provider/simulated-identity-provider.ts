/**
 * A simulated identity provider of the shape of HelseID: pushed requests only, PKCE, clients that sign with a key, tokens
 * bound to a key with the provider's own nonce, and claims by the names used there. Whoever comes chooses who to be. For
 * demo and tests; the composition never makes one in production.
 *
 * Spec: https://openid.net/specs/openid-connect-core-1_0.html · https://utviklerportal.nhn.no (HelseID, claims)
 */
import { createHash } from 'node:crypto';
import type { JWK } from 'jose';
import Provider, { errors, type KoaContext, type StartedInteraction } from 'oidc-provider';
import { CLIENT_ASSERTION_ALGORITHMS } from '../auth/clients.ts';
import { DPOP_ALGORITHMS } from '../auth/dpop-proof.ts';
import { errorPage, notFoundPage } from '../auth/error-page.ts';
import { type NodeHandler, pathBelow, presentRequest, readForm, replaceBody } from '../auth/node-handler.ts';
import { SIGNING_ALGORITHM, signingKeys } from '../auth/signing-keys.ts';
import { stateAdapter } from '../auth/state-adapter.ts';
import type { StateStore } from '../store/state-store.ts';
import { aboutPage, choosePage, refusePage } from './pages.ts';
import { signInTickets } from './tickets.ts';

/** Somebody who can sign in. */
export interface SimulatedPerson {
  /** In the page's form; nothing personal. */
  readonly id: string;
  readonly name: string;
  /** Whose plan a private person comes to see. */
  readonly comesAs?: 'patient' | 'relative';
  readonly nationalNumber?: string;
  readonly hprNumber?: string;
  readonly securityLevel: '3' | '4';
  readonly organizationParent?: string;
  readonly organizationChild?: string;
}

export interface SimulatedIdentityProviderOptions {
  /** Absolute URL without a slash at the end; its path is where the handler is mounted. */
  readonly issuer: string;
  readonly state: StateStore;
  readonly client: { readonly clientId: string; readonly publicKey: JWK; readonly redirectUris: readonly string[] };
  readonly people: () => Promise<readonly SimulatedPerson[]>;
}

const NAME = 'identity-provider';
const ROUTES = {
  authorization: '/connect/authorize',
  token: '/connect/token',
  pushed_authorization_request: '/connect/par',
  jwks: '/.well-known/openid-configuration/jwks',
} as const;
const LOGIN_ROUTE = '/login';
/** What the library answers by itself; the rest is not there. */
const PLACES: readonly string[] = [...Object.values(ROUTES), '/.well-known/openid-configuration'];
const SECONDS = 300;
const SCOPES = {
  'helseid://scopes/identity/pid': ['helseid://claims/identity/pid'],
  'helseid://scopes/identity/security_level': ['helseid://claims/identity/security_level'],
  'helseid://scopes/hpr/hpr_number': ['helseid://claims/hpr/hpr_number'],
} as const;
const ORGANIZATION_CLAIMS = ['helseid://claims/client/claims/orgnr_parent', 'helseid://claims/client/claims/orgnr_child'];

/** The provider as a Node handler below the path of its issuer. */
export async function createSimulatedIdentityProvider(options: SimulatedIdentityProviderOptions): Promise<NodeHandler> {
  const issuer = new URL(options.issuer);
  const tickets = signInTickets(options.state, NAME);
  const { keys } = await signingKeys(options.state, NAME, { keepSeconds: SECONDS }).current();
  const personOf = async (id: string) => (await options.people()).find((person) => person.id === id);

  const provider = new Provider(options.issuer, {
    adapter: stateAdapter(options.state, NAME),
    jwks: { keys },
    clients: [
      {
        client_id: options.client.clientId,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [...options.client.redirectUris],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [options.client.publicKey] },
        require_pushed_authorization_requests: true,
        dpop_bound_access_tokens: true,
        id_token_signed_response_alg: SIGNING_ALGORITHM,
      },
    ],
    routes: ROUTES,
    renderError: errorPage(false),
    scopes: ['openid', ...Object.keys(SCOPES)],
    claims: { openid: ['sub', ...ORGANIZATION_CLAIMS], profile: ['name'], ...SCOPES },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: {
      clientAuthSigningAlgValues: [...CLIENT_ASSERTION_ALGORITHMS],
      idTokenSigningAlgValues: [SIGNING_ALGORITHM],
      dPoPSigningAlgValues: [...DPOP_ALGORITHMS],
    },
    expiresWithSession: () => false,
    ttl: { AccessToken: SECONDS, AuthorizationCode: 60, Grant: SECONDS, IdToken: SECONDS, Session: 60, Interaction: 60 },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      dPoP: { enabled: true, nonceSecret: createHash('sha256').update(String(keys[0]!.d)).digest(), requireNonce: () => true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    },
    interactions: {
      policy: [signInPrompt()],
      url: (ctx: KoaContext, _interaction: StartedInteraction) => options.issuer + loginUrl(ctx),
    },
    // Every authorization request passes here: the one that comes back from the page has a ticket in its URL.
    extraParams: {
      ticket: async (ctx: KoaContext) => {
        if (ctx.oidc.route !== 'authorization' || typeof ctx.query.ticket !== 'string') return;
        const chosen = await tickets.take(ctx.query.ticket, String(ctx.query.request_uri));
        if (chosen === undefined) throw new errors.AccessDenied('nobody was chosen');
        ctx.oidc.session.loginAccount({ accountId: chosen, transient: true });
      },
    },
    loadExistingGrant: async (ctx: KoaContext) => {
      const { Grant } = ctx.oidc.provider;
      const grant = new Grant({ accountId: ctx.oidc.session.accountId!, clientId: ctx.oidc.client.clientId });
      grant.addOIDCScope(ctx.oidc.params.scope ?? 'openid');
      await grant.save();
      return grant;
    },
    findAccount: async (_ctx: KoaContext, id: string) => {
      const person = await personOf(id);
      return person === undefined ? undefined : { accountId: id, claims: async () => ({ sub: id, ...claimsOf(person) }) };
    },
  });
  provider.proxy = true;
  provider.use(async (ctx, next) => {
    await next();
    ctx.remove('Set-Cookie');
  });
  // Left alone, the library prints faults with what was sent.
  provider.on('server_error', () => undefined);
  const callback = provider.callback();

  return async (req, res) => {
    const path = pathBelow(req, issuer.pathname.replace(/\/$/, ''));
    const url = new URL(path, issuer.origin);
    if (url.pathname === '/') return aboutPage(req, res);
    if (req.method === 'GET' && url.pathname !== LOGIN_ROUTE && !PLACES.includes(url.pathname)) return notFoundPage(req, res);
    if (url.pathname !== LOGIN_ROUTE) return callback(presentRequest(req, issuer, path), res);
    if (req.method !== 'POST') return choosePage(req, res, issuer.pathname + url.pathname + url.search, await options.people());
    const form = new URLSearchParams((await readForm(req)) ?? '');
    const requestUri = url.searchParams.get('request_uri');
    if (requestUri === null) return refusePage(req, res);
    // An empty choice is a refusal; the ticket then stands for nobody.
    const person = await personOf(form.get('person') ?? '');
    url.searchParams.set('ticket', person === undefined ? 'none' : await tickets.make(person.id, requestUri));
    const target = `${ROUTES.authorization}?${url.searchParams}`;
    const shown = presentRequest(req, issuer, target);
    return callback(presentRequest(replaceBody(shown, { method: 'GET', url: target, form: '' }), issuer, target), res);
  };
}

function loginUrl({ query }: KoaContext): string {
  return `${LOGIN_ROUTE}?${new URLSearchParams({ client_id: String(query.client_id), request_uri: String(query.request_uri) })}`;
}

function signInPrompt() {
  const details = () => ({});
  const check = (ctx: KoaContext) => ctx.oidc.session.accountId === undefined;
  const nobody = { reason: 'no_user', description: 'nobody is signed in', error: 'login_required', check, details };
  return { name: 'login', requestable: true, checks: [nobody], details };
}

function claimsOf(person: SimulatedPerson): Readonly<Record<string, string>> {
  const claims: Readonly<Record<string, string | undefined>> = {
    name: person.name,
    'helseid://claims/identity/pid': person.nationalNumber,
    'helseid://claims/identity/security_level': person.securityLevel,
    'helseid://claims/hpr/hpr_number': person.hprNumber,
    'helseid://claims/client/claims/orgnr_parent': person.organizationParent,
    'helseid://claims/client/claims/orgnr_child': person.organizationChild,
  };
  return Object.fromEntries(Object.entries(claims).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
