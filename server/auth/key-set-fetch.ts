/**
 * Fetches the key sets that clients publish (`jwksUri`). The URL is the client's choice, so it must not become a way into
 * the network the service stands in: https only, to public addresses only (looked at when the connection is made, so
 * that a name cannot change its mind), no redirects, little time and little data.
 *
 * Spec: https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html ·
 * https://www.rfc-editor.org/rfc/rfc6890
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import type { IncomingHttpHeaders } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const TIMEOUT_MS = 2_500;
const BYTES_MAX = 64 * 1024;

export interface KeySetFetchOptions {
  /** True for the URL of a client whose keys lie within our own network, as the operator says. */
  readonly mayBeInternal: (url: string) => boolean;
  readonly lookup?: typeof systemLookup;
  /** More for the TLS connection: the certificate authorities of a test. */
  readonly tls?: Pick<RequestOptions, 'ca'>;
}

/** A `fetch` for key sets; it rejects with an Error that says what was refused. */
export function keySetFetch(options: KeySetFetchOptions): typeof globalThis.fetch {
  return async (input) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const internal = options.mayBeInternal(url.href);
    if (url.protocol !== 'https:') throw new Error('a key set is fetched by https only');
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    if (!internal && isIP(host) !== 0 && isInternalAddress(host)) throw new Error(INTERNAL);
    const answer = await get(url, internal ? {} : { lookup: publicOnly(options.lookup ?? systemLookup) }, options.tls ?? {});
    if (answer.status !== 200) throw new Error(`the key set was answered with ${answer.status}`);
    return new Response(answer.body, { status: answer.status, headers: answer.caching });
  };
}

const INTERNAL = 'the key set is at an internal address';

interface Fetched {
  readonly status: number;
  readonly body: Buffer<ArrayBuffer>;
  /** Headers that say how long the answer may be kept. */
  readonly caching: Readonly<Record<string, string>>;
}

async function get(url: URL, how: { lookup?: LookupFunction }, tls: object): Promise<Fetched> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { promise, resolve, reject } = Promise.withResolvers<Fetched>();
  const asked = request(url, { ...tls, ...how, signal, agent: false, headers: { Accept: 'application/json' } }, (answer) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BYTES_MAX) answer.destroy(new Error('the key set is too large'));
      chunks.push(chunk);
    });
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks), caching: cachingOf(answer.headers) }));
    answer.on('error', reject);
  });
  asked.on('error', reject);
  asked.end();
  return promise;
}

function cachingOf({ 'cache-control': control, age }: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return { ...(control === undefined ? {} : { 'Cache-Control': control }), ...(age === undefined ? {} : { Age: age }) };
}

/** Looks names up, and fails when any address of the name is internal. */
function publicOnly(lookup: typeof systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error: Error | null, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) callback(error ?? new Error('there is no such host'), '', 0);
      else if (addresses.some(({ address }) => isInternalAddress(address))) callback(new Error(INTERNAL), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Networks that are not the public internet (RFC 6890), and those in which an IPv4 address may hide. */
const INTERNAL_NETWORKS: readonly (readonly [address: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 96],
  ['64:ff9b::', 32],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const internal = new BlockList();
for (const [address, prefix] of INTERNAL_NETWORKS) internal.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** True for an address that is not one of the public internet; IPv4 within IPv6 counts as what it is. */
export function isInternalAddress(address: string): boolean {
  const [bare = ''] = address.split('%');
  return internal.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}
