import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../server/http/client-address.ts';

const asked = (headers: Record<string, string>) => ({ headers, socket: { remoteAddress: '10.0.0.1' } }) as unknown as IncomingMessage;

const cases: readonly (readonly [why: string, proxies: number, headers: Record<string, string>, address: string])[] = [
  ['no proxy is configured: a header is not believed', 0, { 'x-forwarded-for': '192.0.2.7' }, '10.0.0.1'],
  ['no proxy is configured: nor this one', 0, { forwarded: 'for=192.0.2.7' }, '10.0.0.1'],
  ['one proxy: what it added', 1, { 'x-forwarded-for': '192.0.2.7' }, '192.0.2.7'],
  ['one proxy: not what the client wrote before it', 1, { 'x-forwarded-for': '203.0.113.9, 192.0.2.7' }, '192.0.2.7'],
  ['two proxies: what the outer one added', 2, { 'x-forwarded-for': '203.0.113.9, 192.0.2.7, 10.0.0.2' }, '192.0.2.7'],
  ['two proxies, one hop: that hop', 2, { 'x-forwarded-for': '192.0.2.7' }, '192.0.2.7'],
  ['Forwarded', 1, { forwarded: 'for=192.0.2.7;proto=https;host=plan.example' }, '192.0.2.7'],
  ['Forwarded with IPv6 and port', 1, { forwarded: 'proto=https;for="[2001:db8::7]:4711"' }, '2001:db8::7'],
  ['Forwarded before X-Forwarded-For', 1, { forwarded: 'for=192.0.2.7', 'x-forwarded-for': '192.0.2.8' }, '192.0.2.7'],
  ['an address with a port', 1, { 'x-forwarded-for': '192.0.2.7:4711' }, '192.0.2.7'],
  ['an obfuscated name', 1, { forwarded: 'for=_hidden' }, '10.0.0.1'],
  ['rubbish', 1, { 'x-forwarded-for': '<script>' }, '10.0.0.1'],
  ['no header', 1, {}, '10.0.0.1'],
];

describe('the address of a request [RFC 7239]', () => {
  it.each(cases)('with %s', (_why, proxies, headers, address) => {
    expect(clientAddress(proxies)(asked(headers))).toBe(address);
  });
});
