/**
 * The shared service as it is composed for the demo, with two EHRs and an identity provider beside it, on a free port and
 * a fresh database: what all attacks are made at. Its record is that of the access matrix; `own` is another patient.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { importJWK, type JWK, SignJWT } from 'jose';
import { buildApp } from '../../server/app.ts';
import type { AuthorizationServer } from '../../server/auth/authorization-server.ts';
import { type ClientRegistration, hashOfSecret } from '../../server/auth/clients.ts';
import { loadCore } from '../../server/composition/core.ts';
import { openDemo } from '../../server/composition/demo-mode.ts';
import { createSharedService } from '../../server/composition/shared-service.ts';
import { readConfig } from '../../server/config.ts';
import { type ListenOptions, listen } from '../../server/http/listen.ts';
import { createLog } from '../../server/http/log.ts';
import type { Database } from '../../server/store/database.ts';
import { openPostgresStore } from '../../server/store/postgres/open.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from '../auth/access-rule/matrix-record.ts';
import { consentTo, inRole, put, ref } from '../auth/access-rule/record-parts.ts';
import { freshPostgresUrl, openNewSqlite } from '../support/stores.ts';
import { type LoggedEvent, loggedEvents } from './security-log.ts';

export const STORES = ['SQLite', 'PostgreSQL'] as const;
export type StoreName = (typeof STORES)[number];

export const APP_REDIRECT = 'https://app.example/callback';
export const SECRET = 'hemmelig-og-lang-nok-for-en-test';

/** An answer, of which an attack tells what it got. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly issue?: readonly { readonly severity: string; readonly code: string; readonly expression?: readonly string[] }[];
  };
}

/** What a token of the service says of its bearer. */
export interface Bearer {
  readonly scope: string;
  readonly fhirUser?: string;
  readonly organizationNumber?: string;
  readonly patient?: string;
  readonly clientId?: string;
}

export type Ask = (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Got>;

export interface Stronghold {
  readonly origin: string;
  readonly fhir: string;
  readonly issuer: string;
  readonly authorization: AuthorizationServer;
  readonly database: Database;
  readonly ehrs: { readonly hospital: Database; readonly municipality: Database };
  /** The folder of the demo's keys. */
  readonly folder: string;
  /** Keys of registered clients. */
  readonly keys: { readonly rsa: JWK; readonly ec: JWK };
  /** What must never be in the log: all that was given out or shown. */
  readonly secrets: Set<string>;
  /** Lines of the operator's log. */
  readonly lines: readonly string[];
  /** A token of the service, signed and registered as it does. */
  tokenOf(bearer: Bearer, spoil?: { readonly claims?: object; readonly header?: object; readonly key?: JWK }): Promise<string>;
  /** Asks the FHIR API as the bearer. */
  as(bearer: Bearer): Promise<Ask>;
  /** What the service has asked of its store since the last call, as `method×times`. */
  newWork(): string;
  /** AuditEvents that were not there at the last call. */
  newEvents(): Promise<readonly LoggedEvent[]>;
  close(): Promise<void>;
}

/** Those who try: personnel of another hospital, its system, another patient, and a member of the team. */
export const WHO = {
  outsider: { scope: 'user/*.cruds', fhirUser: 'Practitioner/stranger', organizationNumber: '300000001' },
  'system of another hospital': { scope: 'system/*.cruds', organizationNumber: '300000001', clientId: 'other-system' },
  'another patient': { scope: 'patient/*.cruds', fhirUser: 'Patient/own', patient: 'own' },
  nurse: { scope: 'user/*.cruds', fhirUser: 'Practitioner/nurse', organizationNumber: '100000002' },
  coordinator: { scope: 'user/*.cruds', fhirUser: 'Practitioner/coordinator', organizationNumber: '100000002' },
  administration: { scope: 'system/*.cruds', clientId: 'admin-system' },
} as const satisfies Readonly<Record<string, Bearer>>;

/** A number of nobody that the record has, to be found by. */
export const IDA_NUMBER = '13717404089';

/** The stronghold on a fresh database; `patience` is how long it waits for who is slow. */
export async function openStronghold(store: StoreName, patience: ListenOptions['patience'] = {}): Promise<Stronghold> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-attacks-'));
  const handlers: { handle?: RequestListener } = {};
  const listening = await listen((request, response) => handlers.handle?.(request, response), { host: '127.0.0.1', port: 0, patience });
  const origin = `http://localhost:${listening.port}`;
  const url = store === 'PostgreSQL' ? await freshPostgresUrl() : undefined;
  const config = readConfig('demo', {
    PORT: String(listening.port),
    FELLESPLAN_URL: origin,
    FELLESPLAN_DATA: folder,
    FELLESPLAN_VALIDATION: 'base',
    // Each attack comes from an address of its own, so that the limits of one do not shield the next.
    FELLESPLAN_TRUST_PROXY: '127.0.0.0/8',
    ...(url === undefined ? {} : { DATABASE_URL: url }),
  });
  const lines: string[] = [];
  const log = createLog('info', (line) => lines.push(line));
  const core = loadCore();
  const database =
    url === undefined ? await openNewSqlite({ file: join(folder, 'plans.db') }) : await openPostgresStore({ url, connections: 4 });
  await put(database.resources, ...record());
  const surroundings = await openDemo({ config, core, database, log });
  const keys = await clientKeys();
  const clients = [...surroundings.registered.clients, ...attackedClients(keys)];
  const work = new Map<string, number>();
  const watched = { ...database, resources: counting(database.resources, (method) => work.set(method, (work.get(method) ?? 0) + 1)) };
  const shared = await createSharedService({
    ...surroundings,
    registered: { clients, ehrs: surroundings.registered.ehrs.map(({ organizationNumbers: _demo, ...ehr }) => ehr) },
    config,
    core,
    database: watched,
    log,
  });
  const { authorization, endpoint } = shared;
  handlers.handle = buildApp({
    fhirBases: [{ path: '/fhir', endpoint }, ...surroundings.fhirBases],
    routers: [
      {
        path: '/auth',
        handler: ((request, response, next) => void authorization.handler(request, response).catch(next)) as RequestHandler,
      },
      ...surroundings.routers,
      { path: '/app', handler: shared.app },
    ],
    health: { ready: () => database.resources.ping() },
    log,
    https: false,
  });
  const { audit } = endpoint.services;
  const secrets = new Set<string>([SECRET, IDA_NUMBER]);
  const seen = new Set<string>();
  const tokenOf: Stronghold['tokenOf'] = async (bearer, spoil = {}) => {
    const stored = (await database.state.get('auth/shared/signing-key', 'current'))!.value as unknown as JWK;
    const key = spoil.key ?? stored;
    const { fhirUser, organizationNumber, clientId = 'fellesplan-app', ...claims } = bearer;
    const jti = randomUUID();
    await database.state.put('auth/shared/AccessToken', jti, { jti, clientId });
    const token = await new SignJWT({
      client_id: clientId,
      aud: `${origin}/fhir`,
      iss: `${origin}/auth`,
      sub: fhirUser ?? clientId,
      jti,
      exp: Math.floor(Date.now() / 1000) + 900,
      ...claims,
      ...(fhirUser === undefined ? {} : { fhirUser: `${origin}/fhir/${fhirUser}` }),
      ...(organizationNumber === undefined ? {} : { organization_number: organizationNumber }),
      ...(clientId === 'admin-system' ? { scopes_alone: true } : {}),
      ...spoil.claims,
    })
      .setProtectedHeader({ alg: key.alg ?? 'RS256', typ: 'at+jwt', kid: String(stored.kid), ...spoil.header })
      .sign(await importJWK(key, key.alg ?? 'RS256'));
    secrets.add(token);
    return token;
  };
  return {
    origin,
    fhir: `${origin}/fhir`,
    issuer: authorization.issuer,
    authorization,
    database,
    ehrs: { hospital: surroundings.databases[0]!, municipality: surroundings.databases[1]! },
    folder,
    keys,
    secrets,
    lines,
    tokenOf,
    async as(bearer) {
      const token = await tokenOf(bearer);
      return (method, path, body, headers) => ask(`${origin}/fhir`, method, path, body, { Authorization: `Bearer ${token}`, ...headers });
    },
    newWork() {
      const done = [...work].map(([method, times]) => `${method}×${times}`).sort();
      work.clear();
      return done.join(' ');
    },
    async newEvents() {
      await audit?.settle();
      const all = await loggedEvents(database.resources);
      const fresh = all.filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      return fresh;
    },
    async close() {
      await listening.stop(500);
      await audit?.close();
      await Promise.all([...surroundings.databases, database].map((each) => each.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The store, telling of each call. */
function counting(store: ResourceStore, tell: (method: string) => void): ResourceStore {
  const told = Object.entries(store).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function') return [name, member];
    return [
      name,
      (...args: unknown[]) => {
        tell(name);
        return (member as (...all: unknown[]) => unknown)(...args);
      },
    ];
  });
  return Object.fromEntries(told) as ResourceStore;
}

/** Ida with her plan, and another patient whose task the outsider has accepted. */
function record() {
  const own = { id: 'own', birthDate: '1940-01-01' };
  const accepted = {
    id: 'accepted',
    status: 'accepted',
    intent: 'order',
    for: ref('Patient/own'),
    owner: ref('PractitionerRole/stranger-role'),
  };
  const ida = recordOf(IDA, ['ida-goal']).map((resource) =>
    resource.resourceType === 'Patient'
      ? {
          ...resource,
          identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: IDA_NUMBER }],
          name: [{ family: 'Testnes', given: ['Ida'] }],
        }
      : resource,
  );
  return [
    ...DIRECTORY,
    ...ida,
    ...consentsOf(IDA, 'active'),
    ...recordOf(own, ['own-goal']),
    consentTo('innsyn', 'own', { actor: ['Organization/other-hospital'] }),
    { resourceType: 'Task', ...accepted },
    {
      resourceType: 'CareTeam',
      id: 'secret-team',
      status: 'active',
      subject: ref('Patient/ida'),
      participant: [inRole('annen', 'PractitionerRole/nurse-role'), inRole('annen', 'PractitionerRole/ke-role')],
    },
    { resourceType: 'Group', id: 'ida-group', type: 'person', actual: true, member: [{ entity: ref('Patient/ida') }] },
    {
      resourceType: 'List',
      id: 'ida-list',
      status: 'current',
      mode: 'working',
      subject: ref('Patient/ida'),
      entry: [{ item: ref('Organization/gp-office') }],
    },
  ];
}

/** Apps and systems of every kind of authentication. */
function attackedClients({ rsa, ec }: Stronghold['keys']): readonly ClientRegistration[] {
  const app = {
    grants: ['authorization_code', 'refresh_token'],
    scopes: ['launch', 'launch/patient', 'openid', 'fhirUser', 'offline_access', 'patient/*.rs'],
    redirectUris: [APP_REDIRECT],
  } as const;
  const system = { grants: ['client_credentials'], scopes: ['system/*.rs'], organizationNumber: '300000001' } as const;
  return [
    { clientId: 'app-a', name: 'A', authentication: { method: 'none' }, ...app },
    { clientId: 'app-b', name: 'B', authentication: { method: 'none' }, ...app },
    { clientId: 'local-app', name: 'L', authentication: { method: 'none' }, ...app, redirectUris: ['http://127.0.0.1:9/callback'] },
    { clientId: 'secret-app', name: 'S', authentication: { method: 'client_secret_basic', secretHash: hashOfSecret(SECRET) }, ...app },
    { clientId: 'rsa-system', name: 'R', authentication: { method: 'private_key_jwt', keys: [publicOf(rsa)] }, ...system },
    { clientId: 'ec-system', name: 'E', authentication: { method: 'private_key_jwt', keys: [publicOf(ec)] }, ...system },
    {
      clientId: 'other-system',
      name: 'O',
      authentication: { method: 'private_key_jwt', keys: [publicOf(ec)] },
      ...system,
      scopes: ['system/*.cruds'],
    },
    ...INTERNAL_KEY_SETS.map(
      (jwksUri, at): ClientRegistration => ({
        clientId: `inside-${at}`,
        name: 'I',
        authentication: { method: 'private_key_jwt', jwksUri },
        ...system,
      }),
    ),
  ];
}

/** Where a client might say that its keys are. */
export const INTERNAL_KEY_SETS = [
  'https://127.0.0.1/jwks',
  'https://10.0.0.1/jwks',
  'https://192.168.1.1/jwks',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/jwks',
  'https://[::ffff:127.0.0.1]/jwks',
  'https://0x7f000001/jwks',
  'https://2130706433/jwks',
  'https://localhost/jwks',
] as const;

let keysOnce: Promise<Stronghold['keys']> | undefined;

function clientKeys(): Promise<Stronghold['keys']> {
  keysOnce ??= (async () => ({ rsa: await privateKey('RS384', 'rsa-1'), ec: await privateKey('ES384', 'ec-1') }))();
  return keysOnce;
}

/** A private key as a JWK. */
export async function privateKey(alg: string, kid: string): Promise<JWK> {
  const { exportJWK, generateKeyPair } = await import('jose');
  const { privateKey: key } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(key)), alg, kid };
}

/** The public part of a key. */
export function publicOf({ kty, n, e, crv, x, y, alg, kid }: JWK): JWK {
  return JSON.parse(JSON.stringify({ kty, n, e, crv, x, y, alg, kid, use: 'sig' })) as JWK;
}

/** Sends a request below a base and reads the answer. */
export async function ask(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Got> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(/^https?:\/\//.test(path) ? path : `${base}${path === '' ? '' : `/${path}`}`, {
    method,
    headers: { ...(text === undefined ? {} : { 'Content-Type': 'application/fhir+json' }), ...headers },
    redirect: 'manual',
    ...(text === undefined ? {} : { body: text }),
  });
  return gotOf(response);
}

/** An answer with its body read. */
export async function gotOf(response: Response): Promise<Got> {
  const text = await response.text();
  const isJson = text !== '' && /[/+]json/.test(response.headers.get('Content-Type') ?? '');
  return { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as Got['body']) : {} };
}
