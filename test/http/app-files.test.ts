import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appFiles } from '../../server/http/app-files.ts';

const SCRIPT = 'export const said = "the same again and again";\n'.repeat(40);
const PAGE = '<!doctype html><title>Fellesplan</title>';

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fellesplan-app-'));
  mkdirSync(join(folder, 'assets'));
  for (const [name, text] of [
    ['assets/app-1.js', SCRIPT],
    ['assets/old.js', SCRIPT],
    ['assets/kept.js', SCRIPT],
    ['index.html', PAGE],
  ] as const) {
    writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(text));
  }
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  const setting = { config: {}, connectOrigins: [], frameOrigins: [] };
  server = createServer(
    express().use(
      '/app',
      appFiles(folder, () => setting),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** Asked without a client that decodes by itself. */
async function get(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  const { port } = server.address() as AddressInfo;
  const options = { port, host: '127.0.0.1', path: `/app${path}`, method, headers, agent: false };
  return new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; body: Buffer }>((resolve, reject) => {
    const asked = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }));
    });
    asked.on('error', reject).end();
  });
}

describe('files of the app', () => {
  test.each([
    ['br', 'gzip, deflate, br, zstd', brotliDecompressSync],
    ['gzip', 'gzip, deflate', gunzipSync],
    ['gzip', 'br;q=0, gzip', gunzipSync],
  ])('are sent as %s to whoever accepts %s [RFC 9110 12.5.3]', async (encoding, accepted, decode) => {
    const { status, headers, body } = await get('/assets/app-1.js', { 'accept-encoding': accepted });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-encoding': encoding,
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'Accept-Encoding',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(body.length).toBeLessThan(SCRIPT.length / 2);
    expect(decode(body).toString()).toBe(SCRIPT);
  });

  test.each([['identity'], [undefined], ['br;q=0']])(
    'are sent as they are to whoever accepts %s, and caches keep both apart',
    async (accepted) => {
      const { headers, body } = await get('/assets/app-1.js', accepted === undefined ? {} : { 'accept-encoding': accepted });
      expect(headers['content-encoding']).toBeUndefined();
      expect(headers.vary).toBe('Accept-Encoding');
      expect(body.toString()).toBe(SCRIPT);
    },
  );

  test('a page is compressed as well, is asked for anew, and is not sent again while it stays', async () => {
    const accepting = { 'accept-encoding': 'br' };
    const first = await get('/', accepting);
    expect(first.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'br',
      'cache-control': 'no-cache',
    });
    expect(brotliDecompressSync(first.body).toString()).toBe(PAGE);
    expect((await get('/', { ...accepting, 'if-none-match': String(first.headers.etag) })).status).toBe(304);
    expect((await get('/', accepting, 'HEAD')).headers['content-length']).toBe(String(first.body.length));
  });

  test.each([
    ['not as it was', 412, 'GET', { 'if-match': '"another"' }],
    ['shorter than what is asked for', 416, 'GET', { range: 'bytes=99999-' }],
    ['written to', 404, 'POST', {}],
  ])('a refusal of a file that is %s can be read, and is not kept', async (_why, status, method, headers) => {
    const answer = await get('/assets/app-1.js', { 'accept-encoding': 'br', ...headers }, method);
    expect(answer.status).toBe(status);
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.headers).not.toHaveProperty('cache-control');
  });

  test('what another build has taken away is not found, and what it has not compressed is sent as it is', async () => {
    rmSync(join(folder, 'assets/old.js'));
    rmSync(join(folder, 'assets/old.js.br'));
    rmSync(join(folder, 'assets/kept.js.br'));
    const gone = await get('/assets/old.js', { 'accept-encoding': 'br' });
    expect([gone.status, gone.headers['content-encoding']]).toEqual([404, undefined]);
    const kept = await get('/assets/kept.js?v=1', { 'accept-encoding': 'br' });
    expect([kept.status, kept.headers['content-encoding'], kept.body.toString()]).toEqual([200, undefined, SCRIPT]);
  });

  test('what the build has not compressed is sent as it is', async () => {
    const { headers, body } = await get('/favicon.svg', { 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.toString()).toBe('<svg/>');
  });
});
