import { describe, expect, it } from 'vitest';
import { osloDate, osloOffset, plusDays } from '../../server/demo/oslo-time.ts';

describe('time in Norway', () => {
  it.each([
    ['winter', '2026-01-15', '12:00:00', '+01:00'],
    ['summer', '2026-07-15', '12:00:00', '+02:00'],
    ['just before the clocks go forward', '2026-03-29', '01:59:59', '+01:00'],
    ['just after the clocks have gone forward', '2026-03-29', '03:00:00', '+02:00'],
    ['just before the clocks go back', '2026-10-25', '01:59:59', '+02:00'],
    ['the hour that comes twice counts as winter time', '2026-10-25', '02:30:00', '+01:00'],
    ['midnight', '2026-11-16', '00:00:00', '+01:00'],
  ])('%s: %s %s is %s', (_why, date, time, expected) => expect(osloOffset(date, time)).toBe(expected));

  it.each([
    ['2026-11-16T22:59:59Z', '2026-11-16'],
    ['2026-11-16T23:00:00Z', '2026-11-17'],
    ['2026-06-30T21:59:59Z', '2026-06-30'],
    ['2026-06-30T22:00:00Z', '2026-07-01'],
  ])('at %s it is the day %s', (moment, expected) => expect(osloDate(Date.parse(moment))).toBe(expected));

  it.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2027-02-28', 1, '2027-03-01'],
    ['2026-03-29', -1, '2026-03-28'],
    ['2026-11-16', 0, '2026-11-16'],
  ])('%s plus %i days is %s', (date, days, expected) => expect(plusDays(date, days)).toBe(expected));
});
