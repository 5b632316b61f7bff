import { expect, it } from 'vitest';
import { createScopeAccess } from '../../../server/auth/access.ts';
import { createPlanAccess } from '../../../server/auth/access-rule/plan-access.ts';
import type { MAY_WRITE } from '../../../server/auth/access-rule/write-rule.ts';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { bearer, startTestServer } from '../../support/test-server.ts';
import { CONSENTS, fill, IN_AN_EMERGENCY, NOW_MS, PEOPLE } from './people.ts';

const BASE = 'https://fellesplan.example/fhir/CodeSystem';
const ida = { reference: 'Patient/ida' };
const other = { reference: 'PractitionerRole/gp-role' };
const words = { coding: [{ system: `${BASE}/fp-observation`, code: 'what-matters' }] };

/** Each row of the policy as a resource; `own` stands for the reference of whoever writes. */
const THINGS: Readonly<Record<keyof typeof MAY_WRITE, (own: { reference: string }) => Resource>> = {
  'care team': () => ({ resourceType: 'CareTeam', status: 'proposed', subject: ida }),
  plan: () => ({ resourceType: 'CarePlan', status: 'draft', intent: 'plan', subject: ida }),
  "plan's lists": () => ({ resourceType: 'CarePlan', status: 'draft', intent: 'plan', subject: ida }),
  'own task': (own) => ({ resourceType: 'Task', status: 'in-progress', intent: 'order', for: ida, owner: own }),
  'asked task': () => ({ resourceType: 'Task', status: 'requested', intent: 'order', for: ida, owner: other }),
  task: () => ({ resourceType: 'Task', status: 'in-progress', intent: 'order', for: ida, owner: other }),
  score: () => ({ resourceType: 'Observation', status: 'final', code: { text: 'PSFS' }, subject: ida, valueInteger: 4 }),
  'own words': (own) => ({ resourceType: 'Observation', status: 'final', code: words, subject: ida, performer: [own], valueString: 'x' }),
  words: () => ({ resourceType: 'Observation', status: 'final', code: words, subject: ida, performer: [other], valueString: 'x' }),
  'own goal': (own) => ({ resourceType: 'Goal', lifecycleStatus: 'active', description: { text: 'x' }, subject: ida, expressedBy: own }),
  goal: () => ({ resourceType: 'Goal', lifecycleStatus: 'active', description: { text: 'x' }, subject: ida, expressedBy: other }),
  consent: () => ({ resourceType: 'Consent', status: 'proposed', patient: ida }),
  block: () => ({
    resourceType: 'Consent',
    status: 'active',
    patient: ida,
    provision: { type: 'permit', provision: [{ type: 'deny', actor: [{ reference: { reference: 'RelatedPerson/father' } }] }] },
  }),
  person: () => ({ resourceType: 'RelatedPerson', patient: ida }),
  need: () => ({ resourceType: 'ServiceRequest', status: 'active', intent: 'proposal', subject: ida }),
  other: () => ({ resourceType: 'Communication', status: 'completed', subject: ida }),
};

/** Who writes, and how they are named. */
const WRITERS = {
  coordinator: ['coordinator', 'PractitionerRole/coordinator-role'],
  unit: ['coordinating unit in the team', 'PractitionerRole/unit-role'],
  member: ['team nurse', 'PractitionerRole/nurse-role'],
  owner: ['owner outside the team', 'PractitionerRole/helper-role'],
  patient: ['patient', 'Patient/ida'],
  parent: ['co-mother of a child of 11', 'RelatedPerson/co-mother'],
  relative: ['mother', 'RelatedPerson/mother'],
  reported: ['whom a referral went to', 'PractitionerRole/referred-role'],
  duty: ['coordinating unit', 'PractitionerRole/ke-role'],
  glass: ['breaking the glass', 'PractitionerRole/stranger-role'],
} as const;

/**
 * Expected: create, update, delete of each thing by each writer. + done, - refused by the rule, . not there for the writer.
 * An outsider gets nothing at all (over-http.test.ts).
 */
const COLUMNS = Object.keys(WRITERS) as (keyof typeof WRITERS)[];
const EXPECTED: Readonly<Record<keyof typeof MAY_WRITE, string>> = {
  //             coordinator unit member owner patient parent relative reported duty glass
  'care team': '   +++ +++ --- --- --- --- --- ... +.. ---',
  plan: '          +++ +++ --- --- --- --- --- ... +.. ---',
  "plan's lists": '.+. .+. .+. .-. .+. .-. .-. ... ... .-.',
  'own task': '    +++ +++ ++- -+- -+- -+- -+- .+- .+- ---',
  'asked task': '  +++ +++ +-- --- --- --- --- ... ... ---',
  task: '          +++ +++ --- --- --- --- --- ... ... ---',
  score: '         +++ +++ +-- --- --- --- --- ... ... ---',
  'own words': '   +++ +++ +-- --- ++- ++- ++- ... ... ---',
  words: '         +++ +++ +-- --- --- --- --- ... ... ---',
  'own goal': '    +++ +++ ++- --- ++- ++- ++- ... ... ---',
  goal: '          +++ +++ ++- --- --- --- --- ... ... ---',
  consent: '       +++ +++ --- --- ++- ++- --- ... +.. ---',
  // What a parent may change of it is the rest: parental-relation.test.ts.
  block: '         +++ +++ --- --- ++- -+- --- ... +.. ---',
  person: '        ++- ++- --- --- --- --- --- --- --- ---',
  need: '          +++ +++ +-- --- --- --- --- -+- -+- ---',
  other: '         +++ +++ ++- --- --- --- --- ... ... ---',
};

onEachDatabase('the rule of who may change what', (open) => {
  async function start() {
    const { resources } = await open();
    await fill(resources, CONSENTS['active for all']!);
    const scopes = createScopeAccess({ readQuery: () => ({ op: 'none' }) });
    const access = createPlanAccess({ scopes, store: resources, nowMs: () => NOW_MS, emergencies: IN_AN_EMERGENCY });
    const server = await startTestServer({ store: resources, services: { access, writeValidation: 'off' } });
    const all = { Authorization: bearer({ scopesAlone: true }) };
    const as = (writer: keyof typeof WRITERS) => {
      const person = PEOPLE[WRITERS[writer][0]]!;
      const scope = 'user/*.cruds';
      const letters = { create: true, read: true, update: true, delete: true, search: true };
      return { Authorization: bearer({ ...person, scope, scopes: [{ level: 'user', type: '*', ...letters }] }) };
    };
    return { server, all, as };
  }

  it.each(Object.keys(THINGS) as (keyof typeof MAY_WRITE)[])('is kept by every writer for: %s', async (thing) => {
    const { server, all, as } = await start();
    const cells: string[] = [];
    for (const writer of COLUMNS) {
      const resource = THINGS[thing]({ reference: WRITERS[writer][1] });
      const cell: string[] = [];
      const said = (answer: { status: number; text: string }): string => {
        if (answer.status < 300) return '+';
        if (answer.status === 403 && answer.text.includes('By the access rule')) return '-';
        return answer.status === 404 || answer.text.includes('Your access does not reach') ? '.' : `${answer.status}`;
      };
      const made = async () => String((await server.request('POST', resource.resourceType, resource, all)).body.id);
      if (thing === "plan's lists") {
        const id = await made();
        const changed = { ...resource, id, goal: [{ reference: 'Goal/goal' }] };
        const answer = await server.request('PUT', `CarePlan/${id}`, changed, { ...as(writer), 'If-Match': 'W/"1"' });
        cells.push(`.${said(answer)}.`);
        continue;
      }
      cell.push(said(await server.request('POST', resource.resourceType, resource, as(writer))));
      const id = await made();
      const changed = { ...resource, id, language: 'nn' };
      cell.push(said(await server.request('PUT', `${resource.resourceType}/${id}`, changed, { ...as(writer), 'If-Match': 'W/"1"' })));
      cell.push(
        said(await server.request('DELETE', `${resource.resourceType}/${await made()}`, undefined, { ...as(writer), 'If-Match': 'W/"1"' })),
      );
      cells.push(cell.join(''));
    }
    await server.close();
    expect(`${thing}: ${cells.join(' ')}`).toBe(`${thing}: ${EXPECTED[thing].trim()}`);
  });

  it.each(['own task', 'own goal', 'score'] as const)(
    'tells whoever writes a thing (%s) that names no Patient by id what is wanted',
    async (thing) => {
      const { server, as } = await start();
      const {
        for: _for,
        subject: _subject,
        ...rest
      } = THINGS[thing]({ reference: WRITERS.member[1] }) as Resource & Record<string, unknown>;
      const element = thing === 'own task' ? 'for' : 'subject';
      const number = { identifier: { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '17834201585' } };
      for (const about of [{}, { [element]: number }, { [element]: { reference: 'Patient/nobody' } }]) {
        const { status, body } = await server.request('POST', rest.resourceType, { ...rest, ...about }, as('member'));
        expect(status).toBe(403);
        expect(body.issue?.[0]?.diagnostics).toContain(
          'it names nobody as whom it is about (as Patient/[id]), or is about somebody who is not known here',
        );
      }
      await server.close();
    },
  );

  it('binds patches and the entries of batch and transaction alike, and says where', async () => {
    const { server, as } = await start();
    const nurse = as('member');
    const patch = [{ op: 'replace', path: '/status', value: 'revoked' }];
    const patched = await server.request('PATCH', 'CarePlan/plan', JSON.stringify(patch), {
      ...nurse,
      'Content-Type': 'application/json-patch+json',
      'If-Match': 'W/"1"',
    });
    expect(patched.status).toBe(403);
    expect(patched.text).toContain('By the access rule \\"plan\\", to update this CarePlan is for the coordinator, the coordinating unit');
    const team = { ...THINGS['care team']({ reference: '' }), id: 'team' };
    const entry = [
      { request: { method: 'POST', url: 'Observation' }, resource: THINGS.score({ reference: '' }) },
      { request: { method: 'PUT', url: 'CareTeam/team', ifMatch: 'W/"1"' }, resource: team },
    ];
    const transaction = await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }, nurse);
    expect(transaction.status).toBe(403);
    expect(transaction.body.issue?.[0]).toMatchObject({ code: 'forbidden', expression: ['Bundle.entry[1].resource'] });
    expect((await server.request('GET', 'Observation?subject=Patient/ida&_total=accurate', undefined, nurse)).body.total).toBe(0);
    const batch = await server.request('POST', '', { resourceType: 'Bundle', type: 'batch', entry }, nurse);
    const statuses = (batch.body as unknown as { entry: { response: { status: string } }[] }).entry.map(({ response }) => response.status);
    expect(statuses.map((status) => status.slice(0, 3))).toEqual(['201', '403']);
    await server.close();
  });

  it('binds operations that write', async () => {
    const { server, as } = await start();
    const meta = { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: { tag: [{ code: 'x' }] } }] };
    const headers = { ...as('owner'), 'If-Match': 'W/"1"' };
    const labelled = await server.request('POST', 'CarePlan/plan/$meta-add', meta, headers);
    expect(labelled.status, labelled.text).toBe(403);
    expect(labelled.text).toContain('By the access rule');
    const form = { resourceType: 'QuestionnaireResponse', id: 'form', status: 'completed', subject: ida };
    const extracted = await server.request('POST', 'QuestionnaireResponse/$extract', form, as('owner'));
    expect(extracted.status, extracted.text).toBe(403);
    expect(extracted.text).toContain('By the access rule \\"score\\"');
    await server.close();
  });

  it('lets a meeting be written by who may for each patient in it, and no patient be taken out of it', async () => {
    const { server, all, as } = await start();
    const meeting = (...actors: readonly string[]): Resource => ({
      resourceType: 'Appointment',
      status: 'proposed',
      participant: actors.map((reference) => ({ actor: { reference }, status: 'accepted' })),
    });
    const nurse = as('member');
    const made = await server.request('POST', 'Appointment', meeting('Patient/ida', 'PractitionerRole/nurse-role'), nurse);
    expect(made.status, made.text).toBe(201);
    const id = String(made.body.id);
    const change = async (resource: Resource, version: number) =>
      server.request('PUT', `Appointment/${id}`, { ...resource, id }, { ...nurse, 'If-Match': `W/"${version}"` });
    expect((await change({ ...meeting('Patient/ida'), comment: 'x' }, 1)).status).toBe(200);
    expect((await server.request('POST', 'Appointment', meeting('Patient/ida'), as('patient'))).status).toBe(403);
    const others = [
      meeting('Patient/ida', 'Patient/other'),
      meeting('Patient/ida', `${server.url}/Patient/other`),
      meeting('Patient/other'),
      meeting('PractitionerRole/nurse-role'),
    ];
    for (const resource of others) {
      const refused = await change(resource, 2);
      expect([refused.status, refused.body.issue?.[0]?.code], refused.text).toEqual([403, 'forbidden']);
    }
    // One who follows both patients asks the second to the meeting, and cannot hand it over to them.
    const patient = { reference: 'Patient/other' };
    const team = {
      resourceType: 'CareTeam',
      status: 'active',
      subject: patient,
      participant: [{ member: { reference: WRITERS.member[1] } }],
    };
    const purpose = { coding: [{ system: `${BASE}/fp-consent-purpose`, code: 'innsyn' }] };
    const consent = { resourceType: 'Consent', status: 'active', category: [purpose], patient, provision: { type: 'permit' } };
    for (const resource of [team, consent]) expect((await server.request('POST', resource.resourceType, resource, all)).status).toBe(201);
    expect((await change(meeting('Patient/ida', 'Patient/other'), 2)).status).toBe(200);
    const handed = await change(meeting('Patient/other'), 3);
    expect([handed.status, handed.body.issue?.[0]?.code], handed.text).toEqual([403, 'forbidden']);
    expect(handed.text).toContain('a patient stays in an Appointment');
    const answer = { resourceType: 'AppointmentResponse', appointment: { reference: `Appointment/${id}` }, participantStatus: 'accepted' };
    expect((await server.request('POST', 'AppointmentResponse', { ...answer, actor: ida }, nurse)).status).toBe(201);
    const corrected = await server.request(
      'PUT',
      `Appointment/${id}`,
      { ...meeting('Patient/other'), id },
      { ...all, 'If-Match': 'W/"3"' },
    );
    expect(corrected.status, corrected.text).toBe(200);
    await server.close();
  });

  it('tells of what names no patient that one is to be named', async () => {
    const { server, as } = await start();
    const bill = { resourceType: 'Account', status: 'active', subject: [ida] };
    const refused = await server.request('POST', 'Account', bill, as('coordinator'));
    expect([refused.status, refused.body.issue?.[0]?.code, refused.body.issue?.[0]?.expression]).toEqual([403, 'forbidden', ['Account']]);
    expect(refused.text).toContain('it is to name the patient it is about, as Patient/[id]');
    await server.close();
  });

  it('lets nobody make a task another person’s, or a header change pass as one of the lists', async () => {
    const { server, as } = await start();
    const taken = {
      resourceType: 'Task',
      id: 'task',
      status: 'in-progress',
      intent: 'order',
      for: ida,
      owner: { reference: WRITERS.member[1] },
    };
    const answer = await server.request('PUT', 'Task/task', taken, { ...as('member'), 'If-Match': 'W/"1"' });
    expect(answer.status).toBe(403);
    const both = {
      resourceType: 'CarePlan',
      id: 'plan',
      status: 'active',
      intent: 'plan',
      subject: ida,
      title: 'Ny',
      goal: [{ reference: 'Goal/goal' }],
    };
    expect((await server.request('PUT', 'CarePlan/plan', both, { ...as('member'), 'If-Match': 'W/"1"' })).status).toBe(403);
    await server.close();
  });
});
