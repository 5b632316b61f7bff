/** An authorization server whose store cannot be written, or not be reached at all. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { unavailable } from '../../server/fhir/errors.ts';
import type { StateStore } from '../../server/store/state-store.ts';
import {
  APP_REDIRECT,
  assertion,
  authorize,
  launch,
  mint,
  openFileState,
  post,
  redeem,
  type SmartServer,
  startSmartServer,
  type TokenAnswer,
} from '../auth/smart-server.ts';

const WRITES = ['put', 'add', 'insertIfAbsent', 'consume', 'take', 'remove', 'removeGroup'] as const;
const READS = ['has', 'get', 'find', 'list'] as const;
const OUTAGE = [503, 'temporarily_unavailable', '1'];

let broken: readonly string[] = [];
/** How many calls are carried out before those in `broken` fail. */
let whole = 0;
const isOut = (): boolean => {
  whole -= 1;
  return whole < 0;
};
let smart: SmartServer;
let closeState: () => Promise<void>;

beforeAll(async () => {
  const { state, close } = await openFileState();
  closeState = close;
  const fail = () => Promise.reject(Object.assign(unavailable('The store could not commit.'), { cause: new Error('disk is full') }));
  const sick: StateStore = { ...state };
  for (const name of [...WRITES, ...READS]) {
    const call = state[name] as (...given: unknown[]) => Promise<unknown>;
    Object.assign(sick, { [name]: (...given: unknown[]) => (broken.includes(name) && isOut() ? fail() : call.apply(state, given)) });
  }
  smart = await startSmartServer(sick, {
    findUser: async (id) => (broken.length > 0 && isOut() ? fail() : { fhirUser: `https://ehr.example/${id}` }),
    signIn: {
      place: 'Fjordheim sykehus',
      users: { kind: 'choice', choices: async () => [], enter: async () => undefined },
      patients: async () => [],
      patient: async () => undefined,
    },
  });
});
afterAll(async () => {
  await smart.close();
  await closeState();
});
beforeEach(() => {
  broken = [];
  whole = 0;
});

const told = ({ status, body, headers }: TokenAnswer) => [status, body.error, headers.get('Retry-After')];

const PLACES = [['written', WRITES] as const, ['reached', [...WRITES, ...READS]] as const];

it.each(PLACES)('a system is told to come again while the store cannot be %s, and why is in the log', async (_what, calls) => {
  const fields = async () => ({
    grant_type: 'client_credentials',
    scope: 'system/*.rs',
    ...(await assertion(smart, 'rsa-system', smart.rsaKey)),
  });
  broken = calls;
  expect(told(await post(smart, '/token', await fields()))).toEqual(OUTAGE);
  expect(smart.events.at(-1)).toMatchObject({ level: 'error', reason: expect.stringMatching(/^temporarily_unavailable; /) });
  broken = [];
  expect((await post(smart, '/token', await fields())).status).toBe(200);
});

it.each(PLACES)('a code and a refresh token are good afterwards that came while the store could not be %s', async (_what, calls) => {
  const { code } = await authorize(smart, { launch: await mint(smart) });
  broken = calls;
  expect(told(await redeem(smart, code!))).toEqual(OUTAGE);
  broken = [];
  const { body } = await redeem(smart, code!);
  const renewal = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token), client_id: 'public-app' };
  broken = calls;
  expect(told(await post(smart, '/token', renewal))).toEqual(OUTAGE);
  broken = [];
  expect((await post(smart, '/token', renewal)).status).toBe(200);
});

/** Asks while the store fails after ever more calls, until it is not reached; each time again afterwards, and then once more. */
async function atEachCall(ask: () => Promise<() => Promise<TokenAnswer>>): Promise<number> {
  for (let calls = 0; ; calls += 1) {
    const redeemed = await ask();
    [broken, whole] = [[...WRITES, ...READS], calls];
    const answer = await redeemed();
    broken = [];
    if (answer.status === 200) return calls;
    expect(told(answer), `after ${calls} calls`).toEqual(OUTAGE);
    expect((await redeemed()).status, `after ${calls} calls`).toBe(200);
    expect((await redeemed()).body.error).toBe('invalid_grant');
  }
}

it('a code is good once afterwards, wherever in its redemption the store failed', async () => {
  const calls = await atEachCall(async () => {
    const { code } = await authorize(smart, { launch: await mint(smart) });
    return () => redeem(smart, code!);
  });
  expect(calls).toBeGreaterThan(5);
});

it('a refresh token is good once afterwards, wherever in its use the store failed', async () => {
  const calls = await atEachCall(async () => {
    const { body } = await launch(smart);
    const renewal = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token), client_id: 'public-app' };
    return () => post(smart, '/token', renewal);
  });
  expect(calls).toBeGreaterThan(5);
});

it.each(PLACES)('an app that is being opened is told in its redirect while the store cannot be %s', async (_what, calls) => {
  const started = await mint(smart);
  broken = calls;
  expect((await authorize(smart, { launch: started })).error).toBe('temporarily_unavailable');
});

it('a token that cannot be looked for is neither active nor inactive', async () => {
  const { body } = await launch(smart);
  broken = [...WRITES, ...READS];
  const fields = { token: String(body.access_token), client_id: 'public-app' };
  expect(told(await post(smart, '/introspect', fields))).toEqual(OUTAGE);
  expect(told(await post(smart, '/revoke', fields))).toEqual(OUTAGE);
});

it.each([
  ['nb', 'Tjenesten kan ikke brukes akkurat nå'],
  ['nn', 'Tenesta kan ikkje brukast akkurat no'],
  ['en', 'The service cannot be used just now'],
])('a page of a sign-in says so in %s', async (language, title) => {
  const { location } = await authorize(smart, { scope: 'launch/patient openid fhirUser patient/*.rs' });
  expect(location).toContain(smart.issuer);
  broken = [...WRITES, ...READS];
  const page = await fetch(location!, { headers: { Accept: 'text/html', 'Accept-Language': language } });
  expect([page.status, page.headers.get('Retry-After'), page.headers.get('Content-Language')]).toEqual([503, '1', language]);
  expect(await page.text()).toContain(`<h1>${title}</h1>`);
});

it('whoever has filled in a page of a sign-in is told on a page', async () => {
  const { location } = await authorize(smart, { scope: 'launch/patient openid fhirUser patient/*.rs' });
  broken = [...WRITES, ...READS];
  const headers = { Accept: 'text/html,*/*;q=0.8', 'Accept-Language': 'nn' };
  const page = await fetch(location!, { method: 'POST', headers, body: new URLSearchParams({ step: 'refuse' }) });
  expect([page.status, page.headers.get('Content-Type')]).toEqual([503, 'text/html; charset=utf-8']);
  expect(await page.text()).toContain('<h1>Tenesta kan ikkje brukast akkurat no</h1>');
});

it('a program that names HTML too is told in JSON, and the page of a client of another origin may read it', async () => {
  const { body } = await launch(smart);
  broken = [...WRITES, ...READS];
  const answer = await fetch(`${smart.address}/token`, {
    method: 'POST',
    headers: { Accept: 'text/html, image/gif, */*; q=.2', Origin: new URL(APP_REDIRECT).origin },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: String(body.refresh_token) }),
  });
  expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([503, 'temporarily_unavailable']);
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(new URL(APP_REDIRECT).origin);
});
