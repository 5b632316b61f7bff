import { describe, expect, it } from 'vitest';
import { createLog, faultFields, type LogLevel } from '../../server/http/log.ts';

const told = (level: LogLevel, event = 'e'): string[] => {
  const lines: string[] = [];
  const log = createLog(level, (line) => lines.push(JSON.parse(line).level));
  log.debug?.({ event });
  log.info({ event });
  log.error({ event });
  return lines;
};

describe('the log', () => {
  it.each<[LogLevel, readonly string[]]>([
    ['silent', []],
    ['error', ['error']],
    ['info', ['info', 'error']],
    ['debug', ['debug', 'info', 'error']],
  ])('tells at the level %s %j', (level, lines) => {
    expect(told(level)).toEqual(lines);
  });

  it.each([
    '17834201585',
    '178342 01585',
    '178342-01585',
    '178342+01585',
    '178342%2001585',
    '178342\u00a001585',
    '178342%C2%A001585',
    'urn:oid:2.16.578.1.12.4.1.4.1|17834201585',
    'urn%3Aoid%3A2.16.578.1.12.4.1.4.1%7C17834201585',
    'a17834201585b',
  ])('blots out the number in %s', (text) => {
    const lines: string[] = [];
    createLog('info', (line) => lines.push(line)).info({ event: 'x', deep: { text: [text] } });
    expect(lines[0]).toContain('[number]');
    expect(lines[0]).not.toMatch(/178342|01585/);
  });

  it('leaves a UUID whole, by which a request is found again', () => {
    const lines: string[] = [];
    const requestId = '2950334d-f473-4d1b-a153-a17834201585';
    createLog('info', (line) => lines.push(line)).info({ event: 'x', requestId, also: `${requestId}1 ${requestId.slice(1)}` });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      requestId,
      also: '2950334d-f473-4d1b-a153-a178342015851 950334d-f473-4d1b-a153-a[number]',
    });
  });

  it('leaves other numbers alone', () => {
    const lines: string[] = [];
    createLog('info', (line) => lines.push(line)).info({ event: 'x', at: 1_783_420_158_500, code: '123456' });
    expect(lines[0]).toContain('"at":1783420158500,"code":"123456"');
  });

  it('tells what was behind a fault, as a full disk, and nothing that it quotes', () => {
    const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
    expect(faultFields(new Error('not committed', { cause: full })).cause).toBe('ERR_SQLITE_ERROR: database or disk is full');
    expect(faultFields(new Error('x', { cause: new TypeError('no "Ingrid"') })).cause).toBe('TypeError: no …');
    expect(faultFields(new Error('x', { cause: 'Ingrid' }))).not.toHaveProperty('cause');
  });

  it('leaves out what the text of a fault quotes', () => {
    let error: unknown;
    try {
      JSON.parse('Ingrid Solberg');
    } catch (thrown) {
      error = thrown;
    }
    expect(faultFields(error).message).not.toContain('Ingrid');
    expect(faultFields(new Error(`invalid input syntax for type integer: "Ingrid"`)).message).toBe(
      'invalid input syntax for type integer: …',
    );
    expect(faultFields(new Error(`a "${'x'.repeat(600)}Ingrid`)).message).not.toContain('Ingrid');
    expect(faultFields('Ingrid')).toEqual({ name: 'string', message: '', stack: [] });
  });
});
