/** What may happen once, tried many times at the same moment and at several processes [RFC 6749 4.1.2, RFC 9700 4.14, RFC 7523 3, RFC 9449 11.1]. */
import { decodeProtectedHeader } from 'jose';
import { expect, it } from 'vitest';
import { dpopKey } from './dpop-key.ts';
import { onSeveralProcesses, type Processes } from './several-processes.ts';
import {
  APP_REDIRECT,
  assertion,
  authorize,
  challengeOf,
  launch,
  mint,
  post,
  redeem,
  SCOPE,
  type TokenAnswer,
  VERIFIER,
} from './smart-server.ts';

const MANY = 20;

onSeveralProcesses('what may happen once', (started) => {
  /** Does it many times at the same moment, at each process in turn. */
  const atOnce = <T>(work: (smart: Processes['servers'][number], nth: number) => Promise<T>): Promise<T[]> => {
    const { servers } = started();
    return Promise.all(Array.from({ length: MANY }, (_, nth) => work(servers[nth % servers.length]!, nth)));
  };
  const granted = (answers: readonly TokenAnswer[]) => answers.filter(({ status }) => status === 200);
  const live = async (model: string) => (await started().states[0].list(`auth/test/${model}`, 100)).length;
  const isGood = async (token: unknown): Promise<boolean> => {
    const { servers } = started();
    const asked = servers.map(({ authenticator }) =>
      authenticator.authenticate(`Bearer ${token}`).then(
        () => true,
        () => false,
      ),
    );
    const answers = new Set(await Promise.all(asked));
    expect(answers.size).toBe(1);
    return answers.has(true);
  };
  const refresh = (smart: Processes['servers'][number], token: unknown) =>
    post(smart, '/token', { grant_type: 'refresh_token', refresh_token: String(token), client_id: 'public-app' });

  it('a code redeemed many times at once opens one session at most, and leaves nothing of it', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { servers } = started();
      const { code } = await authorize(servers[0], { launch: await mint(servers[0]) });
      const answers = await atOnce((smart) => redeem(smart, code!));
      const won = granted(answers);
      expect(won.length).toBeLessThanOrEqual(1);
      for (const { status, body } of answers) expect([200, 'invalid_grant']).toContain(status === 200 ? 200 : body.error);
      for (const { body } of won) {
        expect(await isGood(body.access_token)).toBe(false);
        expect((await refresh(servers[1], body.refresh_token)).body.error).toBe('invalid_grant');
      }
      expect(await Promise.all(['AccessToken', 'RefreshToken', 'grant-context', 'Grant'].map(live))).toEqual([0, 0, 0, 0]);
    }
  });

  it('a refresh token used many times at once ends its session, and leaves nothing of it', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { servers } = started();
      const { body: first } = await launch(servers[0]);
      const answers = await atOnce((smart) => refresh(smart, first.refresh_token));
      const won = granted(answers);
      expect(won.length).toBeLessThanOrEqual(1);
      expect(answers.filter(({ status, body }) => status !== 200 && body.error !== 'invalid_grant')).toEqual([]);
      expect(await isGood(first.access_token)).toBe(false);
      for (const { body } of won) {
        expect(await isGood(body.access_token)).toBe(false);
        expect((await refresh(servers[2], body.refresh_token)).body.error).toBe('invalid_grant');
      }
      expect(await Promise.all(['AccessToken', 'RefreshToken', 'grant-context', 'Grant'].map(live))).toEqual([0, 0, 0, 0]);
    }
  });

  it('a client assertion opens the door once', async () => {
    const { servers } = started();
    const fields = {
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      ...(await assertion(servers[0], 'ec-system', servers[0].ecKey)),
    };
    const answers = await atOnce((smart) => post(smart, '/token', fields));
    expect(granted(answers)).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status !== 200 && (status !== 401 || body.error !== 'invalid_client'))).toEqual([]);
  });

  it('a client assertion shown at all endpoints at once is taken by one', async () => {
    const { servers } = started();
    const shown = await assertion(servers[0], 'key-app', servers[0].ecKey);
    const answers = await atOnce((smart, nth) => post(smart, ['/introspect', '/revoke'][nth % 2]!, { token: 'x', ...shown }));
    expect(granted(answers)).toHaveLength(1);
  });

  it('a proof of possession is good for one request', async () => {
    const { servers } = started();
    const key = await dpopKey();
    const tokenUrl = `${servers[0].issuer}/token`;
    const { code } = await authorize(servers[0], { launch: await mint(servers[0]) });
    const { body } = await redeem(servers[0], code!, {}, { DPoP: await key.proof('POST', tokenUrl) });
    const token = String(body.access_token);
    const url = `${servers[0].fhirBaseUrl}/Patient/p1`;
    const request = { method: 'GET', url, proof: await key.proof('GET', url, token) };
    const answers = await atOnce(({ authenticator }) =>
      authenticator.authenticate(`DPoP ${token}`, request).then(
        () => 200,
        ({ status }) => status,
      ),
    );
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
    expect(answers.filter((status) => status === 401)).toHaveLength(MANY - 1);
  });

  it('a proof of possession gets one token', async () => {
    const { servers } = started();
    const key = await dpopKey();
    const proof = await key.proof('POST', `${servers[0].issuer}/token`);
    const answers = await atOnce(async (smart) => {
      const fields = { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, 'ec-system', smart.ecKey)) };
      return post(smart, '/token', fields, { DPoP: proof });
    });
    expect(granted(answers)).toHaveLength(1);
  });

  it('a launch opens one session', async () => {
    const { servers } = started();
    const value = await mint(servers[0]);
    const answers = await atOnce((smart) => authorize(smart, { launch: value }));
    expect(answers.filter(({ code }) => code !== null)).toHaveLength(1);
    expect(answers.filter(({ code, error }) => code === null && error !== 'invalid_request')).toEqual([]);
  });

  it('a pushed request is used once', async () => {
    const { servers } = started();
    const { body } = await post(servers[0], '/par', {
      response_type: 'code',
      client_id: 'public-app',
      redirect_uri: APP_REDIRECT,
      scope: SCOPE,
      state: 's',
      aud: servers[0].fhirBaseUrl,
      code_challenge: challengeOf(VERIFIER),
      code_challenge_method: 'S256',
      launch: await mint(servers[0]),
    });
    const answers = await atOnce(async (smart) => {
      const query = new URLSearchParams({ client_id: 'public-app', request_uri: String(body.request_uri) });
      const response = await fetch(`${smart.address}/authorize?${query}`, { redirect: 'manual' });
      return new URL(response.headers.get('location') ?? 'https://none.example').searchParams.get('code');
    });
    expect(answers.filter((code) => code !== null)).toHaveLength(1);
  });

  it('a token revoked at one process is refused and inactive at the others with the next request', async () => {
    const { servers } = started();
    for (let round = 0; round < 5; round += 1) {
      const { body } = await launch(servers[round % 3]!);
      expect(await isGood(body.access_token)).toBe(true);
      await post(servers[(round + 1) % 3]!, '/revoke', { token: String(body.refresh_token), client_id: 'public-app' });
      expect(await isGood(body.access_token)).toBe(false);
      for (const smart of servers) {
        expect((await post(smart, '/introspect', { token: String(body.access_token), client_id: 'public-app' })).body).toEqual({
          active: false,
        });
      }
    }
  });

  it('keys changed while tokens are issued make no token bad, at any process', async () => {
    const { servers } = started();
    const issue = async (smart: Processes['servers'][number]): Promise<string> => {
      const fields = { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, 'ec-system', smart.ecKey)) };
      return String((await post(smart, '/token', fields)).body.access_token);
    };
    const before = await issue(servers[1]);
    const [tokens] = await Promise.all([atOnce(issue), servers[0].server.rotateSigningKey(0), servers[2].server.rotateSigningKey(0)]);
    const after = await atOnce(issue);
    for (const token of [before, ...tokens, ...after]) expect(await isGood(token)).toBe(true);
    expect(new Set([...tokens, ...after].map((token) => decodeProtectedHeader(token).kid)).size).toBeGreaterThan(1);
    for (const smart of servers) {
      const [bearer, token] = [after[0], after.at(-1)!];
      expect((await post(smart, '/introspect', { token }, { Authorization: `Bearer ${bearer}` })).body.active).toBe(true);
    }
  });

  it('a session signed out of while it is being renewed leaves no token behind', async () => {
    const { servers } = started();
    for (let round = 0; round < 12; round += 1) {
      const { body } = await launch(servers[0]);
      const late = new Promise((resolve) => setTimeout(resolve, round * 2));
      const [renewed] = await Promise.all([
        refresh(servers[1], body.refresh_token),
        late.then(() => post(servers[2], '/revoke', { token: String(body.access_token), client_id: 'public-app' })),
      ]);
      if (renewed.status === 200) expect(await isGood(renewed.body.access_token)).toBe(false);
      expect(await Promise.all(['AccessToken', 'RefreshToken', 'grant-context'].map(live))).toEqual([0, 0, 0]);
    }
  });
});
