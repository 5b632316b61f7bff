import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal, linkOf } from '../support/expect-answer.ts';
import { observation, patient } from '../support/fixtures.ts';
import type { TestAnswer, TestServer } from '../support/test-server.ts';

interface HistoryEntry {
  readonly fullUrl: string;
  readonly resource?: { readonly id: string; readonly meta: { readonly versionId: string; readonly lastUpdated: string } };
  readonly request: { readonly method: string; readonly url: string };
  readonly response: { readonly status: string; readonly etag: string; readonly lastModified: string };
}

const entriesOf = (answer: TestAnswer) => (answer.body.entry ?? []) as HistoryEntry[];

async function fill(server: TestServer): Promise<void> {
  await server.request('POST', 'Patient', patient());
  await server.request('PUT', 'Patient/id-1', patient({ id: 'id-1', active: true }));
  await server.request('PUT', 'Observation/o1', observation({ id: 'o1' }));
  await server.request('DELETE', 'Patient/id-1');
}

onEachServer('history', (start) => {
  it('tells of one resource, newest first, deletions without a resource [R4 http#history]', async () => {
    const server = await start();
    await fill(server);
    const answer = await server.request('GET', 'Patient/id-1/_history');
    expect(answer.body).toMatchObject({ resourceType: 'Bundle', type: 'history', total: 3 });
    expect(
      entriesOf(answer).map(({ request, response, resource }) => [request.method, request.url, response.etag, resource?.meta.versionId]),
    ).toEqual([
      ['DELETE', 'Patient/id-1', 'W/"3"', undefined],
      ['PUT', 'Patient/id-1', 'W/"2"', '2'],
      ['POST', 'Patient', 'W/"1"', '1'],
    ]);
    expect(entriesOf(answer).map(({ response }) => response.status)).toEqual(['204 No Content', '200 OK', '201 Created']);
  });

  it('tells of a type and of everything', async () => {
    const server = await start();
    await fill(server);
    const [ofType, ofAll] = [await server.request('GET', 'Observation/_history'), await server.request('GET', '_history')];
    expect(entriesOf(ofType).map(({ fullUrl }) => fullUrl)).toEqual([`${server.url}/Observation/o1`]);
    expect([ofAll.body.total, entriesOf(ofAll).map(({ request }) => request.method)]).toEqual([4, ['DELETE', 'PUT', 'PUT', 'POST']]);
    expect((await server.request('GET', 'Goal/_history')).body.total).toBe(0);
  });

  it('caps a page that is asked for larger than the limit [R4 http#paging]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    for (const count of ['1001', '99999999999999999999']) {
      expect((await server.request('GET', `Patient/p1/_history?_count=${count}`)).body.total).toBe(1);
    }
    expectRefusal(await server.request('GET', 'Patient/p1/_history?_count=-1'), 400, 'value', '_count');
  });

  it('pages without a gap while others write [R4 http#paging]', async () => {
    const server = await start();
    for (let version = 0; version < 7; version += 1) await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const versions: string[] = [];
    let url: string | undefined = 'Patient/p1/_history?_count=3';
    while (url !== undefined) {
      const answer: TestAnswer = await server.request('GET', url);
      versions.push(...entriesOf(answer).map(({ resource }) => resource?.meta.versionId ?? ''));
      await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
      url = linkOf(answer, 'next');
    }
    expect(versions).toEqual(['7', '6', '5', '4', '3', '2', '1']);
  });

  it('links to the first page and both ways, and tells nothing of the place [R4 http#paging]', async () => {
    const server = await start();
    for (let version = 0; version < 5; version += 1) await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const versionsOf = (answer: TestAnswer) => entriesOf(answer).map(({ resource }) => resource?.meta.versionId);
    const follow = async (answer: TestAnswer, relation: string) => server.request('GET', linkOf(answer, relation) ?? '');
    const first = await server.request('GET', 'Patient/p1/_history?_count=2&_elements=birthDate');
    expect([linkOf(first, 'self'), linkOf(first, 'previous')]).toEqual([
      `${server.url}/Patient/p1/_history?_count=2&_elements=birthDate`,
      undefined,
    ]);
    expect(linkOf(first, 'first')).toBe(linkOf(first, 'self'));
    expect(linkOf(first, 'next')).toMatch(/\/Patient\/p1\/_history\?_page=[\w-]+$/);
    const second = await follow(first, 'next');
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    const third = await follow(second, 'next');
    expect([first, second, third].map(versionsOf)).toEqual([['5', '4'], ['3', '2'], ['1']]);
    expect([first, second, third].map(({ body }) => body.total)).toEqual([5, 5, 5]);
    expect([linkOf(third, 'next'), entriesOf(third)[0]?.resource]).toEqual([
      undefined,
      expect.not.objectContaining({ name: expect.anything() }),
    ]);
    expect(versionsOf(await follow(third, 'self'))).toEqual(['1']);
    const back = await follow(third, 'previous');
    expect([versionsOf(back), versionsOf(await follow(third, 'prev'))]).toEqual([
      ['3', '2'],
      ['3', '2'],
    ]);
    const top = await follow(back, 'prev');
    expect([versionsOf(top), versionsOf(await follow(top, 'prev')), versionsOf(await follow(third, 'first'))]).toEqual([
      ['5', '4'],
      ['6'],
      ['6', '5'],
    ]);
    expectRefusal(await server.request('GET', (linkOf(first, 'next') ?? '').replace('p1', 'p2')), 400, 'invalid', '_page');
  });

  it('tells of what was brought back as created [R4 http#history]', async () => {
    const server = await start();
    for (const method of ['PUT', 'DELETE', 'PUT', 'PUT'])
      await server.request(method, 'Patient/p1', method === 'PUT' ? patient({ id: 'p1' }) : undefined);
    const all = entriesOf(await server.request('GET', 'Patient/p1/_history')).map(({ response }) => response.status);
    expect(all).toEqual(['200 OK', '201 Created', '204 No Content', '201 Created']);
    const [, second] = entriesOf(await server.request('GET', 'Patient/_history?_count=2'));
    expect(second?.response.status).toBe('201 Created');
  });

  it('takes _since and _at [R4 http#history]', async () => {
    const server = await start();
    await fill(server);
    const all = entriesOf(await server.request('GET', '_history'));
    const since = encodeURIComponent(all[1]?.response.lastModified ?? '');
    const later = entriesOf(await server.request('GET', `_history?_since=${since}`));
    expect(later.length).toBeGreaterThanOrEqual(2);
    expect(entriesOf(await server.request('GET', '_history?_since=2100-01-01'))).toEqual([]);
    expect(entriesOf(await server.request('GET', '_history?_at=2001'))).toEqual([]);
    const at = encodeURIComponent(all[2]?.response.lastModified ?? '');
    expect(entriesOf(await server.request('GET', `Patient/id-1/_history?_at=${at}`)).length).toBeGreaterThan(0);
  });

  it.each(['_count=0', '_summary=count', '_summary=count&_count=2'])('gives no versions, only their number, for %s', async (query) => {
    const server = await start();
    await fill(server);
    const answer = await server.request('GET', `_history?${query}`);
    expect([answer.body.total, answer.body.entry]).toEqual([4, undefined]);
  });

  it.each([
    ['Patient/never/_history', 404, 'not-found', undefined],
    ['_history?_since=yesterday', 400, 'value', '_since'],
    ['_history?_at=x', 400, 'value', '_at'],
    ['_history?_count=-1', 400, 'value', '_count'],
    ['_history?_count=1&_count=2', 400, 'value', '_count'],
    ['_history?_before=1', 400, 'not-supported', '_before'],
    ['_history?_page=x', 400, 'invalid', '_page'],
    ['Patient/_history?name=x', 400, 'not-supported', 'name'],
  ])('refuses %s', async (path, status, code, expression) => {
    const server = await start();
    expectRefusal(await server.request('GET', path), status, code, expression);
  });
});
