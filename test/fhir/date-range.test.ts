/** The instants that dates cover, in three time zones [R4 search#date]. */
import { describe, expect, it } from 'vitest';
import { dateRange, periodRange, timingRange } from '../../server/fhir/date-range.ts';
import { timeZone, UTC } from '../../server/fhir/time-zone.ts';

const OSLO = timeZone('Europe/Oslo');
const LOS_ANGELES = timeZone('America/Los_Angeles');
const text = (range: { low: number; high: number } | undefined) =>
  range && [range.low, range.high].map((ms) => (Number.isFinite(ms) ? new Date(ms).toISOString() : String(ms)));

describe('dateRange', () => {
  it.each([
    ['2013', '2013-01-01T00:00:00.000Z', '2013-12-31T23:59:59.999Z'],
    ['2013-02', '2013-02-01T00:00:00.000Z', '2013-02-28T23:59:59.999Z'],
    ['2012-02', '2012-02-01T00:00:00.000Z', '2012-02-29T23:59:59.999Z'],
    ['2013-12', '2013-12-01T00:00:00.000Z', '2013-12-31T23:59:59.999Z'],
    ['2012-02-29', '2012-02-29T00:00:00.000Z', '2012-02-29T23:59:59.999Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z', '0001-01-01T23:59:59.999Z'],
    ['9999-12-31', '9999-12-31T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
    ['2013-01-14T10:00', '2013-01-14T10:00:00.000Z', '2013-01-14T10:00:59.999Z'],
    ['2013-01-14T10:00:01', '2013-01-14T10:00:01.000Z', '2013-01-14T10:00:01.999Z'],
    ['2013-01-14T10:00:00Z', '2013-01-14T10:00:00.000Z', '2013-01-14T10:00:00.999Z'],
    ['2013-01-14T10:00:00.1Z', '2013-01-14T10:00:00.100Z', '2013-01-14T10:00:00.199Z'],
    ['2013-01-14T10:00:00.12Z', '2013-01-14T10:00:00.120Z', '2013-01-14T10:00:00.129Z'],
    ['2013-01-14T10:00:00.123Z', '2013-01-14T10:00:00.123Z', '2013-01-14T10:00:00.123Z'],
    ['2013-01-14T10:00:00.123456Z', '2013-01-14T10:00:00.123Z', '2013-01-14T10:00:00.123Z'],
    ['2013-01-14T10:00:00.1234567890123Z', '2013-01-14T10:00:00.123Z', '2013-01-14T10:00:00.123Z'],
    ['2013-01-14T10:00:00+05:30', '2013-01-14T04:30:00.000Z', '2013-01-14T04:30:00.999Z'],
    ['2013-01-14T10:00:00-08:00', '2013-01-14T18:00:00.000Z', '2013-01-14T18:00:00.999Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z', '2017-01-01T00:00:00.999Z'],
  ])('%s in UTC', (value, low, high) => {
    expect(text(dateRange(value, UTC))).toEqual([low, high]);
  });

  it.each([
    ['2013-01-14', '2013-01-13T23:00:00.000Z', '2013-01-14T22:59:59.999Z'],
    ['2013-07-14', '2013-07-13T22:00:00.000Z', '2013-07-14T21:59:59.999Z'],
    ['2013-03-31', '2013-03-30T23:00:00.000Z', '2013-03-31T21:59:59.999Z'],
    ['2013-10-27', '2013-10-26T22:00:00.000Z', '2013-10-27T22:59:59.999Z'],
    ['2013', '2012-12-31T23:00:00.000Z', '2013-12-31T22:59:59.999Z'],
    ['2013-10-27T02:30', '2013-10-27T00:30:00.000Z', '2013-10-27T00:30:59.999Z'],
    ['2013-01-14T10:00:00Z', '2013-01-14T10:00:00.000Z', '2013-01-14T10:00:00.999Z'],
  ])('%s in Oslo', (value, low, high) => {
    expect(text(dateRange(value, OSLO))).toEqual([low, high]);
  });

  it.each([
    ['2013-01-14', '2013-01-14T08:00:00.000Z', '2013-01-15T07:59:59.999Z'],
    ['2013-07-14', '2013-07-14T07:00:00.000Z', '2013-07-15T06:59:59.999Z'],
    ['2013-03-10', '2013-03-10T08:00:00.000Z', '2013-03-11T06:59:59.999Z'],
    ['2013-03', '2013-03-01T08:00:00.000Z', '2013-04-01T06:59:59.999Z'],
  ])('%s in Los Angeles', (value, low, high) => {
    expect(text(dateRange(value, LOS_ANGELES))).toEqual([low, high]);
  });

  it.each([
    '',
    '13',
    '2013-1',
    '2013-13',
    '2013-00',
    '2013-02-29',
    '2013-04-31',
    '0000',
    '2013-01-14T10',
    '2013-01-14T24:00',
    '2013-01-14 10:00',
  ])('finds no date in %j', (value) => expect(dateRange(value, UTC)).toBeUndefined());

  it.each([
    '2013-01-14T10:61',
    '2013-01-14T10:00:61Z',
    '2013-01-14T10:00:00+15:00',
    '2013-01-14T10:00:00+02:60',
    '2013-01-14Z',
    'x2013',
    '2013 ',
  ])('finds no time in %j', (value) => expect(dateRange(value, UTC)).toBeUndefined());

  it('does not depend on the zone of the process', () => {
    const before = process.env.TZ;
    try {
      for (const zone of ['UTC', 'Europe/Oslo', 'America/Los_Angeles']) {
        process.env.TZ = zone;
        expect(text(dateRange('2013-07-14', OSLO))).toEqual(['2013-07-13T22:00:00.000Z', '2013-07-14T21:59:59.999Z']);
        expect(text(dateRange('2013-07-14T10:00', UTC))).toEqual(['2013-07-14T10:00:00.000Z', '2013-07-14T10:00:59.999Z']);
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it('covers every day of two centuries without a gap or an overlap, in each zone', () => {
    for (const zone of [UTC, OSLO, LOS_ANGELES]) {
      let end: number | undefined;
      for (let day = Date.UTC(1900, 0, 1); day < Date.UTC(2100, 0, 1); day += 86_400_000) {
        const range = dateRange(new Date(day).toISOString().slice(0, 10), zone);
        if (range === undefined) throw new Error('no range');
        if (end !== undefined && range.low !== end + 1) throw new Error(`${zone.name} ${new Date(day).toISOString()}`);
        end = range.high;
      }
    }
  });
});

describe('the wall clock', () => {
  it('shows an hour twice when clocks go back: the first counts', () => {
    expect(OSLO.utcOf(Date.UTC(2013, 9, 27, 2, 30))).toBe(Date.UTC(2013, 9, 27, 0, 30));
  });

  it('never shows an hour when clocks go forward: as if they had not', () => {
    expect(OSLO.utcOf(Date.UTC(2013, 2, 31, 2, 30))).toBe(Date.UTC(2013, 2, 31, 1, 30));
  });

  it('agrees with Intl at the start of every hour of a year', () => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Los_Angeles', dateStyle: 'short', timeStyle: 'medium' });
    for (let hour = Date.UTC(2024, 0, 1); hour < Date.UTC(2025, 0, 1); hour += 3_600_000) {
      const wall = Date.parse(`${format.format(hour).replace(' ', 'T')}Z`);
      const shownTwice = wall === Date.UTC(2024, 10, 3, 1);
      if (!shownTwice && LOS_ANGELES.utcOf(wall) !== hour) throw new Error(new Date(hour).toISOString());
    }
  });

  it('has no unknown zone', () => {
    expect(() => timeZone('Mars/Olympus')).toThrow(RangeError);
  });
});

describe('periodRange', () => {
  it.each([
    [{ start: '2013', end: '2014' }, ['2013-01-01T00:00:00.000Z', '2014-12-31T23:59:59.999Z']],
    [{ start: '2013-05-01' }, ['2013-05-01T00:00:00.000Z', 'Infinity']],
    [{ end: '2013-05-01' }, ['-Infinity', '2013-05-01T23:59:59.999Z']],
  ])('%j', (period, range) => {
    expect(text(periodRange(period, UTC))).toEqual(range);
  });

  it.each([[{}], [{ start: 'x' }], [{ start: '2013', end: 5 }], [null], ['2013'], [[]]])('%j is none', (period) => {
    expect(periodRange(period, UTC)).toBeUndefined();
  });
});

describe('timingRange', () => {
  it('goes from the first event to the last, and over the period it is bound to', () => {
    expect(text(timingRange({ event: ['2013-02-01', '2013-01-01T10:00:00Z'] }, UTC))).toEqual([
      '2013-01-01T10:00:00.000Z',
      '2013-02-01T23:59:59.999Z',
    ]);
    expect(text(timingRange({ event: ['2013-02-01'], repeat: { boundsPeriod: { end: '2013-01-01' } } }, UTC))).toEqual([
      '-Infinity',
      '2013-02-01T23:59:59.999Z',
    ]);
  });

  it.each([
    [{}],
    [{ event: [] }],
    [{ event: ['x'] }],
    [{ repeat: { frequency: 1 } }],
    [{ repeat: { boundsDuration: { value: 1 } } }],
    ['x'],
  ])('%j has no limits', (timing) => {
    expect(timingRange(timing, UTC)).toBeUndefined();
  });
});
