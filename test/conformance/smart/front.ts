/**
 * What stands before a server in these tests: it hands every request on as it came, unless it is told to spoil something.
 */
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Message {
  method: string;
  /** Path with query. */
  path: string;
  headers: Record<string, string | readonly string[] | undefined>;
  body: string;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** What is done to requests on their way in and to answers on their way out; either may change what it is given. */
export interface Spoiler {
  request?(message: Message): void | Promise<void>;
  /** `sent` is the request as the client sent it. */
  reply?(reply: Reply, sent: Message): void | Promise<void>;
  /** Answers in place of the server. */
  answer?(message: Message): Reply | undefined | Promise<Reply | undefined>;
}

export interface Front {
  readonly origin: string;
  readonly port: number;
  /** From now on; nothing: as they came. */
  spoil(spoiler?: Spoiler): void;
  /** Where requests go. */
  lead(to: number): void;
  /** Whoever asks next is somebody new: who failed too often before has no part in it. */
  asSomebodyNew(): void;
  /** What went wrong in the front itself, and not at the server. */
  readonly faults: readonly Error[];
  close(): Promise<void>;
}

/** @param certificate with which it is reached by https; left out: in clear. */
export async function openFront(certificate?: { readonly cert: string; readonly key: string }): Promise<Front> {
  let [spoiler, target, address]: [Spoiler, number, number] = [{}, 0, 1];
  const faults: Error[] = [];
  const listener: RequestListener = (req, res) => {
    void (async () => {
      const sent: Message = { method: req.method!, path: req.url!, headers: { ...req.headers }, body: await textOf(req) };
      const message = { ...sent, headers: { ...sent.headers, 'x-forwarded-for': `10.9.${address >> 8}.${address & 255}` } };
      const { request: change, answer, reply: changeReply } = spoiler;
      await change?.(message);
      const reply = (await answer?.(message)) ?? (await forward(message, target));
      await changeReply?.(reply, sent);
      const { 'transfer-encoding': _coding, 'content-length': _length, connection: _connection, ...headers } = reply.headers;
      res.writeHead(reply.status, present(headers));
      res.end(reply.body);
    })().catch((error: Error) => {
      faults.push(error);
      res.destroy();
    });
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${certificate === undefined ? 'http' : 'https'}://localhost:${port}`,
    port,
    faults,
    spoil(next = {}) {
      spoiler = next;
    },
    lead(to) {
      target = to;
    },
    asSomebodyNew() {
      address += 1;
    },
    close: () => closed(server),
  };
}

export function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function forward({ method, path, headers, body }: Message, port: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = { ...present(headers), connection: 'close', ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }) };
    const out = request({ host: '127.0.0.1', port, method, path, headers: sent }, (res) => {
      textOf(res).then((text) => resolve({ status: res.statusCode!, headers: { ...res.headers }, body: text }), reject);
    });
    out.once('error', reject);
    out.end(body);
  });
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function present<T extends object>(headers: T): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}
