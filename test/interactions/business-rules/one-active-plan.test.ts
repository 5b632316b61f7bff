import { expect, it } from 'vitest';
import type { Resource } from '../../../server/fhir/resource.ts';
import { onEachServer } from '../../support/each-server.ts';
import { expectRefusal } from '../../support/expect-answer.ts';
import { bundle, carePlan, entry, patient } from '../../support/fixtures.ts';
import type { TestServer } from '../../support/test-server.ts';

const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };
const planOfType = (type: string) => [{ coding: [{ system: 'https://fellesplan.example/fhir/CodeSystem/fp-plan-type', code: type }] }];
const individualPlan = (over: Record<string, unknown> = {}): Resource => carePlan({ category: planOfType('individuell-plan'), ...over });

const put = (server: TestServer, plan: Resource, version?: number) =>
  server.request('PUT', `CarePlan/${plan.id}`, plan, version === undefined ? {} : { 'If-Match': `W/"${version}"` });

onEachServer('one active individuell plan for each patient', (start) => {
  it('refuses a second one, whichever way it comes [FOR-2011-12-16-1256]', async () => {
    const server = await start();
    expect((await put(server, individualPlan({ id: 'a' }))).status).toBe(201);
    expectRefusal(await put(server, individualPlan({ id: 'b' })), 422, 'business-rule', 'CarePlan.status');
    expectRefusal(await server.request('POST', 'CarePlan', individualPlan()), 422, 'business-rule', 'CarePlan.status');
    expect((await put(server, individualPlan({ id: 'b', status: 'draft' }))).status).toBe(201);
    expectRefusal(await put(server, individualPlan({ id: 'b' }), 1), 422, 'business-rule', 'CarePlan.status');
    const activate = [{ op: 'replace', path: '/status', value: 'active' }];
    const patched = await server.request('PATCH', 'CarePlan/b', activate, { ...JSON_PATCH, 'If-Match': 'W/"1"' });
    expectRefusal(patched, 422, 'business-rule', 'CarePlan.status');
    const transaction = await server.request('POST', '', bundle('transaction', entry('POST', 'CarePlan', individualPlan())));
    expectRefusal(transaction, 422, 'business-rule', 'Bundle.entry[0].resource.status');
    const batch = await server.request('POST', '', bundle('batch', entry('POST', 'CarePlan', individualPlan())));
    expect(batch.text).toContain('422 Unprocessable Entity');
    expect((await server.request('GET', 'CarePlan?status=active&_summary=count')).body.total).toBe(1);
  });

  it('does not name the plan that is in the way', async () => {
    const server = await start();
    await put(server, individualPlan({ id: 'secret' }));
    expect((await put(server, individualPlan({ id: 'b' }))).text).not.toContain('secret');
  });

  it('lets other patients, other kinds of plan and changes of the plan itself be', async () => {
    const server = await start();
    await put(server, individualPlan({ id: 'a' }));
    expect((await put(server, individualPlan({ id: 'b', subject: { reference: 'Patient/p2' } }))).status).toBe(201);
    expect((await put(server, carePlan({ id: 'c', category: planOfType('behandlingsplan') }))).status).toBe(201);
    expect((await put(server, individualPlan({ id: 'a', title: 'Ny' }), 1)).status).toBe(200);
    const moved = individualPlan({ id: 'a', subject: { reference: 'Patient/p2' } });
    expectRefusal(await put(server, moved, 2), 422, 'business-rule', 'CarePlan.status');
  });

  it('lets one plan take the place of another in one transaction', async () => {
    const server = await start();
    await put(server, individualPlan({ id: 'a' }));
    const ended = entry('PUT', 'CarePlan/a', individualPlan({ id: 'a', status: 'completed' }), { request: { ifMatch: 'W/"1"' } });
    const next = entry('PUT', 'CarePlan/b', individualPlan({ id: 'b' }));
    expect((await server.request('POST', '', bundle('transaction', next, ended))).status).toBe(200);
    const removed = entry('DELETE', 'CarePlan/b', undefined, { request: { ifMatch: 'W/"1"' } });
    const third = entry('PUT', 'CarePlan/c', individualPlan({ id: 'c' }));
    expect((await server.request('POST', '', bundle('transaction', third, removed))).status).toBe(200);
  });

  it('finds the patient behind a link that is known only when it is carried out', async () => {
    const server = await start();
    const person = patient({ id: 'p1', identifier: [{ system: 'urn:n', value: '1' }] });
    await server.request('PUT', 'Patient/p1', person);
    await put(server, individualPlan({ id: 'a' }));
    const conditional = individualPlan({ subject: { reference: 'Patient?identifier=urn:n|1' } });
    const byReference = await server.request('POST', '', bundle('transaction', entry('POST', 'CarePlan', conditional)));
    expectRefusal(byReference, 422, 'business-rule', 'Bundle.entry[0].resource.status');
    const fullUrl = 'urn:uuid:7f0d3c8e-7f0b-4f3c-9a55-0d5b7a1c9d11';
    const found = entry('POST', 'Patient', person, { fullUrl, request: { ifNoneExist: 'identifier=urn:n|1' } });
    const byFullUrl = bundle('transaction', entry('POST', 'CarePlan', individualPlan({ subject: { reference: fullUrl } })), found);
    expectRefusal(await server.request('POST', '', byFullUrl), 422, 'business-rule', 'Bundle.entry[0].resource.status');
    const absolute = individualPlan({ subject: { reference: `${server.url}/Patient/p1` } });
    expectRefusal(await server.request('POST', 'CarePlan', absolute), 422, 'business-rule', 'CarePlan.status');
  });

  it('refuses two in one transaction', async () => {
    const server = await start();
    const two = bundle('transaction', entry('POST', 'CarePlan', individualPlan()), entry('POST', 'CarePlan', individualPlan()));
    expectRefusal(await server.request('POST', '', two), 422, 'business-rule', 'Bundle.entry[0].resource.status');
  });

  it('lets one of many pass that are written at the same time', async () => {
    const server = await start();
    const answers = await Promise.all(Array.from({ length: 12 }, () => server.request('POST', 'CarePlan', individualPlan())));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 11 }, () => 422)]);
  });
});
