/**
 * What a planned write does, given what the store found: the rules of conditional and versioned writes. Pure.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#ccreate · #cond-update · #cdelete · #upsert · #concurrency
 */
import { badRequest, conflict, gone, multipleMatches, notFound, tooCostly } from '../fhir/errors.ts';
import type { StoredVersion } from '../store/resource-store.ts';
import type { FoundForWrite, PlannedWrite } from './planned-write.ts';
import { checkIfMatch, checkIfMatchOfMissing, checkUnchanged, isLive, requireIfMatch, VERSIONED_UPDATE_TYPES } from './preconditions.ts';
import { entityTag } from './representation.ts';

export type WriteDecision =
  /** A new version under this id; `previous` is the version (or the deletion) before it. */
  | { readonly act: 'put'; readonly id: string; readonly isNew: boolean; readonly previous?: StoredVersion }
  | { readonly act: 'delete'; readonly versions: readonly StoredVersion[] }
  /** A conditional create met a resource that is there already: it is the answer. */
  | { readonly act: 'keep'; readonly existing: StoredVersion };

/** At most this many are deleted by one conditional delete; of a versioned type one, the version of which If-Match names. */
export const conditionalDeleteMax = (type: string): number => (VERSIONED_UPDATE_TYPES.includes(type) ? 1 : 1000);

/**
 * @throws FhirError 412 `multiple-matches` or `conflict`, 428 `required`, 404 `not-found`, 410 `deleted`, 400 `invalid`,
 * 409 `conflict`, each as the spec's section on the interaction says.
 */
export function decideWrite(write: PlannedWrite, found: FoundForWrite): WriteDecision {
  switch (write.kind) {
    case 'create':
      return decideCreate(write, found);
    case 'update':
      return write.condition === undefined ? decideUpdate(write, found) : decideConditionalUpdate(write, found);
    case 'patch':
      return decidePatch(write, found);
    case 'delete':
      return decideDelete(write, found);
  }
}

function decideCreate(write: PlannedWrite, { matches }: FoundForWrite): WriteDecision {
  const [match, another] = matches?.matches ?? [];
  if (another !== undefined) throw multipleMatches('More than one resource matches If-None-Exist', 'If-None-Exist');
  return match === undefined ? { act: 'put', id: write.newId, isNew: true } : { act: 'keep', existing: match };
}

function decideUpdate(write: PlannedWrite, { current, visible }: FoundForWrite): WriteDecision {
  const id = write.id ?? write.newId;
  if (current === undefined || !isLive(current)) {
    // Whoever sees a part only is not told which ids are free: what is hidden and what is not there answer alike.
    if (write.ifMatch !== undefined && write.within.op !== 'all') throw notFound(`${write.type}/${id} is not known`);
    checkIfMatchOfMissing(write.ifMatch, current);
    return { act: 'put', id, isNew: true, ...(current === undefined ? {} : { previous: current }) };
  }
  if (!visible) throw notFound(`${write.type}/${id} is not known`);
  checkUnchanged(write, current);
  requireIfMatch(write.type, write.ifMatch);
  checkIfMatch(write.ifMatch, current);
  return { act: 'put', id, isNew: false, previous: current };
}

function decideConditionalUpdate(write: PlannedWrite, found: FoundForWrite): WriteDecision {
  const [match, another] = found.matches?.matches ?? [];
  if (another !== undefined) throw multipleMatches('More than one resource matches the condition of the update', 'url');
  if (match === undefined) {
    checkIfMatch(write.ifMatch, undefined);
    if (isLive(found.current)) {
      if (!found.visible) throw notFound(`${write.type}/${write.id} is not known`);
      throw conflict(`${write.type}/${write.id} exists, but does not match the condition of the update`, `${write.type}.id`);
    }
    const previous = found.current === undefined ? {} : { previous: found.current };
    return { act: 'put', id: write.id ?? write.newId, isNew: true, ...previous };
  }
  if (write.id !== undefined && write.id !== match.id) {
    throw badRequest(`The condition matches ${write.type}/${match.id}, the body has another id`, `${write.type}.id`);
  }
  checkUnchanged(write, match);
  requireIfMatch(write.type, write.ifMatch);
  checkIfMatch(write.ifMatch, match);
  return { act: 'put', id: match.id, isNew: false, previous: match };
}

function decidePatch(write: PlannedWrite, found: FoundForWrite): WriteDecision {
  const current = write.condition === undefined ? found.current : onlyMatch(write, found);
  if (current === undefined || !found.visible) throw notFound(`${write.type}/${write.id ?? ''} is not known`);
  if (!isLive(current)) throw deleted(current);
  checkUnchanged(write, current);
  if (write.joins !== true) requireIfMatch(write.type, write.ifMatch);
  checkIfMatch(write.ifMatch, current);
  return { act: 'put', id: current.id, isNew: false, previous: current };
}

function onlyMatch(write: PlannedWrite, { matches }: FoundForWrite): StoredVersion {
  const [match, another] = matches?.matches ?? [];
  if (another !== undefined) throw multipleMatches('More than one resource matches the condition of the patch', 'url');
  if (match === undefined) throw notFound(`No ${write.type} matches the condition of the patch`);
  return match;
}

function decideDelete(write: PlannedWrite, { current, visible, matches }: FoundForWrite): WriteDecision {
  if (write.condition !== undefined) {
    const versions = matches?.matches ?? [];
    const most = conditionalDeleteMax(write.type);
    if (versions.length > most && most === 1) throw multipleMatches(`A ${write.type} is deleted alone, and more than one matches`, 'url');
    if (versions.length > most) throw tooCostly(`More than ${most} resources match the condition of the delete`);
    for (const version of versions) {
      checkUnchanged(write, version);
      requireIfMatch(write.type, write.ifMatch);
      checkIfMatch(write.ifMatch, version);
    }
    return { act: 'delete', versions };
  }
  // To whoever sees a part only, a resource that is not there is as one that is hidden.
  if (write.within.op !== 'all' && (!isLive(current) || !visible)) throw notFound(`${write.type}/${write.id} is not known`);
  const live = isLive(current) ? current : undefined;
  if (live !== undefined) {
    checkUnchanged(write, live);
    requireIfMatch(write.type, write.ifMatch);
  }
  checkIfMatch(write.ifMatch, current);
  return { act: 'delete', versions: live === undefined ? [] : [live] };
}

/** 410 for a deleted resource, with the ETag of its deletion. */
export function deleted(version: StoredVersion): Error {
  return gone(`${version.type}/${version.id} has been deleted`, { ETag: entityTag(version.versionId) });
}
