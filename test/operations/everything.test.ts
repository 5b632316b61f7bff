import { expect, it, vi } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal, keysOf, linkOf } from '../support/expect-answer.ts';
import { carePlan, observation, patient, task } from '../support/fixtures.ts';
import { bearer, type TestServer } from '../support/test-server.ts';

const of = (id: string) => ({ subject: { reference: `Patient/${id}` } });
const to = (reference: string) => ({ reference });

const RESOURCES: readonly Resource[] = [
  { resourceType: 'Practitioner', id: 'nurse' },
  { resourceType: 'PractitionerRole', id: 'nurse-role', practitioner: to('Practitioner/nurse') },
  patient({ id: 'p1', generalPractitioner: [to('PractitionerRole/nurse-role')] }),
  patient({ id: 'p2' }),
  { resourceType: 'Goal', id: 'g1', lifecycleStatus: 'active', description: { text: 'Gå' }, ...of('p1') },
  observation({ id: 'o1', ...of('p1') }),
  observation({ id: 'o2', ...of('p2') }),
  { resourceType: 'CareTeam', id: 't1', status: 'active', ...of('p1'), participant: [{ member: to('PractitionerRole/nurse-role') }] },
  carePlan({ id: 'c1', goal: [to('Goal/g1')], careTeam: [to('CareTeam/t1')], supportingInfo: [to('Observation/o1')] }),
  carePlan({ id: 'c2', partOf: [to('CarePlan/c1')] }),
  task({ id: 'k1', for: to('Patient/p1'), basedOn: [to('CarePlan/c1')], focus: to('Goal/g1') }),
  carePlan({ id: 'c9', ...of('p2') }),
];

onEachServer('$everything', (start) => {
  const begin = async (): Promise<TestServer> => {
    const server = await start();
    for (const resource of RESOURCES) {
      const answer = await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
      expect(answer.status, answer.text).toBe(201);
    }
    return server;
  };
  const all = async (server: TestServer, first: string): Promise<string[][]> => {
    const pages: string[][] = [];
    for (let url: string | undefined = first; url !== undefined; ) {
      const answer = await server.request('GET', url);
      pages.push(keysOf(answer));
      url = linkOf(answer, 'next');
    }
    return pages;
  };

  it('gives a patient with all that is about them, and what that refers to [R4 patient-operation-everything]', async () => {
    const server = await begin();
    const answer = await server.request('GET', 'Patient/p1/$everything');
    expect(keysOf(answer).toSorted()).toEqual([
      'CarePlan/c1',
      'CarePlan/c2',
      'CareTeam/t1',
      'Goal/g1',
      'Observation/o1',
      'Patient/p1',
      'Task/k1',
    ]);
    expect(keysOf(answer, 'include')).toEqual(['PractitionerRole/nurse-role', 'Practitioner/nurse']);
    expect(keysOf(await server.request('POST', 'Patient/p1/%24everything'))).toEqual(keysOf(answer));
  });

  it('reads no more than a few megabytes at a time of what only refers to what is asked for', async () => {
    const server = await begin();
    const content = [{ attachment: { contentType: 'text/plain', data: 'A'.repeat(6_000_000) } }];
    for (const n of [1, 2, 3, 4]) {
      const author = [to('PractitionerRole/nurse-role')];
      const body = { resourceType: 'DocumentReference', id: `d${n}`, status: 'current', content, author, ...of('p1') };
      expect((await server.request('PUT', `DocumentReference/d${n}`, body)).status).toBe(201);
    }
    const { store } = server.services;
    const { search } = store;
    const read: number[] = [];
    vi.spyOn(store, 'atOneMoment').mockImplementation((work) => work(store));
    vi.spyOn(store, 'search').mockImplementation(async (query) => {
      const page = await search(query);
      read.push(page.matches.reduce((size, { json }) => size + json.length, 0));
      return page;
    });
    const answer = await server.request('GET', 'Patient/p1/$everything?_type=PractitionerRole');
    vi.restoreAllMocks();
    expect(keysOf(answer)).toEqual(['PractitionerRole/nurse-role']);
    expect(read.reduce((sum, size) => sum + size)).toBeGreaterThan(24_000_000);
    expect(Math.max(...read)).toBeLessThan(16 * 1024 * 1024);
  });

  it('gives only the types named, also of what is referred to [R4 patient-operation-everything _type]', async () => {
    const server = await begin();
    const named = async (types: string): Promise<string[][]> => {
      const answer = await server.request('GET', `Patient/p1/$everything?_type=${types}`);
      return [keysOf(answer).toSorted(), keysOf(answer, 'include')];
    };
    expect(await named('CareTeam')).toEqual([['CareTeam/t1'], []]);
    expect(await named('CareTeam,Practitioner')).toEqual([['CareTeam/t1', 'Practitioner/nurse'], []]);
    expect(await named('PractitionerRole,Organization')).toEqual([['PractitionerRole/nurse-role'], []]);
    expect(await all(server, 'Patient/p1/$everything?_type=CareTeam,PractitionerRole,Practitioner&_count=1')).toHaveLength(3);
  });

  it('gives a plan with its parts at any depth, and nothing of another plan', async () => {
    const server = await begin();
    const answer = await server.request('GET', 'CarePlan/c1/$everything');
    expect(keysOf(answer).toSorted()).toEqual([
      'CarePlan/c1',
      'CarePlan/c2',
      'CareTeam/t1',
      'Goal/g1',
      'Observation/o1',
      'Patient/p1',
      'Practitioner/nurse',
      'PractitionerRole/nurse-role',
      'Task/k1',
    ]);
  });

  it.each([
    ['Patient/p1', 7],
    ['CarePlan/c1', 9],
  ])('gives %s in pages, each resource once', async (place, total) => {
    const server = await begin();
    const pages = await all(server, `${place}/$everything?_count=2`);
    expect([pages.length, pages.every((page) => page.length <= 2)]).toEqual([Math.ceil(total / 2), true]);
    expect(new Set(pages.flat()).size).toBe(total);
    expect(pages.flat()).toHaveLength(total);
  });

  it.each(['Patient/p1', 'CarePlan/c1'])('narrows %s to types and to what has changed since', async (place) => {
    const server = await begin();
    expect(keysOf(await server.request('GET', `${place}/$everything?_type=Goal,Task`)).toSorted()).toEqual(['Goal/g1', 'Task/k1']);
    const before = (await server.request('GET', 'Task/k1')).body.meta?.lastUpdated ?? '';
    const since = encodeURIComponent(before);
    expect(keysOf(await server.request('GET', `${place}/$everything?_since=${since}&_type=Task,Goal`))).toEqual(['Task/k1']);
    const body = {
      resourceType: 'Parameters',
      parameter: [
        { name: '_type', valueCode: 'Task' },
        { name: '_since', valueInstant: before },
      ],
    };
    expect(keysOf(await server.request('POST', `${place}/$everything`, body))).toEqual(['Task/k1']);
    expectRefusal(await server.request('GET', `${place}/$everything?_type=Nothing`), 400, 'value', '_type');
    // The link to the answer itself leads to the same answer.
    const asked = await server.request('GET', `${place}/$everything?_since=${since}&_type=Task,Goal&_count=1`);
    const self = linkOf(asked, 'self') ?? '';
    expect(self).toContain('_since=');
    expect(keysOf(await server.request('GET', self))).toEqual(['Task/k1']);
    expectRefusal(await server.request('GET', `${place}/$everything?_since=then`), 400, 'value', '_since');
    expectRefusal(await server.request('GET', `${place}/$everything?odd=1`), 400, 'not-supported', 'odd');
  });

  it.each([
    ['start=2026-04-01&end=2026-04-30', ['April', 'Goal/g1', 'Open', 'Undated']],
    ['start=2026-05-01', ['Goal/g1', 'Open', 'Undated']],
    ['end=2026-01-31', ['Goal/g1', 'Undated']],
    ['end=2026-03-05', ['Goal/g1', 'March', 'Open', 'Undated']],
  ])('narrows by when the care took place: %s [R4 patient-operation-everything start, end]', async (query, expected) => {
    const server = await begin();
    const dated = (id: string, effectiveDateTime?: string) =>
      observation({ id, ...of('p1'), ...(effectiveDateTime === undefined ? {} : { effectiveDateTime }) });
    const open = carePlan({ id: 'Open', period: { start: '2026-03-01' } });
    for (const resource of [dated('April', '2026-04-15'), dated('March', '2026-03-03'), dated('Undated'), open]) {
      expect((await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource)).status).toBe(201);
    }
    const told = (keys: string[]) =>
      keys.filter((key) => /April|March|Undated|Open|Goal/.test(key)).map((key) => key.replace(/^(Obs|Care).*\//, ''));
    const first = await server.request('GET', `Patient/p1/$everything?_type=Observation,CarePlan,Goal&_count=2&${query}`);
    expect(linkOf(first, 'self')).toContain(query.split('&')[0]);
    const pages = await all(server, `Patient/p1/$everything?_type=Observation,CarePlan,Goal&_count=2&${query}`);
    expect(told(pages.flat()).toSorted()).toEqual(expected);
    const parameter = query.split('&').map((pair) => ({ name: pair.split('=')[0], valueDate: pair.split('=')[1] }));
    const posted = await server.request('POST', 'Patient/p1/$everything', { resourceType: 'Parameters', parameter });
    expect(told(keysOf(posted)).toSorted()).toEqual(expected);
  });

  it('refuses care dates that cannot be', async () => {
    const server = await begin();
    expectRefusal(await server.request('GET', 'Patient/p1/$everything?start=spring'), 400, 'value', 'start');
    expectRefusal(await server.request('GET', 'CarePlan/c1/$everything?start=2026-05-01&end=2026-04-01'), 400, 'value', 'end');
  });

  it('shows only what the caller reaches', async () => {
    const server = await begin();
    const scope = { level: 'patient', create: false, read: true, update: false, delete: false, search: true } as const;
    const own = { Authorization: bearer({ scopes: ['CarePlan', 'Goal'].map((type) => ({ ...scope, type })), patientId: 'p1' }) };
    expect(keysOf(await server.request('GET', 'CarePlan/c1/$everything', undefined, own)).toSorted()).toEqual([
      'CarePlan/c1',
      'CarePlan/c2',
      'Goal/g1',
    ]);
    expectRefusal(await server.request('GET', 'CarePlan/c9/$everything', undefined, own), 404, 'not-found');
    expectRefusal(await server.request('GET', 'Patient/p1/$everything', undefined, own), 403, 'forbidden');
    expectRefusal(await server.request('GET', 'CarePlan/none/$everything'), 404, 'not-found');
    expect((await server.request('DELETE', 'CarePlan/c9', undefined, { 'If-Match': 'W/"1"' })).status).toBe(204);
    expectRefusal(await server.request('GET', 'CarePlan/c9/$everything'), 410, 'deleted');
  });
});
