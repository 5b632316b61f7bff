/**
 * Cross-origin access of browser apps to one FHIR base.
 *
 * Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import type { Request, Response } from 'express';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Accept, Prefer, If-Match, If-None-Match, If-None-Exist, If-Modified-Since, X-Request-Id';
const RESPONSE_HEADERS = 'ETag, Last-Modified, Location, Content-Location, X-Request-Id, WWW-Authenticate, Retry-After';

/** Marks the answer as readable for the page that asks, when its origin is allowed; `*` when the content is public. */
export function allowOrigin(request: Request, response: Response, origins: readonly string[], isPublic: boolean): void {
  const origin = request.get('Origin');
  if (isPublic) response.set('Access-Control-Allow-Origin', '*');
  else {
    response.vary('Origin');
    if (origin === undefined || !origins.includes(origin)) return;
    response.set('Access-Control-Allow-Origin', origin);
  }
  response.set('Access-Control-Expose-Headers', RESPONSE_HEADERS);
}

/** Answers OPTIONS, a preflight or not. */
export function answerOptions(request: Request, response: Response): void {
  if (request.get('Access-Control-Request-Method') !== undefined && response.get('Access-Control-Allow-Origin') !== undefined) {
    response.set({
      'Access-Control-Allow-Methods': METHODS,
      'Access-Control-Allow-Headers': REQUEST_HEADERS,
      'Access-Control-Max-Age': '600',
    });
  }
  response.status(204).set('Allow', METHODS).end();
}
