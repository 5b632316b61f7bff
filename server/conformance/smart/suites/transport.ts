/**
 * How the server is reached: by TLS of this age, with a certificate that can be trusted, at the FHIR base and at every
 * endpoint that the smart-configuration names.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9325
 */
import { connect, type SecureVersion } from 'node:tls';
import { applies, checkGroup, insist, shall, should } from '../check.ts';
import type { SmartServer } from '../smart-server.ts';
import { SPEC } from '../specifications.ts';

const TLS_WITHIN_MS = 10_000;
const OLD_TLS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1'];
const CURRENT_TLS: readonly SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Host and port of everything that is reached by https: the base, and the endpoints. */
async function secureOrigins(server: SmartServer): Promise<readonly string[]> {
  const endpoints = Object.entries(await server.configuration())
    .filter(([name]) => /_(endpoint|uri)$/.test(name) || name === 'issuer')
    .map(([, value]) => String(value));
  const urls = [server.base, ...endpoints].map((url) => URL.parse(url, `${server.base}/`));
  const origins = [...new Set(urls.flatMap((url) => (url?.protocol === 'https:' ? [url.origin] : [])))];
  applies(origins.length > 0, 'the server is reached without TLS');
  return origins;
}

/** The first of the origins that the trial finds something wrong with, and what. */
async function each(server: SmartServer, trial: (origin: string) => Promise<string | undefined>): Promise<void> {
  for (const origin of await secureOrigins(server)) {
    const wrong = await trial(origin);
    insist(wrong === undefined, `${origin}: ${wrong}`);
  }
}

export const TRANSPORT = checkGroup('Transport', SPEC.tls, [
  shall('tls-base', [231], 'the FHIR base is reached by https, but on the machine itself', async ({ base }) =>
    insist(!isOpen(base), `the FHIR base is ${base}`),
  ),
  shall('discovery-tls', [231], 'every endpoint is reached by https, but on the machine itself', async (server) => {
    const all = Object.entries(await server.configuration());
    const open = all.filter(([, value]) => typeof value === 'string' && isOpen(value)).map(([name]) => name);
    insist(open.length === 0, `without TLS: ${open.join(', ')}`);
  }),
  shall('tls-certificate', [231], 'the certificate is of a trusted authority, in force, and of the host', async (server) =>
    each(server, async (origin) => (await handshake(origin, { rejectUnauthorized: true })).problem),
  ),
  ...OLD_TLS.map((version) =>
    shall(`tls-no-${version.toLowerCase().replace('v', '-').replace('.', '-')}`, [231], `${version} is refused`, async (server) =>
      each(server, async (origin) => ((await speaks(origin, version)) ? `${version} is spoken` : undefined)),
    ),
  ),
  shall('tls-current', [231], 'TLS 1.2 or 1.3 is spoken', async (server) =>
    each(server, async (origin) => {
      const spoken = await Promise.all(CURRENT_TLS.map((version) => speaks(origin, version)));
      return spoken.some(Boolean) ? undefined : 'neither is spoken';
    }),
  ),
  should('tls-stay', [], 'browsers are told to stay with https (Strict-Transport-Security)', async (server) => {
    applies(server.base.startsWith('https:'), 'the FHIR base is reached without TLS');
    const header = (await server.fhir(undefined, 'metadata')).headers.get('Strict-Transport-Security');
    insist(Number(/max-age="?(\d+)/i.exec(header ?? '')?.[1]) > 0, `Strict-Transport-Security is ${JSON.stringify(header)}`);
  }),
]);

/** Reached in clear over a network. */
function isOpen(url: string): boolean {
  return url.startsWith('http:') && !LOOPBACK.includes(new URL(url).hostname);
}

/** Whether a handshake of exactly this version succeeds; whose certificate it is does not matter here. */
async function speaks(origin: string, version: SecureVersion): Promise<boolean> {
  const old = OLD_TLS.includes(version) ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
  return (await handshake(origin, { minVersion: version, maxVersion: version, rejectUnauthorized: false, ...old })).problem === undefined;
}

interface Hands {
  readonly rejectUnauthorized: boolean;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  readonly ciphers?: string;
}

/** What came of a handshake: nothing, or what went wrong. */
function handshake(origin: string, how: Hands): Promise<{ readonly problem: string | undefined }> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || 443), servername: host, ...how });
    const end = (problem?: string) => {
      socket.destroy();
      resolve({ problem });
    };
    socket.setTimeout(TLS_WITHIN_MS, () => end('there was no answer in time'));
    socket.once('secureConnect', () => end());
    socket.once('error', (error) => end(error.message));
  });
}
