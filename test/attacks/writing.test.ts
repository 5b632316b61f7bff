/**
 * Attacks that write what is another's: into a record, across records, into what decides who sees what, and into what
 * the service alone writes. After all of them the store holds what it held, but for the log.
 *
 * Spec: https://hl7.org/fhir/R4/security.html · profiles/README.md
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ref } from '../auth/access-rule/record-parts.ts';
import { type Attack, areRefusedAndLogged, attack } from './attack.ts';
import { snapshotOf } from './snapshot.ts';
import { openStronghold, STORES, type Stronghold, WHO } from './stronghold.ts';

type Who = keyof typeof WHO;
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };
const MATCH = { 'If-Match': 'W/"1"' };
const NAMES: Readonly<Partial<Record<Who, string>>> = {
  outsider: 'Practitioner/stranger',
  'system of another hospital': 'other-system',
  'another patient': 'Patient/own',
  nurse: 'Practitioner/nurse',
};
const ORGANIZATION_NUMBER = 'urn:oid:2.16.578.1.12.4.1.4.101';

function row(
  words: string,
  who: Who,
  refused: string,
  logged: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Attack {
  const line = `${refused.startsWith('403') || refused.startsWith('404') ? '8' : '4'} ${NAMES[who]} ${logged}`;
  return attack(`${words}, by ${who}`, refused, line, async (place) => (await place.as(WHO[who]))(method, path, body, headers));
}
const byAll = (make: (who: Who) => Attack): readonly Attack[] =>
  (['outsider', 'system of another hospital', 'another patient'] as const).map(make);

const goal = (patient: string, more: object = {}) => ({
  resourceType: 'Goal',
  lifecycleStatus: 'active',
  description: { text: 'x' },
  subject: ref(`Patient/${patient}`),
  ...more,
});
const observation = (patient: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: ref(`Patient/${patient}`),
  ...more,
});
const plan = (patient: string, more: object = {}) => ({
  resourceType: 'CarePlan',
  id: `${patient}-plan`,
  status: 'active',
  intent: 'plan',
  subject: ref(`Patient/${patient}`),
  ...more,
});
const task = (more: object = {}) => ({
  resourceType: 'Task',
  status: 'accepted',
  intent: 'order',
  for: ref('Patient/ida'),
  owner: ref('PractitionerRole/stranger-role'),
  ...more,
});
const team = (more: object = {}) => ({
  resourceType: 'CareTeam',
  status: 'active',
  subject: ref('Patient/ida'),
  participant: [{ member: ref('PractitionerRole/stranger-role') }],
  ...more,
});
const consent = (more: object = {}) => ({
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  category: [{ text: 'x' }],
  patient: ref('Patient/ida'),
  policyRule: { text: 'x' },
  provision: { type: 'permit' },
  ...more,
});
const bundle = (type: string, ...entry: readonly object[]) => ({ resourceType: 'Bundle', type, entry });
const posted = (url: string, resource: object, more: object = {}) => ({ resource, request: { method: 'POST', url, ...more } });
const patch = (path: string, value: unknown) => JSON.stringify([{ op: 'replace', path, value }]);

const INTO_A_RECORD: readonly Attack[] = [
  ...byAll((who) =>
    row('a goal into the record of another', who, '403 forbidden', 'create 403 forbidden Patient/ida', 'POST', 'Goal', goal('ida')),
  ),
  ...byAll((who) =>
    row(
      'a score into the record of another',
      who,
      '403 forbidden',
      'create 403 forbidden Patient/ida',
      'POST',
      'Observation',
      observation('ida'),
    ),
  ),
  ...byAll((who) =>
    row('a plan overwritten', who, '404 not-found', 'update 404 not-found Patient/ida', 'PUT', 'CarePlan/ida-plan', plan('ida'), MATCH),
  ),
  ...byAll((who) =>
    row(
      'a plan taken over by making it of one’s own patient',
      who,
      '404 not-found',
      'update 404 not-found Patient/ida',
      'PUT',
      'CarePlan/ida-plan',
      plan('own', { id: 'ida-plan' }),
      MATCH,
    ),
  ),
  ...byAll((who) =>
    row(
      'a plan patched',
      who,
      '404 not-found',
      'patch 404 not-found Patient/ida',
      'PATCH',
      'CarePlan/ida-plan',
      patch('/status', 'revoked'),
      { ...JSON_PATCH, ...MATCH },
    ),
  ),
  ...byAll((who) =>
    row(
      'a plan patched blindly',
      who,
      '404 not-found',
      'patch 404 not-found Patient/ida',
      'PATCH',
      'CarePlan/ida-plan',
      patch('/status', 'revoked'),
      { ...JSON_PATCH, 'If-Match': '*' },
    ),
  ),
  ...byAll((who) =>
    row('a plan deleted', who, '404 not-found', 'delete 404 not-found Patient/ida', 'DELETE', 'CarePlan/ida-plan', undefined, MATCH),
  ),
  ...byAll((who) =>
    row(
      'tags put on a plan',
      who,
      '404 not-found',
      '$meta-add 404 not-found Patient/ida',
      'POST',
      'CarePlan/ida-plan/$meta-add',
      { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: { tag: [{ code: 'x' }] } }] },
      MATCH,
    ),
  ),
  ...byAll((who) =>
    row(
      'security labels taken off a plan',
      who,
      '404 not-found',
      '$meta-delete 404 not-found Patient/ida',
      'POST',
      'CarePlan/ida-plan/$meta-delete',
      { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: { security: [{ code: 'R' }] } }] },
      MATCH,
    ),
  ),
];

const ACROSS_RECORDS: readonly Attack[] = [
  row(
    'a goal moved to another patient',
    'nurse',
    '403 forbidden',
    'update 403 forbidden',
    'PUT',
    'Goal/ida-goal',
    goal('nobody', { id: 'ida-goal' }),
    MATCH,
  ),
  row(
    'a goal moved by a patch',
    'nurse',
    '403 forbidden',
    'patch 403 forbidden Patient/ida',
    'PATCH',
    'Goal/ida-goal',
    patch('/subject/reference', 'Patient/nobody'),
    { ...JSON_PATCH, ...MATCH },
  ),
  row(
    'a goal whose patient is left out',
    'nurse',
    '403 forbidden',
    'update 403 forbidden',
    'PUT',
    'Goal/ida-goal',
    { ...goal('x', { id: 'ida-goal' }), subject: { display: 'Ida' } },
    MATCH,
  ),
  row(
    'a goal whose patient is on another server',
    'nurse',
    '403 forbidden',
    'update 403 forbidden',
    'PUT',
    'Goal/ida-goal',
    goal('x', { id: 'ida-goal', subject: ref('https://evil.example/fhir/Patient/ida') }),
    MATCH,
  ),
  row(
    'a score of one’s own patient about another',
    'outsider',
    '403 forbidden',
    'create 403 forbidden',
    'POST',
    'Observation',
    observation('ida', { focus: [ref('Patient/own')] }),
  ),
  row(
    'the patient of the token and another beside',
    'another patient',
    '403 forbidden',
    'create 403 forbidden',
    'POST',
    'Goal',
    goal('ida', { expressedBy: ref('Patient/own') }),
  ),
];

const BECOMING_ONE_OF_THEM: readonly Attack[] = [
  ...byAll((who) => row('a team with oneself in it', who, '403 forbidden', 'create 403 forbidden Patient/ida', 'POST', 'CareTeam', team())),
  ...byAll((who) =>
    row(
      'oneself put into the team',
      who,
      '404 not-found',
      'update 404 not-found Patient/ida',
      'PUT',
      'CareTeam/ida-team',
      team({ id: 'ida-team' }),
      MATCH,
    ),
  ),
  ...byAll((who) =>
    row('a task accepted that nobody asked for', who, '403 forbidden', 'create 403 forbidden Patient/ida', 'POST', 'Task', task()),
  ),
  ...byAll((who) =>
    row(
      'a task of another taken over',
      who,
      '404 not-found',
      'update 404 not-found Patient/ida',
      'PUT',
      'Task/ida-task',
      task({ id: 'ida-task' }),
      MATCH,
    ),
  ),
  ...byAll((who) =>
    row('a consent in the name of another', who, '403 forbidden', 'create 403 forbidden Patient/ida', 'POST', 'Consent', consent()),
  ),
  ...byAll((who) =>
    row(
      'a consent of another changed',
      who,
      '404 not-found',
      'update 404 not-found Patient/ida',
      'PUT',
      'Consent/ida-innsyn',
      consent({ id: 'ida-innsyn' }),
      MATCH,
    ),
  ),
  ...byAll((who) =>
    row('a need reported to oneself', who, '403 forbidden', 'create 403 forbidden Patient/ida', 'POST', 'ServiceRequest', {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'proposal',
      subject: ref('Patient/ida'),
      performer: [ref('Organization/other-hospital')],
    }),
  ),
  ...byAll((who) =>
    row('oneself as a relative', who, '403 forbidden', 'create 403 forbidden Patient/ida', 'POST', 'RelatedPerson', {
      resourceType: 'RelatedPerson',
      patient: ref('Patient/ida'),
    }),
  ),
  ...byAll((who) =>
    row('a group of others to be exported', who, '403 forbidden', 'create 403 forbidden', 'POST', 'Group', {
      resourceType: 'Group',
      type: 'person',
      actual: true,
      member: [{ entity: ref('Patient/ida') }],
    }),
  ),
  ...byAll((who) =>
    row('a list of what is another’s', who, '403 forbidden', 'create 403 forbidden', 'POST', 'List', {
      resourceType: 'List',
      status: 'current',
      mode: 'working',
      entry: [{ item: ref('CarePlan/ida-plan') }],
    }),
  ),
  ...byAll((who) =>
    row('the role that a team names', who, '403 forbidden', 'update 403 forbidden', 'PUT', 'PractitionerRole/nurse-role', {
      resourceType: 'PractitionerRole',
      id: 'nurse-role',
      practitioner: ref('Practitioner/stranger'),
      organization: ref('Organization/other-hospital'),
    }),
  ),
  ...byAll((who) =>
    row('a role in an organisation of the team', who, '403 forbidden', 'create 403 forbidden', 'POST', 'PractitionerRole', {
      resourceType: 'PractitionerRole',
      practitioner: ref('Practitioner/stranger'),
      organization: ref('Organization/home-care'),
    }),
  ),
  ...byAll((who) =>
    row('an organisation of the team put under one’s own', who, '403 forbidden', 'update 403 forbidden', 'PUT', 'Organization/home-care', {
      resourceType: 'Organization',
      id: 'home-care',
      name: 'x',
      identifier: [{ system: ORGANIZATION_NUMBER, value: '100000002' }],
      partOf: ref('Organization/other-hospital'),
    }),
  ),
  ...byAll((who) =>
    row(
      'one’s own organisation put under that of the plan',
      who,
      '403 forbidden',
      'update 403 forbidden',
      'PUT',
      'Organization/other-hospital',
      {
        resourceType: 'Organization',
        id: 'other-hospital',
        name: 'x',
        identifier: [{ system: ORGANIZATION_NUMBER, value: '300000001' }],
        partOf: ref('Organization/home-care'),
      },
    ),
  ),
  ...byAll((who) =>
    row(
      'the number of another organisation on one’s own',
      who,
      '403 forbidden',
      'update 403 forbidden',
      'PUT',
      'Organization/other-hospital',
      { resourceType: 'Organization', id: 'other-hospital', name: 'x', identifier: [{ system: ORGANIZATION_NUMBER, value: '100000002' }] },
    ),
  ),
  ...byAll((who) =>
    row('a second organisation of the same number', who, '403 forbidden', 'create 403 forbidden', 'POST', 'Organization', {
      resourceType: 'Organization',
      name: 'x',
      identifier: [{ system: ORGANIZATION_NUMBER, value: '100000002' }],
    }),
  ),
  ...byAll((who) =>
    row('one’s own HPR number on the nurse of the team', who, '403 forbidden', 'update 403 forbidden', 'PUT', 'Practitioner/nurse', {
      resourceType: 'Practitioner',
      id: 'nurse',
      identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.4', value: '999099999' }],
    }),
  ),
  row(
    'the role of the coordinator, by a colleague',
    'nurse',
    '403 forbidden',
    'update 403 forbidden',
    'PUT',
    'PractitionerRole/coordinator-role',
    {
      resourceType: 'PractitionerRole',
      id: 'coordinator-role',
      practitioner: ref('Practitioner/nurse'),
      organization: ref('Organization/home-care'),
    },
  ),
  row(
    'the part of the coordinator in the team',
    'nurse',
    '403 forbidden',
    'update 403 forbidden Patient/ida',
    'PUT',
    'CareTeam/ida-team',
    team({ id: 'ida-team' }),
    MATCH,
  ),
  row(
    'the header of the plan',
    'nurse',
    '403 forbidden',
    'update 403 forbidden Patient/ida',
    'PUT',
    'CarePlan/ida-plan',
    plan('ida', { title: 'Ny' }),
    MATCH,
  ),
  row(
    'the consent of the patient',
    'nurse',
    '403 forbidden',
    'update 403 forbidden Patient/ida',
    'PUT',
    'Consent/ida-innsyn',
    consent({ id: 'ida-innsyn' }),
    MATCH,
  ),
];

const OF_THE_SERVICE: readonly Attack[] = [
  ...byAll((who) =>
    row('an entry of the access log forged', who, '403 forbidden', '403 forbidden', 'POST', 'AuditEvent', {
      resourceType: 'AuditEvent',
      outcome: '0',
    }),
  ).map(anyWord),
  ...byAll((who) =>
    row('an entry of the access log changed', who, '403 forbidden', '403 forbidden', 'PUT', 'AuditEvent/x', {
      resourceType: 'AuditEvent',
      id: 'x',
    }),
  ).map(anyWord),
  ...byAll((who) => row('the access log deleted', who, '403 forbidden', '403 forbidden', 'DELETE', 'AuditEvent?date=gt2000')).map(anyWord),
  ...byAll((who) =>
    row('who changed a plan, forged', who, '403 forbidden', 'create 403 forbidden', 'POST', 'Provenance', {
      resourceType: 'Provenance',
      target: [ref('CarePlan/ida-plan')],
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ who: ref('Practitioner/coordinator') }],
    }),
  ),
  ...byAll((who) =>
    row('a subscription to everything, sent within', who, '403 forbidden', 'create 403 forbidden', 'POST', 'Subscription', {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'x',
      criteria: 'CarePlan?',
      channel: { type: 'rest-hook', endpoint: 'http://169.254.169.254/' },
    }),
  ),
];

const SMUGGLED: readonly Attack[] = [
  ...byAll((who) =>
    row(
      'a write of another’s among one’s own',
      who,
      '403 forbidden',
      'transaction 403 forbidden Patient/ida',
      'POST',
      '',
      bundle('transaction', posted('Goal', goal('own')), posted('Goal', goal('ida'))),
    ),
  ).filter(({ attack: words }) => !words.endsWith('by another patient')),
  ...byAll((who) =>
    row(
      'a read of another’s in a transaction',
      who,
      '404 not-found',
      'transaction 404 not-found Patient/ida',
      'POST',
      '',
      bundle('transaction', { request: { method: 'GET', url: 'CarePlan/ida-plan' } }),
    ),
  ),
  ...byAll((who) =>
    row(
      'a person made anew under the id of another',
      who,
      '404 not-found',
      'transaction 404 not-found Patient/ida',
      'POST',
      '',
      bundle('transaction', { resource: { resourceType: 'Patient', id: 'ida' }, request: { method: 'PUT', url: 'Patient/ida' } }),
    ),
  ),
  ...byAll((who) =>
    row(
      'a link to whom a condition finds',
      who,
      '400 not-found',
      'transaction 400 not-found',
      'POST',
      '',
      bundle('transaction', posted('Goal', goal('own', { expressedBy: ref('Patient?birthdate=1950-01-01') }))),
    ),
  ).filter(({ attack: words }) => !words.endsWith('by another patient')),
  row(
    'the path of a write in its fullUrl',
    'outsider',
    '403 forbidden',
    'transaction 403 forbidden',
    'POST',
    '',
    bundle('transaction', {
      fullUrl: 'urn:uuid:0f6c1d52-51a2-4b9c-9a3e-6a4e5b1c2d01',
      resource: goal('ida'),
      request: { method: 'POST', url: 'Goal' },
    }),
  ),
  row(
    'a Bundle in a Bundle',
    'outsider',
    '400 invalid',
    'transaction 400 invalid',
    'POST',
    '',
    bundle('transaction', posted('/', bundle('transaction', posted('Goal', goal('ida'))))),
  ),
  row(
    'the URL of another server in an entry',
    'outsider',
    '400 value',
    'transaction 400 value',
    'POST',
    '',
    bundle('transaction', { request: { method: 'GET', url: 'http://169.254.169.254/latest' } }),
  ),
  row(
    'another method than the request has, by a header',
    'outsider',
    '405 not-supported',
    'unknown 405 not-supported',
    'POST',
    'CarePlan/ida-plan',
    plan('ida'),
    { 'X-HTTP-Method-Override': 'PUT', 'X-Method-Override': 'PUT', 'X-HTTP-Method': 'PUT' },
  ),
  row(
    'another method by a parameter',
    'outsider',
    '400 not-supported',
    'read 400 not-supported',
    'GET',
    'CarePlan/ida-plan?_method=DELETE',
  ),
];

/** What is refused before it is looked at stands in the log under no interaction. */
function anyWord(of: Attack): Attack {
  return { ...of, logged: of.logged.replace(/ 403 forbidden$/, ' ') };
}

describe.each(STORES)('writing what is another’s on %s:', (store) => {
  let place: Stronghold;
  let before: string;
  beforeAll(async () => {
    place = await openStronghold(store);
    before = await snapshotOf(place.database.resources);
  });
  afterAll(() => place.close());

  areRefusedAndLogged(INTO_A_RECORD, () => place);
  areRefusedAndLogged(ACROSS_RECORDS, () => place);
  areRefusedAndLogged(BECOMING_ONE_OF_THEM, () => place);
  areRefusedAndLogged(OF_THE_SERVICE, () => place);
  areRefusedAndLogged(SMUGGLED, () => place);

  it('after all of it the store holds what it held', async () => {
    expect(await snapshotOf(place.database.resources)).toBe(before);
  });

  it('a system keeps the roles and the units of its own organisation, as far as they decide nothing for others', async () => {
    const system = await place.as(WHO['system of another hospital']);
    const role = {
      resourceType: 'PractitionerRole',
      practitioner: ref('Practitioner/new-one'),
      organization: ref('Organization/other-hospital'),
    };
    expect((await system('POST', 'Practitioner', { resourceType: 'Practitioner', name: [{ family: 'Ny' }] })).status).toBe(201);
    expect((await system('POST', 'PractitionerRole', role)).status).toBe(201);
    const own = (await system('GET', 'Organization/other-hospital')).body;
    expect((await system('PUT', 'Organization/other-hospital', { ...own, name: 'Nytt navn' })).status).toBe(200);
  });

  it('of many who write the same version at the same moment, one gets through', async () => {
    const nurse = await place.as(WHO.nurse);
    const writes = [1, 2, 3, 4, 5, 6, 7, 8].map((at) =>
      nurse('PUT', 'Goal/ida-goal', goal('ida', { id: 'ida-goal', description: { text: String(at) } }), MATCH),
    );
    expect((await Promise.all(writes)).map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
  });
});
