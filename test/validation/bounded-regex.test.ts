import { describe, expect, it } from 'vitest';
import { boundedMatch, isQuick, readPattern } from '../../server/validation/bounded-regex.ts';

describe('matching by a pattern of the content', () => {
  it.each([
    ['[0-9]{4}', '5020', true],
    ['[0-9]{4}', '50200', false],
    ['a|b', 'ab', false],
    ['(ja|nei)+', 'janeija', true],
    ['([A-ZÆØÅ][a-zæøå]+ ?)+', 'Kari Ærlig', true],
    ['(?:\\d{2}[.]){2}\\d{4}', '01.02.2026', true],
    ['[', 'x', undefined],
  ])('%j on %j gives %j', (pattern, value, expected) => {
    expect(boundedMatch(pattern, value)).toBe(expected);
  });

  it('a safe pattern is tried on a long value, and no pattern on an endless one', () => {
    expect(boundedMatch('[a-z]+', 'a'.repeat(900_000))).toBe(true);
    expect(boundedMatch('[a-z]+', 'a'.repeat(1_000_001))).toBe('too-costly');
  });

  it('a pattern that is too large to be compiled is too costly', () => {
    expect(boundedMatch('x'.repeat(100_000), 'x')).toBe('too-costly');
  });

  it.each([
    '^[A-Z]([A-Za-z0-9_]){0,254}$',
    '(^|/)Practitioner(Role)?/',
    '^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}$',
    '^https://fellesplan[.]example/fhir/Questionnaire/fp-psfs([|].+)?$',
    '\\([*+]+\\)',
    '^(0[1-9]|[12]\\d|3[01])(0[1-9]|1[0-2])\\d{7}$',
    'a?b?c?',
  ])('%j needs no time limit on a short value', (pattern) => {
    expect(isQuick(readPattern(pattern, 'u')!, 'x'.repeat(200))).toBe(true);
    expect(isQuick(readPattern(pattern, 'u')!, 'x'.repeat(201))).toBe(false);
  });

  it.each(['(a+)+', '(a|b){9}', '(a+){2,}', 'a*b*c*', '(?=a)b', '(a)\\1', '(?:a+)*', '([a-z])+(x)+(y)+|z'])(
    '%j is tried under a time limit',
    (pattern) => {
      expect(isQuick(readPattern(pattern, 'u')!, 'x')).toBe(false);
    },
  );
});
