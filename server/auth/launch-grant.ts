/**
 * From an authorization request to a grant, in the order the library asks: the audience, the scopes that may be
 * granted, the launch that says who is signed in, and a grant of its own for each launch. No page and no cookie
 * is needed, so it works in an iframe of another site.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#obtain-authorization-code
 */
import { decodeJwt } from 'jose';
import { errors, type Grant, type KoaContext, type ResourceServerInfo } from 'oidc-provider';
import type { AuthorizationServerOptions } from './authorization-server.ts';
import type { GrantContext, Launch } from './launch-context.ts';
import type { ProviderParts } from './provider-settings.ts';
import { grantScopes, parseResourceScope, scopeWords } from './scopes.ts';
import { SIGNING_ALGORITHM } from './signing-keys.ts';
import { endGrant } from './state-adapter.ts';

/**
 * SMART's `aud` names the FHIR base the token is for; nothing else is served here. A pushed request was checked when it
 * was pushed: in what is kept of it the library has put its own `aud`. Errors: `invalid_request`.
 */
export function checkAudience(ctx: KoaContext, aud: string | undefined, { fhirBaseUrl }: AuthorizationServerOptions): void {
  if (ctx.oidc.entities.PushedAuthorizationRequest === undefined && aud !== fhirBaseUrl) {
    throw new errors.InvalidRequest('aud must be the FHIR base URL of this server');
  }
}

/**
 * What the library may put into a token for the FHIR base in this request.
 * Errors: `invalid_target` for another resource, `invalid_scope` when nothing of what was asked can be granted.
 */
export function resourceServerFor(ctx: KoaContext, resource: string, parts: ProviderParts): ResourceServerInfo {
  if (resource !== parts.options.fhirBaseUrl) throw new errors.InvalidTarget('resource must be the FHIR base URL of this server');
  const granted = ctx.oidc.entities.Grant?.getResourceScope(resource);
  return resourceServerInfo(resource, granted ?? grantableScopes(ctx, parts).join(' '));
}

/** The FHIR base in the library's words: RS256 JWTs whose audience is exactly its URL. */
export function resourceServerInfo(fhirBaseUrl: string, scope: string): ResourceServerInfo {
  return { audience: fhirBaseUrl, scope, accessTokenFormat: 'jwt', jwt: { sign: { alg: SIGNING_ALGORITHM } } };
}

/**
 * What of the scopes asked for may be granted: system/ scopes to backend services, all others to users.
 * Errors: `invalid_scope` when that is nothing.
 */
export function grantableScopes(ctx: KoaContext, { clients }: ProviderParts): readonly string[] {
  const backend = ctx.oidc.params.grant_type === 'client_credentials';
  const words = scopeWords(askedScope(ctx));
  if (words.length === 0) throw new errors.InvalidScope('scope is missing: it names what is asked for');
  const asked = words.filter((word) => (parseResourceScope(word)?.level === 'system') === backend);
  const granted = grantScopes(asked, clients.get(ctx.oidc.client.clientId)?.scopes ?? []);
  if (granted.length === 0) throw new errors.InvalidScope('none of the scopes asked for can be granted to this client');
  ctx.oidc.params.scope = granted.join(' ');
  return granted;
}

/** The scopes as they were sent: the library has by then dropped `offline_access`, which SMART does not tie to a prompt. */
function askedScope(ctx: KoaContext): string | undefined {
  const { route, params, body, entities } = ctx.oidc;
  const pushed = entities.PushedAuthorizationRequest?.request;
  if (route === 'pushed_authorization_request') return typeof body?.scope === 'string' ? body.scope : undefined;
  if (route !== 'authorization') return params.scope;
  const sent = pushed === undefined ? ctx.query.scope : decodeJwt(pushed).scope;
  return typeof sent === 'string' ? sent : undefined;
}

/**
 * Signs in the user of the launch, for this one request. Errors: `login_required` without a launch where there is no
 * page to sign in at, `invalid_request` for a launch that is unknown, expired, used, made for another client or in an
 * EHR session that has ended, `access_denied` when the user said no.
 */
export async function checkLaunch(ctx: KoaContext, value: string | undefined, { options, launches }: ProviderParts): Promise<void> {
  if (value === undefined || value === '') {
    if (options.signIn !== undefined) return;
    throw new errors.CustomOIDCProviderError('login_required', 'apps are started from the EHR: the launch parameter is missing');
  }
  const launch = await launches.peek(value);
  if (launch === undefined || !(await mayUse(launch, ctx, options))) throw unusableLaunch();
  if (launch.refused === true) throw new errors.AccessDenied('the user did not give access');
  if (ctx.oidc.route === 'pushed_authorization_request') return;
  ctx.oidc.session.loginAccount({ accountId: launch.userId, transient: true });
}

async function mayUse(launch: Launch, ctx: KoaContext, options: AuthorizationServerOptions): Promise<boolean> {
  if (launch.clientId !== ctx.oidc.client.clientId) return false;
  if (launch.sessionId === undefined) return true;
  return (await options.isSessionActive?.(launch.sessionId, launch.userId)) ?? true;
}

function unusableLaunch(): Error {
  return new errors.InvalidRequest('launch is unknown, expired or has been used');
}

/** A grant for this launch alone, and the launch is used up. A patient/ scope without a patient in context is left out. */
export async function grantForLaunch(ctx: KoaContext, parts: ProviderParts): Promise<Grant> {
  const { options, launches } = parts;
  const launch = await launches.take(ctx.oidc.params.launch!);
  if (launch === undefined || launch.userId !== ctx.oidc.session.accountId) throw unusableLaunch();
  const scopes = givenScopes(grantableScopes(ctx, parts), launch.scopes).filter(
    (word) => launch.context.patient !== undefined || parseResourceScope(word)?.level !== 'patient',
  );
  // A part that was given in place of the whole was not asked for by name; the library would leave it out.
  ctx.oidc.params.scope = scopes.join(' ');
  const { fhirUser } = (await options.findUser(launch.userId)) ?? {};
  return newGrant(ctx, parts, scopes.join(' '), {
    accountId: launch.userId,
    context: {
      launch: launch.context,
      claims: { ...(fhirUser === undefined ? {} : { fhirUser }), ...launch.claims },
      ...(launch.sessionId === undefined ? {} : { sessionId: launch.sessionId }),
    },
  });
}

/** What of the scopes asked for the user has given: each as it was asked for, or parts of it; all when nobody was asked. */
function givenScopes(asked: readonly string[], given: readonly string[] | undefined): readonly string[] {
  if (given === undefined) return asked;
  const parts = given.filter((word) => !asked.includes(word));
  return asked.flatMap((word) => (given.includes(word) ? [word] : grantScopes(parts, [word])));
}

/**
 * A saved grant of `scope` to the client of the request, with what its tokens are to say; it lives as long as it may be
 * renewed, or for `livesSeconds`. Only once it is noted is it
 * asked whether its ground holds: a withdrawal at this moment either finds it and ends it, or is seen here.
 * Errors: `access_denied`, at the token endpoint `invalid_grant`, when the ground was taken back meanwhile.
 */
export async function newGrant(
  ctx: KoaContext,
  { options, launches, refreshSeconds }: ProviderParts,
  scope: string,
  of: { readonly accountId: string; readonly context: GrantContext; readonly livesSeconds?: number },
): Promise<Grant> {
  const { accountId, livesSeconds = refreshSeconds } = of;
  const context = await withFhirContext(of.context, scope, options);
  const grant = new ctx.oidc.provider.Grant({ accountId, clientId: ctx.oidc.client.clientId, expiresIn: livesSeconds });
  grant.addOIDCScope(scope);
  grant.addResourceScope(options.fhirBaseUrl, scope);
  const grantId = await grant.save();
  await launches.keepForGrant(grantId, context, livesSeconds);
  if ((await options.mayContinue?.(context)) === false) {
    await endGrant(options.state, options.name, grantId);
    const why = 'access was taken back';
    throw ctx.oidc.route === 'token' ? new errors.InvalidGrant(why) : new errors.AccessDenied(why);
  }
  return grant;
}

/** The context with what belongs to its patient, where the launch says nothing of that itself. */
async function withFhirContext(context: GrantContext, scope: string, { fhirContextOf }: AuthorizationServerOptions): Promise<GrantContext> {
  const { launch } = context;
  if (launch.patient === undefined || launch.fhirContext !== undefined) return context;
  const fhirContext = (await fhirContextOf?.(context, scope)) ?? [];
  return fhirContext.length === 0 ? context : { ...context, launch: { ...launch, fhirContext } };
}
