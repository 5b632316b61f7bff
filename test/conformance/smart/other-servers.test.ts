import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureVersion } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { runSmartChecks } from '../../../server/conformance/smart/run-checks.ts';
import { readCertificate } from '../../../server/http/certificate.ts';
import { listen } from '../../../server/http/listen.ts';
import { certificateFiles, certificatePem } from '../../support/certificates.ts';
import { closed } from './front.ts';

/** What ours do not offer, or not in these tests: a server that says of itself what is wanted here. */
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => closed(server));
  return (server.address() as AddressInfo).port;
}

/** The outcomes of the checks at a server with this smart-configuration and these documents beside it. */
async function outcomes(
  configuration: (origin: string) => object,
  only: string,
  documents: Readonly<Record<string, { readonly headers?: Record<string, string>; readonly body: object }>> = {},
) {
  const server = createServer((req, res) => {
    const { headers = {}, body } = documents[req.url ?? ''] ?? { body: configuration(`http://${req.headers.host}`) };
    res.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  const origin = `http://127.0.0.1:${await listening(server)}`;
  const config = { fhirBaseUrl: origin, redirectUri: 'https://app.example/', clients: {}, mayWrite: false, waitAtMostSeconds: 0 };
  const results = await runSmartChecks(config, { only: [only] });
  return Object.fromEntries(results.map(({ check, outcome, reason }) => [check.id, reason ?? outcome]));
}

describe('TLS of what the smart-configuration names', () => {
  const at = (port: number) => () => ({ token_endpoint: `https://localhost:${port}/token` });

  it('passes as we serve it, but for a certificate that nobody vouches for: 1.2 and 1.3, and none before', async () => {
    const certificate = await readCertificate(certificateFiles('first'));
    const ours = await listen((_req, res) => res.end(), { host: '127.0.0.1', port: 0, certificate });
    open.push(() => ours.stop(0));
    expect(await outcomes(at(ours.port), 'tls')).toEqual({
      'tls-base': 'pass',
      'tls-certificate': expect.stringMatching(/^https:\/\/localhost:\d+: self-signed certificate/),
      'tls-no-tls-1': 'pass',
      'tls-no-tls-1-1': 'pass',
      'tls-current': 'pass',
      'tls-stay': 'the FHIR base is reached without TLS',
    });
  });

  it('does not pass where old versions are spoken, and no current one', async () => {
    const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const satisfies {
      minVersion: SecureVersion;
      maxVersion: SecureVersion;
      ciphers: string;
    };
    const old = createTlsServer({ ...certificatePem('first'), ...versions }, (_req, res) => res.end());
    expect(await outcomes(at(await listening(old)), 'tls')).toMatchObject({
      'tls-no-tls-1': expect.stringContaining('TLSv1 is spoken'),
      'tls-no-tls-1-1': expect.stringContaining('TLSv1.1 is spoken'),
      'tls-current': expect.stringContaining('neither is spoken'),
    });
  });

  it('does not pass without TLS over a network, at the base or at an endpoint', async () => {
    const config = { redirectUri: 'https://app.example/', clients: {}, mayWrite: false, waitAtMostSeconds: 0 };
    const [result] = await runSmartChecks({ ...config, fhirBaseUrl: 'http://ehr.example/fhir' }, { only: ['tls-base'] });
    expect(result).toMatchObject({ outcome: 'fail', reason: 'the FHIR base is http://ehr.example/fhir' });
    const endpoint = () => ({ token_endpoint: 'http://ehr.example/token', jwks_uri: 'http://127.0.0.1/jwks' });
    expect(await outcomes(endpoint, 'discovery-tls')).toEqual({ 'discovery-tls': 'without TLS: token_endpoint' });
  });
});

describe('a server that asks to wait', () => {
  const busy = async (retryAfter: string, waitAtMostSeconds: number) => {
    let count = 0;
    const server = createServer((_req, res) => {
      count += 1;
      if (count === 1) res.writeHead(429, { 'Retry-After': retryAfter }).end();
      else res.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
    const fhirBaseUrl = `http://127.0.0.1:${await listening(server)}`;
    const config = { fhirBaseUrl, redirectUri: 'https://app.example/', clients: {}, mayWrite: false, waitAtMostSeconds };
    const [result] = await runSmartChecks(config, { only: ['discovery-status'] });
    return result;
  };

  it('is waited for, up to what the configuration says', async () => {
    expect(await busy('1', 1)).toMatchObject({ outcome: 'pass' });
  });

  it('has not failed when that is too long: the check could not be tried', async () => {
    expect(await busy('2', 1)).toMatchObject({
      outcome: 'not-applicable',
      reason: expect.stringContaining('asks to wait 2 seconds (429)'),
    });
  });
});

describe('a server that is of another kind altogether', () => {
  it('is found out by every check, with a reason and no fault of the suite', async () => {
    const results = await outcomes(() => ({ hello: 'world' }), '');
    expect(Object.values(results).filter((outcome) => /could not be understood/.test(outcome))).toEqual([]);
    expect(results['discovery-token-endpoint']).toBe('token_endpoint is undefined');
    expect(results['access-no-token']).toBe('status 200 where 401 is wanted');
  });
});
