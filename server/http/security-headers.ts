/**
 * The headers that every answer carries, whoever writes it. Pages put a Content-Security-Policy of their own in the
 * place of the one that allows nothing.
 *
 * Spec: https://www.w3.org/TR/CSP3/ · https://www.rfc-editor.org/rfc/rfc6797 · https://www.w3.org/TR/permissions-policy/
 */
import type { Request, RequestHandler, Response } from 'express';

type Headers = Readonly<Record<string, string>>;

/** A type is not guessed, an address is not told to others, and nothing is fetched, run or framed. */
const EVERYWHERE: Headers = {
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** FHIR answers hold health data: nothing keeps them, and no page of another origin gets at them but by CORS. */
export const FHIR_HEADERS: Headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** No page here has a use for what a device can sense. */
const PAGES: Headers = {
  'Permissions-Policy': 'accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()',
};

/** For answers to what is no request at all. */
export const REFUSAL_HEADERS: Headers = { ...EVERYWHERE, 'Cache-Control': 'no-store' };

const STAY_WITH_HTTPS: Headers = { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' };

/** What is said besides where clients reach the service by https: to stay with it. */
export function standingHeaders(https: boolean): Headers {
  return https ? STAY_WITH_HTTPS : {};
}

/** Middleware that goes before everything that is not a FHIR base. */
export function securityHeaders(standing: Headers): RequestHandler {
  const headers = { ...EVERYWHERE, ...PAGES, ...standing };
  return (_request: Request, response: Response, next) => {
    response.set(headers);
    next();
  };
}
