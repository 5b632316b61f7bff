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
