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

  it('leaves other numbers alone', () => {
    const lines: string[] = [];
    createLog('info', (line) => lines.push(line)).info({ event: 'x', at: 1_783_420_158_500, code: '123456' });
    expect(lines[0]).toContain('"at":1783420158500,"code":"123456"');
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
