/**
 * What a server may offer besides: pushed requests, and tokens bound to a key.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9126 · https://www.rfc-editor.org/rfc/rfc9449
 */
import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import { authentication } from '../client-authentication.ts';
import { objectOf } from '../http.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';
import { gaveNoCode, hasStatus, isRefused } from './expectations.ts';

const CHALLENGE = createHash('sha256').update('v'.repeat(64)).digest('base64url');

async function pushed(server: SmartServer, change: Readonly<Record<string, string>> = {}) {
  const name = 'pushed_authorization_request_endpoint';
  const configuration = await server.configuration();
  applies(typeof configuration[name] === 'string', 'pushed requests are not announced');
  const client = server.app();
  const flow = server.flow();
  const { launch } = flow === 'ehr' ? await server.launch(client) : { launch: undefined };
  const shown = await authentication(client, await server.endpoint('token_endpoint'));
  const request = {
    response_type: 'code',
    redirect_uri: client.redirectUri,
    scope: server.launchConfig(flow).scope,
    state: 'pushed',
    aud: server.base,
    launch,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  };
  const form = { ...request, ...shown.fields, client_id: client.clientId, ...change };
  return server.ask(String(configuration[name]), { form, headers: shown.headers });
}

/** The authorization request that refers to a pushed one, and says nothing else. */
const referring = (requestUri: unknown) => ({
  parameters: {
    request_uri: String(requestUri),
    ...Object.fromEntries(
      ['response_type', 'redirect_uri', 'scope', 'state', 'aud', 'launch', 'code_challenge', 'code_challenge_method'].map((name) => [
        name,
        undefined,
      ]),
    ),
  },
});

async function dpop(server: SmartServer) {
  applies(Array.isArray((await server.configuration()).dpop_signing_alg_values_supported), 'DPoP is not announced');
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const proof = (method: string, url: string, token?: string) =>
    new SignJWT({ htm: method, htu: url, ...(token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') }) })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .setJti(randomUUID())
      .sign(privateKey);
  const authorization = await server.code();
  const tokenUrl = await server.endpoint('token_endpoint');
  const { client, returned, sent, verifier } = authorization;
  const fields = {
    grant_type: 'authorization_code',
    code: returned.get('code') ?? '',
    redirect_uri: sent.redirect_uri,
    code_verifier: verifier,
  };
  const answer = await server.token(client, fields, { DPoP: await proof('POST', tokenUrl) });
  const body = objectOf(answer);
  const token = String(body.access_token);
  const path = `Patient/${body.patient}`;
  const read = async (scheme: string, sentProof?: string) =>
    server.ask(`${server.base}/${path}`, {
      headers: { Accept: 'application/fhir+json', Authorization: `${scheme} ${token}`, DPoP: sentProof },
    });
  return { body, token, jwk, read, proof, url: `${server.base}/${path}` };
}

export const PUSHED = checkGroup('Pushed authorization requests', SPEC.pushed, [
  shall('pushed-request', [], 'a pushed request is answered with 201 and a request_uri', async (server) => {
    const answer = await pushed(server);
    hasStatus(answer, 201);
    const { request_uri: uri, expires_in: seconds } = objectOf(answer);
    insist(typeof uri === 'string' && typeof seconds === 'number', `the answer has request_uri ${uri} and expires_in ${seconds}`);
  }),
  shall('pushed-request-code', [], 'a pushed request comes to a code', async (server) => {
    const { request_uri: uri } = objectOf(await pushed(server));
    const { returned } = await server.code(referring(uri));
    insist(returned.get('state') === 'pushed', `state is ${returned.get('state')}`);
  }),
  shall('pushed-request-once', [], 'a pushed request is good once', async (server) => {
    const { request_uri: uri } = objectOf(await pushed(server));
    await server.code(referring(uri));
    gaveNoCode(await server.authorize(referring(uri)));
  }),
  shall('pushed-request-invented', [], 'an invented request_uri comes to no code', async (server) => {
    await pushed(server);
    gaveNoCode(await server.authorize(referring('urn:ietf:params:oauth:request_uri:made-up')));
  }),
  shall('pushed-request-aud', [96], 'a pushed request for another FHIR server is refused', async (server) =>
    isRefused(await pushed(server, { aud: 'https://another.example/fhir' })),
  ),
  shall('pushed-request-pkce', [15], 'a pushed request with PKCE by plain is refused', async (server) =>
    isRefused(await pushed(server, { code_challenge_method: 'plain' })),
  ),
  shall('pushed-request-redirect', [48], 'a pushed request to an address that is not registered is refused', async (server) =>
    isRefused(await pushed(server, { redirect_uri: 'https://attacker.example/' })),
  ),
]);

export const DPOP = checkGroup('Tokens bound to a key', SPEC.dpop, [
  shall('dpop-token-type', [], 'who proves a key gets a token of the type DPoP', async (server) => {
    const { body } = await dpop(server);
    insist(String(body.token_type).toLowerCase() === 'dpop', `token_type is ${body.token_type}`);
  }),
  shall('dpop-read', [], 'the token opens the FHIR API with a proof', async (server) => {
    const { read, proof, url, token } = await dpop(server);
    hasStatus(await read('DPoP', await proof('GET', url, token)), 200);
  }),
  shall('dpop-not-bearer', [], 'the token opens nothing as a Bearer token', async (server) =>
    hasStatus(await (await dpop(server)).read('Bearer'), 401),
  ),
  shall('dpop-other-url', [], 'a proof for another URL is refused', async (server) => {
    const { read, proof, url, token } = await dpop(server);
    hasStatus(await read('DPoP', await proof('GET', `${url}-other`, token)), 401);
  }),
  shall('dpop-replayed', [], 'a proof is good once', async (server) => {
    const { read, proof, url, token } = await dpop(server);
    const once = await proof('GET', url, token);
    hasStatus(await read('DPoP', once), 200);
    hasStatus(await read('DPoP', once), 401);
  }),
  should('dpop-thumbprint', [], 'a token that is a JWT names its key', async (server) => {
    const { token, jwk } = await dpop(server);
    applies(token.split('.').length === 3, 'access tokens are no JWTs');
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { cnf?: { jkt?: string } };
    insist(claims.cnf?.jkt === (await calculateJwkThumbprint(jwk)), `cnf is ${JSON.stringify(claims.cnf)}`);
  }),
]);
