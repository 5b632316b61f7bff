import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { LargeBodies } from '../../server/http/large-bodies.ts';

const MB = 1024 * 1024;
const LIMIT = 10 * MB;

/** Bodies that are begun when there is room for them, and end when they are told to. */
function bodies() {
  const large = new LargeBodies();
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const send = (name: string, headers: Record<string, string>, { url = '/fhir', limit = LIMIT } = {}) =>
    large.held({ headers, url } as unknown as IncomingMessage, limit, () => {
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

  it('are counted at their most where they do not say how large they are, and never above what is taken', async () => {
    const { begun, ends, send } = bodies();
    for (let n = 1; n <= 4; n += 1) void send(`${n}`, { 'transfer-encoding': 'chunked' }, { limit: 30 * MB });
    await turn();
    expect(begun).toEqual(['1', '2']);
    for (const name of begun) ends.get(name)?.();
    await turn();
    void send('huge', { 'content-length': String(1e12) }, { limit: 2 * MB });
    await turn();
    expect(begun).toEqual(['1', '2', '3', '4', 'huge']);
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
