/**
 * The one place where an error becomes an answer: FhirErrors as they are, Express's own 4xx as OperationOutcomes, all
 * else as a 500 that says nothing but the request id.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#Status-Codes
 */
import type { ServerResponse } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { badRequest, FhirError, internalError, notFound, tooLarge, unavailable } from '../fhir/errors.ts';
import { type Language, pageLanguage } from '../fhir/language.ts';
import { operationOutcome } from '../fhir/outcome.ts';
import { inWords } from '../fhir/refusal-words.ts';
import { faultFields, type Log } from './log.ts';
import { FHIR_JSON } from './negotiate.ts';
import { requestIdOf } from './request-id.ts';
import { REFUSAL_HEADERS } from './security-headers.ts';
import { type Head, send } from './send.ts';

const OUTCOME_TYPE = `${FHIR_JSON}; fhirVersion=4.0; charset=utf-8`;

const EXHAUSTED = 'The service has too much to do just now; try again';

/** How whoever is refused wants to be told: laid out for people, and in which language. */
interface Asked {
  readonly pretty: boolean;
  readonly language: Language;
}

/** Answers an error at a FHIR base, always with an OperationOutcome; `head` are the headers the answer was to have. A head that is sent already ends the connection. */
export function fhirErrorHandler(log: Log) {
  return (error: unknown, response: ServerResponse, head: Head, requestId: string, asked: Asked): void => {
    // Half of an answer must not look like the whole of one.
    if (response.headersSent) {
      log.error({ event: 'fault', requestId, ...faultFields(error) });
      response.destroy();
      return;
    }
    const { status, headers, issues } = asFhirError(error, requestId, log);
    // What is left of a body that is too large is not waited for.
    const close = status === 413 ? { Connection: 'close' } : {};
    send(
      response,
      head,
      { status, headers: { ...headers, ...close }, body: operationOutcome(inWords(status, issues, asked.language)) },
      OUTCOME_TYPE,
      asked.pretty,
    );
  };
}

/** Error middleware for everything that is not FHIR: a short page or JSON, by what the client accepts. */
export function plainErrorHandler(log: Log) {
  // Express knows it for a handler of errors by its four parameters.
  return (error: unknown, request: Request, response: Response, _next: NextFunction): void => {
    // Express's own way is to print the error as it is, with what was sent in its message.
    if (response.headersSent) {
      log.error({ event: 'fault', requestId: requestIdOf(response), ...faultFields(error) });
      response.destroy();
      return;
    }
    const { status, issues, headers } = asFhirError(error, requestIdOf(response), log);
    response.set(headers);
    sendPlain(request, response, status, issues[0]?.diagnostics ?? '');
  };
}

/** The answer to a URL that nothing is at. */
export function plainNotFound(request: Request, response: Response): void {
  sendPlain(request, response, 404, 'There is nothing at this address');
}

function asFhirError(error: unknown, requestId: string, log: Log): FhirError {
  if (error instanceof FhirError) {
    if (error.status >= 500) log.error({ event: 'unavailable', requestId, ...faultFields(error) });
    return error;
  }
  const status = httpStatusOf(error);
  if (status === 404) return notFound('There is nothing at this URL');
  if (status === 413) return tooLarge('The body is too large');
  if (status !== undefined) return badRequest('The request cannot be read');
  if (isExhausted(error)) return asFhirError(Object.assign(unavailable(EXHAUSTED), { cause: error }), requestId, log);
  log.error({ event: 'fault', requestId, ...faultFields(error) });
  return internalError(requestId);
}

/** True when the machine has no descriptors, memory or room left: nobody did wrong, and it may have some in a moment. */
function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EDQUOT'].includes(String(error.code));
}

/** The 4xx status that Express and Node give to errors in a request. */
function httpStatusOf(error: unknown): number | undefined {
  const { status, code } = (error ?? {}) as { status?: unknown; code?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) return status;
  return error instanceof URIError || code === 'ERR_INVALID_CHAR' || code === 'ECONNRESET' ? 400 : undefined;
}

function sendPlain(request: Request, response: Response, status: number, text: string): void {
  response.status(status).set(REFUSAL_HEADERS);
  if (request.accepts(['html', 'json']) !== 'html') {
    response.json({ status, message: text });
    return;
  }
  const language = pageLanguage(request.get('Accept-Language'));
  const words = pageWords(status)[language];
  const safe = text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  response
    .type('html')
    .set('Content-Language', language)
    .send(`<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words} – Fellesplan</title>
<main>
<h1>${words}</h1>
<p lang="en">${status}: ${safe}</p>
<p><a href="/">Fellesplan</a></p>
</main>
</html>`);
}

/** What a person is told who meets a refusal outside of FHIR; what exactly it was stands beside it in English. */
function pageWords(status: number): Readonly<Record<Language, string>> {
  if (status === 404) return { nb: 'Siden finnes ikke', nn: 'Sida finst ikkje', en: 'There is no such page' };
  if (status === 413)
    return { nb: 'Det som ble sendt, er for stort', nn: 'Det som vart sendt, er for stort', en: 'What was sent is too large' };
  if (status >= 500) return { nb: 'Noe gikk galt', nn: 'Noko gjekk gale', en: 'Something went wrong' };
  return { nb: 'Forespørselen kan ikke leses', nn: 'Førespurnaden kan ikkje lesast', en: 'The request cannot be read' };
}
