/**
 * Access decided by one process on what another has just written: whatever decides who reaches whom counts from the next
 * request on, and within a second for a request that is under way.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emergencyGrants } from '../../../server/auth/access-rule/emergency-grants.ts';
import { createPlanAccess } from '../../../server/auth/access-rule/plan-access.ts';
import type { Principal } from '../../../server/auth/principal.ts';
import type { Resource } from '../../../server/fhir/resource.ts';
import type { Database } from '../../../server/store/database.ts';
import { openPostgresStore } from '../../../server/store/postgres/open.ts';
import { freshPostgresUrl, onEachDatabase } from '../../support/stores.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { consentTo, deny, put, ref } from './record-parts.ts';
import { type Ask, RULED_SCOPES, type RuledServer, startRuledServer } from './ruled-server.ts';

const GOALS = ['one', 'two', 'three', 'four'];
const [given] = consentsOf(IDA, 'active') as [Resource];
const withdrawn = { ...given, status: 'inactive' };
const blocked = consentTo('innsyn', 'ida', {
  actor: ['Organization/solvik', 'Organization/gp-office'],
  ...deny('PractitionerRole/gp-role'),
});
const nobody = { ...recordOf(IDA, []).find(({ id }) => id === 'ida-team')!, participant: [] };
const team = recordOf(IDA, []).find(({ id }) => id === 'ida-team')!;

describe('access in several processes on PostgreSQL', () => {
  let databases: readonly Database[] = [];
  let servers: readonly RuledServer[] = [];
  let nowMs = NOW_MS;
  const options = { nowMs: () => nowMs };
  beforeEach(async () => {
    nowMs = NOW_MS;
    const url = await freshPostgresUrl();
    databases = await Promise.all([1, 2].map(() => openPostgresStore({ url, connections: 6, ...options })));
    await put(databases[0]!.resources, ...DIRECTORY, ...recordOf(IDA, GOALS), given);
    servers = await Promise.all(
      databases.map((database) => startRuledServer(database, { ...options, services: { newId: () => crypto.randomUUID() } })),
    );
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all(databases.map((database) => database.close()));
  });

  const doctorAt = (place: number) =>
    servers[place]!.as({ scope: 'user/*.cruds', fhirUser: 'Practitioner/gp', organization_number: '200000001' });
  const patientAt = (place: number) => servers[place]!.as({ scope: 'patient/*.cruds', fhirUser: 'Patient/ida', patient: 'ida' });
  const coordinatorAt = (place: number) =>
    servers[place]!.as({ scope: 'user/*.cruds', fhirUser: 'Practitioner/coordinator', organization_number: '100000002' });
  const write = async (ask: Ask, resource: Resource) => {
    const current = await ask('GET', `${resource.resourceType}/${resource.id}`);
    const answer = await ask('PUT', `${resource.resourceType}/${resource.id}`, resource, { 'If-Match': current.headers.get('ETag') ?? '' });
    expect(answer.status, answer.text).toBe(200);
  };
  const entriesOf = ({ body }: { body: unknown }) => (body as { entry?: readonly unknown[] }).entry ?? [];

  it.each([
    ['a consent withdrawn', withdrawn, given],
    ['a block set', blocked, given],
    ['a team emptied', nobody, team],
  ])('%s at one counts for the next request at the other, and so does its contrary', async (_why, taken, back) => {
    const [patient, coordinator, here, there] = [await patientAt(0), await coordinatorAt(0), await doctorAt(0), await doctorAt(1)];
    const writer = taken.resourceType === 'CareTeam' ? coordinator : patient;
    const admin = databases[0]!.resources;
    for (let round = 0; round < 10; round += 1) {
      for (const doctor of [here, there]) {
        expect((await doctor('GET', 'CarePlan/ida-plan')).status).toBe(200);
        expect((await doctor('GET', 'Goal?patient=ida&_total=accurate')).body.total).toBe(GOALS.length);
      }
      await write(writer, taken);
      for (const doctor of [there, here]) {
        const answers = ['CarePlan/ida-plan', 'CarePlan/ida-plan/_history', 'Patient/ida/$everything'].map((path) => doctor('GET', path));
        expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 404, 404]);
        expect((await doctor('GET', 'Goal?patient=ida&_total=accurate')).body.total).toBe(0);
        const update = { resourceType: 'Task', id: 'ida-task', status: 'completed', intent: 'order', for: ref('Patient/ida') };
        expect((await doctor('PUT', 'Task/ida-task', update, { 'If-Match': 'W/"1"' })).status).toBe(404);
      }
      await put(admin, back);
    }
  });

  it('no search that began after a block was acknowledged finds anything, whatever is under way meanwhile', async () => {
    const [patient, there] = [await patientAt(0), await doctorAt(1)];
    let blockedMs = Number.POSITIVE_INFINITY;
    let done = false;
    const late: number[] = [];
    const seeking = Array.from({ length: 6 }, async () => {
      while (!done) {
        const beganMs = performance.now();
        const found = entriesOf(await there('GET', 'Goal?patient=ida&_include=Goal:subject')).length;
        if (beganMs > blockedMs && found > 0) late.push(found);
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await write(patient, blocked);
    blockedMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 200));
    done = true;
    await Promise.all(seeking);
    expect(late).toEqual([]);
  });

  it('the next page is empty when consent was withdrawn after the first', async () => {
    const [patient, there] = [await patientAt(0), await doctorAt(1)];
    for (const path of ['Goal?patient=ida&_count=1', 'Patient/ida/$everything?_count=1']) {
      await put(databases[0]!.resources, given);
      const first = await there('GET', path);
      const links = (first.body as unknown as { link: readonly { relation: string; url: string }[] }).link;
      const next = links.find(({ relation }) => relation === 'next')!.url;
      expect(entriesOf(await there('GET', next)), path).not.toHaveLength(0);
      await write(patient, withdrawn);
      const after = await there('GET', next);
      expect([after.status === 404 || entriesOf(after).length === 0, path]).toEqual([true, path]);
    }
  });

  it('an export holds nothing of whom consent was withdrawn while it ran, or afterwards', async () => {
    const patient = await patientAt(0);
    const systemAt = (place: number) => servers[place]!.as({ scope: 'system/*.rs', organization_number: '100000001' });
    const [here, there] = [await systemAt(0), await systemAt(1)];
    for (const whenMs of [0, 120, 600]) {
      await put(databases[0]!.resources, given);
      const begun = await there('GET', '$export?_type=Goal,CarePlan', undefined, { Prefer: 'respond-async' });
      expect(begun.status, begun.text).toBe(202);
      const status = new URL(begun.headers.get('Content-Location') ?? '').search;
      await new Promise((resolve) => setTimeout(resolve, whenMs));
      await write(patient, withdrawn);
      for (const ask of [there, here]) {
        let answer = await ask('GET', `$bulk-status${status}`);
        for (let tries = 0; answer.status === 202 && tries < 500; tries += 1) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          answer = await ask('GET', `$bulk-status${status}`);
        }
        const { output } = answer.body as unknown as { output: readonly { url: string }[] };
        for (const { url } of output) {
          const file = await ask('GET', `$bulk-file${new URL(url).search}`, undefined, { Accept: 'application/fhir+ndjson' });
          expect([file.status, file.text]).toEqual([200, '']);
        }
      }
    }
  });

  it('emergency access ended at one is over at the other', async () => {
    const grants = databases.map(({ state }) => emergencyGrants(state, 60));
    const grant = { practitionerId: 'stranger', patientId: 'ida', communicationId: 'c', beganMs: nowMs, untilMs: nowMs + 60_000 };
    expect((await Promise.all([...grants, ...grants].map((each) => each.begin(grant)))).filter(Boolean)).toHaveLength(1);
    expect(await grants[1]!.find('stranger', 'ida')).toBeDefined();
    await grants[0]!.end('stranger', 'ida');
    expect(await grants[1]!.find('stranger', 'ida')).toBeUndefined();
  });
});

onEachDatabase('a request that is under way for long', (open) => {
  const nurse: Principal = {
    clientId: 'app',
    subject: 'nurse',
    scope: 'user/*.rs',
    scopes: [{ level: 'user', type: '*', create: false, read: true, update: false, delete: false, search: true }],
    fhirUser: 'Practitioner/nurse',
    organizationNumber: '100000002',
  };
  const asked = { interaction: 'read', right: 'read', type: 'CarePlan', id: 'ida-plan' } as const;

  it('goes by what another process has withdrawn within a second', async () => {
    let nowMs = NOW_MS;
    const { resources } = await open({ nowMs: () => nowMs });
    await put(resources, ...DIRECTORY, ...recordOf(IDA, []), given);
    const access = createPlanAccess({ scopes: RULED_SCOPES, store: resources, nowMs: () => nowMs });
    expect(await access.decide({ principal: nurse, ...asked })).toMatchObject({ kind: 'narrow', clause: { op: 'match' } });
    await put(resources, withdrawn);
    nowMs += 1000;
    expect(await access.decide({ principal: nurse, ...asked })).toEqual({ kind: 'narrow', clause: { op: 'none' } });
    await put(resources, given);
    // Set back: nobody knows how long ago it was found out.
    nowMs -= 600_000;
    expect(await access.decide({ principal: nurse, ...asked })).toMatchObject({ kind: 'narrow', clause: { op: 'match' } });
  });

  it.each([[true], [false]])(
    'does not outlive an emergency that ends meanwhile, where one process alone writes: %s',
    async (writesAlone) => {
      let nowMs = NOW_MS;
      const { resources, state } = await open({ nowMs: () => nowMs });
      await put(resources, ...DIRECTORY, ...recordOf(IDA, []));
      const emergencies = emergencyGrants(state, 60);
      await emergencies.begin({
        practitionerId: 'stranger',
        patientId: 'ida',
        communicationId: 'c',
        beganMs: nowMs,
        untilMs: nowMs + 1500,
      });
      const access = createPlanAccess({ scopes: RULED_SCOPES, store: resources, nowMs: () => nowMs, emergencies, writesAlone });
      const stranger = {
        ...nurse,
        fhirUser: 'Practitioner/stranger',
        organizationNumber: '300000001',
        purposeOfUse: 'BTG',
        patientId: 'ida',
      };
      expect(await access.decide({ principal: stranger, ...asked })).toMatchObject({ kind: 'narrow', clause: { op: 'match' } });
      nowMs += 1500;
      expect(await access.decide({ principal: stranger, ...asked })).toEqual({ kind: 'narrow', clause: { op: 'none' } });
    },
  );
});
