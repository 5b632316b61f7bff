/**
 * One FHIR base over HTTP. It may be mounted several times in one process, each with its own store, issuer and URL.
 *
 * Spec: https://hl7.org/fhir/R4/http.html
 */
import type { Request, RequestHandler, Response } from 'express';
import { NO_INTERACTION } from '../audit/access-record.ts';
import type { ProvenRequest } from '../auth/dpop-proof.ts';
import type { Authenticator, Principal } from '../auth/principal.ts';
import { decodePath } from '../bundle/entry-url.ts';
import { badValue, malformed, methodNotAllowed, unsupportedMediaType } from '../fhir/errors.ts';
import type { FhirContext, FhirRequest, FhirServices, HttpMethod } from '../interactions/context.ts';
import { dispatch } from '../interactions/dispatch.ts';
import { generalParameter } from '../interactions/parameters.ts';
import { allowedAt } from '../interactions/resolve.ts';
import { refusePersonalNumbers } from '../search/personal-number.ts';
import { optionsHeaders, originHeaders } from './cors.ts';
import { fhirErrorHandler } from './error-handler.ts';
import { faultFields, type Log } from './log.ts';
import { answerLanguage, answerType, bodyKind } from './negotiate.ts';
import { readJson, readText } from './read-body.ts';
import { noteForLog, openRequest } from './request-id.ts';
import { type Head, send } from './send.ts';

export interface FhirEndpointOptions {
  readonly services: FhirServices;
  readonly authenticator: Authenticator;
  /** Origins of the browser apps that may call this base. */
  readonly corsOrigins: readonly string[];
  readonly log: Log;
  /** The content of `.well-known/smart-configuration`; left out: there is none at this base. */
  readonly smartConfiguration?: () => object | Promise<object>;
}

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies HttpMethod[];
const SMART_CONFIGURATION = '/.well-known/smart-configuration';

/** What the capability statement is asked with, when nobody has logged in. */
const NOBODY: Principal = { clientId: 'none', subject: 'none', scopes: [], scope: '' };

/** Answers hold health data: nothing keeps them, nothing frames them. */
const PROTECTION: Head = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/**
 * Answers everything below one FHIR base; to be mounted at the path of `services.baseUrl`. `standing` are headers of
 * every answer. All headers are gathered and written at once: setting them one by one costs as much as reading a resource.
 */
export function fhirEndpoint(options: FhirEndpointOptions, standing: Head = {}): RequestHandler {
  const refuse = fhirErrorHandler(options.log);
  const always = { ...PROTECTION, ...standing };
  return (request, response, next) => {
    const head = { ...always, 'X-Request-Id': openRequest(options.log, request, response) };
    answer(options, request, response, head).catch((error: unknown) => refuse(error, response, head, next));
  };
}

async function answer(options: FhirEndpointOptions, request: Request, response: Response, head: Record<string, string>): Promise<void> {
  const { services, log } = options;
  const url = splitUrl(request.url);
  const isPublic = url.path === SMART_CONFIGURATION || url.path === '/metadata';
  Object.assign(head, originHeaders(request, options.corsOrigins, isPublic));
  if (request.method === 'OPTIONS') {
    return send(response, head, { status: 204, headers: optionsHeaders(request, head, allowedMethods(services, url.path)) });
  }
  if (url.path === SMART_CONFIGURATION && options.smartConfiguration !== undefined) {
    response.set(head).json(await options.smartConfiguration());
    return;
  }
  // A value of its own for each request: what is found out about a principal must not outlive the request.
  const principal = isPublic ? NOBODY : { ...(await authenticate(options, request, head['X-Request-Id'] ?? '')) };
  const query = readQuery(url.query);
  refusePersonalNumbers(query);
  const fhirRequest = await readRequest(request, url.path, query, services.limits.bodyBytes);
  // A file is what it is.
  const accept = fhirRequest.path.at(-1) === '$bulk-file' ? undefined : request.headers.accept;
  const contentType = answerType(accept, generalParameter(fhirRequest.query, '_format'));
  const first = fhirRequest.path[0];
  noteForLog(response, {
    ...(first !== undefined && services.definitions.isResourceType(first) ? { type: first } : {}),
    ...(isPublic ? {} : { clientId: principal.clientId }),
  });
  const requestId = head['X-Request-Id'] ?? '';
  const reportFault = (error: unknown) => log.error({ event: 'fault', requestId, ...faultFields(error) });
  const language = answerLanguage(request.headers['accept-language']);
  const ctx: FhirContext = { ...services, principal, requestId, reportFault, language };
  const answered = await dispatch(ctx, fhirRequest);
  send(response, head, answered, contentType, generalParameter(fhirRequest.query, '_pretty') === 'true');
}

/** What the URL offers; where there is nothing, that is told by the other methods. */
function allowedMethods({ definitions }: FhirServices, path: string): string {
  if (path === SMART_CONFIGURATION) return 'GET, HEAD, OPTIONS';
  try {
    return allowedAt(decodePath(path, 'url'), definitions);
  } catch {
    return 'OPTIONS';
  }
}

/** Who asks; a token that is refused is told in the access log. */
async function authenticate({ services, authenticator }: FhirEndpointOptions, request: Request, requestId: string): Promise<Principal> {
  try {
    return await authenticator.authenticate(request.headers.authorization, provenRequest(services.baseUrl, request));
  } catch (error) {
    const refused = { atMs: services.nowMs(), caller: { clientId: NOBODY.clientId }, requestId, patients: [] };
    await services.audit?.record([{ ...refused, interaction: NO_INTERACTION, action: 'E', outcome: '8', reason: '401 login' }]);
    throw error;
  }
}

/** What a proof of possession must be for, when the token is bound to a key. */
function provenRequest(baseUrl: string, request: Request): ProvenRequest {
  return { method: request.method, url: baseUrl + splitUrl(request.url).path, proof: request.get('DPoP') };
}

function splitUrl(url: string): { path: string; query: string } {
  const question = url.indexOf('?');
  return question < 0 ? { path: url, query: '' } : { path: url.slice(0, question), query: url.slice(question + 1) };
}

function readQuery(text: string): (readonly [string, string])[] {
  if (text === '') return [];
  const query = [...new URLSearchParams(text)];
  const broken = query.find(([name, value]) => name.includes('\0') || value.includes('\0'));
  if (broken !== undefined) throw badValue('A parameter contains the character NUL', broken[0].replaceAll('\0', '').slice(0, 64));
  return query;
}

async function readRequest(request: Request, path: string, query: FhirRequest['query'], limitBytes: number): Promise<FhirRequest> {
  if (!METHODS.includes(request.method)) {
    throw methodNotAllowed('This method is not known here', [...METHODS, 'OPTIONS'].join(', '));
  }
  const method = request.method as HttpMethod;
  const segments = decodePath(path, 'url');
  if (segments.some((segment) => segment.includes('\0'))) throw badValue('The path of the URL contains the character NUL', 'url');
  // Node gives lists for Set-Cookie only, which no request has.
  const shared = { method, path: segments, query, headers: request.headers as FhirRequest['headers'] };
  if (method === 'GET' || method === 'HEAD' || method === 'DELETE') return shared;
  const text = await readText(request, limitBytes);
  const contentType = request.headers['content-type'];
  if (text === '' && contentType === undefined) return shared;
  const kind = bodyKind(contentType, method);
  if (kind === 'form') return withForm(shared, text);
  if (segments.at(-1) === '_search') throw unsupportedMediaType('The body of a _search is a form: application/x-www-form-urlencoded');
  if (kind === 'ndjson') {
    if (segments.at(-1) === '$import') return { ...shared, bodyText: text };
    throw unsupportedMediaType('NDJSON is the body of an $import only');
  }
  if (kind === 'json-patch' && method !== 'PATCH') throw unsupportedMediaType('A JSON Patch is sent by PATCH');
  if (text.trim() === '') throw malformed('The body is empty');
  return { ...shared, body: readJson(text), bodyText: text };
}

function withForm(request: FhirRequest, text: string): FhirRequest {
  if (request.path.at(-1) !== '_search') throw unsupportedMediaType('A form is the body of a _search only');
  return { ...request, query: [...request.query, ...readQuery(text)] };
}
