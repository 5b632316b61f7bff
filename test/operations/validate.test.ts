import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { carePlan, patient } from '../support/fixtures.ts';
import { bearer, type TestServer } from '../support/test-server.ts';

const PLAN = 'https://fellesplan.example/fhir/StructureDefinition/fp-care-plan';
const parameters = (...parameter: readonly object[]) => ({ resourceType: 'Parameters', parameter });

onEachServer('$validate', (start) => {
  const codes = async (server: TestServer, path: string, body?: unknown, headers = {}) => {
    const answer = await server.request(body === undefined ? 'GET' : 'POST', path, body, headers);
    expect([answer.status, answer.body.resourceType], answer.text).toEqual([200, 'OperationOutcome']);
    const errors = answer.body.issue?.filter(({ severity }) => severity === 'error') ?? [];
    return errors.map(({ code, expression }) => `${code} ${expression?.[0] ?? ''}`.trim());
  };

  it('holds a resource against a profile, named in the URL or in the Parameters [R4 resource-operation-validate]', async () => {
    const server = await start();
    expect(await codes(server, 'CarePlan/$validate', carePlan())).toEqual([]);
    const byUrl = await codes(server, `CarePlan/$validate?profile=${PLAN}`, carePlan());
    expect(byUrl.length).toBeGreaterThan(3);
    const resource = { name: 'resource', resource: carePlan() };
    expect(await codes(server, 'CarePlan/$validate', parameters(resource, { name: 'profile', valueCanonical: PLAN }))).toEqual(byUrl);
    expect(await codes(server, `CarePlan/$validate?profile=${PLAN}&mode=profile`, carePlan())).toEqual(byUrl);
  });

  it('validates what is stored, or what would take its place', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    expect(await codes(server, 'Patient/p1/$validate')).toEqual([]);
    expect(await codes(server, 'Patient/p1/$validate', parameters())).toEqual([]);
    expect(await codes(server, 'Patient/p1/$validate', patient({ id: 'p1', gender: 'odd' }))).toEqual(['code-invalid Patient.gender']);
    expect(await codes(server, 'Patient/p1/$validate?mode=update', patient())).toEqual(['required Patient.id']);
    expect(await codes(server, 'Patient/p1/$validate?mode=update', patient({ id: 'p2' }))).toEqual(['invalid Patient.id']);
    expect(await codes(server, 'Patient/p1/$validate?mode=update', patient({ id: 'p1' }))).toEqual([]);
  });

  it('tells whether an instance may be deleted', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    expect(await codes(server, 'Patient/p1/$validate?mode=delete')).toEqual([]);
    const scope = { level: 'user', type: 'Patient', create: false, read: true, update: false, delete: false, search: true } as const;
    const reader = { Authorization: bearer({ scopes: [scope] }) };
    expect(await codes(server, 'Patient/p1/$validate', parameters({ name: 'mode', valueCode: 'delete' }), reader)).toEqual(['forbidden']);
    expect((await server.request('GET', 'Patient/p1')).status).toBe(200);
    expectRefusal(await server.request('POST', 'Patient/$validate?mode=delete', patient()), 400, 'invalid', 'mode');
  });

  it('looks references up when asked', async () => {
    const server = await start();
    await server.request('PUT', 'Organization/o1', { resourceType: 'Organization', id: 'o1', name: 'O' });
    const of = (reference: string) => patient({ managingOrganization: { reference } });
    const missing = ['not-found Patient.managingOrganization'];
    expect(await codes(server, 'Patient/$validate', of('Organization/none'))).toEqual([]);
    expect(await codes(server, 'Patient/$validate?check-references=false', of('Organization/none'))).toEqual([]);
    expect(await codes(server, 'Patient/$validate?check-references=true', of('Organization/none'))).toEqual(missing);
    expect(await codes(server, 'Patient/$validate?check-references=true', of('Organization/o1'))).toEqual([]);
    expect(await codes(server, 'Patient/$validate?check-references=true', of('https://other.example/Organization/none'))).toEqual([]);
    const asked = parameters({ name: 'resource', resource: of('Organization/none') }, { name: 'check-references', valueBoolean: true });
    expect(await codes(server, 'Patient/$validate', asked)).toEqual(missing);
    expectRefusal(await server.request('POST', 'Patient/$validate?check-references=odd', patient()), 400, 'value', 'check-references');
    const many = Array.from({ length: 2500 }, (_, index) => ({ reference: `Practitioner/${index}` }));
    const all = patient({ generalPractitioner: [...many, { reference: 'Odd/1' }] });
    expect((await server.request('POST', 'Patient/$validate?check-references=true', all)).body.issue?.[0]?.code).toBe('not-found');
    const scope = { level: 'user', type: 'Patient', create: true, read: true, update: true, delete: true, search: true } as const;
    const narrow = { Authorization: bearer({ scopes: [scope] }) };
    expect(await codes(server, 'Patient/$validate?check-references=true', of('Organization/o1'), narrow)).toEqual(missing);
    await server.request('DELETE', 'Organization/o1');
    expect(await codes(server, 'Patient/$validate?check-references=true', of('Organization/o1'))).toEqual(missing);
  });

  it('refuses what cannot be validated', async () => {
    const server = await start();
    const post = (path: string, body?: unknown) => server.request('POST', path, body);
    expectRefusal(await post('Patient/$validate'), 400, 'structure', 'Patient');
    expectRefusal(await post('Patient/$validate', carePlan()), 400, 'invalid', 'Patient.resourceType');
    expectRefusal(await post('Patient/$validate', [1]), 400, 'structure', 'resourceType');
    expectRefusal(await post('Patient/$validate?mode=odd', patient()), 400, 'value', 'mode');
    expectRefusal(await post('Patient/$validate?mode=profile', patient()), 400, 'value', 'profile');
    expectRefusal(await post('Patient/$validate?odd=1', patient()), 400, 'not-supported', 'odd');
    expectRefusal(await post('Patient/p1/$validate?mode=create', patient()), 400, 'invalid', 'mode');
    expectRefusal(await post('Patient/$validate', parameters({ name: 'odd', valueCode: 'x' })), 400, 'not-supported', 'odd');
    expectRefusal(await server.request('GET', 'Patient/$validate'), 405, 'not-supported');
    expectRefusal(await server.request('GET', 'Patient/none/$validate'), 404, 'not-found');
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    await server.request('DELETE', 'Patient/p1');
    expectRefusal(await server.request('GET', 'Patient/p1/$validate'), 410, 'deleted');
    expectRefusal(await server.request('GET', 'Patient/p1/$validate?mode=delete'), 410, 'deleted');
  });
});
