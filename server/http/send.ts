/**
 * Writes a FhirResponse to the wire.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#general
 */
import type { ServerResponse } from 'node:http';
import { parseJson, stringifyJson } from '../fhir/json.ts';
import type { FhirResponse } from '../interactions/context.ts';

/** Headers of an answer, by their names as they are written. */
export type Head = Readonly<Record<string, string>>;

/** From this many characters on it costs more to join a body to its head than to send them apart. */
const SENT_APART_FROM = 16_384;

/**
 * Sends status, headers (`head` and the response's own) and body; `pretty` lays the JSON out for people. HEAD gets no
 * body, but its length. A short body goes out as a string: Node then sends it with the head in one write.
 */
export function send(response: ServerResponse, head: Head, answer: FhirResponse, contentType = '', pretty = false): void {
  const { status, headers, body } = answer;
  if (body === undefined) {
    response.writeHead(status, { ...head, ...headers }).end();
    return;
  }
  const text = 'text' in body && typeof body.text === 'string' && !('resourceType' in body) ? body.text : stringifyJson(body);
  const ownType = headers?.['Content-Type'];
  const sent = pretty && ownType === undefined ? stringifyJson(parseJson(text), 2) : text;
  const bytes = sent.length < SENT_APART_FROM ? sent : Buffer.from(sent);
  const entity = { 'Content-Type': ownType ?? contentType, 'Content-Length': Buffer.byteLength(bytes) };
  response.writeHead(status, { ...head, ...headers, ...entity }).end(bytes);
}
