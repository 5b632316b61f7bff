import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readCertificate } from '../../server/http/certificate.ts';
import { listen } from '../../server/http/listen.ts';
import { certificateFiles } from '../support/certificates.ts';

/** A server whose requests wait until they are let go. */
async function waitingServer() {
  let entered = 0;
  const waiting: (() => void)[] = [];
  const listening = await listen(
    (_request, response) => {
      entered += 1;
      waiting.push(() => response.end('done'));
    },
    { host: '127.0.0.1', port: 0 },
  );
  const letGo = () => {
    for (const go of waiting) go();
  };
  return { listening, url: `http://127.0.0.1:${listening.port}`, entered: () => entered, letGo };
}

function busyFor(ms: number): void {
  for (const untilMs = performance.now() + ms; performance.now() < untilMs; );
}

/** All that is answered to a request on a connection of its own. */
async function askOnce(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  return text(socket);
}

describe('listening and stopping', () => {
  it('finishes open requests when it stops, and takes no new ones', async () => {
    const server = await waitingServer();
    const open = Promise.all(Array.from({ length: 5 }, () => fetch(server.url).then((response) => response.text())));
    await expect.poll(server.entered).toBe(5);
    const stopped = server.listening.stop(5000);
    // By then it has taken those that were there.
    await setTimeout(100);
    await expect(fetch(server.url)).rejects.toThrow();
    server.letGo();
    expect(await open).toEqual(Array<string>(5).fill('done'));
    await stopped;
  });

  it('finishes what was asked on connections that a busy process had not taken yet', async () => {
    const listening = await listen(
      (_request, response) => {
        busyFor(5);
        response.end('done');
      },
      { host: '127.0.0.1', port: 0 },
    );
    const asked = Array.from({ length: 30 }, () => askOnce(listening.port));
    // They are made by the operating system meanwhile.
    busyFor(50);
    const stopped = listening.stop(10_000);
    const answers = await Promise.all(asked);
    expect(answers.map((answer) => answer.slice(0, 15))).toEqual(Array<string>(30).fill('HTTP/1.1 200 OK'));
    await stopped;
    await expect(askOnce(listening.port)).rejects.toThrow('ECONNREFUSED');
  });

  it('cuts off what is still open when its patience ends', async () => {
    const server = await waitingServer();
    const open = fetch(server.url).then(
      () => 'answered',
      () => 'cut off',
    );
    await expect.poll(server.entered).toBe(1);
    await server.listening.stop(50);
    expect(await open).toBe('cut off');
  });

  it.each(['http', 'https'])('does not wait for connections over %s on which nothing was asked yet', async (scheme) => {
    const certificate = scheme === 'https' ? { certificate: await readCertificate(certificateFiles('first')) } : {};
    const { port, stop } = await listen(() => expect.unreachable('nothing is asked'), { host: '127.0.0.1', port: 0, ...certificate });
    const spare =
      scheme === 'https' ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }) : connect({ port, host: '127.0.0.1' });
    await once(spare, scheme === 'https' ? 'secureConnect' : 'connect');
    const closed = once(spare, 'close');
    const startedMs = performance.now();
    await stop(10_000);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    await closed;
  });

  it('does not wait for handshakes that do not come', async () => {
    const certificate = await readCertificate(certificateFiles('first'));
    const { port, stop } = await listen(() => expect.unreachable('nothing is asked'), { host: '127.0.0.1', port: 0, certificate });
    const silent = connect({ port, host: '127.0.0.1' });
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    // The server has heard of the one when it has answered on another.
    const other = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(other, 'secureConnect');
    const startedMs = performance.now();
    await stop(10_000);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    await closed;
  });

  it('answers who says, with a request, that nothing more will come, and closes then', async () => {
    const listening = await listen(
      async (request, response) => {
        const body = await text(request).catch(() => 'cut');
        await setTimeout(50);
        response.end(body);
      },
      { host: '127.0.0.1', port: 0 },
    );
    const answerTo = (body: string): Promise<string> => {
      const socket = connect({ port: listening.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.end(`PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n${body}`);
      return text(socket);
    };
    expect(await answerTo('done')).toMatch(/^HTTP\/1.1 200 OK\r\n(.+\r\n)+\r\ndone$/);
    expect(await answerTo('do')).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    const startedMs = performance.now();
    await listening.stop(10_000);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('says when the address is taken', async () => {
    const server = await waitingServer();
    await expect(listen(() => undefined, { host: '127.0.0.1', port: server.listening.port })).rejects.toThrow('EADDRINUSE');
    await server.listening.stop(0);
  });
});
