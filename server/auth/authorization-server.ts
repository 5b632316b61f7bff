/**
 * A SMART authorization server for one issuer and one FHIR base: the shared service has one, and so has each simulated
 * EHR. Give it a state store, clients and a way to find users; it gives a Node handler to mount, the SMART
 * configuration to publish, and the means to mint launches.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/ · https://openid.net/specs/openid-connect-core-1_0.html
 */
import type { IncomingMessage } from 'node:http';
import type { JWTVerifyGetKey } from 'jose';
import Provider, { errors, type KoaContext } from 'oidc-provider';
import type { StateStore } from '../store/state-store.ts';
import { isTokenRequest, type TellAttempt, tokenAttempt } from './attempt.ts';
import { clientKeySets } from './client-key-sets.ts';
import { type ClientRegistration, internalKeySets, isSecret } from './clients.ts';
import { consumeNow } from './consume-last.ts';
import { authorizationEndpoints } from './endpoints.ts';
import { OUTAGE, refusalForOperator } from './exchange-refusal.ts';
import { responseMembers } from './issued-tokens.ts';
import { keySetFetch } from './key-set-fetch.ts';
import { type FhirContextItem, type GrantContext, type Launch, launchContexts } from './launch-context.ts';
import { type NodeHandler, requestIdOf } from './node-handler.ts';
import { ID_TOKEN_SECONDS, type ProviderParts, providerSettings, ROUTES } from './provider-settings.ts';
import type { RequestLimits } from './request-limits.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import { signInPages } from './sign-in/sign-in-pages.ts';
import { KEY_LEAD_SECONDS, type KeyGeneration, type SigningKey, signingKeys } from './signing-keys.ts';
import { type SmartConfiguration, smartConfiguration } from './smart-configuration.ts';
import { endGrant } from './state-adapter.ts';
import { OUTAGE_STATUS, RETRY_AFTER_SECONDS, tellingOutages } from './store-outage.ts';
import { registerTokenExchange, type TokenExchange } from './token-exchange.ts';
import { ehrVerifier, type TrustedIssuer } from './trusted-issuer.ts';
import type { PublishedBrands } from './user-access-brands.ts';

/** A user as the id_token describes them. */
interface AuthorizationUser {
  /** Absolute URL of the user's own resource, e.g. `https://ehr.example/fhir/Practitioner/7`. */
  readonly fhirUser: string;
  readonly name?: string;
}

export interface AuthorizationServerOptions {
  /** Short and stable, e.g. `hospital`: under this name the state of this issuer is kept, whatever its URL. */
  readonly name: string;
  /** Absolute URL without a slash at the end; its path is where the handler is mounted. */
  readonly issuer: string;
  /** The audience of every access token, without a slash at the end. */
  readonly fhirBaseUrl: string;
  readonly state: StateStore;
  readonly clients: readonly ClientRegistration[];
  /** The user behind a subject, or undefined when there is none (any more). */
  readonly findUser: (subject: string) => Promise<AuthorizationUser | undefined>;
  /** Whether the EHR session in which a launch was made still lives; left out: always. */
  readonly isSessionActive?: (sessionId: string, userId: string) => Promise<boolean>;
  /**
   * Whether a session may be renewed: that the ground it was given on still holds (a consent runs out without anybody's
   * word). Left out: always.
   */
  readonly mayContinue?: (session: GrantContext) => Promise<boolean>;
  /** What belongs to the patient in context, for an app with this scope; asked once, when access is granted. Left out: nothing. */
  readonly fhirContextOf?: (session: GrantContext, scope: string) => Promise<readonly FhirContextItem[]>;
  /** False where no EHR opens apps (`mintLaunch` is not used); left out: true. */
  readonly opensApps?: boolean;
  /** Where the brands of those who answer for the FHIR base are published now; left out, or nothing: nowhere. */
  readonly brands?: () => PublishedBrands | undefined;
  /** How users sign in when an app is started outside an EHR; left out: that is not offered. */
  readonly signIn?: SignIn;
  /** Token exchange for users of trusted EHRs; left out: that grant is not offered. */
  readonly tokenExchange?: TokenExchange;
  /** How long access tokens live, those of backend services at most as long; left out: as standard. */
  readonly accessTokenSeconds?: number;
  /** How long a code lives; left out: a minute. */
  readonly codeSeconds?: number;
  readonly refreshSeconds?: number;
  /** How often one may ask and fail; what is left out is as standard. */
  readonly limits?: Partial<RequestLimits>;
  /** The address a request comes from; left out: that of the connection. Forwarding headers count only here. */
  readonly addressOf?: (req: IncomingMessage) => string;
  /** For fetching the JWKS of clients registered by URL; left out: not from internal networks, and within limits. */
  readonly fetch?: typeof globalThis.fetch;
  /** Told of every sign-in and every request for a token, before it is answered; left out: nobody is. */
  readonly tell?: TellAttempt;
  /** Told of refused requests and faults; never given tokens, launches or anything personal. */
  readonly log?: (event: AuthorizationEvent) => void;
}

export interface AuthorizationEvent {
  readonly level: 'info' | 'error';
  readonly issuer: string;
  readonly what: string;
  /** The OAuth error code, with what is known of why in codes and fixed texts, or for a fault of ours what and where it was; its message may hold what was sent, and stays out. */
  readonly reason: string;
  /** The registered client that asked, where it is known. */
  readonly clientId?: string;
  /** As the client has it in X-Request-Id. */
  readonly requestId?: string;
}

/** What an operator may change while the server runs. */
export interface Registrations {
  readonly clients: readonly ClientRegistration[];
  readonly trustedIssuers: readonly TrustedIssuer[];
}

export interface AuthorizationServer {
  readonly issuer: string;
  readonly fhirBaseUrl: string;
  readonly name: string;
  /** Serves everything below the path of the issuer. */
  readonly handler: NodeHandler;
  /** Absolute URLs, for a capability statement; `authorize` only where an app can be launched. */
  readonly endpoints: { readonly authorize?: string; readonly token: string };
  /** The content of `{fhirBaseUrl}/.well-known/smart-configuration`. */
  readonly smartConfiguration: SmartConfiguration;
  /** The key it signs with now, as anyone may have it. */
  readonly publicKey: SigningKey;
  /** Finds the key of one of its tokens, also of one signed before the keys changed. */
  readonly verificationKey: JWTVerifyGetKey;
  /**
   * Makes a new signing key, which signs after `leadSeconds` (left out: five minutes, in which all who verify learn of
   * it). Tokens of the old one are good until they expire.
   */
  rotateSigningKey(leadSeconds?: number): Promise<void>;
  /** True for a client that is registered now: tokens of others are no longer good. */
  isRegistered(clientId: string): boolean;
  /** From the next request on these clients and issuers are known, and no others. */
  register(registrations: Registrations): void;
  /** A launch value for the URL of an app: single use, two minutes, for this client and EHR session. */
  mintLaunch(launch: Launch): Promise<string>;
}

const ACCESS_TOKEN_SECONDS = 900;
const CODE_SECONDS = 60;
/** Of what is signed here nothing lives longer: an id_token. */
const LONGEST_TOKEN_SECONDS = ID_TOKEN_SECONDS;
/** How long anybody may keep our published keys: less than a new one is published before it signs. */
const KEYS_KEPT_SECONDS = 60;
const REFRESH_SECONDS = 12 * 60 * 60;

/** A running authorization server; makes and keeps its signing key at the first start. */
export async function createAuthorizationServer(given: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const options = withOutagesTold(given);
  const accessTokenSeconds = options.accessTokenSeconds ?? ACCESS_TOKEN_SECONDS;
  const keepSeconds = Math.max(accessTokenSeconds, LONGEST_TOKEN_SECONDS);
  // FHIR bases ask for them as well.
  const keys = signingKeys(given.state, options.name, { keepSeconds });
  let newest = await keys.current();
  const launches = launchContexts(options.state, options.name);
  const clients = byId(options.clients);
  const parts: ProviderParts = {
    options,
    clients,
    launches,
    keys,
    keySets: clientKeySets({
      clients,
      fetch: options.fetch ?? keySetFetch({ mayBeInternal: (url) => internalKeySets(clients.values()).has(url) }),
      report: (event) => options.log?.({ ...event, issuer: options.name }),
      nowMs: Date.now,
    }),
    accessTokenSeconds,
    codeSeconds: options.codeSeconds ?? CODE_SECONDS,
    refreshSeconds: options.refreshSeconds ?? REFRESH_SECONDS,
  };
  const signIn = options.signIn === undefined ? undefined : signInPages(parts, options.signIn);
  let verifier = ehrVerifier(options.tokenExchange?.trustedIssuers ?? []);
  const start = ({ keys: generation }: KeyGeneration) => {
    const provider = new Provider(options.issuer, providerSettings(parts, signIn, generation));
    provider.proxy = true;
    provider.Client.prototype.compareClientSecret = function (secret) {
      return isSecret(this.clientSecret ?? '', secret);
    };
    provider.use((ctx, next) => shapeResponse(ctx, next, parts));
    if (options.tokenExchange !== undefined) registerTokenExchange(provider, parts, { ...options.tokenExchange, verifier });
    logRefusals(provider, options);
    return provider.callback();
  };
  // The library takes keys and clients when it starts: with others another one is started, and requests under way end with theirs.
  let running = { generation: newest, callback: start(newest) };
  const library = async () => {
    newest = await keys.current();
    if (newest !== running.generation) running = { generation: newest, callback: start(newest) };
    return running.callback;
  };
  return {
    issuer: options.issuer,
    fhirBaseUrl: options.fhirBaseUrl,
    name: options.name,
    handler: authorizationEndpoints({ library, parts, signIn }),
    endpoints: endpointsOf(options),
    get smartConfiguration() {
      return smartConfiguration(options, [...clients.values()]);
    },
    get publicKey() {
      return newest.publicKey;
    },
    verificationKey: keys.verification,
    rotateSigningKey: (leadSeconds = KEY_LEAD_SECONDS) => keys.rotate(leadSeconds, keepSeconds),
    isRegistered: (clientId) => clients.has(clientId),
    register(registrations) {
      const known = byId(registrations.clients);
      for (const clientId of clients.keys()) if (!known.has(clientId)) clients.delete(clientId);
      for (const [clientId, client] of known) clients.set(clientId, client);
      verifier = ehrVerifier(registrations.trustedIssuers);
      running = { generation: newest, callback: start(newest) };
    },
    mintLaunch: (launch) => launches.mint(launch),
  };
}

/** All that the library and its grants ask, which know errors of OAuth alone. */
function withOutagesTold({ tokenExchange, signIn, ...options }: AuthorizationServerOptions): AuthorizationServerOptions {
  return tellingOutages({
    ...options,
    state: tellingOutages(options.state),
    ...(signIn === undefined ? {} : { signIn: tellingOutages(signIn) }),
    ...(tokenExchange === undefined
      ? {}
      : { tokenExchange: tellingOutages({ ...tokenExchange, store: tellingOutages(tokenExchange.store) }) }),
  });
}

function byId(clients: readonly ClientRegistration[]): Map<string, ClientRegistration> {
  return new Map(clients.map((client) => [client.clientId, client]));
}

function endpointsOf({ issuer, clients }: AuthorizationServerOptions): AuthorizationServer['endpoints'] {
  const launches = clients.some((client) => client.grants.includes('authorization_code'));
  return { ...(launches ? { authorize: issuer + ROUTES.authorization } : {}), token: issuer + ROUTES.token };
}

/** No cookie of the library's leaves; a token response gets its launch context and the headers SMART asks for. */
async function shapeResponse(ctx: KoaContext, next: () => Promise<void>, parts: ProviderParts): Promise<void> {
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.set('Referrer-Policy', 'no-referrer');
  await next();
  ctx.remove('Set-Cookie');
  if (typeof ctx.state.signInCookie === 'string') ctx.set('Set-Cookie', ctx.state.signInCookie);
  if (ctx.path === ROUTES.jwks) ctx.set('Cache-Control', `public, max-age=${KEYS_KEPT_SECONDS}`);
  if (isTokenRequest(ctx)) {
    ctx.set('Pragma', 'no-cache');
    await finishToken(ctx, parts).catch((error: unknown) => refuseToken(ctx, error, parts));
  }
  if (ctx.status === OUTAGE_STATUS) ctx.set('Retry-After', RETRY_AFTER_SECONDS);
}

/** What the library has made is told of, and given when what it was had for is used up. Errors: `invalid_grant`, and 503 `temporarily_unavailable`. */
async function finishToken(ctx: KoaContext, parts: ProviderParts): Promise<void> {
  const { options, launches } = parts;
  const grantId = ctx.status === 200 ? ctx.oidc.entities.Grant?.jti : undefined;
  const context = grantId === undefined ? undefined : await launches.ofGrant(grantId);
  if (grantId !== undefined && context === undefined) {
    // It ended while a token of it was being made: by sign-out, a code used twice, or consent withdrawn.
    await endGrant(options.state, options.name, grantId);
    throw new errors.InvalidGrant('ended meanwhile');
  }
  if (!(await tellOf(ctx, context, parts))) {
    answerWith(ctx, OUTAGE_STATUS, { error: OUTAGE, error_description: 'the request could not be logged; try again' });
    return;
  }
  // Told of before: an access log that cannot be written costs nobody their session. Somebody else may have been first, and that is told too.
  if (ctx.status === 200) await consumeNow(ctx);
  if (context !== undefined) ctx.body = { ...(ctx.body as object), ...responseMembers(context) };
}

/** What the library does with errors of its own; it is done by now. */
async function refuseToken(ctx: KoaContext, error: unknown, parts: ProviderParts): Promise<void> {
  if (!(error instanceof errors.OIDCProviderError)) throw error;
  const { error: reason, error_description } = error;
  answerWith(ctx, error.statusCode, { error: reason, error_description });
  const level = reason === OUTAGE ? 'error' : 'info';
  const { options } = parts;
  options.log?.({ level, issuer: options.name, what: 'token', reason: refusalForOperator(error), ...requestIdOf(ctx.res) });
  await tellOf(ctx, undefined, parts);
}

function answerWith(ctx: KoaContext, status: number, body: Readonly<Record<string, unknown>>): void {
  ctx.status = status;
  ctx.body = body;
}

/** False when a token must not be given, because it cannot be told of. */
async function tellOf(ctx: KoaContext, context: GrantContext | undefined, parts: ProviderParts): Promise<boolean> {
  const { options } = parts;
  try {
    await options.tell?.(tokenAttempt(ctx, context, parts));
    return true;
  } catch (error) {
    options.log?.({ level: 'error', issuer: options.name, what: 'fault', reason: placeOf(error as Error), ...requestIdOf(ctx.res) });
    return ctx.status !== 200;
  }
}

/** What the library refuses, as it stands in the operator's log and, but for tokens (told with their answer), in the access log. */
const REFUSALS = [
  { event: 'authorization.error', what: 'authorize', kind: 'authorize' },
  { event: 'pushed_authorization_request.error', what: 'push', kind: 'authorize' },
  { event: 'grant.error', what: 'token', kind: undefined },
  { event: 'introspection.error', what: 'introspect', kind: 'token' },
  { event: 'revocation.error', what: 'revoke', kind: 'token' },
] as const;

/** The library's own way is to print the stack of a fault, with what was sent in its message; here it is told what and where. */
function logRefusals(provider: Provider, { log = () => undefined, tell, name }: AuthorizationServerOptions): void {
  for (const { event, what, kind } of REFUSALS) {
    provider.on(event, (ctx, error) => {
      const reason = error.error ?? 'error';
      // Whoever else does not answer keeps all of its users out.
      const clientId = ctx.oidc?.client?.clientId;
      const client = clientId === undefined ? {} : { clientId };
      log({
        level: reason === OUTAGE ? 'error' : 'info',
        issuer: name,
        what,
        reason: refusalForOperator(error),
        ...client,
        ...requestIdOf(ctx.res),
      });
      if (kind === undefined) return;
      // The answer is on its way: a log that cannot be written reports that itself.
      void tell?.({ kind, outcome: 'refused', reason, ...client }).catch(() => undefined);
    });
  }
  provider.on('error', (error) => log({ level: 'error', issuer: name, what: 'fault', reason: placeOf(error) }));
  provider.on('server_error', (ctx, error) =>
    log({ level: 'error', issuer: name, what: 'fault', reason: placeOf(error), ...requestIdOf(ctx.res) }),
  );
}

function placeOf(error: Error): string {
  return `${error.name} ${
    error.stack
      ?.split('\n')
      .find((line) => line.startsWith('    at '))
      ?.trim() ?? ''
  }`.trim();
}
