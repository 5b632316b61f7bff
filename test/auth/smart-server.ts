import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { createAuthenticator } from '../../server/auth/access-token.ts';
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
} from '../../server/auth/authorization-server.ts';
import { type ClientRegistration, hashOfSecret } from '../../server/auth/clients.ts';
import type { Authenticator } from '../../server/auth/principal.ts';
import type { StateStore } from '../../server/store/state-store.ts';
import { openNewSqlite } from '../support/stores.ts';

export const APP_REDIRECT = 'https://app.example/app/index.html';
export const SCOPE = 'launch openid fhirUser offline_access patient/*.rs';

export interface SmartServer {
  readonly issuer: string;
  /** Where this process answers: of several processes of one issuer each has its own. */
  readonly address: string;
  readonly fhirBaseUrl: string;
  readonly server: AuthorizationServer;
  readonly authenticator: Authenticator;
  readonly rsaKey: JWK;
  readonly ecKey: JWK;
  readonly events: unknown[];
  endSession(): void;
  close(): Promise<void>;
}

/** One signing key and one set of client keys for a test process: making RSA keys is what takes time. */
let keysOnce: Promise<{ readonly signing: JWK; readonly rsa: JWK; readonly ec: JWK }> | undefined;

async function makeKeys() {
  const signing = await clientKey('RS256', 'signing-1');
  return { signing: { ...signing, use: 'sig' }, rsa: await clientKey('RS384', 'rsa-1'), ec: await clientKey('ES384', 'ec-1') };
}

/** A fresh SQLite database for the tests of one file. */
export async function openFileState(): Promise<{ readonly state: StateStore; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-auth-'));
  const database = await openNewSqlite({ file: join(folder, 'state.db') });
  const close = async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { state: database.state, close };
}

/** An authorization server on a free port, with one client of each kind. */
export async function startSmartServer(state: StateStore, more: Partial<AuthorizationServerOptions> = {}): Promise<SmartServer> {
  const http = createServer((req, res) => void server.handler(req, res).catch(() => res.destroy()));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(http.address() as AddressInfo).port}`;
  keysOnce ??= makeKeys();
  const { signing, rsa: rsaKey, ec: ecKey } = await keysOnce;
  await state.insertIfAbsent('auth/test/signing-key', 'current', { ...signing });
  const events: unknown[] = [];
  let live = true;
  const server: AuthorizationServer = await createAuthorizationServer({
    name: 'test',
    issuer: `${origin}/ehr/test/auth`,
    fhirBaseUrl: `${origin}/ehr/test/fhir`,
    state,
    clients: testClients(publicKey(rsaKey), publicKey(ecKey)),
    findUser: async (subject) =>
      subject === 'gone' ? undefined : { fhirUser: `${origin}/ehr/test/fhir/Practitioner/${subject}`, name: 'Kari Testnes' },
    isSessionActive: async () => live,
    log: (event) => events.push(event),
    // Tests fail on purpose, many times from one address.
    limits: { clientFailures: 1000 },
    ...more,
  });
  const { issuer, fhirBaseUrl } = server;
  const address = `${origin}/ehr/test/auth`;
  const close = () => {
    http.closeAllConnections();
    return new Promise<void>((resolve) => {
      http.close(() => resolve());
    });
  };
  const endSession = () => {
    live = false;
  };
  return {
    issuer,
    address,
    fhirBaseUrl,
    server,
    authenticator: createAuthenticator({ server, state }),
    rsaKey,
    ecKey,
    events,
    endSession,
    close,
  };
}

function testClients(rsa: JWK, ec: JWK): readonly ClientRegistration[] {
  const app = {
    grants: ['authorization_code', 'refresh_token'],
    scopes: [...SCOPE.split(' '), 'launch/patient', 'online_access', 'user/*.rs', 'patient/Observation.cruds?category=survey'],
    redirectUris: [APP_REDIRECT],
  } as const;
  const system = { grants: ['client_credentials'], scopes: ['system/*.rs', 'system/Patient.cruds'] } as const;
  return [
    { clientId: 'public-app', name: 'App', authentication: { method: 'none' }, ...app },
    { clientId: 'other-app', name: 'Other', authentication: { method: 'none' }, ...app },
    {
      clientId: 'secret-app',
      name: 'Confidential',
      authentication: { method: 'client_secret_basic', secretHash: hashOfSecret('hemmelig-og-lang-nok') },
      ...app,
    },
    { clientId: 'key-app', name: 'Asymmetric', authentication: { method: 'private_key_jwt', keys: [ec] }, ...app },
    {
      clientId: 'rsa-system',
      name: 'System',
      authentication: { method: 'private_key_jwt', keys: [rsa] },
      organizationNumber: '999999999',
      ...system,
    },
    { clientId: 'ec-system', name: 'System 2', authentication: { method: 'private_key_jwt', keys: [ec] }, ...system },
  ];
}

async function clientKey(alg: string, kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, kid };
}

function publicKey({ kty, n, e, crv, x, y, alg, kid }: JWK): JWK {
  return Object.fromEntries(
    Object.entries({ kty, n, e, crv, x, y, alg, kid, use: 'sig' }).filter(([, value]) => value !== undefined),
  ) as JWK;
}

export const VERIFIER = `${randomBytes(32).toString('base64url')}aaaaaaa`;
export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** A launch with patient `p1` for `public-app`, unless said otherwise. */
export function mint(
  smart: SmartServer,
  more: { clientId?: string; patient?: string; context?: object; userId?: string } = {},
): Promise<string> {
  const { clientId = 'public-app', patient = 'p1', userId = 'pr1' } = more;
  const context = { patient, encounter: 'e1', need_patient_banner: false, ...more.context };
  return smart.server.mintLaunch({ clientId, userId, sessionId: 's1', context });
}

/** The authorization request of an EHR launch; a parameter set to undefined is left out. */
export async function authorize(smart: SmartServer, params: Record<string, string | undefined> = {}, method: 'GET' | 'POST' = 'GET') {
  const all: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: 'public-app',
    redirect_uri: APP_REDIRECT,
    scope: SCOPE,
    state: 'st-1',
    aud: smart.fhirBaseUrl,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
    ...params,
  };
  const query = new URLSearchParams(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined));
  const endpoint = `${smart.address}/authorize`;
  const response =
    method === 'GET'
      ? await fetch(`${endpoint}?${query}`, { redirect: 'manual' })
      : await fetch(endpoint, { method, body: query, redirect: 'manual' });
  const location = response.headers.get('location');
  const url = location === null ? undefined : new URL(location);
  // A response type of the front channel is refused in the fragment.
  const sent = new URLSearchParams(url?.hash ? url.hash.slice(1) : url?.search);
  return {
    response,
    location,
    code: sent.get('code'),
    error: sent.get('error'),
    description: sent.get('error_description'),
    state: sent.get('state'),
  };
}

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A POST of a form below the issuer. */
export async function post(
  smart: SmartServer,
  path: string,
  fields: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const form = new URLSearchParams(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined));
  const response = await fetch(smart.address + path, { method: 'POST', body: form, headers: { Accept: 'application/json', ...headers } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** Redeems a code as `public-app`, unless said otherwise. */
export function redeem(
  smart: SmartServer,
  code: string,
  fields: Record<string, string | undefined> = {},
  headers: Record<string, string> = {},
) {
  const standard = { grant_type: 'authorization_code', code, redirect_uri: APP_REDIRECT, code_verifier: VERIFIER, client_id: 'public-app' };
  return post(smart, '/token', { ...standard, ...fields }, headers);
}

/** A whole EHR launch: the token response of `public-app`. */
export async function launch(smart: SmartServer, more: Parameters<typeof mint>[1] & { scope?: string } = {}): Promise<TokenAnswer> {
  const { scope = SCOPE, ...of } = more;
  const { code } = await authorize(smart, { launch: await mint(smart, of), scope });
  return redeem(smart, code!);
}

/** A client assertion; every part can be spoilt. */
export async function assertion(
  smart: SmartServer,
  clientId: string,
  key: JWK,
  spoil: { claims?: Record<string, unknown>; header?: Record<string, unknown>; seconds?: number } = {},
): Promise<Record<string, string>> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: `${smart.issuer}/token`,
    exp: now + (spoil.seconds ?? 240),
    jti: randomBytes(8).toString('hex'),
    ...spoil.claims,
  };
  const present = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  const jwt = await new SignJWT(present)
    .setProtectedHeader({ alg: key.alg!, kid: key.kid!, typ: 'JWT', ...spoil.header })
    .sign(await importJWK(key, key.alg));
  return { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: jwt };
}
