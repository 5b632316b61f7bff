/**
 * Turns an HTTP request into a FhirRequest: path, query, headers, and the body by its kind.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#general · https://url.spec.whatwg.org/#urlencoded-parsing
 */
import type { IncomingMessage } from 'node:http';
import { decodePath, garbledParameter } from '../bundle/entry-url.ts';
import { badValue, malformed, methodNotAllowed, unsupportedMediaType } from '../fhir/errors.ts';
import type { FhirRequest, HttpMethod } from '../interactions/context.ts';
import { refusePersonalNumbers } from '../search/personal-number.ts';
import { readJson } from '../validation/read-json.ts';
import { asBinary, sendsContent } from './binary-content.ts';
import { bodyKind } from './negotiate.ts';
import { bodyChunks, readBody, readContent } from './read-body.ts';

type Query = FhirRequest['query'];

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies HttpMethod[];
const NO_PARAMETERS: Query = [];

/** A URL below the base, cut at its question mark. */
export interface BelowBase {
  readonly path: string;
  readonly query: string;
}

/**
 * What is asked for at `url`; a promise only where there is a body to wait for.
 * @throws FhirError 405 `not-supported` for an unknown method, 400 for a URL that cannot be read or holds a personal number, and as readBody and readJson say.
 */
export function readRequest(request: IncomingMessage, url: BelowBase, limitBytes: number): FhirRequest | Promise<FhirRequest> {
  const query = readQuery(url.query);
  refusePersonalNumbers(query);
  if (!METHODS.includes(request.method ?? '')) {
    throw methodNotAllowed('This method is not known here', [...METHODS, 'OPTIONS'].join(', '));
  }
  const method = request.method as HttpMethod;
  const path = decodePath(url.path, 'url');
  if (url.path.includes('%00')) throw badValue('The path of the URL contains the character NUL', 'url');
  // Node gives lists for Set-Cookie only, which no request has.
  const shared = { method, path, query, headers: request.headers as FhirRequest['headers'] };
  return method === 'GET' || method === 'HEAD' || method === 'DELETE' ? shared : withBody(request, shared, limitBytes);
}

/** Names and values of a query string or form, decoded. @throws FhirError 400 `value` for the character NUL and for escapes that are not UTF-8. */
function readQuery(text: string): Query {
  if (text === '') return NO_PARAMETERS;
  const query = text.includes('%') || text.startsWith('?') ? [...new URLSearchParams(text)] : plainQuery(text);
  const broken = query.find(([name, value]) => name.includes('\0') || value.includes('\0'));
  if (broken !== undefined) throw badValue('A parameter contains the character NUL', broken[0].replaceAll('\0', '').slice(0, 64));
  const garbled = garbledParameter(text, query);
  if (garbled !== undefined) throw badValue('A parameter is not UTF-8: Å is %C3%85', garbled.slice(0, 64));
  return query;
}

/** A query string without escapes, as URLSearchParams reads it at several times the cost. */
function plainQuery(text: string): (readonly [string, string])[] {
  const query: (readonly [string, string])[] = [];
  for (const part of text.replaceAll('+', ' ').split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    query.push(equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]);
  }
  return query;
}

async function withBody(request: IncomingMessage, shared: FhirRequest, limitBytes: number): Promise<FhirRequest> {
  const { method, path } = shared;
  const isImport = method === 'POST' && path.at(-1) === '$import';
  if (isImport && bodyKind(request.headers['content-type'], method) === 'ndjson') return { ...shared, bodyChunks: bodyChunks(request) };
  const contentType = request.headers['content-type'];
  if (sendsContent(shared, contentType)) {
    return { ...shared, body: asBinary(await readContent(request, limitBytes), contentType, shared) };
  }
  const content = await readBody(request, limitBytes);
  const { text } = content;
  if (text === '' && contentType === undefined) return shared;
  const kind = bodyKind(contentType, method);
  if (kind === 'form') return withForm(shared, text);
  // By another method than POST, it is the method that is wrong.
  if (method === 'POST' && path.at(-1) === '_search')
    throw unsupportedMediaType('The body of a _search is a form: application/x-www-form-urlencoded');
  if (kind === 'ndjson') throw unsupportedMediaType('NDJSON is the body of an $import only');
  if (kind === 'json-patch' && method !== 'PATCH') throw unsupportedMediaType('A JSON Patch is sent by PATCH');
  if (text.trim() === '') throw malformed('The body is empty');
  const { value, isCompact } = readJson(content, path.at(-1) === '$validate');
  return { ...shared, body: value, bodyText: text, isCompact };
}

function withForm(request: FhirRequest, text: string): FhirRequest {
  if (request.path.at(-1) !== '_search') throw unsupportedMediaType('A form is the body of a _search only');
  return { ...request, query: [...request.query, ...readQuery(text)] };
}
