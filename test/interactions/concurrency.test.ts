import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { bundle, entry, patient } from '../support/fixtures.ts';
import type { TestAnswer, TestServer } from '../support/test-server.ts';

const AT_ONCE = 30;
const IDS = ['a', 'b', 'c'] as const;

const person = (number: string, over: object = {}) => patient({ identifier: [{ system: 'urn:n', value: number }], ...over });
const many = (ask: (n: number) => Promise<TestAnswer>) => Promise.all(Array.from({ length: AT_ONCE }, (_, n) => ask(n)));
const tally = (answers: readonly TestAnswer[]) => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};
const countOf = async (server: TestServer, query: string) => (await server.request('GET', `${query}&_summary=count`)).body.total;

onEachServer('requests at the same time', (start) => {
  it('create one resource by a conditional update, and update it after that [R4 http#cond-update]', async () => {
    const server = await start();
    expect(tally(await many(() => server.request('PUT', 'Patient?identifier=urn:n|1', person('1'))))).toEqual({ 200: AT_ONCE - 1, 201: 1 });
    expect(await countOf(server, 'Patient?identifier=urn:n|1')).toBe(1);
  });

  it('create one resource by PUT with If-None-Match: * [RFC 9110 if-none-match]', async () => {
    const server = await start();
    const put = () => server.request('PUT', 'Patient/p', person('1', { id: 'p' }), { 'If-None-Match': '*' });
    expect(tally(await many(put))).toEqual({ 201: 1, 412: AT_ONCE - 1 });
  });

  it('create by a condition that is a name', async () => {
    const server = await start();
    const create = () => server.request('POST', 'Patient', person('1'), { 'If-None-Exist': 'family:exact=Solvik&birthdate=1941-05-17' });
    expect(tally(await many(create))).toEqual({ 200: AT_ONCE - 1, 201: 1 });
  });

  it('delete and create by one condition without a second match', async () => {
    const server = await start();
    const answers = await many((n) =>
      n % 2 === 0
        ? server.request('POST', 'Patient', person('1'), { 'If-None-Exist': 'identifier=urn:n|1' })
        : server.request('DELETE', 'Patient?identifier=urn:n|1'),
    );
    expect(answers.filter(({ status }) => status >= 300).map(({ text }) => text)).toEqual([]);
    expect(await countOf(server, 'Patient?identifier=urn:n|1')).toBeLessThan(2);
  });

  it.each([
    ['by id', (id: string) => `Patient/${id}`],
    ['by condition', (id: string) => `Patient?identifier=urn:n|${id}`],
  ])('update the same resources in any order without a deadlock, %s [R4 http#trules]', async (_how, urlOf) => {
    const server = await start();
    for (const id of IDS) await server.request('PUT', `Patient/${id}`, person(id, { id }));
    const answers = await many((n) => {
      const turned = [...IDS.slice(n % 3), ...IDS.slice(0, n % 3)];
      const ordered = n % 2 === 0 ? turned : turned.toReversed();
      return server.request('POST', '', bundle('transaction', ...ordered.map((id) => entry('PUT', urlOf(id), person(id, { id })))));
    });
    expect(tally(answers)).toEqual({ 200: AT_ONCE });
    for (const id of IDS) expect((await server.request('GET', `Patient/${id}`)).body.meta?.versionId).toBe(String(AT_ONCE + 1));
  });

  it('patch one list without losing an element [R4 http#patch]', async () => {
    const server = await start();
    await server.request('PUT', 'Patient/p', person('1', { id: 'p', name: [{ text: 'first' }] }));
    const answers = await many((n) => {
      const operations = [{ op: 'add', path: '/name/-', value: { text: `n${n}` } }];
      return server.request('PATCH', 'Patient/p', operations, { 'Content-Type': 'application/json-patch+json' });
    });
    expect(tally(answers)).toEqual({ 200: AT_ONCE });
    expect((await server.request('GET', 'Patient/p')).body.name).toHaveLength(AT_ONCE + 1);
  });
});
