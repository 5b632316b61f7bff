/**
 * An entry of a batch or transaction as a request, and an answer as an entry of the response.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#bundle-unique
 */
import type { BundleEntry } from '../bundle/check.ts';
import { readEntryUrl } from '../bundle/entry-url.ts';
import type { EntryResponse } from '../bundle/response.ts';
import { badRequest, FhirError, internalError } from '../fhir/errors.ts';
import { operationOutcome } from '../fhir/outcome.ts';
import { inWords } from '../fhir/refusal-words.ts';
import type { AllowedRequest, FhirContext, FhirRequest, FhirResponse } from './context.ts';

/** The door, handed in so that entries go through it as direct requests do. */
export interface Door {
  allow(ctx: FhirContext, request: FhirRequest): Promise<AllowedRequest>;
  carry(ctx: FhirContext, request: AllowedRequest): Promise<FhirResponse>;
  /** Both, and told in the access log. */
  answer(ctx: FhirContext, request: FhirRequest): Promise<FhirResponse>;
}

/** The request that an entry stands for. @throws FhirError 400 for a URL that is not ours, or that is not for entries. */
export function entryRequest(ctx: FhirContext, entry: BundleEntry, prefer: string): FhirRequest {
  const { path, query } = readEntryUrl(entry.url, ctx.baseUrl);
  if (path.length === 0 && entry.method === 'POST') throw badRequest('A Bundle within a Bundle is not carried out', 'url');
  const request = { method: entry.method, path, query, headers: { ...entry.headers, prefer } };
  return entry.resource === undefined ? request : { ...request, body: entry.resource };
}

/**
 * An answer as an entry of the response Bundle; that to HEAD has no body. How a write went is told beside the resource;
 * what an operation returns is the resource, though it be an OperationOutcome.
 */
export function entryResponse(response: FhirResponse, { method, url }: Pick<BundleEntry, 'method' | 'url'>): EntryResponse {
  const { body, ...bare } = response;
  if (body === undefined || method === 'HEAD') return { ...bare, bodyIsOutcome: false };
  return { ...response, bodyIsOutcome: isOutcome(body) && !isOperation(url) };
}

/** A failure as an entry of the response Bundle; a fault of ours is reported. */
export function entryFailure(ctx: FhirContext, error: unknown): EntryResponse {
  const { status, issues, headers } = error instanceof FhirError ? error : reported(ctx, error);
  return { status, headers, body: operationOutcome(inWords(status, issues, ctx.language)), bodyIsOutcome: true };
}

function reported(ctx: FhirContext, error: unknown): FhirError {
  ctx.reportFault(error);
  return internalError(ctx.requestId);
}

const isOperation = (url: string): boolean => /(?:^|\/)(?:\$|%24)[^/?]*(?:\?|$)/.test(url);

function isOutcome(body: NonNullable<FhirResponse['body']>): boolean {
  return !isText(body) && body.resourceType === 'OperationOutcome';
}

function isText(body: NonNullable<FhirResponse['body']>): body is { readonly text: string } {
  return typeof (body as { text?: unknown }).text === 'string' && !('resourceType' in body);
}
