/**
 * A municipal system at work: it writes a person's whole plan in one transaction, with a client and a token of its own.
 */
import { Client } from 'fhir-kit-client';
import type { Resource } from '../../server/fhir/resource.ts';
import type { DemoProcess } from './demo-process.ts';

const BASE = 'https://fellesplan.example/fhir';
const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const UCUM = 'http://unitsofmeasure.org';

/** A person whom only the municipality knows until the plan is written. The number is synthetic (month + 80). */
export const MUNICIPAL_PERSON = {
  name: 'Ragna Testvik',
  number: '01810000771',
  words: 'Jeg vil klare trappen og komme meg på kafé med søsteren min.',
  goals: ['Gå trappen alene', 'Være ute blant folk hver uke', 'Sove hele natten'],
  measures: [
    'Trening med fysioterapeut to ganger i uken',
    'Følge til kafé på torsdager',
    'Gjennomgang av legemidler',
    'Rekkverk på begge sider',
  ],
  activities: ['Gå i trapp', 'Gå til kafeen'],
  coordinator: 'Hanne Vikestad',
} as const;

/** Writes the plan and gives the status of each entry. */
export async function municipalPlanBundle(demo: DemoProcess): Promise<{ statuses: readonly string[] }> {
  const client = new Client({ baseUrl: `${demo.url}/fhir`, bearerToken: await demo.token('municipality-system') });
  const coordinator = await roleOf(client, MUNICIPAL_PERSON.coordinator);
  const answer = (await client.transaction({ body: bundle(coordinator) as never })) as unknown as {
    entry: { response: { status: string } }[];
  };
  return { statuses: answer.entry.map(({ response }) => response.status) };
}

/** The same person in the record of an EHR, under an id of that EHR. */
export async function personInRecord(demo: DemoProcess, ehr: 'hospital' | 'municipality'): Promise<void> {
  const { fetchClientToken } = await import('../../server/auth/client-token.ts');
  const { demoClientKey } = await import('../../server/auth/demo-clients.ts');
  const { accessToken } = await fetchClientToken({
    tokenUrl: `${demo.url}/ehr/${ehr}/auth/token`,
    clientId: 'admin-system',
    privateKey: await demoClientKey(demo.dataDir, 'admin-system'),
    scope: 'system/*.cruds',
  });
  const client = new Client({ baseUrl: `${demo.url}/ehr/${ehr}/fhir`, bearerToken: accessToken });
  await client.create({ resourceType: 'Patient', body: patient() as never });
}

async function roleOf(client: Client, name: string): Promise<string> {
  const [given = '', family = ''] = name.split(' ');
  const found = (await client.search({
    resourceType: 'PractitionerRole',
    searchParams: { 'practitioner:Practitioner.family': family, 'practitioner:Practitioner.given': given },
  })) as unknown as { entry?: { resource: { id: string } }[] };
  const id = found.entry?.[0]?.resource.id;
  if (id === undefined) throw new Error(`${name} is not in the directory`);
  return `PractitionerRole/${id}`;
}

function patient(): Resource {
  const [given, family] = MUNICIPAL_PERSON.name.split(' ');
  return {
    resourceType: 'Patient',
    identifier: [{ system: FNR, value: MUNICIPAL_PERSON.number }],
    name: [{ use: 'official', given: [given], family }],
    gender: 'female',
    birthDate: '1951-01-01',
  };
}

const concept = (system: string, code: string, text?: string) => ({
  coding: [{ system: `${BASE}/CodeSystem/${system}`, code }],
  ...(text === undefined ? {} : { text }),
});
const survey = [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'survey' }] }];
const urn = (name: string) => `urn:uuid:3c1e8f0a-0000-4000-8000-${Buffer.from(name.padEnd(6).slice(0, 6)).toString('hex')}`;
const ref = (name: string) => ({ reference: urn(name) });

function bundle(coordinator: string): Resource {
  const today = new Date().toISOString().slice(0, 10);
  const person = ref('person');
  const goals = MUNICIPAL_PERSON.goals.map((text, n) => ({
    name: `goal${n}`,
    resource: {
      resourceType: 'Goal',
      lifecycleStatus: 'active',
      description: { text },
      subject: person,
      expressedBy: person,
      startDate: today,
      addresses: [ref('words')],
    },
  }));
  const tasks = MUNICIPAL_PERSON.measures.map((description, n) => ({
    name: `task${n}`,
    resource: {
      resourceType: 'Task',
      status: 'in-progress',
      intent: 'order',
      code: concept('fp-measure-type', 'trening'),
      description,
      for: person,
      owner: { reference: coordinator },
      focus: ref(`goal${n % 3}`),
      basedOn: [ref('plan')],
    },
  }));
  const scores = MUNICIPAL_PERSON.activities.map((text, n) => ({
    name: `score${n}`,
    resource: { ...observation(today), code: concept('fp-score', 'psfs-activity', text), valueInteger: 3 + n, focus: [ref(`goal${n}`)] },
  }));
  const panel = {
    ...observation(today),
    code: concept('fp-score', 'psfs-panel'),
    hasMember: scores.map(({ name }) => ref(name)),
    valueQuantity: { value: 3.5, system: UCUM, code: '{score}' },
    component: [direction(), { code: concept('fp-score', 'psfs-conversation'), valueInteger: 1 }],
  };
  const words = {
    resourceType: 'Observation',
    status: 'final',
    code: concept('fp-observation', 'what-matters'),
    subject: person,
    performer: [person],
    effectiveDateTime: today,
    valueString: MUNICIPAL_PERSON.words,
  };
  const entries = [
    { name: 'person', resource: patient() },
    { name: 'words', resource: words },
    { name: 'yes', resource: consent('plan', today) },
    { name: 'see', resource: consent('innsyn', today) },
    { name: 'team', resource: team(coordinator, today) },
    ...goals,
    ...tasks,
    { name: 'plan', resource: plan(coordinator, today) },
    { name: 'answer', resource: response(today) },
    ...scores,
    { name: 'panel', resource: panel },
  ];
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: entries.map(({ name, resource }) => ({
      fullUrl: urn(name),
      resource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  };
}

function observation(today: string) {
  return {
    resourceType: 'Observation',
    status: 'final',
    category: survey,
    subject: ref('person'),
    performer: [ref('person')],
    effectiveDateTime: today,
    derivedFrom: [ref('answer')],
    component: [direction()],
  };
}

function direction() {
  return {
    code: concept('fp-score', 'psfs-direction'),
    valueCodeableConcept: concept('fp-psfs-direction', '0-cannot-10-without-difficulty'),
  };
}

function team(coordinator: string, today: string) {
  return {
    resourceType: 'CareTeam',
    status: 'active',
    name: `Oppfølgingsteam for ${MUNICIPAL_PERSON.name}`,
    subject: ref('person'),
    participant: [
      { role: [concept('fp-team-role', 'koordinator')], member: { reference: coordinator }, period: { start: today } },
      { role: [concept('fp-team-role', 'pasient')], member: ref('person') },
    ],
  };
}

/** The person's consent: that there is a plan, or that those of the team may see it. */
function consent(purpose: 'plan' | 'innsyn', today: string) {
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    category: [concept('fp-consent-purpose', purpose)],
    patient: ref('person'),
    dateTime: today,
    performer: [ref('person')],
    policyRule: { text: 'Pasient- og brukerrettighetsloven § 2-5' },
    provision: { type: 'permit', period: { start: today } },
  };
}

function plan(coordinator: string, today: string) {
  return {
    resourceType: 'CarePlan',
    status: 'active',
    intent: 'plan',
    title: 'Individuell plan',
    category: [concept('fp-plan-type', 'individuell-plan'), { coding: [{ system: 'http://snomed.info/sct', code: '734163000' }] }],
    subject: ref('person'),
    period: { start: today },
    author: { reference: coordinator },
    careTeam: [ref('team')],
    goal: [0, 1, 2].map((n) => ref(`goal${n}`)),
    activity: [0, 1, 2, 3].map((n) => ({ reference: ref(`task${n}`) })),
    supportingInfo: [ref('words'), ref('panel')],
  };
}

function response(today: string) {
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: `${BASE}/Questionnaire/fp-psfs`,
    subject: ref('person'),
    authored: today,
    item: [
      { linkId: 'date', answer: [{ valueDate: today }] },
      { linkId: 'conversation', answer: [{ valueInteger: 1 }] },
      { linkId: 'direction', answer: [{ valueCoding: concept('fp-psfs-direction', '0-cannot-10-without-difficulty').coding[0] }] },
      ...MUNICIPAL_PERSON.activities.map((text, n) => ({
        linkId: 'activity',
        item: [
          { linkId: 'activity.name', answer: [{ valueString: text }] },
          { linkId: 'activity.score', answer: [{ valueInteger: 3 + n }] },
        ],
      })),
    ],
  };
}
