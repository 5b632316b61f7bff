import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import type { JWK } from 'jose';
import type { Attempt } from '../../server/auth/attempt.ts';
import { type AuthorizationServer, createAuthorizationServer } from '../../server/auth/authorization-server.ts';
import { fetchClientToken } from '../../server/auth/client-token.ts';
import { demoClientKey, demoSystemClients, sharedServiceAtEhr, sharedServiceCredentials } from '../../server/auth/demo-clients.ts';
import { PLAN_APP, planAppAtEhr, planAppAtSharedService } from '../../server/auth/plan-app.ts';
import { sharedSignIn } from '../../server/auth/sign-in/shared-sign-in.ts';
import { loadCore } from '../../server/composition/core.ts';
import { fhirBase } from '../../server/composition/fhir-base.ts';
import { createSimulatedEhr, type SimulatedEhr } from '../../server/ehr-simulator/simulated-ehr.ts';
import { fhirEndpoint } from '../../server/http/fhir-endpoint.ts';
import { createLog } from '../../server/http/log.ts';
import { createSimulatedIdentityProvider, type SimulatedPerson } from '../../server/identity-provider/simulated-identity-provider.ts';
import type { Database } from '../../server/store/database.ts';
import { openNewSqlite } from '../support/stores.ts';
import { challengeOf, VERIFIER } from './smart-server.ts';

const OID = 'urn:oid:2.16.578.1.12.4.1.4.';
const FNR = `${OID}1`;
const HPR = `${OID}4`;
const ORG = `${OID}101`;
const APP_REDIRECT = 'https://app.example/app/';

type Base = 'shared' | 'hospital' | 'municipality' | 'rogue';

/** The shared service and three EHRs, one of them not trusted, on one port. */
export interface Services {
  readonly origin: string;
  readonly shared: AuthorizationServer;
  readonly ehrs: Readonly<Record<Exclude<Base, 'shared'>, SimulatedEhr>>;
  readonly databases: Readonly<Record<Base, Database>>;
  /** Lines that were logged. */
  readonly lines: string[];
  /** What the shared service told of attempts to come in. */
  readonly attempts: Attempt[];
  /** Writes resources as the admin system. */
  put(base: Base, ...resources: readonly { resourceType: string; id: string; [element: string]: unknown }[]): Promise<void>;
  /** Ids of shared patients of whom no user of an EHR may know. */
  readonly unknowable: Set<string>;
  /** Pretends that the EHRs' FHIR APIs are down. */
  breakEhrs(broken: boolean): void;
  close(): Promise<void>;
}

/** `appUrl`: where the plan app is; its launch page is `launch.html` below it. */
export async function startServices({
  appUrl = APP_REDIRECT,
  people,
  spokenFor,
}: {
  readonly appUrl?: string;
  /** The organisations that the EHRs may speak for; left out: any. */
  readonly spokenFor?: readonly string[];
  /** Given: users sign in to the shared service with a simulated identity provider that knows these. */
  readonly people?: readonly SimulatedPerson[];
} = {}): Promise<Services> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-services-'));
  const app = express();
  const http = createServer(app);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(http.address() as AddressInfo).port}`;
  const core = loadCore();
  const lines: string[] = [];
  const attempts: Attempt[] = [];
  const log = createLog('info', (line) => lines.push(line));
  const note = (event: object) => lines.push(JSON.stringify(event));
  const open = (name: string) => openNewSqlite({ file: join(folder, `${name}.db`) });
  const databases = {
    shared: await open('shared'),
    hospital: await open('hospital'),
    municipality: await open('municipality'),
    rogue: await open('rogue'),
  };
  let broken = false;
  const unknowable = new Set<string>();

  async function mountFhir(path: string, database: Database, authorization: AuthorizationServer): Promise<void> {
    const endpoint = await fhirBase({
      core,
      database,
      authorization,
      bodyLimitBytes: 1_000_000,
      writeValidation: 'off',
      corsOrigins: [],
      log,
    });
    app.use(path, (_req, res, next) => (broken && path.startsWith('/ehr') ? void res.status(503).end() : next()));
    const base = fhirEndpoint(path, endpoint);
    app.use((req, res, next) => void (base(req, res) || next()));
  }

  async function startEhr(path: Exclude<Base, 'shared'>, place: string): Promise<SimulatedEhr> {
    const ehr = await createSimulatedEhr({
      name: path === 'municipality' ? 'municipality' : 'hospital',
      place,
      baseUrl: `${origin}/ehr/${path}`,
      store: databases[path].resources,
      state: databases[path].state,
      clients: [
        planAppAtEhr([appUrl]),
        { ...planAppAtEhr([appUrl]), clientId: 'another-app' },
        await sharedServiceAtEhr(folder),
        ...(await demoSystemClients(folder, ['admin-system'])),
      ],
      appClientId: PLAN_APP,
      appLaunchUrl: `${appUrl}launch.html`,
      log: note,
    });
    await mountFhir(`/ehr/${path}/fhir`, databases[path], ehr.server);
    app.use(`/ehr/${path}`, ehr.router);
    return ehr;
  }

  const ehrs = {
    hospital: await startEhr('hospital', 'Fjordheim sykehus'),
    municipality: await startEhr('municipality', 'Solvik kommune'),
    rogue: await startEhr('rogue', 'Ukjent klinikk'),
  };
  const service = await sharedServiceCredentials(folder);
  const trusted = (name: 'hospital' | 'municipality') => ({
    name,
    issuer: ehrs[name].server.issuer,
    // One of the two as operators write it as well.
    fhirBaseUrl: ehrs[name].fhirBaseUrl + (name === 'municipality' ? '/' : ''),
    clientId: PLAN_APP,
    ...(spokenFor === undefined ? {} : { organizationNumbers: spokenFor }),
    service,
  });
  const shared = await createAuthorizationServer({
    name: 'shared',
    issuer: `${origin}/auth`,
    fhirBaseUrl: `${origin}/fhir`,
    state: databases.shared.state,
    clients: [planAppAtSharedService([new URL(appUrl).origin], people === undefined ? [] : [appUrl]), ...(await demoSystemClients(folder))],
    findUser: async (subject) => ({ fhirUser: `${origin}/fhir/${subject}` }),
    tell: async (attempt) => void attempts.push(attempt),
    tokenExchange: {
      trustedIssuers: [trusted('hospital'), trusted('municipality')],
      store: databases.shared.resources,
      mayKnow: async (_user, patientId) => !unknowable.has(patientId),
    },
    log: note,
    opensApps: false,
    ...(people === undefined
      ? {}
      : {
          signIn: sharedSignIn({
            place: 'Fellesplan',
            provider: { name: 'HelseID (simulert)', issuer: `${origin}/idp`, ...service },
            store: databases.shared.resources,
            nowMs: Date.now,
          }),
        }),
  });
  if (people !== undefined) {
    const provider = await createSimulatedIdentityProvider({
      issuer: `${origin}/idp`,
      state: databases.shared.state,
      client: {
        clientId: service.clientId,
        publicKey: publicPartOf(service.privateKey),
        redirectUris: [`${origin}/auth/sign-in/callback`],
      },
      people: async () => people,
    });
    app.use('/idp', (req, res, next) => void provider(req, res).catch(next));
  }
  app.use('/auth', (req, res, next) => void shared.handler(req, res).catch(next));
  await mountFhir('/fhir', databases.shared, shared);

  return {
    origin,
    shared,
    ehrs,
    databases,
    lines,
    attempts,
    unknowable,
    async put(base, ...resources) {
      const root = base === 'shared' ? origin : `${origin}/ehr/${base}`;
      const privateKey = await demoClientKey(folder, 'admin-system');
      const token = await fetchClientToken({
        tokenUrl: `${root}/auth/token`,
        clientId: 'admin-system',
        privateKey,
        scope: 'system/*.cruds',
      });
      for (const resource of resources) {
        const answer = await fetch(`${root}/fhir/${resource.resourceType}/${resource.id}`, {
          method: 'PUT',
          headers: { Authorization: `Bearer ${token.accessToken}`, 'Content-Type': 'application/fhir+json' },
          body: JSON.stringify(resource),
        });
        if (!answer.ok) throw new Error(`${resource.resourceType}/${resource.id}: ${answer.status} ${await answer.text()}`);
      }
    },
    breakEhrs(value) {
      broken = value;
    },
    async close() {
      http.closeAllConnections();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
      });
      await Promise.all(Object.values(databases).map((database) => database.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function publicPartOf({ d: _private, ...key }: JWK): JWK {
  return key;
}

/** People with numbers, as every base of these tests keeps them. */
export const person = {
  patient: (id: string, number: string, family = 'Testnes') => ({
    resourceType: 'Patient',
    id,
    identifier: [{ system: FNR, value: number }],
    name: [{ given: ['Ingrid'], family }],
    gender: 'female',
    birthDate: '1941-03-02',
  }),
  practitioner: (id: string, hpr: string, family = 'Sykepleier') => ({
    resourceType: 'Practitioner',
    id,
    identifier: [{ system: HPR, value: hpr }],
    name: [{ given: ['Kari'], family }],
  }),
  organization: (id: string, number: string, name: string) => ({
    resourceType: 'Organization',
    id,
    identifier: [{ system: ORG, value: number }],
    name,
  }),
  role: (id: string, practitioner: string, organization: string, active = true) => ({
    resourceType: 'PractitionerRole',
    id,
    active,
    practitioner: { reference: `Practitioner/${practitioner}` },
    organization: { reference: `Organization/${organization}` },
    code: [{ text: 'Sykepleier' }],
  }),
};

export interface EhrTokens {
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Launches the app at an EHR and redeems the code: the tokens the app then has. */
export async function launchAt(
  ehr: SimulatedEhr,
  of: { userId: string; patient?: string; tenant?: string; clientId?: string; sessionId?: string },
): Promise<EhrTokens> {
  const clientId = of.clientId ?? PLAN_APP;
  const { patient, tenant } = of;
  const context = { ...(patient === undefined ? {} : { patient }), ...(tenant === undefined ? {} : { tenant }) };
  const launch = await ehr.server.mintLaunch({ clientId, userId: of.userId, sessionId: of.sessionId ?? 'none', context });
  return redeemAt(ehr, launch, clientId);
}

/** The app's side of a launch. */
export async function redeemAt(ehr: SimulatedEhr, launch: string, clientId: string = PLAN_APP): Promise<EhrTokens> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: APP_REDIRECT,
    scope: 'launch openid fhirUser online_access patient/*.rs user/Practitioner.rs user/PractitionerRole.rs user/Organization.rs',
    state: 's',
    aud: ehr.fhirBaseUrl,
    launch,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  });
  const redirect = await fetch(`${ehr.server.issuer}/authorize?${query}`, { redirect: 'manual' });
  const code = new URL(redirect.headers.get('location') ?? 'http://none').searchParams.get('code');
  if (code === null) throw new Error(`no code: ${redirect.status} ${redirect.headers.get('location')} ${await redirect.text()}`);
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: APP_REDIRECT,
    code_verifier: VERIFIER,
    client_id: clientId,
  });
  const body = (await (await fetch(`${ehr.server.issuer}/token`, { method: 'POST', body: form })).json()) as Record<string, string>;
  return { idToken: body.id_token!, accessToken: body.access_token!, refreshToken: body.refresh_token! };
}
