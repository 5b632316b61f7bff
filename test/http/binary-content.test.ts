import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { bearer, type TestServer } from '../support/test-server.ts';

const PDF = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 0xff, 0xfe, 0x80]);
const FHIR = 'application/fhir+json';
const binary = (over: object = {}) => ({
  resourceType: 'Binary',
  id: 'b1',
  contentType: 'application/pdf',
  data: PDF.toString('base64'),
  ...over,
});

/** Sends and takes bytes as they are. */
async function send(server: TestServer, method: string, path: string, headers: Record<string, string>, body?: Uint8Array) {
  const answer = await fetch(`${server.url}/${path}`, {
    method,
    headers: { Authorization: bearer(), ...headers },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

onEachServer('a Binary [R4 binary#rest]', (start) => {
  it.each([undefined, '*/*', 'application/pdf', 'application/*;q=0.5', 'text/html, */*;q=0.1', 'application/json, text/plain, */*'])(
    'is given as what it holds to Accept: %s',
    async (accept) => {
      const server = await start();
      await server.request('PUT', 'Binary/b1', binary({ securityContext: { reference: 'Patient/p1' } }));
      for (const path of ['Binary/b1', 'Binary/b1/_history/1']) {
        const answer = await send(server, 'GET', path, accept === undefined ? {} : { Accept: accept });
        expect([answer.status, answer.headers.get('Content-Type'), answer.headers.get('ETag')]).toEqual([200, 'application/pdf', 'W/"1"']);
        expect(answer.headers.get('X-Security-Context')).toBe('Patient/p1');
        expect([answer.headers.get('Content-Disposition'), answer.headers.get('X-Content-Type-Options')]).toEqual([
          'attachment',
          'nosniff',
        ]);
        expect(answer.bytes.equals(PDF)).toBe(true);
      }
    },
  );

  it.each([
    ['Binary/b1', FHIR],
    ['Binary/b1', 'application/fhir+json;q=0.1, application/pdf'],
    ['Binary/b1', 'application/json'],
    ['Binary/b1?_format=json', '*/*'],
    ['Binary/b1?_pretty=true', '*/*'],
    ['Binary?_id=b1', '*/*'],
    ['Binary/b1/_history', '*/*'],
    ['Binary/b1/$meta', '*/*'],
  ])('is FHIR at %s to Accept: %s', async (path, accept) => {
    const server = await start();
    await server.request('PUT', 'Binary/b1', binary());
    const answer = await server.request('GET', path, undefined, { Accept: accept });
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, expect.stringContaining('json')]);
    expect(['Binary', 'Bundle', 'Parameters']).toContain(answer.body.resourceType);
  });

  it('is told in FHIR when it cannot be given', async () => {
    const server = await start();
    await server.request('PUT', 'Binary/b1', binary());
    expectRefusal(await server.request('GET', 'Binary/b1', undefined, { Accept: 'image/png' }), 406, 'not-supported');
    expectRefusal(await server.request('GET', 'Binary/none', undefined, { Accept: 'application/pdf' }), 404, 'not-found');
    const known = await server.request('GET', 'Binary/b1', undefined, { Accept: 'application/pdf', 'If-None-Match': 'W/"1"' });
    expect([known.status, known.text]).toEqual([304, '']);
    const head = await send(server, 'HEAD', 'Binary/b1', { Accept: 'application/pdf' });
    expect([head.status, head.headers.get('Content-Length'), head.bytes.length]).toEqual([200, String(PDF.length), 0]);
    await server.request('DELETE', 'Binary/b1');
    expectRefusal(await server.request('GET', 'Binary/b1', undefined, { Accept: 'application/pdf' }), 410, 'deleted');
  });

  it('is made of the content that is sent, whatever it is', async () => {
    const server = await start();
    const headers = { 'Content-Type': 'application/pdf', 'X-Security-Context': 'Patient/p1', Accept: FHIR };
    const made = await send(server, 'POST', 'Binary', headers, PDF);
    expect([made.status, JSON.parse(made.bytes.toString())]).toMatchObject([
      201,
      {
        resourceType: 'Binary',
        contentType: 'application/pdf',
        data: PDF.toString('base64'),
        securityContext: { reference: 'Patient/p1' },
      },
    ]);
    const note = Buffer.from('{"note": 1.00}');
    for (const [type, content] of [
      ['text/plain; charset=iso-8859-1', Buffer.from([0xe6, 0xf8, 0xe5])],
      ['application/json', note],
      ['application/xml', Buffer.from('<a/>')],
    ] as const) {
      const written = await send(server, 'PUT', 'Binary/b2', { 'Content-Type': type, Accept: FHIR }, content);
      expect([200, 201], written.bytes.toString()).toContain(written.status);
      const read = await send(server, 'GET', 'Binary/b2', {});
      expect([read.headers.get('Content-Type'), read.bytes.equals(content)]).toEqual([type, true]);
    }
  });

  it('stands for itself when it is sent as JSON, and is no other resource', async () => {
    const server = await start();
    expect((await server.request('PUT', 'Binary/b1', JSON.stringify(binary()), { 'Content-Type': 'application/json' })).status).toBe(201);
    const read = await server.request('GET', 'Binary/b1', undefined, { Accept: FHIR });
    expect(read.body).toMatchObject(binary());
    expectRefusal(await server.request('POST', 'Binary', { resourceType: 'Patient' }), 400, 'invalid', 'Binary.resourceType');
    expectRefusal(await server.request('POST', 'Binary', '{', { 'Content-Type': FHIR }), 400, 'structure');
    expectRefusal(await server.request('POST', 'Binary', '<a/>', { 'Content-Type': 'application/fhir+xml' }), 415, 'not-supported');
  });

  it('is bounded as every body', async () => {
    const server = await start();
    const answer = await send(server, 'POST', 'Binary', { 'Content-Type': 'application/pdf' }, Buffer.alloc(11 * 1024 * 1024));
    expect(answer.status).toBe(413);
  });
});
