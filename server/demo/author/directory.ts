/**
 * The contact directory: organisations, employees and the roles they act in, with whom to call.
 *
 * Spec: https://hl7.org/fhir/R4/practitionerrole.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { organizationReference, refer } from './cast.ts';
import { concept, hl7, own, profile } from './codes.ts';
import { hprNumber, organizationNumber, phoneNumber, syntheticNationalId } from './numbers.ts';
import { ORGANIZATIONS, type OrganizationKey, organizationFact } from './organizations.ts';
import { NATIONAL_NUMBER } from './people.ts';
import { PROFESSIONS, STAFF_KEYS, type StaffKey, staff } from './staff.ts';

/** Employees are born in the years from this one on. */
const BORN_FROM = 65;
const BORN_WITHIN = 30;
const ORGANIZATION_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.101';
const HPR_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.4';
const PROFESSION_CATEGORY = 'urn:oid:2.16.578.1.12.4.1.1.9060';
const ORGANIZATION_KEYS = Object.keys(ORGANIZATIONS) as OrganizationKey[];

const KIND_NAMES = {
  govt: 'Offentlig virksomhet',
  prov: 'Helse- og omsorgstjeneste',
  dept: 'Avdeling',
  edu: 'Skole eller barnehage',
  cg: 'Frivillig organisasjon',
} as const;

/** Every organisation, employee and role of the shared service, parents before their parts. */
export function sharedDirectory(): Resource[] {
  return [
    ...ORGANIZATION_KEYS.map((key) => organization(key)),
    ...STAFF_KEYS.map((key) => practitioner(key)),
    ...STAFF_KEYS.map((key) => practitionerRole(key)),
    ...STAFF_KEYS.filter((key) => staff(key).profession === undefined).map((key) => person(key)),
  ];
}

/** What every server says of an organisation in the same way; the reference to its parent is left to the caller. */
export function organizationFacts(key: OrganizationKey): Record<string, unknown> {
  const fact = organizationFact(key);
  const number = organizationNumber(ORGANIZATION_KEYS.indexOf(key) + 1);
  return {
    identifier: [{ use: 'official', system: ORGANIZATION_NUMBER, value: number }],
    active: true,
    type: [
      concept(hl7('organization-type', fact.kind), KIND_NAMES[fact.kind]),
      // So that a municipality's or hospital's coordinating unit can be searched for.
      ...(key.endsWith('-ke') ? [concept(own('fp-team-role', 'koordinerende-enhet'))] : []),
    ],
    name: fact.name,
    telecom: [{ system: 'phone', value: phoneNumber(`org-${key}`), use: 'work' }],
  };
}

/** What every server says of an employee in the same way. Those without a protected title have an employee number. */
export function practitionerFacts(key: StaffKey): Record<string, unknown> {
  const fact = staff(key);
  const n = STAFF_KEYS.indexOf(key) + 1;
  return {
    identifier: [
      fact.profession === undefined
        ? { use: 'official', system: 'https://fellesplan.example/demo/ansattnummer', value: `A${String(n).padStart(4, '0')}` }
        : { use: 'official', system: HPR_NUMBER, value: hprNumber(n) },
    ],
    active: true,
    name: [{ use: 'official', family: fact.family, given: fact.given.split(' ') }],
    telecom: [{ system: 'phone', value: phoneNumber(`staff-${key}`), use: 'work' }],
    gender: fact.gender,
    ...(fact.profession === undefined
      ? {}
      : {
          qualification: [
            { code: concept({ system: PROFESSION_CATEGORY, code: fact.profession, display: PROFESSIONS[fact.profession] }, fact.title) },
          ],
        }),
  };
}

/** What every server says of an employee's role: the part in a team, in the title's words, and whom to call. */
export function roleFacts(key: StaffKey): Record<string, unknown> {
  const fact = staff(key);
  return {
    active: true,
    code: [concept(own('fp-team-role', fact.role), fact.title)],
    telecom: [
      { system: 'phone', value: phoneNumber(`staff-${key}`), use: 'work' },
      { system: 'email', value: `${key}@${fact.organization}.example`, use: 'work' },
    ],
  };
}

function organization(key: OrganizationKey): Resource {
  const { partOf } = organizationFact(key);
  return {
    resourceType: 'Organization',
    id: key,
    meta: profile('fp-organization'),
    ...organizationFacts(key),
    ...(partOf === undefined ? {} : { partOf: organizationReference(partOf as OrganizationKey) }),
  };
}

function practitioner(key: StaffKey): Resource {
  // The profile asks for an HPR number; a teacher has none.
  const hasHpr = staff(key).profession !== undefined;
  return { resourceType: 'Practitioner', id: key, ...(hasHpr ? { meta: profile('fp-practitioner') } : {}), ...practitionerFacts(key) };
}

/** By which an employee without an HPR number signs in: the directory itself has no national numbers. */
function person(key: StaffKey): Resource {
  const fact = staff(key);
  const birthDate = `19${BORN_FROM + (STAFF_KEYS.indexOf(key) % BORN_WITHIN)}-06-15`;
  return {
    resourceType: 'Person',
    id: `${key}-person`,
    meta: profile('fp-person'),
    identifier: [{ use: 'official', system: NATIONAL_NUMBER, value: syntheticNationalId(birthDate, `staff-${key}`) }],
    name: [{ use: 'official', family: fact.family, given: fact.given.split(' ') }],
    birthDate,
    managingOrganization: organizationReference(fact.organization),
    active: true,
    link: [{ target: { reference: `Practitioner/${key}` } }],
  };
}

function practitionerRole(key: StaffKey): Resource {
  const fact = staff(key);
  return {
    resourceType: 'PractitionerRole',
    id: key,
    meta: profile('fp-practitioner-role'),
    practitioner: refer('Practitioner', key, `${fact.given} ${fact.family}`),
    organization: organizationReference(fact.organization),
    ...roleFacts(key),
  };
}
