/**
 * A Provenance as it is written. Those of one client and user nearly all say the same but for id, time and the one version
 * that they tell of, and can be found by the same but for these: what is the same is put into words, and indexed, once.
 *
 * Spec: https://hl7.org/fhir/R4/provenance.html · profile fp-provenance
 */
import { ORGANIZATION_NUMBER_SYSTEM } from '../auth/ehr-identity.ts';
import type { Principal } from '../auth/principal.ts';
import { CANONICAL_BASE } from '../fhir/canonical.ts';
import type { Resource } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { ResourceWrite } from '../store/resource-store.ts';
import type { FhirServices } from './context.ts';
import { storedText } from './stored-form.ts';

export const PROVENANCE = 'Provenance';
const PROFILE = `${CANONICAL_BASE}/StructureDefinition/fp-provenance`;
const REASON = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';
const PARTICIPANT = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
const UNKNOWN = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] };
/** Why somebody writes to this service when their token does not say: coordination of care. */
const STANDARD_PURPOSE = 'COC';
/** Codes of v3-DataOperation with their displays. */
const ACTIVITIES = { CREATE: 'create', UPDATE: 'revise', DELETE: 'delete' } as const;

export type Activity = keyof typeof ACTIVITIES;

/** What one Provenance tells of: the versions, as `Type/id/_history/version`. */
export interface Told {
  readonly activity: Activity;
  readonly targets: readonly string[];
}

/** Who writes, and where. */
export interface Teller extends Pick<FhirServices, 'index' | 'clientName'> {
  readonly principal: Principal;
}

/** What Provenances that tell of one version have in common. */
interface Form {
  /** The text behind the time. */
  readonly after: string;
  readonly index: readonly IndexEntry[];
}

/** Some 3 kB each. */
const FORMS_AT_MOST = 500;
const formsOf = new WeakMap<FhirServices['index'], Map<string, Form>>();

/** The first version of the Provenance of these versions, to be written with them. */
export function newProvenance(teller: Teller, told: Told, id: string, nowMs: number): ResourceWrite {
  const [target, another] = told.targets;
  const { text, index } =
    target === undefined || another !== undefined ? ofSeveral(teller, told, id, nowMs) : ofOne(teller, told.activity, target, id, nowMs);
  return { type: PROVENANCE, id, versionId: 1, lastUpdatedMs: nowMs, method: 'POST', json: text, index, alongside: true };
}

interface Made {
  readonly text: string;
  readonly index: readonly IndexEntry[];
}

function ofSeveral(teller: Teller, told: Told, id: string, nowMs: number): Made {
  const resource = provenance(told, teller.principal, nameOf(teller), nowMs);
  return { text: storedText(resource, id, 1, nowMs), index: teller.index(resource) };
}

function ofOne(teller: Teller, activity: Activity, target: string, id: string, nowMs: number): Made {
  const [type = '', targetId = ''] = target.split('/', 2);
  const { after, index } = formOf(teller, activity, type);
  const entries = index.map((entry): IndexEntry => {
    // It is found by the one time, and by the one resource that it tells of.
    if (entry.kind === 'range') return { kind: 'range', param: entry.param, low: nowMs, high: nowMs };
    return entry.kind === 'reference' && isOfTarget(entry) ? { ...entry, id: targetId } : entry;
  });
  return { text: beginning(id, target, nowMs) + after, index: entries };
}

/** How a Provenance that tells of one version begins. Neither ids nor references to versions hold what JSON escapes. */
function beginning(id: string, target: string, nowMs: number): string {
  const at = new Date(nowMs).toISOString();
  const meta = `{"versionId":"1","lastUpdated":"${at}","profile":["${PROFILE}"]}`;
  return `{"resourceType":"${PROVENANCE}","id":"${id}","meta":${meta},"target":[{"reference":"${target}"}],"occurredDateTime":"${at}","recorded":"${at}"`;
}

const SOME_ID = 'some-id';

/** True for what a form is found by because of what it tells of. */
function isOfTarget({ param, id }: Extract<IndexEntry, { kind: 'reference' }>): boolean {
  return (param === 'target' || param === 'patient') && id === SOME_ID;
}

function formOf(teller: Teller, activity: Activity, type: string): Form {
  let forms = formsOf.get(teller.index);
  if (forms === undefined) {
    forms = new Map();
    formsOf.set(teller.index, forms);
  }
  const { purposeOfUse, fhirUser, organizationNumber, clientId } = teller.principal;
  const key = JSON.stringify([activity, type, purposeOfUse, fhirUser, organizationNumber, clientId, nameOf(teller)]);
  const known = forms.get(key);
  if (known !== undefined) return known;
  if (forms.size >= FORMS_AT_MOST) forms.clear();
  const target = `${type}/${SOME_ID}/_history/1`;
  const { text, index } = ofSeveral(teller, { activity, targets: [target] }, SOME_ID, 0);
  const form = { after: text.slice(beginning(SOME_ID, target, 0).length), index };
  forms.set(key, form);
  return form;
}

function nameOf({ principal, clientName }: Teller): string {
  return clientName?.(principal.clientId) ?? principal.clientId;
}

/** The resource, without what storing it adds. */
function provenance({ activity, targets }: Told, principal: Principal, clientName: string, nowMs: number): Resource {
  const at = new Date(nowMs).toISOString();
  return {
    resourceType: PROVENANCE,
    meta: { profile: [PROFILE] },
    target: targets.map((reference) => ({ reference })),
    occurredDateTime: at,
    recorded: at,
    reason: [{ coding: [{ system: REASON, code: principal.purposeOfUse ?? STANDARD_PURPOSE }] }],
    activity: { coding: [{ system: OPERATION, code: activity, display: ACTIVITIES[activity] }] },
    agent: [{ type: { coding: [{ system: PARTICIPANT, code: 'author', display: 'Author' }] }, ...whoOf(principal, clientName) }],
  };
}

/** The user for their organisation; a system, under its name, by its organisation, or by its client id where it acts for none. */
function whoOf({ fhirUser, organizationNumber, clientId }: Principal, clientName: string): object {
  const organization =
    organizationNumber === undefined
      ? undefined
      : { type: 'Organization', identifier: { system: ORGANIZATION_NUMBER_SYSTEM, value: organizationNumber } };
  if (fhirUser === undefined) {
    const who = organization === undefined ? { type: 'Device', identifier: { value: clientId } } : organization;
    return { who: { ...who, display: clientName } };
  }
  const isPersonnel = /(^|\/)Practitioner(Role)?\//.test(fhirUser);
  const onBehalfOf = organization ?? (isPersonnel ? UNKNOWN : undefined);
  return { who: { reference: fhirUser }, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) };
}
