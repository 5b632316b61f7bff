/**
 * What the running demo tells the world: the headers of every kind of answer, and a log in which nobody is named,
 * whatever was asked and refused.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOfSecret } from '../../server/auth/clients.ts';
import { PLAN_APP } from '../../server/auth/plan-app.ts';
import { boxesIn, browser, tokenIn } from '../auth/sign-in/browser.ts';
import { challengeOf, VERIFIER } from '../auth/smart-server.ts';
import { resourcesOf, SETS, valuesNamed } from '../demo/bundles.ts';
import { type DemoProcess, removeData, startDemo } from './demo-process.ts';

let demo: DemoProcess;
let token: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fellesplan-hardening-'));
  const file = join(folder, 'clients.json');
  writeFileSync(file, JSON.stringify([OWN_CLIENT]));
  demo = await startDemo({ env: { FELLESPLAN_LOG: 'debug', FELLESPLAN_CLIENTS: file } });
  token = await demo.token('admin-system');
});
afterAll(async () => {
  await demo.stop();
  await removeData(demo);
  rmSync(folder, { recursive: true });
});

/** A client that somebody tries with the demo. */
const OWN_CLIENT = {
  clientId: 'own-system',
  name: 'Own',
  authentication: { method: 'client_secret_basic', secretHash: hashOfSecret('own-secret') },
  grants: ['client_credentials'],
  scopes: ['system/*.rs'],
  scopesAlone: true,
};

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(path.startsWith('http') ? path : demo.url + path, { redirect: 'manual', ...init });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const page = (path: string) => ask(path, { headers: { Accept: 'text/html' } });
const authorized = () => ({ Authorization: `Bearer ${token}` });

function authorizeUrl(more: Record<string, string> = {}): string {
  const parameters = {
    response_type: 'code',
    client_id: PLAN_APP,
    redirect_uri: `${demo.url}/app/`,
    scope: 'openid fhirUser launch/patient patient/*.rs',
    state: 'state-of-the-app',
    aud: `${demo.url}/fhir`,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
    ...more,
  };
  return `${demo.url}/auth/authorize?${new URLSearchParams(parameters)}`;
}

/** Signs a user in at a simulated EHR by its pages. @returns the browser, and the page with the list of patients. */
async function atEhr(ehr: string) {
  const user = browser();
  const front = await user.get(`${demo.url}/ehr/${ehr}/`);
  const role = /name="role" value="([^"]+)"/.exec(front.text)?.[1] ?? '';
  const sent = await user.post(`${demo.url}/ehr/${ehr}/login`, front, [['role', role]]);
  return { user, front, patients: await user.get(sent.location!) };
}

async function signInPage() {
  const user = browser();
  const signIn = (await user.get(authorizeUrl())).location!;
  return { user, signIn, start: await user.get(signIn) };
}

/** To the provider, as this person, and back: the page that follows. */
async function atProvider(choose: (ids: readonly string[]) => string) {
  const { user, signIn, start } = await signInPage();
  const sent = await user.post(signIn, start, [['step', 'external']]);
  const provider = (await user.get(sent.location!)).location!;
  const list = await user.get(provider);
  const ids = [...list.text.matchAll(/name="person" value="([^"]+)"/g)].map((match) => match[1]!);
  const callback = (await user.postForm(provider, new URLSearchParams({ person: choose(ids) }))).location!;
  await user.get(callback);
  return { user, signIn, list, next: await user.get(signIn) };
}

const NOTHING = "default-src 'none'";

describe('the headers of every answer', { timeout: 60_000 }, () => {
  const kinds: readonly (readonly [kind: string, ask: () => Promise<Answer>, status: number, frames: string])[] = [
    ['the front page', () => page('/'), 200, "'none'"],
    ['the page on conformance', () => page('/conformance'), 200, "'none'"],
    ['a page that is not there', () => page('/nowhere'), 404, "'none'"],
    ['the same for a program', () => ask('/nowhere', { headers: { Accept: 'application/json' } }), 404, "'none'"],
    ['a style', () => ask('/front-page.css'), 200, "'none'"],
    ['health', () => ask('/healthz'), 200, "'none'"],
    ['readiness', () => ask('/readyz'), 200, "'none'"],
    ['the app', () => page('/app/'), 200, "'self' OWN"],
    ['its launch', () => page('/app/launch.html'), 200, "'self' OWN"],
    ['its configuration', () => ask('/app/config.json'), 200, "'self' OWN"],
    ['the capability statement', () => ask('/fhir/metadata'), 200, "'none'"],
    ['the SMART configuration', () => ask('/fhir/.well-known/smart-configuration'), 200, "'none'"],
    ['a resource', () => ask('/fhir/Patient/ingrid-solberg', { headers: authorized() }), 200, "'none'"],
    ['a search', () => ask('/fhir/CarePlan', { headers: authorized() }), 200, "'none'"],
    ['a refusal', () => ask('/fhir/Patient'), 401, "'none'"],
    [
      'a fault in a body',
      () => ask('/fhir/Task', { method: 'POST', headers: { ...authorized(), 'Content-Type': 'application/json' }, body: '{' }),
      400,
      "'none'",
    ],
    ['a preflight', () => ask('/fhir/Task', { method: 'OPTIONS', headers: { Origin: 'https://x.example' } }), 204, "'none'"],
    ['a page of the sign-in', async () => (await signInPage()).start, 200, "'none'"],
    ['a sign-in that is gone', () => page('/auth/sign-in/gone'), 404, "'none'"],
    ['the choice of a patient', async () => (await atProvider((ids) => ids[0]!)).next, 200, "'none'"],
    ['an authorization that cannot be answered', () => page('/auth/authorize?client_id=nobody'), 400, "'none'"],
    ['the same at an EHR, whose own pages may show it', () => page('/ehr/hospital/auth/authorize?client_id=nobody'), 400, "'self'"],
    [
      'a token that is refused',
      () => ask('/auth/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'x' }) }),
      400,
      "'none'",
    ],
    ['the keys', () => ask('/auth/jwks'), 200, "'none'"],
    ['an unknown page of the authorization server', () => ask('/auth/nowhere'), 404, "'none'"],
    ['the identity provider', async () => (await atProvider((ids) => ids[0]!)).list, 200, "'none'"],
    ['the front page of an EHR', async () => (await atEhr('hospital')).front, 200, "'none'"],
    ['its patients', async () => (await atEhr('municipality')).patients, 200, "'none'"],
    ['a record', async () => openRecord(), 200, "'none'"],
  ];

  it.each(kinds)('%s', async (_kind, asked, status, frames) => {
    const answer = await asked();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(['no-referrer', 'same-origin']).toContain(answer.headers.get('referrer-policy'));
    expect(answer.headers.get('x-powered-by')).toBeNull();
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(new RegExp(`^${NOTHING}`));
    const own = new URL(demo.url).origin;
    expect(/frame-ancestors ([^;]+)/.exec(policy)?.[1]).toBe(frames.replace('OWN', own));
    expect(/script-src ([^;]+)/.exec(policy)?.[1] ?? "'none'").toMatch(/^'(none|self)'$/);
    // What a page brings with it has to be allowed by its hash; no page brings a script.
    expect(answer.text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+="|javascript:/i);
    if (!policy.includes("style-src 'self' 'unsafe-inline'")) expect(answer.text).not.toMatch(/\sstyle="/);
    if (/<style/.test(answer.text)) expect(policy).toMatch(/style-src 'sha256-/);
  });

  it('of a request that is none', async () => {
    const socket = createConnection(Number(new URL(demo.url).port), 'localhost');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`);
    await new Promise((resolve) => socket.on('close', resolve));
    expect(text).toMatch(/^HTTP\/1\.1 431 .*\r\nContent-Security-Policy: default-src 'none'/);
  });
});

async function openRecord(): Promise<Answer> {
  const { user, patients } = await atEhr('municipality');
  const link = /href="([^"]*\/patients\/[^"]+)"/.exec(patients.text)?.[1] ?? '';
  return user.get(new URL(link, demo.url).href);
}

describe('a client of one’s own', () => {
  it('may be tried with the demo', async () => {
    const headers = { Authorization: `Basic ${Buffer.from('own-system:own-secret').toString('base64')}` };
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/*.rs' });
    const { access_token: own } = JSON.parse((await ask('/auth/token', { method: 'POST', headers, body })).text) as {
      access_token: string;
    };
    expect((await ask('/fhir/Patient/ingrid-solberg', { headers: { Authorization: `Bearer ${own}` } })).status).toBe(200);
  });
});

describe('cross-origin access [Fetch]', { timeout: 60_000 }, () => {
  const allowed = async (path: string, origin: string, init: RequestInit = {}) =>
    (await ask(path, { ...init, headers: { ...(init.headers as object), Origin: origin } })).headers.get('access-control-allow-origin');

  it('is for registered origins; what is public is for everybody', async () => {
    const own = new URL(demo.url).origin;
    for (const path of ['/fhir/metadata', '/fhir/.well-known/smart-configuration'])
      expect(await allowed(path, 'https://x.example')).toBe('*');
    expect(await allowed('/fhir/Patient/ingrid-solberg', own, { headers: authorized() })).toBe(own);
    for (const origin of ['https://x.example', 'null', `${own}.x.example`, own.replace('http:', 'https:')]) {
      expect(await allowed('/fhir/Patient/ingrid-solberg', origin, { headers: authorized() }), origin).toBeNull();
      expect(
        await allowed('/fhir/Patient', origin, { method: 'OPTIONS', headers: { 'Access-Control-Request-Method': 'PUT' } }),
        origin,
      ).toBeNull();
      const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: PLAN_APP });
      expect(await allowed('/auth/token', origin, { method: 'POST', body }), origin).toBeNull();
    }
  });
});

describe('the log at its most talkative', { timeout: 120_000 }, () => {
  it('names nobody: no identity number in any form, no name, whatever was asked and refused', async () => {
    const patients = SETS.flatMap((set) => resourcesOf(set, 'Patient'));
    const numbers = new Set(
      patients.flatMap((patient) => valuesNamed(patient.identifier, 'value')).filter((value) => /^\d{11}$/.test(String(value))),
    ) as Set<string>;
    const people = SETS.flatMap((set) => ['Patient', 'Practitioner', 'RelatedPerson'].flatMap((type) => resourcesOf(set, type)));
    const families = new Set(people.flatMap((person) => valuesNamed(person.name, 'family')).map(String));
    expect(numbers.size).toBeGreaterThan(30);
    expect(families.size).toBeGreaterThan(30);

    for (const number of numbers) await askFor(number, `${number.slice(0, 6)} ${number.slice(6)}`);
    for (const family of families) await askForName(family);
    await useThePages([...numbers][0]!, [...families][0]!);
    await malformed([...numbers][0]!);

    const text = demo.output();
    expect(text.split('\n').filter((line) => line.startsWith('{')).length).toBeGreaterThan(500);
    for (const event of ['request-begins', 'request', 'authorization']) expect(text).toContain(`"event":"${event}"`);
    for (const line of text.split('\n').filter((each) => each.startsWith('{'))) expect(JSON.parse(line)).toHaveProperty('level');
    const found = [...numbers].flatMap(formsOf).filter((form) => text.includes(form));
    expect(found).toEqual([]);
    // A name may be a word of the log only when it is no name there.
    expect([...families].filter((family) => new RegExp(`(?<![\\p{L}-])${family}(?![\\p{L}-])`, 'u').test(text))).toEqual([]);
    expect(text).not.toContain(token.split('.')[2]);
    expect(text).not.toMatch(/eyJ[\w-]{10,}/);
  });
});

describe('the end of the terminal', { timeout: 30_000 }, () => {
  it('is the end of the demo', async () => {
    const lives = (): boolean => {
      try {
        return process.kill(demo.pid, 0);
      } catch {
        return false;
      }
    };
    process.kill(demo.pid, 'SIGHUP');
    await expect.poll(lives, { timeout: 15_000 }).toBe(false);
    expect(await demo.stop()).toBe(0);
  });
});

/** How a number may be written. */
function formsOf(number: string): readonly string[] {
  const [date, rest] = [number.slice(0, 6), number.slice(6)];
  return [number, ...[' ', '%20', '+', '-', '\u00a0', '%C2%A0'].map((between) => date + between + rest)];
}

async function askFor(number: string, spaced: string): Promise<void> {
  const search = (identifier: string) =>
    ask('/fhir/Patient/_search', { method: 'POST', headers: authorized(), body: new URLSearchParams({ identifier }) });
  const system = 'urn:oid:2.16.578.1.12.4.1.4.1';
  const json = { ...authorized(), 'Content-Type': 'application/fhir+json' };
  const patient = (value: string) => JSON.stringify({ resourceType: 'Patient', identifier: [{ system, value }], birthDate: value });
  await Promise.all([
    search(`${system}|${number}`),
    search(spaced),
    ask(`/fhir/Patient?identifier=${number}`, { headers: authorized() }),
    ask(`/fhir/Patient?identifier=${system}%7C${encodeURIComponent(spaced)}`, { headers: authorized() }),
    ask(`/fhir/Patient/${number}`, { headers: authorized() }),
    ask(`/fhir/${encodeURIComponent(spaced)}/${number}/$everything`, { headers: authorized() }),
    ask('/fhir/Patient', { method: 'POST', headers: json, body: patient(number) }),
    ask('/fhir/Patient', {
      method: 'POST',
      headers: { ...json, 'If-None-Exist': `identifier=${number}`, 'X-Request-Id': `${number}` },
      body: patient(spaced),
    }),
    ask(`/${number}`),
    ask(`/auth/authorize?client_id=${number}&login_hint=${encodeURIComponent(spaced)}`),
    ask('/auth/token', { method: 'POST', body: new URLSearchParams({ grant_type: number, client_id: spaced }) }),
  ]);
}

async function askForName(name: string): Promise<void> {
  const encoded = encodeURIComponent(name);
  await Promise.all([
    ask(`/fhir/Patient?name=${encoded}`, { headers: authorized() }),
    ask(`/fhir/Patient?${encoded}=1`, { headers: { ...authorized(), Prefer: 'handling=strict' } }),
    ask(`/fhir/${encoded}`, { headers: authorized() }),
    ask(`/fhir/Patient/${encoded}`, { headers: authorized() }),
    ask(`/fhir/Patient/ingrid-solberg/$${encoded}`, { headers: authorized() }),
    ask(`/${encoded}?${encoded}`),
    ask('/auth/token', {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${name}:x`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    }),
  ]);
}

async function useThePages(number: string, name: string): Promise<void> {
  for (const ehr of ['hospital', 'municipality']) {
    const { user, patients } = await atEhr(ehr);
    for (const q of [number, name]) await user.post(`${demo.url}/ehr/${ehr}/patients`, patients, [['q', q]]);
  }
  await openRecord();
  for (const choose of [(ids: readonly string[]) => ids[0]!, (ids: readonly string[]) => ids.find((id) => id.startsWith('patient-'))!]) {
    const { user, signIn, next } = await atProvider(choose);
    const patient = /name="id" value="([^"]+)"/.exec(next.text)?.[1];
    if (patient !== undefined)
      await user.post(signIn, next, [
        ['step', 'patient'],
        ['id', patient],
      ]);
    const consent = await user.get(signIn);
    expect(tokenIn(consent.text)).not.toBe('');
    await user.post(signIn, consent, [['step', 'allow'], ...boxesIn(consent.text).map((scope) => ['scope', scope] as const)]);
  }
}

async function malformed(number: string): Promise<void> {
  const json = { ...authorized(), 'Content-Type': 'application/fhir+json' };
  await ask('/fhir/Patient', { method: 'POST', headers: json, body: `{"resourceType":"Patient","id":"${number}` });
  await ask('/fhir', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ request: { method: 'GET', url: `Patient?identifier=${number}` } }],
    }),
  });
  await ask(`/fhir/Patient/%E0%A4%A${number}`, { headers: authorized() });
  await ask('/fhir/Patient', { headers: { Authorization: `Bearer ${number}` } });
  // A client that goes away while it sends.
  await new Promise<void>((resolve) => {
    const broken = request(`${demo.url}/fhir/Patient`, { method: 'POST', headers: { ...json, 'Content-Length': '1000' } });
    broken.on('error', () => resolve());
    broken.write(number);
    setTimeout(() => broken.destroy(), 100);
  });
}
