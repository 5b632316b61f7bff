/**
 * Listens for HTTP, or for https with a certificate of its own; holds senders to limits of size, time and number; and
 * stops without breaking off a request that is under way.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9110#section-15.5 · https://www.rfc-editor.org/rfc/rfc6585#section-5
 */
import cluster from 'node:cluster';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import type { SecureVersion } from 'node:tls';
import { type IssueCode, operationOutcome } from '../fhir/outcome.ts';
import { Arrivals } from './arrival.ts';
import type { Certificate } from './certificate.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { REFUSAL_HEADERS } from './security-headers.ts';

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Left out: plain HTTP. With it, plain HTTP is refused. */
  readonly certificate?: Certificate;
  /** Left out: as many as the machine bears. */
  readonly connectionsMax?: number;
  /** What is left out is as `PATIENCE`. */
  readonly patience?: Partial<typeof PATIENCE>;
}

export interface Listening {
  readonly port: number;
  /** New connections get this certificate. */
  renewCertificate(certificate: Certificate): void;
  /**
   * Takes no new connections but those made by now, lets open requests finish, and closes what is still open after `graceMs`.
   * Resolves when the last connection is closed.
   */
  stop(graceMs: number): Promise<void>;
}

/** How long the other side may take, ms. */
const PATIENCE = {
  /** Also for the handshake of TLS. */
  headersMs: 15_000,
  requestMs: 120_000,
  /** What must come within `requestMs` of a body that may be of any size: 70 kilobits a second. */
  leastBytes: 1024 * 1024,
  /** A connection on which nothing moves at all, also one that does not take its answer. */
  idleMs: 300_000,
  /** A connection between two requests: longer than proxies keep theirs, so that they never use one that is closing. */
  keepAliveMs: 75_000,
  /** How often the first two are looked at. */
  checkMs: 5_000,
};
/** How long, from the beginning of the stop, a first request may be on its way, ms. */
const FIRST_REQUEST_MS = 500;
/** How long, before that, connections are taken that have been made by then, ms: where ever more are made, some are broken off. */
const TAKING_MS = 3_000;
/** One of several processes is handed a connection when it has taken the one before. */
const BETWEEN_WORKERS_MS = 50;
/** Request line and headers together. */
const HEADERS_BYTES_MAX = 16 * 1024;
const TLS: { readonly minVersion: SecureVersion; readonly honorCipherOrder: true } = { minVersion: 'TLSv1.2', honorCipherOrder: true };

/**
 * Starts to listen.
 * @throws Error when the address is taken.
 */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  const patience = { ...PATIENCE, ...options.patience };
  const limits = {
    maxHeaderSize: HEADERS_BYTES_MAX,
    headersTimeout: patience.headersMs,
    // Held to below: an import has longer.
    requestTimeout: 0,
    keepAliveTimeout: patience.keepAliveMs,
    connectionsCheckingInterval: patience.checkMs,
    // Asked below, where it is answered as everything else is.
    requireHostHeader: false,
  };
  const arrivals = new Arrivals(patience, (socket) => refuse(TOO_LATE, socket));
  const unasked = new Set<Socket>();
  const handshaking = new Map<string, Socket>();
  const inTurn = oneAtATime((request, response) => {
    arrivals.begins(request);
    if (namesOneHost(request)) handler(request, response);
    else answerWith(response, NO_REQUEST);
  });
  const ofOneHost: RequestListener = (request, response) => {
    unasked.delete(request.socket);
    inTurn(request, response);
  };
  const { certificate } = options;
  const https =
    certificate === undefined
      ? undefined
      : createHttpsServer({ ...limits, ...TLS, ...pemOf(certificate), handshakeTimeout: patience.headersMs }, ofOneHost);
  const server: Server | HttpsServer = https ?? createServer(limits, ofOneHost);
  // Who has sent all of a request may say that nothing more will come, and is answered: it has been carried out.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.timeout = patience.idleMs;
  if (options.connectionsMax !== undefined) server.maxConnections = options.connectionsMax;
  server.on(https === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    handshaking.delete(peerOf(socket));
    unasked.add(socket);
    socket.once('close', () => {
      unasked.delete(socket);
      arrivals.gone(socket);
    });
  });
  https?.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    handshaking.set(peer, socket);
    socket.once('close', () => handshaking.delete(peer));
  });
  server.once('close', () => arrivals.stop());
  server.on('clientError', refuse);
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    unasked.delete(request.socket);
    arrivals.begins(request);
    answerWith(response, UNEXPECTED);
  });
  // Before the handshake is through there is nobody who could read an answer.
  https?.on('tlsClientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    renewCertificate: (renewed) => https?.setSecureContext({ ...TLS, ...pemOf(renewed) }),
    stop: (graceMs) => stop(server, () => [...unasked, ...handshaking.values()], graceMs),
  };
}

/** The other end of a connection: the same below TLS and above it. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function pemOf({ cert, key }: Certificate): { readonly cert: string; readonly key: string } {
  return { cert, key };
}

/** Of two hosts, a proxy may have gone by the other one, and Node takes the first; HTTP/1.0 knows of none (RFC 9112, 3.2). */
function namesOneHost({ rawHeaders, httpVersionMajor, httpVersionMinor }: IncomingMessage): boolean {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count === 1 || (count === 0 && httpVersionMajor === 1 && httpVersionMinor === 0);
}

/** A connection with the answer that is being written to it: Node's own handling of such errors asks for it as well. */
interface AnsweredSocket extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

interface ClientError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** As Node says it of headers that do not come. */
const TOO_LATE: ClientError = Object.assign(new Error('The request did not arrive'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

/** What is no request, or not one in time, is told so, without a stack; the connection ends. In the middle of an answer it would be read as a part of that. */
function refuse(error: ClientError, socket: AnsweredSocket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent === true) {
    socket.destroy();
    return;
  }
  const reason = reasonOf(error);
  const { headers, body } = refusal(reason);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${reason.status} ${STATUS_CODES[reason.status]}\r\n${lines.join('')}\r\n${body}`);
}

interface Reason {
  readonly status: number;
  readonly text: string;
}

const CODES: Readonly<Record<number, IssueCode>> = { 408: 'timeout', 417: 'not-supported' };
const NO_REQUEST: Reason = { status: 400, text: 'This is no HTTP request' };
const UNEXPECTED: Reason = { status: 417, text: 'Nothing but 100-continue can be expected here' };
const UNESCAPED: Reason = { status: 400, text: 'The URL holds a character that is to be escaped: Å is %C3%85, a space is %20' };

/** Answers what came as a request, and is not to be dealt with; the connection ends. */
function answerWith(response: ServerResponse, reason: Reason): void {
  const { headers, body } = refusal(reason);
  response.writeHead(reason.status, headers).end(body);
}

function refusal({ status, text }: Reason): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const body = JSON.stringify(operationOutcome([{ severity: 'error', code: CODES[status] ?? 'structure', diagnostics: text }]));
  const type = { 'Content-Type': 'application/fhir+json; charset=utf-8', Connection: 'close' };
  return { headers: { ...REFUSAL_HEADERS, ...type, 'Content-Length': String(Buffer.byteLength(body)) }, body };
}

function reasonOf({ code, rawPacket }: ClientError): Reason {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return { status: 408, text: 'The request did not arrive in time' };
  if (code === 'HPE_INVALID_URL') return UNESCAPED;
  if (code !== 'HPE_HEADER_OVERFLOW') return NO_REQUEST;
  // A packet without an end of line: it was still the request line that would not end.
  if (rawPacket !== undefined && !rawPacket.includes('\r\n'))
    return { status: 414, text: 'The URL is too long; a search may be sent by POST' };
  return { status: 431, text: `URL and headers together are larger than ${HEADERS_BYTES_MAX} bytes` };
}

/** @param unasked connections on which no request has come yet: Node takes them for busy, and browsers and proxies keep them ready. */
async function stop(server: Server | HttpsServer, unasked: () => readonly Socket[], graceMs: number): Promise<void> {
  const sinceMs = performance.now();
  await takeAll(server, Math.min(TAKING_MS, graceMs));
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  // A connection that finishes its request while we wait becomes idle, and may then be closed as well.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const close = setTimeout(async () => {
    // Of a process that is busy they may have come, and not have been read.
    await wholeTurn();
    for (const socket of unasked()) socket.destroy();
  }, FIRST_REQUEST_MS);
  const force = setTimeout(() => server.closeAllConnections(), Math.max(sinceMs + graceMs - performance.now(), 0));
  await closed;
  clearInterval(sweep);
  for (const timer of [close, force]) clearTimeout(timer);
}

/**
 * Takes the connections that have been made and wait to be taken, which would be broken off together with the listener,
 * requests and all: of a process that is busy they are many, and it takes one in a turn.
 */
async function takeAll(server: Server | HttpsServer, withinMs: number): Promise<void> {
  let taken = 0;
  const count = (): void => {
    taken += 1;
  };
  server.on('connection', count);
  const untilMs = performance.now() + withinMs;
  for (let before = -1; before < taken && performance.now() < untilMs; ) {
    before = taken;
    await Promise.all([wholeTurn(), ...(cluster.isWorker ? [pause(BETWEEN_WORKERS_MS)] : [])]);
  }
  server.removeListener('connection', count);
}

/** Resolves when what has come in by now has been read: the turn that is going on may be beyond that. */
async function wholeTurn(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
