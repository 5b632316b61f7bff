/** Chains into contained resources over HTTP, on both stores: who sees what, and what else an answer does with them [R4 search#contained]. */
import { expect, it } from 'vitest';
import { patientClause } from '../../server/auth/access.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { onEachServer, type StartServer } from '../support/each-server.ts';
import { expectRefusal, keysOf } from '../support/expect-answer.ts';
import { patient } from '../support/fixtures.ts';
import { bearer, type TestServer } from '../support/test-server.ts';

const medicine = (over: Record<string, unknown> = {}) => ({
  resourceType: 'Medication',
  id: 'm',
  code: { coding: [{ system: 'urn:medicines', code: 'kit' }] },
  manufacturer: { reference: 'Organization/acme' },
  ...over,
});
const order = (over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'MedicationRequest',
  id: 'r',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p' },
  contained: [medicine()],
  medicationReference: { reference: '#m' },
  ...over,
});
const acme: Resource = { resourceType: 'Organization', id: 'acme', name: 'Acme' };

/** A token by which resources of these types are searched and read, and nothing else. */
const seeing = (...types: readonly string[]) => {
  const scopes = types.map((type) => {
    return { level: 'system', type, create: false, read: true, update: false, delete: false, search: true } as const;
  });
  return { Authorization: bearer({ scopes }) };
};

async function holding(start: StartServer, ...resources: readonly Resource[]): Promise<TestServer> {
  const server = await start({ services: { writeValidation: 'off' } });
  for (const resource of resources) {
    const answer = await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
    expect(answer.status, answer.text).toBe(201);
  }
  return server;
}

onEachServer('chains into contained resources over HTTP', (start) => {
  const found = async (server: TestServer, path: string, headers?: Record<string, string>): Promise<string[]> => {
    const answer = await server.request('GET', path, undefined, headers);
    expect(answer.status, answer.text).toBe(200);
    return keysOf(answer);
  };

  it('find what a resource contains now, and no longer what it contained before', async () => {
    const server = await holding(start, acme, order());
    const byCode = (code: string) => found(server, `MedicationRequest?medication.code=urn:medicines|${code}`);
    expect(await byCode('kit')).toEqual(['MedicationRequest/r']);
    const other = medicine({ code: { coding: [{ system: 'urn:medicines', code: 'other' }] } });
    expect((await server.request('PUT', 'MedicationRequest/r', order({ contained: [other] }))).status).toBe(200);
    expect([await byCode('kit'), await byCode('other')]).toEqual([[], ['MedicationRequest/r']]);
    const moved = order({ contained: [{ resourceType: 'Organization', id: 'o', name: 'First' }, other] });
    expect((await server.request('PUT', 'MedicationRequest/r', moved)).status).toBe(200);
    expect(await byCode('other')).toEqual(['MedicationRequest/r']);
    await server.request('DELETE', 'MedicationRequest/r');
    expect(await byCode('other')).toEqual([]);
  });

  it('are open to whoever sees the container, and lead on to what they see only', async () => {
    const server = await holding(start, acme, order());
    const byMaker = 'MedicationRequest?medication.manufacturer.name=acme';
    expect(await found(server, 'MedicationRequest?medication.code=kit', seeing('MedicationRequest'))).toEqual(['MedicationRequest/r']);
    expect(await found(server, byMaker, seeing('MedicationRequest', 'Medication'))).toEqual([]);
    expect(await found(server, byMaker, seeing('MedicationRequest', 'Organization'))).toEqual(['MedicationRequest/r']);
    const { status } = await server.request('GET', 'MedicationRequest?medication.code=kit', undefined, seeing('Medication'));
    expect(status).toBe(403);
  });

  it('lead through hidden containers to nothing they contain', async () => {
    const task = { resourceType: 'Task', id: 't', status: 'requested', intent: 'order', focus: { reference: 'MedicationRequest/r' } };
    const server = await holding(start, acme, order(), task);
    const through = 'Task?focus:MedicationRequest.medication.code=kit';
    expect(await found(server, through, seeing('Task'))).toEqual([]);
    expect(await found(server, through, seeing('Task', 'Medication'))).toEqual([]);
    expect(await found(server, through, seeing('Task', 'MedicationRequest'))).toEqual(['Task/t']);
  });

  it('open no record: what is contained tells nobody whose it is', async () => {
    const team = {
      resourceType: 'CareTeam',
      id: 't',
      subject: { reference: 'Patient/q' },
      participant: [{ member: { reference: 'Patient/q' } }],
    };
    const plan = { resourceType: 'CarePlan', id: 'plan', status: 'active', intent: 'plan', subject: { reference: 'Patient/p' } };
    const inner = { ...plan, id: 'inner', subject: { reference: 'Patient/q' } };
    const trace = { resourceType: 'Provenance', id: 'trace', contained: [inner], target: [{ reference: '#inner' }] };
    const server = await holding(
      start,
      patient({ id: 'p' }),
      patient({ id: 'q' }),
      { ...plan, contained: [team], careTeam: [{ reference: '#t' }] },
      trace,
    );
    expect(await found(server, 'CarePlan?care-team.participant=Patient/q')).toEqual(['CarePlan/plan']);
    expect(await found(server, 'Patient/q/CarePlan')).toEqual([]);
    expect(keysOf(await server.request('GET', 'Patient/q/$everything'))).toEqual(['Patient/q']);
    const where = patientClause('q', 'Provenance') ?? { op: 'none' };
    const { matches } = await server.services.store.search({ types: ['Provenance'], where, sort: [], limit: 9, total: 'none' });
    expect(matches).toEqual([]);
  });

  it('leave what is contained out of _include and _revinclude', async () => {
    const server = await holding(start, acme, order(), patient({ id: 'p' }));
    const included = async (query: string) => keysOf(await server.request('GET', query), 'include');
    expect(await included('MedicationRequest?_include=MedicationRequest:medication')).toEqual([]);
    expect(await included('MedicationRequest?_include=MedicationRequest:*&_include:iterate=Medication:manufacturer')).toEqual([
      'Patient/p',
    ]);
    expect(await included('MedicationRequest?_include=*')).toEqual(['Patient/p']);
    expect(await included('Organization?_revinclude=MedicationRequest:*')).toEqual([]);
    expect(await included('Organization?_revinclude=*')).toEqual([]);
  });

  it('are the only way to what is contained', async () => {
    const server = await holding(
      start,
      acme,
      order(),
      order({ id: 's', contained: undefined, medicationReference: { reference: 'Medication/x' } }),
    );
    for (const name of ['#Medication.code', 'Medication.code', '#', '#Medication', 'medication#code', 'code:contained'])
      expectRefusal(await server.request('GET', `MedicationRequest?${encodeURIComponent(name)}=kit`), 400, 'not-supported', name);
    for (const value of ['%23m', '%23'])
      expectRefusal(await server.request('GET', `MedicationRequest?medication=${value}`), 400, 'value', 'medication');
    expect(await found(server, 'MedicationRequest?medication=m')).toEqual([]);
    expect(await found(server, 'Medication?code=kit')).toEqual([]);
    expect(await found(server, 'MedicationRequest?medication:missing=true')).toEqual([]);
    expect(await found(server, 'MedicationRequest?_sort=medication')).toEqual(['MedicationRequest/r', 'MedicationRequest/s']);
  });

  it('are conditions of writes like others', async () => {
    const server = await holding(start, acme, order());
    const condition = { 'If-None-Exist': 'medication.code=kit' };
    expect((await server.request('POST', 'MedicationRequest', order({ id: undefined }), condition)).status).toBe(200);
    const changed = await server.request('PUT', 'MedicationRequest?medication.code=kit', order({ id: undefined, status: 'completed' }));
    expect([changed.status, changed.body.id]).toEqual([200, 'r']);
    expect((await server.request('DELETE', 'MedicationRequest?medication.manufacturer.name=acme')).status).toBe(204);
    expect((await server.request('POST', 'MedicationRequest', order({ id: undefined }), condition)).status).toBe(201);
  });
});
