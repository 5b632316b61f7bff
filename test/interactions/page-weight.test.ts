import { expect, it } from 'vitest';
import { onEachServer, type StartServer } from '../support/each-server.ts';
import { keysOf, linkOf } from '../support/expect-answer.ts';
import { bundle, entry, observation, patient, task } from '../support/fixtures.ts';
import { LIMITS, type TestAnswer, type TestServer } from '../support/test-server.ts';

const PAGE_BYTES_MAX = 250_000;
const LARGE = 'å'.repeat(45_000);
const PLACES = [1, 2, 3, 4, 5, 6] as const;

/** Six measures of 90 kB of a patient of 90 kB, and one that contains two. */
async function begin(start: StartServer): Promise<TestServer> {
  const server = await start({ services: { limits: { ...LIMITS, pageBytesMax: PAGE_BYTES_MAX } } });
  const subject = { reference: 'Patient/p1' };
  const answer = await server.request(
    'POST',
    '',
    bundle(
      'transaction',
      entry('PUT', 'Patient/p1', patient({ id: 'p1', name: [{ family: 'Granheim', text: LARGE }] })),
      ...PLACES.map((n) => entry('PUT', `Task/t${n}`, task({ id: `t${n}`, for: subject, description: `ord ${LARGE}` }))),
      ...PLACES.map((n) => entry('PUT', `Observation/o${n}`, observation({ id: `o${n}`, subject, note: [{ text: 'x'.repeat(90_000) }] }))),
    ),
  );
  expect(answer.status, answer.text).toBe(200);
  return server;
}

/** The keys on each page, and on each page on the way back. */
async function walk(
  server: TestServer,
  path: string,
): Promise<{ readonly forth: string[][]; readonly back: string[][]; readonly last: TestAnswer }> {
  const forth: string[][] = [];
  const back: string[][] = [];
  let page = await server.request('GET', path);
  for (;;) {
    expect(page.status, page.text.slice(0, 500)).toBe(200);
    forth.push(keysOf(page));
    const next = linkOf(page, 'next');
    if (next === undefined) break;
    page = await server.request('GET', next);
  }
  const last = page;
  for (let previous = linkOf(page, 'previous'); previous !== undefined; previous = linkOf(page, 'previous')) {
    page = await server.request('GET', previous);
    back.unshift(keysOf(page));
  }
  return { forth, back, last };
}

const TASKS = PLACES.map((n) => `Task/t${n}`);

onEachServer('a page of large resources', (start) => {
  it.each([
    ['Task', TASKS],
    ['Task?_sort=-_id', TASKS.toReversed()],
    ['Task?_elements=status', TASKS],
    ['Task?_content=ord&_count=100', TASKS],
    ['Patient/p1/Observation', PLACES.map((n) => `Observation/o${n}`)],
    ['Task?subject=Patient/p1&_total=accurate', TASKS],
  ])('holds what fits, and its links go on from there and back: %s [R4 http#paging]', async (path, all) => {
    const server = await begin(start);
    const { forth, back, last } = await walk(server, path);
    expect(forth).toEqual([all.slice(0, 2), all.slice(2, 4), all.slice(4)]);
    expect(back).toEqual(forth.slice(0, -1));
    if (path.includes('_total')) expect(last.body.total).toBe(6);
  });

  it('holds all that belongs to a patient page by page', async () => {
    const server = await begin(start);
    const { forth, back } = await walk(server, 'Patient/p1/$everything');
    expect(forth.length).toBeGreaterThan(3);
    expect(back.flat().toSorted()).toEqual(forth.slice(0, -1).flat().toSorted());
    expect(forth.flat().toSorted()).toEqual([...PLACES.map((n) => `Observation/o${n}`), 'Patient/p1', ...TASKS]);
  });

  it('includes what there is room for, and tells that there is more [R4 search#include]', async () => {
    const server = await begin(start);
    const issuesOf = ({ body }: TestAnswer) =>
      ((body.entry ?? []) as { resource: { resourceType: string; issue?: readonly { code: string; expression?: readonly string[] }[] } }[])
        .filter(({ resource }) => resource.resourceType === 'OperationOutcome')
        .flatMap(({ resource }) => (resource.issue ?? []).map(({ code, expression }) => [code, expression]));
    const one = await server.request('GET', 'Task?_id=t1&_include=Task:patient');
    expect([keysOf(one), keysOf(one, 'include'), issuesOf(one)]).toEqual([['Task/t1'], ['Patient/p1'], []]);
    const two = await server.request('GET', 'Task?_id=t1,t2&_include=Task:patient');
    expect([keysOf(two), keysOf(two, 'include'), issuesOf(two)]).toEqual([['Task/t1', 'Task/t2'], [], [['incomplete', ['_include']]]]);
    const back = await server.request('GET', 'Patient?_id=p1&_revinclude=Observation:subject');
    expect([keysOf(back, 'include'), issuesOf(back)]).toEqual([['Observation/o1'], [['incomplete', ['_include']]]]);
  });

  it('counts a container once for all that it contains [R4 search#contained]', async () => {
    const server = await begin(start);
    const contained = [1, 2, 3].map((n) => ({ resourceType: 'Patient', id: `c${n}`, name: [{ family: `Solvik${n}` }] }));
    for (const n of [1, 2, 3]) {
      const body = task({
        id: `k${n}`,
        contained,
        description: LARGE,
        for: { reference: '#c1' },
        owner: { reference: '#c2' },
        requester: { reference: '#c3' },
      });
      expect((await server.request('PUT', `Task/k${n}`, body)).status).toBe(201);
    }
    const { forth, back } = await walk(server, 'Patient?_contained=true&_containedType=contained&family=solvik');
    expect(forth.map(({ length }) => length)).toEqual([6, 3]);
    expect(back).toEqual(forth.slice(0, -1));
    const containers = await walk(server, 'Patient?_contained=true&_containedType=container&family=solvik');
    expect(containers.forth).toEqual([['Task/k1', 'Task/k2'], ['Task/k3']]);
  });
});
