/**
 * A simulated EHR: its own SMART issuer and FHIR base over its own store, and the pages in which the shared plan app is
 * opened. For demo, development and tests; the composition never makes one in production.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#launch-app-ehr-launch
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Request, type Response, Router, urlencoded } from 'express';
import { createAuthenticator } from '../auth/access-token.ts';
import {
  type AuthorizationEvent,
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
} from '../auth/authorization-server.ts';
import type { ClientRegistration } from '../auth/clients.ts';
import type { LaunchContext } from '../auth/launch-context.ts';
import type { Authenticator } from '../auth/principal.ts';
import type { Html } from '../auth/sign-in/html.ts';
import { type Brands, brandBundle, brandHandler, publishedBrands } from '../auth/user-access-brands.ts';
import { LANGUAGES, type Language, pageLanguage } from '../fhir/language.ts';
import { nodeRouter } from '../http/node-router.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { EHR_LOOKS, type EhrLook } from './look.ts';
import { messagePage, type PageFrame, patientPage, patientsPage, userPage } from './pages.ts';
import { type EhrRecord, type EhrUser, ehrRecord } from './record.ts';
import { standaloneSignIn } from './standalone-sign-in.ts';
import { EHR_TEXTS } from './texts.ts';
import { type UserSession, userSessions } from './user-session.ts';

export interface SimulatedEhrOptions {
  /** Decides the look; also the name under which its state is kept. */
  readonly name: EhrLook['theme'];
  /** Whose record it is, e.g. `Fjordheim sykehus`. */
  readonly place: string;
  /** Absolute URL of its pages without a slash at the end: `http://localhost:8080/ehr/hospital`; issuer `…/auth`, FHIR base `…/fhir`. */
  readonly baseUrl: string;
  readonly store: ResourceStore;
  readonly state: StateStore;
  /** Its clients: the plan app, the shared service, backend services. */
  readonly clients: readonly ClientRegistration[];
  /** The client the plan app is launched as. */
  readonly appClientId: string;
  /** Where the plan app is launched: `http://localhost:8080/app/launch.html`. */
  readonly appLaunchUrl: string;
  /** By which names people know those who answer for it; left out: none are published. */
  readonly brands?: Brands;
  /** The address a request comes from; left out: that of the connection. */
  readonly addressOf?: (req: IncomingMessage) => string;
  /** How long its access tokens and codes live; left out: as the authorization server has it. */
  readonly lifetimes?: Pick<AuthorizationServerOptions, 'accessTokenSeconds' | 'codeSeconds'>;
  readonly log?: (event: AuthorizationEvent) => void;
}

export interface SimulatedEhr {
  /** Pages, style and issuer; to be mounted at the path of `baseUrl`. */
  readonly router: Router;
  readonly fhirBaseUrl: string;
  readonly authenticator: Authenticator;
  readonly server: AuthorizationServer;
}

const STYLE = readFileSync(join(import.meta.dirname, 'ehr.css'), 'utf8');

/** A running EHR; its FHIR base is mounted by the composition, with the authenticator and SMART configuration given here. */
export async function createSimulatedEhr(options: SimulatedEhrOptions): Promise<SimulatedEhr> {
  const { name, baseUrl, state, brands } = options;
  const brandsUrl = `${baseUrl}/brands`;
  const fhirBaseUrl = `${baseUrl}/fhir`;
  const record = ehrRecord(options.store);
  const sessions = userSessions(state, name, baseUrl);
  const server = await createAuthorizationServer({
    name,
    issuer: `${baseUrl}/auth`,
    fhirBaseUrl,
    state,
    clients: options.clients,
    findUser: async (subject) => {
      const found = await record.practitionerName(subject);
      return found === undefined ? undefined : { fhirUser: `${fhirBaseUrl}/Practitioner/${subject}`, name: found };
    },
    signIn: standaloneSignIn(options.place, record, sessions),
    isSessionActive: (sessionId, userId) => sessions.isActive(sessionId, userId),
    ...(brands === undefined ? {} : { brands: () => publishedBrands(brands, brandsUrl) }),
    ...(options.addressOf === undefined ? {} : { addressOf: options.addressOf }),
    ...options.lifetimes,
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  const router = Router();
  router.use('/auth', nodeRouter(server.handler));
  const bundle = brands && brandBundle(brands, brandsUrl, fhirBaseUrl);
  router.use('/brands', nodeRouter(brandHandler(() => bundle)));
  addPages(router, { options, record, sessions, server });
  return { router, fhirBaseUrl, authenticator: createAuthenticator({ server, state }), server };
}

interface Ehr {
  readonly options: SimulatedEhrOptions;
  readonly record: EhrRecord;
  readonly sessions: ReturnType<typeof userSessions>;
  readonly server: AuthorizationServer;
}

interface SignedIn {
  readonly session: UserSession;
  readonly user: EhrUser;
}

function addPages(router: Router, ehr: Ehr): void {
  const { options, record, sessions } = ehr;
  const root = new URL(options.baseUrl).pathname;
  const form = urlencoded({ extended: false, limit: '16kb', parameterLimit: 10 });

  router.get('/ehr.css', (_req, res) => void res.type('css').set('Cache-Control', 'max-age=300').send(STYLE));
  router.get('/smart-style.json', (_req, res) => {
    res.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'max-age=300' }).json(EHR_LOOKS[options.name].style);
  });

  router.use((req, res, next) => {
    const language = languageAskedFor(req);
    if (language !== undefined) res.append('Set-Cookie', sessions.languageCookie(language));
    next();
  });

  router.get('/', async (req, res) => {
    const signedIn = await signedInUser(ehr, req);
    // Who asks for a user by name is here to become that one, whoever is signed in.
    if (signedIn !== undefined && req.query.q === undefined) return res.redirect(303, `${root}/patients`);
    const visitor = sessions.visitorToken();
    res.append('Set-Cookie', visitor.cookie);
    const [users, patients] = await Promise.all([record.users(), record.patientNames()]);
    return send(ehr, res, userPage(frameOf(ehr, req, visitor.token), users, patients, String(req.query.q ?? '').slice(0, 100)));
  });

  router.post('/login', form, async (req, res) => {
    if (!sessions.isOwnForm(req, fieldOf(req, 'token'), undefined)) return send(ehr, res, oldForm(ehr, req), 403);
    const user = await record.user(fieldOf(req, 'role'));
    if (user === undefined) return res.redirect(303, `${root}/`);
    const before = await sessions.of(req);
    if (before !== undefined) await sessions.end(before);
    const { cookie } = await sessions.start({ roleId: user.roleId, practitionerId: user.practitionerId });
    res.append('Set-Cookie', cookie);
    return res.redirect(303, `${root}/patients`);
  });

  router.post('/logout', form, async (req, res) => {
    const session = await sessions.of(req);
    if (session === undefined) return res.redirect(303, `${root}/`);
    if (!sessions.isOwnForm(req, fieldOf(req, 'token'), session)) return send(ehr, res, oldForm(ehr, req), 403);
    res.append('Set-Cookie', await sessions.end(session));
    return res.redirect(303, `${root}/`);
  });

  router.get('/patients', async (req, res) => {
    const signedIn = await signedInUser(ehr, req);
    if (signedIn === undefined) return res.redirect(303, `${root}/`);
    return send(ehr, res, await patientList(ehr, req, signedIn, ''));
  });

  // A search is a form that is posted: what is searched for may be an identity number, and that belongs in no URL.
  router.post('/patients', form, async (req, res) => {
    const signedIn = await signedInUser(ehr, req);
    if (signedIn === undefined) return res.redirect(303, `${root}/`);
    if (!sessions.isOwnForm(req, fieldOf(req, 'token'), signedIn.session)) return send(ehr, res, oldForm(ehr, req), 403);
    const text = fieldOf(req, 'q').slice(0, 100);
    return send(ehr, res, await patientList(ehr, req, signedIn, text));
  });

  router.get('/patients/:id', async (req, res) => {
    const signedIn = await signedInUser(ehr, req);
    if (signedIn === undefined) return res.redirect(303, `${root}/`);
    const patient = await record.patient(String(req.params.id));
    const frame = frameFor(ehr, req, signedIn);
    const { notFoundTitle, notFoundText } = EHR_TEXTS[frame.language];
    if (patient === undefined) return send(ehr, res, messagePage(frame, notFoundTitle, notFoundText), 404);
    const stays = await record.stays(patient.id);
    const appUrl = await launchUrl(ehr, signedIn, { patient: patient.id, ...(stays[0] === undefined ? {} : { encounter: stays[0].id }) });
    return send(ehr, res, patientPage(frame, patient, stays, appUrl));
  });
}

async function patientList(ehr: Ehr, req: Request, signedIn: SignedIn, searched: string): Promise<Html> {
  const [patients, mine] = await Promise.all([ehr.record.patients(searched), ehr.record.patientsOf(signedIn.user.practitionerId)]);
  return patientsPage(frameFor(ehr, req, signedIn), patients, mine, searched);
}

/** A fresh launch of the plan app for this user and patient. */
async function launchUrl({ options, server }: Ehr, { session, user }: SignedIn, context: LaunchContext): Promise<string> {
  const launch = await server.mintLaunch({
    clientId: options.appClientId,
    userId: user.practitionerId,
    sessionId: session.id,
    context: {
      ...context,
      need_patient_banner: false,
      intent: 'show-plan',
      smart_style_url: `${options.baseUrl}/smart-style.json`,
      ...(user.organizationNumber === undefined ? {} : { tenant: user.organizationNumber }),
    },
  });
  const url = new URL(options.appLaunchUrl);
  url.searchParams.set('iss', server.fhirBaseUrl);
  url.searchParams.set('launch', launch);
  return url.href;
}

async function signedInUser({ sessions, record }: Ehr, req: Request): Promise<SignedIn | undefined> {
  const session = await sessions.of(req);
  const user = session === undefined ? undefined : await record.user(session.roleId);
  return session === undefined || user === undefined ? undefined : { session, user };
}

function frameOf({ options, sessions }: Ehr, req: Request, formToken: string): PageFrame {
  const language = languageAskedFor(req) ?? pageLanguage(sessions.languageOf(req), req.headers['accept-language']);
  return { look: EHR_LOOKS[options.name], language, place: options.place, root: new URL(options.baseUrl).pathname, formToken };
}

function frameFor(ehr: Ehr, req: Request, { session, user }: SignedIn): PageFrame {
  return { ...frameOf(ehr, req, session.formToken), user };
}

function languageAskedFor(req: Request): Language | undefined {
  return LANGUAGES.find((language) => language === req.query.lang);
}

function oldForm(ehr: Ehr, req: Request): Html {
  const frame = frameOf(ehr, req, '');
  const { oldFormTitle, oldFormText } = EHR_TEXTS[frame.language];
  return messagePage(frame, oldFormTitle, oldFormText);
}

function fieldOf(req: Request, name: string): string {
  const value = (req.body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

function send({ options }: Ehr, res: Response, content: Html, status = 200): void {
  const appOrigin = new URL(options.appLaunchUrl).origin;
  res
    .status(status)
    .set({
      'Content-Security-Policy': `default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self' ${appOrigin}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    })
    .type('html')
    .send(content.text);
}
