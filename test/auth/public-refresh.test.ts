import { describe, expect, it } from 'vitest';
import { oneSmartServer } from './one-smart-server.ts';
import { assertion, authorize, launch, mint, post, redeem, type SmartServer } from './smart-server.ts';

let smart: SmartServer;
oneSmartServer((started) => {
  smart = started;
});

const refresh = (token: unknown, headers = {}) =>
  post(smart, '/token', { grant_type: 'refresh_token', refresh_token: String(token) }, headers);

describe('a refresh that does not say who asks', () => {
  it('is that of the public app the refresh token was given to [@109]', async () => {
    const { body } = await launch(smart);
    const answer = await refresh(body.refresh_token, { Origin: 'https://app.example' });
    expect(answer).toMatchObject({ status: 200, body: { scope: body.scope, patient: body.patient } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
  });

  it('is refused when the token was exchanged before, and ends what came of it', async () => {
    const { body } = await launch(smart);
    const next = await refresh(body.refresh_token);
    expect(await refresh(body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await refresh(next.body.refresh_token)).toMatchObject({ status: 400 });
  });

  it('is refused for an app that has a key to show', async () => {
    const { code } = await authorize(smart, { client_id: 'key-app', launch: await mint(smart, { clientId: 'key-app' }) });
    const { body } = await redeem(smart, code!, { client_id: undefined, ...(await assertion(smart, 'key-app', smart.ecKey)) });
    expect(body.refresh_token).toBeTypeOf('string');
    expect(await refresh(body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it.each(['made-up', ''])('is refused with the token "%s"', async (token) => {
    expect(await refresh(token)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});
