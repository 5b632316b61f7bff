/**
 * The shared service and both simulated EHRs as they are composed for use, on one port behind a front, with a client of
 * every kind and the people that a launch needs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { buildApp } from '../../../server/app.ts';
import { fetchClientToken } from '../../../server/auth/client-token.ts';
import { type ClientRegistration, hashOfSecret } from '../../../server/auth/clients.ts';
import { demoClientKey, demoSystemClients, sharedServiceCredentials } from '../../../server/auth/demo-clients.ts';
import { loadCore } from '../../../server/composition/core.ts';
import { fhirBase } from '../../../server/composition/fhir-base.ts';
import { BRANDS_PATH, createSharedService } from '../../../server/composition/shared-service.ts';
import { readConfig } from '../../../server/config.ts';
import type { SuiteConfig } from '../../../server/conformance/smart/suite-config.ts';
import { DEMO_BRANDS } from '../../../server/demo/brands.ts';
import { createSimulatedEhr } from '../../../server/ehr-simulator/simulated-ehr.ts';
import { clientAddress } from '../../../server/http/client-address.ts';
import { createLog } from '../../../server/http/log.ts';
import { nodeRouter } from '../../../server/http/node-router.ts';
import { createSimulatedIdentityProvider } from '../../../server/identity-provider/simulated-identity-provider.ts';
import type { Database } from '../../../server/store/database.ts';
import { openPostgresStore } from '../../../server/store/postgres/open.ts';
import { certificateFiles, certificatePem } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { openNewSqlite } from '../../support/stores.ts';
import { closed, type Front, openFront } from './front.ts';
import { FIRST, OBSERVATIONS, RECORD, SECOND } from './record.ts';

const REDIRECT = 'https://app.example/callback';
const LAUNCH_URL = 'https://app.example/launch';
const SECRET = 'a secret that is long enough';
export type ServerName = 'shared' | 'hospital' | 'municipality';
const EHRS = ['hospital', 'municipality'] as const;

export interface Servers {
  readonly front: Front;
  /** What the suite is told about one of them. */
  suiteConfig(server: ServerName): SuiteConfig;
  /** The EHR launch as it is had from the pages of an EHR. */
  readonly pages: (ehr: 'hospital' | 'municipality') => NonNullable<SuiteConfig['ehrLaunch']>['provider'];
  /** A folder that is removed at the end. */
  readonly folder: string;
  close(): Promise<void>;
}

export interface ServersOptions {
  /** True: they are reached by https, and what clients publish is fetched by it. */
  readonly https?: boolean;
  /** Of access tokens and codes; left out: as standard. */
  readonly lifetimes?: { readonly accessTokenSeconds: number; readonly codeSeconds: number };
  /** Of every app; left out: one that nothing answers at. */
  readonly redirectUri?: string;
  /** Of the PostgreSQL database of the shared service; left out: SQLite, as the record systems have. */
  readonly databaseUrl?: string;
  /** Where the record systems open `public-app`. */
  readonly launchUrl?: string;
}

export async function startServers(options: ServersOptions = {}): Promise<Servers> {
  const { https = false, lifetimes = {}, databaseUrl, redirectUri = REDIRECT, launchUrl = LAUNCH_URL } = options;
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-conformance-'));
  const distrust = https ? trusted(certificatePem('first').cert) : () => undefined;
  const front = await openFront(https ? certificatePem('first') : undefined);
  const { origin } = front;
  const keySetUrl = `https://localhost:${await freePort()}/jwks`;
  const appKey = await clientKey('RS384', 'app-key');
  const registrations = [
    ...appClients(appKey, redirectUri),
    ...clientsByUrl(keySetUrl, redirectUri),
    ...(await demoSystemClients(folder, ['admin-system'])),
  ];
  const config = {
    ...readConfig('serve', { FELLESPLAN_URL: origin, FELLESPLAN_DATA: folder, FELLESPLAN_VALIDATION: 'off', FELLESPLAN_LOG: 'silent' }),
    databaseUrl,
    trustProxy: ['127.0.0.1/32'],
  };
  const core = loadCore();
  const log = createLog('silent', () => undefined);
  const sqlite = (name: ServerName) => openNewSqlite({ file: join(folder, `${name}.db`) });
  const databases: Readonly<Record<ServerName, Database>> = {
    shared: databaseUrl === undefined ? await sqlite('shared') : await openPostgresStore({ url: databaseUrl, connections: 4 }),
    hospital: await sqlite('hospital'),
    municipality: await sqlite('municipality'),
  };
  const service = await sharedServiceCredentials(folder);
  const shared = await createSharedService({
    config,
    core,
    database: databases.shared,
    registered: { ehrs: [], clients: registrations, brands: DEMO_BRANDS.shared },
    lifetimes,
    identityProvider: { name: 'Simulated', issuer: `${origin}/idp`, ...service },
    log,
  });
  const { d: _private, ...publicKey } = service.privateKey;
  const identityProvider = await createSimulatedIdentityProvider({
    issuer: `${origin}/idp`,
    state: databases.shared.state,
    client: { clientId: service.clientId, publicKey, redirectUris: [`${origin}/auth/sign-in/callback`] },
    people: async () => [{ id: 'kari', name: 'Kari Berg', hprNumber: '999012345', securityLevel: '4', organizationParent: '999000001' }],
  });
  const ehrs = await Promise.all(
    EHRS.map(async (name) => {
      const simulated = await createSimulatedEhr({
        name,
        place: name,
        baseUrl: `${origin}/ehr/${name}`,
        store: databases[name].resources,
        state: databases[name].state,
        clients: registrations,
        appClientId: 'public-app',
        appLaunchUrl: launchUrl,
        addressOf: clientAddress(config.trustProxy),
        brands: DEMO_BRANDS[name],
        lifetimes,
      });
      const endpoint = await fhirBase({
        core,
        database: databases[name],
        authorization: simulated.server,
        bodyLimitBytes: 1_000_000,
        writeValidation: 'off',
        corsOrigins: [new URL(redirectUri).origin],
        log,
      });
      return { name, simulated, endpoint };
    }),
  );
  const app = buildApp({
    fhirBases: [
      { path: '/fhir', endpoint: shared.endpoint },
      ...ehrs.map(({ name, endpoint }) => ({ path: `/ehr/${name}/fhir`, endpoint })),
    ],
    routers: [
      { path: BRANDS_PATH, handler: nodeRouter(shared.brands) },
      { path: '/auth', handler: (req, res, next) => void shared.authorization.handler(req, res).catch(next) },
      { path: '/idp', handler: (req, res, next) => void identityProvider(req, res).catch(next) },
      ...ehrs.map(({ name, simulated }) => ({ path: `/ehr/${name}`, handler: simulated.router })),
      ...(ehrs.map(({ name, simulated }) => ({
        path: `/launch/${name}`,
        handler: (req, res, next) => {
          const { client, patient } = req.query as Record<string, string>;
          const launch = simulated.server.mintLaunch({
            clientId: client!,
            userId: 'pr1',
            context: {
              patient: patient!,
              ...(patient === FIRST.id ? { encounter: 'e1' } : {}),
              need_patient_banner: false,
              intent: 'show-plan',
              tenant: '999000001',
              smart_style_url: `${origin}/ehr/${name}/smart-style.json`,
              fhirContext: [{ reference: 'CarePlan/plan-1' }],
            },
          });
          launch.then((value) => res.json({ iss: simulated.fhirBaseUrl, launch: value }), next);
        },
      })) satisfies readonly { path: string; handler: import('express').RequestHandler }[]),
    ],
    health: { ready: async () => undefined },
    log,
    https,
  });
  const http = createServer(app);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  front.lead((http.address() as AddressInfo).port);

  const privateKey = await demoClientKey(folder, 'admin-system');
  for (const root of [origin, ...EHRS.map((name) => `${origin}/ehr/${name}`)]) {
    const { accessToken } = await fetchClientToken({
      tokenUrl: `${root}/auth/token`,
      clientId: 'admin-system',
      privateKey,
      scope: 'system/*.cruds',
    });
    const body = JSON.stringify({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: RECORD.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })),
    });
    const headers = { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/fhir+json' };
    const answer = await fetch(`${root}/fhir`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${root}: ${answer.status} ${await answer.text()}`);
  }

  return {
    front,
    folder,
    pages: (ehr) => ({ kind: 'pages', url: `${origin}/ehr/${ehr}/`, clientId: 'public-app', press: ['Kari Berg', '{patient}'] }),
    suiteConfig: (server) => ({
      fhirBaseUrl: server === 'shared' ? `${origin}/fhir` : `${origin}/ehr/${server}/fhir`,
      redirectUri,
      clients: {
        public: { clientId: 'public-app' },
        other: { clientId: 'other-app' },
        symmetric: { clientId: 'secret-app', secret: SECRET },
        asymmetric: { clientId: 'key-app', privateKey: appKey },
        backend: { clientId: 'admin-system', privateKey, scope: 'system/*.cruds' },
        ...(https ? { asymmetricByUrl: { clientId: 'url-app' }, backendByUrl: { clientId: 'url-system', scope: 'system/*.rs' } } : {}),
      },
      ...(https ? { keySet: { url: keySetUrl, ...certificateFiles('first') } } : {}),
      ...(server === 'shared'
        ? {}
        : {
            ehrLaunch: {
              provider: { kind: 'url', url: `${origin}/launch/${server}?client={client}&patient={patient}` },
              scope: 'launch openid fhirUser offline_access patient/*.rs user/Practitioner.rs',
            },
          }),
      standaloneLaunch: {
        scope: 'launch/patient openid fhirUser offline_access patient/*.rs user/Practitioner.rs',
        press: ['^Sign in with', 'Kari Berg', '{patient}', '^Allow$'],
        refuse: '^Cancel$',
        offersParts: true,
      },
      patients: { first: FIRST, second: SECOND },
      granular: OBSERVATIONS,
      mayWrite: true,
      waitAtMostSeconds: 0,
    }),
    async close() {
      distrust();
      await front.close();
      await closed(http);
      await shared.endpoint.services.audit?.close();
      await Promise.all(Object.values(databases).map((database) => database.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Takes the certificate for that of an authority, until told not to. */
function trusted(certificate: string): () => void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, certificate]);
  return () => setDefaultCACertificates(before);
}

/** What an app may have, and where it is. */
function appAt(redirectUri: string) {
  return {
    grants: ['authorization_code', 'refresh_token'],
    scopes: [
      ...['launch', 'launch/patient', 'openid', 'fhirUser', 'profile', 'offline_access', 'online_access'],
      ...['patient/*.rs', 'user/Practitioner.rs'],
    ],
    redirectUris: [redirectUri],
  } as const;
}

function clientsByUrl(jwksUri: string, redirectUri: string): readonly ClientRegistration[] {
  const authentication = { method: 'private_key_jwt', jwksUri, internalNetwork: true } as const;
  return [
    { clientId: 'url-app', name: 'By URL', authentication, ...appAt(redirectUri) },
    {
      clientId: 'url-system',
      name: 'System by URL',
      authentication,
      grants: ['client_credentials'],
      scopes: ['system/*.rs'],
      scopesAlone: true,
    },
  ];
}

function appClients(key: JWK, redirectUri: string): readonly ClientRegistration[] {
  const app = appAt(redirectUri);
  return [
    { clientId: 'public-app', name: 'Public', authentication: { method: 'none' }, ...app },
    { clientId: 'other-app', name: 'Other', authentication: { method: 'none' }, ...app },
    {
      clientId: 'secret-app',
      name: 'Confidential',
      authentication: { method: 'client_secret_basic', secretHash: hashOfSecret(SECRET) },
      ...app,
    },
    { clientId: 'key-app', name: 'Asymmetric', authentication: { method: 'private_key_jwt', keys: [publicPart(key)] }, ...app },
  ];
}

async function clientKey(alg: string, kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, kid, use: 'sig' };
}

function publicPart({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...key }: JWK): JWK {
  return key;
}
