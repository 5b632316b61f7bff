/**
 * The provider as a plain Node handler below the path of its issuer. Requests are put before the library in the form
 * it takes: with the host of the issuer (so that the URLs it writes are those of the issuer behind any proxy), without
 * cookies, POST authorization requests as GET, and access tokens to be revoked or introspected by their id.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

export type NodeHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

const FORM = 'application/x-www-form-urlencoded';
const FORM_LIMIT_BYTES = 56 * 1024;

/** The path of a request below `mountPath`, query included, whether or not a router has cut it already. */
export function pathBelow(req: IncomingMessage & { originalUrl?: string }, mountPath: string): string {
  const url = req.originalUrl ?? req.url ?? '/';
  const below = url.startsWith(mountPath) ? url.slice(mountPath.length) : url;
  return below.startsWith('/') ? below : `/${below}`;
}

/** A request as the library is to see it: the issuer's host, no cookie, and the path below the issuer. */
export function presentRequest(req: IncomingMessage, issuer: URL, path: string): IncomingMessage {
  const mountPath = issuer.pathname.replace(/\/$/, '');
  req.headers.host = issuer.host;
  req.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  delete req.headers['x-forwarded-host'];
  delete req.headers.cookie;
  req.url = path;
  return Object.assign(req, { originalUrl: mountPath + path });
}

/** The same request with another body (a form) or, for GET, none. */
export function replaceBody(
  req: IncomingMessage,
  of: { readonly method: string; readonly url: string; readonly form: string },
): IncomingMessage {
  const body = Buffer.from(of.form);
  const { 'content-length': _length, 'content-type': type, 'transfer-encoding': _coding, ...headers } = req.headers;
  const copy = Readable.from(of.method === 'GET' ? [] : [body]);
  const withBody = of.method === 'GET' ? {} : { 'content-type': type ?? FORM, 'content-length': String(body.length) };
  const { httpVersion, httpVersionMajor, httpVersionMinor, socket } = req;
  const same = { httpVersion, httpVersionMajor, httpVersionMinor, socket, headers: { ...headers, ...withBody } };
  return Object.assign(copy, same, { method: of.method, url: of.url }) as unknown as IncomingMessage;
}

/** True when the request carries a form. */
export function isForm(req: IncomingMessage): boolean {
  return (req.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase() === FORM;
}

/** The form of a request as text; undefined when it is longer than `limitBytes`, or than any such form can be. */
export async function readForm(req: IncomingMessage, limitBytes = FORM_LIMIT_BYTES): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The id that a client has in X-Request-Id: by it an operator finds in the log why it was refused. */
export function requestIdOf(res: ServerResponse): { readonly requestId?: string } {
  const id = res.getHeader('X-Request-Id');
  return typeof id === 'string' ? { requestId: id } : {};
}

/** Answers with JSON that must not be cached. */
export function sendJson(res: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    Pragma: 'no-cache',
    ...headers,
  });
  res.end(text);
}
