/**
 * A standalone launch: an authorization request without a launch waits while its user signs in, chooses a patient and
 * says what the app may have. What comes out of that is a launch value, as an EHR would have made it, and with it the
 * request goes on where it stopped: there is one way to a grant.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#launch-app-standalone-launch
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KoaContext, StartedInteraction } from 'oidc-provider';
import { pageLanguage } from '../../fhir/language.ts';
import type { Attempt } from '../attempt.ts';
import { grantableScopes } from '../launch-grant.ts';
import { isForm, readForm, requestIdOf } from '../node-handler.ts';
import type { ProviderParts } from '../provider-settings.ts';
import type { Html } from './html.ts';
import { chooseUserPage, consentPage, contentSecurityPolicy, externalPage, gonePage, type PageFrame, patientPage } from './pages.ts';
import { type PendingSignIn, pendingSignIns } from './pending-sign-ins.ts';
import { chosenScopes } from './scope-parts.ts';
import { needsPatient, partScopes } from './scope-words.ts';
import { type ExternalRefusal, ExternalSignInError, type ExternalUsers, type SignedInUser, type SignIn } from './sign-in.ts';

const SIGN_IN_ROUTE = '/sign-in/';
const CALLBACK_ROUTE = '/sign-in/callback';
const SEARCH_TEXT_AT_MOST = 100;

export interface SignInPages {
  /** Keeps an authorization request until its user is known. @returns the URL of the page the browser goes to. */
  begin(ctx: KoaContext, interaction: StartedInteraction): Promise<string>;
  /**
   * Answers requests below `/sign-in/`.
   * @returns a query string when the authorization request is to go on with it; else nothing, and the request is answered.
   */
  answer(req: IncomingMessage, res: ServerResponse, path: string): Promise<{ readonly goOn: string } | undefined>;
}

/** True for a path (below the issuer) that a sign-in answers. */
export function isSignInPath(path: string): boolean {
  return path.startsWith(SIGN_IN_ROUTE);
}

/** Why a request is turned away: the sign-in is over, of another browser or made up; or the form is not one of ours. */
type TurnedAway = 'no such sign-in' | 'not a form' | 'a form of another page';

/** Answered; or over already; or the authorization request goes on. */
type Outcome = undefined | 'gone' | { readonly goOn: string };

/** The sign-in of one issuer. */
export function signInPages(parts: ProviderParts, signIn: SignIn): SignInPages {
  const { options, clients, launches } = parts;
  const pendings = pendingSignIns(options.state, options.name, options.issuer);
  const root = new URL(options.issuer).pathname.replace(/\/$/, '');
  const redirectUri = options.issuer + CALLBACK_ROUTE;
  const external = signIn.users.kind === 'external' ? signIn.users : undefined;

  const backTo = (pending: PendingSignIn) => root + SIGN_IN_ROUTE + pending.id;
  const frameOf = (pending: PendingSignIn): PageFrame => ({
    language: pending.language,
    place: signIn.place,
    app: clients.get(pending.clientId)?.name ?? pending.clientId,
    action: backTo(pending),
    formToken: pending.formToken,
  });
  const formTargets = (pending: PendingSignIn) => [
    new URL(pending.redirectUri).origin,
    ...(external === undefined ? [] : [external.origin]),
  ];
  /** Turns a request away, and says so in the access log: there is a page of ours for whoever does nothing odd. */
  const turnAway = async (req: IncomingMessage, res: ServerResponse, status: number, why: TurnedAway): Promise<undefined> => {
    options.log?.({ level: 'info', issuer: options.name, what: 'sign-in', reason: why, ...requestIdOf(res) });
    // It stands, whether or not it could be noted: the log reports its own faults.
    await options.tell?.({ kind: 'sign-in', outcome: 'refused', reason: why }).catch(() => undefined);
    const language = pageLanguage(req.headers['accept-language']);
    return send(res, status, gonePage({ language, place: signIn.place, app: '' }), []);
  };

  /** The page of the first step that is not done. */
  async function show(
    res: ServerResponse,
    pending: PendingSignIn,
    more: { searched?: string; refusal?: ExternalRefusal } = {},
  ): Promise<undefined> {
    const frame = frameOf(pending);
    const targets = formTargets(pending);
    const { user } = pending;
    if (user === undefined) {
      const { users } = signIn;
      const content =
        users.kind === 'choice' ? chooseUserPage(frame, await users.choices()) : externalPage(frame, users.name, more.refusal);
      return send(res, statusOf(more.refusal), content, targets);
    }
    const patient = pending.patientId === undefined ? undefined : await signIn.patient(user, pending.patientId);
    if (needsPatient(pending.scopes) && patient === undefined) {
      const searched = more.searched ?? '';
      return send(res, 200, patientPage(frame, await signIn.patients(user, searched), searched), targets);
    }
    return send(res, 200, consentPage(frame, { user: user.name, patient, scopes: pending.scopes }), targets);
  }

  /** Ends the sign-in; without `scopes` the user said no. */
  async function goOn(pending: PendingSignIn, scopes: readonly string[] | undefined): Promise<Outcome> {
    const { user, patientId } = pending;
    if (!(await pendings.end(pending))) return 'gone';
    const userId = pending.accountId ?? user?.accountId ?? '';
    // What an organisation gives its personnel does not go along when they open their own record, or that of their kin.
    const { context, claims } = userId === user?.accountId ? user : {};
    const launch = await launches.mint({
      clientId: pending.clientId,
      userId,
      context: { ...context, ...(patientId === undefined ? {} : { patient: patientId }) },
      ...(user?.sessionId === undefined ? {} : { sessionId: user.sessionId }),
      ...(claims === undefined ? {} : { claims }),
      ...(scopes === undefined ? { refused: true } : { scopes }),
    });
    const query = new URLSearchParams(pending.query);
    query.set('launch', launch);
    return { goOn: query.toString() };
  }

  async function signedIn(pending: PendingSignIn, user: SignedInUser): Promise<void> {
    const { external: _over, ...rest } = pending;
    await pendings.keep({ ...rest, user, ...(user.ownPatientId === undefined ? {} : { patientId: user.ownPatientId }) });
  }

  async function step(res: ServerResponse, pending: PendingSignIn, form: URLSearchParams): Promise<Outcome> {
    const { user } = pending;
    const id = form.get('id') ?? '';
    switch (form.get('step')) {
      case 'enter': {
        const entered = signIn.users.kind === 'choice' && user === undefined ? await signIn.users.enter(id) : undefined;
        if (entered !== undefined) await signedIn(pending, entered);
        return seeOther(res, backTo(pending));
      }
      case 'external': {
        if (external === undefined || user !== undefined) return seeOther(res, backTo(pending));
        const started = await attempt(() => external.start({ redirectUri, state: pending.id }));
        if ('refusal' in started) {
          logRefusal(res, started);
          return show(res, pending, { refusal: started.refusal });
        }
        await pendings.keep({ ...pending, external: started.request });
        return seeOther(res, started.url);
      }
      case 'search':
        return show(res, pending, { searched: (form.get('q') ?? '').trim().slice(0, SEARCH_TEXT_AT_MOST) });
      case 'patient': {
        const opened = user === undefined || user.ownPatientId !== undefined ? undefined : await signIn.patient(user, id);
        if (opened !== undefined) {
          const { accountId: _earlier, ...rest } = pending;
          await pendings.keep({ ...rest, patientId: id, ...(opened.accountId === undefined ? {} : { accountId: opened.accountId }) });
        }
        return seeOther(res, backTo(pending));
      }
      case 'allow': {
        if (user === undefined || (needsPatient(pending.scopes) && pending.patientId === undefined)) return seeOther(res, backTo(pending));
        // The page that was answered was about somebody else: the one that is true now is shown.
        if ((form.get('about') ?? '') !== (pending.patientId ?? '')) return seeOther(res, backTo(pending));
        const { always, optional } = partScopes(pending.scopes);
        const left = new Set(form.getAll('scope'));
        return goOn(pending, [...always, ...chosenScopes(optional, left)]);
      }
      case 'refuse':
        return goOn(pending, undefined);
      default:
        return seeOther(res, backTo(pending));
    }
  }

  /** A provider that refuses this service, or is out of reach, keeps everybody out: that is a fault. */
  function logRefusal(res: ServerResponse, { refusal, why }: Refused): void {
    const level = refusal === 'unreachable' || refusal === 'invalid' ? 'error' : 'info';
    const reason = why === undefined ? refusal : `${refusal}: ${why}`;
    options.log?.({ level, issuer: options.name, what: 'sign-in', reason, ...requestIdOf(res) });
  }

  async function callback(req: IncomingMessage, res: ServerResponse, answer: URLSearchParams): Promise<undefined> {
    const pending = await pendings.of(answer.get('state') ?? '', req);
    if (pending?.external === undefined || external === undefined) return turnAway(req, res, 400, 'no such sign-in');
    const { external: request, ...rest } = pending;
    // The answer is good once, whatever comes of it; whoever sends it again is shown what has come of it.
    if (!(await pendings.answer(pending))) return seeOther(res, backTo(pending));
    await pendings.keep(rest);
    const finished = await attempt(() => external.finish({ redirectUri, answer, request }));
    if ('refusal' in finished) {
      logRefusal(res, finished);
      await options.tell?.({ ...signInOf(rest, external), outcome: 'refused', reason: finished.refusal });
      return show(res, rest, { refusal: finished.refusal });
    }
    const organization = finished.claims?.organization_number;
    await options.tell?.({
      ...signInOf(rest, external),
      outcome: 'granted',
      user: finished.accountId,
      ...(typeof organization === 'string' ? { organizationNumber: organization } : {}),
    });
    await signedIn(rest, finished);
    return seeOther(res, backTo(rest));
  }

  return {
    async begin(ctx, interaction) {
      const query = queryOf(interaction.params, options.fhirBaseUrl);
      const language = pageLanguage(interaction.params.ui_locales, ctx.get('Accept-Language'));
      const { always, optional } = partScopes(grantableScopes(ctx, parts));
      await ctx.oidc.entities.PushedAuthorizationRequest?.consume();
      const { id, cookie } = await pendings.begin({
        clientId: ctx.oidc.client.clientId,
        redirectUri: interaction.params.redirect_uri as string,
        query,
        scopes: [...always, ...optional],
        language,
      });
      ctx.state.signInCookie = cookie;
      return options.issuer + SIGN_IN_ROUTE + id;
    },
    async answer(req, res, path) {
      const url = new URL(path, options.issuer);
      if (url.pathname === CALLBACK_ROUTE && req.method === 'GET') return callback(req, res, url.searchParams);
      const pending = await pendings.of(url.pathname.slice(SIGN_IN_ROUTE.length), req);
      if (pending === undefined) return turnAway(req, res, 404, 'no such sign-in');
      if (req.method === 'GET' || req.method === 'HEAD') {
        const wanted = url.searchParams.get('lang');
        const shown = wanted === null ? pending : { ...pending, language: pageLanguage(wanted) };
        if (wanted !== null) await pendings.keep(shown);
        return show(res, shown);
      }
      const form = req.method === 'POST' && isForm(req) ? await readForm(req) : undefined;
      if (form === undefined) return turnAway(req, res, 400, 'not a form');
      const fields = new URLSearchParams(form);
      if (!pendings.isOwnForm(pending, req, fields.get('token'))) return turnAway(req, res, 403, 'a form of another page');
      const outcome = await step(res, pending, fields);
      return outcome === 'gone' ? turnAway(req, res, 404, 'no such sign-in') : outcome;
    },
  };
}

function signInOf({ clientId }: PendingSignIn, { name }: ExternalUsers): Pick<Attempt, 'kind' | 'clientId' | 'origin'> {
  return { kind: 'sign-in', clientId, origin: name };
}

/** The request as it goes on: with the audience that was asked for, which a pushed request overwrites with its own. */
function queryOf(params: StartedInteraction['params'], aud: string): string {
  const { request: _object, request_uri: _pushed, prompt: _done, ...rest } = params;
  const pairs = Object.entries({ ...rest, aud }).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).filter((each) => each !== undefined).map((each): [string, string] => [name, each]),
  );
  return new URLSearchParams(pairs).toString();
}

/** A provider that does not answer is no fault of the user's, and does not count as a failed attempt. */
function statusOf(refusal: ExternalRefusal | undefined): number {
  if (refusal === undefined) return 200;
  return refusal === 'unreachable' ? 503 : 403;
}

/** What came of an attempt that came to nothing; `why` is for the operator. */
interface Refused {
  readonly refusal: ExternalRefusal;
  readonly why: string | undefined;
}

async function attempt<T extends object>(work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ExternalSignInError) return { refusal: error.refusal, why: error.why };
    throw error;
  }
}

function seeOther(res: ServerResponse, location: string): undefined {
  res.writeHead(303, { Location: location, 'Cache-Control': 'no-store', 'Content-Length': 0 }).end();
}

function send(res: ServerResponse, status: number, content: Html, formTargets: readonly string[]): undefined {
  res.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(content.text),
    'Content-Security-Policy': contentSecurityPolicy(formTargets),
    'Cache-Control': 'no-store',
    // With `no-referrer` a form's Origin header would be `null`, and that is what tells our own pages from others.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(content.text);
}
