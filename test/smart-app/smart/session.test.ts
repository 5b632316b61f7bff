import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../smart-app/src/smart/app-error.ts';
import type { PendingLaunch } from '../../../smart-app/src/smart/authorize.ts';
import {
  openSession,
  redeemCode,
  renewSession,
  restoreSession,
  type Session,
  type SessionPorts,
} from '../../../smart-app/src/smart/session.ts';
import { SessionKeeper } from '../../../smart-app/src/smart/session-keeper.ts';
import { WindowStorage } from '../../../smart-app/src/smart/window-storage.ts';
import { answers, testWindow } from './scripted-fetch.ts';

const NOW_MS = 1_700_000_000_000;
const config = {
  fhirBaseUrl: 'https://shared.test/fhir',
  tokenEndpoint: 'https://shared.test/token',
  clientId: 'shared-client',
  issuers: [{ iss: 'https://ehr.test/fhir', clientId: 'ehr-client', name: 'EHR' }],
};

const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const claims = { iss: 'https://ehr.test', aud: 'ehr-client', exp: NOW_MS / 1000 + 3600, nonce: 'n' };
const ehrAnswer = {
  access_token: 'ehr-1',
  token_type: 'Bearer',
  expires_in: 3600,
  patient: 'p1',
  id_token: jwt(claims),
  need_patient_banner: true,
};
const sharedAnswer = { access_token: 'shared-1', token_type: 'bearer', expires_in: 900, patient: 's1' };

function portsWith(
  script: readonly unknown[],
  host = testWindow(),
): SessionPorts & { readonly calls: ReturnType<typeof answers>['calls'] } {
  const { fetcher, calls } = answers(script);
  return { config, storage: new WindowStorage(host), fetcher, nowMs: () => NOW_MS, calls };
}

const pending: PendingLaunch = {
  iss: 'https://ehr.test/fhir',
  issuer: 'https://ehr.test',
  tokenEndpoint: 'https://ehr.test/token',
  redirectUri: 'https://app.test/app/',
  codeVerifier: 'verifier',
  nonce: 'n',
  startedAtMs: NOW_MS,
};

const redeem = (ports: SessionPorts, search = '?state=st&code=c1') => {
  ports.storage.hand('launch:st', pending);
  return redeemCode(search, ports);
};

const kindOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'no error',
    (thrown: unknown) => (thrown instanceof AppError ? thrown.kind : thrown),
  );

describe('redeeming a code', () => {
  test('sends it with the verifier and gives the EHR’s grant', async () => {
    const ports = portsWith([ehrAnswer]);
    const { key, ehr } = await redeem(ports);
    expect(key).toBe('st');
    expect(ehr).toMatchObject({ accessToken: 'ehr-1', patientId: 'p1', needPatientBanner: true, expiresAtMs: NOW_MS + 3_600_000 });
    expect(Object.fromEntries(ports.calls[0]?.body ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 'c1',
      redirect_uri: 'https://app.test/app/',
      client_id: 'ehr-client',
      code_verifier: 'verifier',
    });
  });

  test('happens once: the second time nothing is sent', async () => {
    const ports = portsWith([ehrAnswer]);
    await redeem(ports);
    expect(await kindOf(redeemCode('?state=st&code=c1', ports))).toBe('launch-used');
    expect(ports.calls).toHaveLength(1);
  });

  test('a lost answer is not asked for again: the code may be used', async () => {
    const ports = portsWith([new TypeError('fetch failed')]);
    expect(await kindOf(redeem(ports))).toBe('ehr-away');
    expect(await kindOf(redeemCode('?state=st&code=c1', ports))).toBe('launch-used');
    expect(ports.calls).toHaveLength(1);
  });

  test.each([
    ['a state that this window did not make', '?state=other&code=c1', ehrAnswer, 'launch-used'],
    ['no state', '?code=c1', ehrAnswer, 'launch-used'],
    ['an OAuth error', '?state=st&error=access_denied', ehrAnswer, 'launch-refused'],
    ['no code', '?state=st', ehrAnswer, 'launch-refused'],
    ['another issuer in the answer [RFC 9207]', '?state=st&code=c1&iss=https%3A%2F%2Fevil.test', ehrAnswer, 'launch-refused'],
    ['a code that the EHR does not know', '?state=st&code=c1', [400, { error: 'invalid_grant' }], 'launch-refused'],
    ['no id_token', '?state=st&code=c1', { ...ehrAnswer, id_token: undefined }, 'launch-refused'],
    ['an id_token of another launch', '?state=st&code=c1', { ...ehrAnswer, id_token: jwt({ ...claims, nonce: 'x' }) }, 'launch-refused'],
    ['a token that is not a bearer token', '?state=st&code=c1', { ...ehrAnswer, token_type: 'mac' }, 'launch-refused'],
    ['no patient in context', '?state=st&code=c1', { ...ehrAnswer, patient: undefined }, 'no-identity'],
    ['an EHR that fails', '?state=st&code=c1', 503, 'ehr-away'],
  ])('%s is refused', async (_why, search, answer, kind) => {
    expect(await kindOf(redeem(portsWith([answer]), search))).toBe(kind);
  });
});

describe('a session at the shared service', () => {
  const opened = async (script: readonly unknown[] = [ehrAnswer, sharedAnswer], host = testWindow()) => {
    const ports = portsWith(script, host);
    const { key, ehr } = await redeem(ports);
    return { ports, session: await openSession(key, ehr, ports) };
  };

  test('is opened by exchanging the EHR’s id_token and access token [RFC 8693]', async () => {
    const { ports, session } = await opened();
    expect(session.shared).toMatchObject({ accessToken: 'shared-1', patientId: 's1', expiresAtMs: NOW_MS + 900_000 });
    expect(ports.calls[1]?.url).toBe('https://shared.test/token');
    expect(Object.fromEntries(ports.calls[1]?.body ?? [])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: ehrAnswer.id_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      actor_token: 'ehr-1',
      actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      client_id: 'shared-client',
    });
  });

  test('an exchange that is refused says so; a lost connection can be tried again', async () => {
    const refusedPorts = portsWith([ehrAnswer, [400, { error: 'invalid_request' }]]);
    const refused = await redeem(refusedPorts);
    expect(await kindOf(openSession(refused.key, refused.ehr, refusedPorts))).toBe('exchange-refused');
    const ports = portsWith([ehrAnswer, new TypeError('fetch failed'), sharedAnswer]);
    const redeemed = await redeem(ports);
    expect(await kindOf(openSession(redeemed.key, redeemed.ehr, ports))).toBe('connection');
    expect((await openSession(redeemed.key, redeemed.ehr, ports)).shared.accessToken).toBe('shared-1');
  });

  test('a reload of the same window finds it by its name, and no other', async () => {
    const host = testWindow();
    const { ports, session } = await opened(undefined, host);
    expect(restoreSession('st', ports)).toEqual(session);
    expect(restoreSession('another', ports)).toBeUndefined();
  });

  test('forgets what closed frames left in the window: sessions whose token has run out, launches that nobody ended', async () => {
    const host = testWindow();
    const { ports } = await opened(undefined, host);
    ports.storage.hand('launch:left', pending);
    const later = { ...portsWith([ehrAnswer, sharedAnswer], host), nowMs: () => NOW_MS + 3_600_001 };
    later.storage.hand('launch:now', { ...pending, startedAtMs: later.nowMs() });
    const { key, ehr } = await redeemCode('?state=now&code=c2', later);
    await openSession(key, ehr, later);
    expect(Object.keys(host.sessionStorage)).toEqual(['fellesplan:session:now']);
  });

  test('a session that is open in another frame of the window is left alone', async () => {
    const host = testWindow();
    await opened(undefined, host);
    const soon = { ...portsWith([ehrAnswer, sharedAnswer], host), nowMs: () => NOW_MS + 1000 };
    soon.storage.hand('launch:now', pending);
    const { key, ehr } = await redeemCode('?state=now&code=c2', soon);
    await openSession(key, ehr, soon);
    expect(Object.keys(host.sessionStorage).sort()).toEqual(['fellesplan:session:now', 'fellesplan:session:st']);
  });

  test('is renewed by a new exchange while the EHR’s tokens last', async () => {
    const { ports, session } = await opened([ehrAnswer, sharedAnswer, { ...sharedAnswer, access_token: 'shared-2' }]);
    expect((await renewSession(session, ports)).shared.accessToken).toBe('shared-2');
    expect(ports.calls[2]?.body.get('grant_type')).toContain('token-exchange');
  });

  test('a session without a patient is renewed to one with, when the shared service knows more: in an emergency it says so', async () => {
    const { patient: _, ...without } = sharedAnswer;
    const { ports, session } = await opened([ehrAnswer, without, { ...sharedAnswer, purpose_of_use: 'BTG' }]);
    expect(session.shared.patientId).toBeUndefined();
    expect((await renewSession(session, ports)).shared).toMatchObject({ patientId: 's1', emergency: true });
  });

  test('is renewed by the shared service’s own refresh token when there is one', async () => {
    const { ports, session } = await opened([
      ehrAnswer,
      { ...sharedAnswer, refresh_token: 'r1' },
      { ...sharedAnswer, access_token: 'shared-2' },
    ]);
    expect((await renewSession(session, ports)).shared).toMatchObject({ accessToken: 'shared-2', patientId: 's1' });
    expect(Object.fromEntries(ports.calls[2]?.body ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'r1',
      client_id: 'shared-client',
    });
  });

  test('at the shared service’s own sign-in the token is used as it is, with the banner of an app that stands alone, and renewed by refresh only', async () => {
    const own = { access_token: 'own-1', token_type: 'Bearer', expires_in: 900, patient: 's1', refresh_token: 'r1' };
    const user = 'https://shared.test/fhir/RelatedPerson/r';
    const id_token = jwt({ ...claims, iss: 'https://shared.test', aud: 'shared-client', fhirUser: user });
    const scripted = portsWith([
      { ...own, id_token },
      { ...own, access_token: 'own-2' },
    ]);
    const ports: SessionPorts = { ...scripted, config: { ...config, signIn: true } };
    const begun = {
      ...pending,
      iss: 'https://shared.test/fhir',
      issuer: 'https://shared.test',
      tokenEndpoint: 'https://shared.test/token',
    };
    ports.storage.hand('launch:st', begun);
    const { key, ehr } = await redeemCode('?state=st&code=c1', ports);
    const session = await openSession(key, ehr, ports);
    expect(session.ehr.needPatientBanner).toBe(true);
    expect(session.shared).toEqual({ accessToken: 'own-1', patientId: 's1', fhirUser: user, expiresAtMs: NOW_MS + 900_000 });
    expect((await renewSession(session, ports)).shared).toMatchObject({ accessToken: 'own-2', patientId: 's1', fhirUser: user });
    expect(scripted.calls.map(({ body }) => body.get('grant_type'))).toEqual(['authorization_code', 'refresh_token']);
  });

  test('EHR tokens that have run out are refreshed first', async () => {
    const script = [
      { ...ehrAnswer, refresh_token: 'e1' },
      sharedAnswer,
      { ...ehrAnswer, access_token: 'ehr-2' },
      { ...sharedAnswer, access_token: 'shared-2' },
    ];
    const { ports, session } = await opened(script);
    const old: Session = { ...session, ehr: { ...session.ehr, expiresAtMs: NOW_MS - 1 } };
    expect((await renewSession(old, ports)).shared.accessToken).toBe('shared-2');
    expect(ports.calls[2]?.body.get('refresh_token')).toBe('e1');
    expect(ports.calls[3]?.body.get('actor_token')).toBe('ehr-2');
  });

  test('without any way to renew it is over', async () => {
    const { ports, session } = await opened();
    const old: Session = { ...session, ehr: { ...session.ehr, expiresAtMs: NOW_MS - 1 } };
    expect(await kindOf(renewSession(old, ports))).toBe('expired');
  });

  test.each([
    ['refused', [400, { error: 'invalid_grant' }], 'expired'],
    ['away', 503, 'connection'],
    ['for another patient', { ...sharedAnswer, patient: 's2' }, 'wrong-person'],
    ['for no patient', { ...sharedAnswer, patient: undefined }, 'no-access'],
  ])('a renewal that is %s ends as %s', async (_why, answer, kind) => {
    const { ports, session } = await opened([ehrAnswer, sharedAnswer, answer]);
    expect(await kindOf(renewSession(session, ports))).toBe(kind);
  });

  test('an EHR that has changed the patient in context meanwhile is refused', async () => {
    const { ports, session } = await opened([{ ...ehrAnswer, refresh_token: 'e1' }, sharedAnswer, { ...ehrAnswer, patient: 'p2' }]);
    const old: Session = { ...session, ehr: { ...session.ehr, expiresAtMs: NOW_MS - 1 } };
    expect(await kindOf(renewSession(old, ports))).toBe('wrong-person');
  });
});

describe('keeping a session', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOW_MS }));
  afterEach(() => void vi.useRealTimers());

  const keeperWith = async (script: readonly unknown[]) => {
    const ports = { ...portsWith([ehrAnswer, sharedAnswer, ...script]), nowMs: Date.now };
    const { key, ehr } = await redeem(ports);
    return { ports, keeper: new SessionKeeper(await openSession(key, ehr, ports), ports) };
  };

  test('a token with time left is given as it is; near its end it is renewed once for all who ask', async () => {
    const { ports, keeper } = await keeperWith([{ ...sharedAnswer, access_token: 'shared-2' }]);
    expect(await keeper.token()).toBe('shared-1');
    vi.setSystemTime(NOW_MS + 880_000);
    expect(await Promise.all([keeper.token(), keeper.token(), keeper.token()])).toEqual(['shared-2', 'shared-2', 'shared-2']);
    expect(ports.calls).toHaveLength(3);
  });

  test('while the page stands open the token is renewed before it ends', async () => {
    const { keeper } = await keeperWith([{ ...sharedAnswer, access_token: 'shared-2' }]);
    keeper.watch(() => undefined);
    await vi.advanceTimersByTimeAsync(871_000);
    expect(keeper.session.shared.accessToken).toBe('shared-2');
    keeper.stop();
  });

  test('a session that cannot be renewed ends, and its tokens are forgotten', async () => {
    const { ports, keeper } = await keeperWith([[400, { error: 'invalid_grant' }]]);
    const ended = vi.fn<(error: AppError) => void>();
    keeper.watch(ended);
    await vi.advanceTimersByTimeAsync(871_000);
    expect(ended.mock.calls[0]?.[0].kind).toBe('expired');
    expect(restoreSession('st', ports)).toBeUndefined();
  });

  test('a connection that is away for a while does not end the session', async () => {
    const { keeper } = await keeperWith([new TypeError('fetch failed'), { ...sharedAnswer, access_token: 'shared-2' }]);
    const ended = vi.fn();
    keeper.watch(ended);
    await vi.advanceTimersByTimeAsync(871_000);
    expect(ended).not.toHaveBeenCalled();
    expect(await keeper.token()).toBe('shared-2');
    keeper.stop();
  });

  test('once the connection is back, a session that ended meanwhile is noticed, and one that did not is renewed on time again', async () => {
    const away = new TypeError('fetch failed');
    const { keeper } = await keeperWith([away, away, { ...sharedAnswer, access_token: 'shared-2' }, [400, { error: 'invalid_grant' }]]);
    const ended = vi.fn<(error: AppError) => void>();
    keeper.watch(ended);
    await vi.advanceTimersByTimeAsync(901_000);
    expect(keeper.session.shared.accessToken).toBe('shared-2');
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(871_000);
    expect(ended.mock.calls[0]?.[0].kind).toBe('expired');
  });

  test('nothing is renewed any more after the session has been left, even when a renewal was under way', async () => {
    const { ports, keeper } = await keeperWith([{ ...sharedAnswer, access_token: 'shared-2' }]);
    keeper.watch(() => undefined);
    vi.advanceTimersByTime(871_000);
    keeper.stop();
    await vi.advanceTimersByTimeAsync(10_000_000);
    expect(ports.calls).toHaveLength(3);
  });
});
