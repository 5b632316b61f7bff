/**
 * Puts the parts together into one listener for HTTP. Importing it does nothing.
 */
import type { RequestListener } from 'node:http';
import express, { type RequestHandler } from 'express';
import { plainErrorHandler, plainNotFound } from './http/error-handler.ts';
import { type FhirEndpointOptions, fhirEndpoint } from './http/fhir-endpoint.ts';
import { type Health, healthRoutes } from './http/health.ts';
import type { Log } from './http/log.ts';
import { requestLog } from './http/request-id.ts';
import { securityHeaders, standingHeaders } from './http/security-headers.ts';

export interface AppParts {
  /** FHIR bases by the path they are mounted at. */
  readonly fhirBases: readonly { readonly path: string; readonly endpoint: FhirEndpointOptions }[];
  /** Everything else, in order: authorization servers, simulators, the app's files, the front page. */
  readonly routers: readonly { readonly path: string; readonly handler: RequestHandler }[];
  readonly health: Health;
  readonly log: Log;
  /** True when clients reach the service by https: they are told to stay with it. */
  readonly https: boolean;
}

/** The app: the FHIR bases first, as nearly all requests are theirs; then health and the other parts, then a plain answer for what is unknown. */
export function buildApp({ fhirBases, routers, health, log, https }: AppParts): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  const standing = standingHeaders(https);
  const bases = fhirBases.map(({ path, endpoint }) => fhirEndpoint(path, endpoint, standing));
  app.use(requestLog(log));
  app.use(securityHeaders(standing));
  app.use(healthRoutes(health));
  for (const { path, handler } of routers) app.use(path, handler);
  app.use(plainNotFound);
  app.use(plainErrorHandler(log));
  return (request, response) => {
    if (!bases.some((base) => base(request, response))) app(request, response);
  };
}
