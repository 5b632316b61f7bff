import { describe, expect, it } from 'vitest';
import { shiftToToday } from '../../server/demo/shift-dates.ts';
import { bundlesOf, textsIn } from './bundles.ts';

const authored = (resource: Record<string, unknown>) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  timestamp: '2026-11-16T08:00:00+01:00',
  entry: [{ fullUrl: 'https://a.example/fhir/Patient/2026-11-16', resource: { resourceType: 'Basic', ...resource } }],
});
const shifted = (resource: Record<string, unknown>, now: string): unknown =>
  (shiftToToday(authored(resource), Date.parse(now)).entry as { resource: unknown }[])[0]!.resource;

describe('shiftToToday', () => {
  const rows: [why: string, given: Record<string, unknown>, now: string, expected: Record<string, unknown>][] = [
    ['a date of the anchor becomes today', { created: '2026-11-16' }, '2026-11-20T12:00:00Z', { created: '2026-11-20' }],
    ['a date before the anchor stays as far before', { created: '2026-11-06' }, '2026-11-20T12:00:00Z', { created: '2026-11-10' }],
    ['a date moves over the end of the year', { created: '2026-12-30' }, '2026-11-20T12:00:00Z', { created: '2027-01-03' }],
    ['a date moves over 29 February', { created: '2026-11-16' }, '2028-02-29T12:00:00Z', { created: '2028-02-29' }],
    ['backwards, too', { created: '2026-11-16' }, '2026-10-01T12:00:00Z', { created: '2026-10-01' }],
    ['today is the day in Norway, not in UTC', { created: '2026-11-16' }, '2026-11-19T23:30:00Z', { created: '2026-11-20' }],
    ['a time of day stays', { sent: '2026-11-16T09:30:00+01:00' }, '2026-11-20T12:00:00Z', { sent: '2026-11-20T09:30:00+01:00' }],
    [
      'a time of day stays in summer time',
      { sent: '2026-11-16T09:30:00+01:00' },
      '2027-07-01T12:00:00Z',
      { sent: '2027-07-01T09:30:00+02:00' },
    ],
    ['from summer to winter time', { sent: '2026-07-01T09:30:00+02:00' }, '2026-11-20T12:00:00Z', { sent: '2026-07-05T09:30:00+02:00' }],
    ['UTC stays UTC', { sent: '2026-11-16T09:30:00Z' }, '2027-07-01T12:00:00Z', { sent: '2027-07-01T09:30:00Z' }],
    ['fractions stay', { sent: '2026-11-16T09:30:00.125Z' }, '2026-11-20T12:00:00Z', { sent: '2026-11-20T09:30:00.125Z' }],
    [
      'periods and lists move within',
      { a: [{ period: { start: '2026-11-15', end: '2026-11-17' } }] },
      '2026-11-20T12:00:00Z',
      { a: [{ period: { start: '2026-11-19', end: '2026-11-21' } }] },
    ],
    ['a birth date stays', { birthDate: '1942-03-17' }, '2027-07-01T12:00:00Z', { birthDate: '1942-03-17' }],
    [
      'identifiers and ids stay',
      { id: '2026-11-16', identifier: [{ value: '2026-11-16' }] },
      '2027-07-01T12:00:00Z',
      { id: '2026-11-16', identifier: [{ value: '2026-11-16' }] },
    ],
    [
      'text that mentions a date stays',
      { text: 'Avtalt 2026-11-16 med datter' },
      '2027-07-01T12:00:00Z',
      { text: 'Avtalt 2026-11-16 med datter' },
    ],
    ['numbers, booleans and null stay', { a: 2026, b: true, c: null }, '2027-07-01T12:00:00Z', { a: 2026, b: true, c: null }],
  ];
  it.each(rows)('%s', (_why, given, now, expected) => expect(shifted(given, now)).toEqual({ resourceType: 'Basic', ...expected }));

  it('leaves the full URL, moves the timestamp, and does not touch the Bundle it was given', () => {
    const bundle = authored({ created: '2026-11-16' });
    const before = structuredClone(bundle);
    const moved = shiftToToday(bundle, Date.parse('2026-11-20T12:00:00Z'));
    expect(moved).toMatchObject({
      timestamp: '2026-11-20T08:00:00+01:00',
      entry: [{ fullUrl: 'https://a.example/fhir/Patient/2026-11-16' }],
    });
    expect(bundle).toEqual(before);
  });

  it('refuses a Bundle without a timestamp', () => {
    expect(() => shiftToToday({ resourceType: 'Bundle', id: 'b1' }, 0)).toThrow('Bundle b1 has no timestamp');
  });

  it('moves every date of the population except birth dates: none is partial, none is written otherwise', () => {
    const partial = /^\d{4}(-\d{2})?$|^\d{4}-\d{2}-\d{2}T(?!\d{2}:\d{2}:\d{2}[+Z])/;
    const texts = bundlesOf('shared').flatMap((bundle) => textsIn(bundle));
    expect(texts.filter((text) => partial.test(text) && !/^99\d\d$/.test(text))).toEqual([]);
  });
});
