import { expect, it, vi } from 'vitest';
import type { Meta } from '../../server/fhir/resource.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { bundle, carePlan, entry, patient } from '../support/fixtures.ts';
import { bearer, type TestAnswer, type TestServer } from '../support/test-server.ts';

const A = { system: 'urn:tags', code: 'a' };
const B = { system: 'urn:tags', code: 'b', display: 'Bee' };
const SECRET = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' };
const given = (meta: unknown) => ({ resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: meta }] });

const metaOf = (answer: TestAnswer): Meta => {
  expect([answer.status, answer.body.resourceType], answer.text).toEqual([200, 'Parameters']);
  return (answer.body.parameter as { name: string; valueMeta: Meta }[]).find(({ name }) => name === 'return')!.valueMeta;
};
const labelsOf = ({ profile, tag, security }: Meta) => ({ profile, tag, security });

onEachServer('$meta', (start) => {
  const begin = async (): Promise<TestServer> => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', meta: { tag: [A] } }));
    return server;
  };

  it('adds labels to an instance, once each, in a new version [R4 resource-operation-meta-add]', async () => {
    const server = await begin();
    const added = await server.request('POST', 'Patient/p1/$meta-add', given({ tag: [A, B], security: [SECRET] }));
    expect(labelsOf(metaOf(added))).toEqual({ profile: undefined, tag: [A, B], security: [SECRET] });
    expect([metaOf(added).versionId, added.headers.get('ETag')]).toEqual(['2', 'W/"2"']);
    const again = await server.request('POST', 'Patient/p1/%24meta-add', given({ tag: [{ ...B, display: 'Other' }] }));
    expect([metaOf(again).versionId, metaOf(again).tag]).toEqual(['2', [A, B]]);
    expect(metaOf(await server.request('GET', 'Patient/p1/$meta'))).toEqual(metaOf(again));
    expect((await server.request('GET', 'Patient?_tag=urn:tags|b&_summary=count')).body.total).toBe(1);
  });

  it('adds a label also where others stand there twice', async () => {
    const server = await start();
    const profile = 'http://hl7.org/fhir/StructureDefinition/Patient';
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', meta: { tag: [A, A], profile: [profile, profile] } }));
    const added = await server.request('POST', 'Patient/p1/$meta-add', given({ tag: [B, B], profile: [profile] }));
    expect([metaOf(added).versionId, metaOf(added).tag, metaOf(added).profile]).toEqual(['2', [A, A, B], [profile, profile]]);
    const gone = await server.request('POST', 'Patient/p1/$meta-delete', given({ tag: [A] }));
    expect(metaOf(gone).tag).toEqual([B]);
  });

  it('takes labels away, and passes over what is not there [R4 resource-operation-meta-delete]', async () => {
    const server = await begin();
    const none = await server.request('POST', 'Patient/p1/$meta-delete', given({ tag: [B] }));
    expect([metaOf(none).versionId, metaOf(none).tag]).toEqual(['1', [A]]);
    const gone = await server.request('POST', 'Patient/p1/$meta-delete', given({ tag: [{ system: 'urn:tags', code: 'a' }] }));
    expect([metaOf(gone).versionId, metaOf(gone).tag]).toEqual(['2', undefined]);
    expect((await server.request('GET', 'Patient/p1')).body.name).toBeDefined();
  });

  it('changes nothing when the version is not the one named, and takes no other input', async () => {
    const server = await begin();
    const add = (path: string, body: unknown, headers = {}) => server.request('POST', `${path}/$meta-add`, body, headers);
    expectRefusal(await add('Patient/p1', given({ tag: [B] }), { 'If-Match': 'W/"7"' }), 412, 'conflict', 'If-Match');
    expect(metaOf(await add('Patient/p1', given({ tag: [B] }), { 'If-Match': 'W/"1"' })).versionId).toBe('2');
    expectRefusal(await add('Patient/p1', { resourceType: 'Parameters' }), 400, 'value', 'meta');
    expectRefusal(await add('Patient/p1', patient()), 400, 'structure', 'Parameters');
    expectRefusal(await add('Patient/p1', given({ tag: [{ system: 'urn:x' }] })), 400, 'value', 'meta.tag');
    expectRefusal(await add('Patient/p1', given({ tag: 'x' })), 400, 'value', 'meta.tag');
    expectRefusal(await add('Patient/p1', given({ profile: [1] })), 400, 'value', 'meta.profile');
    expectRefusal(await add('Patient/p1', given({ tags: [B] })), 400, 'value', 'meta');
    expectRefusal(await add('Patient/none', given({ tag: [B] })), 404, 'not-found');
    expectRefusal(await server.request('GET', 'Patient/p1/$meta-add'), 405, 'not-supported');
    expectRefusal(await add('Patient', given({ tag: [B] })), 404, 'not-found');
    await server.request('DELETE', 'Patient/p1');
    expectRefusal(await add('Patient/p1', given({ tag: [B] })), 410, 'deleted');
    expectRefusal(await server.request('GET', 'Patient/p1/$meta'), 410, 'deleted');
    const whole = await server.request('POST', '', bundle('transaction', entry('POST', 'Patient/p1/$meta-add', given({ tag: [B] }))));
    expectRefusal(whole, 400, 'not-supported', 'Bundle.entry[0].request.url');
  });

  it('adds a profile only where the resource meets it', async () => {
    const server = await start({ services: { writeValidation: 'profile' } });
    await server.request('PUT', 'CarePlan/c1', carePlan({ id: 'c1' }));
    const profile = 'https://fellesplan.example/fhir/StructureDefinition/fp-care-plan';
    const answer = await server.request('POST', 'CarePlan/c1/$meta-add', given({ profile: [profile] }));
    expect([answer.status, answer.body.resourceType]).toEqual([422, 'OperationOutcome']);
    expect(metaOf(await server.request('GET', 'CarePlan/c1/$meta')).versionId).toBe('1');
  });

  it('says so, in valid FHIR, where nothing is in use', async () => {
    const server = await start();
    for (const path of ['$meta', 'Patient/$meta']) {
      const answer = await server.request('GET', path);
      const { profile, tag, security } = metaOf(answer);
      expect([profile, tag, security]).toEqual([undefined, undefined, undefined]);
      expect(server.services.validator.validate(answer.body).filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  it('reads no more of a type at a time than a few megabytes', async () => {
    const server = await begin();
    const { store } = server.services;
    for (const n of [1, 2, 3, 4]) {
      const meta = { tag: [{ system: 'urn:large', code: `${n}` }] };
      const large = { resourceType: 'Binary', id: `l${n}`, meta, contentType: 'text/plain', data: 'A'.repeat(6_000_000) };
      expect((await server.request('PUT', `Binary/l${n}`, large)).status).toBe(201);
    }
    const read: number[] = [];
    const asked = store.search;
    vi.spyOn(store, 'search').mockImplementation(async (query) => {
      const page = await asked(query);
      read.push(page.matches.reduce((size, { json }) => size + json.length, 0));
      return page;
    });
    expect(metaOf(await server.request('GET', 'Binary/$meta')).tag).toHaveLength(4);
    expect(Math.max(...read)).toBeLessThan(16 * 1024 * 1024);
  });

  it('tells what is in use on a type and on the whole server, of what the caller sees', async () => {
    const server = await begin();
    await server.request('PUT', 'Patient/p2', patient({ id: 'p2', meta: { tag: [B], profile: ['urn:profile'] } }));
    await server.request('PUT', 'CarePlan/c1', carePlan({ id: 'c1', meta: { security: [SECRET] } }));
    expect(metaOf(await server.request('GET', 'Patient/$meta'))).toEqual({ profile: ['urn:profile'], tag: [A, B] });
    expect(metaOf(await server.request('POST', '$meta'))).toEqual({ profile: ['urn:profile'], tag: [A, B], security: [SECRET] });
    expect(labelsOf(metaOf(await server.request('GET', 'Goal/$meta')))).toEqual(labelsOf({}));
    const scope = { level: 'patient', type: '*', create: false, read: true, update: false, delete: false, search: true } as const;
    const own = { Authorization: bearer({ scopes: [scope], patientId: 'p1' }) };
    expect(metaOf(await server.request('GET', '%24meta', undefined, own))).toEqual({ tag: [A], security: [SECRET] });
    expectRefusal(await server.request('POST', 'Patient/p1/$meta-add', given({ tag: [B] }), own), 403, 'forbidden');
    expectRefusal(await server.request('GET', 'Patient/p2/$meta', undefined, own), 404, 'not-found');
    expectRefusal(await server.request('GET', 'Patient/$meta?odd=1'), 400, 'not-supported', 'odd');
  });
});
