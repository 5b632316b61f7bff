/**
 * A key set that the suite publishes itself, by https at the URL that clients are registered with: what is there can be
 * changed, for how long it may be kept be said, and who comes for it be seen.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html#registering-a-client-communicating-public-keys
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { JWK } from 'jose';

export interface KeySetConfig {
  /** https; as the clients `asymmetricByUrl` and `backendByUrl` are registered with it. */
  readonly url: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Where to listen; left out: at the port of the URL, on every address. */
  readonly host?: string;
  readonly port?: number;
  /** What the server under test verifies; left out: ES384. */
  readonly algorithm?: 'ES384' | 'RS384';
}

export interface Publication {
  /** Besides the standing one. */
  readonly keys: readonly JWK[];
  readonly cacheControl: string;
  /** Left out: 200. */
  readonly status?: number;
}

interface KeyRequest {
  readonly method: string;
  readonly path: string;
  readonly accept: string;
  readonly authorization: string | undefined;
}

export interface KeySetPublisher {
  readonly url: string;
  /** A URL of the same host that is nobody's; the keys are there as well. */
  readonly otherUrl: string;
  /** Always there: the key of the clients that have none of their own. */
  readonly standing: JWK;
  /** A private key with a name of its own, or this one. */
  newKey(kid?: string): JWK;
  publish(publication: Publication): void;
  /** Who came since the last publication. */
  requests(): readonly KeyRequest[];
  close(): Promise<void>;
}

/** Begins to publish. @throws Error when a file cannot be read, or the port is taken. */
export async function publishKeys(config: KeySetConfig): Promise<KeySetPublisher> {
  const { url, certFile, keyFile, algorithm = 'ES384' } = config;
  const { pathname, port: urlPort } = new URL(url);
  const otherPath = `${pathname}-of-somebody-else`;
  const newKey = (kid: string = randomUUID()): JWK => ({ ...privateKey(algorithm), alg: algorithm, kid, use: 'sig' });
  const standing = newKey();
  let published: Publication = { keys: [], cacheControl: 'no-store' };
  let asked: KeyRequest[] = [];
  const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (req, res) => {
    const { method = '', url: path = '', headers } = req;
    asked.push({ method, path, accept: headers.accept ?? '', authorization: headers.authorization });
    if (path !== pathname && path !== otherPath) return void res.writeHead(404).end();
    res.writeHead(published.status ?? 200, { 'Content-Type': 'application/json', 'Cache-Control': published.cacheControl });
    res.end(JSON.stringify({ keys: [standing, ...published.keys].map(publicPart) }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const where = config.host === undefined ? {} : { host: config.host };
    server.listen({ port: config.port ?? Number(urlPort || 443), ...where }, resolve);
  });
  return {
    url,
    otherUrl: new URL(otherPath, url).href,
    standing,
    newKey,
    publish(publication) {
      [published, asked] = [publication, []];
    },
    requests: () => asked,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function privateKey(algorithm: 'ES384' | 'RS384'): JWK {
  const pair =
    algorithm === 'ES384' ? generateKeyPairSync('ec', { namedCurve: 'P-384' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return pair.privateKey.export({ format: 'jwk' }) as JWK;
}

function publicPart({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...key }: JWK): JWK {
  return key;
}
