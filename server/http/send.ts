/**
 * Writes a FhirResponse to the wire.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#general
 */
import type { ServerResponse } from 'node:http';
import { parseJson, stringifyJson } from '../fhir/json.ts';
import type { FhirResponse } from '../interactions/context.ts';
import type { JsonText } from '../search/searchset.ts';
import type { Content } from './binary-content.ts';

/** Headers of an answer as they are written: name, value, name, value … */
export type Head = readonly string[];

/** From this many characters on it costs more to join a body to its head than to send them apart. */
const SENT_APART_FROM = 16_384;

/** Said once: an answer that may be kept says so in the place of the one for all. */
const CACHING = 'Cache-Control';

/** The same headers as a list. */
export function headOf(headers: Readonly<Record<string, string>>): Head {
  return Object.entries(headers).flat();
}

/**
 * Sends status, headers (`head` and the response's own) and body; `pretty` lays the JSON out for people. HEAD gets no
 * body, but its length. A short body goes out as a string: Node then sends it with the head in one write.
 */
export function send(response: ServerResponse, head: Head, answer: FhirResponse, contentType = '', pretty = false): void {
  const { status, headers, body } = answer;
  const written = head.slice();
  let type = contentType;
  for (const name in headers) {
    if (name === 'Content-Type' && body !== undefined) type = headers[name]!;
    else if (name === CACHING && written.includes(name)) written[written.indexOf(name) + 1] = headers[name]!;
    else written.push(name, headers[name]!);
  }
  if (body === undefined) {
    response.writeHead(status, written).end();
    return;
  }
  const parts = pretty || !isText(body) ? undefined : body.parts;
  if (parts !== undefined && lengthOf(parts) >= SENT_APART_FROM) {
    written.push('Content-Type', type, 'Content-Length', String(lengthOf(parts)));
    response.writeHead(status, written);
    // All in one write.
    response.cork();
    for (const part of parts) response.write(part);
    response.end(() => letGo(parts));
    return;
  }
  const text = isText(body) ? body.text : stringifyJson(body);
  const sent = pretty && type === contentType ? stringifyJson(parseJson(text), 2) : text;
  const bytes = sent.length < SENT_APART_FROM ? sent : Buffer.from(sent);
  written.push('Content-Type', type, 'Content-Length', String(Buffer.byteLength(bytes)));
  response.writeHead(status, written).end(bytes);
}

/** Sends bytes as they are, 200. HEAD gets none, but their length. */
export function sendContent(response: ServerResponse, head: Head, { bytes, type, headers }: Content): void {
  const written = [...head, ...headOf(headers), 'Content-Type', type, 'Content-Length', String(bytes.length)];
  response.writeHead(200, written).end(bytes);
}

/**
 * Gives back the memory of what is sent now, and not when it is next looked for: megabytes outside of the heap make the
 * engine search all of it, and that takes as long as the pages themselves.
 */
function letGo(parts: readonly (string | Uint8Array)[]): void {
  for (const part of parts) if (typeof part !== 'string' && part.buffer instanceof ArrayBuffer) part.buffer.transfer(0);
}

/** Bytes of all parts. */
function lengthOf(parts: readonly (string | Uint8Array)[]): number {
  return parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}

function isText(body: NonNullable<FhirResponse['body']>): body is JsonText {
  return !('resourceType' in body);
}
