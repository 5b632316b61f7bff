/** What an EHR answers that answers, but not as an EHR should. */
import type { ServerResponse } from 'node:http';
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { ehrVerifier } from '../../server/auth/trusted-issuer.ts';
import { type Listening, listen } from '../../server/http/listen.ts';

let listening: Listening | undefined;
afterEach(() => listening?.stop(0));

describe('an EHR', () => {
  it.each(['null', '[]', '"text"', 'no JSON'])('that answers %s is told as one that does not answer', async (answer) => {
    listening = await listen((_request, response) => void response.end(answer), { host: '127.0.0.1', port: 0 });
    const issuer = `http://127.0.0.1:${listening.port}`;
    const service = { clientId: 'service', privateKey: {} };
    const verifier = ehrVerifier([{ name: 'Hospital', issuer, fhirBaseUrl: `${issuer}/fhir`, clientId: 'app', service }]);
    const idToken = new UnsecuredJWT({}).setIssuer(issuer).encode();
    await expect(verifier.verify(idToken, 'token')).rejects.toMatchObject({ statusCode: 503, error: 'temporarily_unavailable' });
  });

  const lost: readonly (readonly [how: string, lose: (res: ServerResponse) => void])[] = [
    ['fail', (res) => res.writeHead(500).end()],
    ['are no JSON', (res) => res.end('soon')],
    ['are no keys', (res) => res.end('{}')],
    ['break off', (res) => res.destroy()],
  ];
  it.each(lost)('whose keys %s is told as one that does not answer: the token may be good', async (_how, lose) => {
    listening = await listen(
      ({ url }, response) => {
        if (url === '/jwks') lose(response);
        else response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks`, introspection_endpoint: `${issuer}/introspect` }));
      },
      { host: '127.0.0.1', port: 0 },
    );
    const issuer = `http://127.0.0.1:${listening.port}`;
    const service = { clientId: 'service', privateKey: {} };
    const verifier = ehrVerifier([{ name: 'Hospital', issuer, fhirBaseUrl: `${issuer}/fhir`, clientId: 'app', service }]);
    const { privateKey } = await generateKeyPair('ES384');
    const idToken = await new SignJWT({}).setProtectedHeader({ alg: 'ES384', kid: 'k' }).setIssuer(issuer).sign(privateKey);
    await expect(verifier.verify(idToken, 'token')).rejects.toMatchObject({ statusCode: 503, error: 'temporarily_unavailable' });
  });

  it('whose name ends with a slash is asked without it for its configuration', async () => {
    const asked: unknown[] = [];
    listening = await listen(
      ({ url }, response) => {
        asked.push(url);
        response.end('{}');
      },
      { host: '127.0.0.1', port: 0 },
    );
    const issuer = `http://127.0.0.1:${listening.port}/`;
    const service = { clientId: 'service', privateKey: {} };
    const verifier = ehrVerifier([{ name: 'Hospital', issuer, fhirBaseUrl: `${issuer}fhir`, clientId: 'app', service }]);
    await expect(verifier.verify(new UnsecuredJWT({}).setIssuer(issuer).encode(), 'token')).rejects.toThrow();
    expect(asked).toEqual(['/.well-known/openid-configuration']);
  });
});
