import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { onEachServer, type StartServer } from '../support/each-server.ts';
import { bearer, type TestServer } from '../support/test-server.ts';

const WORDS = 'blåbærsyltetøy čáhci 🌲 "sitert" ';
const COUNT = 120;

/** Tasks whose page is larger than what a socket takes at once. */
async function filled(start: StartServer): Promise<TestServer> {
  const server = await start({ services: { writeValidation: 'off' } });
  const entry = Array.from({ length: COUNT }, (_, n) => ({
    request: { method: 'PUT', url: `Task/t${n}` },
    resource: { resourceType: 'Task', id: `t${n}`, status: 'draft', intent: 'order', description: `${n} ${WORDS.repeat(200)}` },
  }));
  const answer = await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  expect(answer.status).toBe(200);
  return server;
}

const descriptions = (body: object) =>
  ((body as { entry?: unknown }).entry as { resource: { description: string } }[]).map(({ resource }) => resource.description);

onEachServer('an answer of megabytes', (start) => {
  it('comes whole and with its length, to many at once', async () => {
    const server = await filled(start);
    const expected = Array.from({ length: COUNT }, (_, n) => `${n} ${WORDS.repeat(200)}`);
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.request('GET', `Task?_count=${COUNT}&_sort=_id`)));
    const plain = await server.request('GET', `Task?_count=${COUNT}`);
    for (const answer of [...answers, plain]) {
      expect(new Set(descriptions(answer.body))).toEqual(new Set(expected));
      expect(Number(answer.headers.get('Content-Length'))).toBe(Buffer.byteLength(answer.text));
    }
    const head = await server.request('HEAD', `Task?_count=${COUNT}`);
    expect([head.text, head.headers.get('Content-Length')]).toEqual(['', plain.headers.get('Content-Length')]);
    const pretty = await server.request('GET', `Task?_count=${COUNT}&_pretty=true`);
    expect(descriptions(pretty.body)).toEqual(descriptions(plain.body));
  });

  it('comes whole to one who reads slowly and asks for the next meanwhile', async () => {
    const server = await filled(start);
    const { host, port } = new URL(server.origin);
    const socket = connect(Number(port), '127.0.0.1');
    const request = (close: string) =>
      `GET /fhir/Task?_count=${COUNT} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${bearer()}\r\nConnection: ${close}\r\n\r\n`;
    socket.write(request('keep-alive') + request('close'));
    socket.pause();
    await setTimeout(300);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer);
      if (chunks.length % 50 === 0) await setTimeout(1);
    }
    const text = Buffer.concat(chunks).toString();
    const bodies = text.split(/(?=HTTP\/1\.1 200)/).map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4));
    expect(bodies).toHaveLength(2);
    for (const body of bodies) expect(descriptions(JSON.parse(body) as object)).toHaveLength(COUNT);
  });

  it('that nobody waits for does no harm to the next', async () => {
    const server = await filled(start);
    for (let n = 0; n < 5; n += 1) {
      const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
      socket.write(`GET /fhir/Task?_count=${COUNT} HTTP/1.1\r\nHost: x\r\nAuthorization: ${bearer()}\r\n\r\n`);
      await new Promise((resolve) => socket.once('data', resolve));
      socket.destroy();
    }
    expect(descriptions((await server.request('GET', `Task?_count=${COUNT}`)).body)).toHaveLength(COUNT);
  });
});
