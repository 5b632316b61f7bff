import type { EmergencyGrants } from '../../../server/auth/access-rule/emergency-grants.ts';
import type { Principal } from '../../../server/auth/principal.ts';
import { parseResourceScopes } from '../../../server/auth/scopes.ts';
import { loadDefinitions } from '../../../server/definitions/load.ts';
import type { Resource } from '../../../server/fhir/resource.ts';
import { createIndexer } from '../../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../../server/search/registry.ts';
import type { ResourceStore } from '../../../server/store/resource-store.ts';

export const NOW_MS = Date.UTC(2026, 2, 10, 12);
const ORG = 'urn:oid:2.16.578.1.12.4.1.4.101';
const PURPOSE = 'https://fellesplan.example/fhir/CodeSystem/fp-consent-purpose';

const definitions = loadDefinitions();
export const indexer = createIndexer(definitions, createSearchRegistry(definitions), { baseUrl: 'http://localhost/fhir' });

const ref = (reference: string) => ({ reference });
const teamRole = (code: string) => [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-team-role', code }] }];
const organization = (id: string, number: string, partOf?: string, type?: string) => ({
  resourceType: 'Organization',
  id,
  ...(type === undefined ? {} : { type: teamRole(type) }),
  identifier: [{ system: ORG, value: number }],
  ...(partOf === undefined ? {} : { partOf: ref(`Organization/${partOf}`) }),
});
const role = (id: string, practitioner: string, org: string, more: object = {}) => ({
  resourceType: 'PractitionerRole',
  id,
  practitioner: ref(`Practitioner/${practitioner}`),
  organization: ref(`Organization/${org}`),
  ...more,
});

/** The directory: a municipality with units, a hospital with wards, and people in their roles. */
const DIRECTORY: readonly Resource[] = [
  organization('solvik', '100000001'),
  organization('home-care', '100000002', 'solvik'),
  organization('coordinating-unit', '100000003', 'solvik', 'koordinerende-enhet'),
  organization('hospital', '200000001'),
  organization('ward', '200000002', 'hospital'),
  organization('other-hospital', '300000001'),
  organization('clinic', '400000001'),
  ...[
    'coordinator',
    'nurse',
    'gp',
    'former',
    'outsider',
    'ward-nurse',
    'stranger',
    'tasked',
    'ke',
    'unit',
    'helper',
    'retired',
    'referred',
  ].map((id) => ({
    resourceType: 'Practitioner',
    id,
  })),
  role('coordinator-role', 'coordinator', 'home-care'),
  role('nurse-role', 'nurse', 'home-care'),
  role('nurse-elsewhere', 'nurse', 'ward'),
  role('gp-role', 'gp', 'solvik'),
  role('former-role', 'former', 'home-care'),
  role('outsider-role', 'outsider', 'home-care'),
  role('ward-role', 'ward-nurse', 'ward'),
  role('stranger-role', 'stranger', 'other-hospital'),
  role('tasked-role', 'tasked', 'ward'),
  role('helper-role', 'helper', 'clinic'),
  role('referred-role', 'referred', 'clinic'),
  role('ke-role', 'ke', 'coordinating-unit'),
  role('unit-role', 'unit', 'coordinating-unit'),
  role('retired-role', 'retired', 'home-care', { active: false }),
];

const RESPONSIBILITY = 'http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility';

/** The relation of a parent, and who has the parental responsibility. */
function parental(relation: string, responsibility: string) {
  const family = { system: 'http://hl7.no/fhir/CodeSystem/no-basis-family-relation', code: relation };
  return [{ coding: [family] }, { coding: [{ system: RESPONSIBILITY, code: responsibility }] }];
}

/** One person with a plan, and another who has nothing to do with any of it. */
const RECORD: readonly Resource[] = [
  { resourceType: 'Patient', id: 'ida', birthDate: '2014-05-05' },
  { resourceType: 'Patient', id: 'other' },
  { resourceType: 'CarePlan', id: 'plan', status: 'active', intent: 'plan', subject: ref('Patient/ida') },
  { resourceType: 'CarePlan', id: 'other-plan', status: 'active', intent: 'plan', subject: ref('Patient/other') },
  { resourceType: 'Goal', id: 'goal', lifecycleStatus: 'active', description: { text: 'x' }, subject: ref('Patient/ida') },
  { resourceType: 'RelatedPerson', id: 'mother', patient: ref('Patient/ida') },
  { resourceType: 'RelatedPerson', id: 'father', patient: ref('Patient/ida') },
  { resourceType: 'RelatedPerson', id: 'co-mother', patient: ref('Patient/ida'), relationship: parental('medmor', 'felles') },
  {
    resourceType: 'CareTeam',
    id: 'team',
    status: 'active',
    subject: ref('Patient/ida'),
    participant: [
      { role: teamRole('koordinator'), member: ref('PractitionerRole/coordinator-role'), period: { start: '2025-01-01' } },
      { role: teamRole('koordinerende-enhet'), member: ref('PractitionerRole/unit-role') },
      { role: teamRole('pasient'), member: ref('Patient/ida') },
      { member: ref('PractitionerRole/nurse-role') },
      { member: ref('PractitionerRole/gp-role'), period: { start: '2025-01-01', end: '2026-03-10' } },
      { member: ref('PractitionerRole/former-role'), period: { start: '2025-01-01', end: '2026-03-09' } },
      { member: ref('PractitionerRole/retired-role') },
      { member: ref('Organization/ward') },
      { member: ref('RelatedPerson/mother') },
    ],
  },
  {
    resourceType: 'CareTeam',
    id: 'old-team',
    status: 'inactive',
    subject: ref('Patient/ida'),
    participant: [{ member: ref('PractitionerRole/stranger-role') }],
  },
  {
    resourceType: 'Task',
    id: 'task',
    status: 'in-progress',
    intent: 'order',
    for: ref('Patient/ida'),
    owner: ref('PractitionerRole/tasked-role'),
  },
  {
    resourceType: 'Task',
    id: 'help',
    status: 'accepted',
    intent: 'order',
    for: ref('Patient/ida'),
    owner: ref('PractitionerRole/helper-role'),
  },
  {
    resourceType: 'Task',
    id: 'asked',
    status: 'requested',
    intent: 'order',
    for: ref('Patient/ida'),
    owner: ref('PractitionerRole/stranger-role'),
  },
  {
    resourceType: 'ServiceRequest',
    id: 'need',
    status: 'active',
    intent: 'proposal',
    subject: ref('Patient/ida'),
    performer: [ref('Organization/coordinating-unit')],
  },
  {
    resourceType: 'ServiceRequest',
    id: 'referral',
    status: 'active',
    intent: 'order',
    subject: ref('Patient/ida'),
    performer: [ref('PractitionerRole/referred-role')],
  },
];

/** Consents of one kind or another, by name. */
export const CONSENTS: Readonly<Record<string, readonly Resource[]>> = {
  'active for all': [consent({ type: 'permit' })],
  'active for home care and mother': [consent({ type: 'permit', actor: actors('Organization/home-care', 'RelatedPerson/mother') })],
  'active for the municipality': [consent({ type: 'permit', actor: actors('Organization/solvik') })],
  'block on the nurse': [consent({ type: 'permit', provision: [{ type: 'deny', actor: actors('PractitionerRole/nurse-role') }] })],
  'block on the hospital': [consent({ type: 'permit', provision: [{ type: 'deny', actor: actors('Organization/hospital') }] })],
  'block that is over': [
    consent({ type: 'permit', provision: [{ type: 'deny', period: { end: '2026-01-01' }, actor: actors('PractitionerRole/nurse-role') }] }),
  ],
  'for the plan only': [consent({ type: 'permit' }, { category: purpose('plan') })],
  'not begun': [consent({ type: 'permit', period: { start: '2026-03-11' } })],
  'run out': [consent({ type: 'permit', period: { end: '2026-03-09' } })],
  withdrawn: [consent({ type: 'permit' }, { status: 'inactive' })],
  none: [],
};

function consent(provision: object, more: object = {}): Resource {
  return {
    resourceType: 'Consent',
    id: 'consent',
    status: 'active',
    category: purpose('innsyn'),
    patient: ref('Patient/ida'),
    provision,
    ...more,
  };
}
function purpose(code: string) {
  return [{ coding: [{ system: PURPOSE, code }] }];
}
function actors(...references: readonly string[]) {
  return references.map((reference) => ({ reference: ref(reference) }));
}

const user = (practitioner: string, organizationNumber: string, scope = 'user/*.cruds', more: Partial<Principal> = {}): Principal => ({
  clientId: 'app',
  subject: practitioner,
  fhirUser: `Practitioner/${practitioner}`,
  organizationNumber,
  scope,
  scopes: parseResourceScopes(scope),
  ...more,
});
const of = (more: Partial<Principal>, scope = 'user/*.cruds'): Principal => ({
  clientId: 'app',
  subject: 'x',
  scope,
  scopes: parseResourceScopes(scope),
  ...more,
});

/** Everybody who might ask. */
export const PEOPLE: Readonly<Record<string, Principal>> = {
  coordinator: user('coordinator', '100000002'),
  'team nurse': user('nurse', '100000002'),
  'team nurse acting for the ward': user('nurse', '200000002'),
  'team nurse acting for nobody known': user('nurse', '999999999'),
  'GP on the last day': user('gp', '100000001'),
  'former member': user('former', '100000002'),
  'outsider nurse, same unit': user('outsider', '100000002'),
  'nurse of a ward in the team': user('ward-nurse', '200000002'),
  'nurse of another hospital': user('stranger', '300000001'),
  'owner of an accepted task': user('tasked', '200000002'),
  'owner outside the team': user('helper', '400000001'),
  'retired member': user('retired', '100000002'),
  'whom a referral went to': user('referred', '400000001'),
  'coordinating unit': user('ke', '100000003'),
  'coordinating unit in the team': user('unit', '100000003'),
  'breaking the glass': user('stranger', '300000001', 'patient/*.rs', { patientId: 'ida', purposeOfUse: 'BTG' }),
  'emergency access of another': user('outsider', '100000002', 'patient/*.rs', { patientId: 'ida', purposeOfUse: 'BTG' }),
  patient: of({ fhirUser: 'Patient/ida' }),
  'another patient': of({ fhirUser: 'Patient/other' }),
  mother: of({ fhirUser: 'RelatedPerson/mother' }),
  father: of({ fhirUser: 'RelatedPerson/father' }),
  'co-mother of a child of 11': of({ fhirUser: 'RelatedPerson/co-mother' }),
  'relative who is unknown': of({ fhirUser: 'RelatedPerson/nobody' }),
  'system of the municipality': of({ organizationNumber: '100000001' }, 'system/*.cruds'),
  'system of another hospital': of({ organizationNumber: '300000001' }, 'system/*.cruds'),
  'system bound by its scopes alone': of({ scopesAlone: true, organizationNumber: '300000001' }, 'system/*.cruds'),
  'system without an organisation': of({}, 'system/*.cruds'),
  'team nurse with another patient in context': user('nurse', '100000002', 'patient/*.rs', { patientId: 'other' }),
  'team nurse with the patient in context': user('nurse', '100000002', 'patient/*.rs', { patientId: 'ida' }),
  'team nurse without a scope': user('nurse', '100000002', 'user/Goal.rs'),
};

/** The emergency access of one of them to Ida, and of nobody else. */
export const IN_AN_EMERGENCY: EmergencyGrants = {
  minutes: 60,
  async find(practitionerId, patientId) {
    if (practitionerId !== 'stranger' || patientId !== 'ida') return undefined;
    return { practitionerId, patientId, communicationId: 'announced', beganMs: NOW_MS, untilMs: NOW_MS + 3_600_000 };
  },
  begin: async () => false,
  end: async () => undefined,
};

/** Writes directory, record and consents. */
export async function fill(store: ResourceStore, consents: readonly Resource[]): Promise<void> {
  const resources = [...DIRECTORY, ...RECORD, ...consents];
  await store.transact({
    lookups: {},
    build: () => ({
      result: undefined,
      writes: resources.map((resource) => ({
        type: resource.resourceType,
        id: resource.id!,
        versionId: 1,
        lastUpdatedMs: NOW_MS,
        method: 'PUT' as const,
        json: JSON.stringify(resource),
        index: indexer(resource),
      })),
    }),
  });
}
