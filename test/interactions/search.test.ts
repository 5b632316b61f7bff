import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal, keysOf, linkOf } from '../support/expect-answer.ts';
import { bundle, carePlan, entry, observation, patient, task } from '../support/fixtures.ts';
import { bearer, type TestAnswer, type TestServer } from '../support/test-server.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function fill(server: TestServer): Promise<void> {
  const subject = { reference: 'Patient/p1' };
  const answer = await server.request(
    'POST',
    '',
    bundle(
      'transaction',
      entry('PUT', 'Organization/org', { resourceType: 'Organization', id: 'org', name: 'Solvik kommune' }),
      entry('PUT', 'Patient/p1', patient({ id: 'p1', managingOrganization: { reference: 'Organization/org' } })),
      entry('PUT', 'Patient/p2', patient({ id: 'p2', name: [{ family: 'Granheim' }] })),
      ...[1, 2, 3, 4, 5].map((n) =>
        entry('PUT', `Observation/o${n}`, observation({ id: `o${n}`, subject, effectiveDateTime: `2026-02-0${n}` })),
      ),
      entry('PUT', 'Observation/x1', observation({ id: 'x1', subject: { reference: 'Patient/p2' } })),
      entry('PUT', 'Task/t1', task({ id: 't1', for: subject })),
    ),
  );
  expect(answer.status, answer.text).toBe(200);
}

onEachServer('search', (start) => {
  it('searches by GET and by POST alike [R4 http#search]', async () => {
    const server = await start();
    await fill(server);
    const get = await server.request('GET', 'Patient?family=granheim&_total=accurate');
    expect([keysOf(get), get.body.total, linkOf(get, 'self')]).toEqual([
      ['Patient/p2'],
      1,
      `${server.url}/Patient?family=granheim&_total=accurate`,
    ]);
    const post = await server.request('POST', 'Patient/_search', 'family=granheim', FORM);
    expect(keysOf(post)).toEqual(['Patient/p2']);
    expect(linkOf(post, 'self')).not.toContain('granheim');
    expect(keysOf(await server.request('POST', 'Patient/_search?family=granheim', 'active:missing=true', FORM))).toEqual(['Patient/p2']);
    expect(keysOf(await server.request('POST', 'Patient/_search?family=granheim'))).toEqual(['Patient/p2']);
  });

  it('keeps on every page how it is to be written [R4 http#parameters]', async () => {
    const server = await start();
    await fill(server);
    const xml = { Accept: 'application/fhir+xml' };
    const first = await server.request('GET', 'Observation?_count=2&_pretty=true&_format=json', undefined, xml);
    const second = await server.request('GET', linkOf(first, 'next') ?? '', undefined, xml);
    expect([first.status, second.status, second.text.startsWith('{\n')]).toEqual([200, 200, true]);
    const third = await server.request('GET', linkOf(second, 'next') ?? '', undefined, xml);
    expect([keysOf(third).length, third.text.startsWith('{\n')]).toEqual([2, true]);
    const plain = await server.request('GET', 'Observation?_count=2');
    expect(linkOf(plain, 'next')).toMatch(/\?_page=[\w-]+$/);
  });

  it('sees a write at once, and a deleted resource no more', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    expect(keysOf(await server.request('GET', 'Patient?family=solvik'))).toEqual(['Patient/p1']);
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', name: [{ family: 'Ny' }] }));
    expect(keysOf(await server.request('GET', 'Patient?family=solvik'))).toEqual([]);
    await server.request('DELETE', 'Patient/p1');
    expect(keysOf(await server.request('GET', 'Patient?family=ny'))).toEqual([]);
  });

  it('seeks words in the narrative and in the whole content, in pages both ways [R4 search#content]', async () => {
    const server = await start();
    const said = (id: string, div: string, over: Record<string, unknown> = {}) =>
      observation({ id, text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${div}</div>` }, ...over });
    for (const n of [1, 2, 3, 4, 5, 6, 7]) {
      const words = n % 2 === 1 ? `<b>Går</b> tur nummer ${n}` : 'Sitter inne';
      const resource = said(`w${n}`, words, { note: [{ text: n < 5 ? 'Trives i hagen' : 'Trives ikke' }] });
      expect((await server.request('PUT', `Observation/w${n}`, resource)).status).toBe(201);
    }
    const found = async (query: string) => keysOf(await server.request('GET', `Observation?_sort=_id&${query}`));
    const w = (...numbers: number[]) => numbers.map((n) => `Observation/w${n}`);
    expect(await found('_text=gar%20tur')).toEqual(w(1, 3, 5, 7));
    expect(await found('_content=hagen&_text=tur')).toEqual(w(1, 3));
    expect(await found('_text=hagen')).toEqual([]);
    expect(await found('_content=(hagen or "nummer 7") and not sitter')).toEqual(w(1, 3, 7));
    expect(await found('_text=nummer%203,nummer%205')).toEqual(w(3, 5));
    const first = await server.request('GET', 'Observation?_sort=_id&_text=tur&_count=2&_total=accurate');
    expect([keysOf(first), first.body.total]).toEqual([w(1, 3), 4]);
    const second = await server.request('GET', linkOf(first, 'next') ?? '');
    expect([keysOf(second), second.body.total, linkOf(second, 'next')]).toEqual([w(5, 7), 4, undefined]);
    const back = await server.request('GET', linkOf(second, 'prev') ?? '');
    expect([keysOf(back), linkOf(back, 'prev')]).toEqual([w(1, 3), undefined]);
    expect((await server.request('GET', 'Observation?_text=tur&_count=0')).body.total).toBe(4);
    expect(keysOf(await server.request('GET', '?_type=Observation&_content=%22nummer%201%22'))).toEqual(w(1));
  });

  it.each([
    ['Observation?_text=(gar', '_text'],
    ['Observation?_content=or', '_content'],
    ['Observation?_content=%22gar', '_content'],
    ['Observation?_content=%2B%2B', '_content'],
  ])('refuses words that cannot be read: %s', async (query, name) => {
    expectRefusal(await (await start()).request('GET', query), 400, 'value', name);
  });

  it.each([
    ['Bundle?_text=a', '_text'],
    ['Observation?subject:Patient._content=a', 'subject:Patient._content'],
    ['Observation?_text:exact=a', '_text:exact'],
    ['Observation?_query=a', '_query'],
  ])('refuses words where they are no parameter: %s', async (query, name) => {
    expectRefusal(await (await start()).request('GET', query), 400, 'not-supported', name);
  });

  it('includes what is pointed at and what points here [R4 search#include]', async () => {
    const server = await start();
    await fill(server);
    const include = await server.request('GET', 'Observation?_id=o1&_include=Observation:subject&_include:iterate=Patient:organization');
    expect([keysOf(include), keysOf(include, 'include')]).toEqual([['Observation/o1'], ['Patient/p1', 'Organization/org']]);
    const reverse = await server.request('GET', 'Patient?_id=p1&_revinclude=Task:patient');
    expect(keysOf(reverse, 'include')).toEqual(['Task/t1']);
  });

  it('pages forwards and backwards without a gap or a repeat while others write [R4 http#paging]', async () => {
    const server = await start();
    await fill(server);
    const seen: string[] = [];
    let page = await server.request('GET', 'Observation?subject=Patient/p1&_sort=-date&_count=2&_total=accurate');
    const pages: TestAnswer[] = [page];
    for (;;) {
      seen.push(...keysOf(page));
      await server.request('POST', 'Observation', observation({ subject: { reference: 'Patient/p1' }, effectiveDateTime: '2026-03-01' }));
      const next = linkOf(page, 'next');
      if (next === undefined) break;
      expect(next).toMatch(/\/Observation\?_page=[\w-]+$/);
      page = await server.request('GET', next);
      pages.push(page);
    }
    expect(seen).toEqual(['Observation/o5', 'Observation/o4', 'Observation/o3', 'Observation/o2', 'Observation/o1']);
    expect(pages.map(({ body }) => body.total)).toEqual([5, 5, 5]);
    const back = await server.request('GET', linkOf(page, 'previous') ?? '');
    expect(keysOf(back)).toEqual(['Observation/o3', 'Observation/o2']);
  });

  it('refuses a page link that is forged, or of another search', async () => {
    const server = await start();
    await fill(server);
    expectRefusal(await server.request('GET', 'Observation?_page=abc'), 400, 'invalid', '_page');
    const next = linkOf(await server.request('GET', 'Observation?_count=1'), 'next') ?? '';
    expectRefusal(await server.request('GET', next.replace('/Observation?', '/Patient?')), 400, 'invalid', '_page');
    expectRefusal(await server.request('GET', `${next}&status=final`), 400, 'not-supported', 'status');
  });

  it('searches the whole system and compartments [R4 http#vsearch]', async () => {
    const server = await start();
    await fill(server);
    expect(keysOf(await server.request('GET', '?_type=Patient,Task&_sort=_id'))).toEqual(['Patient/p1', 'Patient/p2', 'Task/t1']);
    expect(keysOf(await server.request('POST', '_search', '_type=Task', FORM))).toEqual(['Task/t1']);
    expect(keysOf(await server.request('GET', 'Patient/p1/Observation?date=ge2026-02-04&_sort=date'))).toEqual([
      'Observation/o4',
      'Observation/o5',
    ]);
    const whole = keysOf(await server.request('GET', 'Patient/p2/*'));
    expect(whole.toSorted()).toEqual(['Observation/x1', 'Patient/p2']);
    expect(keysOf(await server.request('POST', 'Patient/p2/Observation/_search', '', FORM))).toEqual(['Observation/x1']);
    expect(keysOf(await server.request('POST', 'Patient/p2/_search', '', FORM))).toEqual(whole);
    expect(keysOf(await server.request('POST', 'Patient/p2/_search', '_type=Observation', FORM))).toEqual(['Observation/x1']);
    expectRefusal(await server.request('GET', 'Organization/org/Patient'), 404, 'not-found');
    expectRefusal(await server.request('GET', 'Patient/p1/Organization'), 404, 'not-found');
  });

  it('gives everything about a patient [R4 patient-operation-everything]', async () => {
    const server = await start();
    await fill(server);
    const answer = await server.request('GET', 'Patient/p2/$everything');
    expect(keysOf(answer).toSorted()).toEqual(['Observation/x1', 'Patient/p2']);
    expect(keysOf(await server.request('GET', 'Patient/p1/$everything'))).toContain('Task/t1');
    const other = await server.request('GET', 'Patient/p1/%24everything?_type=Patient');
    expect([keysOf(other), keysOf(other, 'include')]).toEqual([['Patient/p1'], []]);
    const first = await server.request('GET', 'Patient/p1/$everything?_count=2');
    expect(keysOf(await server.request('GET', linkOf(first, 'next') ?? ''))).toHaveLength(2);
    expectRefusal(await server.request('GET', 'Patient/none/$everything'), 404, 'not-found');
  });

  it('gives a plan with what it is made of, and nothing of what the caller may not read', async () => {
    const server = await start();
    await fill(server);
    const subject = { reference: 'Patient/p1' };
    const team = { resourceType: 'CareTeam', id: 'team', subject, participant: [{ member: { reference: 'PractitionerRole/role' } }] };
    const goal = { resourceType: 'Goal', id: 'goal', lifecycleStatus: 'active', description: { text: 'x' }, subject };
    const answer = await server.request(
      'POST',
      '',
      bundle(
        'transaction',
        entry('PUT', 'PractitionerRole/role', {
          resourceType: 'PractitionerRole',
          id: 'role',
          organization: { reference: 'Organization/org' },
        }),
        entry('PUT', 'CareTeam/team', team),
        entry('PUT', 'Goal/goal', goal),
        entry(
          'PUT',
          'CarePlan/c1',
          carePlan({
            id: 'c1',
            supportingInfo: [{ reference: 'Observation/o1' }],
            careTeam: [{ reference: 'CareTeam/team' }],
            goal: [{ reference: 'Goal/goal' }],
          }),
        ),
        entry('PUT', 'CarePlan/zone', carePlan({ id: 'zone', partOf: [{ reference: 'CarePlan/c1' }] })),
        entry('PUT', 'Task/t2', task({ id: 't2', basedOn: [{ reference: 'CarePlan/c1' }] })),
      ),
    );
    expect(answer.status, answer.text).toBe(200);
    const whole = await server.request('GET', 'CarePlan/c1/$everything');
    const parts = [
      'CarePlan/c1',
      'CarePlan/zone',
      'CareTeam/team',
      'Goal/goal',
      'Observation/o1',
      'Organization/org',
      'Patient/p1',
      'PractitionerRole/role',
      'Task/t2',
    ];
    expect(keysOf(whole).toSorted()).toEqual(parts);
    expectRefusal(await server.request('GET', 'CarePlan/none/$everything'), 404, 'not-found');
    const read = (type: string) =>
      ({ level: 'user', type, create: false, read: true, update: false, delete: false, search: false }) as const;
    const headers = { Authorization: bearer({ scopes: [read('CarePlan'), read('Goal')] }) };
    const part = await server.request('GET', 'CarePlan/c1/$everything', undefined, headers);
    expect(keysOf(part).toSorted()).toEqual(['CarePlan/c1', 'CarePlan/zone', 'Goal/goal']);
  });

  it('refuses what it does not know, or leaves it out and says so when asked to be lenient [R4 search#errors]', async () => {
    const server = await start();
    await fill(server);
    expectRefusal(await server.request('GET', 'Patient?shoe-size=43'), 400, 'not-supported', 'shoe-size');
    const lenient = await server.request('GET', 'Patient?shoe-size=43&family=granheim', undefined, { Prefer: 'handling=lenient' });
    expect(keysOf(lenient)).toEqual(['Patient/p2']);
    expect(lenient.text).toContain('"mode":"outcome"');
    expect(linkOf(lenient, 'self')).not.toContain('shoe');
  });

  it('refuses a national identity number in a URL, and takes it by POST', async () => {
    const server = await start();
    const system = 'urn:oid:2.16.578.1.12.4.1.4.1';
    await server.request('PUT', 'Patient/p1', patient({ id: 'p1', identifier: [{ system, value: '13897512345' }] }));
    const refused = await server.request('GET', `Patient?identifier=${system}|13897512345`);
    expectRefusal(refused, 400, 'invalid', 'identifier');
    expect(refused.text).toContain('_search');
    expect(refused.text).not.toContain('13897512345');
    expectRefusal(await server.request('POST', `Patient/_search?identifier=${system}|13897512345`, '', FORM), 400, 'invalid', 'identifier');
    expect(keysOf(await server.request('POST', 'Patient/_search', `identifier=${system}|13897512345`, FORM))).toEqual(['Patient/p1']);
    const inBundle = await server.request(
      'POST',
      '',
      bundle('batch', entry('GET', `Patient?identifier=${system}|13897512345&_elements=id`)),
    );
    expect([inBundle.status, inBundle.text.includes('"id":"p1"'), inBundle.text.includes('13897512345')]).toEqual([200, true, false]);
  });

  it('shows parts and counts [R4 search#summary]', async () => {
    const server = await start();
    await fill(server);
    const count = await server.request('GET', 'Observation?_summary=count');
    expect([count.body.total, count.body.entry]).toEqual([6, undefined]);
    const parts = await server.request('GET', 'Observation?_id=o1&_elements=status');
    expect(Object.keys((parts.body.entry as { resource: object }[])[0]?.resource ?? {})).toEqual([
      'resourceType',
      'id',
      'meta',
      'status',
      'code',
    ]);
  });
});
