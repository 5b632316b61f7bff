import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { loadDemo } from '../../server/demo/load.ts';
import { isObject, type Resource } from '../../server/fhir/resource.ts';
import { onEachServer } from '../support/each-server.ts';
import { bearer, type TestServer } from '../support/test-server.ts';
import { bundlesOf, resourcesOf } from './bundles.ts';

const NOW_MS = Date.parse('2027-01-11T10:00:00Z');
const token = bearer().replace('Bearer ', '');
const sharedBundles = bundlesOf('shared');

const bundleOf = (id: string, ...resources: Resource[]): Resource => ({
  resourceType: 'Bundle',
  id,
  type: 'transaction',
  timestamp: '2026-11-16T08:00:00+01:00',
  entry: resources.map((resource) => {
    const key = `${resource.resourceType}/${resource.id}`;
    return { fullUrl: `https://fellesplan.example/fhir/${key}`, resource, request: { method: 'PUT', url: key } };
  }),
});

onEachServer('loading the demo population', (start) => {
  const load = (server: TestServer) => loadDemo({ fhirBaseUrl: server.url, token, bundles: sharedBundles, nowMs: NOW_MS });
  const count = async (server: TestServer, type: string) => Number((await server.request('GET', `${type}?_summary=count`)).body.total);

  it('loads every resource', async () => {
    const server = await start();
    const result = await load(server);
    expect(result).toEqual({ resources: resourcesOf('shared').length, skippedBundles: 0 });
    for (const type of ['Patient', 'CarePlan', 'Task', 'Observation', 'Provenance']) {
      expect(await count(server, type)).toBe(resourcesOf('shared', type).length);
    }
  });

  it('loads once: a second load writes nothing, and what users have changed stays', async () => {
    const server = await start();
    await load(server);
    const read = await server.request('GET', 'CarePlan/ingrid-solberg-plan');
    const changed = { ...read.body, title: 'Endret av teamet' };
    const update = await server.request('PUT', 'CarePlan/ingrid-solberg-plan', changed, { 'If-Match': read.headers.get('ETag')! });
    expect(update.status).toBe(200);
    expect(await load(server)).toEqual({ resources: 0, skippedBundles: sharedBundles.length });
    expect((await server.request('GET', 'CarePlan/ingrid-solberg-plan')).body).toMatchObject({
      title: 'Endret av teamet',
      meta: { versionId: '2' },
    });
    expect(await count(server, 'Task')).toBe(resourcesOf('shared', 'Task').length);
  });

  it('does not bring back a person who was deleted', async () => {
    const server = await start();
    const only = [bundleOf('one', { resourceType: 'Patient', id: 'p1' })];
    await loadDemo({ fhirBaseUrl: server.url, token, bundles: only, nowMs: NOW_MS });
    await server.request('DELETE', 'Patient/p1');
    expect(await loadDemo({ fhirBaseUrl: server.url, token, bundles: only, nowMs: NOW_MS })).toEqual({ resources: 0, skippedBundles: 1 });
    expect((await server.request('GET', 'Patient/p1')).status).toBe(410);
  });

  it('moves the dates to today', async () => {
    const server = await start();
    await load(server);
    const { body: meeting } = await server.request('GET', 'Appointment/ingrid-solberg-mote-fastlege');
    expect(meeting.start).toBe('2027-01-14T10:20:00+01:00');
    expect((await server.request('GET', 'Patient/ingrid-solberg')).body.birthDate).toBe('1942-03-17');
  });

  it('stops at a Bundle that is refused and says what the server said', async () => {
    const server = await start();
    const bad = bundleOf('bad-one', { resourceType: 'Patient', id: 'p1', birthDate: 'i går' });
    const loading = loadDemo({ fhirBaseUrl: server.url, token, bundles: [bad], nowMs: NOW_MS });
    await expect(loading).rejects.toThrow(/^The demo Bundle bad-one could not be loaded: HTTP 4\d\d\nerror · .*birthDate/s);
  });
});

describe('loadDemo', () => {
  let servers: Server[] = [];
  afterEach(() => {
    for (const server of servers) server.close();
    servers = [];
  });

  type Answer = [status: number, body: unknown];

  /** A server that answers as `answer` says and remembers what it was asked. */
  async function fakeServer(answer: (request: IncomingMessage, body: string) => Answer | Promise<Answer>) {
    const seen: { method: string; url: string; headers: IncomingMessage['headers']; bundleId?: unknown }[] = [];
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      request.on('end', async () => {
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        const bundleId = isObject(body) ? { bundleId: body.id } : {};
        seen.push({ method: String(request.method), url: String(request.url), headers: request.headers, ...bundleId });
        const [status, reply] = await answer(request, text);
        response
          .writeHead(status, { 'Content-Type': 'application/fhir+json' })
          .end(typeof reply === 'string' ? reply : JSON.stringify(reply));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`, seen };
  }

  const NOT_FOUND: Answer = [404, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] }];
  const three = ['a', 'b', 'c'].map((id) => bundleOf(id, { resourceType: 'Patient', id }));

  it('sends the first Bundle before the others, with the token, and tells how far it has come', async () => {
    const { url, seen } = await fakeServer((request) => (request.method === 'GET' ? NOT_FOUND : [200, { resourceType: 'Bundle' }]));
    const told: string[] = [];
    await loadDemo({
      fhirBaseUrl: url,
      token: 't1',
      bundles: three,
      nowMs: NOW_MS,
      parallel: 1,
      onProgress: ({ done, total, bundleId }) => told.push(`${done}/${total} ${bundleId}`),
    });
    expect(seen.map(({ method, url: path, bundleId }) => [method, path, bundleId])).toEqual([
      ['GET', '/fhir/Patient/a', undefined],
      ['POST', '/fhir/', 'a'],
      ['GET', '/fhir/Patient/b', undefined],
      ['POST', '/fhir/', 'b'],
      ['GET', '/fhir/Patient/c', undefined],
      ['POST', '/fhir/', 'c'],
    ]);
    for (const { headers } of seen) expect(headers.authorization).toBe('Bearer t1');
    expect(told).toEqual(['1/3 a', '2/3 b', '3/3 c']);
  });

  const failures: [why: string, answer: [number, unknown], expected: RegExp][] = [
    [
      'an OperationOutcome',
      [403, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'forbidden', diagnostics: 'Not for you' }] }],
      /HTTP 403\nerror · forbidden · Not for you$/,
    ],
    [
      'an expression',
      [
        422,
        {
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'error', code: 'required', expression: ['CarePlan.goal'], diagnostics: 'Missing' }],
        },
      ],
      /HTTP 422\nerror · required · CarePlan.goal · Missing$/,
    ],
    ['a page of a proxy', [502, '<html>Bad gateway</html>'], /HTTP 502\n<html>Bad gateway<\/html>$/],
  ];
  it.each(failures)('repeats %s when it is refused', async (_what, answer, expected) => {
    const { url } = await fakeServer(() => answer);
    await expect(loadDemo({ fhirBaseUrl: url, token: 't1', bundles: three, nowMs: NOW_MS })).rejects.toThrow(expected);
  });

  it('begins no further Bundle after a refusal', async () => {
    const { url, seen } = await fakeServer(async (request) => {
      if (request.url?.endsWith('/c')) await new Promise((resolve) => setTimeout(resolve, 100));
      if (request.url?.endsWith('/b'))
        return [403, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'forbidden' }] }];
      return [200, { resourceType: 'Patient' }];
    });
    const bundles = ['a', 'b', 'c', 'd', 'e'].map((id) => bundleOf(id, { resourceType: 'Patient', id }));
    await expect(loadDemo({ fhirBaseUrl: url, token: 't1', bundles, nowMs: NOW_MS, parallel: 2 })).rejects.toThrow('The demo Bundle b');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(seen.map((request) => request.url)).toEqual(['/fhir/Patient/a', '/fhir/Patient/b', '/fhir/Patient/c']);
  });

  it('names the Bundle when there is no answer', async () => {
    await expect(loadDemo({ fhirBaseUrl: 'http://127.0.0.1:9/fhir', token: 't1', bundles: three })).rejects.toThrow(
      /^The demo Bundle a could not be loaded: /,
    );
  });
});
