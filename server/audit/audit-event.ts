/**
 * Access records as AuditEvents: what the same caller did in the same way with the data of the same patient within a
 * moment is one event with several entities, so that a screen with ten requests is one line in the log.
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html · profile fp-audit-event
 */

import { hash } from 'node:crypto';
import { ORGANIZATION_NUMBER_SYSTEM } from '../auth/ehr-identity.ts';
import { CANONICAL_BASE } from '../fhir/canonical.ts';
import { stringifyJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { ResourceWrite } from '../store/resource-store.ts';
import { type AccessRecord, type AuditedCaller, NO_INTERACTION } from './access-record.ts';
import { type AccessedThing, type AccessGroup, tallyOf } from './access-tally.ts';

export const AUDIT_EVENT_PROFILE = `${CANONICAL_BASE}/StructureDefinition/fp-audit-event`;
const AUDIT_TYPE = { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest', display: 'RESTful Operation' };
const DICOM = 'http://dicom.nema.org/resources/ontology/DCM';
const AUTHENTICATION_TYPE = { system: DICOM, code: '110114', display: 'User Authentication' };
const LOGIN = { system: DICOM, code: '110122', display: 'Login' };
const NODE_AUTHENTICATION = { system: DICOM, code: '110126', display: 'Node Authentication' };
const RESTFUL = 'http://hl7.org/fhir/restful-interaction';
const PURPOSE = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const APPLICATION = { coding: [{ system: DICOM, code: '110150', display: 'Application' }] };
const ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
export const OBSERVER = { observer: { display: 'Fellesplan' } };

/** The AuditEvents of some records; `id` gives each its id. */
export function auditEvents(records: readonly AccessRecord[], id: () => string): readonly Resource[] {
  return [...tallyOf(records).groups()].map((group) => auditEvent(id(), group));
}

/** The AuditEvent of a group. */
export function auditEvent(id: string, group: AccessGroup): Resource {
  const { patient, caller, action, outcome } = group;
  const [first, last] = [group.firstMs, group.lastMs].map((ms) => new Date(ms).toISOString());
  const purpose = caller.purpose === undefined ? undefined : [{ coding: [{ system: PURPOSE, code: caller.purpose }] }];
  const entity = [...(patient === undefined ? [] : [patientEntity(patient)]), ...group.things.map(thingEntity)];
  return {
    resourceType: 'AuditEvent',
    id,
    meta: { profile: [AUDIT_EVENT_PROFILE] },
    ...typesOf(group),
    action,
    period: { start: first, end: last },
    recorded: last,
    outcome,
    ...(group.reasons.length === 0 ? {} : { outcomeDesc: group.reasons.join('; ').slice(0, 1000) }),
    ...(purpose === undefined ? {} : { purposeOfEvent: purpose }),
    agent: agents(caller, purpose),
    source: OBSERVER,
    ...(entity.length === 0 ? {} : { entity }),
  };
}

function typesOf({ kind, caller, interactions }: AccessGroup): object {
  if (kind === undefined) return { type: AUDIT_TYPE, ...subtypes(interactions) };
  return { type: AUTHENTICATION_TYPE, subtype: [caller.user === undefined ? NODE_AUTHENTICATION : LOGIN] };
}

function subtypes(interactions: readonly string[]): { subtype?: object[] } {
  const known = interactions.filter((interaction) => interaction !== NO_INTERACTION);
  return known.length === 0 ? {} : { subtype: known.map(subtype) };
}

function subtype(interaction: string): object {
  return interaction.startsWith('$')
    ? { system: RESTFUL, code: 'operation', display: interaction }
    : { system: RESTFUL, code: interaction };
}

function agents({ clientId, user, organizationNumber }: AuditedCaller, purposeOfUse: object | undefined): readonly object[] {
  const purpose = purposeOfUse === undefined ? {} : { purposeOfUse };
  const organization = { type: 'Organization', identifier: { system: ORGANIZATION_NUMBER_SYSTEM, value: organizationNumber } };
  const client = clientId === 'none' ? { display: 'Ukjent' } : { identifier: { value: clientId }, display: clientId };
  return [
    ...(user === undefined ? [] : [{ who: { reference: user }, requestor: true, ...purpose }]),
    { type: APPLICATION, who: client, requestor: user === undefined, ...(user === undefined ? purpose : {}) },
    ...(organizationNumber === undefined ? [] : [{ who: organization, requestor: false }]),
  ];
}

/** The patient whose data it was. */
export function patientEntity(id: string): object {
  return { what: { reference: `Patient/${id}` }, role: { system: ROLE, code: '1', display: 'Patient' } };
}

/** What was asked for, with how often and in which requests. */
export function thingEntity({ interaction, what, query, origin, times, shown, requestIds }: AccessedThing): object {
  // Of all that an event is made of there are most of these.
  const said = [detail('interaction', interaction)];
  if (origin !== undefined) said.push(detail('issuer', origin));
  for (const request of requestIds) said.push(detail('request', request));
  if (times !== 1) said.push(detail('times', String(times)));
  if (shown !== undefined) said.push(detail('shown', String(shown)));
  if (query === undefined) return what === undefined ? { detail: said } : { what: { reference: what }, detail: said };
  return {
    ...(what === undefined ? {} : { what: { reference: what } }),
    role: { system: ROLE, code: '24', display: 'Query' },
    ...(query === '' ? {} : { query: Buffer.from(query).toString('base64') }),
    detail: said,
  };
}

function detail(type: string, valueString: string): object {
  return { type, valueString };
}

/** A resource of the log as it is written: its first and only version. */
export function firstVersion(resource: Resource, nowMs: number, index: (resource: Resource) => readonly IndexEntry[]): ResourceWrite {
  const { resourceType, id, meta, ...rest } = resource;
  const lastUpdated = new Date(nowMs).toISOString();
  const stored: Resource = { resourceType, id: id!, meta: { versionId: '1', lastUpdated, ...meta }, ...rest };
  const json = stringifyJson(stored);
  return { type: resourceType, id: id!, versionId: 1, lastUpdatedMs: nowMs, method: 'POST', json, index: index(stored) };
}

/** The fingerprint of a version's text, as seals name it. */
export function fingerprint(json: string): string {
  return hash('sha256', json, 'hex');
}
