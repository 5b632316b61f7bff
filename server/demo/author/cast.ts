/**
 * References to those who take part in a story: from the short names of a spec to FHIR References with a display.
 *
 * Spec: https://hl7.org/fhir/R4/references.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { type OrganizationKey, organizationFact } from './organizations.ts';
import type { KinSpec, PersonSpec, Who } from './spec.ts';
import { type StaffKey, staff } from './staff.ts';

export interface Reference {
  reference: string;
  display?: string;
}

/** A reference to a resource that a builder has made or will make. */
export function refer(type: string, id: string, display?: string): Reference {
  return { reference: `${type}/${id}`, ...(display === undefined ? {} : { display }) };
}

export function organizationReference(key: OrganizationKey): Reference {
  return refer('Organization', key, organizationFact(key).name);
}

export function roleReference(key: StaffKey): Reference {
  const fact = staff(key);
  return refer('PractitionerRole', key, `${fact.given} ${fact.family}, ${fact.title.toLowerCase()}`);
}

/** The employee as a person, where a role cannot stand (the author of a note). */
export function practitionerReference(key: StaffKey): Reference {
  const fact = staff(key);
  return refer('Practitioner', key, `${fact.given} ${fact.family}`);
}

export function patientReference(person: PersonSpec): Reference {
  return refer('Patient', person.id, `${person.given} ${person.family}`);
}

/** The kin of a person by key. @throws Error when the story names kin it does not have. */
export function kinOf(person: PersonSpec, who: `kin:${string}`): KinSpec {
  const found = person.kin?.find((kin) => `kin:${kin.key}` === who);
  if (found === undefined) throw new Error(`${person.id} has no ${who}`);
  return found;
}

/** The reference for anybody who takes part in this person's story. */
export function whoReference(person: PersonSpec, who: Who): Reference {
  if (who === 'patient') return patientReference(person);
  if (isKin(who)) {
    const kin = kinOf(person, who);
    return refer('RelatedPerson', `${person.id}-${kin.key}`, `${kin.given} ${kin.family}`);
  }
  if (isOrganization(who)) return organizationReference(who.slice(4) as OrganizationKey);
  return roleReference(who);
}

/** The organisation somebody acts for; undefined for the patient and kin. */
export function organizationOf(who: Who): OrganizationKey | undefined {
  if (who === 'patient' || isKin(who)) return undefined;
  return isOrganization(who) ? (who.slice(4) as OrganizationKey) : staff(who).organization;
}

export function isKin(who: Who): who is `kin:${string}` {
  return who.startsWith('kin:');
}

function isOrganization(who: Who): who is `org:${OrganizationKey}` {
  return who.startsWith('org:');
}

/** The language mark of resources with words that people read. */
export function inLanguage(person: PersonSpec): Pick<Resource, 'language'> {
  return { language: person.language ?? 'nb' };
}
