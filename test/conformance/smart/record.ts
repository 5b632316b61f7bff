/** What every base of these tests holds: two patients, a nurse who follows both, their plans, and scores of two kinds. */
import type { Resource } from '../../../server/fhir/resource.ts';

const OID = 'urn:oid:2.16.578.1.12.4.1.4.';
const FP = 'https://fellesplan.example/fhir/CodeSystem';
const CATEGORIES = 'http://terminology.hl7.org/CodeSystem/observation-category';

export const FIRST = { id: 'p1', name: 'Ingrid Solberg' };
export const SECOND = { id: 'p2', name: 'Arne Kvamsdal' };
/** Observations of the first patient, inside and outside a granular scope. */
export const OBSERVATIONS = { query: `category=${CATEGORIES}|survey`, inside: 'Observation/score-1', outside: 'Observation/pulse-1' };

const ref = (reference: string) => ({ reference });

function person(id: string, number: string, given: string, family: string): readonly Resource[] {
  const subject = ref(`Patient/${id}`);
  const at = id.slice(1);
  const observation = (name: string, category: string) => ({
    resourceType: 'Observation',
    id: `${name}-${at}`,
    status: 'final',
    category: [{ coding: [{ system: CATEGORIES, code: category }] }],
    code: { text: name },
    subject,
  });
  return [
    {
      resourceType: 'Patient',
      id,
      identifier: [{ system: `${OID}1`, value: number }],
      name: [{ given: [given], family }],
      birthDate: '1941-03-02',
    },
    { resourceType: 'Encounter', id: `e${at}`, status: 'in-progress', class: { code: 'IMP' }, subject },
    { resourceType: 'CarePlan', id: `plan-${at}`, status: 'active', intent: 'plan', subject },
    {
      resourceType: 'CareTeam',
      id: `team-${at}`,
      status: 'active',
      subject,
      participant: [{ role: [{ coding: [{ system: `${FP}/fp-team-role`, code: 'koordinator' }] }], member: ref('PractitionerRole/r1') }],
    },
    {
      resourceType: 'Consent',
      id: `consent-${at}`,
      status: 'active',
      scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
      category: [{ coding: [{ system: `${FP}/fp-consent-purpose`, code: 'innsyn' }] }],
      patient: subject,
      provision: { type: 'permit' },
    },
    observation('score', 'survey'),
    observation('pulse', 'vital-signs'),
  ];
}

export const RECORD: readonly Resource[] = [
  {
    resourceType: 'Practitioner',
    id: 'pr1',
    identifier: [{ system: `${OID}4`, value: '999012345' }],
    name: [{ given: ['Kari'], family: 'Berg' }],
  },
  { resourceType: 'Organization', id: 'o1', identifier: [{ system: `${OID}101`, value: '999000001' }], name: 'Fjordheim' },
  {
    resourceType: 'PractitionerRole',
    id: 'r1',
    active: true,
    practitioner: ref('Practitioner/pr1'),
    organization: ref('Organization/o1'),
    code: [{ text: 'Sykepleier' }],
  },
  ...person(FIRST.id, '13717404089', 'Ingrid', 'Solberg'),
  ...person(SECOND.id, '02013299997', 'Arne', 'Kvamsdal'),
];
