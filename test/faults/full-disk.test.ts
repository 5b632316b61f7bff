/**
 * The product on a disk that takes nothing more, until it does again. What stands for the disk is the largest file that the
 * process may write.
 */
import { afterEach, expect, it } from 'vitest';
import { type DemoProcess, removeData, startDemo } from '../e2e/demo-process.ts';
import { limit } from './limit.ts';

let demo: DemoProcess | undefined;

afterEach(async () => {
  await demo?.kill();
  if (demo !== undefined) await removeData(demo);
});

it('a full disk is 503 transient for all that needs it, not ready, and forgotten when there is room again', {
  timeout: 60_000,
}, async () => {
  demo = await startDemo({ env: { FELLESPLAN_LOG: 'error' } });
  const { url } = demo;
  const headers = { Authorization: `Bearer ${await demo.token('admin-system')}`, 'Content-Type': 'application/fhir+json' };
  const put = (id: string) =>
    fetch(`${url}/fhir/Basic/${id}`, { method: 'PUT', headers, body: JSON.stringify({ resourceType: 'Basic', id, code: { text: id } }) });
  const get = (path: string) => fetch(url + path, { headers });
  const written: string[] = [];
  for (const id of ['a', 'b', 'c']) {
    expect((await put(id)).status).toBe(201);
    written.push(id);
  }
  const outage = async (asked: Promise<Response>): Promise<void> => {
    const answer = await asked;
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '1']);
    expect(await answer.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'transient' }] });
  };

  limit(demo.pid, 'fsize', 1);
  await Promise.all(['d', 'e', 'f'].map((id) => outage(put(id))));
  await outage(get('/fhir/Basic/a'));
  await outage(get('/fhir/Basic?_count=1'));
  await outage(fetch(`${url}/fhir/Basic/a`, { method: 'DELETE', headers }));
  await expect(demo.token('admin-system')).rejects.toThrow(/temporarily_unavailable/);
  expect((await get('/readyz')).status).toBe(503);
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/fhir/metadata')).status).toBe(200);
  expect(demo.output()).toMatch(/"event":"unavailable".*"cause":"[^"]*(disk|EFBIG)/);

  limit(demo.pid, 'fsize', 'unlimited');
  expect((await get('/readyz')).status).toBe(200);
  expect((await put('g')).status).toBe(201);
  for (const id of [...written, 'g']) expect((await get(`/fhir/Basic/${id}`)).status, id).toBe(200);
  for (const id of ['d', 'e', 'f']) expect((await put(id)).status).toBe(201);
  expect(await demo.stop()).toBe(0);
});
