import type { Resource } from '../../../server/fhir/resource.ts';
import type { ConsentState } from '../../cases/access-matrix.ts';
import { CODES, consentTo, deny, inRole, organization, ref, role } from './record-parts.ts';

/** A patient with all that the matrix asks about; `note` makes ids of one kind. */
export interface MatrixPatient {
  readonly id: string;
  readonly birthDate: string;
}

export const IDA: MatrixPatient = { id: 'ida', birthDate: '1950-01-01' };
/** Ten and fourteen years old on 2026-03-10. */
export const TEN: MatrixPatient = { id: 'ten', birthDate: '2015-06-01' };
export const FOURTEEN: MatrixPatient = { id: 'fourteen', birthDate: '2011-06-01' };
export const PATIENTS = [IDA, TEN, FOURTEEN];

export const DIRECTORY: readonly Resource[] = [
  organization('solvik', '100000001'),
  organization('home-care', '100000002', { partOf: 'solvik' }),
  organization('coordinating-unit', '100000003', { partOf: 'solvik', type: 'koordinerende-enhet' }),
  organization('gp-office', '200000001'),
  organization('other-hospital', '300000001'),
  ...['coordinator', 'nurse', 'gp', 'former', 'outsider', 'stranger', 'ke'].map((id) => ({ resourceType: 'Practitioner', id })),
  role('coordinator', 'home-care'),
  role('nurse', 'home-care'),
  role('former', 'home-care'),
  role('outsider', 'home-care'),
  role('gp', 'gp-office'),
  role('stranger', 'other-hospital'),
  role('ke', 'coordinating-unit'),
];

/** Who has a goal of their own to delete. */
export function recordOf({ id, birthDate }: MatrixPatient, goals: readonly string[]): readonly Resource[] {
  const patient = ref(`Patient/${id}`);
  const goal = (goalId: string): Resource => ({
    resourceType: 'Goal',
    id: goalId,
    lifecycleStatus: 'active',
    description: { text: 'x' },
    subject: patient,
  });
  return [
    { resourceType: 'Patient', id, birthDate },
    {
      resourceType: 'CarePlan',
      id: `${id}-plan`,
      status: 'active',
      intent: 'plan',
      subject: patient,
      careTeam: [ref(`CareTeam/${id}-team`)],
      extension: [{ url: CODES.custodian, valueReference: ref('Organization/solvik') }],
    },
    {
      resourceType: 'CareTeam',
      id: `${id}-team`,
      status: 'active',
      subject: patient,
      managingOrganization: [ref('Organization/solvik')],
      participant: [
        inRole('koordinator', 'PractitionerRole/coordinator-role'),
        inRole('sykepleier', 'PractitionerRole/nurse-role'),
        inRole('fastlege', 'PractitionerRole/gp-role'),
        { ...inRole('sykepleier', 'PractitionerRole/former-role'), period: { start: '2025-01-01', end: '2026-03-09' } },
        inRole('pasient', `Patient/${id}`),
      ],
    },
    ...goals.map(goal),
    {
      resourceType: 'Task',
      id: `${id}-task`,
      status: 'in-progress',
      intent: 'order',
      for: patient,
      owner: ref('PractitionerRole/nurse-role'),
      basedOn: [ref(`CarePlan/${id}-plan`)],
    },
    {
      resourceType: 'ServiceRequest',
      id: `${id}-need`,
      status: 'active',
      intent: 'proposal',
      subject: patient,
      performer: [ref('Organization/coordinating-unit')],
      basedOn: [ref(`CarePlan/${id}-plan`)],
    },
    { resourceType: 'RelatedPerson', id: `${id}-mother`, patient, relationship: parentOf('mor') },
    { resourceType: 'RelatedPerson', id: `${id}-cousin`, patient },
    ...(id === FOURTEEN.id ? [consentTo('plan', id, deny('RelatedPerson/fourteen-mother'))] : []),
  ];
}

function parentOf(relation: string) {
  return [{ coding: [{ system: CODES.familyRelation, code: relation }] }, { coding: [{ system: CODES.responsibility, code: 'felles' }] }];
}

/** The consents of a patient that each state of the matrix stands for. */
export function consentsOf({ id }: MatrixPatient, state: ConsentState): readonly Resource[] {
  const active = consentTo('innsyn', id, { actor: ['Organization/solvik', 'Organization/gp-office'] });
  const persons = ['coordinator', 'nurse', 'gp', 'former', 'outsider', 'stranger', 'ke'].map((name) => `PractitionerRole/${name}-role`);
  const states: Readonly<Record<ConsentState, readonly Resource[]>> = {
    active: [active],
    limited: [consentTo('innsyn', id, { actor: ['Organization/home-care'] })],
    withdrawn: [{ ...active, status: 'inactive' }],
    block: [
      consentTo('innsyn', id, {
        actor: ['Organization/solvik', 'Organization/gp-office'],
        ...deny(...persons, `RelatedPerson/${id}-mother`, `RelatedPerson/${id}-cousin`),
      }),
    ],
    none: [],
  };
  return states[state];
}
