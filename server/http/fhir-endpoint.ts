/**
 * One FHIR base over HTTP. It may be there several times in one process, each with its own store, issuer and URL. It
 * stands before Express, which costs as much as reading a resource does; headers are gathered and written at once.
 *
 * Spec: https://hl7.org/fhir/R4/http.html
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NO_INTERACTION } from '../audit/access-record.ts';
import type { ProvenRequest } from '../auth/dpop-proof.ts';
import type { Authenticator, Presumed, Principal } from '../auth/principal.ts';
import { decodePath } from '../bundle/entry-url.ts';
import { methodNotAllowed } from '../fhir/errors.ts';
import { howItEnded } from '../interactions/access-trail.ts';
import type { FhirContext, FhirServices } from '../interactions/context.ts';
import { dispatch } from '../interactions/dispatch.ts';
import { generalParameter } from '../interactions/parameters.ts';
import { allowedAt } from '../operations/run-operation.ts';
import { contentOf, mayWantContent } from './binary-content.ts';
import { type AllowedOrigins, optionsHeaders, originHeaders } from './cors.ts';
import { fhirErrorHandler } from './error-handler.ts';
import { LargeBodies } from './large-bodies.ts';
import { faultFields, type Log } from './log.ts';
import { answerLanguage, answerType } from './negotiate.ts';
import { type BelowBase, readRequest } from './read-request.ts';
import { type OpenRequest, openRequest } from './request-id.ts';
import { FHIR_HEADERS } from './security-headers.ts';
import { type Head, headOf, send, sendContent } from './send.ts';

export interface FhirEndpointOptions {
  readonly services: FhirServices;
  readonly authenticator: Authenticator;
  /** Origins of the browser apps that may call this base. */
  readonly corsOrigins: AllowedOrigins;
  readonly log: Log;
  /** The content of `.well-known/smart-configuration`; left out: there is none at this base. */
  readonly smartConfiguration?: () => object | Promise<object>;
}

/** Takes a request whose URL is at or below the path of the base, and says so. */
export type FhirEndpoint = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A request and its answer on their way. */
interface Exchange {
  readonly options: FhirEndpointOptions;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: BelowBase;
  readonly opened: OpenRequest;
  readonly isPublic: boolean;
  /** What every answer to it bears. */
  readonly head: Head;
}

/** One for all that share a heap. */
const largeBodies = new LargeBodies();

const SMART_CONFIGURATION = '/.well-known/smart-configuration';

/** No operation, however its $ is written. */
const INTERACTION = /^\/(\w[^$%]*)?$/;
/** Looked for in the text of the query: what is refused may be the query itself. */
const PRETTY = /(?:^|&)_pretty=true(?:&|$)/;

/** What the capability statement is asked with, when nobody has logged in. */
const NOBODY: Principal = { clientId: 'none', subject: 'none', scopes: [], scope: '' };

/** The endpoint at `path`, the path of `services.baseUrl`. `standing` are headers of every answer. */
export function fhirEndpoint(path: string, options: FhirEndpointOptions, standing: Readonly<Record<string, string>> = {}): FhirEndpoint {
  const refuse = fhirErrorHandler(options.log);
  const always = headOf({ ...FHIR_HEADERS, ...standing });
  return (request, response) => {
    const whole = originForm(request.url ?? '/');
    const url = belowBase(whole, path);
    if (url === undefined) return false;
    const isPublic = url.path === SMART_CONFIGURATION || url.path === '/metadata';
    const opened = openRequest(options.log, request, response, whole);
    const { requestId, correlationId } = opened;
    const correlation = correlationId === undefined ? [] : ['X-Correlation-Id', correlationId];
    const head = [...always, 'X-Request-Id', requestId, ...correlation, ...originHeaders(request, options.corsOrigins, isPublic)];
    answer({ options, request, response, url, opened, isPublic, head }).catch((error: unknown) => {
      const language = answerLanguage(request.headers['accept-language']);
      refuse(error, response, head, requestId, { pretty: PRETTY.test(url.query), language });
    });
    return true;
  };
}

async function answer(exchange: Exchange): Promise<void> {
  const { options, request, response, url, isPublic, head } = exchange;
  const { services } = options;
  if (request.method === 'OPTIONS') {
    return send(response, head, { status: 204, headers: optionsHeaders(request, head, allowedMethods(services, url.path)) });
  }
  // Of nobody a body is read.
  if (isPublic && request.method !== 'GET' && request.method !== 'HEAD')
    throw methodNotAllowed(`${request.method} is not offered at this URL`, allowedMethods(services, url.path));
  if (url.path === SMART_CONFIGURATION && options.smartConfiguration !== undefined) {
    const text = JSON.stringify(await options.smartConfiguration());
    return send(response, head, { status: 200, body: { text } }, 'application/json; charset=utf-8');
  }
  if (isPublic) return answerTo(exchange, NOBODY);
  const presumed = presume(exchange);
  const principal = presumed?.principal ?? (await authenticate(exchange));
  const answered = () => answerTo(exchange, principal, presumed?.confirmed);
  if (presumed === undefined) return largeBodies.held(request, services.limits.bodyBytes, answered);
  try {
    await largeBodies.held(request, services.limits.bodyBytes, answered);
  } catch (error) {
    await presumed.confirmed;
    throw error;
  }
}

/** Answers the principal, who is `confirmed` while the answer is found. */
async function answerTo(exchange: Exchange, principal: Principal, confirmed?: Promise<void>): Promise<void> {
  const { options, request, response, url, opened, isPublic, head } = exchange;
  const { services, log } = options;
  const { requestId } = opened;
  const asked = readRequest(request, url, services.limits.bodyBytes);
  const fhirRequest = asked instanceof Promise ? await asked : asked;
  // A file is what it is.
  const accept = fhirRequest.path.at(-1) === '$bulk-file' ? undefined : request.headers.accept;
  const asContent = mayWantContent(fhirRequest);
  const typeOfAnswer = () => answerType(accept, generalParameter(fhirRequest.query, '_format'));
  // What a Binary holds decides what it can be given as; all else is refused before anything is done.
  const contentType = asContent ? undefined : typeOfAnswer();
  const first = fhirRequest.path[0];
  if (first !== undefined && services.definitions.isResourceType(first)) opened.type = first;
  if (!isPublic) opened.clientId = principal.clientId;
  const reportFault = (error: unknown) => log.error({ event: 'fault', requestId, ...faultFields(error) });
  const language = answerLanguage(request.headers['accept-language']);
  const ctx: FhirContext = { ...services, principal, requestId, reportFault, language };
  const answered = await dispatch(ctx, fhirRequest, confirmed);
  const content = asContent ? contentOf(answered, accept) : undefined;
  if (content !== undefined) return sendContent(response, head, content);
  const type = contentType ?? (answered.body === undefined ? '' : typeOfAnswer());
  send(response, head, answered, type, generalParameter(fhirRequest.query, '_pretty') === 'true');
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

/**
 * Who asks for an interaction: it is confirmed while the answer is found, which spares the wait for the database. An
 * operation may do anything.
 */
function presume(exchange: Exchange): Presumed | undefined {
  const { options, request, url } = exchange;
  if (!INTERACTION.test(url.path)) return undefined;
  const presumed = options.authenticator.presume?.(request.headers.authorization);
  if (presumed === undefined) return undefined;
  const confirmed = presumed.confirmed.catch((error: unknown) => tellRefused(exchange, error));
  // It may be known before anybody waits for it.
  confirmed.catch(() => undefined);
  return { ...presumed, confirmed };
}

/** Who asks, as a value of its own for each request. */
async function authenticate(exchange: Exchange): Promise<Principal> {
  const { options, request, url } = exchange;
  const { services, authenticator } = options;
  try {
    const proven: ProvenRequest = {
      method: request.method ?? '',
      url: services.baseUrl + url.path,
      proof: request.headers.dpop as string | undefined,
    };
    return await authenticator.authenticate(request.headers.authorization, proven);
  } catch (error) {
    return tellRefused(exchange, error);
  }
}

/** Tells in the access log of a token that is refused, or that could not be looked at, for which nobody is to blame who asked. @throws the refusal. */
async function tellRefused({ options: { services }, opened }: Exchange, error: unknown): Promise<never> {
  const { requestId } = opened;
  const asked = { atMs: services.nowMs(), caller: { clientId: NOBODY.clientId }, requestId, patients: [] };
  const { outcome, reason } = howItEnded(error);
  await services.audit?.record([{ ...asked, interaction: NO_INTERACTION, action: 'E', outcome, reason }]);
  throw error;
}

/** The URL from its path on; a proxy may ask with the whole of it. */
function originForm(url: string): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
}

/** Path and query below the base; undefined when the URL is not there. */
function belowBase(url: string, base: string): BelowBase | undefined {
  if (!url.startsWith(base)) return undefined;
  const question = url.indexOf('?', base.length);
  const path = url.slice(base.length, question < 0 ? undefined : question);
  if (path !== '' && !path.startsWith('/')) return undefined;
  return { path: path === '' ? '/' : path, query: question < 0 ? '' : url.slice(question + 1) };
}
