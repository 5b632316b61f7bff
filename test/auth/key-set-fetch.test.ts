import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInternalAddress, keySetFetch } from '../../server/auth/key-set-fetch.ts';
import { certificatePem } from '../support/certificates.ts';

let server: Server;
let port: number;
let asked: string[];
beforeEach(async () => {
  asked = [];
  server = createServer(certificatePem('first'), (request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/redirect') response.writeHead(302, { Location: '/jwks' }).end();
    else if (request.url === '/large') response.end('x'.repeat(100_000));
    else if (request.url === '/gone') response.writeHead(404).end();
    else if (request.url !== '/slow') response.setHeader('Cache-Control', 'max-age=31536000').end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A name server that knows one name. */
const names = (...addresses: string[]) =>
  ((_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as never;

const fetchWith = (internal: boolean, addresses: readonly string[] = ['127.0.0.1']) =>
  keySetFetch({ mayBeInternal: () => internal, lookup: names(...addresses), tls: { ca: certificatePem('first').cert } });
const at = (path: string, host = 'localhost') => `https://${host}:${port}${path}`;

describe('fetching the keys of a client', () => {
  it('gives them, with what is said of how long they may be kept, where the operator allows the address', async () => {
    const answer = await fetchWith(true)(at('/jwks'));
    expect(await answer.json()).toEqual({ keys: [] });
    expect(answer.headers.get('cache-control')).toBe('max-age=31536000');
  });

  it.each<[why: string, url: () => string, addresses: readonly string[]]>([
    ['a name that leads within', () => at('/jwks'), ['127.0.0.1']],
    ['a name with one address without and one within', () => at('/jwks'), ['8.8.8.8', '10.0.0.5']],
    ['an address', () => at('/jwks', '127.0.0.1'), []],
    ['an address in another notation', () => at('/jwks', '0x7f000001'), []],
    ['an IPv6 address', () => at('/jwks', '[::1]'), []],
    ['the metadata service of a cloud', () => 'https://169.254.169.254/latest', []],
  ])('is refused for %s, before anything is sent', async (_why, url, addresses) => {
    await expect(fetchWith(false, addresses)(url())).rejects.toThrow('the key set is at an internal address');
    expect(asked).toEqual([]);
  });

  it.each([
    ['a redirect', '/redirect', 'answered with 302'],
    ['an answer that is not 200', '/gone', 'answered with 404'],
    ['too much', '/large', 'too large'],
    ['no answer in time', '/slow', 'aborted'],
  ])('is refused with %s', async (_why, path, message) => {
    await expect(fetchWith(true)(at(path))).rejects.toThrow(message);
    expect(asked).toEqual([path]);
  });

  it('is refused by http, and with a certificate that nobody vouches for', async () => {
    await expect(fetchWith(true)(`http://localhost:${port}/jwks`)).rejects.toThrow('by https only');
    await expect(keySetFetch({ mayBeInternal: () => true })(at('/jwks'))).rejects.toThrow(/self-signed/);
  });
});

describe('an address', () => {
  it.each([
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    'fd00::1',
    'fe80::1%eth0',
    'ff02::1',
    '2001:db8::1',
    '2002:a00:1::',
  ])('%s is internal', (address) => {
    expect(isInternalAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '172.32.0.1', '193.0.0.1', '2a00:1450:400f::1', '::ffff:8.8.8.8'])('%s is not', (address) => {
    expect(isInternalAddress(address)).toBe(false);
  });
});
