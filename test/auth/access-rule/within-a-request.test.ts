import { afterEach, expect, it } from 'vitest';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { CODES, consentTo, put, ref } from './record-parts.ts';
import { type Ask, type RuledServer, startRuledServer } from './ruled-server.ts';

const stranger = ref('PractitionerRole/stranger-role');
const member = { member: stranger };
const personally = { member: ref('Practitioner/stranger') };
const task = (more: object): Resource => ({ resourceType: 'Task', id: 'link', intent: 'order', for: ref('Patient/ida'), ...more });
const team = (participant: object, more: object = {}): Resource => ({
  resourceType: 'CareTeam',
  id: 'link',
  status: 'active',
  subject: ref('Patient/ida'),
  participant: [participant],
  ...more,
});
const keptBy = (organization: string): Resource => ({
  resourceType: 'CarePlan',
  id: 'link',
  status: 'active',
  intent: 'plan',
  subject: ref('Patient/ida'),
  extension: [{ url: CODES.custodian, valueReference: ref(organization) }],
});

/** What links a service to a person, one row each: the resource that makes the link, and whether it does. */
const LINKS: readonly (readonly [why: string, link: Resource, reached: boolean])[] = [
  ['a task that was accepted', task({ status: 'accepted', owner: stranger }), true],
  ['a task under way', task({ status: 'in-progress', owner: stranger }), true],
  ['a task on hold', task({ status: 'on-hold', owner: stranger }), true],
  ['a task accepted by the organisation', task({ status: 'accepted', owner: ref('Organization/other-hospital') }), true],
  ['a task accepted by the person', task({ status: 'accepted', owner: ref('Practitioner/stranger') }), true],
  ['a task only asked for', task({ status: 'requested', owner: stranger }), false],
  ['a task declined', task({ status: 'rejected', owner: stranger }), false],
  ['a task done', task({ status: 'completed', owner: stranger }), false],
  ['a task of somebody else', task({ status: 'accepted', owner: ref('PractitionerRole/outsider-role') }), false],
  ['a part in the team', team(member), true],
  ['a part of the organisation', team({ member: ref('Organization/other-hospital') }), true],
  ['a part that ends today', team({ ...member, period: { end: '2026-03-10' } }), true],
  ['a part that ended yesterday', team({ ...member, period: { end: '2026-03-09' } }), false],
  ['a part that begins tomorrow', team({ ...member, period: { start: '2026-03-11' } }), false],
  ['a team that has ended', team(member, { period: { end: '2026-03-09' } }), false],
  ['a team that is not active', team(member, { status: 'suspended' }), false],
  ['a part in person for this organisation', team({ ...personally, onBehalfOf: ref('Organization/other-hospital') }), true],
  ['a part in person for another', team({ ...personally, onBehalfOf: ref('Organization/home-care') }), false],
  ['the plan of an organisation one works for, but no coordinating unit', keptBy('Organization/other-hospital'), false],
];

/** What is reached is found out anew after every write, also inside one request. */
onEachDatabase('what is reached within one request', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  async function start(...more: readonly Resource[]) {
    const database = await open({ nowMs: () => NOW_MS });
    await put(database.resources, ...DIRECTORY, ...recordOf(IDA, ['ida-goal']), ...consentsOf(IDA, 'active'), ...more);
    const started = await startRuledServer(database);
    ruled = started;
    const as = (fhirUser: string, organization_number?: string) =>
      started.as({ scope: 'user/*.cruds', fhirUser, ...(organization_number === undefined ? {} : { organization_number }) });
    return {
      coordinator: await as('Practitioner/coordinator', '100000002'),
      nurse: await as('Practitioner/nurse', '100000002'),
      stranger: await as('Practitioner/stranger', '300000001'),
      patient: await as('Patient/ida'),
      system: await started.as({ scope: 'system/*.cruds', organization_number: '100000001' }),
    };
  }
  const withdrawn = { ...consentsOf(IDA, 'active')[0]!, status: 'inactive' };
  const withdrawal = { resource: withdrawn, request: { method: 'PUT', url: 'Consent/ida-innsyn' } };
  const read = { request: { method: 'GET', url: 'CarePlan/ida-plan' } };
  const search = { request: { method: 'GET', url: 'CarePlan?patient=ida&_total=accurate' } };
  const send = async (ask: Ask, type: string, ...entry: readonly object[]) => {
    const answer = await ask('POST', '', { resourceType: 'Bundle', type, entry });
    const entries = (answer.body as unknown as { entry?: { response: { status: string; outcome?: Resource }; resource?: Resource }[] })
      .entry;
    return { answer, entries: entries ?? [] };
  };

  it('a batch whose first entry withdraws consent does not serve the second under the old one', async () => {
    const { coordinator } = await start();
    const { entries } = await send(coordinator, 'batch', withdrawal, read, search);
    expect(entries.map(({ response }) => response.status.slice(0, 3))).toEqual(['200', '404', '200']);
    expect(entries[2]?.resource?.total).toBe(0);
  });

  it('a transaction that withdraws consent commits, and what it reads afterwards is hidden', async () => {
    const { coordinator, patient } = await start();
    const { answer, entries } = await send(coordinator, 'transaction', read, withdrawal, search);
    expect(answer.status, answer.text).toBe(200);
    expect(entries.map(({ response }) => response.status.slice(0, 3))).toEqual(['404', '200', '200']);
    expect(entries[0]?.response.outcome).toMatchObject({ issue: [{ code: 'not-found' }] });
    expect(entries[2]?.resource?.total).toBe(0);
    expect((await patient('GET', 'Consent/ida-innsyn')).body.status).toBe('inactive');
    expect((await coordinator('GET', 'CarePlan/ida-plan')).status).toBe(404);
  });

  it('a consent given in a batch counts for its later entries', async () => {
    const { patient, nurse } = await start();
    await patient('PUT', 'Consent/ida-innsyn', withdrawn);
    expect((await nurse('GET', 'CarePlan/ida-plan')).status).toBe(404);
    const given = { resource: { ...withdrawn, status: 'active' }, request: { method: 'PUT', url: 'Consent/ida-innsyn' } };
    const { entries } = await send(patient, 'batch', given, read);
    expect(entries.map(({ response }) => response.status.slice(0, 3))).toEqual(['200', '200']);
    expect((await nurse('GET', 'CarePlan/ida-plan')).status).toBe(200);
  });

  it('history stays when consent is withdrawn: the person reads all of it, the team nothing', async () => {
    const { coordinator, nurse, patient } = await start();
    await patient('PUT', 'Consent/ida-innsyn', withdrawn);
    for (const path of ['CarePlan/ida-plan/_history', 'Consent/ida-innsyn/_history', 'Consent/ida-innsyn/_history/1']) {
      expect((await patient('GET', path)).status, path).toBe(200);
      for (const ask of [coordinator, nurse]) expect((await ask('GET', path)).status, path).toBe(404);
    }
    expect((await patient('GET', 'Consent/ida-innsyn/_history')).body.total).toBe(2);
  });

  it('chains and reverse chains lead through nothing that is hidden', async () => {
    const { nurse, stranger } = await start();
    const searches = [
      'PractitionerRole?_has:CareTeam:participant:patient=ida',
      'Organization?_has:CarePlan:custodian:status=active',
      'Practitioner?_has:PractitionerRole:practitioner:_has:CareTeam:participant:status=active',
      'PractitionerRole?_has:Task:owner:status=in-progress',
      `PractitionerRole?_filter=${encodeURIComponent('_has:Task:owner:status eq in-progress')}`,
    ];
    for (const path of searches) {
      const [open, closed] = [await nurse('GET', `${path}&_total=accurate`), await stranger('GET', `${path}&_total=accurate`)];
      if (open.status === 400) continue;
      expect(Number(open.body.total), path).toBeGreaterThan(0);
      expect(closed.body.total, path).toBe(0);
    }
  });

  it.each(LINKS)('linked by %s', async (_why, link, reached) => {
    const forAll = consentTo('innsyn', 'ida', { actor: ['Organization/other-hospital'] });
    const { stranger: ask } = await start({ ...forAll, id: 'ida-more' }, link);
    expect((await ask('GET', 'CarePlan/ida-plan')).status).toBe(reached ? 200 : 404);
  });

  it('a coordinating unit answers for the plans of its organisation, with consent; without, it knows who and what was reported', async () => {
    await start();
    const unit = await ruled!.as({ scope: 'user/*.cruds', fhirUser: 'Practitioner/ke', organization_number: '100000003' });
    expect((await unit('GET', 'CarePlan/ida-plan')).status).toBe(200);
    expect((await unit('GET', 'Goal?patient=ida&_total=accurate')).body.total).toBe(1);
    const admin = await ruled!.as({ scope: 'patient/*.cruds', fhirUser: 'Patient/ida', patient: 'ida' });
    await admin('PUT', 'Consent/ida-innsyn', withdrawn);
    expect((await unit('GET', 'CarePlan/ida-plan')).status).toBe(404);
    for (const path of ['Patient/ida', 'RelatedPerson/ida-mother', 'ServiceRequest/ida-need']) {
      expect((await unit('GET', path)).status, path).toBe(200);
    }
    const blocked = {
      ...withdrawn,
      status: 'active',
      provision: { type: 'permit', provision: [{ type: 'deny', actor: [{ reference: ref('PractitionerRole/ke-role') }] }] },
    };
    await admin('PUT', 'Consent/ida-innsyn', blocked);
    for (const path of ['Patient/ida', 'RelatedPerson/ida-mother', 'ServiceRequest/ida-need']) {
      expect((await unit('GET', path)).status, path).toBe(404);
    }
  });

  it('a coordinating unit notes a consent that is given anew, and the team is let in again', async () => {
    const { patient, coordinator } = await start();
    await patient('PUT', 'Consent/ida-innsyn', withdrawn);
    const { id: _id, ...anew } = consentsOf(IDA, 'active')[0]!;
    expect((await coordinator('POST', 'Consent', anew)).status).toBe(403);
    const unit = await ruled!.as({ scope: 'user/*.cruds', fhirUser: 'Practitioner/ke', organization_number: '100000003' });
    expect((await unit('POST', 'Consent', anew)).status).toBe(201);
    expect((await coordinator('GET', 'CarePlan/ida-plan')).status).toBe(200);
  });

  it('whoever a referral goes to learns of whom, and writes themselves neither a consent nor a part in the team', async () => {
    const referral = {
      resourceType: 'ServiceRequest',
      id: 'referral',
      status: 'active',
      intent: 'order',
      subject: ref('Patient/ida'),
      performer: [stranger, ref('Organization/other-hospital')],
    };
    const { stranger: outsider } = await start(referral);
    const system = await ruled!.as({ scope: 'system/*.cruds', organization_number: '300000001' });
    const { id: _consent, ...permit } = consentTo('innsyn', 'ida', { actor: ['Organization/other-hospital'] });
    const { id: _team, ...joined } = team(member);
    const created = (resource: Resource) => ({ resource, request: { method: 'POST', url: resource.resourceType } });
    for (const ask of [outsider, system]) {
      expect((await ask('GET', 'Patient/ida')).status).toBe(200);
      for (const resource of [permit, joined, { resourceType: 'CarePlan', status: 'draft', intent: 'plan', subject: ref('Patient/ida') }]) {
        const refused = await ask('POST', resource.resourceType!, resource);
        expect(refused.status, refused.text).toBe(403);
        expect(refused.body.issue?.[0]).toMatchObject({ code: 'forbidden' });
      }
      const { answer } = await send(ask, 'transaction', created(permit as Resource), created(joined as Resource));
      expect(answer.status).toBe(403);
      expect(answer.body.issue?.[0]).toMatchObject({ code: 'forbidden', expression: ['Bundle.entry[0]'] });
      expect((await ask('GET', 'CarePlan/ida-plan')).status).toBe(404);
    }
  });
});
