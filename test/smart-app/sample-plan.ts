/**
 * One person's plan as the shared service holds it: the smallest story that fills every part of the screen. Dates count from today.
 */
import type { CarePlan, CareTeam, Consent, Goal, Observation, Patient, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';

const BASE = 'https://fellesplan.example/fhir';
const codeSystem = (id: string): string => `${BASE}/CodeSystem/${id}`;
const concept = (system: string, code: string, text?: string) => ({
  coding: [{ system: codeSystem(system), code }],
  ...(text ? { text } : {}),
});
const NATIONAL_ID = 'urn:oid:2.16.578.1.12.4.1.4.1';
/** Synthetic: month +80. */
const NATIONAL_NUMBER = '17884512345';

const MS_PER_DAY = 86_400_000;
/** @returns a date some days from today, `yyyy-mm-dd`. */
export const daysFromNow = (days: number): string => new Date(Date.now() + days * MS_PER_DAY).toISOString().slice(0, 10);

export const patient: Patient = {
  resourceType: 'Patient',
  id: 'shared-patient',
  identifier: [{ system: NATIONAL_ID, value: NATIONAL_NUMBER }],
  name: [{ use: 'official', family: 'Solberg', given: ['Ingrid', 'Marie'] }],
  birthDate: '1945-08-17',
};

/** The same person as the EHR holds her, under an id of its own. */
export const ehrPatient: Patient = { ...patient, id: 'ehr-7' };

const meta = { versionId: '4', lastUpdated: '2026-11-18T09:12:00Z' };
const subject = { reference: 'Patient/shared-patient' };

const person = (id: string, given: string, family: string): Resource => ({
  resourceType: 'Practitioner',
  id,
  name: [{ given: [given], family }],
});
const role = (id: string, practitioner: string, organization: string, phone?: string): Resource => ({
  resourceType: 'PractitionerRole',
  id,
  practitioner: { reference: `Practitioner/${practitioner}` },
  organization: { reference: `Organization/${organization}` },
  ...(phone ? { telecom: [{ system: 'phone', value: phone, use: 'work' }] } : {}),
});

export const people: Resource[] = [
  { resourceType: 'Organization', id: 'solvik', name: 'Solvik kommune', telecom: [{ system: 'phone', value: '+47 99 01 10 00' }] },
  { resourceType: 'Organization', id: 'hjemmetjenesten', name: 'Hjemmetjenesten, Solvik kommune' },
  { resourceType: 'Organization', id: 'legekontor', name: 'Solvik legesenter' },
  { resourceType: 'Organization', id: 'sykehuset', name: 'Fjordheim sykehus' },
  person('kari', 'Kari', 'Nes'),
  person('ola', 'Ola', 'Berg'),
  person('mona', 'Mona', 'Dahl'),
  person('per', 'Per', 'Lund'),
  role('kari-role', 'kari', 'solvik', '+47 99 01 12 34'),
  role('ola-role', 'ola', 'legekontor', '+47 99 01 22 00'),
  role('mona-role', 'mona', 'hjemmetjenesten', '+47 99 01 33 00'),
  role('per-role', 'per', 'sykehuset'),
  {
    resourceType: 'RelatedPerson',
    id: 'datter',
    patient: subject,
    name: [{ given: ['Anne'], family: 'Solberg' }],
    telecom: [{ system: 'phone', value: '+47 99 01 44 00' }],
  },
];

const member = (roleCode: string, reference: string, start: string, end?: string) => ({
  role: [concept('fp-team-role', roleCode)],
  member: { reference },
  period: { start, ...(end ? { end } : {}) },
});

export const team: CareTeam = {
  resourceType: 'CareTeam',
  id: 'team',
  status: 'active',
  subject,
  participant: [
    member('fastlege', 'PractitionerRole/ola-role', '2024-01-15'),
    member('fysioterapeut', 'PractitionerRole/mona-role', '2026-08-20'),
    member('pasient', 'Patient/shared-patient', '2026-08-20'),
    member('parorende', 'RelatedPerson/datter', '2026-08-20'),
    member('koordinator', 'PractitionerRole/kari-role', '2026-08-20'),
    member('lege-spesialist', 'PractitionerRole/per-role', '2026-08-01', daysFromNow(-30)),
  ],
  managingOrganization: [{ reference: 'Organization/solvik' }],
};

export const goals: Goal[] = [
  {
    resourceType: 'Goal',
    id: 'goal-walk',
    lifecycleStatus: 'active',
    achievementStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/goal-achievement', code: 'improving' }] },
    description: { text: 'Jeg vil gå til butikken selv og møte venninnene mine på kafeen' },
    subject,
    startDate: '2026-08-25',
    target: [{ measure: { text: 'Gå til butikken' }, detailInteger: 8, dueDate: daysFromNow(60) }],
  },
  {
    resourceType: 'Goal',
    id: 'goal-home',
    lifecycleStatus: 'active',
    description: { text: 'Jeg vil bo hjemme og sove trygt om natten' },
    subject,
  },
  { resourceType: 'Goal', id: 'goal-done', lifecycleStatus: 'completed', description: { text: 'Jeg vil klare medisinene selv' }, subject },
];

const measure = (id: string, text: string, type: string, about: Partial<Task>): Task => ({
  resourceType: 'Task',
  id,
  intent: 'order',
  status: 'in-progress',
  description: text,
  code: concept('fp-measure-type', type),
  for: subject,
  basedOn: [{ reference: 'CarePlan/plan' }],
  ...about,
});

export const tasks: Task[] = [
  measure('task-later', 'Gåtrening ute to ganger i uka', 'trening', {
    focus: { reference: 'Goal/goal-walk' },
    owner: { reference: 'PractitionerRole/mona-role' },
    restriction: { period: { end: daysFromNow(40) } },
    businessStatus: { text: 'Tredje uke av åtte' },
  }),
  measure('task-overdue', 'Strukturert oppfølging etter hjemkomst', 'oppfolging-hjemme', {
    code: { coding: [...concept('fp-measure-type', 'oppfolging-hjemme').coding, ...concept('fp-hph-step', 'HPH2').coding] },
    focus: { reference: 'Goal/goal-home' },
    owner: { reference: 'PractitionerRole/kari-role' },
    status: 'accepted',
    restriction: { period: { end: daysFromNow(-3) } },
  }),
  measure('task-soon', 'Trygghetsalarm monteres', 'hjelpemiddel', {
    focus: { reference: 'Goal/goal-home' },
    owner: { reference: 'Organization/solvik' },
    status: 'requested',
    restriction: { period: { end: daysFromNow(5) } },
  }),
  measure('task-done', 'Legemiddelgjennomgang', 'legemidler', {
    focus: { reference: 'Goal/goal-done' },
    owner: { reference: 'PractitionerRole/ola-role' },
    status: 'completed',
    restriction: { period: { end: daysFromNow(-20) } },
  }),
];

const direction = {
  code: concept('fp-score', 'psfs-direction'),
  valueCodeableConcept: concept('fp-psfs-direction', '0-cannot-10-without-difficulty'),
};
const ACTIVITIES = ['Gå til butikken', 'Gå i trapp', 'Lage middag'] as const;

/** One conversation: a score for each activity and the panel. */
export function conversation(number: number, date: string, scores: readonly number[], previousMean?: number): Observation[] {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const change = previousMean === undefined ? undefined : mean - previousMean;
  const shared = { status: 'final', subject, effectiveDateTime: date } as const;
  const activities: Observation[] = scores.map((score, position) => ({
    resourceType: 'Observation',
    id: `psfs-${number}-${position}`,
    ...shared,
    code: concept('fp-score', 'psfs-activity', ACTIVITIES[position] ?? ''),
    valueInteger: score,
    component: [direction],
  }));
  const kind = change === undefined ? undefined : change >= 2 ? 'clear-improvement' : change <= -2 ? 'clear-worsening' : 'no-clear-change';
  const panel: Observation = {
    resourceType: 'Observation',
    id: `psfs-${number}`,
    ...shared,
    code: concept('fp-score', 'psfs-panel'),
    hasMember: activities.map((activity) => ({ reference: `Observation/${activity.id}` })),
    valueQuantity: { value: mean },
    component: [
      { code: concept('fp-score', 'psfs-conversation'), valueInteger: number },
      ...(change === undefined ? [] : [{ code: concept('fp-score', 'psfs-change'), valueQuantity: { value: change } }]),
      direction,
    ],
    ...(kind ? { interpretation: [concept('fp-psfs-change', kind)] } : {}),
  };
  return [...activities, panel];
}

const cfs = (id: string, level: number, date: string): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject,
  effectiveDateTime: date,
  code: { coding: [{ system: 'http://snomed.info/sct', code: '763264000' }] },
  valueQuantity: { value: level },
  component: [{ code: concept('fp-score', 'cfs-level'), valueCodeableConcept: concept('fp-cfs-level', String(level)) }],
  performer: [{ reference: 'PractitionerRole/mona-role' }],
});

const words = (id: string, text: string, date: string, performer: string): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject,
  language: 'nb',
  code: concept('fp-observation', 'what-matters'),
  valueString: text,
  effectiveDateTime: date,
  performer: [{ reference: performer }],
});

const observations: Observation[] = [
  words('words-old', 'Å komme hjem fra sykehuset.', '2026-08-03', 'RelatedPerson/datter'),
  words(
    'words-new',
    'At jeg kan bo hjemme i mitt eget hus, gå til butikken selv og treffe venninnene mine på kafeen hver torsdag.',
    '2026-08-25',
    'Patient/shared-patient',
  ),
  ...conversation(1, '2026-08-25', [2, 3, 5]),
  ...conversation(2, '2026-09-22', [4, 3, 4], 10 / 3),
  ...conversation(3, '2026-10-20', [6, 5, 7], 11 / 3),
  ...conversation(4, '2026-11-17', [7, 6, 7], 6),
  cfs('cfs-1', 6, '2026-08-10'),
  cfs('cfs-2', 5, '2026-11-03'),
];

export const plan: CarePlan = {
  resourceType: 'CarePlan',
  id: 'plan',
  meta,
  status: 'active',
  intent: 'plan',
  title: 'Individuell plan for Ingrid',
  category: [concept('fp-plan-type', 'individuell-plan')],
  subject,
  period: { start: '2026-08-20', end: '2027-08-19' },
  author: { reference: 'PractitionerRole/kari-role' },
  careTeam: [{ reference: 'CareTeam/team' }],
  goal: goals.map((goal) => ({ reference: `Goal/${goal.id}` })),
  activity: tasks.map((task) => ({ reference: { reference: `Task/${task.id}` } })),
  extension: [
    { url: `${BASE}/StructureDefinition/fp-next-review`, valueDate: daysFromNow(-12) },
    { url: `${BASE}/StructureDefinition/fp-custodian`, valueReference: { reference: 'Organization/solvik' } },
  ],
};

export const consent = (purpose: 'plan' | 'innsyn', status: 'active' | 'inactive'): Consent =>
  ({
    resourceType: 'Consent',
    id: `consent-${purpose}-${status}`,
    status,
    patient: subject,
    scope: { text: 'patient-privacy' },
    category: [concept('fp-consent-purpose', purpose)],
  }) as Consent;

export const needReport: ServiceRequest = {
  resourceType: 'ServiceRequest',
  id: 'need',
  status: 'active',
  intent: 'order',
  subject,
  code: concept('fp-need-type', 'koordinator'),
  authoredOn: '2026-11-10',
  performer: [{ reference: 'Organization/solvik' }],
};

/** Everything above as the shared service's content. */
export const wholePlan: Resource[] = [
  patient,
  ...people,
  team,
  ...goals,
  ...tasks,
  ...observations,
  plan,
  consent('plan', 'active'),
  consent('innsyn', 'active'),
];

/** Another person with a plan of their own: what must never show in the first one's window. */
export const otherPatient: Patient = {
  resourceType: 'Patient',
  id: 'shared-other',
  identifier: [{ system: NATIONAL_ID, value: '03897712345' }],
  name: [{ family: 'Vik', given: ['Arne'] }],
};

export const otherPlan: CarePlan = {
  resourceType: 'CarePlan',
  id: 'other-plan',
  status: 'active',
  intent: 'plan',
  title: 'Oppfølgingsplan for Arne',
  category: [concept('fp-plan-type', 'oppfolgingsplan')],
  subject: { reference: 'Patient/shared-other' },
};

export const otherConsent: Consent = {
  ...consent('innsyn', 'active'),
  id: 'other-consent',
  patient: { reference: 'Patient/shared-other' },
};
