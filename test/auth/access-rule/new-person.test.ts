import { afterEach, expect, it } from 'vitest';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { consentTo, inRole, put, ref } from './record-parts.ts';
import { type RuledServer, startRuledServer } from './ruled-server.ts';

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const NUMBER = '01810000771';
const PERSON = 'urn:uuid:5b5c1e0c-0000-4000-8000-000000000001';
const TEAM = 'urn:uuid:5b5c1e0c-0000-4000-8000-000000000002';

/** A system of an organisation begins the record of a person whom nobody here knows yet. */
onEachDatabase('the record of a new person', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  async function start() {
    const database = await open({ nowMs: () => NOW_MS });
    const ida = recordOf(IDA, ['ida-goal']).map((resource) =>
      resource.resourceType === 'Patient' ? { ...resource, identifier: [{ system: FNR, value: '17834201585' }] } : resource,
    );
    await put(database.resources, ...DIRECTORY, ...ida, ...consentsOf(IDA, 'active'));
    ruled = await startRuledServer(database);
    const system = (organization_number: string, scope = 'system/*.cruds') => ruled!.as({ scope, organization_number });
    return {
      municipality: await system('100000001'),
      hospital: await system('300000001'),
      narrow: await system('100000001', 'system/Patient.cruds'),
    };
  }

  const person = (number = NUMBER): Resource => ({
    resourceType: 'Patient',
    identifier: [{ system: FNR, value: number }],
    birthDate: '1951-01-01',
  });
  const team = (member = 'PractitionerRole/coordinator-role', role = 'koordinator'): Resource => ({
    resourceType: 'CareTeam',
    status: 'active',
    subject: ref(PERSON),
    participant: [inRole(role, member)],
  });
  const { id: _id, ...consent } = { ...consentTo('innsyn', 'x'), patient: ref(PERSON) };
  const plan = { resourceType: 'CarePlan', status: 'draft', intent: 'plan', subject: ref(PERSON), careTeam: [ref(TEAM)] };
  const goal = { resourceType: 'Goal', lifecycleStatus: 'active', description: { text: 'x' }, subject: ref(PERSON) };
  const urls: Readonly<Record<string, string>> = { Patient: PERSON, CareTeam: TEAM };
  const bundle = (...resources: readonly Resource[]) => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      ...(urls[resource.resourceType] === undefined ? {} : { fullUrl: urls[resource.resourceType] }),
      resource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  });
  const idsOf = (answer: { body: unknown }) =>
    (answer.body as { entry: { response: { location: string } }[] }).entry.map(({ response }) =>
      response.location.split('/').slice(-4, -2).join('/'),
    );

  it('is written in one transaction with the team and the consent by which its organisation reaches it, and read by it alone', async () => {
    const { municipality, hospital } = await start();
    const written = await municipality('POST', '', bundle(goal, plan, person(), team(), consent));
    expect(written.status, written.text).toBe(200);
    for (const path of idsOf(written)) {
      expect((await municipality('GET', path)).status, path).toBe(200);
      expect((await hospital('GET', path)).status, path).toBe(404);
    }
  });

  it('may stand under an id of the system’s own choosing, when nothing has it', async () => {
    const { municipality } = await start();
    const { entry } = bundle(person(), team(), consent);
    const chosen = (id: string) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ ...entry[0], resource: { ...person(), id }, request: { method: 'PUT', url: `Patient/${id}` } }, ...entry.slice(1)],
    });
    expect((await municipality('POST', '', chosen('ragna'))).status).toBe(200);
    const taken = await municipality('POST', '', chosen('ida'));
    expect([403, 404, 422], taken.text).toContain(taken.status);
    expect((await municipality('GET', 'Patient/ida')).body.birthDate).toBe(IDA.birthDate);
  });

  const withoutConsent = bundle(person(), team(), plan);
  const rows: readonly (readonly [why: string, who: 'municipality' | 'hospital' | 'narrow', bundle: object, at: number])[] = [
    ['alone', 'municipality', bundle(person()), 0],
    ['without consent', 'municipality', withoutConsent, 0],
    ['with a consent that is withdrawn', 'municipality', bundle(person(), team(), { ...consent, status: 'inactive' }), 0],
    [
      'with a consent for others',
      'municipality',
      bundle(person(), team(), { ...consent, provision: { type: 'permit', actor: [{ reference: ref('Organization/gp-office') }] } }),
      0,
    ],
    ['with a team that its organisation has no part in', 'hospital', bundle(person(), team(), consent), 0],
    ['with a team that it does not lead', 'municipality', bundle(person(), team('PractitionerRole/nurse-role', 'sykepleier'), consent), 0],
    [
      'with a plan about somebody else',
      'hospital',
      bundle(person(), team('PractitionerRole/stranger-role'), consent, { ...goal, subject: ref('Patient/ida') }),
      3,
    ],
    ['beyond its scopes', 'narrow', bundle(person(), team(), consent), 1],
  ];
  it.each(rows)('is refused %s, whole, at the entry', async (_why, who, sent, at) => {
    const asked = await start();
    const refused = await asked[who]('POST', '', sent);
    expect(refused.status, refused.text).toBe(403);
    expect(refused.body.issue?.[0]).toMatchObject({ code: 'forbidden' });
    expect(refused.body.issue?.[0]?.expression?.[0]).toContain(`Bundle.entry[${at}]`);
    const needed = at === 0 ? /CareTeam .* Consent of the kind innsyn|for the coordinator/ : /./;
    expect(refused.body.issue?.[0]?.diagnostics).toMatch(needed);
    const found = await asked[who]('POST', 'Patient/_search', `identifier=${FNR}|${NUMBER}`, {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect((found.body.entry as unknown[] | undefined) ?? []).toEqual([]);
  });

  it('is not begun a second time for the same national identity number, whoever has the first', async () => {
    const { municipality, hospital } = await start();
    const own = bundle(person('17834201585'), team('PractitionerRole/stranger-role'), consent);
    const second = await hospital('POST', '', own);
    expect(second.status, second.text).toBe(422);
    expect(second.body.issue?.[0]).toMatchObject({ code: 'business-rule', expression: ['Bundle.entry[0].resource.identifier'] });
    expect(second.text).not.toContain('Patient/ida');
    for (const written of ['178342 01585', '17.83.42.01585', ' 178342-01585']) {
      const other = await hospital('POST', '', bundle(person(written), team('PractitionerRole/stranger-role'), consent));
      expect(other.status, other.text).toBe(422);
    }
    // Whoever signs in is found by these as well.
    const numbered = person('17834201585');
    const old = (numbered.identifier as object[]).map((each) => ({ ...each, use: 'old' }));
    for (const hidden of [
      { ...numbered, active: false },
      { ...numbered, identifier: old },
    ]) {
      const third = await hospital('POST', '', bundle(hidden, team('PractitionerRole/stranger-role'), consent));
      expect(third.status, third.text).toBe(422);
      expect(third.body.issue?.[0]).toMatchObject({ code: 'business-rule', expression: ['Bundle.entry[0].resource.identifier'] });
    }
    const twice = bundle(person(), team(), consent);
    expect(
      (
        await municipality('POST', '', {
          ...twice,
          entry: [...twice.entry, { resource: person(), request: { method: 'POST', url: 'Patient' } }],
        })
      ).status,
    ).not.toBe(200);
  });

  it('is not begun by a relative or a patient', async () => {
    await start();
    for (const fhirUser of ['Patient/ida', 'RelatedPerson/ida-mother']) {
      const ask = await ruled!.as({ scope: 'user/*.cruds', fhirUser });
      expect((await ask('POST', '', bundle(person(), team(), consent))).status, fhirUser).toBe(403);
    }
  });
});
