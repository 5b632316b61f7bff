import express from 'express';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { plainErrorHandler } from '../../server/http/error-handler.ts';
import { type Listening, listen } from '../../server/http/listen.ts';
import { createLog } from '../../server/http/log.ts';

let listening: Listening | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await listening?.stop(0);
});

describe('a page of a refusal that is not FHIR', () => {
  it.each([
    ['nb-NO', 'nb', 'Forespørselen kan ikke leses'],
    ['nn', 'nn', 'Førespurnaden kan ikkje lesast'],
    ['en-GB', 'en', 'The request cannot be read'],
    ['fi', 'nb', 'Forespørselen kan ikke leses'],
  ])('speaks to a browser that wants %s in %s', async (wanted, language, words) => {
    const app = express();
    app.get('/:page', (_request, response) => void response.send('here'));
    app.use(plainErrorHandler(createLog('silent', () => undefined)));
    listening = await listen(app, { host: '127.0.0.1', port: 0 });
    const headers = { Accept: 'text/html', 'Accept-Language': wanted };
    const answer = await fetch(`http://127.0.0.1:${listening.port}/%ff`, { headers });
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-language')]).toEqual([400, language]);
    expect(text).toContain(`<html lang="${language}">`);
    expect(text).toContain(`<title>${words} – Fellesplan</title>`);
    expect(text).toContain(`<main>\n<h1>${words}</h1>`);
  });
});

describe('a fault in the middle of an answer that is not FHIR', () => {
  it('ends the connection, and is told in the log alone, without what it quotes', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const lines: string[] = [];
    const app = express();
    // As it is by default outside of tests: Express prints what nobody has dealt with.
    app.set('env', 'development');
    app.use((_request, response) => {
      response.write('half');
      throw new Error('not read: "17834201585", 17834201585');
    });
    app.use(plainErrorHandler(createLog('info', (line) => lines.push(line))));
    listening = await listen(app, { host: '127.0.0.1', port: 0 });
    await expect(fetch(`http://127.0.0.1:${listening.port}/`).then((response) => response.text())).rejects.toThrow();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('not read: …, [number]');
    expect(printed).not.toHaveBeenCalled();
  });
});

describe('a machine that has nothing left', () => {
  it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC'])('is 503 with Retry-After, and %s is told in the log', async (code) => {
    const lines: string[] = [];
    const app = express();
    app.use(() => {
      throw Object.assign(new Error(`${code}: open '/srv/app/index.html'`), { code });
    });
    app.use(plainErrorHandler(createLog('error', (line) => lines.push(line))));
    listening = await listen(app, { host: '127.0.0.1', port: 0 });
    const answer = await fetch(`http://127.0.0.1:${listening.port}/`);
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '1']);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'unavailable', cause: expect.stringContaining(code) });
  });
});
