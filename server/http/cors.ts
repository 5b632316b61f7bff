/**
 * Cross-origin access of browser apps to one FHIR base.
 *
 * Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import type { IncomingMessage } from 'node:http';
import { PATCH_TYPES } from '../interactions/patch.ts';
import type { Head } from './send.ts';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const REQUEST_HEADERS =
  'Authorization, DPoP, Content-Type, Accept, Prefer, If-Match, If-None-Match, If-None-Exist, If-Modified-Since, If-Unmodified-Since, X-Request-Id, X-Security-Context';
const RESPONSE_HEADERS =
  'ETag, Last-Modified, Location, Content-Location, X-Request-Id, X-Correlation-Id, X-Progress, X-Security-Context, WWW-Authenticate, Retry-After, Allow, Accept-Patch';

const ANY_ORIGIN: Head = ['Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', RESPONSE_HEADERS];
const OTHER_ORIGIN: Head = ['Vary', 'Origin'];

/** The origins that may read answers: a list, or what knows them at each moment. */
export interface AllowedOrigins {
  includes(origin: string): boolean;
}

/** What marks the answer as readable for the page that asks, when its origin is allowed; `*` when the content is public. */
export function originHeaders(request: IncomingMessage, origins: AllowedOrigins, isPublic: boolean): Head {
  if (isPublic) return ANY_ORIGIN;
  const { origin } = request.headers;
  if (origin === undefined || !origins.includes(origin)) return OTHER_ORIGIN;
  return [...OTHER_ORIGIN, 'Access-Control-Allow-Origin', origin, 'Access-Control-Expose-Headers', RESPONSE_HEADERS];
}

/** The answer to OPTIONS, a preflight or not; `allow` are the methods offered at the URL, `origin` is what originHeaders gave. */
export function optionsHeaders(request: IncomingMessage, origin: Head, allow: string): Readonly<Record<string, string>> {
  const isPreflight = request.headers['access-control-request-method'] !== undefined;
  const offered = { Allow: allow, ...(allow.includes('PATCH') ? { 'Accept-Patch': PATCH_TYPES } : {}) };
  if (!isPreflight || !origin.includes('Access-Control-Allow-Origin')) return offered;
  return {
    ...offered,
    'Access-Control-Allow-Methods': METHODS,
    'Access-Control-Allow-Headers': REQUEST_HEADERS,
    'Access-Control-Max-Age': '600',
  };
}
