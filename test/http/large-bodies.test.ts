import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { LargeBodies, roomFor } from '../../server/http/large-bodies.ts';
import { listen } from '../../server/http/listen.ts';
import { readBody } from '../../server/http/read-body.ts';

const MB = 1024 * 1024;
const LIMIT = 10 * MB;

/** Bodies that are begun when there is room for them, and end when they are told to. */
function bodies() {
  const large = new LargeBodies();
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const send = (
    name: string,
    headers: Record<string, string>,
    { url = '/fhir', limit = LIMIT, request = { headers, url } as unknown as IncomingMessage } = {},
  ) =>
    large.held(request, limit, () => {
      begun.push(name);
      return new Promise((resolve, reject) => ends.set(name, (error) => (error === undefined ? resolve() : reject(error))));
    });
  const of = (name: string, bytes: number, limit = LIMIT) => send(name, { 'content-length': String(bytes) }, { limit });
  return { begun, ends, send, of };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('large bodies', () => {
  it('are held up to 64 megabytes together, in the order in which they came', async () => {
    const { begun, ends, of } = bodies();
    for (let n = 1; n <= 9; n += 1) void of(`${n}`, LIMIT);
    await turn();
    expect(begun).toEqual(['1', '2', '3', '4', '5', '6']);
    ends.get('2')?.();
    await turn();
    expect(begun.slice(6)).toEqual(['7']);
    for (const name of ['1', '3', '4']) ends.get(name)?.();
    await turn();
    expect(begun.slice(7)).toEqual(['8', '9']);
  });

  it('keep no small one waiting, and no import', async () => {
    const { begun, of, send } = bodies();
    for (let n = 1; n <= 7; n += 1) void of(`${n}`, LIMIT);
    void of('small', MB);
    void send('none', {});
    void send('import', { 'transfer-encoding': 'chunked' }, { url: '/fhir/$import?x=y' });
    await turn();
    expect(begun.slice(6)).toEqual(['small', 'none', 'import']);
  });

  it('that do not say how large they are wait once they are, and are counted at their most', async () => {
    const { begun, ends, send } = bodies();
    const requests = [1, 2, 3, 4].map((n) => {
      const request = { headers: { 'transfer-encoding': 'chunked' }, url: '/fhir' } as unknown as IncomingMessage;
      send(`${n}`, {}, { limit: 30 * MB, request }).catch(() => undefined);
      return request;
    });
    expect(begun).toEqual(['1', '2', '3', '4']);
    expect(requests.map((request) => roomFor(request, MB))).toEqual(Array(4).fill(undefined));
    const letIn: number[] = [];
    const rooms = requests.map((request, at) => roomFor(request, MB + 1)?.then(() => letIn.push(at + 1)));
    expect(rooms.slice(0, 2)).toEqual([undefined, undefined]);
    await turn();
    expect(letIn).toEqual([]);
    // One that waits goes away: its place is not kept for ever.
    ends.get('3')?.(new Error('The client went away'));
    ends.get('1')?.();
    await turn();
    expect(letIn).toEqual([3, 4]);
    expect(roomFor(requests[0]!, 2 * MB)).toBeUndefined();
  });

  it('are never counted above what is taken', async () => {
    const { begun, of } = bodies();
    for (const name of ['1', '2']) void of(name, 1e12, 2 * MB);
    await turn();
    expect(begun).toEqual(['1', '2']);
  });

  it('do not keep small ones waiting that do not say how large they are, however slowly others come', async () => {
    const large = new LargeBodies();
    const listening = await listen(
      (request, response) => {
        void large.held(request, LIMIT, async () => {
          const { bytes } = await readBody(request, LIMIT);
          response.end(`${bytes.length} bytes`);
        });
      },
      { host: '127.0.0.1', port: 0 },
    );
    const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    const sockets = Array.from({ length: 12 }, () => connect({ port: listening.port, host: '127.0.0.1' }));
    for (const socket of sockets) socket.write(`${head}1\r\nx\r\n`);
    const whole = connect({ port: listening.port, host: '127.0.0.1' });
    whole.write(`${head}3\r\nabc\r\n0\r\n\r\n`);
    expect(await text(whole)).toMatch(/3 bytes/);
    const most = 'y'.repeat(LIMIT - 1);
    const answers = sockets.map((socket) => text(socket));
    for (const socket of sockets) socket.write(`${most.length.toString(16)}\r\n${most}\r\n0\r\n\r\n`);
    for (const answer of await Promise.all(answers)) expect(answer).toContain(`${LIMIT} bytes`);
    await listening.stop(0);
  });

  it('are taken alone where one is larger than all may be together', async () => {
    const { begun, ends, of } = bodies();
    for (const name of ['first', 'second']) void of(name, 200 * MB, 256 * MB);
    await turn();
    expect(begun).toEqual(['first']);
    ends.get('first')?.();
    await turn();
    expect(begun).toEqual(['first', 'second']);
  });

  it('make room also where they fail', async () => {
    const { begun, ends, of } = bodies();
    const first = of('first', 60 * MB, 60 * MB);
    void of('second', 60 * MB, 60 * MB);
    ends.get('first')?.(new Error('The client went away'));
    await expect(first).rejects.toThrow('The client went away');
    await turn();
    expect(begun).toEqual(['first', 'second']);
  });
});
