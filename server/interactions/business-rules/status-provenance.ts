/**
 * Whoever changes the status of a Task is told in a Provenance of the same commit, unless they bring one themselves.
 *
 * Spec: https://hl7.org/fhir/R4/provenance.html · profile fp-provenance
 */

import { ORGANIZATION_NUMBER_SYSTEM } from '../../auth/ehr-identity.ts';
import type { Principal } from '../../auth/principal.ts';
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import { parseReference } from '../../fhir/reference.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import type { BusinessRule, Change } from './business-rule.ts';

const PROFILE = `${CANONICAL_BASE}/StructureDefinition/fp-provenance`;
const REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';
const PARTICIPANT = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
const UNKNOWN = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };
/** Why somebody writes to this service when their token does not say: coordination of care. */
const STANDARD_PURPOSE = 'COC';

export const statusProvenance: BusinessRule = {
  types: ['Task'],
  adds(change, { ctx, changes }, nowMs) {
    const { before, after } = change;
    if (before === undefined || after === undefined || before.status === after.status) return undefined;
    return changes.some((each) => tellsOf(each, change)) ? undefined : provenance(change, ctx.principal, nowMs);
  },
};

/** True when a change is a Provenance whose target is the Task. */
function tellsOf({ type, after }: Change, task: Change): boolean {
  if (type !== 'Provenance' || !Array.isArray(after?.target)) return false;
  return after.target.some((target) => {
    const link = isObject(target) && typeof target.reference === 'string' ? parseReference(target.reference) : undefined;
    return link?.kind === 'local' && link.type === task.type && link.id === task.id;
  });
}

function provenance({ type, id, versionId }: Change, principal: Principal, nowMs: number): Resource {
  const at = new Date(nowMs).toISOString();
  const key = `${type}/${id}`;
  return {
    resourceType: 'Provenance',
    meta: { profile: [PROFILE] },
    target: [{ reference: `${key}/_history/${versionId}` }],
    occurredDateTime: at,
    recorded: at,
    reason: [{ coding: [{ system: REASON, code: principal.purposeOfUse ?? STANDARD_PURPOSE }] }],
    activity: { coding: [{ system: OPERATION, code: 'UPDATE', display: 'revise' }] },
    agent: [{ type: { coding: [{ system: PARTICIPANT, code: 'author', display: 'Author' }] }, ...whoOf(principal) }],
    entity: [{ role: 'revision', what: { reference: `${key}/_history/${versionId - 1}` } }],
  };
}

/** The user for their organisation; a system by its organisation, or by its client id where it acts for none. */
function whoOf({ fhirUser, organizationNumber, clientId }: Principal): object {
  const organization =
    organizationNumber === undefined
      ? undefined
      : { type: 'Organization', identifier: { system: ORGANIZATION_NUMBER_SYSTEM, value: organizationNumber } };
  if (fhirUser === undefined) {
    const who = organization === undefined ? { type: 'Device', identifier: { value: clientId } } : organization;
    return { who: { ...who, display: clientId } };
  }
  const isPersonnel = /(^|\/)Practitioner(Role)?\//.test(fhirUser);
  const onBehalfOf = organization ?? (isPersonnel ? UNKNOWN : undefined);
  return { who: { reference: fhirUser }, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) };
}
