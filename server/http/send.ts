/**
 * Writes a FhirResponse to the wire.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#general
 */
import type { Response } from 'express';
import { parseJson, stringifyJson } from '../fhir/json.ts';
import type { FhirResponse } from '../interactions/context.ts';

/** Sends status, headers and body; `pretty` lays the JSON out for people. HEAD gets no body, but its length. */
export function send(response: Response, { status, headers, body }: FhirResponse, contentType: string, pretty: boolean): void {
  response.status(status);
  if (headers !== undefined) response.set(headers);
  if (body === undefined) {
    response.end();
    return;
  }
  const text = 'text' in body && typeof body.text === 'string' && !('resourceType' in body) ? body.text : stringifyJson(body);
  const bytes = Buffer.from(pretty ? stringifyJson(parseJson(text), 2) : text, 'utf8');
  // Set by Node's own method: Express would reorder the parameters of the type.
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}
