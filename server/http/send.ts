/**
 * Writes a FhirResponse to the wire.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#general
 */
import type { ServerResponse } from 'node:http';
import { parseJson, stringifyJson } from '../fhir/json.ts';
import type { FhirResponse } from '../interactions/context.ts';

/** Headers of an answer as they are written: name, value, name, value … */
export type Head = readonly string[];

/** From this many characters on it costs more to join a body to its head than to send them apart. */
const SENT_APART_FROM = 16_384;

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
    else written.push(name, headers[name]!);
  }
  if (body === undefined) {
    response.writeHead(status, written).end();
    return;
  }
  const text = 'text' in body && typeof body.text === 'string' && !('resourceType' in body) ? body.text : stringifyJson(body);
  const sent = pretty && type === contentType ? stringifyJson(parseJson(text), 2) : text;
  const bytes = sent.length < SENT_APART_FROM ? sent : Buffer.from(sent);
  written.push('Content-Type', type, 'Content-Length', String(Buffer.byteLength(bytes)));
  response.writeHead(status, written).end(bytes);
}
