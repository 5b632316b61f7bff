/**
 * `GET /metrics`, at an address of its own, so that what is for operators is not where clients are, or by a token.
 *
 * Spec: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { REFUSAL_HEADERS } from './security-headers.ts';
import { headOf, send } from './send.ts';

const HEAD = headOf(REFUSAL_HEADERS);
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Answers with `text()`; with a token, only to who knows it: 401. Anything but `GET /metrics` is 404, or 405. */
export function metricsListener(text: () => Promise<string>, token: string | undefined): RequestListener {
  return (request, response) => {
    const refuse = (status: number, headers: Readonly<Record<string, string>> = {}): void => send(response, HEAD, { status, headers });
    if ((request.url ?? '').split('?', 1)[0] !== '/metrics') return refuse(404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' });
    if (token !== undefined && !knows(request, token)) return refuse(401, { 'WWW-Authenticate': 'Bearer' });
    text().then(
      (metrics) => send(response, HEAD, { status: 200, body: { text: metrics } }, TYPE),
      () => refuse(500),
    );
  };
}

/** Takes as long for a wrong token as for the right one. */
function knows({ headers }: IncomingMessage, token: string): boolean {
  const shown = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(shown), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
