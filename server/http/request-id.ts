/**
 * Gives each request an id, the client's own where it sends a usable one, and logs each answer on one line.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#custom
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Log } from './log.ts';

/** A request under way, with what the log will tell of it. */
export interface OpenRequest {
  readonly requestId: string;
  /** The id that the client gave, where another was taken: it is told in X-Correlation-Id. */
  readonly correlationId?: string;
  /** The resource type that the URL names. */
  type?: string;
  clientId?: string;
}

/** The id of a request that went through `requestLog`. */
export function requestIdOf(response: Response): string {
  return typeof response.locals.requestId === 'string' ? response.locals.requestId : 'none';
}

/** Middleware that goes before everything that is not a FHIR base. */
export function requestLog(log: Log): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const { requestId } = openRequest(log, request, response, request.originalUrl);
    response.locals.requestId = requestId;
    response.set('X-Request-Id', requestId);
    next();
  };
}

/** Gives the request, which came for `url`, its id (to be sent as X-Request-Id), and sees to it that the answer is logged. */
export function openRequest(log: Log, request: IncomingMessage, response: ServerResponse, url: string): OpenRequest {
  const given = request.headers['x-request-id'];
  // A client's id that is all digits could be somebody's number.
  const usable = typeof given === 'string' && /^(?=.*[A-Za-z])[A-Za-z0-9.-]{8,64}$/.test(given);
  const opened: OpenRequest = usable ? { requestId: given } : { requestId: randomUUID(), ...correlation(given) };
  if (log.isQuiet) return opened;
  const startedMs = performance.now();
  log.debug?.({ event: 'request-begins', requestId: opened.requestId, method: request.method, area: area(url) });
  response.once('close', () => {
    const { requestId, type, clientId } = opened;
    log.info({
      event: 'request',
      requestId,
      method: request.method,
      area: area(url),
      status: response.statusCode,
      durationMs: Math.round((performance.now() - startedMs) * 10) / 10,
      ...(response.writableFinished ? {} : { aborted: true }),
      ...(type === undefined ? {} : { type }),
      ...(clientId === undefined ? {} : { clientId }),
    });
  });
  return opened;
}

/** What was given in place of a usable id, as far as it can be sent back. */
function correlation(given: string | string[] | undefined): Pick<OpenRequest, 'correlationId'> {
  return typeof given === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,199}$/.test(given) ? { correlationId: given } : {};
}

/** First segments of paths that are there; what a client makes up may name a person. */
const AREAS: ReadonlySet<string> = new Set(['', 'fhir', 'auth', 'app', 'ehr', 'idp', 'conformance', 'healthz', 'readyz']);

/** The first segment of the path: what is after it may name a person as well. */
function area(url: string): string {
  const first = url.split(/[/?]/, 2)[1] ?? '';
  return AREAS.has(first) ? `/${first}` : 'other';
}
