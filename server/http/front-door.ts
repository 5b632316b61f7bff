/**
 * What a request passes before anything else sees it: the word of a trusted proxy that it came by plain HTTP, although
 * clients are to use https, ends it. A token in it may have been read on the way, and the client is to be told.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { operationOutcome } from '../fhir/outcome.ts';
import { REFUSAL_HEADERS } from './security-headers.ts';
import { headOf, send } from './send.ts';

const HEAD = headOf({ ...REFUSAL_HEADERS, Connection: 'close' });
const HTTPS_ONLY = { severity: 'error', code: 'security', diagnostics: 'This service is reached by https only' } as const;

/** `handler`, but 403 `security` for what `cameInClear`. */
export function httpsOnly(handler: RequestListener, cameInClear: (request: IncomingMessage) => boolean): RequestListener {
  return (request, response) => {
    if (!cameInClear(request)) return handler(request, response);
    const body = operationOutcome([HTTPS_ONLY]);
    send(response, HEAD, { status: 403, body }, 'application/fhir+json; charset=utf-8');
  };
}
