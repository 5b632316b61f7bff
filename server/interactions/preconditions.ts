/**
 * The headers that make an interaction depend on the version the client knows.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#concurrency · https://hl7.org/fhir/R4/http.html#cread
 */
import { badRequest, preconditionRequired, versionMismatch } from '../fhir/errors.ts';
import type { StoredVersion } from '../store/resource-store.ts';
import type { FhirRequest } from './context.ts';

/** Types that are changed by several people at once: what is there is changed and deleted only by who names its version. */
export const VERSIONED_UPDATE_TYPES: readonly string[] = ['CarePlan', 'CareTeam', 'Goal', 'Task'];

/** Version ids of an If-Match or If-None-Match header, or `*` for any version. */
export type EntityTags = '*' | readonly string[];

/** What a write is to depend on, beside a search. */
export interface Preconditions {
  readonly ifMatch?: EntityTags;
  /** `*`: only when there is no such resource. */
  readonly ifNoneMatch?: EntityTags;
  /** If-Unmodified-Since, which says less than If-Match and counts only without it. */
  readonly unmodifiedSinceMs?: number;
}

/**
 * The preconditions of a write. A date that cannot be read is none, as RFC 9110 says.
 * @throws FhirError 400 `invalid` naming the header that cannot be read, or If-None-Exist where nothing is created by it.
 */
export function readPreconditions(headers: FhirRequest['headers'], interaction: 'create' | 'update' | 'patch' | 'delete'): Preconditions {
  const ifMatch = parseEntityTags(headers['if-match'], 'If-Match');
  const ifNoneMatch = parseEntityTags(headers['if-none-match'], 'If-None-Match');
  const unmodifiedSinceMs = httpDateMs(headers['if-unmodified-since']);
  if (interaction !== 'create' && headers['if-none-exist'] !== undefined) {
    throw badRequest('If-None-Exist is for a create; an update by condition has the condition in its URL', 'If-None-Exist');
  }
  return {
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    ...(unmodifiedSinceMs === undefined ? {} : { unmodifiedSinceMs }),
  };
}

/**
 * Reads `W/"3"`, `"3"`, `3`, a list of these, or `*`; undefined when there is no header.
 * @throws FhirError 400 `invalid` naming the header.
 */
export function parseEntityTags(header: string | undefined, name: string): EntityTags | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const tags = header.split(',').map((tag) => /^\s*(?:(?:W\/)?"([^"\s]{1,64})"|([A-Za-z0-9\-.]{1,64}))\s*$/.exec(tag));
  return tags.map((tag) => {
    const versionId = tag?.[1] ?? tag?.[2];
    if (versionId === undefined) throw badRequest(`${name} is written as W/"versionId"`, name);
    return versionId;
  });
}

/** True for a version that is there and no deletion; told without its text, which may have to be read first. */
export function isLive(version: StoredVersion | undefined): version is StoredVersion {
  return version !== undefined && version.method !== 'DELETE';
}

/** True when the tags name this version. */
export function namesVersion(tags: EntityTags, versionId: number): boolean {
  return tags === '*' || tags.includes(String(versionId));
}

/**
 * Passes when the current version is one that If-Match names, or when nothing was asked.
 * @throws FhirError 412 `conflict` when another version is current, or none.
 */
export function checkIfMatch(ifMatch: EntityTags | undefined, current: StoredVersion | undefined): void {
  if (ifMatch === undefined) return;
  const live = isLive(current) ? current : undefined;
  if (live !== undefined && namesVersion(ifMatch, live.versionId)) return;
  const state = live === undefined ? 'there is no current version' : `the current version is ${live.versionId}`;
  throw versionMismatch(`If-Match does not name the current version: ${state}`, 'If-Match');
}

/**
 * Passes when a resource that is not there may be created under its id: nothing was asked, or the deletion is the one that
 * the client has seen, so that nobody has brought the resource back and deleted it again since.
 * @throws FhirError 412 `conflict`.
 */
export function checkIfMatchOfMissing(ifMatch: EntityTags | undefined, deletion: StoredVersion | undefined): void {
  if (deletion !== undefined && ifMatch !== undefined && ifMatch !== '*' && namesVersion(ifMatch, deletion.versionId)) return;
  checkIfMatch(ifMatch, undefined);
}

/**
 * Passes when the resource that is there may be changed: it is not one that there must not be, nor changed since.
 * @throws FhirError 412 `conflict`.
 */
export function checkUnchanged({ ifMatch, ifNoneMatch, unmodifiedSinceMs }: Preconditions, current: StoredVersion): void {
  const name = `${current.type}/${current.id}`;
  if (ifNoneMatch !== undefined && namesVersion(ifNoneMatch, current.versionId)) {
    throw versionMismatch(ifNoneMatch === '*' ? `${name} exists already` : `${name} has this version`, 'If-None-Match');
  }
  if (ifMatch !== undefined || unmodifiedSinceMs === undefined || wholeSeconds(current.lastUpdatedMs) <= unmodifiedSinceMs) return;
  throw versionMismatch(`${name} has been changed since`, 'If-Unmodified-Since');
}

/** The three forms of RFC 9110, section 5.6.7; the last is in GMT without saying so. */
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|[A-Z][a-z]+day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [\d ]\d \d\d:\d\d:\d\d \d{4})$/;

/** The time of a header, in ms; undefined for what is no date there, and would be read in the zone of this process. */
export function httpDateMs(text: string | undefined): number | undefined {
  const date = text?.trim() ?? '';
  if (!HTTP_DATE.test(date)) return undefined;
  const ms = Date.parse(date.endsWith('GMT') ? date : `${date} GMT`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A time as precise as a header tells it. */
export const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

/**
 * Refuses a change or deletion of a versioned type that does not say which version it is about; `*` names none.
 * @throws FhirError 428 `required`.
 */
export function requireIfMatch(type: string, ifMatch: EntityTags | undefined): void {
  if (!VERSIONED_UPDATE_TYPES.includes(type) || (ifMatch !== undefined && ifMatch !== '*')) return;
  throw preconditionRequired(
    `A ${type} is changed and deleted with If-Match and the version you have read only, so that nobody's change is overwritten unseen`,
  );
}
