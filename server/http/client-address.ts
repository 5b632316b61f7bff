/**
 * The address a request comes from. What proxies say of it counts only when the operator has said how many of them stand
 * in front: anyone can write such a header, and the address decides who has to wait.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc7239
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Gives the address that the outermost of `trustedProxies` saw; with none, that of the connection. `Forwarded` is read
 * before `X-Forwarded-For`. An address that cannot be read is that of the connection.
 */
export function clientAddress(trustedProxies: number): (request: IncomingMessage) => string {
  return ({ headers, socket }) => {
    const direct = socket.remoteAddress ?? '';
    if (trustedProxies === 0) return direct;
    const seen = headers.forwarded === undefined ? listOf(headers['x-forwarded-for']) : forwardedFor(headers.forwarded);
    const address = addressOf(seen[Math.max(0, seen.length - trustedProxies)]);
    return address ?? direct;
  };
}

function listOf(header: string | readonly string[] | undefined): readonly string[] {
  return header === undefined ? [] : String(header).split(',');
}

/** The `for` of each hop. */
function forwardedFor(header: string): readonly string[] {
  return header.split(',').map((hop) => /(?:^|;)\s*for\s*=\s*("[^"]*"|[^;\s]+)/i.exec(hop)?.[1] ?? '');
}

/** An address without quotes, brackets and port; undefined when it is none. */
function addressOf(text: string | undefined): string | undefined {
  const bare = (text ?? '').trim().replace(/^"(.*)"$/, '$1');
  const address = /^\[(.+)\](?::\d+)?$/.exec(bare)?.[1] ?? /^([\d.]+):\d+$/.exec(bare)?.[1] ?? bare;
  return isIP(address) === 0 ? undefined : address;
}
