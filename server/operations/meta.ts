/**
 * $meta, $meta-add and $meta-delete: the profiles, tags and security labels of a resource, and those in use on a type
 * or on the whole server. Adding and deleting make a new version, so that the history tells who did it.
 *
 * Spec: https://hl7.org/fhir/R4/resource-operation-meta.html · -meta-add · -meta-delete
 */
import { setImmediate } from 'node:timers/promises';
import { gone, notFound, tooCostly } from '../fhir/errors.ts';
import { parseJson } from '../fhir/json.ts';
import type { Meta, Resource } from '../fhir/resource.ts';
import { applyRules } from '../interactions/business-rules/apply-rules.ts';
import { transactAsking } from '../interactions/business-rules/questions.ts';
import { carryOut } from '../interactions/carry-out.ts';
import { leavingProvenance } from '../interactions/change-provenance.ts';
import { checkContent } from '../interactions/check-content.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { decideWrite } from '../interactions/decide-write.ts';
import { lookupsOf, type PlannedWrite } from '../interactions/planned-write.ts';
import { checkIfMatch, parseEntityTags } from '../interactions/preconditions.ts';
import { both, reachOfTypes, requireReach } from '../interactions/reach.ts';
import { versionHeaders } from '../interactions/representation.ts';
import { gatherFacts } from '../interactions/satisfies.ts';
import { visibleVersion } from '../interactions/visibility.ts';
import type { Clause, CursorPosition } from '../search/query.ts';
import type { StoredVersion } from '../store/resource-store.ts';
import { joinedMeta, labelsOf, lessMeta, sameLabels } from './meta/labels.ts';
import type { OperationRequest } from './operation.ts';
import { needed, readInput } from './operation-input.ts';

/** A page of the walk over a type, and the most resources that are walked over. */
const PAGE = 1000;
const WALKED_MAX = 50_000;
/** In one page: of a resource no more than its meta is looked at. */
const PAGE_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Parameters with `return`: the meta of the instance, or what is in use on what the caller sees of a type or of all.
 * @throws FhirError 404 `not-found` or 410 `deleted` for the instance, 403 `forbidden`, 403 `too-costly` when a type has more
 * resources than are walked over.
 */
export async function meta(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  readInput(request, {});
  const { type, id } = request.interaction;
  if (type === undefined || id === undefined) return answer(await metaInUse(ctx, type));
  const reach = await requireReach(ctx, { interaction: '$meta', right: 'read', type, id });
  const current = await visibleVersion(ctx, { type, id }, reach);
  if (current === undefined) throw notFound(`${type}/${id} is not known`);
  if (current.json === null) throw gone(`${type}/${id} has been deleted`);
  ctx.trail?.saw([current]);
  return answer((parseJson(current.json) as Resource).meta ?? {}, current);
}

/**
 * Adds what `meta` holds to the meta of an instance; what is there already stays as it is.
 * @throws FhirError 400 `value` without `meta`, 404, 410, 403 as an update, 412 `conflict` when If-Match does not name the
 * current version, 422 when the resource does not meet a profile that is added, or comes with the service.
 */
export async function addMeta(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const { meta: given } = readInput(request, { meta: 'Meta' });
  const added = labelsOf(needed(given, 'meta'), 'meta');
  return change(ctx, request, (current) => joinedMeta(current, added));
}

/**
 * Takes what `meta` holds out of the meta of an instance; what is not there is passed over.
 * @throws FhirError as addMeta.
 */
export async function deleteMeta(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const { meta: given } = readInput(request, { meta: 'Meta' });
  const deleted = labelsOf(needed(given, 'meta'), 'meta');
  return change(ctx, request, (current) => lessMeta(current, deleted));
}

async function change(ctx: FhirContext, request: OperationRequest, changed: (current: Meta) => Meta): Promise<FhirResponse> {
  const { operation, type = '', id = '' } = request.interaction;
  const within = await requireReach(ctx, { interaction: operation, right: 'update', type, id });
  const rule = await ctx.access.writeRule?.(ctx.principal);
  const before = await ctx.store.read(type, id);
  const index = before?.json == null ? [] : ctx.index(parseJson(before.json) as Resource);
  const ifMatch = parseEntityTags(request.headers['if-match'], 'If-Match');
  const planned: PlannedWrite = {
    kind: 'patch',
    type,
    id,
    newId: id,
    joins: true,
    within,
    facts: await gatherFacts(ctx.store, within, { type, id }, index),
    returns: 'representation',
    ...(rule === undefined ? {} : { rule }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  };
  const { lookups, pick } = lookupsOf([planned]);
  const withProvenance = leavingProvenance(ctx);
  return transactAsking(ctx.store, lookups, (found, questions) => {
    const decision = decideWrite(planned, pick(found, 0));
    const current = decision.act === 'put' ? decision.previous : undefined;
    if (current?.json == null) throw notFound(`${type}/${id} is not known`);
    checkIfMatch(ifMatch, current);
    const resource = parseJson(current.json) as Resource;
    const wanted = changed(resource.meta ?? {});
    if (sameLabels(resource.meta ?? {}, wanted)) return { writes: [], result: answer(resource.meta ?? {}, current) };
    const content = { ...resource, meta: wanted };
    checkContent(ctx, content);
    const { writes } = carryOut(ctx, planned, decision, content, found.nowMs);
    applyRules(ctx, [{ planned, decision, content }], questions);
    const [written] = writes;
    const made = JSON.parse(written?.json ?? '{}') as Resource;
    return { writes: withProvenance(writes, found), result: answer(made.meta ?? {}, written) };
  });
}

/** The labels of all resources that the caller sees, read by walking over those that have any. */
async function metaInUse(ctx: FhirContext, type: string | undefined): Promise<Meta> {
  const types = type === undefined ? ctx.definitions.resourceTypes : [type];
  const reach =
    type === undefined
      ? await reachOfTypes(ctx, types, { interaction: '$meta', right: 'search' })
      : await requireReach(ctx, { interaction: '$meta', right: 'search', type });
  const has = (param: string): Clause => ({ op: 'missing', param, missing: false });
  const labelled: Clause = { op: 'or', clauses: [has('_profile'), has('_tag'), has('_security')] };
  let found: Meta = {};
  let after: CursorPosition | undefined;
  for (let walked = 0; walked < WALKED_MAX; ) {
    const page = await ctx.store.search({
      types: type === undefined ? [] : types,
      where: both(labelled, reach),
      sort: [],
      limit: PAGE,
      bytesMax: PAGE_BYTES_MAX,
      total: 'none',
      ...(after === undefined ? {} : { after }),
    });
    for (const { json } of page.matches) {
      const { profile = [], tag = [], security = [] } = (JSON.parse(json) as Resource).meta ?? {};
      found = joinedMeta(found, { profile, tag, security });
    }
    walked += page.matches.length;
    after = page.matches.at(-1)?.position;
    if (!page.more || after === undefined) return found;
    await setImmediate();
  }
  throw tooCostly(`More than ${WALKED_MAX} resources would have to be read: ask for the $meta of one type, or of one resource`);
}

/** An element without content is no FHIR: where nothing is in use, that is said. */
const NOTHING_IN_USE: Meta = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'not-applicable' }],
};

function answer(value: Meta, version?: StoredVersion): FhirResponse {
  const told = Object.keys(value).length === 0 ? NOTHING_IN_USE : value;
  const body = { resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta: told }] };
  return { status: 200, body, ...(version === undefined ? {} : { headers: versionHeaders(version) }) };
}
