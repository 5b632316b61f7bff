/**
 * Every date and time in FHIR is a range: 2013 is the whole year, a time without fractions the whole second.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#date · https://hl7.org/fhir/R4/datatypes.html#dateTime
 */
import { isObject } from './resource.ts';
import type { TimeZone } from './time-zone.ts';

/** Milliseconds since 1970 UTC, both inclusive; ±Infinity where open. */
export interface DateRange {
  readonly low: number;
  readonly high: number;
}

const DATE_TIME = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** Days that were read, by zone: plans begin, end and are looked at again on the same few, and to read one takes a microsecond. */
const days = new WeakMap<TimeZone, Map<string, DateRange>>();
const DAY_LENGTH = 'YYYY-MM-DD'.length;
const DAYS_KEPT = 2000;

/**
 * The instants that a date, dateTime or instant covers, or undefined when it is none. A date, and a time without a zone
 * (allowed in searches only), is read in `zone`. A day that the calendar does not have is none.
 */
export function dateRange(text: string, zone: TimeZone): DateRange | undefined {
  if (text.length !== DAY_LENGTH) return readRange(text, zone);
  let ofZone = days.get(zone);
  if (ofZone === undefined || ofZone.size >= DAYS_KEPT) {
    ofZone = new Map();
    days.set(zone, ofZone);
  }
  const known = ofZone.get(text);
  if (known !== undefined) return known;
  const range = readRange(text, zone);
  if (range !== undefined) ofZone.set(text, range);
  return range;
}

function readRange(text: string, zone: TimeZone): DateRange | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const m = month === undefined ? 1 : Number(month);
  const d = day === undefined ? 1 : Number(day);
  if (!isCalendarDay(Number(year), m, d) || year === '0000') return undefined;
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 60) return undefined;
  const start = wallClock(Number(year), m, d) + Number(hour ?? 0) * 3_600_000 + Number(minute ?? 0) * 60_000 + Number(second ?? 0) * 1000;
  if (hour === undefined) {
    const end =
      day !== undefined ? start + 86_400_000 : month !== undefined ? wallClock(Number(year), m + 1, 1) : wallClock(Number(year) + 1, 1, 1);
    return { low: zone.utcOf(start), high: zone.utcOf(end) - 1 };
  }
  const [from, length] = second === undefined ? [start, 60_000] : withFraction(start, fraction);
  const shift = offsetMs(offset);
  if (shift === undefined) return undefined;
  const low = shift === 'none' ? zone.utcOf(from) : from - shift;
  return { low, high: low + length - 1 };
}

/** From the start of `start` to the end of `end`; a missing bound is open. Undefined without either, or when one cannot be read. */
export function periodRange(period: unknown, zone: TimeZone): DateRange | undefined {
  if (!isObject(period)) return undefined;
  const { start, end } = period;
  if (start === undefined && end === undefined) return undefined;
  const from = typeof start === 'string' ? dateRange(start, zone) : undefined;
  const to = typeof end === 'string' ? dateRange(end, zone) : undefined;
  if ((start !== undefined && from === undefined) || (end !== undefined && to === undefined)) return undefined;
  return { low: from?.low ?? Number.NEGATIVE_INFINITY, high: to?.high ?? Number.POSITIVE_INFINITY };
}

/** The outer limits of a Timing: its events and the period it is bound to. Undefined when it has neither. */
export function timingRange(timing: unknown, zone: TimeZone): DateRange | undefined {
  if (!isObject(timing)) return undefined;
  const events = Array.isArray(timing.event) ? timing.event : [];
  const ranges = events.map((event) => (typeof event === 'string' ? dateRange(event, zone) : undefined));
  ranges.push(isObject(timing.repeat) ? periodRange(timing.repeat.boundsPeriod, zone) : undefined);
  const known = ranges.filter((range) => range !== undefined);
  if (known.length === 0) return undefined;
  return { low: Math.min(...known.map((range) => range.low)), high: Math.max(...known.map((range) => range.high)) };
}

/** Fractions of a second count to the millisecond; one that is written with fewer digits covers what they leave open. */
function withFraction(start: number, fraction: string | undefined): [number, number] {
  if (fraction === undefined) return [start, 1000];
  const digits = fraction.slice(0, 3);
  return [start + Number(digits.padEnd(3, '0')), 10 ** (3 - digits.length)];
}

function offsetMs(offset: string | undefined): number | 'none' | undefined {
  if (offset === undefined) return 'none';
  if (offset === 'Z') return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(4));
  if (hours > 14 || minutes > 59) return undefined;
  return (offset[0] === '-' ? -1 : 1) * (hours * 3_600_000 + minutes * 60_000);
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || day <= new Date(Date.UTC(year < 100 ? year + 400 : year, month, 0)).getUTCDate();
}

/** Date.UTC takes the years 0 to 99 for 1900 to 1999. */
function wallClock(year: number, month: number, day: number): number {
  return year >= 100 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day);
}
