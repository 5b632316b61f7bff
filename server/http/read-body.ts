/**
 * Reads the body of a request up to a limit, and JSON out of it.
 *
 * Spec: https://hl7.org/fhir/R4/json.html
 */
import type { IncomingMessage } from 'node:http';
import { malformed, tooLarge, unsupportedMediaType } from '../fhir/errors.ts';
import { parseJson } from '../fhir/json.ts';
import { checkJson, JsonFault, positionAt } from '../validation/json-positions.ts';

/** What is too large is still read (and thrown away) up to this, because a client that is cut off while it sends does not see the answer. */
const DRAIN_BYTES_MAX = 64 * 1024 * 1024;

/** Deeper than any resource: nesting is bounded before anything walks through the value. */
const DEPTH_MAX = 200;

/**
 * The body as text.
 * @throws FhirError 413 `too-long` above the limit, 415 for a Content-Encoding, 400 `structure` when it is not UTF-8.
 */
export async function readText(request: IncomingMessage, limitBytes: number): Promise<string> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw unsupportedMediaType('A body with a Content-Encoding is not read here');
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > DRAIN_BYTES_MAX) throw bodyTooLarge(limitBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (size > DRAIN_BYTES_MAX) break;
  }
  if (size > limitBytes) throw bodyTooLarge(limitBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw malformed('The body is not UTF-8');
  }
}

/**
 * The value of a JSON text.
 * @throws FhirError 400 `structure` with line and column where the text stops being JSON, or when it is nested too deep.
 */
export function readJson(text: string): unknown {
  if (tooDeep(text)) throw malformed(`The body is nested deeper than ${DEPTH_MAX} levels`);
  // NUL is no character of a FHIR string, and databases refuse it.
  if (/(?:^|[^\\])(?:\\\\)*\\u0000/.test(text)) throw malformed('The body contains the character NUL');
  try {
    return parseJson(text);
  } catch {
    throw malformed(`The body is not JSON: ${faultIn(text)}`);
  }
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

function tooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > DEPTH_MAX) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}
