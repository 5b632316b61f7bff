/**
 * Date searches, the same under three time zones: where resources and searches name their zones or speak of days, the
 * zone of the server must not matter.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#date
 */
import type { Resource } from '../../server/fhir/resource.ts';
import type { SearchCase, SearchTable } from '../support/search-cases.ts';

const DATE_ZONES = ['UTC', 'Europe/Oslo', 'America/Los_Angeles'] as const;

const at = (id: string, date: string): Resource => ({ resourceType: 'DocumentReference', id, date });
const within = (id: string, start?: string, end?: string): Resource => ({
  resourceType: 'CarePlan',
  id,
  period: { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) },
});

/** Resources of the examples of the spec, then days, months and years. */
const days: readonly Resource[] = ['2013-01-13', '2013-01-14', '2013-01-15', '2013-01', '2013', '2012-12-31', '2014'].map((birthDate) => ({
  resourceType: 'Patient',
  id: `d${birthDate}`,
  birthDate,
}));

const dayCases: readonly SearchCase[] = [
  ['a day', 'Patient?birthdate=2013-01-14', ['d2013-01-14']],
  ['eq is the same', 'Patient?birthdate=eq2013-01-14', ['d2013-01-14']],
  ['a month holds its days and itself', 'Patient?birthdate=2013-01', ['d2013-01', 'd2013-01-13', 'd2013-01-14', 'd2013-01-15']],
  ['a year holds all in it', 'Patient?birthdate=2013', ['d2013', 'd2013-01', 'd2013-01-13', 'd2013-01-14', 'd2013-01-15']],
  ['a day does not hold its month', 'Patient?birthdate=2012-12-31', ['d2012-12-31']],
  [
    'ne: all that is not within',
    'Patient?birthdate=ne2013-01-14',
    ['d2012-12-31', 'd2013', 'd2013-01', 'd2013-01-13', 'd2013-01-15', 'd2014'],
  ],
  ['ne of a year', 'Patient?birthdate=ne2013', ['d2012-12-31', 'd2014']],
  ['gt: something of it is later', 'Patient?birthdate=gt2013-01-14', ['d2013', 'd2013-01', 'd2013-01-15', 'd2014']],
  ['gt of a year', 'Patient?birthdate=gt2013', ['d2014']],
  ['lt: something of it is earlier', 'Patient?birthdate=lt2013-01-14', ['d2012-12-31', 'd2013', 'd2013-01', 'd2013-01-13']],
  ['lt of a year', 'Patient?birthdate=lt2013', ['d2012-12-31']],
  ['ge: later, or within', 'Patient?birthdate=ge2013-01-14', ['d2013', 'd2013-01', 'd2013-01-14', 'd2013-01-15', 'd2014']],
  ['ge of a year', 'Patient?birthdate=ge2013', ['d2013', 'd2013-01', 'd2013-01-13', 'd2013-01-14', 'd2013-01-15', 'd2014']],
  ['le: earlier, or within', 'Patient?birthdate=le2013-01-14', ['d2012-12-31', 'd2013', 'd2013-01', 'd2013-01-13', 'd2013-01-14']],
  ['sa: wholly after', 'Patient?birthdate=sa2013-01-14', ['d2013-01-15', 'd2014']],
  ['eb: wholly before', 'Patient?birthdate=eb2013-01-14', ['d2012-12-31', 'd2013-01-13']],
  ['sa of a month', 'Patient?birthdate=sa2013-01', ['d2014']],
  ['eb of a month', 'Patient?birthdate=eb2013-01', ['d2012-12-31']],
  ['between two days', 'Patient?birthdate=ge2013-01-13&birthdate=le2013-01-14', ['d2013', 'd2013-01', 'd2013-01-13', 'd2013-01-14']],
  ['either of two days', 'Patient?birthdate=2013-01-13,2013-01-15', ['d2013-01-13', 'd2013-01-15']],
  [
    'approximately: a tenth of the time since',
    'Patient?birthdate=ap2013-01-14',
    ['d2012-12-31', 'd2013', 'd2013-01', 'd2013-01-13', 'd2013-01-14', 'd2013-01-15', 'd2014'],
  ],
  ['approximately, too long ago', 'Patient?birthdate=ap2009', []],
  ['sorted: the start of each', 'Patient?birthdate=2013-01-13,2013-01-15,2014&_sort=birthdate', ['d2013-01-13', 'd2013-01-15', 'd2014']],
  ['sorted the other way', 'Patient?birthdate=2013-01-13,2013-01-15,2014&_sort=-birthdate', ['d2014', 'd2013-01-15', 'd2013-01-13']],
];

/** Times with their zone. */
const times: readonly Resource[] = [
  at('midnight', '2013-01-14T00:00:00Z'),
  at('ten', '2013-01-14T10:00:00Z'),
  at('next', '2013-01-15T00:00:00Z'),
  at('oslo', '2013-01-14T11:00:00+01:00'),
  at('fraction', '2013-01-14T10:00:00.500Z'),
  at('west', '2013-01-14T02:00:01-08:00'),
  { resourceType: 'Observation', id: 'second', effectiveDateTime: '2013-01-14T10:00:00Z' },
];

const timeCases: readonly SearchCase[] = [
  ['a second holds its fractions', 'DocumentReference?date=2013-01-14T10:00:00Z', ['fraction', 'oslo', 'ten']],
  ['the same second in another zone', 'DocumentReference?date=2013-01-14T11:00:00%2B01:00', ['fraction', 'oslo', 'ten']],
  ['a minute', 'DocumentReference?date=2013-01-14T10:00Z', ['fraction', 'oslo', 'ten', 'west']],
  ['a millisecond', 'DocumentReference?date=2013-01-14T10:00:00.500Z', ['fraction']],
  ['another millisecond', 'DocumentReference?date=2013-01-14T10:00:00.001Z', []],
  ['an instant is a point, not the second it is written with', 'DocumentReference?date=2013-01-14T10:00:00.000Z', ['oslo', 'ten']],
  ['later than the first millisecond of a second', 'DocumentReference?date=gt2013-01-14T10:00:00.000Z', ['fraction', 'next', 'west']],
  ['a dateTime is all of its second', 'Observation?date=2013-01-14T10:00:00.000Z', []],
  ['a dateTime reaches beyond the first millisecond', 'Observation?date=gt2013-01-14T10:00:00.000Z', ['second']],
  ['later than a second', 'DocumentReference?date=gt2013-01-14T10:00:00Z', ['next', 'west']],
  ['from a second on', 'DocumentReference?date=ge2013-01-14T10:00:00Z', ['fraction', 'next', 'oslo', 'ten', 'west']],
  ['before a second', 'DocumentReference?date=lt2013-01-14T10:00:00Z', ['midnight']],
  ['up to a second', 'DocumentReference?date=le2013-01-14T10:00:00Z', ['fraction', 'midnight', 'oslo', 'ten']],
  ['starts after', 'DocumentReference?date=sa2013-01-14T10:00:00Z', ['next', 'west']],
  ['ends before', 'DocumentReference?date=eb2013-01-14T10:00:01Z', ['fraction', 'midnight', 'oslo', 'ten']],
  ['not this second', 'DocumentReference?date=ne2013-01-14T10:00:00Z', ['midnight', 'next', 'west']],
  ['sorted by instant, not by text', 'DocumentReference?_id=midnight,west,next,ten&_sort=date', ['midnight', 'ten', 'west', 'next']],
];

const periods: readonly Resource[] = [
  within('whole', '2013-01-01', '2013-01-31'),
  within('onwards', '2013-01-21'),
  within('until', undefined, '2013-01-10'),
  within('march', '2013-03-10', '2013-03-20'),
  { resourceType: 'CarePlan', id: 'empty', period: {} },
  { resourceType: 'CarePlan', id: 'none' },
];

const periodCases: readonly SearchCase[] = [
  ['a day does not hold a period', 'CarePlan?date=2013-01-15', []],
  ['a month holds a period', 'CarePlan?date=2013-01', ['whole']],
  ['a year holds those that end in it', 'CarePlan?date=2013', ['march', 'whole']],
  ["the spec's example: ge holds what goes on", 'CarePlan?date=ge2013-03-14', ['march', 'onwards']],
  ["the spec's example: sa does not", 'CarePlan?date=sa2013-03-14', []],
  ['wholly after', 'CarePlan?date=sa2013-03-09', ['march']],
  ['wholly before', 'CarePlan?date=eb2013-02', ['until', 'whole']],
  ['wholly before, an open start', 'CarePlan?date=eb2013-01-11', ['until']],
  ['something later', 'CarePlan?date=gt2013-01-31', ['march', 'onwards']],
  ['something earlier', 'CarePlan?date=lt2013-01-01', ['until']],
  ['up to a day: what starts on it and goes on is neither earlier nor within', 'CarePlan?date=le2013-01-01', ['until']],
  ['up to the next day', 'CarePlan?date=le2013-01-02', ['until', 'whole']],
  ['overlaps a stretch', 'CarePlan?date=ge2013-01-05&date=le2013-01-20', ['until', 'whole']],
  ['is going on, by filter', 'CarePlan?_filter=date po 2013-01-15', ['whole']],
  ['is going on, an open end', 'CarePlan?_filter=date po 2020', ['onwards']],
  ['missing: without any bound there is no period', 'CarePlan?date:missing=true', ['empty', 'none']],
  ['not the year', 'CarePlan?date=ne2013', ['onwards', 'until']],
];

/** What depends on the zone: a day against a time, and a time without a zone. */
const dayAgainstTime: Readonly<Record<(typeof DATE_ZONES)[number], readonly SearchCase[]>> = {
  UTC: [
    ["the spec's example: a day against times", 'DocumentReference?date=2013-01-14', ['fraction', 'midnight', 'oslo', 'ten', 'west']],
    ['a time without a zone', 'DocumentReference?date=2013-01-14T10:00', ['fraction', 'oslo', 'ten', 'west']],
    ['days before', 'DocumentReference?date=lt2013-01-14', []],
  ],
  'Europe/Oslo': [
    ['midnight UTC is one o’clock', 'DocumentReference?date=2013-01-14', ['fraction', 'midnight', 'oslo', 'ten', 'west']],
    ['a time without a zone', 'DocumentReference?date=2013-01-14T11:00', ['fraction', 'oslo', 'ten', 'west']],
    ['days after', 'DocumentReference?date=sa2013-01-14', ['next']],
  ],
  'America/Los_Angeles': [
    ['midnight UTC is the evening before', 'DocumentReference?date=2013-01-14', ['fraction', 'next', 'oslo', 'ten', 'west']],
    ['a time without a zone', 'DocumentReference?date=2013-01-14T02:00', ['fraction', 'oslo', 'ten', 'west']],
    ['days before', 'DocumentReference?date=lt2013-01-14', ['midnight']],
  ],
};

/** Oslo moved its clocks forward on 31 March and back on 27 October 2013. */
const summerTime: SearchTable = {
  title: 'days of 23 and 25 hours in Europe/Oslo [R4 search#date]',
  zone: 'Europe/Oslo',
  given: [
    at('before-short', '2013-03-30T23:30:00Z'),
    at('after-short', '2013-03-31T22:30:00Z'),
    at('in-long', '2013-10-27T22:30:00Z'),
    at('after-long', '2013-10-27T23:30:00Z'),
    at('summer', '2013-07-01T22:30:00Z'),
    { resourceType: 'Task', id: 'timing', executionPeriod: { start: '2013-07-01', end: '2013-07-01' } },
    {
      resourceType: 'ServiceRequest',
      id: 'schedule',
      occurrenceTiming: { event: ['2013-07-03'], repeat: { boundsPeriod: { start: '2013-07-01', end: '2013-07-10' }, frequency: 1 } },
    },
    { resourceType: 'ServiceRequest', id: 'unlimited', occurrenceTiming: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } },
  ],
  cases: [
    ['starts an hour later in UTC', 'DocumentReference?date=2013-03-31', ['before-short']],
    ['ends an hour earlier', 'DocumentReference?date=2013-04-01', ['after-short']],
    ['lasts 25 hours', 'DocumentReference?date=2013-10-27', ['in-long']],
    ['the day after it', 'DocumentReference?date=2013-10-28', ['after-long']],
    ['half past midnight in summer', 'DocumentReference?date=2013-07-02', ['summer']],
    ['a period of one day', 'Task?period=2013-07-01', ['timing']],
    ['the outer limits of a schedule', 'ServiceRequest?occurrence=2013-07', ['schedule']],
    ['a day within the limits of a schedule, by overlap', 'ServiceRequest?_filter=occurrence po 2013-07-06', ['schedule']],
    ['a schedule without limits has no time', 'ServiceRequest?occurrence:missing=true', ['unlimited']],
  ],
};

const byZone = DATE_ZONES.flatMap((zone): readonly SearchTable[] => [
  { title: `days, months and years in ${zone} [R4 search#date]`, zone, given: days, cases: dayCases },
  { title: `times in ${zone} [R4 search#date]`, zone, given: times, cases: [...timeCases, ...dayAgainstTime[zone]] },
  { title: `periods in ${zone} [R4 search#date]`, zone, given: periods, cases: periodCases },
]);

export const dateTables: readonly SearchTable[] = [...byZone, summerTime];
