/**
 * Reads the body of a request up to a limit.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#general
 */
import type { IncomingMessage } from 'node:http';
import { malformed, tooLarge, unsupportedMediaType } from '../fhir/errors.ts';
import { arrivesByAndBy, arrivesInTime } from './arrival.ts';
import { BodyTurns } from './body-turns.ts';
import { roomFor } from './large-bodies.ts';

/** What is too large is still read (and thrown away) up to this, because a client that is cut off while it sends does not see the answer. */
const DRAIN_BYTES = 64 * 1024 * 1024;

/** A body: its bytes, and the text that they are. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Takes away a byte order mark; told nothing about the text before, so that one serves all. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

const turns = new BodyTurns();

/**
 * The body of a request.
 * @throws FhirError 413 `too-long` above the limit, 415 for a Content-Encoding, 400 `structure` when it is not UTF-8.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Body> {
  const bytes = await readContent(request, limitBytes);
  const turn = turns.next(bytes.length);
  if (turn !== undefined) await turn;
  try {
    return { bytes, text: UTF_8.decode(bytes) };
  } catch {
    throw malformed('The body is not UTF-8');
  }
}

/**
 * The bytes of a body, whatever they are.
 * @throws FhirError 413 `too-long` above the limit, 415 for a Content-Encoding.
 */
export async function readContent(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  refuseEncoding(request);
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > readAtMost(limitBytes)) throw bodyTooLarge(limitBytes);
  return readBytes(request, limitBytes);
}

/**
 * The bytes of a body as they arrive, for who does not need it whole; while they are read, it may take as long as it goes
 * on. What is not read is thrown away.
 * @throws FhirError 415 for a Content-Encoding.
 */
export function bodyChunks(request: IncomingMessage): AsyncIterable<Uint8Array> {
  refuseEncoding(request);
  return arriving(request);
}

async function* arriving(request: IncomingMessage): AsyncIterable<Uint8Array> {
  arrivesByAndBy(request);
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    arrivesInTime(request);
    request.resume();
  }
}

function refuseEncoding(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw unsupportedMediaType('A body with a Content-Encoding is not read here');
}

/** By events: to go through a stream with `for await` takes longer than all else that is done with a body of a few kilobytes. */
function readBytes(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const mostBytes = readAtMost(limitBytes);
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else chunks.length = 0;
      const room = roomFor(request, size);
      if (room !== undefined) {
        request.pause();
        void room.then(() => request.resume());
      }
      if (size <= mostBytes) return;
      reject(bodyTooLarge(limitBytes));
      request.destroy();
    });
    request.on('end', () => {
      if (size > limitBytes) reject(bodyTooLarge(limitBytes));
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
      // It is not to be held twice while it is dealt with.
      chunks.length = 0;
    });
    // A client that goes away in the middle is an error of the request; it may have gone while its token was looked at.
    request.on('error', reject);
    if (request.destroyed) reject(request.errored ?? malformed('The client went away'));
  });
}

/** Where the limit is larger than what would be thrown away, there is nothing to throw away. */
function readAtMost(limitBytes: number): number {
  return Math.max(limitBytes, DRAIN_BYTES);
}

function bodyTooLarge(limitBytes: number): Error {
  return tooLarge(`The body is larger than ${limitBytes} bytes`);
}
