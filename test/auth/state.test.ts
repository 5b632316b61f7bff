import { afterEach, expect, it } from 'vitest';
import { signingKeys } from '../../server/auth/signing-keys.ts';
import { endGrant } from '../../server/auth/state-adapter.ts';
import { onEachDatabase } from '../support/stores.ts';
import { assertion, authorize, launch, mint, post, redeem, type SmartServer, startSmartServer } from './smart-server.ts';

/** What must hold on either database: keys, single use and revocation, also between two processes of one issuer. */
onEachDatabase('the state of an authorization server', (open) => {
  let running: SmartServer[] = [];
  afterEach(async () => {
    await Promise.all(running.map((smart) => smart.close()));
    running = [];
  });
  const start = async (...args: Parameters<typeof startSmartServer>) => {
    const smart = await startSmartServer(...args);
    running.push(smart);
    return smart;
  };

  it('has one signing key, however many processes start at once', async () => {
    const { state } = await open();
    const keyOf = async (name: string) => (await signingKeys(state, name, { keepSeconds: 60 }).current()).publicKey;
    const keys = await Promise.all([keyOf('a'), keyOf('a'), keyOf('a')]);
    expect(new Set(keys.map((key) => key.kid)).size).toBe(1);
    expect((await keyOf('b')).kid).not.toBe(keys[0].kid);
  });

  it('survives a restart: tokens stay good', async () => {
    const { state } = await open();
    const before = await start(state);
    const { body } = await launch(before);
    const after = await start(state, { issuer: before.issuer, fhirBaseUrl: before.fhirBaseUrl });
    await expect(after.authenticator.authenticate(`Bearer ${body.access_token}`)).resolves.toMatchObject({ patientId: 'p1' });
  });

  it('lets one of many use a launch', async () => {
    const { state } = await open();
    const smart = await start(state);
    const value = await mint(smart);
    const answers = await Promise.all(Array.from({ length: 6 }, () => authorize(smart, { launch: value })));
    expect(answers.filter((answer) => answer.code !== null)).toHaveLength(1);
  });

  it('lets at most one of many redeem a code', async () => {
    const { state } = await open();
    const smart = await start(state);
    const { code } = await authorize(smart, { launch: await mint(smart) });
    const answers = await Promise.all(Array.from({ length: 6 }, () => redeem(smart, code!)));
    expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
    expect(answers.every((answer) => answer.status === 200 || answer.body.error === 'invalid_grant')).toBe(true);
  });

  it('lets at most one of many rotate a refresh token', async () => {
    const { state } = await open();
    const smart = await start(state);
    const { body } = await launch(smart);
    const form = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token), client_id: 'public-app' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(smart, '/token', form)));
    expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1);
  });

  it('lets one of many use a client assertion', async () => {
    const { state } = await open();
    const smart = await start(state);
    const form = { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, 'ec-system', smart.ecKey)) };
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(smart, '/token', form)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });

  it('forgets a revoked grant whole', async () => {
    const { state } = await open();
    const smart = await start(state);
    const { body } = await launch(smart);
    await post(smart, '/revoke', { token: String(body.refresh_token), client_id: 'public-app' });
    for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode', 'grant-context', 'Grant']) {
      expect(await state.list(`auth/test/${model}`, 10)).toEqual([]);
    }
  });

  it('forgets what a grant gave also when it is broken off in the middle', async () => {
    const { state } = await open();
    const smart = await start(state);
    const { body } = await launch(smart);
    const [context] = await state.list('auth/test/grant-context', 1);
    let removals = 0;
    const once = <Given extends unknown[], Gone>(remove: (...given: Given) => Promise<Gone>) => {
      return async (...given: Given): Promise<Gone> => {
        removals += 1;
        if (removals > 1) throw new Error('killed');
        return remove(...given);
      };
    };
    const dying = { ...state, remove: once(state.remove), removeGroup: once(state.removeGroup) };
    await expect(endGrant(dying, 'test', context!.id)).rejects.toThrow('killed');
    await expect(smart.authenticator.authenticate(`Bearer ${body.access_token}`)).rejects.toMatchObject({ status: 401 });
    const fields = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token), client_id: 'public-app' };
    expect((await post(smart, '/token', fields)).body.error).toBe('invalid_grant');
  });

  it('holds no launch value, only its hash, and no session of the library', async () => {
    const { state } = await open();
    const smart = await start(state);
    const value = await mint(smart);
    expect((await state.list('auth/test/launch', 10)).map((entry) => entry.id)).not.toContain(value);
    await authorize(smart, { launch: value });
    expect(await state.list('auth/test/launch', 10)).toEqual([]);
    expect(await state.list('auth/test/Session', 10)).toEqual([]);
  });
});
