import { afterEach, expect, it } from 'vitest';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachDatabase } from '../../support/stores.ts';
import { consentsOf, DIRECTORY, IDA, recordOf } from './matrix-record.ts';
import { NOW_MS } from './people.ts';
import { inRole, organization, put, ref } from './record-parts.ts';
import { type RuledServer, startRuledServer, type TokenClaims } from './ruled-server.ts';

const OID = 'urn:oid:2.16.578.1.12.4.1.4.';
const own = { system: `${OID}1`, value: '13717404089' };
const another = { system: `${OID}1`, value: '17834201585' };
const dNumber = { system: `${OID}2`, value: '57834201582' };
const local = { system: 'urn:local', value: '7' };

const COORDINATOR: TokenClaims = { scope: 'user/*.cruds', fhirUser: 'Practitioner/coordinator', organization_number: '100000002' };
const NURSE: TokenClaims = { scope: 'user/*.cruds', fhirUser: 'Practitioner/nurse', organization_number: '100000002' };
const SYSTEM: TokenClaims = { scope: 'system/*.cruds', organization_number: '100000001' };
const ADMINISTRATION: TokenClaims = { scope: 'system/*.cruds', scopes_alone: true } as TokenClaims;

onEachDatabase('who somebody is', (open) => {
  let ruled: RuledServer | undefined;
  afterEach(() => ruled?.close());

  async function start(...more: readonly Resource[]) {
    const database = await open({ nowMs: () => NOW_MS });
    await put(database.resources, ...DIRECTORY, ...recordOf(IDA, []), ...consentsOf(IDA, 'active'));
    if (more.length > 0) await put(database.resources, ...more);
    ruled = await startRuledServer(database);
    return ruled;
  }

  /** Caller, what is known of them, what is written, and the answer. */
  const rows: readonly (readonly [who: string, claims: TokenClaims, type: string, had: object[], has: object[], status: number])[] = [
    ['a coordinator, to another’s number', COORDINATOR, 'Patient', [own], [another], 403],
    ['a coordinator, to another’s number beside their own', COORDINATOR, 'Patient', [own], [own, { ...another, use: 'old' }], 403],
    ['a coordinator, to none', COORDINATOR, 'Patient', [own], [local], 403],
    ['a coordinator, to a first one', COORDINATOR, 'Patient', [local], [local, own], 403],
    ['a coordinator, in anything else', COORDINATOR, 'Patient', [own], [{ ...own, use: 'official' }, local], 200],
    ['a coordinator, in how it is written', COORDINATOR, 'Patient', [own], [{ ...own, value: '137174 04089' }], 200],
    [
      'a coordinator, to another’s number written otherwise',
      COORDINATOR,
      'Patient',
      [own],
      [own, { ...another, value: '178342 01585' }],
      403,
    ],
    ['the system of the municipality, to another’s number', SYSTEM, 'Patient', [own], [another], 403],
    ['the system of the municipality, to another’s number beside their own', SYSTEM, 'Patient', [own], [own, another], 403],
    ['the system of the municipality, to a first one', SYSTEM, 'Patient', [local], [local, own], 200],
    ['the system of the municipality, to two first ones', SYSTEM, 'Patient', [local], [another, own], 403],
    ['the system of the municipality, from a D-number to a fødselsnummer beside it', SYSTEM, 'Patient', [dNumber], [dNumber, own], 200],
    ['the system of the municipality, from a D-number to a fødselsnummer in its place', SYSTEM, 'Patient', [dNumber], [own], 403],
    ['administration, to another number', ADMINISTRATION, 'Patient', [own], [another], 200],
    ['a coordinator, a relative’s to another’s', COORDINATOR, 'RelatedPerson', [own], [another], 403],
    ['a coordinator, a relative’s to a first one', COORDINATOR, 'RelatedPerson', [], [own], 200],
    ['the system of the municipality, a relative’s to another’s', SYSTEM, 'RelatedPerson', [own], [another], 403],
  ];

  it.each(rows)('is changed by %s: row %#', async (_who, claims, type, had, has, status) => {
    const resource = (identifier: object[]): Resource => ({
      resourceType: type,
      id: type === 'Patient' ? 'ida' : 'ida-cousin',
      ...(type === 'Patient' ? { birthDate: IDA.birthDate } : { patient: ref('Patient/ida') }),
      ...(identifier.length === 0 ? {} : { identifier }),
    });
    const before = resource(had);
    const ask = await (await start(before)).as(claims);
    const path = `${type}/${before.id}`;
    const version = 'W/"2"';
    const written = await ask('PUT', path, resource(has), { 'If-Match': version });
    expect(written.status, written.text).toBe(status);
    const patch = [{ op: had.length === 0 ? 'add' : 'replace', path: '/identifier', value: has }];
    const headers = { 'Content-Type': 'application/json-patch+json' };
    const patched = await ask('PATCH', path, JSON.stringify(patch), headers);
    expect(patched.status, patched.text).toBe(status);
    if (status !== 403) return;
    expect(written.body.issue?.[0]).toMatchObject({ code: 'forbidden' });
    expect(written.text).toContain('By the access rule \\"identity\\"');
    const entry = [{ request: { method: 'PUT', url: path, ifMatch: version }, resource: resource(has) }];
    const whole = await ask('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expect(whole.body.issue?.[0]).toMatchObject({ code: 'forbidden', expression: ['Bundle.entry[0].resource'] });
  });

  it('ends when they stop working, or where they work does: a role that is left over opens nothing', async () => {
    const { as } = await start();
    const [nurse, administration] = [await as(NURSE), await as(ADMINISTRATION)];
    const plan = async () => (await nurse('GET', 'CarePlan/ida-plan')).status;
    expect(await plan()).toBe(200);
    const practitioner = { resourceType: 'Practitioner', id: 'nurse' };
    expect((await administration('PUT', 'Practitioner/nurse', { ...practitioner, active: false })).status).toBe(200);
    expect(await plan()).toBe(404);
    expect((await administration('PUT', 'Practitioner/nurse', { ...practitioner, active: true })).status).toBe(200);
    expect(await plan()).toBe(200);
    const unit = organization('home-care', '100000002', { partOf: 'solvik' });
    expect((await administration('PUT', 'Organization/home-care', { ...unit, active: false })).status).toBe(200);
    expect(await plan()).toBe(404);
  });

  it.each([
    ['Practitioner', 'former', SYSTEM, { identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.4', value: '999012345' }] }],
    ['RelatedPerson', 'ida-cousin', COORDINATOR, { patient: ref('Patient/ida') }],
    ['RelatedPerson', 'ida-cousin', SYSTEM, { patient: ref('Patient/ida') }],
  ] as const)('is not passed on with the id of a deleted %s', async (type, id, claims, more) => {
    const { as } = await start();
    const [ask, administration] = [await as(claims), await as(ADMINISTRATION)];
    const person = { resourceType: type, id, identifier: [another], ...more };
    expect((await administration('DELETE', `${type}/${id}`)).status).toBe(204);
    const entry = [{ request: { method: 'PUT', url: `${type}/${id}` }, resource: person }];
    const tried = [
      await ask('PUT', `${type}/${id}`, person),
      await ask('PUT', `${type}?_id=${id}`, person),
      await ask('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }),
    ];
    for (const { status, body, text } of tried) {
      expect(status, text).toBe(422);
      expect(body.issue?.[0]).toMatchObject({ code: 'business-rule', expression: [expect.stringMatching(/\.id$/)] });
    }
    expect((await administration('PUT', `${type}/${id}`, person)).status).toBe(201);
  });

  it('is not what a Person says who links two of them', async () => {
    const { as } = await start({ resourceType: 'Patient', id: 'other', birthDate: '1960-01-01' });
    const person = { resourceType: 'Person', identifier: [own], link: [{ target: ref('Patient/ida') }, { target: ref('Patient/other') }] };
    for (const claims of [COORDINATOR, NURSE, SYSTEM]) expect((await (await as(claims))('POST', 'Person', person)).status).toBe(403);
  });

  it('gives a member of the team no way to be kin: of their own patient, or of another', async () => {
    const team = {
      resourceType: 'CareTeam',
      id: 'other-team',
      status: 'active',
      subject: ref('Patient/other'),
      participant: [inRole('koordinator', 'PractitionerRole/gp-role')],
    };
    const { as } = await start({ resourceType: 'Patient', id: 'other', birthDate: '2020-01-01' }, team);
    const kin = (patient: string) => ({ resourceType: 'RelatedPerson', patient: ref(`Patient/${patient}`), identifier: [another] });
    const nurse = await as(NURSE);
    for (const patient of ['ida', 'other']) expect((await nurse('POST', 'RelatedPerson', kin(patient))).status).toBe(403);
    const coordinator = await as(COORDINATOR);
    expect((await coordinator('POST', 'RelatedPerson', kin('other'))).status).toBe(403);
    const moved = { ...kin('other'), id: 'ida-cousin' };
    expect((await coordinator('PUT', 'RelatedPerson/ida-cousin', moved, { 'If-Match': 'W/"1"' })).status).toBe(403);
  });
});
