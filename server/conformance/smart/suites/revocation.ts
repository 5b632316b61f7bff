/**
 * Tokens that are given back are over.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7009
 */
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { type AppClient, authentication } from '../client-authentication.ts';
import type { Answer } from '../http.ts';
import type { Session, SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { hasStatus, isReadableFrom, isRefused, originOf } from './expectations.ts';

async function revoke(server: SmartServer, client: AppClient, token: string): Promise<Answer> {
  applies((await server.configuration()).revocation_endpoint !== undefined, 'no revocation_endpoint is announced');
  const shown = await authentication(client, await server.endpoint('token_endpoint'));
  return server.ask(await server.endpoint('revocation_endpoint'), { form: { token, ...shown.fields }, headers: shown.headers });
}

function refreshTokenOf({ body }: Session): string {
  applies(typeof body.refresh_token === 'string', 'no refresh token was given');
  return body.refresh_token;
}

const read = (server: SmartServer, { accessToken, body }: Session) => server.fhir(accessToken, `Patient/${body.patient}`);

export const REVOCATION = checkGroup('Revocation', SPEC.revocation, [
  shall('revocation-status', [], 'a token is given back with 200', async (server) => {
    const session = await server.freshSession();
    hasStatus(await revoke(server, session.client, session.accessToken), 200);
  }),
  shall('revocation-access-token', [], 'an access token that was given back opens nothing', async (server) => {
    const session = await server.freshSession();
    hasStatus(await read(server, session), 200);
    await revoke(server, session.client, session.accessToken);
    hasStatus(await read(server, session), 401, 403, 404);
  }),
  shall('revocation-refresh-token', [], 'a refresh token that was given back is refused', async (server) => {
    const session = await server.freshSession();
    await revoke(server, session.client, refreshTokenOf(session));
    isRefused(await server.refresh(session));
  }),
  should('revocation-ends-access', [], 'with the refresh token its access tokens are over', async (server) => {
    const session = await server.freshSession();
    await revoke(server, session.client, refreshTokenOf(session));
    hasStatus(await read(server, session), 401, 403, 404);
  }),
  shall('revocation-unknown', [], 'a token that is none is given back with 200', async (server) =>
    hasStatus(await revoke(server, server.app(), 'not-a-token'), 200),
  ),
  shall('revocation-other-client', [], 'a client cannot give back another’s token', async (server) => {
    const other = server.app('other');
    const session = await server.freshSession({ client: 'public' });
    await revoke(server, other, session.accessToken);
    hasStatus(await read(server, session), 200);
  }),
  shall('revocation-authenticated', [], 'the token of a client with a secret is not given back without it', async (server) => {
    const session = await server.freshSession({ client: 'symmetric' });
    const { secret: _secret, ...client } = session.client;
    isRefused(await revoke(server, client, session.accessToken));
    hasStatus(await read(server, session), 200);
  }),
  should(
    'revocation-cors',
    [17],
    'the page of a public client may give its token back',
    async (server) => {
      const session = await server.freshSession({ client: 'public' });
      isReadableFrom(await revoke(server, session.client, session.accessToken), originOf(session.client));
    },
    SPEC.cors,
  ),
  shall('revocation-apart', [], 'one launch that ends leaves the other alone', async (server) => {
    const [one, two] = await Promise.all([server.freshSession(), server.freshSession()]);
    await revoke(server, one.client, typeof one.body.refresh_token === 'string' ? one.body.refresh_token : one.accessToken);
    hasStatus(await read(server, two), 200);
    insist(one.accessToken !== two.accessToken, 'both launches had the same token');
  }),
]);
