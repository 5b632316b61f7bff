/**
 * read and vread: one version of one resource.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#read · #vread · #cread
 */
import { notFound } from '../fhir/errors.ts';
import type { StoredVersion } from '../store/resource-store.ts';
import type { AllowedRequest, FhirContext, FhirResponse } from './context.ts';
import { deleted } from './decide-write.ts';
import { takeParameters } from './parameters.ts';
import { checkIfMatch, httpDateMs, namesVersion, parseEntityTags, wholeSeconds } from './preconditions.ts';
import { presentOne } from './presentation.ts';
import { versionHeaders } from './representation.ts';
import type { InteractionOf } from './resolve.ts';
import { visibleVersion, whenVisible } from './visibility.ts';

/**
 * The current version; 304 when the client has it already (If-None-Match, or If-Modified-Since when that is alone).
 * @throws FhirError 404 `not-found`, 410 `deleted`, 412 `conflict` when If-Match does not name it, 400 for a header that
 * cannot be read, or a parameter that is not known.
 */
export async function read(ctx: FhirContext, request: AllowedRequest<InteractionOf<'read'>>): Promise<FhirResponse> {
  const { type, id } = request.interaction;
  takeParameters(request.query, []);
  const current = await visibleVersion(ctx, { type, id }, request.within);
  if (current === undefined) throw notFound(`${type}/${id} is not known`);
  if (current.json === null) throw deleted(current);
  checkIfMatch(parseEntityTags(request.headers['if-match'], 'If-Match'), current);
  ctx.trail?.saw([current]);
  const headers = versionHeaders(current);
  if (isKnown(current, request.headers)) return { status: 304, headers, lastModifiedMs: current.lastUpdatedMs };
  return { status: 200, headers, body: presentOne(ctx, current.json, request.query), lastModifiedMs: current.lastUpdatedMs };
}

/**
 * The version named in the URL.
 * @throws FhirError 404 `not-found` when there is no such version, 410 `deleted` when it is a deletion.
 */
export async function vread(ctx: FhirContext, request: AllowedRequest<InteractionOf<'vread'>>): Promise<FhirResponse> {
  const { type, id, versionId } = request.interaction;
  takeParameters(request.query, []);
  const number = /^[1-9]\d{0,8}$/.test(versionId) ? Number(versionId) : undefined;
  const reading = number === undefined ? Promise.resolve(undefined) : ctx.store.readVersion(type, id, number);
  const version = await whenVisible(ctx, { type, id }, request.within, reading);
  if (version === undefined) {
    throw notFound(`${type}/${id} has no version ${versionId.slice(0, 64)}`);
  }
  if (version.json === null) throw deleted(version);
  ctx.trail?.saw([version]);
  const headers = versionHeaders(version);
  if (isKnown(version, request.headers)) return { status: 304, headers, lastModifiedMs: version.lastUpdatedMs };
  return { status: 200, headers, body: presentOne(ctx, version.json, request.query), lastModifiedMs: version.lastUpdatedMs };
}

function isKnown(version: StoredVersion, headers: AllowedRequest['headers']): boolean {
  const tags = parseEntityTags(headers['if-none-match'], 'If-None-Match');
  if (tags !== undefined) return namesVersion(tags, version.versionId);
  const since = httpDateMs(headers['if-modified-since']);
  return since !== undefined && wholeSeconds(version.lastUpdatedMs) <= since;
}
