import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../server/http/listen.ts';
import { metricsListener } from '../../server/http/metrics.ts';
import { COMMITS } from '../../server/store/commit-channel.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { createTelemetry, type Telemetry } from '../../server/telemetry/telemetry.ts';

let telemetry: Telemetry;
beforeEach(() => {
  telemetry = createTelemetry({ system: 'sqlite', scheme: 'https', fhirBases: ['/fhir'], unsealed: () => 7, damaged: () => 2 });
});
afterEach(() => telemetry.close());

const listening: Listening[] = [];
afterEach(async () => {
  for (const each of listening.splice(0)) await each.stop(0);
});

async function serve(handler: Parameters<typeof listen>[0]): Promise<string> {
  const opened = await listen(handler, { host: '127.0.0.1', port: 0 });
  listening.push(opened);
  return `http://127.0.0.1:${opened.port}`;
}

/** The lines of one metric. */
const lines = async (name: string) => (await telemetry.text()).split('\n').filter((line) => line.startsWith(name));

describe('what is measured', () => {
  it('is the duration of requests by route, method and status [semantic conventions]', async () => {
    const url = await serve(
      telemetry.requests.measured((request, response) => response.writeHead(request.url === '/fhir/Task/t1' ? 200 : 503).end()),
    );
    for (const path of ['/fhir/Task/t1', '/fhir/Task/t1', '/fhir/Task/t2']) await (await fetch(url + path)).text();
    await expect.poll(() => lines('http_server_request_duration_count')).toHaveLength(2);
    const common = 'http_request_method="GET",url_scheme="https",http_route="/fhir/{type}/{id}"';
    expect(await lines('http_server_request_duration_count')).toEqual([
      `http_server_request_duration_count{${common},http_response_status_code="200"} 2`,
      `http_server_request_duration_count{${common},http_response_status_code="503",error_type="503"} 1`,
    ]);
    const buckets = (await lines('http_server_request_duration_bucket')).map((line) => Number(line.split(' ').at(-1)));
    expect(buckets).toHaveLength(30);
    expect(buckets.at(14)).toBe(2);
    expect(await telemetry.text()).toContain('# UNIT http_server_request_duration s');
  });

  it('counts requests under way until they have been dealt with, also those that are broken off', async () => {
    const held: (() => void)[] = [];
    const url = await serve(telemetry.requests.measured((_request, response) => void held.push(() => response.end())));
    const broken = connect(Number(new URL(url).port), '127.0.0.1').end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const asked = fetch(url);
    await expect.poll(() => lines('http_server_active_requests')).toEqual(['http_server_active_requests{url_scheme="https"} 2']);
    broken.resetAndDestroy();
    held[0]?.();
    await expect.poll(() => lines('http_server_active_requests')).toEqual(['http_server_active_requests{url_scheme="https"} 1']);
    held[1]?.();
    await asked;
    await expect.poll(() => lines('http_server_active_requests')).toEqual(['http_server_active_requests{url_scheme="https"} 0']);
  });

  it('is the duration of what the store does, failed or not', async () => {
    const store = telemetry.store.measured({
      read: async () => undefined,
      search: async () => Promise.reject(new Error('gone')),
      settled: async () => 0,
      areCurrent: async () => true,
      ping: async () => undefined,
    } as unknown as ResourceStore);
    await store.read('Task', 't1');
    await store.ping();
    await store.settled();
    await store.areCurrent([]);
    await expect(store.search({ types: [], where: { op: 'all' }, sort: [], limit: 1, total: 'none' })).rejects.toThrow('gone');
    const count = 'db_client_operation_duration_count{db_system_name="sqlite",db_operation_name=';
    for (const done of ['read', 'settled', 'areCurrent']) expect(await lines(`${count}"${done}"`)).toEqual([`${count}"${done}"} 1`]);
    expect(await lines(`${count}"search",error`)).toEqual([`${count}"search",error_type="_OTHER"} 1`]);
  });

  it('is how many writes share a commit', async () => {
    for (const size of [1, 5, 64]) COMMITS.publish({ size });
    expect(await lines('fellesplan_commit_group_size')).toEqual(
      expect.arrayContaining([
        'fellesplan_commit_group_size_count 3',
        'fellesplan_commit_group_size_sum 70',
        'fellesplan_commit_group_size_bucket{le="4"} 1',
      ]),
    );
  });

  it('is how the process is, and how far the seals are behind', async () => {
    const text = await telemetry.text();
    expect(text).toContain('fellesplan_audit_unsealed 7');
    expect(text).toContain('fellesplan_audit_damaged 2');
    for (const name of [
      'v8js_memory_heap_used',
      'v8js_memory_heap_limit',
      'process_memory_usage',
      'process_cpu_time_total',
      'process_uptime',
      'nodejs_eventloop_utilization',
    ]) {
      expect(text, name).toMatch(new RegExp(`^${name}(\\{[^}]*\\})? [\\d.e+-]+$`, 'm'));
    }
    await expect.poll(() => lines('nodejs_eventloop_delay_p99')).toHaveLength(1);
  });

  it('names nobody, and has few rows whatever clients send', async () => {
    const url = await serve(telemetry.requests.measured((_request, response) => response.end()));
    for (let number = 0; number < 60; number += 1) {
      const method = ['GET', 'DELETE', 'PROPFIND'][number % 3]!;
      await fetch(`${url}/${['fhir/Patient', 'fhir', 'ehr', 'app', ''][number % 5]}/1783420${1000 + number}?name=Ingrid${number}`, {
        method,
      });
    }
    const rows = await lines('http_server_request_duration_count');
    expect(rows.length).toBeLessThanOrEqual(15);
    expect(rows.join()).toContain('http_request_method="_OTHER"');
    expect(await telemetry.text()).not.toMatch(/Ingrid|1783420|PROPFIND/);
  });
});

describe('GET /metrics', () => {
  const ask = async (token: string | undefined, path = '/metrics', init: RequestInit = {}) =>
    fetch((await serve(metricsListener(telemetry.text, token))) + path, init);
  const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

  it('answers in the text format of Prometheus', async () => {
    const answer = await ask(undefined);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toMatch(/^# HELP /);
  });

  it.each([
    ['no token', {}, 401],
    ['another token', bearer('another-token-123'), 401],
    ['the token', bearer('the-right-token-1'), 200],
  ])('answers, where it wants a token, to %s', async (_why, init, status) => {
    expect((await ask('the-right-token-1', '/metrics', init)).status).toBe(status);
  });

  it('has nothing else', async () => {
    expect((await ask(undefined, '/')).status).toBe(404);
    expect((await ask(undefined, '/fhir/metadata')).status).toBe(404);
    const posted = await ask(undefined, '/metrics', { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
