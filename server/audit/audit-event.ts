/**
 * Access records as AuditEvents: what the same caller did in the same way with the data of the same patient within a
 * moment is one event with several entities, so that a screen with ten requests is one line in the log.
 *
 * Spec: https://hl7.org/fhir/R4/auditevent.html · profile fp-audit-event
 */
import { hash } from 'node:crypto';
import { ORGANIZATION_NUMBER_SYSTEM } from '../auth/ehr-identity.ts';
import { stringifyJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import type { IndexEntry } from '../search/index-entry.ts';
import type { ResourceWrite } from '../store/resource-store.ts';
import { type AccessRecord, type AuditedCaller, NO_INTERACTION } from './access-record.ts';

export const AUDIT_EVENT_PROFILE = 'https://fellesplan.example/fhir/StructureDefinition/fp-audit-event';
const AUDIT_TYPE = { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest', display: 'RESTful Operation' };
const RESTFUL = 'http://hl7.org/fhir/restful-interaction';
const PURPOSE = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const APPLICATION = {
  coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110150', display: 'Application' }],
};
const ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
export const OBSERVER = { observer: { display: 'Fellesplan' } };
/** So that one event stays easy to read and to send. */
const ENTITIES_AT_MOST = 200;

/** The AuditEvents of some records; `id` gives each its id. */
export function auditEvents(records: readonly AccessRecord[], id: () => string): readonly Resource[] {
  const groups = new Map<string, { readonly patient: string | undefined; readonly records: AccessRecord[] }>();
  for (const record of records) {
    for (const patient of record.patients.length === 0 ? [undefined] : record.patients) {
      const key = `${patient} ${record.action} ${record.outcome} ${callerKey(record.caller)}`;
      const group = groups.get(key) ?? { patient, records: [] };
      group.records.push(record);
      groups.set(key, group);
    }
  }
  return [...groups.values()].flatMap((group) =>
    slices(group.records, ENTITIES_AT_MOST).map((some) => auditEvent(id(), group.patient, some)),
  );
}

function callerKey({ clientId, user, organizationNumber, purpose }: AuditedCaller): string {
  return `${user} ${organizationNumber} ${purpose} ${clientId}`;
}

function auditEvent(id: string, patient: string | undefined, records: readonly AccessRecord[]): Resource {
  const { caller, action, outcome } = records[0]!;
  const times = records.map((record) => record.atMs);
  const [first, last] = [Math.min(...times), Math.max(...times)].map((ms) => new Date(ms).toISOString());
  const reasons = [...new Set(records.flatMap((record) => record.reason ?? []))];
  const purpose = caller.purpose === undefined ? undefined : [{ coding: [{ system: PURPOSE, code: caller.purpose }] }];
  const entity = [...(patient === undefined ? [] : [patientEntity(patient)]), ...entities(records)];
  return {
    resourceType: 'AuditEvent',
    id,
    meta: { profile: [AUDIT_EVENT_PROFILE] },
    type: AUDIT_TYPE,
    ...subtypes(records),
    action,
    period: { start: first, end: last },
    recorded: last,
    outcome,
    ...(reasons.length === 0 ? {} : { outcomeDesc: reasons.join('; ').slice(0, 1000) }),
    ...(purpose === undefined ? {} : { purposeOfEvent: purpose }),
    agent: agents(caller, purpose),
    source: OBSERVER,
    ...(entity.length === 0 ? {} : { entity }),
  };
}

function subtypes(records: readonly AccessRecord[]): { subtype?: object[] } {
  const known = [...new Set(records.map((record) => record.interaction))].filter((interaction) => interaction !== NO_INTERACTION);
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

function patientEntity(id: string): object {
  return { what: { reference: `Patient/${id}` }, role: { system: ROLE, code: '1', display: 'Patient' } };
}

/** What was asked for, each thing once, with how often and in which requests. */
function entities(records: readonly AccessRecord[]): readonly object[] {
  const byThing = Map.groupBy(records, ({ interaction, what, query }) => `${interaction} ${what} ${query}`);
  return [...byThing.values()].map((same) => {
    const { interaction, what, query } = same[0]!;
    const shown = same.reduce((sum, record) => sum + (record.shown ?? 0), 0);
    const details = [
      ['interaction', interaction],
      ...[...new Set(same.map((record) => record.requestId))].slice(0, 20).map((request) => ['request', request]),
      ...(same.length === 1 ? [] : [['times', String(same.length)]]),
      ...(same[0]!.shown === undefined ? [] : [['shown', String(shown)]]),
    ];
    return {
      ...(what === undefined ? {} : { what: { reference: what } }),
      ...(query === undefined ? {} : { role: { system: ROLE, code: '24', display: 'Query' } }),
      ...(query === undefined || query === '' ? {} : { query: Buffer.from(query).toString('base64') }),
      detail: details.map(([type, valueString]) => ({ type, valueString })),
    };
  });
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

/** A list in parts of at most so many. */
export function slices<T>(list: readonly T[], atMost: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / atMost) }, (_, at) => list.slice(at * atMost, (at + 1) * atMost));
}
