/**
 * The own records of the two simulated EHRs: the same people, numbers and services under ids of their own.
 *
 * Spec: https://hl7.org/fhir/R4/encounter.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { transactionBundle } from './bundle.ts';
import { at } from './calendar.ts';
import { type Reference, refer } from './cast.ts';
import { concept, hl7 } from './codes.ts';
import { organizationFacts, practitionerFacts, roleFacts } from './directory.ts';
import { type OrganizationKey, organizationFact } from './organizations.ts';
import { communication, personDemographics } from './people.ts';
import type { PersonSpec } from './spec.ts';
import { STAFF_KEYS, type StaffKey, staff } from './staff.ts';
import { teamStaff } from './team.ts';

export interface EhrSpec {
  readonly name: 'hospital' | 'municipality';
  readonly base: string;
  /** How this record calls things: the beginning of its ids, and the system of its own patient numbers. */
  readonly prefix: Record<'patient' | 'practitioner' | 'role' | 'organization' | 'encounter', string>;
  readonly patientNumberSystem: string;
  readonly organizations: readonly OrganizationKey[];
  readonly staff: readonly StaffKey[];
  readonly visits: readonly VisitSpec[];
}

/** A person in this record, and the stay or service that the EHR is opened in. */
export interface VisitSpec {
  readonly person: string;
  readonly kind: 'IMP' | 'AMB' | 'HH';
  readonly status: 'planned' | 'in-progress' | 'finished';
  readonly at: OrganizationKey;
  /** Who is responsible here; of the person's team. Nobody for those without a team. */
  readonly with?: StaffKey;
  readonly from: number;
  readonly to?: number;
  readonly reason: string;
}

const PARTS = { PPRF: 'primary performer', PART: 'Participation' } as const;
const KINDS = { IMP: 'inpatient encounter', AMB: 'ambulatory', HH: 'home health' } as const;

/** The files of one EHR by name: who works there, and who is treated there. */
export function ehrFiles(spec: EhrSpec, persons: readonly PersonSpec[]): Record<string, Resource> {
  const find = (id: string): PersonSpec => {
    const person = persons.find((candidate) => candidate.id === id);
    if (person === undefined) throw new Error(`No story has ${id}`);
    return person;
  };
  const patients = spec.visits.flatMap((visit, index) => [
    ehrPatient(spec, find(visit.person), index),
    encounter(spec, visit, find(visit.person), index),
  ]);
  return {
    '00-directory': transactionBundle(`demo-${spec.name}-directory`, spec.base, directory(spec)),
    '01-patients': transactionBundle(`demo-${spec.name}-patients`, spec.base, patients),
  };
}

function directory(spec: EhrSpec): Resource[] {
  return [
    ...spec.organizations.map((key) => ehrOrganization(spec, key)),
    ...spec.staff.map((key) => ({ resourceType: 'Practitioner', id: practitionerId(spec, key), ...practitionerFacts(key) })),
    ...spec.staff.map((key) => ({
      resourceType: 'PractitionerRole',
      id: `${spec.prefix.role}-${number(spec.staff, key)}`,
      practitioner: practitionerReference(spec, key),
      organization: organizationReference(spec, staff(key).organization),
      ...roleFacts(key),
    })),
  ];
}

function ehrOrganization(spec: EhrSpec, key: OrganizationKey): Resource {
  const parent = organizationFact(key).partOf as OrganizationKey | undefined;
  return {
    resourceType: 'Organization',
    id: organizationId(spec, key),
    ...organizationFacts(key),
    ...(parent === undefined ? {} : { partOf: organizationReference(spec, parent) }),
  };
}

function ehrPatient(spec: EhrSpec, person: PersonSpec, index: number): Resource {
  const { identifier, ...facts } = personDemographics(person);
  const id = patientId(spec, index);
  const ownNumber = { use: 'usual', system: spec.patientNumberSystem, value: id.toUpperCase() };
  return {
    resourceType: 'Patient',
    id,
    identifier: [...(Array.isArray(identifier) ? identifier : []), ownNumber],
    ...facts,
    communication: communication(person),
    managingOrganization: organizationReference(spec, spec.organizations[0]!),
  };
}

function encounter(spec: EhrSpec, visit: VisitSpec, person: PersonSpec, index: number): Resource {
  return {
    resourceType: 'Encounter',
    id: `${spec.prefix.encounter}-${2001 + index}`,
    status: visit.status,
    class: hl7('v3-ActCode', visit.kind, KINDS[visit.kind]),
    subject: refer('Patient', patientId(spec, index), `${person.given} ${person.family}`),
    ...participants(spec, visit, person),
    period: { start: at(visit.from, '09:00'), ...(visit.to === undefined ? {} : { end: at(visit.to, '13:00') }) },
    reasonCode: [{ text: visit.reason }],
    serviceProvider: organizationReference(spec, visit.at),
  };
}

/** The responsible one first, then the others of this record who are in the person's team, or to whom their need was reported. */
function participants(spec: EhrSpec, visit: VisitSpec, person: PersonSpec): { participant?: object[] } {
  const others = takingPart(person).filter((key) => spec.staff.includes(key) && key !== visit.with);
  if (visit.with !== undefined && !takingPart(person).includes(visit.with))
    throw new Error(`${visit.with} is not in the team of ${person.id}`);
  const as = (code: keyof typeof PARTS, key: StaffKey) => ({
    type: [concept(hl7('v3-ParticipationType', code, PARTS[code]))],
    individual: practitionerReference(spec, key),
  });
  const participant = [...(visit.with === undefined ? [] : [as('PPRF', visit.with)]), ...others.map((key) => as('PART', key))];
  return participant.length === 0 ? {} : { participant };
}

/** Employees who take part in a person's story today: the team, and the unit that a need was reported to. */
function takingPart(person: PersonSpec): readonly StaffKey[] {
  const units = (person.needs ?? []).filter((need) => need.status === 'active').map((need) => need.to);
  const responsible = STAFF_KEYS.filter((key) => staff(key).role === 'koordinerende-enhet' && units.includes(staff(key).organization));
  return [...new Set([...teamStaff(person), ...responsible])];
}

function patientId(spec: EhrSpec, index: number): string {
  return `${spec.prefix.patient}-${1001 + index}`;
}

function practitionerId(spec: EhrSpec, key: StaffKey): string {
  return `${spec.prefix.practitioner}-${number(spec.staff, key)}`;
}

function practitionerReference(spec: EhrSpec, key: StaffKey): Reference {
  return refer('Practitioner', practitionerId(spec, key), `${staff(key).given} ${staff(key).family}`);
}

function organizationId(spec: EhrSpec, key: OrganizationKey): string {
  return `${spec.prefix.organization}-${number(spec.organizations, key)}`;
}

function organizationReference(spec: EhrSpec, key: OrganizationKey): Reference {
  return refer('Organization', organizationId(spec, key), organizationFact(key).name);
}

/** The place in this record's list, from 101. @throws Error when the record does not have it. */
function number<T>(list: readonly T[], item: T): number {
  const place = list.indexOf(item);
  if (place < 0) throw new Error(`${String(item)} is not in this record`);
  return 101 + place;
}
