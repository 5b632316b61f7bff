/**
 * The patient and those close to the patient.
 *
 * Spec: https://hl7.org/fhir/R4/patient.html · https://hl7.org/fhir/R4/relatedperson.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { day } from './calendar.ts';
import { patientReference, roleReference } from './cast.ts';
import { concept, hl7, profile } from './codes.ts';
import { phoneNumber, syntheticNationalId } from './numbers.ts';
import type { KinSpec, Municipality, PersonSpec } from './spec.ts';

const PARENTAL_RESPONSIBILITY = 'http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility';
const RESPONSIBILITY_NAMES = { felles: 'Felles', mor: 'Mor', far: 'Far' } as const;
const AGE_OF_MAJORITY = 18;
export const NATIONAL_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.1';

/** Places with postal codes above the last one in use. */
const PLACES: Record<Municipality, { postalCode: string; city: string; district: string }> = {
  solvik: { postalCode: '9999', city: 'Solvik', district: 'Solvik' },
  granheim: { postalCode: '9998', city: 'Granheim', district: 'Granheim' },
  nordvag: { postalCode: '9997', city: 'Nordvåg', district: 'Nordvåg' },
};

const LANGUAGE_NAMES = { nb: 'Norsk bokmål', nn: 'Norsk nynorsk' } as const;

/** What every server says of a person in the same way: number, name, birth date, phone and address. */
export function personDemographics(person: PersonSpec): Record<string, unknown> {
  return {
    identifier: [{ use: 'official', system: NATIONAL_NUMBER, value: syntheticNationalId(person.birthDate, person.id) }],
    active: true,
    name: [{ use: 'official', family: person.family, given: person.given.split(' ') }],
    telecom: [{ system: 'phone', value: phoneNumber(person.id), use: 'mobile' }],
    gender: person.gender,
    birthDate: person.birthDate,
    address: [{ use: 'home', type: 'physical', line: [person.street], ...PLACES[person.home], country: 'NO' }],
  };
}

export function patient(person: PersonSpec): Resource {
  return {
    resourceType: 'Patient',
    id: person.id,
    meta: profile('fp-patient'),
    ...personDemographics(person),
    communication: communication(person),
    generalPractitioner: [roleReference(person.gp)],
  };
}

/** The languages to speak and write to the person in. */
export function communication(person: PersonSpec): unknown[] {
  if (person.interpreter !== undefined) {
    const [code, name] = person.interpreter;
    return [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code }], text: `${name}, tolk tilbys` }, preferred: true }];
  }
  const code = person.language ?? 'nb';
  return [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code }], text: LANGUAGE_NAMES[code] }, preferred: true }];
}

/** Of a parent, as long as the person is a child: it is what the access of parents rests on. */
function parentalResponsibility({ birthDate }: PersonSpec, { relation, responsibility = 'felles' }: KinSpec): unknown[] {
  const grownUp = `${Number(birthDate.slice(0, 4)) + AGE_OF_MAJORITY}${birthDate.slice(4)}` <= day(0);
  if (grownUp || !['MTH', 'FTH'].includes(relation)) return [];
  return [{ coding: [{ system: PARENTAL_RESPONSIBILITY, code: responsibility, display: RESPONSIBILITY_NAMES[responsibility] }] }];
}

export function relatedPerson(person: PersonSpec, kin: KinSpec): Resource {
  const seed = kin.sameAs ?? `${kin.given} ${kin.family}`;
  const number = kin.birthDate === undefined ? undefined : syntheticNationalId(kin.birthDate, seed);
  return {
    resourceType: 'RelatedPerson',
    id: `${person.id}-${kin.key}`,
    meta: profile('fp-related-person'),
    ...(number === undefined ? {} : { identifier: [{ use: 'official', system: NATIONAL_NUMBER, value: number }] }),
    active: true,
    patient: patientReference(person),
    relationship: [concept(hl7('v3-RoleCode', kin.relation), kin.text), ...parentalResponsibility(person, kin)],
    name: [{ use: 'official', family: kin.family, given: kin.given.split(' ') }],
    telecom: [{ system: 'phone', value: phoneNumber(seed), use: 'mobile' }],
    gender: kin.gender,
    ...(kin.birthDate === undefined ? {} : { birthDate: kin.birthDate }),
  };
}
