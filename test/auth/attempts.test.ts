import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../../server/auth/attempt.ts';
import { assertion, authorize, launch, mint, openFileState, post, redeem, type SmartServer, startSmartServer } from './smart-server.ts';

const attempts: Attempt[] = [];
let logIsDown = false;
let smart: SmartServer;
let closeState: () => Promise<void>;

beforeAll(async () => {
  const { state, close } = await openFileState();
  closeState = close;
  const tell = async (attempt: Attempt) => {
    if (logIsDown) throw new Error('the disk is full');
    attempts.push(attempt);
  };
  smart = await startSmartServer(state, { tell });
});
afterAll(async () => {
  await smart.close();
  await closeState();
});
beforeEach(() => {
  attempts.length = 0;
  logIsDown = false;
});

const basic = (id: string, secret: string) => ({ Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });

describe('attempts to come in are told of', () => {
  it('a launch and the tokens it is renewed with: app, user and patient', async () => {
    const { body } = await launch(smart);
    const user = { clientId: 'public-app', user: 'Practitioner/pr1', outcome: 'granted', patientId: 'p1', scope: body.scope };
    expect(attempts).toEqual([{ kind: 'launch', ...user }]);
    await post(smart, '/token', { grant_type: 'refresh_token', refresh_token: String(body.refresh_token), client_id: 'public-app' });
    expect(attempts[1]).toMatchObject({ kind: 'refresh', ...user });
  });

  it('a system, with the organisation it acts for', async () => {
    const fields = { grant_type: 'client_credentials', scope: 'system/*.rs', ...(await assertion(smart, 'rsa-system', smart.rsaKey)) };
    expect((await post(smart, '/token', fields)).status).toBe(200);
    const system = { clientId: 'rsa-system', organizationNumber: '999999999', scope: 'system/*.rs' };
    expect(attempts).toEqual([{ kind: 'token', outcome: 'granted', ...system }]);
  });

  it('a code that is used again, a client that cannot show who it is, and one that nobody knows', async () => {
    const { code } = await authorize(smart, { launch: await mint(smart) });
    await redeem(smart, code!);
    await redeem(smart, code!);
    await redeem(smart, 'x', { client_id: 'secret-app' }, basic('secret-app', 'galt'));
    await redeem(smart, 'x', { client_id: 'no-such-client-1234' });
    const refused = { kind: 'launch', outcome: 'refused' };
    expect(attempts.slice(1)).toEqual([
      { ...refused, clientId: 'public-app', reason: 'invalid_grant' },
      { ...refused, clientId: 'secret-app', reason: 'invalid_client' },
      { ...refused, reason: 'invalid_client' },
    ]);
    expect(JSON.stringify(attempts)).not.toContain('no-such-client');
  });

  it('an authorization that is refused', async () => {
    await authorize(smart, { launch: 'made-up' });
    await expect.poll(() => attempts).toMatchObject([{ kind: 'authorize', outcome: 'refused', clientId: 'public-app' }]);
  });

  it('and no token is given that cannot be told of [503 temporarily_unavailable]; a refusal stands all the same', async () => {
    const { code } = await authorize(smart, { launch: await mint(smart) });
    logIsDown = true;
    const answer = await redeem(smart, code!);
    expect([answer.status, answer.body.error]).toEqual([503, 'temporarily_unavailable']);
    expect(JSON.stringify(answer.body)).not.toContain('access_token');
    const refused = await redeem(smart, 'x', { client_id: 'no-such-client' });
    expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client']);
  });
});
