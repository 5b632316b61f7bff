/**
 * Gives each request an id, the client's own where it sends a usable one, and logs each answer on one line.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#custom
 */
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Log } from './log.ts';

/** What an endpoint may add to the log line of its answer. */
export interface Logged {
  readonly type?: string;
  readonly clientId?: string;
}

/** The id of a request that went through `requestLog`. */
export function requestIdOf(response: Response): string {
  return typeof response.locals.requestId === 'string' ? response.locals.requestId : 'none';
}

/** Adds to the line that will be logged. */
export function noteForLog(response: Response, logged: Logged): void {
  response.locals.logged = { ...(response.locals.logged as Logged | undefined), ...logged };
}

/** Middleware that goes before everything that is not a FHIR base. */
export function requestLog(log: Log): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    response.set('X-Request-Id', openRequest(log, request, response));
    next();
  };
}

/** Gives the request its id, to be sent as X-Request-Id, and sees to it that the answer is logged. */
export function openRequest(log: Log, request: Request, response: Response): string {
  const given = request.headers['x-request-id'];
  // A client's id that is all digits could be somebody's number.
  const usable = typeof given === 'string' && /^(?=.*[A-Za-z])[A-Za-z0-9.-]{8,64}$/.test(given);
  const requestId = usable ? given : randomUUID();
  response.locals.requestId = requestId;
  const startedMs = performance.now();
  response.once('close', () => {
    log.info({
      event: 'request',
      requestId,
      method: request.method,
      area: area(request.originalUrl),
      status: response.statusCode,
      durationMs: Math.round((performance.now() - startedMs) * 10) / 10,
      ...(response.writableFinished ? {} : { aborted: true }),
      ...(response.locals.logged as Logged | undefined),
    });
  });
  return requestId;
}

/** The first segment of the path: what is after it may name a person. */
function area(url: string): string {
  return /^\/[a-z.-]{0,32}(?=[/?]|$)/i.exec(url)?.[0] ?? '/';
}
