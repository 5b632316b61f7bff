import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../server/http/listen.ts';

let listening: Listening | undefined;
afterEach(() => listening?.stop(0));

/** A server that says which requests it has begun, with their bodies, and ends each when it is told to. */
async function server() {
  const begun: string[] = [];
  const open: ServerResponse[] = [];
  listening = await listen(
    (request, response) => {
      void text(request)
        .catch(() => 'broken off')
        .then((body) => {
          begun.push(`${request.url}${body}`);
          open.push(response);
        });
    },
    { host: '127.0.0.1', port: 0 },
  );
  return { port: listening.port, begun, open };
}

const GET = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const POST = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe('requests that are sent without waiting', () => {
  it('are begun one after the other, each when the one before is answered [RFC 9112, 9.3.2]', async () => {
    const { port, begun, open } = await server();
    const socket = connect({ port, host: '127.0.0.1' });
    const answered = text(socket);
    socket.write(GET('/1') + POST('/2', 'x'.repeat(100)) + GET('/3', 'Connection: close\r\n'));
    for (const count of [1, 2, 3]) {
      await expect.poll(() => begun.length).toBe(count);
      await setTimeout(30);
      expect(begun.length).toBe(count);
      open[count - 1]?.end(`answer ${count}`);
    }
    expect(begun).toEqual(['/1', `/2${'x'.repeat(100)}`, '/3']);
    expect((await answered).match(/answer \d/g)).toEqual(['answer 1', 'answer 2', 'answer 3']);
  });

  it('have all of their bodies, however large', async () => {
    const { port, begun, open } = await server();
    const socket = connect({ port, host: '127.0.0.1' });
    socket.resume();
    const large = 'y'.repeat(2_000_000);
    socket.write(GET('/1') + POST('/2', large) + POST('/3', large) + GET('/4'));
    for (const count of [1, 2, 3, 4]) {
      await expect.poll(() => begun.length).toBe(count);
      open[count - 1]?.end('done');
    }
    expect(begun).toEqual(['/1', `/2${large}`, `/3${large}`, '/4']);
    socket.destroy();
  });

  it('are not begun when nobody takes the answer to the one before', async () => {
    const { port, begun, open } = await server();
    const socket = connect({ port, host: '127.0.0.1' });
    socket.pause();
    socket.write(GET('/').repeat(200));
    await expect.poll(() => begun.length).toBe(1);
    open[0]?.end('z'.repeat(50_000_000));
    await setTimeout(200);
    expect(begun.length).toBe(1);
    socket.destroy();
  });

  it('are not begun when their connection has ended', async () => {
    const { port, begun, open } = await server();
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write(GET('/1') + GET('/2') + GET('/3'));
    await expect.poll(() => begun.length).toBe(1);
    const [first] = open;
    socket.destroy();
    // Nothing is read meanwhile: that nobody is there is found out when the answer is sent.
    first?.end('z'.repeat(50_000_000));
    await once(first as ServerResponse, 'close');
    await setTimeout(50);
    expect(begun).toEqual(['/1']);
  });

  it('are all answered where the sender says that nothing more will come', async () => {
    const { port, begun, open } = await server();
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const answered = text(socket);
    socket.end(GET('/1') + GET('/2'));
    for (const count of [1, 2]) {
      await expect.poll(() => begun.length).toBe(count);
      open[count - 1]?.end(`answer ${count}`);
    }
    expect((await answered).match(/answer \d/g)).toEqual(['answer 1', 'answer 2']);
  });

  it('are finished when the service stops', async () => {
    const { port, begun, open } = await server();
    const socket = connect({ port, host: '127.0.0.1' });
    const answered = text(socket);
    socket.write(GET('/1') + GET('/2'));
    await expect.poll(() => begun.length).toBe(1);
    const stopped = listening?.stop(5000);
    await setTimeout(100);
    for (const count of [1, 2]) {
      await expect.poll(() => begun.length).toBe(count);
      open[count - 1]?.end(`answer ${count}`);
    }
    await stopped;
    expect((await answered).match(/answer \d/g)).toEqual(['answer 1', 'answer 2']);
  });
});
