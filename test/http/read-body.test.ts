/** The body of a request as it arrives: in pieces, too large, broken off [R4 http#general]. */
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readBody, readContent } from '../../server/http/read-body.ts';
import { readJson } from '../../server/validation/read-json.ts';

const LIMIT = 100;
const withHeaders = (stream: Readable, headers: Readonly<Record<string, string>> = {}) =>
  Object.assign(stream, { headers }) as unknown as IncomingMessage;
const arriving = (...chunks: readonly Uint8Array[]) => withHeaders(Readable.from(chunks, { objectMode: true }));
const read = (request: IncomingMessage) => readBody(request, LIMIT);

describe('a body', () => {
  it('is one text, also where a character arrives in two pieces', async () => {
    const bytes = Buffer.from('{"a":"blåbær"}');
    for (let at = 0; at <= bytes.length; at += 1) {
      const body = await read(arriving(bytes.subarray(0, at), bytes.subarray(at)));
      expect(body.text).toBe('{"a":"blåbær"}');
      expect(readJson(body)).toEqual({ value: { a: 'blåbær' }, isCompact: true });
    }
  });

  it('may be empty, and may begin with a byte order mark', async () => {
    expect((await read(arriving())).text).toBe('');
    const marked = await read(arriving(Buffer.from('\ufeff{"a":1.50}')));
    expect([marked.text, JSON.stringify(readJson(marked).value)]).toEqual(['{"a":1.50}', '{"a":1.50}']);
  });

  it('says nothing twice: of what is repeated only the last would be left', async () => {
    const bodyOf = (text: string) => ({ text, bytes: Buffer.from(text) });
    const twice = bodyOf('{"a":1.50,\n "b":{"c":1,"c":2}}');
    expect(() => readJson(twice)).toThrow('The JSON says something twice: the property c at line 2, column');
    expect(readJson(twice, true)).toMatchObject({ value: { b: { c: 2 } }, isCompact: false });
    expect(readJson(bodyOf('{"a":1,"a":1}'), true).isCompact).toBe(false);
    for (const once of ['{"a":{"a":{"a":1.00}},"b":[{"a":1},{"a":":"}]}', '[":"]', '7.00', '{"__proto__":1,"a":1e3}']) {
      expect(() => readJson(bodyOf(once)), once).not.toThrow();
    }
  });

  it('that is not UTF-8 is refused, and the next is read as if nothing had been', async () => {
    await expect(read(arriving(Buffer.from([0x22, 0xe5, 0x22])))).rejects.toMatchObject({ status: 400, issues: [{ code: 'structure' }] });
    expect((await read(arriving(Buffer.from('"å"')))).text).toBe('"å"');
  });

  it('is read to its end before it is refused as too large', async () => {
    const request = arriving(...Array.from({ length: 5 }, () => Buffer.alloc(LIMIT / 4, 0x20)));
    await expect(read(request)).rejects.toMatchObject({ status: 413, issues: [{ code: 'too-long' }] });
    expect(request.readableEnded).toBe(true);
    expect((await read(arriving(Buffer.alloc(LIMIT, 0x20)))).text).toHaveLength(LIMIT);
  });

  it('that is announced as larger than anything read here is refused at once', async () => {
    const request = withHeaders(new PassThrough(), { 'content-length': String(2 ** 40) });
    await expect(read(request)).rejects.toMatchObject({ status: 413 });
  });

  it('may be as large as the limit, also where that is more than would be thrown away', async () => {
    const megabyte = Buffer.alloc(2 ** 20);
    const whole = () => Readable.from(Array<Uint8Array>(65).fill(megabyte), { objectMode: true });
    const content = await readContent(withHeaders(whole(), { 'content-length': String(65 * 2 ** 20) }), 2 ** 28);
    expect(content).toHaveLength(65 * 2 ** 20);
    expect(await readContent(withHeaders(whole()), 2 ** 28)).toHaveLength(65 * 2 ** 20);
  });

  it('that never ends is cut off', async () => {
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(2 ** 20));
      },
    });
    await expect(read(withHeaders(endless))).rejects.toMatchObject({ status: 413 });
    expect(endless.destroyed).toBe(true);
  });

  it('that is broken off, or was before anybody looked, is an error of the request', async () => {
    const request = new PassThrough();
    const reading = read(withHeaders(request));
    request.write('{');
    request.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
    const gone = new PassThrough();
    gone.destroy();
    await expect(read(withHeaders(gone))).rejects.toMatchObject({ status: 400 });
  });

  it('with a Content-Encoding is refused', async () => {
    await expect(read(withHeaders(new PassThrough(), { 'content-encoding': 'gzip' }))).rejects.toMatchObject({ status: 415 });
  });
});
