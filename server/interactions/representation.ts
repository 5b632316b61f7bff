/**
 * How a version of a resource is answered: its headers and its body.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#versions
 */
import { type Issue, operationOutcome } from '../fhir/outcome.ts';
import type { StoredVersion } from '../store/resource-store.ts';
import type { FhirResponse } from './context.ts';
import type { Return } from './prefer.ts';

/** `W/"3"`. */
export const entityTag = (versionId: number): string => `W/"${versionId}"`;

/** Times as headers write them, by their second: what is read together was often written together. */
const httpDates = new Map<number, string>();
const HTTP_DATES_KEPT = 1000;

/** A time as HTTP headers write it; whole seconds, rounded down. */
function httpDate(ms: number): string {
  const second = Math.floor(ms / 1000);
  const known = httpDates.get(second);
  if (known !== undefined) return known;
  if (httpDates.size >= HTTP_DATES_KEPT) httpDates.clear();
  const written = new Date(ms).toUTCString();
  httpDates.set(second, written);
  return written;
}

/** ETag and Last-Modified of a version. */
export function versionHeaders(version: StoredVersion): Record<string, string> {
  return { ETag: entityTag(version.versionId), 'Last-Modified': httpDate(version.lastUpdatedMs) };
}

/** The absolute URL of a version. */
function versionUrl(baseUrl: string, version: StoredVersion): string {
  return `${baseUrl}/${version.type}/${version.id}/_history/${version.versionId}`;
}

/** The same answer, its OperationOutcome telling `notes` as well. */
export function withNotes(response: FhirResponse, notes: readonly Issue[]): FhirResponse {
  const { body } = response;
  if (body === undefined || !('issue' in body) || !Array.isArray(body.issue)) return response;
  return { ...response, body: operationOutcome([...(body.issue as readonly Issue[]), ...notes]) };
}

/** The answer to a write that made (or found) `version`: status, Location, and the body that `Prefer: return` asks for. */
export function writeResponse(baseUrl: string, status: number, version: StoredVersion, returns: Return): FhirResponse {
  const headers = { ...versionHeaders(version), Location: versionUrl(baseUrl, version) };
  const bare = { status, headers, lastModifiedMs: version.lastUpdatedMs };
  if (returns === 'minimal' || (returns === 'representation' && version.json === null)) return bare;
  if (returns === 'representation') return { ...bare, body: { text: version.json ?? '' } };
  const done = status === 201 ? 'created' : 'stored';
  const diagnostics = `${version.type}/${version.id} is ${done} as version ${version.versionId}`;
  return { ...bare, body: operationOutcome([{ severity: 'information', code: 'informational', diagnostics }]) };
}
