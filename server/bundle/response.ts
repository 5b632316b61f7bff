/**
 * The Bundle that answers a batch or transaction. Resources that are JSON text already are put in as they are.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction-response
 */
import { stringifyJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';

export interface EntryResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Resource | { readonly text: string };
  readonly lastModifiedMs?: number;
  /** True when the body says how it went, rather than being the resource. */
  readonly bodyIsOutcome: boolean;
  /** Hints and warnings beside a body that is the resource. */
  readonly outcome?: Resource;
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** JSON text of the response Bundle, entries in the order of the request. */
export function bundleResponse(type: 'batch-response' | 'transaction-response', id: string, entries: readonly EntryResponse[]): string {
  const head = `{"resourceType":"Bundle","id":${JSON.stringify(id)},"type":"${type}"`;
  return entries.length === 0 ? `${head}}` : `${head},"entry":[${entries.map(entryText).join(',')}]}`;
}

function entryText({ status, headers, body, bodyIsOutcome, outcome, lastModifiedMs }: EntryResponse): string {
  // What is undefined is not written.
  const response = {
    status: `${status} ${REASONS[status] ?? ''}`.trim(),
    location: headers?.Location,
    etag: headers?.ETag,
    lastModified: lastModifiedMs === undefined ? undefined : new Date(lastModifiedMs).toISOString(),
    outcome,
  };
  if (body === undefined) return `{"response":${JSON.stringify(response)}}`;
  const text = 'text' in body && typeof body.text === 'string' ? body.text : stringifyJson(body);
  if (!bodyIsOutcome) return `{"resource":${text},"response":${JSON.stringify(response)}}`;
  return `{"response":${JSON.stringify(response).slice(0, -1)},"outcome":${text}}}`;
}
