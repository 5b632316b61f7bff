/**
 * Reads the body of a request up to a limit, and JSON out of it.
 *
 * Spec: https://hl7.org/fhir/R4/json.html
 */
import type { IncomingMessage } from 'node:http';
import { malformed, tooLarge, unsupportedMediaType } from '../fhir/errors.ts';
import { ExactDecimal, parseJson } from '../fhir/json.ts';
import { checkJson, JsonFault, positionAt } from '../validation/json-positions.ts';
import { BodyTurns } from './body-turns.ts';
import { scanJson } from './scan-json.ts';

/** What is too large is still read (and thrown away) up to this, because a client that is cut off while it sends does not see the answer. */
const DRAIN_BYTES_MAX = 64 * 1024 * 1024;

/** Deeper than any resource: nesting is bounded before anything walks through the value. */
const DEPTH_MAX = 200;

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
  if (announced > DRAIN_BYTES_MAX) throw bodyTooLarge(limitBytes);
  return readBytes(request, limitBytes);
}

/**
 * The bytes of a body as they arrive, for who does not need it whole. What is not read is thrown away.
 * @throws FhirError 415 for a Content-Encoding.
 */
export function bodyChunks(request: IncomingMessage): AsyncIterable<Uint8Array> {
  refuseEncoding(request);
  return arriving(request);
}

async function* arriving(request: IncomingMessage): AsyncIterable<Uint8Array> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
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
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (size <= DRAIN_BYTES_MAX) return;
      reject(bodyTooLarge(limitBytes));
      request.destroy();
    });
    request.on('end', () => {
      if (size > limitBytes) reject(bodyTooLarge(limitBytes));
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    // A client that goes away in the middle is an error of the request; it may have gone while its token was looked at.
    request.on('error', reject);
    if (request.destroyed) reject(request.errored ?? malformed('The client went away'));
  });
}

/**
 * The value of a body in JSON. Of a member that is given twice only the last would be left: it is refused, unless it
 * `isTold` by who reads the text again.
 * @throws FhirError 400 `structure` with line and column where the text stops being JSON, or when it is nested too deep.
 */
export function readJson({ bytes, text }: Body, isTold = false): unknown {
  const { isTooDeep, holdsNul, mayLoseDecimals, members } = scanJson(bytes, DEPTH_MAX);
  if (isTooDeep) throw malformed(`The body is nested deeper than ${DEPTH_MAX} levels`);
  // NUL is no character of a FHIR string, and databases refuse it.
  if (holdsNul) throw malformed('The body contains the character NUL');
  const value = parsed(text, mayLoseDecimals);
  if (!isTold && membersOf(value) < members) throw malformed(`The body says something twice: ${repeatIn(text)}`);
  return value;
}

function parsed(text: string, mayLoseDecimals: boolean): unknown {
  try {
    return parseJson(text, mayLoseDecimals);
  } catch {
    throw malformed(`The body is not JSON: ${faultIn(text)}`);
  }
}

/** The members of all objects in a value: fewer than the text has, when a name was repeated. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof ExactDecimal) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const each of value) count += membersOf(each);
    return count;
  }
  for (const name in value) count += 1 + membersOf((value as Readonly<Record<string, unknown>>)[name]);
  return count;
}

/** What is repeated and where. */
function repeatIn(text: string): string {
  const [repeated] = checkJson(text);
  if (repeated === undefined) return 'a property';
  const { line, column } = positionAt(text, repeated.offset);
  return `the property ${repeated.name.slice(0, 64)} at line ${line}, column ${column}`;
}

function bodyTooLarge(limitBytes: number): Error {
  return tooLarge(`The body is larger than ${limitBytes} bytes`);
}

/** What is wrong and where: found by a second, slower reading, because the engine does not always say. */
function faultIn(text: string): string {
  try {
    checkJson(text);
    return 'it cannot be read';
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const { line, column } = positionAt(text, error.offset);
    return `${error.message} at line ${line}, column ${column}`;
  }
}
