/** The product when connections have used up all the descriptors that its process may have. */
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { type DemoProcess, removeData, startDemo } from '../e2e/demo-process.ts';
import { limit } from './limit.ts';

const CONNECTIONS = 60;
const ROOM_FOR = 10;

let demo: DemoProcess | undefined;
const sockets: Socket[] = [];
const kept = new Agent({ keepAlive: true, maxSockets: 1 });

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  kept.destroy();
  await demo?.kill();
  if (demo !== undefined) await removeData(demo);
});

/** Processor time of the process in hundredths of a second. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  return Number(fields[13]) + Number(fields[14]);
}

it('closes further connections, serves those it has, rests meanwhile, and takes new ones when there is room', {
  timeout: 60_000,
}, async () => {
  demo = await startDemo({ env: { FELLESPLAN_LOG: 'error' } });
  const { url, pid } = demo;
  const headers = { Authorization: `Bearer ${await demo.token('admin-system')}`, 'Content-Type': 'application/fhir+json' };
  const ask = (method: string, path: string, body?: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request(url + path, { method, headers, agent: kept }, resolve)
        .on('error', reject)
        .end(body);
    }).then(async (answer) => {
      await text(answer);
      return answer.statusCode;
    });
  const put = (id: string) => ask('PUT', `/fhir/Basic/${id}`, JSON.stringify({ resourceType: 'Basic', id, code: { text: id } }));
  expect(await put('before')).toBe(201);

  limit(pid, 'nofile', readdirSync(`/proc/${pid}/fd`).length + ROOM_FOR);
  for (let n = 0; n < CONNECTIONS; n++) sockets.push(connect({ port: Number(new URL(url).port), host: '127.0.0.1' }));
  let closed = 0;
  for (const socket of sockets) {
    socket
      .on('error', () => undefined)
      .once('close', () => {
        closed += 1;
      });
  }
  await expect.poll(() => closed, { timeout: 10_000 }).toBeGreaterThan(CONNECTIONS / 2);
  expect(await ask('GET', '/fhir/Basic/before')).toBe(200);
  expect(await put('meanwhile')).toBe(201);
  const before = ticks(pid);
  await setTimeout(1_000);
  expect(ticks(pid) - before).toBeLessThan(50);

  for (const socket of sockets) socket.destroy();
  await expect.poll(() => fetch(`${url}/readyz`).then(({ status }) => status, String), { timeout: 10_000 }).toBe(200);
  expect(await ask('GET', '/fhir/Basic/meanwhile')).toBe(200);
  expect(await demo.stop()).toBe(0);
});
