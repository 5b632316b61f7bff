import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal, keysOf } from '../support/expect-answer.ts';
import { bundle, carePlan, entry, observation, patient, task } from '../support/fixtures.ts';
import { bearer, type TestAnswer } from '../support/test-server.ts';

const P = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const C = 'urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059';

interface ResponseEntry {
  readonly response: {
    readonly status: string;
    readonly location?: string;
    readonly etag?: string;
    readonly lastModified?: string;
    readonly outcome?: unknown;
  };
  readonly resource?: Record<string, unknown>;
}

const responsesOf = (answer: TestAnswer): ResponseEntry[] => {
  expect(answer.status, answer.text).toBe(200);
  return (answer.body.entry ?? []) as ResponseEntry[];
};
const statusesOf = (answer: TestAnswer) => responsesOf(answer).map(({ response }) => response.status.slice(0, 3));

onEachServer('transaction', (start) => {
  it('writes linked entries together, and answers each in its place [R4 http#trules]', async () => {
    const server = await start();
    const answer = await server.request(
      'POST',
      '',
      bundle(
        'transaction',
        entry('POST', 'CarePlan', carePlan({ subject: { reference: P }, activity: [{ reference: { reference: 'Task/t1' } }] }), {
          fullUrl: C,
        }),
        entry('PUT', 'Task/t1', task({ id: 't1', basedOn: [{ reference: C }], for: { reference: P } })),
        entry('POST', 'Patient', patient(), { fullUrl: P }),
      ),
    );
    expect(answer.body.type).toBe('transaction-response');
    const [plan, measure, person] = responsesOf(answer);
    expect(statusesOf(answer)).toEqual(['201', '201', '201']);
    expect(plan?.response).toMatchObject({ etag: 'W/"1"', lastModified: expect.stringMatching(/\.\d{3}Z$/) });
    expect(measure?.response.location).toBe(`${server.url}/Task/t1/_history/1`);
    const [planId, personId] = [plan, person].map((each) => each?.response.location?.split('/').at(-3));
    expect((await server.request('GET', `CarePlan/${planId}`)).body).toMatchObject({
      subject: { reference: `Patient/${personId}` },
      activity: [{ reference: { reference: 'Task/t1' } }],
    });
    expect((await server.request('GET', 'Task/t1')).body).toMatchObject({
      basedOn: [{ reference: `CarePlan/${planId}` }],
      for: { reference: `Patient/${personId}` },
    });
    expect(keysOf(await server.request('GET', `CarePlan?subject=Patient/${personId}`))).toEqual([`CarePlan/${planId}`]);
  });

  it('keeps the canonical URLs of what it writes, though they are fullUrls as well [R4 references#canonical]', async () => {
    const server = await start();
    const codes = 'http://terms.example/CodeSystem/wards';
    const set = 'http://terms.example/ValueSet/wards';
    const ours = `${server.url}/ValueSet/ours`;
    const system = { resourceType: 'CodeSystem', url: codes, status: 'active', content: 'complete', concept: [{ code: 'a1' }] };
    const valueSet = { resourceType: 'ValueSet', id: 'wards', url: set, status: 'active', compose: { include: [{ system: codes }] } };
    const plan = carePlan({
      category: [{ coding: [{ system: codes, code: 'a1' }] }],
      instantiatesUri: [`${server.url}/Patient/p1`],
      subject: { reference: `${server.url}/Patient/p1` },
    });
    const answer = await server.request(
      'POST',
      '',
      bundle(
        'transaction',
        entry('POST', 'CodeSystem', system, { fullUrl: codes }),
        entry('PUT', 'ValueSet/wards', valueSet, { fullUrl: set }),
        entry('PUT', 'ValueSet/ours', { ...valueSet, id: 'ours', url: ours }, { fullUrl: ours }),
        entry('PUT', 'Patient/p1', patient({ id: 'p1' }), { fullUrl: `${server.url}/Patient/p1` }),
        entry('POST', 'CarePlan', plan, { fullUrl: C }),
      ),
    );
    expect(statusesOf(answer)).toEqual(['201', '201', '201', '201', '201']);
    expect(keysOf(await server.request('GET', `CodeSystem?url=${codes}`))).toHaveLength(1);
    expect((await server.request('GET', 'ValueSet/wards')).body).toMatchObject({ url: set, compose: { include: [{ system: codes }] } });
    expect((await server.request('GET', 'ValueSet/ours')).body).toMatchObject({ url: ours });
    const [written] = ((await server.request('GET', 'CarePlan')).body.entry ?? []) as { resource: unknown }[];
    expect(written?.resource).toMatchObject({
      category: plan.category,
      instantiatesUri: plan.instantiatesUri,
      subject: { reference: 'Patient/p1' },
    });
  });

  it('leads to an attachment that came from another server and keeps its id [R4 http#trules]', async () => {
    const server = await start();
    const there = 'https://other.example/fhir/Binary/b1';
    const document = {
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment: { contentType: 'text/plain', url: there } }],
    };
    const answer = await server.request(
      'POST',
      '',
      bundle(
        'transaction',
        entry('PUT', 'Binary/b1', { resourceType: 'Binary', id: 'b1', contentType: 'text/plain', data: 'QQ==' }, { fullUrl: there }),
        entry('PUT', 'DocumentReference/d1', { ...document, id: 'd1' }, { fullUrl: 'https://other.example/fhir/DocumentReference/d1' }),
      ),
    );
    expect(statusesOf(answer)).toEqual(['201', '201']);
    const written = (await server.request('GET', 'DocumentReference/d1')).body;
    expect(written).toMatchObject({ content: [{ attachment: { url: 'Binary/b1' } }] });
  });

  it('refuses a link by urn that is no entry, wherever it stands [R4 bundle#references]', async () => {
    const server = await start();
    const known = entry('POST', 'Patient', patient(), { fullUrl: P });
    const plan = carePlan({
      subject: { reference: P },
      contained: [{ resourceType: 'Goal', id: 'g', lifecycleStatus: 'active', description: { text: 'x' }, subject: { reference: C } }],
      extension: [{ url: 'urn:x', valueReference: { reference: 'urn:oid:1.2.3' } }],
      goal: [{ reference: '#g' }, { reference: 'Goal/somewhere' }],
    });
    const answer = await server.request('POST', '', bundle('transaction', known, entry('POST', 'CarePlan', plan)));
    expectRefusal(answer, 400, 'invalid', 'Bundle.entry[1].resource.contained[0].subject.reference');
    expect(answer.body.issue?.map(({ code, expression }) => [code, expression?.[0]])).toEqual([
      ['invalid', 'Bundle.entry[1].resource.contained[0].subject.reference'],
      ['invalid', 'Bundle.entry[1].resource.extension[0].valueReference.reference'],
    ]);
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(0);
  });

  it('leaves the links inside a Bundle that is stored to that Bundle', async () => {
    const server = await start();
    const inner = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: P, resource: patient() },
        { fullUrl: C, resource: carePlan({ subject: { reference: P } }) },
      ],
    };
    expect((await server.request('POST', '', bundle('transaction', entry('POST', 'Bundle', inner)))).status).toBe(200);
  });

  it('writes nothing when one entry fails, and says which [R4 http#transaction-response]', async () => {
    const server = await start();
    await server.request('PUT', 'CarePlan/c1', carePlan({ id: 'c1' }));
    const post = (...entries: unknown[]) =>
      server.request('POST', '', bundle('transaction', entry('POST', 'Patient', patient()), ...entries));
    expectRefusal(await post(entry('PUT', 'CarePlan/c1', carePlan({ id: 'c1' }))), 428, 'required', 'Bundle.entry[1].request.ifMatch');
    const stale = entry('PUT', 'CarePlan/c1', carePlan({ id: 'c1' }), { request: { ifMatch: 'W/"7"' } });
    expectRefusal(await post(stale), 412, 'conflict', 'Bundle.entry[1].request.ifMatch');
    expectRefusal(
      await post(entry('POST', 'Observation', observation({ status: 'x' }))),
      422,
      'code-invalid',
      'Bundle.entry[1].resource.status',
    );
    expectRefusal(await post(entry('GET', 'Patient/none')), 404, 'not-found', 'Bundle.entry[1]');
    expectRefusal(await post(entry('GET', 'Patient?odd=1')), 400, 'not-supported', 'Bundle.entry[1].request.url');
    expectRefusal(await post(entry('POST', 'Goal', patient())), 400, 'invalid', 'Bundle.entry[1].resource.resourceType');
    expectRefusal(await post(entry('POST', 'Odd', patient())), 404, 'not-supported', 'Bundle.entry[1]');
    expectRefusal(await post(entry('POST', '', bundle('batch'))), 400, 'structure', 'Bundle.entry[1].request.url');
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(0);
  });

  it('tells of the faults of all entries at once, in the order of the Bundle', async () => {
    const server = await start();
    const wrong = entry('POST', 'Observation', observation({ status: 'x' }));
    const expressions = async (...entries: unknown[]) => {
      const answer = await server.request('POST', '', bundle('transaction', ...entries));
      const errors = answer.body.issue?.filter(({ severity }) => severity === 'error');
      return [answer.status, errors?.map((issue) => issue.expression?.[0])];
    };
    expect(
      await expressions(
        entry('PUT', 'Patient/p1', patient({ id: 'p1', gender: 'x' })),
        entry('POST', 'Patient', patient()),
        wrong,
        entry('POST', 'Goal', patient()),
      ),
    ).toEqual([422, ['Bundle.entry[0].resource.gender', 'Bundle.entry[2].resource.status', 'Bundle.entry[3].resource.resourceType']]);
    const [, told] = await expressions(...Array.from({ length: 25 }, () => wrong));
    expect(told).toHaveLength(20);
    expect(await expressions(wrong, entry('GET', 'Odd'))).toEqual([422, ['Bundle.entry[0].resource.status']]);
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(0);
  });

  it('refuses two entries that change one resource [R4 http#trules]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const put = entry('PUT', 'Patient/p1', patient({ id: 'p1' }));
    expectRefusal(await server.request('POST', '', bundle('transaction', put, put)), 400, 'invalid', 'Bundle.entry[1]');
    const conditional = entry('PUT', 'Patient?identifier=p-1', patient());
    expectRefusal(await server.request('POST', '', bundle('transaction', put, conditional)), 400, 'invalid', 'Bundle.entry[1]');
    expectRefusal(
      await server.request('POST', '', bundle('transaction', put, entry('DELETE', 'Patient/p1'))),
      400,
      'invalid',
      'Bundle.entry[0]',
    );
  });

  it('deletes before it creates, and reads what it has written [R4 http#trules]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/old', patient({ id: 'old' }));
    const answer = await server.request(
      'POST',
      '',
      bundle(
        'transaction',
        entry('GET', 'Patient?family=ny'),
        entry('GET', 'Patient/new'),
        entry('PUT', 'Patient/new', patient({ id: 'new', name: [{ family: 'Ny' }] })),
        entry('POST', 'Patient', patient({ name: [{ family: 'Ny' }] }), { request: { ifNoneExist: 'family=solvik' } }),
        entry('DELETE', 'Patient/old'),
      ),
    );
    const [search, read] = responsesOf(answer);
    expect(statusesOf(answer)).toEqual(['200', '200', '201', '201', '204']);
    expect(search?.resource?.entry).toHaveLength(2);
    expect(read?.resource).toMatchObject({ id: 'new' });
  });

  it('reads in any way what it has written [R4 http#trules]', async () => {
    const server = await start();
    const urls = ['Patient/new', 'Patient/new/_history/1', 'Patient/new/_history', 'Patient/new/Observation', 'Patient/new/$everything'];
    const reads = urls.map((url) => entry('GET', url));
    const answer = await server.request('POST', '', bundle('transaction', ...reads, entry('PUT', 'Patient/new', patient({ id: 'new' }))));
    expect(statusesOf(answer)).toEqual([...urls.map(() => '200'), '201']);
  });

  it('finds conditional references in the store and among its own entries [R4 http#trules]', async () => {
    const server = await start();
    await server.request('PUT', 'Organization/org', {
      resourceType: 'Organization',
      id: 'org',
      identifier: [{ system: 'urn:o', value: '1' }],
      name: 'O',
    });
    const answer = await server.request(
      'POST',
      '',
      bundle(
        'transaction',
        entry('POST', 'Patient', patient({ managingOrganization: { reference: 'Organization?identifier=urn:o|1' } }), { fullUrl: P }),
        entry('POST', 'Observation', observation({ subject: { reference: 'Patient?identifier=urn:test:patients|p-1' } })),
      ),
      { Prefer: 'return=representation' },
    );
    const [person, value] = responsesOf(answer);
    expect(person?.resource).toMatchObject({ managingOrganization: { reference: 'Organization/org' } });
    expect(value?.resource).toMatchObject({ subject: { reference: `Patient/${person?.resource?.id as string}` } });
    const lost = entry('POST', 'Observation', observation({ subject: { reference: 'Patient?identifier=nobody' } }));
    expectRefusal(await server.request('POST', '', bundle('transaction', lost)), 400, 'not-found', 'Bundle.entry[0].resource');
    await server.request('POST', 'Patient', patient());
    const many = entry('POST', 'Observation', observation({ subject: { reference: 'Patient?identifier=urn:test:patients|p-1' } }));
    expectRefusal(await server.request('POST', '', bundle('transaction', many)), 412, 'multiple-matches', 'Bundle.entry[0].resource');
    const odd = entry('POST', 'Observation', observation({ subject: { reference: 'Patient?odd=1' } }));
    expectRefusal(await server.request('POST', '', bundle('transaction', odd)), 400, 'not-supported', 'Bundle.entry[0].resource');
  });

  it('links to what a conditional create or update found', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/there', patient({ id: 'there' }));
    const existing = entry('POST', 'Patient', patient(), { fullUrl: P, request: { ifNoneExist: 'identifier=urn:test:patients|p-1' } });
    const value = entry('POST', 'Observation', observation({ subject: { reference: P } }));
    const first = await server.request('POST', '', bundle('transaction', existing, value), { Prefer: 'return=representation' });
    expect([statusesOf(first), responsesOf(first)[1]?.resource?.subject]).toEqual([['200', '201'], { reference: 'Patient/there' }]);
    const update = entry('PUT', 'Patient?identifier=urn:test:patients|p-1', patient({ active: true }), { fullUrl: P });
    const second = await server.request('POST', '', bundle('transaction', update, value), { Prefer: 'return=representation' });
    expect([statusesOf(second), responsesOf(second)[1]?.resource?.subject]).toEqual([['200', '201'], { reference: 'Patient/there' }]);
  });

  it('makes one resource of two conditional creates with one condition', async () => {
    const server = await start();
    const create = (fullUrl: string) =>
      entry('POST', 'Patient', patient(), { fullUrl, request: { ifNoneExist: 'identifier=urn:test:patients|p-1' } });
    const values = [P, C].map((reference) => entry('POST', 'Observation', observation({ subject: { reference } })));
    const answer = await server.request('POST', '', bundle('transaction', create(P), create(C), ...values), {
      Prefer: 'return=representation',
    });
    expect(statusesOf(answer)).toEqual(['201', '200', '201', '201']);
    const [first, , a, b] = responsesOf(answer);
    expect([a, b].map((each) => each?.resource?.subject)).toEqual(Array(2).fill({ reference: `Patient/${first?.resource?.id as string}` }));
  });

  it('carries out transactions that want the same thing one after another', async () => {
    const server = await start();
    const post = () => {
      const create = entry('POST', 'Patient', patient(), { fullUrl: P, request: { ifNoneExist: 'identifier=urn:test:patients|p-1' } });
      return server.request(
        'POST',
        '',
        bundle('transaction', create, entry('POST', 'Observation', observation({ subject: { reference: P } }))),
      );
    };
    const answers = await Promise.all(Array.from({ length: 10 }, post));
    expect(answers.map((answer) => statusesOf(answer)[0]).toSorted()).toEqual([...Array<string>(9).fill('200'), '201']);
    const [person] = keysOf(await server.request('GET', 'Patient'));
    expect(keysOf(await server.request('GET', `Observation?subject=${person}`))).toHaveLength(10);
  });

  it('takes a large transaction with many conditions', async () => {
    const server = await start();
    const create = (n: number) => {
      const value = String(n % 300);
      const request = { ifNoneExist: `identifier=urn:n|${value}` };
      return entry('POST', 'Patient', patient({ identifier: [{ system: 'urn:n', value }] }), { request });
    };
    const answer = await server.request('POST', '', bundle('transaction', ...Array.from({ length: 400 }, (_, n) => create(n))));
    expect(statusesOf(answer).filter((status) => status === '201')).toHaveLength(300);
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(300);
  });

  it('rewrites relative links of entries that get another id', async () => {
    const server = await start();
    const person = entry('POST', 'Patient', patient({ id: 'mine' }), { fullUrl: 'http://elsewhere.example/fhir/Patient/mine' });
    const value = entry('POST', 'Observation', observation({ subject: { reference: 'Patient/mine' } }));
    const answer = await server.request('POST', '', bundle('transaction', value, person), { Prefer: 'return=representation' });
    const [found, made] = responsesOf(answer);
    expect(found?.resource?.subject).toEqual({ reference: `Patient/${made?.resource?.id as string}` });
  });

  it('patches in a Bundle, by a Binary or by Parameters [R4 http#patch]', async () => {
    const server = await start();
    for (const id of ['a', 'b']) await server.request('PUT', `Patient/${id}`, patient({ id }));
    const data = Buffer.from('[{"op":"add","path":"/active","value":true}]').toString('base64');
    const operation = [
      { name: 'type', valueCode: 'add' },
      { name: 'path', valueString: 'Patient' },
      { name: 'name', valueString: 'active' },
      { name: 'value', valueBoolean: true },
    ];
    const answer = await server.request(
      'POST',
      '',
      bundle(
        'transaction',
        entry('PATCH', 'Patient/a', { resourceType: 'Binary', contentType: 'application/json-patch+json', data }),
        entry('PATCH', 'Patient/b', { resourceType: 'Parameters', parameter: [{ name: 'operation', part: operation }] }),
      ),
      { Prefer: 'return=representation' },
    );
    expect(responsesOf(answer).map(({ resource }) => resource?.active)).toEqual([true, true]);
  });

  it('answers an empty transaction', async () => {
    const server = await start();
    expect(responsesOf(await server.request('POST', '', bundle('transaction')))).toEqual([]);
    expect((await server.request('POST', '', { resourceType: 'Bundle', type: 'batch' })).body.type).toBe('batch-response');
  });
});

onEachServer('batch', (start) => {
  it('answers each entry for itself [R4 http#brules]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const answer = await server.request(
      'POST',
      '',
      bundle(
        'batch',
        entry('GET', 'Patient/p1'),
        entry('GET', 'Patient/none'),
        null,
        entry('POST', 'Patient', patient()),
        entry('PUT', 'Patient/p9', patient({ id: 'p8' })),
        entry('HEAD', 'Patient/p1'),
        entry('GET', 'Patient/p1', undefined, { request: { ifNoneMatch: 'W/"1"' } }),
        entry('GET', 'metadata'),
      ),
    );
    expect([answer.body.type, statusesOf(answer)]).toEqual(['batch-response', ['200', '404', '400', '201', '400', '200', '304', '200']]);
    const entries = responsesOf(answer);
    expect(entries[0]?.resource?.id).toBe('p1');
    expect(entries[5]?.resource).toBeUndefined();
    expect(entries[1]?.response.outcome).toMatchObject({ issue: [{ code: 'not-found', expression: ['Bundle.entry[1]'] }] });
    expect(entries[4]?.response.outcome).toMatchObject({ issue: [{ code: 'invalid', expression: ['Bundle.entry[4].resource.id'] }] });
  });

  it('answers as much as can be held at once, and refuses the rest', async () => {
    const server = await start();
    const div = `<div xmlns="http://www.w3.org/1999/xhtml">${'x'.repeat(1_000_000)}</div>`;
    await server.request('PUT', 'Patient/large', patient({ id: 'large', text: { status: 'additional', div } }));
    const reads = Array.from({ length: 80 }, () => entry('GET', 'Patient/large'));
    const answer = await server.request('POST', '', bundle('batch', ...reads));
    const refused = responsesOf(answer).filter(({ response }) => response.status.startsWith('403'));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(20);
    expect(refused[0]?.response.outcome).toMatchObject({ issue: [{ code: 'too-costly' }] });
    const searches = await server.request('POST', '', bundle('batch', ...reads.map(() => entry('POST', 'Patient/_search'))));
    expect(searches.text.length).toBeLessThan(80_000_000);
    expect(responsesOf(searches).at(-1)?.response).toMatchObject({ outcome: { issue: [{ code: 'too-costly' }] } });
    const whole = await server.request('POST', '', bundle('transaction', entry('PUT', 'Patient/new', patient({ id: 'new' })), ...reads));
    expect([whole.status, whole.body.issue?.[0]?.code]).toEqual([403, 'too-costly']);
    const again = { request: { ifNoneExist: '_id=large' } };
    const told = Array.from({ length: 80 }, () => entry('POST', 'Patient', patient(), again));
    const writes = bundle('transaction', entry('PUT', 'Patient/new', patient({ id: 'new' })), ...told);
    expectRefusal(await server.request('POST', '', writes, { Prefer: 'return=representation' }), 403, 'too-costly', 'Bundle.entry[68]');
    expect((await server.request('GET', 'Patient/new')).status).toBe(404);
  });

  it('asks for access at each entry, as for a direct request', async () => {
    const server = await start();
    const scopes = [{ level: 'user', type: 'Patient', create: true, read: true, update: false, delete: false, search: false }] as const;
    const headers = { Authorization: bearer({ scopes, scope: 'user/Patient.cr' }) };
    const entries = [
      entry('POST', 'Patient', patient()),
      entry('POST', 'Observation', observation()),
      entry('DELETE', 'Patient/x'),
      entry('GET', 'Patient'),
    ];
    const answer = await server.request('POST', '', bundle('batch', ...entries), headers);
    expect(statusesOf(answer)).toEqual(['201', '403', '403', '403']);
    const whole = await server.request('POST', '', bundle('transaction', ...entries.slice(0, 2)), headers);
    expectRefusal(whole, 403, 'forbidden', 'Bundle.entry[1]');
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(1);
  });
});
