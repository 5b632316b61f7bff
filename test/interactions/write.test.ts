import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { bundle, carePlan, entry, observation, patient } from '../support/fixtures.ts';

onEachServer('create, update and delete', (start) => {
  it('creates under an id of its own choosing [R4 http#create]', async () => {
    const server = await start();
    const answer = await server.request('POST', 'Patient', patient({ id: 'mine', meta: { versionId: '9', tag: [{ code: 't' }] } }));
    expect(answer.status).toBe(201);
    expect(answer.headers.get('Location')).toBe(`${server.url}/Patient/id-1/_history/1`);
    expect([answer.headers.get('ETag'), answer.headers.get('Last-Modified')]).toEqual(['W/"1"', expect.any(String)]);
    expect(answer.body).toMatchObject({ id: 'id-1', meta: { versionId: '1', tag: [{ code: 't' }] } });
    expectRefusal(await server.request('GET', 'Patient/mine'), 404, 'not-found');
  });

  it('creates by PUT under the id of the client, then updates [R4 http#upsert]', async () => {
    const server = await start();
    const created = await server.request('PUT', 'Patient/p-1.x', patient({ id: 'p-1.x' }));
    expect([created.status, created.headers.get('Location')]).toEqual([201, `${server.url}/Patient/p-1.x/_history/1`]);
    const updated = await server.request('PUT', 'Patient/p-1.x', patient({ id: 'p-1.x', active: true }));
    expect([updated.status, updated.headers.get('ETag'), updated.body.active]).toEqual([200, 'W/"2"', true]);
  });

  it.each([
    ['return=minimal', 201, ''],
    ['return=representation', 201, 'Patient'],
    ['return=OperationOutcome', 201, 'OperationOutcome'],
    ['', 201, 'Patient'],
    ['return=everything', 201, 'Patient'],
  ])('answers a create with Prefer: %s [R4 http#ops]', async (prefer, status, type) => {
    const server = await start();
    const answer = await server.request('POST', 'Patient', patient(), { Prefer: prefer });
    expect([answer.status, answer.body.resourceType ?? '']).toEqual([status, type]);
    expect(answer.headers.get('Location')).toBe(`${server.url}/Patient/id-1/_history/1`);
  });

  it.each([
    ['return=minimal, return=representation', ''],
    ['RETURN = "minimal"', ''],
    ['respond-async; wait=10, return=OperationOutcome', 'OperationOutcome'],
    ['return=odd', 'Patient'],
  ])('reads Prefer: %s [RFC 7240]', async (prefer, type) => {
    const server = await start();
    const answer = await server.request('POST', 'Patient', patient(), { Prefer: prefer });
    expect([answer.status, answer.body.resourceType ?? '']).toEqual([201, type]);
  });

  it('shows a part of what is written on request, and keeps the whole [R4 http#parameters]', async () => {
    const server = await start();
    const tagged = { meta: { tag: [{ code: 'SUBSETTED' }] } };
    const created = await server.request('PUT', 'Patient/p1?_elements=birthDate', patient({ id: 'p1' }));
    expect([created.body, created.body.name]).toMatchObject([tagged, undefined]);
    const put = bundle('transaction', entry('PUT', 'Patient/p1?_summary=data', patient({ id: 'p1' })));
    const answer = await server.request('POST', '', put, { Prefer: 'return=representation' });
    expect((answer.body.entry as { resource: unknown }[])[0]?.resource).toMatchObject(tagged);
    expect((await server.request('GET', 'Patient/p1')).body).toMatchObject({ ...patient({ id: 'p1' }), meta: { versionId: '2' } });
    expect((await server.request('GET', 'Patient/p1')).body.meta?.tag).toBeUndefined();
  });

  it('lets an update with the current version in If-Match through, and no other [R4 http#concurrency]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const put = (ifMatch: string) => server.request('PUT', 'Patient/p1', patient({ id: 'p1' }), { 'If-Match': ifMatch });
    expect((await put('W/"1"')).status).toBe(200);
    expectRefusal(await put('W/"1"'), 412, 'conflict', 'If-Match');
    expect((await put('"2"')).status).toBe(200);
    expect((await put('W/"9", W/"3"')).status).toBe(200);
    expect((await put('*')).status).toBe(200);
    expectRefusal(await put('W/yes'), 400, 'invalid', 'If-Match');
    expectRefusal(await server.request('PUT', 'Patient/p2', patient({ id: 'p2' }), { 'If-Match': 'W/"1"' }), 412, 'conflict', 'If-Match');
  });

  it.each(['CarePlan', 'CareTeam', 'Goal', 'Task'])(
    'updates a %s with If-Match only [R4 capabilitystatement: versioned-update]',
    async (type) => {
      const server = await start({ services: { writeValidation: 'off' } });
      const put = (headers: Record<string, string>) => server.request('PUT', `${type}/x`, { resourceType: type, id: 'x' }, headers);
      expect((await put({})).status).toBe(201);
      expectRefusal(await put({}), 428, 'required', 'If-Match');
      expect((await put({ 'If-Match': 'W/"1"' })).status).toBe(200);
      expectRefusal(await put({ 'If-Match': 'W/"1"' }), 412, 'conflict', 'If-Match');
      expectRefusal(await put({ 'If-Match': '*' }), 428, 'required', 'If-Match');
      const remove = (headers: Record<string, string>) => server.request('DELETE', `${type}/x`, undefined, headers);
      expectRefusal(await remove({}), 428, 'required', 'If-Match');
      expectRefusal(await remove({ 'If-Match': '*' }), 428, 'required', 'If-Match');
      expectRefusal(await remove({ 'If-Match': 'W/"1"' }), 412, 'conflict', 'If-Match');
      expect((await remove({ 'If-Match': 'W/"2"' })).status).toBe(204);
      expect((await remove({})).status).toBe(204);
      expect((await put({})).status).toBe(201);
    },
  );

  it('tells what is wrong with the request before what is wrong with its content', async () => {
    const server = await start();
    const wrong = observation({ id: 'other', status: 'odd' });
    expectRefusal(await server.request('PUT', 'Observation/o1', wrong), 400, 'invalid', 'Observation.id');
    expectRefusal(await server.request('PUT', 'Observation?odd=1', wrong), 400, 'not-supported', 'odd');
    expectRefusal(await server.request('POST', 'Observation', wrong, { 'If-None-Exist': 'odd=1' }), 400, 'not-supported', 'If-None-Exist');
  });

  it('creates only what is not there yet with If-None-Match: *', async () => {
    const server = await start();
    const put = () => server.request('PUT', 'Patient/p1', patient({ id: 'p1' }), { 'If-None-Match': '*' });
    expect((await put()).status).toBe(201);
    expectRefusal(await put(), 412, 'conflict', 'If-None-Match');
  });

  it('deletes once, and says nothing against deleting again [R4 http#delete]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const first = await server.request('DELETE', 'Patient/p1');
    expect([first.status, first.text, first.headers.get('ETag')]).toEqual([204, '', 'W/"2"']);
    expect((await server.request('DELETE', 'Patient/p1')).status).toBe(204);
    expect((await server.request('DELETE', 'Patient/never')).status).toBe(204);
    expect((await server.request('GET', 'Patient/p1/_history')).body.total).toBe(2);
    expectRefusal(await server.request('DELETE', 'Patient/p1', undefined, { 'If-Match': 'W/"1"' }), 412, 'conflict', 'If-Match');
  });

  it('brings a deleted resource back as its next version [R4 http#delete]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    await server.request('DELETE', 'Patient/p1');
    const back = await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    expect([back.status, back.headers.get('ETag')]).toEqual([201, 'W/"3"']);
    expect((await server.request('GET', 'Patient/p1')).status).toBe(200);
  });

  it('brings a deleted resource back by the ETag of its deletion, once [R4 http#delete]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const tag = (await server.request('DELETE', 'Patient/p1')).headers.get('ETag') ?? '';
    expect((await server.request('GET', 'Patient/p1')).headers.get('ETag')).toBe(tag);
    const back = () => server.request('PUT', 'Patient/p1', patient({ id: 'p1' }), { 'If-Match': tag });
    expect([(await back()).status, tag]).toEqual([201, 'W/"2"']);
    expectRefusal(await back(), 412, 'conflict', 'If-Match');
    await server.request('DELETE', 'Patient/p1');
    expectRefusal(await back(), 412, 'conflict', 'If-Match');
  });

  it('loses no update among many at once: each accepted one has its version [R4 http#concurrency]', async () => {
    const server = await start();
    await server.request('PUT', 'CarePlan/c1', carePlan({ id: 'c1' }));
    const statuses: number[] = [];
    const client = async (name: number) => {
      for (let wins = 0; wins < 2; ) {
        const current = await server.request('GET', 'CarePlan/c1');
        const plan = { ...current.body, title: `by ${name}` };
        const { status } = await server.request('PUT', 'CarePlan/c1', plan, { 'If-Match': current.headers.get('ETag') ?? '' });
        statuses.push(status);
        if (status === 200) wins += 1;
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => client(name)));
    const history = await server.request('GET', 'CarePlan/c1/_history');
    expect(history.body.total).toBe(17);
    expect(new Set(statuses)).toEqual(statuses.includes(412) ? new Set([200, 412]) : new Set([200]));
  });

  it('keeps decimals as they were written, on every way in and out [R4 datatypes#decimal]', async () => {
    const server = await start();
    const text = (value: string, id?: string) =>
      `{"resourceType":"Observation",${id === undefined ? '' : `"id":"${id}",`}"status":"final","code":{"text":"w"},"valueQuantity":{"value":${value}}}`;
    expect((await server.request('POST', 'Observation', text('1.00'))).text).toContain('"value":1.00}');
    expect((await server.request('GET', 'Observation/id-1')).text).toContain('"value":1.00}');
    expect((await server.request('PUT', 'Observation/id-1', text('2.50', 'id-1'))).text).toContain('"value":2.50}');
    expect((await server.request('GET', 'Observation')).text).toContain('"value":2.50}');
    expect((await server.request('GET', 'Observation/id-1?_elements=value')).text).toContain('"value":2.50}');
    expect((await server.request('GET', 'Observation/id-1/_history?_pretty=true')).text).toContain('"value": 1.00\n');
    const entry = `{"resource":${text('0.0000001000')},"request":{"method":"POST","url":"Observation"}}`;
    const bundle = `{"resourceType":"Bundle","type":"transaction","entry":[${entry}]}`;
    const transaction = await server.request('POST', '', bundle, { Prefer: 'return=representation' });
    expect(transaction.text).toContain('"value":0.0000001000}');
    const patch = '[{"op":"add","path":"/valueQuantity/unit","value":"kg"}]';
    const patched = await server.request('PATCH', 'Observation/id-1', patch, { 'Content-Type': 'application/json-patch+json' });
    expect(patched.text).toContain('"value":2.50,');
  });

  it('answers what breaks a rule with 422, and what has not the structure with 400', async () => {
    const server = await start();
    expectRefusal(await server.request('POST', 'Observation', observation({ status: 'odd' })), 422, 'code-invalid', 'Observation.status');
    const broken = await server.request('POST', 'Observation', observation({ odd: 1 }));
    expect([broken.status, broken.body.issue?.[0]?.code]).toEqual([400, 'structure']);
  });

  it('stores what it is told not to check', async () => {
    const server = await start({ services: { writeValidation: 'off' } });
    expect((await server.request('POST', 'Observation', observation({ status: 'odd' }))).status).toBe(201);
  });
});
