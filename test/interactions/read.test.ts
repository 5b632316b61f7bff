import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { patient } from '../support/fixtures.ts';

onEachServer('read and vread', (start) => {
  it('gives the current version with its headers [R4 http#read]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const answer = await server.request('GET', 'Patient/p1');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('ETag')).toBe('W/"1"');
    expect(answer.headers.get('Content-Type')).toBe('application/fhir+json; fhirVersion=4.0; charset=utf-8');
    expect(answer.headers.get('Last-Modified')).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    expect(answer.body).toMatchObject({ ...patient(), id: 'p1', meta: { versionId: '1', lastUpdated: expect.stringMatching(/Z$/) } });
  });

  it('tells what never was from what is deleted [R4 http#read]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    await server.request('DELETE', 'Patient/p1');
    const answer = await server.request('GET', 'Patient/p1');
    expectRefusal(answer, 410, 'deleted');
    expect(answer.headers.get('ETag')).toBe('W/"2"');
    expectRefusal(await server.request('GET', 'Patient/p2'), 404, 'not-found');
  });

  it.each([
    ['If-None-Match with the current version', { 'If-None-Match': 'W/"2"' }, 304],
    ['If-None-Match with the current version in a list', { 'If-None-Match': 'W/"7", W/"2"' }, 304],
    ['If-None-Match with any version', { 'If-None-Match': '*' }, 304],
    ['If-None-Match with an old version', { 'If-None-Match': 'W/"1"' }, 200],
    ['If-Modified-Since a time after it', { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' }, 304],
    ['If-Modified-Since a time before it', { 'If-Modified-Since': 'Mon, 01 Jan 2001 00:00:00 GMT' }, 200],
    ['If-Modified-Since that is no date', { 'If-Modified-Since': 'soon' }, 200],
    ['If-None-Match before If-Modified-Since', { 'If-None-Match': 'W/"1"', 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' }, 200],
  ])('answers %s [R4 http#cread]', async (_what, headers, status) => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', active: true }));
    const answer = await server.request('GET', 'Patient/p1', undefined, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('ETag')).toBe('W/"2"');
    expect(answer.text === '').toBe(status === 304);
  });

  it('answers HEAD as GET without the body', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const [head, get] = [await server.request('HEAD', 'Patient/p1'), await server.request('GET', 'Patient/p1')];
    expect([head.status, head.text, head.headers.get('ETag')]).toEqual([200, '', 'W/"1"']);
    expect(head.headers.get('Content-Length')).toBe(String(Buffer.byteLength(get.text)));
    expect((await server.request('HEAD', 'Patient/none')).status).toBe(404);
  });

  it('gives each version, and says which are not there [R4 http#vread]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', active: true }));
    await server.request('DELETE', 'Patient/p1');
    expect((await server.request('GET', 'Patient/p1/_history/1')).body.active).toBeUndefined();
    const second = await server.request('GET', 'Patient/p1/_history/2');
    expect([second.body.active, second.headers.get('ETag')]).toEqual([true, 'W/"2"']);
    expectRefusal(await server.request('GET', 'Patient/p1/_history/3'), 410, 'deleted');
    for (const version of ['4', '0', 'x', '1.5', '99999999999999999999']) {
      expectRefusal(await server.request('GET', `Patient/p1/_history/${version}`), 404, 'not-found');
    }
  });

  it('shows a part on request, and says that it is one [R4 http#parameters]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', maritalStatus: { text: 'gift' } }));
    const elements = await server.request('GET', 'Patient/p1?_elements=birthDate');
    expect(Object.keys(elements.body)).toEqual(['resourceType', 'id', 'meta', 'birthDate']);
    expect(elements.body.meta?.tag?.[0]?.code).toBe('SUBSETTED');
    const summary = await server.request('GET', 'Patient/p1?_summary=true');
    expect([summary.body.name, summary.body.maritalStatus]).toEqual([patient().name, undefined]);
    expectRefusal(await server.request('GET', 'Patient/p1?_summary=much'), 400, 'value', '_summary');
    expectRefusal(await server.request('GET', 'Patient/p1?_elements=birthday'), 400, 'value', '_elements');
    const whole = await server.request('GET', 'Patient/p1');
    expect((await server.request('GET', 'Patient/p1?_elements=&_summary=&_format=&_pretty=')).text).toBe(whole.text);
    expect((await server.request('GET', 'Patient/p1?_pretty=true')).text).toContain('\n  "id": "p1"');
    const refused = await server.request('GET', 'Patient?_pretty=true&nothing=x');
    expectRefusal(refused, 400, 'not-supported', 'nothing');
    expect(refused.text).toContain('\n  "issue": [');
  });
});
