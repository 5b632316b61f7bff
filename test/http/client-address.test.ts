import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { cameInClear, clientAddress } from '../../server/http/client-address.ts';
import { computeMs } from '../support/compute-time.ts';

const asked = (headers: Record<string, string>, remoteAddress = '10.0.0.1') =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;

const NET = ['10.0.0.0/8'];
const cases: readonly (readonly [why: string, trusted: readonly string[], headers: Record<string, string>, address: string])[] = [
  ['nobody trusted: a header is not believed', [], { 'x-forwarded-for': '192.0.2.7' }, '10.0.0.1'],
  ['nobody trusted: nor this one', [], { forwarded: 'for=192.0.2.7' }, '10.0.0.1'],
  ['a peer that is not the trusted one', ['10.0.0.2'], { 'x-forwarded-for': '192.0.2.7' }, '10.0.0.1'],
  ['a trusted peer: what it added', ['10.0.0.1'], { 'x-forwarded-for': '192.0.2.7' }, '192.0.2.7'],
  ['a trusted peer: not what the client wrote before it', ['10.0.0.1'], { 'x-forwarded-for': '203.0.113.9, 192.0.2.7' }, '192.0.2.7'],
  ['a client that claims to be a proxy', NET, { 'x-forwarded-for': '203.0.113.9, 10.9.9.9, 192.0.2.7' }, '192.0.2.7'],
  ['two proxies: what the outer one added', NET, { 'x-forwarded-for': '203.0.113.9, 192.0.2.7, 10.0.0.2' }, '192.0.2.7'],
  ['proxies only, as from within', NET, { 'x-forwarded-for': '10.0.0.3, 10.0.0.2' }, '10.0.0.3'],
  ['Forwarded', NET, { forwarded: 'for=192.0.2.7;proto=https;host=plan.example' }, '192.0.2.7'],
  ['Forwarded with IPv6 and port', NET, { forwarded: 'proto=https;for="[2001:db8::7]:4711"' }, '2001:db8::7'],
  ['Forwarded of two hops', NET, { forwarded: 'for=203.0.113.9, for=192.0.2.7;by=10.0.0.1' }, '192.0.2.7'],
  ['Forwarded with a comma in quotes', NET, { forwarded: 'for=192.0.2.7;host="a, for=203.0.113.9"' }, '192.0.2.7'],
  ['a quote that the client opened', NET, { forwarded: 'for=203.0.113.9;host=", for="[2001:db8::7]"' }, '10.0.0.1'],
  ['a quote that the client opened and escaped', NET, { forwarded: 'for=203.0.113.9;host="\\", for="192.0.2.7"' }, '10.0.0.1'],
  ['a quote that never ends', NET, { forwarded: 'for=192.0.2.7;host="a, for=203.0.113.9' }, '10.0.0.1'],
  ['a hop without an address', NET, { forwarded: 'for=203.0.113.9, by=10.0.0.1' }, '10.0.0.1'],
  ['IPv6 without quotes', NET, { forwarded: 'for=[2001:db8::7]' }, '2001:db8::7'],
  ['both, and they agree', NET, { forwarded: 'for=192.0.2.7', 'x-forwarded-for': '192.0.2.7' }, '192.0.2.7'],
  [
    "a client's own Forwarded that the proxy let through",
    NET,
    { forwarded: 'for=203.0.113.9', 'x-forwarded-for': '192.0.2.7' },
    '10.0.0.1',
  ],
  ['an address with a port', NET, { 'x-forwarded-for': '192.0.2.7:4711' }, '192.0.2.7'],
  ['an obfuscated name', NET, { forwarded: 'for=_hidden' }, '10.0.0.1'],
  ['rubbish', NET, { 'x-forwarded-for': '<script>' }, '10.0.0.1'],
  ['an empty header', NET, { 'x-forwarded-for': '' }, '10.0.0.1'],
  ['no header', NET, {}, '10.0.0.1'],
];

describe('the address of a request [RFC 7239]', () => {
  it.each(cases)('with %s', (_why, trusted, headers, address) => {
    expect(clientAddress(trusted)(asked(headers))).toBe(address);
  });

  it('is the same for IPv4 within IPv6', () => {
    expect(clientAddress(NET)(asked({ 'x-forwarded-for': '::ffff:192.0.2.7' }, '::ffff:10.0.0.1'))).toBe('192.0.2.7');
  });

  it('takes time in proportion to a header made to cost much', () => {
    const headers = { forwarded: `${'"\\'.repeat(4000)}for=192.0.2.7` };
    expect(computeMs(() => clientAddress(NET)(asked(headers)))).toBeLessThan(500);
  });
});

describe('the scheme of a request, as a trusted proxy tells it', () => {
  it.each([
    ['http', NET, { 'x-forwarded-proto': 'http' }, true],
    ['http in Forwarded', NET, { forwarded: 'for=192.0.2.7;proto=http' }, true],
    ['http in one and https in the other', NET, { forwarded: 'for=192.0.2.7;proto=https', 'x-forwarded-proto': 'http' }, true],
    ['what the client wrote before the proxy', NET, { 'x-forwarded-proto': 'https, http' }, true],
    ['https', NET, { 'x-forwarded-proto': 'https' }, false],
    ['https after what the client wrote', NET, { 'x-forwarded-proto': 'http, https' }, false],
    ['nothing, as a health check', NET, {}, false],
    ['http, from one that is not trusted', [], { 'x-forwarded-proto': 'http' }, false],
  ])('is %s', (_why, trusted, headers, clear) => {
    expect(cameInClear(trusted)(asked(headers as Record<string, string>))).toBe(clear);
  });
});
