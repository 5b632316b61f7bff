import { expect, it } from 'vitest';
import { PEOPLE } from '../../auth/access-rule/people.ts';
import { startAmongPeople } from '../../auth/access-rule/server-among-people.ts';
import { expectRefusal } from '../../support/expect-answer.ts';
import { onEachDatabase } from '../../support/stores.ts';

const reference = (text: string) => ({ reference: text });
const [ida, other] = [reference('Patient/ida'), reference('Patient/other')];
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };
const observation = (more: object) => ({ resourceType: 'Observation', id: 'o', status: 'final', code: { text: 'x' }, ...more });
const appointment = (...actors: readonly object[]) => ({
  resourceType: 'Appointment',
  id: 'a',
  status: 'booked',
  participant: actors.map((actor) => ({ actor, status: 'accepted' })),
});

/** Two versions of a resource, the element at fault, and why. */
const MOVES: readonly (readonly [why: string, before: { resourceType: string; id: string }, after: object, element: string])[] = [
  ['another person', observation({ subject: ida }), { subject: other }, 'subject'],
  ['nobody any more', observation({ subject: ida }), { subject: undefined }, 'subject'],
  ['a group', observation({ subject: ida }), { subject: reference('Group/g') }, 'subject'],
  [
    'another person, whom it named before in what it contains',
    observation({
      subject: ida,
      contained: [{ resourceType: 'Observation', id: 'c', status: 'final', code: { text: 'y' }, subject: other }],
    }),
    { subject: other },
    'subject',
  ],
  [
    'another person, where the reference has more in it',
    observation({ subject: { identifier: { value: '1' }, reference: 'Patient/ida' }, performer: [other] }),
    { subject: other },
    'subject',
  ],
  [
    'another person, by the element of its type',
    { resourceType: 'RelatedPerson', id: 'r', patient: ida } as never,
    { patient: other },
    'patient',
  ],
  [
    'another person, for whom a measure is',
    { resourceType: 'Task', id: 't', status: 'requested', intent: 'order', for: ida } as never,
    { for: other },
    'for',
  ],
  [
    'another person, who answers an invitation',
    {
      resourceType: 'AppointmentResponse',
      id: 'ar',
      appointment: reference('Appointment/a'),
      participantStatus: 'accepted',
      actor: ida,
    } as never,
    { actor: other },
    'actor',
  ],
  [
    'one of two persons alone',
    { resourceType: 'Account', id: 'ac', status: 'active', subject: [ida, other] } as never,
    { subject: [other] },
    'subject',
  ],
  [
    'a change of something else',
    {
      resourceType: 'Provenance',
      id: 'p',
      target: [reference('CarePlan/plan/_history/1')],
      recorded: '2026-01-01',
      agent: [{ who: ida }],
    } as never,
    { target: [reference('CarePlan/other-plan')] },
    'target',
  ],
];

onEachDatabase('whom a resource is about', (open) => {
  async function start() {
    const { server, admin, by, close } = await startAmongPeople(await open(), { services: { leavesProvenance: true } });
    return { server, admin, as: (who: string) => by(PEOPLE[who]!), close };
  }

  it.each(MOVES)('stays: an update to %s is refused', async (_why, before, after, element) => {
    const { admin, close } = await start();
    const path = `${before.resourceType}/${before.id}`;
    expect((await admin('PUT', path, before)).status).toBe(201);
    const moved = await admin('PUT', path, { ...before, ...after }, { 'If-Match': 'W/"1"' });
    expectRefusal(moved, 422, 'business-rule', `${before.resourceType}.${element}`);
    const same = await admin('PUT', path, { ...before, language: 'nb' }, { 'If-Match': 'W/"1"' });
    expect(same.status, same.text).toBe(200);
    await close();
  });

  it('stays in patches, conditional updates and transactions', async () => {
    const { admin, close } = await start();
    await admin('PUT', 'Observation/o', observation({ subject: ida, identifier: [{ system: 'urn:x', value: '1' }] }));
    const moved = observation({ subject: other, identifier: [{ system: 'urn:x', value: '1' }] });
    const patch = [{ op: 'replace', path: '/subject/reference', value: 'Patient/other' }];
    expectRefusal(await admin('PATCH', 'Observation/o', JSON.stringify(patch), JSON_PATCH), 422, 'business-rule', 'Observation.subject');
    expectRefusal(await admin('PUT', 'Observation?identifier=urn:x|1', moved), 422, 'business-rule', 'Observation.subject');
    const entry = [
      { request: { method: 'POST', url: 'Observation' }, resource: observation({ id: undefined, subject: other }) },
      { request: { method: 'PUT', url: 'Observation/o' }, resource: moved },
    ];
    const together = await admin('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expectRefusal(together, 422, 'business-rule', 'Bundle.entry[1].resource.subject');
    expect((await admin('GET', 'Observation?subject=Patient/other&_total=accurate')).body.total).toBe(0);
    await close();
  });

  it('may be named otherwise, or for the first time', async () => {
    const { server, admin, close } = await start();
    await admin('PUT', 'Observation/o', observation({}));
    for (const [version, subject] of [ida, reference(`${server.url}/Patient/ida`), { ...ida, display: 'Ida' }].entries()) {
      const answer = await admin('PUT', 'Observation/o', observation({ subject }), { 'If-Match': `W/"${version + 1}"` });
      expect(answer.status, answer.text).toBe(200);
    }
    await close();
  });

  it('stays when a deletion is taken back: the versions before it are found by the id', async () => {
    const { admin, close } = await start();
    await admin('PUT', 'Observation/o', observation({ subject: ida, valueString: 'om Ida' }));
    await admin('DELETE', 'Observation/o');
    expectRefusal(await admin('PUT', 'Observation/o', observation({ subject: other })), 422, 'business-rule', 'Observation.subject');
    const entry = [{ request: { method: 'PUT', url: 'Observation/o' }, resource: observation({ subject: other }) }];
    const together = await admin('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expectRefusal(together, 422, 'business-rule', 'Bundle.entry[0].resource.subject');
    expect((await admin('PUT', 'Observation/o', observation({ subject: ida }))).status).toBe(201);
    expect((await admin('GET', 'Observation/o/_history')).body.total).toBe(3);
    await close();
  });

  it('opens nothing of another to who knows the id of what was deleted', async () => {
    const { admin, as, close } = await start();
    await admin('PUT', 'Observation/o', observation({ subject: ida, valueString: 'om Ida' }));
    await admin('DELETE', 'Observation/o');
    const code = { coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-observation', code: 'what-matters' }] };
    const words = observation({ code, subject: other, performer: [other], valueString: 'mine ord' });
    const asAnother = as('another patient');
    expectRefusal(await asAnother('PUT', 'Observation/o', words), 422, 'business-rule', 'Observation.subject');
    expect((await asAnother('GET', 'Observation/o/_history')).status).toBe(404);
    expect((await asAnother('PUT', 'Observation/own', { ...words, id: 'own' })).status).toBe(201);
    await close();
  });

  it('opens no meeting of another to who knows the id of one that was deleted', async () => {
    const { admin, as, close } = await start();
    await admin('PUT', 'Appointment/a', { ...appointment(other), description: 'om en annen' });
    await admin('DELETE', 'Appointment/a');
    const asNurse = as('team nurse');
    expectRefusal(await asNurse('PUT', 'Appointment/a', appointment(ida)), 422, 'business-rule', 'Appointment.participant');
    expect((await asNurse('GET', 'Appointment/a/_history')).status).toBe(404);
    expect((await asNurse('PUT', 'Appointment/own', { ...appointment(ida), id: 'own' })).status).toBe(201);
    expect((await admin('PUT', 'Appointment/a', appointment(other, ida))).status).toBe(201);
    await close();
  });

  it('is told to whoever may not move it as they see it: a plan of two persons’ coordinator, and one they do not follow', async () => {
    const { admin, as, close } = await start();
    const team = { resourceType: 'CareTeam', id: 'team-2', status: 'active', subject: other };
    const member = reference('PractitionerRole/coordinator-role');
    const role = [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-team-role', code: 'koordinator' }] }];
    const plan = { resourceType: 'CarePlan', id: 'plan', status: 'active', intent: 'plan', subject: other };
    const asCoordinator = as('coordinator');
    const hidden = await asCoordinator('PUT', 'CarePlan/plan', plan, { 'If-Match': 'W/"1"' });
    expectRefusal(hidden, 403, 'forbidden');
    await admin('PUT', 'CareTeam/team-2', { ...team, participant: [{ role, member }] });
    const category = [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-consent-purpose', code: 'innsyn' }] }];
    await admin('POST', 'Consent', { resourceType: 'Consent', status: 'active', category, patient: other, provision: { type: 'permit' } });
    expect((await as('coordinator')('GET', 'CarePlan/other-plan')).status).toBe(200);
    expectRefusal(await as('coordinator')('PUT', 'CarePlan/plan', plan, { 'If-Match': 'W/"1"' }), 422, 'business-rule', 'CarePlan.subject');
    await close();
  });

  it('is told in the language of whoever writes', async () => {
    const { admin, close } = await start();
    await admin('PUT', 'Observation/o', observation({ subject: ida }));
    const refused = await admin('PUT', 'Observation/o', observation({ subject: other }), { 'Accept-Language': 'nn' });
    expect(refused.text).toContain('Ein ressurs blir hos den han handlar om');
    await close();
  });

  it('does not bind who takes part: the log names both whom it was about and whom it is about now', async () => {
    const { admin, close } = await start();
    await admin('PUT', 'Appointment/a', appointment(ida));
    const changed = await admin('PUT', 'Appointment/a', appointment(other), { 'If-Match': 'W/"1"' });
    expect(changed.status, changed.text).toBe(200);
    const about = async (patient: string) => {
      const found = await admin('GET', `AuditEvent?action=U&patient=Patient/${patient}`);
      return ((found.body.entry ?? []) as { resource: { entity: { what: { reference: string } }[] } }[]).map(({ resource }) =>
        resource.entity.map(({ what }) => what.reference),
      );
    };
    expect(await about('ida')).toEqual([['Patient/ida', 'Appointment/a/_history/2']]);
    expect(await about('other')).toEqual([['Patient/other', 'Appointment/a/_history/2']]);
    await close();
  });
});
