/**
 * Turns a decision into the versions to be written and the answer to the client. Pure.
 *
 * Spec: https://hl7.org/fhir/R4/resource.html#Meta · https://hl7.org/fhir/R4/http.html#create
 */
import { recordClause } from '../auth/access.ts';
import { forbidden, notFound } from '../fhir/errors.ts';
import { parseJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import { BINARY } from '../fhir/security-context.ts';
import type { ResourceWrite, StoredVersion } from '../store/resource-store.ts';
import { refuseStaffNumbers } from './business-rules/staff-number.ts';
import { contentNotes } from './check-content.ts';
import type { FhirContext, FhirResponse } from './context.ts';
import type { WriteDecision } from './decide-write.ts';
import type { PlannedWrite } from './planned-write.ts';
import { entityTag, withNotes, writeResponse } from './representation.ts';
import { satisfies } from './satisfies.ts';
import { placed, storedText } from './stored-form.ts';

export interface CarriedOut {
  readonly writes: readonly ResourceWrite[];
  readonly response: FhirResponse;
}

/** The content that a `put` decision will store, before its links are rewritten. */
export function contentOf(write: PlannedWrite, decision: WriteDecision): Resource | undefined {
  if (decision.act !== 'put') return undefined;
  if (write.patch === undefined) return write.resource;
  return write.patch(parseJson(decision.previous?.json ?? 'null') as Resource);
}

/** What whoever is refused cannot see in what they wrote: how somebody new is begun, and that nobody hidden is told from nobody. */
function whatIsNeeded(type: string): string {
  if (type === 'Patient') {
    return '. A person who is new is begun in one transaction with a CareTeam that you or your organisation take part in now, and an active Consent of the kind innsyn that permits it';
  }
  if (type === BINARY) {
    return ': it names as its securityContext a Patient, or what is about one and is there already, within your reach';
  }
  if (type === 'Person' || recordClause('', type) === undefined) return '';
  return ': it names nobody as whom it is about (as Patient/[id]), or is about somebody who is not known here or not within your reach, or is other than your scopes name';
}

/**
 * The versions and the answer for a decision; `content` is what a `put` stores.
 * @throws FhirError 403 `forbidden` when the caller's access does not reach the resource as it would be afterwards, or the
 * change is not theirs to make; 404 `not-found` where it would be made by an update under an id of the caller's choosing;
 * 422 `business-rule` for a national number of staff.
 */
export function carryOut(
  services: FhirContext,
  write: PlannedWrite,
  decision: WriteDecision,
  content: Resource | undefined,
  nowMs: number,
): CarriedOut {
  if (decision.act === 'keep') {
    return { writes: [], response: writeResponse(services.baseUrl, 200, decision.existing, write.returns) };
  }
  if (decision.act === 'delete') {
    for (const version of decision.versions) checkRule(write, version, undefined);
    return deletion(decision.versions, nowMs);
  }
  const method = ({ create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const)[write.kind];
  const made = { type: write.type, id: decision.id, versionId: (decision.previous?.versionId ?? 0) + 1, lastUpdatedMs: nowMs, method };
  const sent = content ?? { resourceType: write.type };
  const whole = (): Resource => placed(sent, made.id, made.versionId, nowMs);
  // Nothing is found by what the server puts into meta; by the id, what a resource holds leads to it.
  const index = services.index(sent.id === made.id ? sent : { ...sent, id: made.id });
  if (!satisfies(write.within, made, index, nowMs, write.facts)) {
    // Under an id of the caller's choosing, one that is hidden and one that is not there are told in the same words.
    if (write.kind === 'update' && write.id !== undefined && decision.isNew) throw notFound(`${write.type}/${write.id} is not known`);
    throw forbidden(`Your access does not reach this ${write.type} as it would be written${whatIsNeeded(write.type)}`);
  }
  if (write.rule !== undefined) checkRule(write, decision.previous, whole());
  const compact = sent === write.resource ? write.compact : undefined;
  const version = { ...made, json: storedText(sent, made.id, made.versionId, nowMs, compact), index };
  refuseStaffNumbers(services, sent, version.json);
  const response = writeResponse(services.baseUrl, decision.isNew ? 201 : 200, version, write.returns);
  if (write.returns !== 'OperationOutcome') return { writes: [version], response };
  const notes = write.notes ?? contentNotes(services, whole());
  return { writes: [version], response: withNotes(response, notes) };
}

function checkRule({ rule, type, about }: PlannedWrite, previous: StoredVersion | undefined, after: Resource | undefined): void {
  if (rule === undefined) return;
  const before = previous?.json == null ? undefined : (parseJson(previous.json) as Resource);
  const reason = rule({
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(about === undefined ? {} : { about }),
  });
  if (reason !== undefined) throw forbidden(reason, type);
}

function deletion(versions: readonly StoredVersion[], nowMs: number): CarriedOut {
  const writes = versions.map(
    ({ type, id, versionId }): ResourceWrite => ({
      type,
      id,
      versionId: versionId + 1,
      lastUpdatedMs: nowMs,
      method: 'DELETE',
      json: null,
      index: [],
    }),
  );
  const [only, another] = writes;
  const headers = only === undefined || another !== undefined ? {} : { headers: { ETag: entityTag(only.versionId) } };
  return { writes, response: { status: 204, ...headers } };
}
