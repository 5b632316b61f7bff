/**
 * The service as it runs in production: over TLS, with clients and EHRs from files; and that nothing of the demo can be
 * switched on there by accident.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assertionFields } from '../../server/auth/client-token.ts';
import { markAsDemo } from '../../server/composition/demo-data.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { certificateFiles, certificatePem } from '../support/certificates.ts';
import { COMMAND } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';

const METRICS_TOKEN = 'metrics-token-of-the-test';
/** How a start that is refused ends. */
const COULD_NOT_RUN = 2;

let folder: string;
let env: Record<string, string>;
let url: string;
let privateKey: JWK;
const running: ChildProcess[] = [];

beforeAll(async () => {
  const pair = await generateKeyPair('ES384', { extractable: true });
  privateKey = { ...(await exportJWK(pair.privateKey)), alg: 'ES384', kid: 'k1' };
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fellesplan-production-'));
  const [port, metricsPort] = [await freePort(), await freePort()];
  url = `https://localhost:${port}`;
  writeClients('kommune-system');
  write('issuers.json', [EHR]);
  write('metrics-token', METRICS_TOKEN);
  const { certFile, keyFile } = certificateFiles('first');
  copyFileSync(keyFile, join(folder, 'key.pem'));
  env = {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    FELLESPLAN_URL: url,
    FELLESPLAN_DATA: join(folder, 'data'),
    FELLESPLAN_TLS_CERT: certFile,
    FELLESPLAN_TLS_KEY: join(folder, 'key.pem'),
    FELLESPLAN_CLIENTS: join(folder, 'clients.json'),
    FELLESPLAN_TRUSTED_ISSUERS: join(folder, 'issuers.json'),
    FELLESPLAN_METRICS_LISTEN: `127.0.0.1:${metricsPort}`,
    FELLESPLAN_METRICS_TOKEN_FILE: join(folder, 'metrics-token'),
  };
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true });
});

const EHR_KEY = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'jwk' });
const EHR = {
  name: 'Fjordheim sykehus',
  issuer: 'https://ehr.example/auth',
  fhirBaseUrl: 'https://ehr.example/fhir',
  clientId: 'fellesplan-app',
  frameOrigin: 'https://pages.ehr.example',
  service: { clientId: 'fellesplan-service', privateKey: EHR_KEY },
};

function write(name: string, content: unknown): void {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
}

function writeClients(...ids: string[]): void {
  const { d: _private, ...publicKey } = privateKey;
  const system = {
    name: 'Solvik kommune',
    authentication: { method: 'private_key_jwt', keys: [publicKey] },
    grants: ['client_credentials'],
    scopes: ['system/Organization.cruds'],
    scopesAlone: true,
  };
  write(
    'clients.json',
    ids.map((clientId) => ({ ...system, clientId })),
  );
}

/** Runs the command; `ended` resolves with the exit code. */
function run(args: readonly string[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd: folder, env: { ...env, ...more } });
  running.push(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  return { child, output: () => printed, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

async function serve() {
  const started = run(['serve']);
  await expect.poll(started.output, { timeout: 30_000 }).toContain('Ready:');
  return started;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, ...how } = options;
    const asked = request(url + path, { ...how, ca: certificatePem('first').cert, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asked.on('error', reject).end(body);
  });
}

async function token(clientId: string): Promise<Answer> {
  const fields = await assertionFields({ clientId, audience: `${url}/auth/token`, privateKey });
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/Organization.cruds', ...fields }).toString();
  return ask('/auth/token', { method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
}

describe('production', { timeout: 90_000 }, () => {
  it('serves registered clients over TLS, and nothing simulated', async () => {
    const { output } = await serve();
    const metadata = await ask('/fhir/metadata');
    expect(metadata).toMatchObject({ status: 200, headers: { 'strict-transport-security': expect.stringContaining('max-age=31536000') } });
    const { access_token: accessToken } = JSON.parse((await token('kommune-system')).text) as { access_token: string };
    const headers = { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/fhir+json' };
    const body = JSON.stringify({ resourceType: 'Organization', name: 'Solvik' });
    expect(await ask('/fhir/Organization', { method: 'POST', headers, body })).toMatchObject({ status: 201 });
    expect(await ask('/fhir/Organization?_summary=count', { headers })).toMatchObject({ status: 200 });
    for (const path of [
      '/ehr/hospital/',
      '/ehr/hospital/fhir/metadata',
      '/ehr/hospital/auth/token',
      '/idp/authorize',
      '/metrics',
      '/brands',
    ]) {
      expect((await ask(path)).status, path).toBe(404);
    }
    for (const client of ['admin-system', 'hospital-system', 'municipality-system']) expect((await token(client)).status, client).toBe(401);
    const app = await ask('/app/');
    expect(app.headers['content-security-policy']).toContain("frame-ancestors 'self' https://pages.ehr.example;");
    const metrics = `http://${env.FELLESPLAN_METRICS_LISTEN}/metrics`;
    expect((await fetch(metrics)).status).toBe(401);
    const measured = await fetch(metrics, { headers: { Authorization: `Bearer ${METRICS_TOKEN}` } });
    const numbers = await measured.text();
    expect(numbers).toContain('http_route="/fhir/{type}",http_response_status_code="201"} 1');
    for (const name of ['fellesplan_commit_group_size_count', 'fellesplan_audit_unsealed', 'db_client_operation_duration_count']) {
      expect(numbers, name).toMatch(new RegExp(`^${name}(\\{[^}]*\\})? \\d+$`, 'm'));
    }
    expect(Number(/^fellesplan_commit_group_size_count (\d+)$/m.exec(numbers)?.[1])).toBeGreaterThan(0);
    expect(output()).not.toMatch(/metrics-token-of-the-test|PRIVATE KEY/);
    expect(output()).not.toContain(EHR_KEY.d);
  });

  it('lets the pages of a registered app read answers, and those of a portal frame the plan app', async () => {
    const portal = {
      clientId: 'portal-app',
      name: 'Portalen',
      authentication: { method: 'none' },
      grants: ['authorization_code'],
      scopes: ['openid', 'launch/patient', 'patient/*.rs'],
      redirectUris: ['https://app.portal.example/callback'],
      frameOrigins: ['https://portal.example'],
    };
    write('clients.json', [portal]);
    await serve();
    const allowed = async (origin: string) =>
      (await ask('/fhir/Patient', { headers: { Origin: origin } })).headers['access-control-allow-origin'];
    expect(await allowed('https://app.portal.example')).toBe('https://app.portal.example');
    expect(await allowed('https://portal.example')).toBeUndefined();
    const policy = String((await ask('/app/')).headers['content-security-policy']);
    expect(policy).toContain("frame-ancestors 'self' https://pages.ehr.example https://portal.example;");
  });

  it('publishes the brands of its file for anybody, and reads them anew at SIGHUP', async () => {
    const brands = (name: string) => ({
      developers: 'https://solvik.example/utviklere',
      organizations: [
        {
          resourceType: 'Organization',
          id: 'solvik',
          name,
          identifier: [{ system: 'urn:ietf:rfc:3986', value: 'https://solvik.example' }],
          telecom: [{ system: 'url', value: 'https://solvik.example' }],
        },
      ],
    });
    write('brands.json', brands('Solvik'));
    env.FELLESPLAN_BRANDS = join(folder, 'brands.json');
    const { child } = await serve();
    expect(JSON.parse((await ask('/fhir/.well-known/smart-configuration')).text)).toMatchObject({
      user_access_brand_bundle: `${url}/brands`,
      user_access_brand_identifier: { value: 'https://solvik.example' },
    });
    expect(await ask('/brands')).toMatchObject({ status: 200, text: expect.stringContaining('"name":"Solvik"') });
    write('brands.json', brands('Solvik kommune'));
    child.kill('SIGHUP');
    await expect.poll(async () => (await ask('/brands')).text, { timeout: 10_000 }).toContain('"name":"Solvik kommune"');
  });

  it('tells the operator why a client was refused under the id that the client has of it', async () => {
    const { output } = await serve();
    const { status, headers } = await token('unknown-system');
    expect(status).toBe(401);
    const lines = output()
      .split('\n')
      .filter((line) => line.includes(`"requestId":"${headers['x-request-id']}"`));
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'authorization', what: 'token', reason: 'invalid_client; client not found' }),
    );
  });

  it('reads clients and EHRs anew at SIGHUP, and keeps what it has when a file is spoilt', async () => {
    const { child, output } = await serve();
    expect((await token('late-system')).status).toBe(401);
    writeClients('kommune-system', 'late-system');
    write('issuers.json', [{ ...EHR, frameOrigin: 'https://new.ehr.example' }]);
    child.kill('SIGHUP');
    await expect.poll(async () => (await token('late-system')).status, { timeout: 10_000 }).toBe(200);
    expect((await ask('/app/')).headers['content-security-policy']).toContain('https://new.ehr.example');
    expect(JSON.parse((await ask('/app/config.json')).text)).toMatchObject({ issuers: [{ iss: EHR.fhirBaseUrl }] });
    write('clients.json', [{ clientId: 'spoilt' }]);
    child.kill('SIGHUP');
    await expect.poll(output, { timeout: 10_000 }).toContain('"event":"not-reloaded"');
    expect((await token('late-system')).status).toBe(200);
    writeClients('kommune-system');
    child.kill('SIGHUP');
    await expect.poll(async () => (await token('late-system')).status, { timeout: 10_000 }).toBe(401);
  });

  it.each([
    ['the demo', ['demo'], {}, 'demo mode has simulated EHRs'],
    [
      'the demo with several workers',
      ['demo', '--workers', '2'],
      { DATABASE_URL: 'postgres://127.0.0.1:1/x' },
      'demo mode has simulated EHRs',
    ],
    ['a token of the demo', ['token', 'admin-system'], {}, 'demo mode has simulated EHRs'],
    ['a URL that is not https', ['serve'], { FELLESPLAN_URL: 'http://plan.example' }, 'FELLESPLAN_URL is to be an https URL'],
    ['a certificate without its key', ['serve'], { FELLESPLAN_TLS_KEY: '' }, 'go together'],
    [
      'a key that is not there',
      ['serve'],
      { FELLESPLAN_TLS_KEY: '/nowhere/key.pem' },
      'FELLESPLAN_TLS_CERT and FELLESPLAN_TLS_KEY: /nowhere/key.pem cannot be read (ENOENT)',
    ],
    [
      'clients that are not there',
      ['serve'],
      { FELLESPLAN_CLIENTS: '/nowhere/clients.json' },
      'FELLESPLAN_CLIENTS: /nowhere/clients.json cannot be read (ENOENT)',
    ],
    ['an address of another machine', ['serve'], { HOST: '192.0.2.1' }, 'HOST: listen EADDRNOTAVAIL'],
    [
      'a folder that is a file',
      ['serve'],
      { FELLESPLAN_DATA: import.meta.filename },
      'FELLESPLAN_DATA: EEXIST: file already exists, mkdir',
    ],
    [
      'a database that is out of reach',
      ['serve'],
      { DATABASE_URL: 'postgres://somebody:hidden@127.0.0.1:1/x' },
      'DATABASE_URL: The database cannot be reached just now (connect ECONNREFUSED 127.0.0.1:1)',
    ],
  ])('refuses %s', async (_why, args, more, text) => {
    const { ended, output } = run(args, more as unknown as Record<string, string>);
    expect(await ended).toBe(COULD_NOT_RUN);
    expect(output()).toContain(text);
    expect(output()).not.toContain('Ready');
    expect(output()).not.toContain('hidden');
  });

  it.each([
    ['the port', 'PORT'],
    ['the address for metrics', 'FELLESPLAN_METRICS_LISTEN'],
  ])('ends when %s is taken, and lets go of all that it opened', async (_why, name) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = (other.address() as { port: number }).port;
    const { ended, output } = run(['serve'], { [name]: name === 'PORT' ? String(port) : `127.0.0.1:${port}` });
    expect(await ended).toBe(COULD_NOT_RUN);
    expect(output()).toContain(`${name}: listen EADDRINUSE`);
    expect(output()).toContain('(another process listens there; end it, or choose another port)');
    other.close();
  });

  it('believes a proxy that it trusts, and refuses what came to it by plain HTTP', async () => {
    const started = run(['serve'], { FELLESPLAN_TLS_CERT: '', FELLESPLAN_TLS_KEY: '', FELLESPLAN_TRUST_PROXY: '127.0.0.1' });
    await expect.poll(started.output, { timeout: 30_000 }).toContain('Ready:');
    const direct = url.replace('https:', 'http:').replace('localhost', '127.0.0.1');
    const by = async (headers: Record<string, string>) => fetch(`${direct}/fhir/metadata`, { headers });
    expect((await by({ 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'http' })).status).toBe(403);
    const answer = await by({ Forwarded: 'for=192.0.2.7;proto=https' });
    expect([answer.status, answer.headers.has('strict-transport-security')]).toEqual([200, true]);
    expect(await answer.json()).toMatchObject({ implementation: { url: `${url}/fhir` } });
    expect(started.output()).not.toContain('neither a certificate');
  });

  it('refuses a file of clients, and tells all that is wrong with it', async () => {
    write('clients.json', [{ clientId: 'a' }, { clientId: 'b' }]);
    const { ended, output } = run(['serve']);
    expect(await ended).toBe(COULD_NOT_RUN);
    expect(output()).toContain('[0].name: a name for people is wanted');
    expect(output()).toContain('[1].scopes: a list with one entry or more is wanted');
  });

  it.each([
    ['holds the mark of the demo', 'mark'],
    ['holds a person of the demo', 'person'],
  ])('refuses a database that %s', async (_why, what) => {
    const database = await openSqliteStore({ file: join(folder, 'data', 'fellesplan.sqlite') });
    const json = JSON.stringify({ resourceType: 'Patient', id: 'ingrid-solberg' });
    const write = { type: 'Patient', id: 'ingrid-solberg', versionId: 1, lastUpdatedMs: 0, method: 'PUT', json, index: [] } as const;
    if (what === 'mark') await markAsDemo(database);
    else await database.resources.transact({ lookups: {}, build: () => ({ writes: [write], result: undefined }) });
    await database.close();
    const { ended, output } = run(['serve']);
    expect(await ended).toBe(COULD_NOT_RUN);
    expect(output()).toContain('this database holds the invented people of the demo');
  });

  it('refuses, outside production, a demo whose certificate it does not trust itself, and says why', async () => {
    const { ended, output } = run(['demo'], { NODE_ENV: '' });
    expect(await ended).toBe(COULD_NOT_RUN);
    expect(output()).toContain('fetch failed: self-signed certificate');
  });

  it('warns of secrets that everybody can read', async () => {
    writeFileSync(join(folder, 'loose.json'), JSON.stringify([EHR]), { mode: 0o644 });
    const started = run(['serve'], { FELLESPLAN_TRUSTED_ISSUERS: join(folder, 'loose.json') });
    await expect.poll(started.output, { timeout: 30_000 }).toContain('Ready:');
    expect(started.output()).toContain('loose.json holds a secret and can be read by everybody');
  });
});
