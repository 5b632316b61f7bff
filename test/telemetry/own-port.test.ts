import { rmSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { type DemoProcess, startDemo } from '../e2e/demo-process.ts';

let demo: DemoProcess | undefined;
afterEach(async () => {
  await demo?.stop();
  if (demo !== undefined) rmSync(demo.dataDir, { recursive: true, force: true });
});

it('answers /metrics where the service is, to those who know the token, when no other address is named', async () => {
  demo = await startDemo({ env: { FELLESPLAN_METRICS_TOKEN: 'known-to-operators' } });
  expect((await fetch(`${demo.url}/metrics`)).status).toBe(401);
  await (await fetch(`${demo.url}/fhir/metadata`)).text();
  const answer = await fetch(`${demo.url}/metrics`, { headers: { Authorization: 'Bearer known-to-operators' } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(await answer.text()).toMatch(/^http_server_request_duration_count\{.*http_route="\/fhir\/metadata".*\} \d+$/m);
});
