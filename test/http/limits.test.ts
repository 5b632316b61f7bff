import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { readCertificate } from '../../server/http/certificate.ts';
import { cameInClear } from '../../server/http/client-address.ts';
import { httpsOnly } from '../../server/http/front-door.ts';
import { type Listening, type ListenOptions, listen } from '../../server/http/listen.ts';
import { bodyChunks } from '../../server/http/read-body.ts';
import { certificateFiles } from '../support/certificates.ts';

let listening: Listening | undefined;
afterEach(() => listening?.stop(0));

async function start(
  options: Partial<ListenOptions> = {},
  handler: Parameters<typeof listen>[0] = (_request, response) => response.end('ok'),
) {
  listening = await listen(handler, { host: '127.0.0.1', port: 0, ...options });
  return listening.port;
}

function open(
  port: number,
  socket: Socket = createConnection(port, '127.0.0.1'),
): { socket: Socket; answer: () => string; closed: Promise<unknown> } {
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', () => undefined);
  return { socket, answer: () => received, closed: once(socket, 'close') };
}

/** What is answered to these bytes, until the connection ends. */
async function say(port: number, ...parts: string[]): Promise<string> {
  const { socket, answer, closed } = open(port);
  for (const part of parts) socket.write(part);
  await closed;
  return answer();
}

/** Status, issue code and text of an answer on the wire. */
function readAnswer(text: string): readonly [status: number, code: string, text: string] {
  const { issue } = JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as { issue: { code: string; diagnostics: string }[] };
  return [Number(text.slice(9, 12)), issue[0]!.code, issue[0]!.diagnostics];
}

describe('what is too large', () => {
  it('in its headers is answered with 431, clean and closed [RFC 6585]', async () => {
    const answer = await say(await start(), `GET /fhir/Patient HTTP/1.1\r\nHost: x\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(readAnswer(answer)).toEqual([431, 'structure', 'URL and headers together are larger than 16384 bytes']);
    expect(answer).toMatch(/Connection: close\r\n/);
    expect(answer).toMatch(/Content-Security-Policy: default-src 'none'/);
    expect(answer).toMatch(/X-Content-Type-Options: nosniff/);
  });

  it('in its URL is answered with 414', async () => {
    const answer = await say(await start(), `GET /fhir/Patient?name=${'a'.repeat(20_000)}`);
    expect(readAnswer(answer)).toEqual([414, 'structure', 'The URL is too long; a search may be sent by POST']);
  });

  it('just not is answered as always', async () => {
    const port = await start();
    expect((await fetch(`http://127.0.0.1:${port}/${'a'.repeat(8_000)}`, { headers: { 'X-Big': 'b'.repeat(7_000) } })).status).toBe(200);
  });
});

describe('what is no request', () => {
  it.each([
    ['TLS at a port for HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['noise', 'nonsense\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\nAccept: text/html\r\n\r\n'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    [
      'a length and chunks (request smuggling)',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('as %s, is answered with 400 and nothing of what was sent', async (_why, bytes) => {
    const answer = await say(await start(), bytes);
    expect(readAnswer(answer)).toEqual([400, 'structure', 'This is no HTTP request']);
  });

  it('but by HTTP/1.0, which names no host, is answered', async () => {
    expect(await say(await start(), 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('and expects what nobody does is answered with 417, as everything is [RFC 9110 expect]', async () => {
    const answer = await say(await start(), 'POST / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 1\r\n\r\n1');
    expect(readAnswer(answer)).toEqual([417, 'not-supported', 'Nothing but 100-continue can be expected here']);
    expect(answer).toMatch(/Cache-Control: no-store/);
  });

  it('and comes in the middle of an answer ends the connection: nothing is put among what is being answered', async () => {
    const port = await start({}, (_request, response) => void response.writeHead(200, { 'Content-Length': '100' }).write('half'));
    const { socket, answer, closed } = open(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(answer).toContain('half');
    socket.write('no request\r\n\r\n');
    await closed;
    expect(answer()).toMatch(/\r\n\r\nhalf$/);
  });
});

it('says of a URL with a letter beyond ASCII how it is written', async () => {
  const answer = await say(await start(), 'GET /fhir/Patient?name=Åse HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(readAnswer(answer)).toEqual([400, 'structure', expect.stringContaining('Å is %C3%85')]);
});

describe('what is too slow', () => {
  const patience = { headersMs: 300, requestMs: 600, checkMs: 50 };

  it('with its headers is answered with 408 and cut off, as by slowloris', async () => {
    const port = await start({ patience });
    const startedMs = performance.now();
    const { socket, answer, closed } = open(port);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => socket.write('X-A: b\r\n'), 50);
    await closed;
    clearInterval(drip);
    expect(readAnswer(answer()).slice(0, 2)).toEqual([408, 'timeout']);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  it('with its body is cut off as well', async () => {
    const port = await start({ patience }, (request, response) => {
      request.on('end', () => response.end('whole')).resume();
    });
    const { socket, answer, closed } = open(port);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write('.'), 50);
    await closed;
    clearInterval(drip);
    expect(answer()).not.toContain('whole');
  });

  it('does not keep others waiting', async () => {
    const port = await start({ patience: { ...patience, headersMs: 2000, requestMs: 3000 } });
    const slow = Array.from({ length: 200 }, () => open(port));
    for (const { socket } of slow) socket.write('GET / HTTP/1.1\r\n');
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('ok');
    for (const { socket } of slow) socket.destroy();
  });

  it('to say anything at all is cut off', async () => {
    const { answer, closed } = open(await start({ patience: { ...patience, idleMs: 200 } }));
    await closed;
    expect(answer()).toBe('');
  });
});

describe('a body that may be of any size', () => {
  const patience = { headersMs: 300, requestMs: 600, leastBytes: 1000, checkMs: 50 };
  const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ';

  /** Reads all of it, after a pause in which it takes nothing. */
  const reading =
    (pauseMs = 0): RequestListener =>
    async (request, response) => {
      let bytes = 0;
      try {
        for await (const chunk of bodyChunks(request)) {
          if (bytes === 0) await setTimeout(pauseMs);
          bytes += chunk.length;
        }
        response.end(`whole: ${bytes}`);
      } catch {
        response.destroy();
      }
    };

  it.each(['http', 'https'])('is waited for over %s as long as it goes on, also beyond the time of others', async (scheme) => {
    const certificate = scheme === 'https' ? { certificate: await readCertificate(certificateFiles('first')) } : {};
    const port = await start({ patience, ...certificate }, reading());
    const secure = scheme === 'https' ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }) : undefined;
    const { socket, answer, closed } = open(port, secure);
    socket.write(`${HEAD}6000\r\n\r\n`);
    const startedMs = performance.now();
    for (let sent = 0; sent < 6000; sent += 100) {
      await setTimeout(30);
      socket.write('.'.repeat(100));
    }
    await closed;
    expect(performance.now() - startedMs).toBeGreaterThan(2 * patience.requestMs);
    expect(answer()).toContain('whole: 6000');
  });

  it('is waited for while it is the service that does not take it', async () => {
    const { socket, answer, closed } = open(await start({ patience }, reading(3 * patience.requestMs)));
    socket.write(`${HEAD}4000000\r\n\r\n`);
    socket.write('.'.repeat(4_000_000));
    await closed;
    expect(answer()).toContain('whole: 4000000');
  });

  it.each([
    ['stalls', ''],
    ['trickles', '.'],
  ])('is cut off with 408 where it %s', async (_how, drop) => {
    const { socket, answer, closed } = open(await start({ patience }, reading()));
    socket.write(`${HEAD}100000\r\n\r\n${'.'.repeat(5000)}`);
    const drip = setInterval(() => socket.write(drop), 50);
    await closed;
    clearInterval(drip);
    expect(readAnswer(answer()).slice(0, 2)).toEqual([408, 'timeout']);
  });

  it('has the time of any other where it is not read on', async () => {
    const port = await start({ patience }, async (request, response) => {
      for await (const _ of bodyChunks(request)) break;
      response.end('enough');
    });
    const { socket, answer, closed } = open(port);
    socket.write(`${HEAD.replace('Connection: close\r\n', '')}1000000\r\n\r\n${'.'.repeat(2000)}`);
    const drip = setInterval(() => socket.write('.'.repeat(500)), 50);
    await closed;
    clearInterval(drip);
    expect(answer()).toContain('enough');
  });
});

describe('how many', () => {
  it('connections there may be is bounded: further ones are closed', async () => {
    const port = await start({ connectionsMax: 2 }, () => undefined);
    const held = [open(port), open(port)];
    await Promise.all(held.map(({ socket }) => once(socket, 'connect')));
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    for (const { socket } of held) socket.destroy();
  });
});

describe('plain HTTP in front of a trusted proxy', () => {
  const asked = async (trusted: readonly string[], headers: Record<string, string>) => {
    const port = await start(
      {},
      httpsOnly((_request, response) => response.end('ok'), cameInClear(trusted)),
    );
    return fetch(`http://127.0.0.1:${port}/fhir/Patient`, { headers });
  };

  it('is refused with 403 security', async () => {
    const answer = await asked(['127.0.0.0/8'], { 'X-Forwarded-Proto': 'http' });
    expect(answer.status).toBe(403);
    const { issue } = (await answer.json()) as { issue: object[] };
    expect(issue).toEqual([{ severity: 'error', code: 'security', diagnostics: 'This service is reached by https only' }]);
  });

  it.each([
    ['https', ['127.0.0.0/8'], { Forwarded: 'for=192.0.2.7;proto=https' }],
    ['nothing said', ['127.0.0.0/8'], {}],
    ['said by one that is not trusted', ['10.0.0.0/8'], { 'X-Forwarded-Proto': 'http' }],
  ])('is another thing than %s', async (_why, trusted, headers) => {
    expect((await asked(trusted, headers as Record<string, string>)).status).toBe(200);
  });
});
