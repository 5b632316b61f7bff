/**
 * The address and the scheme a request comes with. What proxies say of them counts only when the operator trusts the
 * address they speak from: anyone can write such a header, and the address decides who has to wait.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7239
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** One hop as the proxy that took the request over tells it. */
interface Hop {
  readonly from: string | undefined;
  readonly scheme: string | undefined;
}

/**
 * Gives the address a request comes from: that of the connection or, while it is one of `trusted` (addresses and
 * networks as `10.0.0.0/8`), the one it names. Of `Forwarded` and `X-Forwarded-For` either may be there; where both are
 * and do not agree, one is the client's own, and neither is believed. An address that cannot be read ends the way.
 */
export function clientAddress(trusted: readonly string[]): (request: IncomingMessage) => string {
  const list = listOf(trusted);
  return ({ headers, socket }) => {
    let address = plainAddress(socket.remoteAddress ?? '');
    if (!isListed(list, address)) return address;
    const hops = [...hopsOf(headers)];
    while (hops.length > 0 && isListed(list, address)) {
      const next = addressOf(hops.pop()?.from);
      if (next === undefined) break;
      address = next;
    }
    return address;
  };
}

/**
 * Gives whether a trusted proxy says that a request reached it by plain HTTP. False when nothing is said of it, as by
 * the health checks of the proxy itself.
 */
export function cameInClear(trusted: readonly string[]): (request: IncomingMessage) => boolean {
  const list = listOf(trusted);
  return ({ headers, socket }) => {
    if (!isListed(list, plainAddress(socket.remoteAddress ?? ''))) return false;
    const forwarded = forwardedHops(headers.forwarded).at(-1)?.scheme;
    const named = parts(headers['x-forwarded-proto']).at(-1)?.toLowerCase();
    return [forwarded, named].some((scheme) => scheme !== undefined && scheme !== 'https');
  };
}

function listOf(trusted: readonly string[]): BlockList {
  const list = new BlockList();
  for (const each of trusted) {
    const [address = '', prefix] = each.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function isListed(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

function hopsOf(headers: IncomingHttpHeaders): readonly Hop[] {
  const named = parts(headers['x-forwarded-for']).map((from) => ({ from, scheme: undefined }));
  if (headers.forwarded === undefined) return named;
  const forwarded = forwardedHops(headers.forwarded);
  const agree = named.length === 0 || addressOf(named.at(-1)?.from) === addressOf(forwarded.at(-1)?.from);
  return agree ? forwarded : [];
}

function parts(header: string | readonly string[] | undefined): readonly string[] {
  const text = String(header ?? '').trim();
  return text === '' ? [] : text.split(',').map((part) => part.trim());
}

/** One pair of a hop, and what ends it. Colons and brackets, which belong into quotes, are taken without as well. */
const PAIR = /\s*(?:([\w!#$%&'*+.^`|~-]+)=("(?:[^"\\]|\\.)*"|[\w!#$%&'*+.^`|~:[\]-]+))?\s*([;,]|$)/y;

/**
 * `Forwarded`: hops with commas between, each of pairs with semicolons between, whose values may be quoted. Not a hop of
 * it counts when it is malformed: a quote that a client opens could swallow what the proxy wrote after it.
 */
function forwardedHops(header: string | undefined): readonly Hop[] {
  const hops: Hop[] = [];
  let pairs = new Map<string, string>();
  PAIR.lastIndex = 0;
  for (let at = 0; header !== undefined && at < header.length; at = PAIR.lastIndex) {
    const [, name, value, end] = PAIR.exec(header) ?? [];
    if (end === undefined) return [];
    if (name !== undefined && value !== undefined) pairs.set(name.toLowerCase(), value);
    if (end === ';') continue;
    hops.push({ from: pairs.get('for'), scheme: pairs.get('proto')?.replace(/"/g, '').toLowerCase() });
    pairs = new Map();
  }
  return hops;
}

/** An address without quotes, brackets and port; undefined when it is none. */
function addressOf(text: string | undefined): string | undefined {
  const bare = (text ?? '').trim().replace(/^"(.*)"$/, '$1');
  const address = /^\[(.+)\](?::\d+)?$/.exec(bare)?.[1] ?? /^([\d.]+):\d+$/.exec(bare)?.[1] ?? bare;
  return isIP(address) === 0 ? undefined : plainAddress(address);
}

/** An IPv4 address as such, also where the connection is one of IPv6. */
function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
