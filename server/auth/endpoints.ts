/**
 * What comes in below the path of an issuer, and where it goes: pages of a sign-in, introspection and revocation of JWTs,
 * POST authorization, and all else to the library. Whoever asks or fails too often is told to wait.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { originAllowed } from './clients.ts';
import { laterPage, notFoundPage } from './error-page.ts';
import { OUTAGE } from './exchange-refusal.ts';
import { introspection } from './introspection.ts';
import { isForm, type NodeHandler, pathBelow, presentRequest, readForm, replaceBody, requestIdOf, sendJson } from './node-handler.ts';
import { faultCode } from './outward-fault.ts';
import { type ProviderParts, ROUTES } from './provider-settings.ts';
import { withPublicClient } from './public-refresh.ts';
import { claimedClient, createLimiter, type Refused, STANDARD_LIMITS } from './request-limits.ts';
import { isSignInPath, type SignInPages } from './sign-in/sign-in-pages.ts';
import { isOutage, OUTAGE_STATUS, OUTAGE_TEXT, RETRY_AFTER_SECONDS } from './store-outage.ts';

export interface EndpointParts {
  /** The library as it runs now. */
  readonly library: () => Promise<(req: IncomingMessage, res: ServerResponse) => Promise<void>>;
  readonly parts: ProviderParts;
  readonly signIn: SignInPages | undefined;
}

/** Documents that anyone may fetch as often as they like. */
const DOCUMENTS: readonly string[] = [ROUTES.jwks, '/.well-known/openid-configuration'];

/** What anybody may send who knows the name of a public app, and is kept until its user is known: as long as a URL may be. */
const KEPT_FORMS: readonly string[] = [ROUTES.authorization, ROUTES.pushed_authorization_request];
const KEPT_FORM_BYTES = 16 * 1024;

const PLACES: readonly string[] = [...Object.values(ROUTES), ...DOCUMENTS];

/** True for a request of somebody who reads: a browser's, for a page or with the form of one. Programs that name HTML too ask for tokens. */
function isRead({ method, headers }: IncomingMessage, route: string): boolean {
  return (method === 'GET' || isSignInPath(route)) && /\btext\/html\b/.test(headers.accept ?? '');
}

const TOO_OFTEN = 'too many requests or failed attempts; try again later';

/** What is said to whoever is to come again, and in how many seconds. */
interface Later {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string;
}

/** The handler of one issuer. Refusals: 413 `invalid_request` for a form too long, 429 with `Retry-After`, 503 `temporarily_unavailable` while the store is out of reach. */
export function authorizationEndpoints({ library, parts, signIn }: EndpointParts): NodeHandler {
  const { options } = parts;
  const issuer = new URL(options.issuer);
  const tokens = introspection(parts);
  const limiter = createLimiter({ ...STANDARD_LIMITS, ...options.limits });
  const addressOf = options.addressOf ?? ((req: IncomingMessage) => req.socket.remoteAddress ?? '');

  function wait(req: IncomingMessage, res: ServerResponse, path: string, { isFirst, retryAfterSeconds }: Refused, who: string): void {
    if (isFirst) {
      options.log?.({ level: 'info', issuer: options.name, what: 'throttled', reason: who, ...requestIdOf(res) });
      void options.tell?.({ kind: 'token', outcome: 'refused', reason: `throttled ${who}` }).catch(() => undefined);
    }
    sayLater(req, res, path, { status: 429, text: TOO_OFTEN, retryAfter: String(retryAfterSeconds) });
  }

  /** Whoever reads has a page. What the library says with all that it answers, pages of clients are to be able to read here too. */
  function sayLater(req: IncomingMessage, res: ServerResponse, path: string, { status, text, retryAfter }: Later): void {
    if (isRead(req, path)) {
      laterPage(req, res, status, retryAfter);
      return;
    }
    const { origin } = req.headers;
    const readable = origin !== undefined && [...parts.clients.values()].some((client) => originAllowed(client, origin));
    const body = { error: OUTAGE, error_description: text };
    sendJson(res, status, body, {
      'Retry-After': retryAfter,
      ...(readable ? { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': 'Retry-After', Vary: 'Origin' } : {}),
    });
  }

  async function answer(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const callback = await library();
    const route = path.split('?')[0]!;
    if (DOCUMENTS.includes(route)) return callback(presentRequest(req, issuer, path), res);
    const address = addressOf(req);
    const tooMany = limiter.admit(address) ?? (isSignInPath(route) ? limiter.admitSignIn(address) : undefined);
    if (tooMany !== undefined) return wait(req, res, path, tooMany, 'address');

    // SMART's POST authorization is the GET request as a form; as GET it needs no cookie to survive a cross-site post.
    const authorize = (query: string) => {
      const url = `${ROUTES.authorization}?${query}`;
      return callback(presentRequest(replaceBody(presentRequest(req, issuer, path), { method: 'GET', url, form: '' }), issuer, url), res);
    };
    if (isRead(req, route) && !PLACES.includes(route) && !(signIn !== undefined && isSignInPath(route))) return notFoundPage(req, res);
    if (signIn !== undefined && isSignInPath(route)) {
      res.once('finish', () => {
        if (res.statusCode === 403) limiter.signInFailed(address);
      });
      const answered = await signIn.answer(req, res, path);
      return answered === undefined ? undefined : authorize(answered.goOn);
    }
    const shown = presentRequest(req, issuer, path);
    if (req.method !== 'POST' || !isForm(req)) return callback(shown, res);
    const sent = await readForm(req, KEPT_FORMS.includes(route) ? KEPT_FORM_BYTES : undefined);
    if (sent === undefined) return sendJson(res, 413, { error: 'invalid_request', error_description: 'the form is too long' });
    if (route === ROUTES.authorization) return authorize(sent);
    const form = route === ROUTES.token ? await withPublicClient(req, sent, parts) : sent;

    const given = new URLSearchParams(form);
    const client = claimedClient(req, given);
    const failedTooOften = limiter.admitClient(address, client);
    if (failedTooOften !== undefined) return wait(req, res, path, failedTooOften, 'client');
    res.once('finish', () => {
      if (res.statusCode === 401) limiter.clientFailed(address, client);
    });
    await parts.keySets.refreshFor(given.get('client_assertion'));
    if (route === ROUTES.introspection && (await tokens.answerBearer(req, res, form))) return;
    const known = route === ROUTES.introspection || route === ROUTES.revocation ? await tokens.byId(form) : form;
    return callback(presentRequest(replaceBody(shown, { method: 'POST', url: path, form: known }), issuer, path), res);
  }
  return async (req, res) => {
    const path = pathBelow(req, issuer.pathname.replace(/\/$/, ''));
    try {
      await answer(req, res, path);
    } catch (error) {
      if (!isOutage(error) || res.headersSent) throw error;
      const reason = `${OUTAGE}; ${faultCode(error)}`;
      options.log?.({ level: 'error', issuer: options.name, what: 'fault', reason, ...requestIdOf(res) });
      sayLater(req, res, path, { status: OUTAGE_STATUS, text: OUTAGE_TEXT, retryAfter: RETRY_AFTER_SECONDS });
    }
  };
}
