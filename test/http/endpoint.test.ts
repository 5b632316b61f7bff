import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../server/http/log.ts';
import { onEachServer } from '../support/each-server.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { patient } from '../support/fixtures.ts';
import { bearer } from '../support/test-server.ts';

const ALLOWED = 'https://app.example';

onEachServer('a FHIR base over HTTP', (start) => {
  it.each([
    [undefined, 'application/fhir+json; fhirVersion=4.0; charset=utf-8'],
    ['*/*', 'application/fhir+json; fhirVersion=4.0; charset=utf-8'],
    ['', 'application/fhir+json; fhirVersion=4.0; charset=utf-8'],
    ['application/fhir+json; fhirVersion=4.0', 'application/fhir+json; fhirVersion=4.0; charset=utf-8'],
    ['application/fhir+json; fhirVersion="4.0"', 'application/fhir+json; fhirVersion=4.0; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['text/*', 'text/json; charset=utf-8'],
    ['application/*;q=0.5, text/html', 'application/fhir+json; fhirVersion=4.0; charset=utf-8'],
    ['application/fhir+json;q=0, */*', 'application/json; charset=utf-8'],
    ['application/fhir+json; fhirVersion=3.0, application/json', 'application/json; charset=utf-8'],
    ['application/fhir+xml;q=0.9, application/fhir+json;q=0.5', 'application/fhir+json; fhirVersion=4.0; charset=utf-8'],
    ['text/html, application/xhtml+xml, */*;q=0.1', 'application/fhir+json; fhirVersion=4.0; charset=utf-8'],
  ])('answers Accept: %s with %s [R4 http#mime-type]', async (accept, type) => {
    const server = await start();
    const answer = await server.request('GET', 'Patient', undefined, accept === undefined ? {} : { Accept: accept });
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, type]);
  });

  it.each(['json', 'application/json', 'application/fhir%2Bjson', 'application/fhir+json', 'application/fhir+json;%20fhirVersion=4.0'])(
    'takes _format=%s before Accept',
    async (format) => {
      const server = await start();
      expect((await server.request('GET', `Patient?_format=${format}`, undefined, { Accept: 'text/html' })).status).toBe(200);
    },
  );

  it('sends headers that keep health data to those who asked for it', async () => {
    const server = await start();
    const { headers } = await server.request('GET', 'Patient');
    expect(
      Object.fromEntries(
        ['cache-control', 'x-content-type-options', 'referrer-policy', 'content-security-policy', 'x-powered-by'].map((name) => [
          name,
          headers.get(name),
        ]),
      ),
    ).toEqual({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-powered-by': null,
    });
  });

  it('says once how long an answer may be kept: what the service can do is asked about again, with its ETag', async () => {
    const server = await start();
    const { headers } = await server.request('GET', 'metadata');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('vary')).toBe('Accept');
    const again = await server.request('GET', 'metadata', undefined, { 'If-None-Match': headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    expect(again.headers.get('cache-control')).toBe('no-cache');
  });

  it('gives each request an id, or keeps the one it came with [R4 http#custom]', async () => {
    const server = await start();
    const idFor = async (given: string) =>
      (await server.request('GET', 'Patient', undefined, { 'X-Request-Id': given })).headers.get('X-Request-Id');
    expect(await idFor('trace-0001')).toBe('trace-0001');
    const given = (id: string) => server.request('GET', 'Patient', undefined, { 'X-Request-Id': id });
    // Where another id is taken, the client's own comes back beside it.
    for (const id of ['13097248022', 'id with spaces']) expect((await given(id)).headers.get('X-Correlation-Id')).toBe(id);
    for (const id of ['trace-0001', 'x'.repeat(300)]) expect((await given(id)).headers.get('X-Correlation-Id')).toBeNull();
    for (const bad of ['13097248022', 'x', 'a b c d e f g', 'x'.repeat(80)]) expect(await idFor(bad)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('lets pages of allowed origins in, and no others', async () => {
    const server = await start({ corsOrigins: [ALLOWED] });
    const preflight = (origin: string) =>
      server.request('OPTIONS', 'Patient/p1', undefined, { Origin: origin, 'Access-Control-Request-Method': 'PUT', Authorization: '' });
    const allowed = await preflight(ALLOWED);
    expect([allowed.status, allowed.headers.get('Access-Control-Allow-Origin')]).toEqual([204, ALLOWED]);
    expect(allowed.headers.get('Access-Control-Allow-Methods')).toContain('PUT');
    expect(allowed.headers.get('Access-Control-Allow-Headers')).toContain('If-Match');
    const other = await preflight('https://evil.example');
    expect([other.headers.get('Access-Control-Allow-Origin'), other.headers.get('Access-Control-Allow-Methods')]).toEqual([null, null]);
    const get = await server.request('GET', 'Patient', undefined, { Origin: ALLOWED });
    expect([get.headers.get('Access-Control-Allow-Origin'), get.headers.get('Vary')]).toEqual([ALLOWED, 'Origin']);
    expect(get.headers.get('Access-Control-Expose-Headers')).toContain('ETag');
    const refused = await server.request('GET', 'Patient', undefined, { Origin: ALLOWED, Authorization: '' });
    expect([refused.status, refused.headers.get('Access-Control-Allow-Origin')]).toEqual([401, ALLOWED]);
    expect(
      (await server.request('GET', 'metadata', undefined, { Origin: 'https://any.example' })).headers.get('Access-Control-Allow-Origin'),
    ).toBe('*');
  });

  it('gives the SMART configuration to anyone, where there is one', async () => {
    const server = await start({ smartConfiguration: () => ({ token_endpoint: 'https://auth.example/token' }) });
    const anyone = { Authorization: '', Origin: 'https://any.example' };
    const answer = await server.request('GET', '.well-known/smart-configuration', undefined, anyone);
    expect([answer.status, answer.body, answer.headers.get('Access-Control-Allow-Origin')]).toEqual([
      200,
      { token_endpoint: 'https://auth.example/token' },
      '*',
    ]);
    expectRefusal(await (await start()).request('GET', '.well-known/smart-configuration', undefined, anyone), 404, 'not-supported');
  });

  it('keeps several bases in one process apart', async () => {
    const [one, two] = [await start(), await start()];
    await one.request('PUT', 'Patient/p1', patient({ id: 'p1' }));
    expectRefusal(await two.request('GET', 'Patient/p1'), 404, 'not-found');
    const created = await two.request('POST', 'Patient', patient());
    expect(created.headers.get('Location')).toBe(`${two.url}/Patient/id-1/_history/1`);
    const urls = await Promise.all(
      [one, two].map(async (server) => (await server.request('GET', 'metadata?_elements=implementation')).body.implementation),
    );
    expect(urls).toMatchObject([{ url: one.url }, { url: two.url }]);
  });

  it('refuses a body of 20 MB with 413, and answers the next request', async () => {
    const server = await start();
    expectRefusal(await server.request('POST', 'Patient', `{"resourceType":"Patient","x":"${'x'.repeat(20_000_000)}"}`), 413, 'too-long');
    expect((await server.request('GET', 'Patient')).status).toBe(200);
  });

  it('says where malformed JSON stops being JSON', async () => {
    const server = await start();
    const answer = await server.request('POST', 'Patient', '{\n  "resourceType": "Patient",\n  "active": tru\n}');
    expectRefusal(answer, 400, 'structure');
    expect(answer.body.issue?.[0]?.diagnostics).toMatch(/line 3, column 1[0-9]/);
  });

  it('logs one line of JSON for each request, without ids, query strings or numbers of people', async () => {
    const lines: string[] = [];
    const server = await start({ logLine: (line) => lines.push(line) });
    await server.request('PUT', 'Patient/ingrid-solvik', patient({ id: 'ingrid-solvik' }));
    await server.request('GET', 'Patient?family=solvik&identifier=13097248022');
    await server.request('GET', 'Patient/13097248022', undefined, { Authorization: bearer({ clientId: 'the-client' }) });
    await expect.poll(() => lines.length).toBe(3);
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toMatchObject({
      level: 'info',
      event: 'request',
      method: 'PUT',
      area: '/fhir',
      type: 'Patient',
      status: 201,
      requestId: expect.any(String),
    });
    expect(events[2]).toMatchObject({ clientId: 'the-client', status: 400 });
    for (const line of lines) expect(line).not.toMatch(/solvik|13097248022|family/i);
  });

  it('answers a fault of its own with a generic 500, and writes the cause to the log under the request id', async () => {
    const lines: string[] = [];
    const broken = () => {
      throw new TypeError('secret cause 13097248022');
    };
    const server = await start({ services: { index: broken, writeValidation: 'off' }, logLine: (line) => lines.push(line) });
    const answer = await server.request('POST', 'Patient', patient(), { 'X-Request-Id': 'trace-0002' });
    expectRefusal(answer, 500, 'exception');
    expect(answer.text).toContain('trace-0002');
    expect(answer.text).not.toContain('secret');
    const fault = lines.find((line) => line.includes('"event":"fault"'));
    expect(fault).toMatch(/TypeError.*secret cause/);
    expect(fault).not.toContain('13097248022');
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'POST', url: 'Patient' }, resource: patient() }] };
    expect((await server.request('POST', '', batch)).text).not.toContain('secret');
  });

  it('tells whether it lives and whether it can serve', async () => {
    const server = await start();
    for (const path of ['healthz', 'readyz']) expect((await fetch(`${server.origin}/${path}`)).status).toBe(200);
    await server.services.store.close();
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(503);
    const refused = await server.request('GET', 'Patient/p1');
    expect([refused.status, refused.headers.get('Retry-After') === null]).toEqual([503, false]);
  });

  it('answers an unknown address outside of FHIR plainly, in the form the client reads', async () => {
    const server = await start();
    const html = await fetch(`${server.origin}/nothing/<script>`, { headers: { Accept: 'text/html' } });
    expect([html.status, html.headers.get('Content-Type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await html.text()).not.toContain('<script>');
    const json = await fetch(`${server.origin}/nothing`, { headers: { Accept: 'application/json' } });
    expect([json.status, await json.json()]).toEqual([404, { status: 404, message: 'There is nothing at this address' }]);
    expect((await fetch(`${server.origin}/%E0%A4%A`)).status).toBe(404);
  });

  it('survives what is no HTTP, and clients that hang up', async () => {
    const server = await start();
    const port = Number(new URL(server.origin).port);
    const say = (text: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        let heard = '';
        socket.on('data', (chunk) => {
          heard += chunk.toString();
        });
        socket.on('close', () => resolve(heard));
        socket.on('error', () => resolve(heard));
      });
    expect(await say('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await say(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/);
    const hangUp = connect(port, '127.0.0.1', () => {
      hangUp.write(
        `POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: ${bearer()}\r\nContent-Type: application/fhir+json\r\nContent-Length: 1000\r\n\r\n{`,
      );
      setTimeout(() => hangUp.destroy(), 20);
    });
    await new Promise((resolve) => hangUp.on('close', resolve));
    expect((await server.request('GET', 'Patient')).status).toBe(200);
  });
});

describe('the log', () => {
  it.each([
    ['info', 2],
    ['error', 1],
    ['silent', 0],
  ] as const)('writes at level %s %i of two lines', (level, expected) => {
    const lines: string[] = [];
    const log = createLog(level, (line) => lines.push(line));
    log.info({ event: 'a' });
    log.error({ event: 'b' });
    expect(lines).toHaveLength(expected);
  });

  it('blots out eleven digits in a row, with or without the customary space', () => {
    const lines: string[] = [];
    createLog('info', (line) => lines.push(line)).info({ event: 'a', text: 'x 13097248022 y 130972 48022 z 123456789012' });
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ text: 'x [number] y [number] z 123456789012' });
  });
});
