import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { carePlan, patient } from '../support/fixtures.ts';

const numbered = (value: string, over: Record<string, unknown> = {}) => patient({ identifier: [{ system: 'urn:n', value }], ...over });

onEachServer('conditional interactions', (start) => {
  it('creates when nothing matches If-None-Exist, and else answers with what is there [R4 http#ccreate]', async () => {
    const server = await start();
    const create = () => server.request('POST', 'Patient', numbered('1'), { 'If-None-Exist': 'identifier=urn:n|1' });
    expect((await create()).status).toBe(201);
    const again = await create();
    expect([again.status, again.headers.get('Location'), again.body.id]).toEqual([200, `${server.url}/Patient/id-1/_history/1`, 'id-1']);
    await server.request('POST', 'Patient', numbered('1'));
    expectRefusal(await create(), 412, 'multiple-matches', 'If-None-Exist');
  });

  it('makes one resource of many conditional creates at once', async () => {
    const server = await start();
    const create = () => server.request('POST', 'Patient', numbered('7'), { 'If-None-Exist': 'identifier=urn:n|7' });
    const statuses = (await Promise.all(Array.from({ length: 12 }, create))).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([...Array<number>(11).fill(200), 201]);
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(1);
  });

  it.each([
    ['', 'invalid', 'If-None-Exist'],
    ['_count=1', 'invalid', 'If-None-Exist'],
    ['odd=1', 'not-supported', 'If-None-Exist'],
    ['birthdate=never', 'value', 'If-None-Exist'],
    ['identifier=x&_include=Patient:organization', 'invalid', 'If-None-Exist'],
  ])('refuses If-None-Exist: %s', async (header, code, expression) => {
    const server = await start();
    expectRefusal(await server.request('POST', 'Patient', patient(), { 'If-None-Exist': header }), 400, code, expression);
  });

  it('updates what matches, or creates [R4 http#cond-update]', async () => {
    const server = await start();
    const put = (body: unknown) => server.request('PUT', 'Patient?identifier=urn:n|1', body);
    const created = await put(numbered('1'));
    expect([created.status, created.body.id]).toEqual([201, 'id-1']);
    const updated = await put(numbered('1', { active: true }));
    expect([updated.status, updated.body.id, updated.headers.get('ETag')]).toEqual([200, 'id-1', 'W/"2"']);
    expect((await put(numbered('1', { id: 'id-1' }))).status).toBe(200);
    expectRefusal(await put(numbered('1', { id: 'other' })), 400, 'invalid', 'Patient.id');
    await server.request('PUT', 'Patient/p2', numbered('1', { id: 'p2' }));
    expectRefusal(await put(numbered('1')), 412, 'multiple-matches', 'url');
  });

  it('creates under the id of the body when nothing matches, unless that is somebody else [R4 http#cond-update]', async () => {
    const server = await start();
    const put = (body: unknown) => server.request('PUT', 'Patient?identifier=urn:n|5', body);
    await server.request('PUT', 'Patient/taken', numbered('4', { id: 'taken' }));
    expectRefusal(await put(numbered('5', { id: 'taken' })), 409, 'conflict', 'Patient.id');
    const created = await put(numbered('5', { id: 'free' }));
    expect([created.status, created.body.id]).toEqual([201, 'free']);
  });

  it('asks for If-Match where the type is versioned, also when the id is not given', async () => {
    const server = await start();
    await server.request('PUT', 'CarePlan/c1', carePlan({ id: 'c1', identifier: [{ value: 'a' }] }));
    const put = (headers: Record<string, string>) =>
      server.request('PUT', 'CarePlan?identifier=a', carePlan({ identifier: [{ value: 'a' }] }), headers);
    expectRefusal(await put({}), 428, 'required', 'If-Match');
    expect((await put({ 'If-Match': 'W/"1"' })).status).toBe(200);
    expectRefusal(await put({ 'If-Match': 'W/"1"' }), 412, 'conflict', 'If-Match');
  });

  it('deletes everything that matches, or nothing [R4 http#cdelete]', async () => {
    const server = await start();
    for (const id of ['a', 'b']) await server.request('PUT', `Patient/${id}`, numbered('1', { id }));
    await server.request('PUT', 'Patient/c', numbered('2', { id: 'c' }));
    expect((await server.request('DELETE', 'Patient?identifier=urn:n|1')).status).toBe(204);
    expect((await server.request('DELETE', 'Patient?identifier=urn:n|1')).status).toBe(204);
    const gone = await Promise.all(['a', 'b', 'c'].map(async (id) => (await server.request('GET', `Patient/${id}`)).status));
    expect(gone).toEqual([410, 410, 200]);
  });

  it('deletes by condition one plan at most, with If-Match and its version [R4 http#cdelete: single]', async () => {
    const server = await start();
    for (const id of ['a', 'b']) await server.request('PUT', `CarePlan/${id}`, carePlan({ id, identifier: [{ value: id }] }));
    const remove = (query: string, headers: Record<string, string> = {}) =>
      server.request('DELETE', `CarePlan?${query}`, undefined, headers);
    expectRefusal(await remove('identifier=a'), 428, 'required', 'If-Match');
    expectRefusal(await remove('identifier=a', { 'If-Match': '*' }), 428, 'required', 'If-Match');
    expectRefusal(await remove('identifier=a', { 'If-Match': 'W/"2"' }), 412, 'conflict', 'If-Match');
    expectRefusal(await remove('identifier=a,b', { 'If-Match': 'W/"1"' }), 412, 'multiple-matches', 'url');
    expect((await remove('identifier=none')).status).toBe(204);
    expect((await remove('identifier=a', { 'If-Match': 'W/"1"' })).status).toBe(204);
    expect((await server.request('GET', 'CarePlan?_summary=count')).body.total).toBe(1);
  });

  it('patches what matches [R4 http#patch]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/a', numbered('1', { id: 'a' }));
    const patch = (value: string) =>
      server.request('PATCH', `Patient?identifier=urn:n|${value}`, '[{"op":"add","path":"/active","value":true}]', {
        'Content-Type': 'application/json-patch+json',
      });
    expect((await patch('1')).body).toMatchObject({ id: 'a', active: true, meta: { versionId: '2' } });
    expectRefusal(await patch('2'), 404, 'not-found');
    await server.request('PUT', 'Patient/b', numbered('1', { id: 'b' }));
    expectRefusal(await patch('1'), 412, 'multiple-matches', 'url');
  });

  it.each([
    ['PUT', 'Patient', 'invalid', 'url'],
    ['DELETE', 'Patient', 'invalid', 'url'],
    ['DELETE', 'Patient?_format=json', 'invalid', 'url'],
    ['PUT', 'Patient?odd=1', 'not-supported', 'odd'],
    ['DELETE', 'Patient?birthdate=x', 'value', 'birthdate'],
  ])('refuses %s %s', async (method, path, code, expression) => {
    const server = await start();
    expectRefusal(await server.request(method, path, method === 'PUT' ? patient() : undefined), 400, code, expression);
  });
});
