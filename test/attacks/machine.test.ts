/**
 * Attacks on the machine: what is too large, too deep, too many, too slow, or not HTTP at all. Each is refused within
 * moments, makes no fault, and leaves the service as quick as before.
 *
 * Spec: https://cheatsheetseries.owasp.org/cheatsheets/Denial_of_Service_Cheat_Sheet.html · https://www.rfc-editor.org/rfc/rfc9112#section-11
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf } from './attack.ts';
import { type Ask, ask, type Got, gotOf, openStronghold, STORES, type Stronghold, WHO } from './stronghold.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json', 'If-Match': 'W/"1"' };
const WITHIN_MS = 8000;

const nested = (depth: number, open: string, close: string) =>
  `{"resourceType":"Basic","code":{"text":"x"},"x":${open.repeat(depth)}1${close.repeat(depth)}}`;
const parameters = (...parts: readonly (readonly [string, object])[]) => ({
  resourceType: 'Parameters',
  parameter: [{ name: 'operation', part: parts.map(([name, value]) => ({ name, ...value })) }],
});
const byPath = (path: string) =>
  parameters(['type', { valueCode: 'replace' }], ['path', { valueString: path }], ['value', { valueString: 'x' }]);
/** Keys that fall into one place of a table of hashes, if one knows the hash; V8 seeds its own. */
const collisions = () =>
  `{"resourceType":"Basic","code":{"text":"x"},${Array.from({ length: 20_000 }, (_, at) => `"${'AaBB'.repeat(2)}${at}":1`).join(',')}}`;

type Heavy = readonly [how: string, refused: RegExp, by: (nurse: Ask, place: Stronghold) => Promise<Got>];

const HEAVY: readonly Heavy[] = [
  ['a body of 11 MB', /^413 too-long/, (nurse) => nurse('POST', 'Basic', `{"resourceType":"Basic","x":"${'x'.repeat(11_000_000)}"}`)],
  ['a form of 11 MB', /^413 too-long/, (nurse) => nurse('POST', 'Patient/_search', `family=${'x'.repeat(11_000_000)}`, FORM)],
  [
    'a form of 100 kB at the token endpoint',
    /^413 invalid_request/,
    (_nurse, { issuer }) => ask(issuer, 'POST', 'token', `client_id=${'x'.repeat(100_000)}`, FORM),
  ],
  ['lists within lists', /^400 structure/, (nurse) => nurse('POST', 'Basic', nested(100_000, '[', ']'))],
  ['objects within objects', /^400 structure/, (nurse) => nurse('POST', 'Basic', nested(100_000, '{"x":', '}'))],
  ['a list that does not end', /^400 structure/, (nurse) => nurse('POST', 'Basic', `{"resourceType":"Basic","x":${'['.repeat(1_000_000)}`)],
  [
    'a million elements',
    /^4\d\d /,
    (nurse) =>
      nurse(
        'POST',
        'Basic',
        `{"resourceType":"Basic","code":{"text":"x"},"identifier":[${'{"value":"x"},'.repeat(300_000)}{"value":"x"}]}`,
      ),
  ],
  [
    'a number of a million digits',
    /^4\d\d /,
    (nurse) =>
      nurse(
        'POST',
        'Observation',
        `{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ida"},"valueQuantity":{"value":${'9'.repeat(1_000_000)}}}`,
      ),
  ],
  [
    'a number with a huge exponent',
    /^201 |^4\d\d /,
    (nurse) =>
      nurse(
        'POST',
        'Observation',
        '{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ida"},"valueQuantity":{"value":1e999999999}}',
      ),
  ],
  ['keys that collide', /^4\d\d /, (nurse) => nurse('POST', 'Basic', collisions())],
  [
    'a zip bomb',
    /^415 not-supported/,
    (nurse) =>
      nurse('POST', 'Basic', gzipSync('x'.repeat(1_000_000)).toString('latin1'), {
        'Content-Encoding': 'gzip',
        'Content-Type': 'application/fhir+json',
      }),
  ],
  [
    'a zip bomb by deflate',
    /^415 not-supported/,
    (nurse) => nurse('POST', 'Basic', 'x', { 'Content-Encoding': 'deflate', 'Content-Type': 'application/fhir+json' }),
  ],
  [
    'a Bundle of 20,000 entries',
    /^4\d\d /,
    (nurse) =>
      nurse('POST', '', {
        resourceType: 'Bundle',
        type: 'batch',
        entry: Array.from({ length: 20_000 }, () => ({ request: { method: 'GET', url: 'Goal' } })),
      }),
  ],
  ['a chain of 40 steps', /^400 /, (nurse) => nurse('GET', `CarePlan?${'part-of:CarePlan.'.repeat(40)}status=active`)],
  ['a reverse chain of 40 steps', /^400 /, (nurse) => nurse('GET', `Patient?${'_has:CarePlan:subject:'.repeat(40)}status=active`)],
  [
    '20,000 values',
    /^403 too-costly/,
    (nurse) => nurse('POST', 'CarePlan/_search', `_id=${Array.from({ length: 20_000 }, (_, at) => `p${at}`).join(',')}`, FORM),
  ],
  [
    '2,000 conditions',
    /^403 too-costly/,
    (nurse) => nurse('POST', 'Patient/_search', Array.from({ length: 2000 }, (_, at) => `family=x${at}`).join('&'), FORM),
  ],
  [
    '1,000 includes',
    /^40\d /,
    (nurse) => nurse('POST', 'CarePlan/_search', Array.from({ length: 1000 }, () => '_include=CarePlan:subject').join('&'), FORM),
  ],
  [
    '1,000 keys to sort by',
    /^40\d /,
    (nurse) => nurse('POST', 'Patient/_search', `_sort=${Array.from({ length: 1000 }, () => 'birthdate').join(',')}`, FORM),
  ],
  [
    'a filter of 20,000 brackets',
    /^40\d /,
    (nurse) => nurse('POST', 'Patient/_search', `_filter=${'('.repeat(20_000)}family eq x${')'.repeat(20_000)}`, FORM),
  ],
  [
    'words of 20,000 brackets',
    /^40\d /,
    (nurse) => nurse('POST', 'Patient/_search', `_content=${'('.repeat(20_000)}x${')'.repeat(20_000)}`, FORM),
  ],
  ['a count beyond all', /^200|^400/, (nurse) => nurse('GET', 'Goal?_count=999999999999999999999')],
  ['a page link that inflates', /^400 invalid/, (nurse) => nurse('GET', `Goal?_page=${'A'.repeat(12_000)}`)],
  [
    'a FHIRPath that grows',
    /^4\d\d /,
    (nurse) => nurse('PATCH', 'Goal/ida-goal', byPath(`Goal${'.repeat($this | $this.children())'.repeat(20)}`), { 'If-Match': 'W/"1"' }),
  ],
  [
    'a FHIRPath with a pattern that backtracks',
    /^4\d\d /,
    (nurse) =>
      nurse('PATCH', 'Goal/ida-goal', byPath(`Goal.description.text.where('${'a'.repeat(40)}!'.matches('^(a+)+$'))`), {
        'If-Match': 'W/"1"',
      }),
  ],
  [
    'a FHIRPath of 50,000 brackets',
    /^4\d\d /,
    (nurse) => nurse('PATCH', 'Goal/ida-goal', byPath(`${'('.repeat(50_000)}1${')'.repeat(50_000)}`), { 'If-Match': 'W/"1"' }),
  ],
  [
    'a JSON Patch that copies itself',
    /^4\d\d /,
    (nurse) =>
      nurse(
        'PATCH',
        'Goal/ida-goal',
        JSON.stringify([
          { op: 'add', path: '/note', value: [{ text: 'x'.repeat(1000) }] },
          ...Array.from({ length: 40 }, () => ({ op: 'copy', from: '/note', path: '/note/0/extension' })),
        ]),
        JSON_PATCH,
      ),
  ],
  [
    'a pattern of a form that backtracks',
    /^200|^4\d\d /,
    (nurse) =>
      nurse('POST', 'QuestionnaireResponse/$validate', {
        resourceType: 'QuestionnaireResponse',
        status: 'completed',
        contained: [
          {
            resourceType: 'Questionnaire',
            id: 'q',
            status: 'active',
            item: [
              {
                linkId: '1',
                type: 'string',
                extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/regex', valueString: '^(a+)+$' }],
              },
            ],
          },
        ],
        questionnaire: '#q',
        item: [{ linkId: '1', answer: [{ valueString: `${'a'.repeat(40)}!` }] }],
      }),
  ],
  [
    'a range of a resource',
    /^404|^200/,
    (nurse) => nurse('GET', 'Goal/ida-goal', undefined, { Range: `bytes=${Array.from({ length: 1000 }, (_, at) => `${at}-`).join(',')}` }),
  ],
];

const EXACT: readonly (readonly [how: string, refused: string, bytes: (host: string, token: string) => string])[] = [
  [
    'a length and chunks (CL.TE)',
    '400',
    (host) => `POST /fhir/Basic HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`,
  ],
  [
    'chunks and a length (TE.CL)',
    '400',
    (host) =>
      `POST /fhir/Basic HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n`,
  ],
  [
    'two codings, one unknown (TE.TE)',
    '400',
    (host) => `POST /fhir/Basic HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n`,
  ],
  [
    'a coding with a space before its colon',
    '400',
    (host) => `POST /fhir/Basic HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['two lengths', '400', (host) => `POST /fhir/Basic HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
  ['a length that is none', '400', (host) => `POST /fhir/Basic HTTP/1.1\r\nHost: ${host}\r\nContent-Length: +1\r\n\r\na`],
  ['a length below zero', '400', (host) => `POST /fhir/Basic HTTP/1.1\r\nHost: ${host}\r\nContent-Length: -1\r\n\r\na`],
  [
    'a header over two lines (obs-fold)',
    '400',
    (host) => `GET /fhir/metadata HTTP/1.1\r\nHost: ${host}\r\nX-A: b\r\n c\r\nTransfer-Encoding: chunked\r\n x\r\n\r\n`,
  ],
  ['a bare line feed in a header', '400', (host) => `GET /fhir/metadata HTTP/1.1\r\nHost: ${host}\r\nX-A: b\nX-B: c\r\n\r\n`],
  ['a NUL in a header', '400', (host) => `GET /fhir/metadata HTTP/1.1\r\nHost: ${host}\r\nX-A: b\0c\r\n\r\n`],
  [
    'a chunk size that is none',
    '400',
    (host, token) =>
      `POST /fhir/Basic HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nTransfer-Encoding: chunked\r\n\r\n0x1g\r\na\r\n0\r\n\r\n`,
  ],
  ['two hosts', '400', (host) => `GET /fhir/metadata HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`],
  ['no host', '400', () => 'GET /fhir/metadata HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['headers of 20 kB', '431', (host) => `GET /fhir/metadata HTTP/1.1\r\nHost: ${host}\r\nX-Big: ${'a'.repeat(20_000)}\r\n\r\n`],
  [
    '3,000 headers',
    '431',
    (host) => `GET /fhir/metadata HTTP/1.1\r\nHost: ${host}\r\n${Array.from({ length: 3000 }, (_, at) => `X${at}: y\r\n`).join('')}\r\n`,
  ],
  ['a URL of 20 kB', '414', () => `GET /fhir/Patient?name=${'a'.repeat(20_000)}`],
  ['TLS', '400', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['HTTP/2', '400', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a tunnel', '', () => 'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n'],
];

/** What is answered to these bytes until the connection ends, or nothing comes for a while. */
async function say(origin: string, bytes: string): Promise<string> {
  const socket = createConnection(Number(new URL(origin).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.setTimeout(3000, () => socket.destroy());
  socket.write(Buffer.from(bytes, 'latin1'));
  await once(socket, 'close');
  return received;
}

describe.each(STORES)('the machine on %s', (store) => {
  let place: Stronghold;
  let nurse: Ask;
  let token: string;
  beforeAll(async () => {
    place = await openStronghold(store, { headersMs: 1500, requestMs: 5000, idleMs: 6000, checkMs: 100 });
    nurse = await place.as(WHO.nurse);
    token = await place.tokenOf(WHO.nurse);
  });
  afterAll(() => place.close());

  /** The service lives, has made no fault, and answers as before. */
  async function isWell(): Promise<void> {
    expect(place.lines.filter((line) => line.includes('"event":"fault"'))).toEqual([]);
    expect((await nurse('GET', 'CarePlan/ida-plan')).status).toBe(200);
  }

  it.each(HEAVY)('bears %s', { timeout: 30_000 }, async (_how, refused, by) => {
    const startMs = performance.now();
    expect(refusalOf(await by(nurse, place))).toMatch(refused);
    expect(performance.now() - startMs).toBeLessThan(WITHIN_MS);
    await isWell();
  });

  it.each(EXACT)('refuses %s on the wire', async (_how, status, bytes) => {
    const answer = await say(place.origin, bytes(new URL(place.origin).host, token));
    expect(answer.split(' ')[1] ?? '').toBe(status);
    // One answer at most: nothing of what was smuggled behind has been taken for a request.
    expect(answer.match(/HTTP\/1\.1 /g) ?? []).toHaveLength(status === '' ? 0 : 1);
    await isWell();
  });

  it('cuts off who drips headers or a body, and nobody waits for them', async () => {
    const slow = Array.from({ length: 200 }, (_, at) => {
      const socket = createConnection(Number(new URL(place.origin).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(
        at % 2 === 0
          ? 'GET /fhir/metadata HTTP/1.1\r\nHost: x\r\n'
          : `POST /fhir/Basic HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 100\r\n\r\n`,
      );
      const drip = setInterval(() => socket.writable && socket.write(at % 2 === 0 ? 'X-A: b\r\n' : 'x'), 100);
      return once(socket, 'close').then(() => clearInterval(drip));
    });
    const startMs = performance.now();
    expect((await nurse('GET', 'CarePlan/ida-plan')).status).toBe(200);
    expect(performance.now() - startMs).toBeLessThan(2000);
    await Promise.all(slow);
    await isWell();
  });

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'takes %s for a name like any other, in JSON, forms and patches',
    async (name) => {
      const bodies = [
        `{"resourceType":"Basic","code":{"text":"x"},"${name}":{"polluted":true}}`,
        `{"${name}":{"polluted":true},"resourceType":"Basic"}`,
      ];
      for (const body of bodies) expect((await nurse('POST', 'Basic', body)).status).toBeGreaterThanOrEqual(400);
      for (const path of [`/${name}/polluted`, `/description/${name}/polluted`]) {
        const got = await nurse('PATCH', 'Goal/ida-goal', JSON.stringify([{ op: 'add', path, value: true }]), JSON_PATCH);
        expect(got.status).toBeGreaterThanOrEqual(400);
      }
      for (const query of [
        `${name}=1`,
        `${name}[polluted]=1`,
        `_sort=${name}`,
        `_include=${name}:${name}`,
        `${name}.${name}=1`,
        `_has:${name}:${name}:${name}=1`,
        `_filter=${name} eq 1`,
        `family:${name}=x`,
      ]) {
        expect((await nurse('GET', `Patient?${query}`)).status, query).toBe(400);
      }
      expect((await nurse('GET', name)).status).toBe(404);
      expect((await nurse('GET', `Patient/$${name}`)).status).toBe(404);
      expect((await nurse('GET', `Patient/own/${name}`)).status).toBeGreaterThanOrEqual(400);
      const form = await gotOf(
        await fetch(`${place.issuer}/token`, {
          method: 'POST',
          body: new URLSearchParams({ grant_type: name, client_id: name, [name]: 'x' }),
        }),
      );
      expect([400, 401]).toContain(form.status);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      await isWell();
    },
  );

  it('takes of two keys of the same name the last, and says nothing else anywhere', async () => {
    const body =
      '{"resourceType":"Goal","id":"two-keys","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/ida"},"subject":{"reference":"Patient/nobody"}}';
    expect(refusalOf(await nurse('POST', 'Goal', body))).toMatch(/^4\d\d /);
    await isWell();
  });

  it.each([
    ['NUL in a string', '{"resourceType":"Goal","description":{"text":"a\\u0000b"}}'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['a slash written overlong', Buffer.from([0x22, 0xe0, 0x80, 0xaf, 0x22])],
    ['half a pair of surrogates in bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('refuses %s', async (_how, body) => {
    const got = await gotOf(
      await fetch(`${place.fhir}/Goal`, {
        method: 'POST',
        body,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' },
      }),
    );
    expect(refusalOf(got)).toBe('400 structure');
    await isWell();
  });

  it.each([
    '..%2f',
    '..%2fpackage.json',
    '%2e%2e/%2e%2e/package.json',
    '..%5c..%5cpackage.json',
    '....//package.json',
    '%00',
    'index.html%00.js',
    '.env',
    '.git/config',
    '%c0%ae%c0%ae/package.json',
    'assets/..%2f..%2f..%2fserver/main.ts',
  ])('gives no file outside the app for /app/%s', async (path) => {
    const answer = await say(place.origin, `GET /app/${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(['400', '403', '404']).toContain(answer.split(' ')[1]);
    expect(answer).not.toMatch(/"dependencies"|composition root|\[core\]/);
  });

  it('writes the host of nobody into links, whatever Host and forwarding headers say', async () => {
    const headers = {
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example;proto=https',
      'X-Original-URL': '/evil',
      'X-Rewrite-URL': '/evil',
    };
    for (const path of ['Goal?_count=1', 'metadata', '.well-known/smart-configuration']) {
      const got = await nurse('GET', path, undefined, headers);
      expect(got.text + JSON.stringify([...got.headers])).not.toContain('evil');
      const raw = await say(
        place.origin,
        `GET /fhir/${path} HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
      );
      expect(raw).not.toContain('evil');
    }
    for (const path of ['/auth/.well-known/openid-configuration', '/app/config.json']) {
      const raw = await say(
        place.origin,
        `GET ${path} HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n`,
      );
      expect(raw).not.toContain('evil');
    }
    const whole = await say(
      place.origin,
      `GET http://evil.example/fhir/metadata HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    );
    expect(whole).not.toContain('evil');
  });

  it('lets no line break through into a header or a line of the log', async () => {
    const breaks = '%0d%0aSet-Cookie:%20evil=1%0d%0a';
    for (const path of [
      `/fhir/Patient/${breaks}`,
      `/fhir/Patient?family=${breaks}`,
      `/auth/authorize?client_id=${breaks}&redirect_uri=${breaks}&state=${breaks}`,
      `/${breaks}`,
      `/app/${breaks}`,
      `/ehr/hospital/${breaks}`,
    ]) {
      const answer = await say(
        place.origin,
        `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nX-Request-Id: abcdefgh\\r\\nevil\r\nConnection: close\r\n\r\n`,
      );
      const [head = ''] = answer.split('\r\n\r\n');
      expect(head, path).not.toMatch(/^set-cookie/im);
      expect(answer.split(' ')[1], path).toMatch(/^[234]/);
    }
    for (const line of place.lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(place.lines.join('')).not.toContain('evil');
  });
});
