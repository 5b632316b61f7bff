import { describe, expect, it } from 'vitest';
import { mayFollow } from '../../../server/interactions/business-rules/task-status.ts';
import { onEachServer } from '../../support/each-server.ts';
import { expectRefusal } from '../../support/expect-answer.ts';
import { bundle, entry, task } from '../../support/fixtures.ts';
import type { TestServer } from '../../support/test-server.ts';

const STATUSES = [
  'draft',
  'requested',
  'received',
  'accepted',
  'rejected',
  'ready',
  'cancelled',
  'in-progress',
  'on-hold',
  'failed',
  'completed',
  'entered-in-error',
];
const FINAL = ['rejected', 'cancelled', 'failed', 'completed', 'entered-in-error'];
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };

describe('the status of a Task', () => {
  it.each(FINAL)('stays %s, but for what was entered in error [R4 task#statemachine]', (from) => {
    expect(STATUSES.filter((to) => mayFollow(from, to)).toSorted()).toEqual([...new Set([from, 'entered-in-error'])].toSorted());
  });

  it.each([
    ['draft', ['cancelled', 'draft', 'entered-in-error', 'ready', 'requested']],
    ['in-progress', ['cancelled', 'completed', 'entered-in-error', 'failed', 'in-progress', 'on-hold']],
    ['on-hold', ['cancelled', 'completed', 'entered-in-error', 'failed', 'in-progress', 'on-hold']],
    ['ready', ['cancelled', 'completed', 'entered-in-error', 'failed', 'in-progress', 'on-hold', 'ready', 'rejected']],
  ])('goes on from %s, never back [R4 task#statemachine]', (from, next) => {
    expect(STATUSES.filter((to) => mayFollow(from, to)).toSorted()).toEqual(next);
  });

  it('may go every step from being asked for to being done', () => {
    const way = ['draft', 'requested', 'received', 'accepted', 'ready', 'in-progress', 'on-hold', 'in-progress', 'completed'];
    expect(way.slice(1).every((to, place) => mayFollow(way[place]!, to))).toBe(true);
  });
});

const put = (server: TestServer, status: string, version?: number, headers: Record<string, string> = {}) =>
  server.request('PUT', 'Task/t1', task({ id: 't1', status }), {
    ...(version === undefined ? {} : { 'If-Match': `W/"${version}"` }),
    ...headers,
  });

onEachServer('changes of the status of a Task', (start) => {
  it('refuses one that the state machine does not have, by every way of writing', async () => {
    const server = await start();
    await put(server, 'completed');
    expectRefusal(await put(server, 'in-progress', 1), 422, 'business-rule', 'Task.status');
    const inNynorsk = await put(server, 'in-progress', 1, { 'Accept-Language': 'nn' });
    expect(inNynorsk.text).toContain('Eit tiltak som er completed, blir ikkje in-progress: det som kan følgje, er entered-in-error');
    const operations = [{ op: 'replace', path: '/status', value: 'requested' }];
    const patched = await server.request('PATCH', 'Task/t1', operations, { ...JSON_PATCH, 'If-Match': 'W/"1"' });
    expectRefusal(patched, 422, 'business-rule', 'Task.status');
    const inBundle = entry('PUT', 'Task/t1', task({ id: 't1', status: 'requested' }), { request: { ifMatch: 'W/"1"' } });
    expectRefusal(
      await server.request('POST', '', bundle('transaction', inBundle)),
      422,
      'business-rule',
      'Bundle.entry[0].resource.status',
    );
    expect((await put(server, 'entered-in-error', 1)).status).toBe(200);
    expectRefusal(await put(server, 'completed', 2), 422, 'business-rule', 'Task.status');
  });

  it.each([
    ['nb', 'Et tiltak som er draft, blir ikke completed: det som kan følge, er requested, ready, cancelled, entered-in-error'],
    ['nn', 'Eit tiltak som er draft, blir ikkje completed: det som kan følgje, er requested, ready, cancelled, entered-in-error'],
    ['en', 'A Task that is draft does not become completed: what may follow is requested, ready, cancelled, entered-in-error'],
  ])('tells in %s what may follow', async (language, text) => {
    const server = await start();
    await put(server, 'draft');
    expect((await put(server, 'completed', 1, { 'Accept-Language': language })).text).toContain(`"${text}"`);
  });

  it.each([
    ['nb', 'Et tiltak som er entered-in-error, blir ikke draft: ingen annen status følger'],
    ['nn', 'Eit tiltak som er entered-in-error, blir ikkje draft: ingen annan status følgjer'],
    ['en', 'A Task that is entered-in-error does not become draft: no other status follows'],
  ])('tells in %s that nothing follows', async (language, text) => {
    const server = await start();
    await put(server, 'entered-in-error');
    expect((await put(server, 'draft', 1, { 'Accept-Language': language })).text).toContain(text);
  });

  it('takes any status for a new Task, and after a deletion', async () => {
    const server = await start();
    expect((await put(server, 'completed')).status).toBe(201);
    await server.request('DELETE', 'Task/t1', undefined, { 'If-Match': 'W/"1"' });
    expect((await put(server, 'draft')).status).toBe(201);
  });
});
