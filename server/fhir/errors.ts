/**
 * Every error the FHIR API can answer with, in one list: status, issue code and when it is used. Code throws a
 * `FhirError` made here; one error handler (server/http) writes the reply.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#Status-Codes
 */
import { didYouMean } from './nearest.ts';
import type { Issue, IssueCode } from './outcome.ts';

export class FhirError extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];
  /** Extra response headers, e.g. `WWW-Authenticate`, `Allow`, `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, issues: readonly Issue[], headers: Readonly<Record<string, string>> = {}) {
    super(issues.map((issue) => issue.diagnostics).join('; '));
    this.name = 'FhirError';
    this.status = status;
    this.issues = issues;
    this.headers = headers;
  }
}

function single(status: number, code: IssueCode, diagnostics: string, expression?: string, headers?: Record<string, string>): FhirError {
  const issue: Issue = { severity: 'error', code, diagnostics, ...(expression === undefined ? {} : { expression: [expression] }) };
  return new FhirError(status, [issue], headers);
}

/** 400 `structure`: the body is not JSON, or not the JSON of a resource. */
export const malformed = (why: string, expression?: string): FhirError => single(400, 'structure', why, expression);
/** 400 `invalid`: a header, a parameter or the request as a whole is not what FHIR allows. */
export const badRequest = (why: string, expression?: string): FhirError => single(400, 'invalid', why, expression);
/** 400 `value`: a search parameter or element has a value that cannot be read. */
export const badValue = (why: string, expression?: string): FhirError => single(400, 'value', why, expression);
/** 400 `not-supported`: a parameter, modifier or option that this server does not know. */
export const unsupportedParameter = (why: string, expression?: string): FhirError => single(400, 'not-supported', why, expression);
/** 401 `login`: no token, or one that cannot be accepted. `challenge` is the value of `WWW-Authenticate`. */
export const unauthorized = (why: string, challenge = 'Bearer'): FhirError =>
  single(401, 'login', why, undefined, { 'WWW-Authenticate': challenge });
/** 403 `forbidden`: the token is good, its scope or role does not reach. */
export const forbidden = (why: string, expression?: string): FhirError => single(403, 'forbidden', why, expression);
/** 404 `not-found`: no such resource, type, version or operation, or none that the caller may know of. */
export const notFound = (why: string): FhirError => single(404, 'not-found', why);
/** 404 `not-supported`: the resource type is not one of R4, whose types are `known`. */
export const unknownType = (type: string, known: readonly string[]): FhirError =>
  single(404, 'not-supported', `Unknown resource type: ${type.slice(0, 64)}${didYouMean(type, known)}`);
/** 404 `not-supported`: resources of this type are what operations are given and return. */
export const keptNowhere = (type: string): FhirError => single(404, 'not-supported', `${type} are for operations, and kept nowhere`);
/** 400 `value`: a parameter or reference, told by `expression`, names a resource type that is not one of R4, whose types are `known`. */
export const unknownTypeNamed = (type: string, known: readonly string[], expression?: string): FhirError =>
  badValue(`Unknown resource type: ${type.slice(0, 64)}${didYouMean(type, known)}`, expression);
/** 405 `not-supported`: the method is not offered at this URL; `allow` lists those that are. */
export const methodNotAllowed = (why: string, allow: string): FhirError => single(405, 'not-supported', why, undefined, { Allow: allow });
/** 406 `not-supported`: none of the formats asked for can be given. */
export const notAcceptable = (why: string): FhirError => single(406, 'not-supported', why);
/** 409 `conflict`: the state of the server does not allow it (version conflict without If-Match, referenced resource). */
export const conflict = (why: string, expression?: string): FhirError => single(409, 'conflict', why, expression);
/** 410 `deleted`: the resource was here and has been deleted. */
export const gone = (why: string, headers: Record<string, string> = {}): FhirError => single(410, 'deleted', why, undefined, headers);
/** 412 `conflict`: If-Match does not name the current version. */
export const versionMismatch = (why: string, expression?: string): FhirError => single(412, 'conflict', why, expression);
/** 412 `multiple-matches`: a conditional interaction found more than one resource. */
export const multipleMatches = (why: string, expression?: string): FhirError => single(412, 'multiple-matches', why, expression);
/** 413 `too-long`: the body, URL or Bundle is larger than the configured limit. */
export const tooLarge = (why: string): FhirError => single(413, 'too-long', why);
/** 415 `not-supported`: the Content-Type of the body is not one that is read here. */
export const unsupportedMediaType = (why: string, headers: Record<string, string> = {}): FhirError =>
  single(415, 'not-supported', why, undefined, headers);
/** 422 with the validator's issues: well-formed, but against the rules of its profile or of the service. */
export const unprocessable = (issues: readonly Issue[]): FhirError => new FhirError(422, issues);
/** 422 `business-rule`: against a rule of the service. */
export const businessRule = (why: string, expression?: string): FhirError => single(422, 'business-rule', why, expression);
/** 428 `required`: this type is written with If-Match only. */
export const preconditionRequired = (why: string): FhirError => single(428, 'required', why, 'If-Match');
/** 403 `too-costly`: answering would take more than the configured bound. */
export const tooCostly = (why: string): FhirError => single(403, 'too-costly', why);
/** 429 `throttled`: too many requests; `retryAfterSeconds` is told to the client. */
export const throttled = (why: string, retryAfterSeconds: number): FhirError =>
  single(429, 'throttled', why, undefined, { 'Retry-After': String(retryAfterSeconds) });
/** 500 `exception`: a fault of ours; the text is generic, the log has the cause under the request id. */
export const internalError = (requestId: string): FhirError =>
  single(500, 'exception', `The server failed to answer this request. Request id: ${requestId}`);
/** 503 `transient`: the store cannot be reached just now; nothing was written. */
export const unavailable = (why: string, retryAfterSeconds = 1): FhirError =>
  single(503, 'transient', why, undefined, { 'Retry-After': String(retryAfterSeconds) });
