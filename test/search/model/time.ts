/**
 * Dates as stretches of time, from the first millisecond to the first that no longer belongs; a date without a zone is one of Oslo.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#date
 */
import type { Json } from './definitions.ts';

export interface Stretch {
  readonly from: number;
  /** Not within. */
  readonly to: number;
}

const PARTS = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

const OSLO = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Oslo',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** How far Oslo is ahead of UTC at an instant. */
function aheadMs(instant: number): number {
  const part = Object.fromEntries(OSLO.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
  return wall - Math.floor(instant / 1000) * 1000;
}

const DAY_MS = 86_400_000;

/** When the clocks of Oslo show this. Of an hour that they show twice, the first counts. */
function inOslo(wall: number): number {
  const asBefore = wall - aheadMs(wall - DAY_MS);
  if (asBefore + aheadMs(asBefore) === wall) return asBefore;
  const guess = wall - aheadMs(wall);
  return wall - aheadMs(guess);
}

/** The stretch that a FHIR date, dateTime or instant means. Throws for what is none. */
export function stretchOf(text: string): Stretch {
  const [, year, month, day, hour, minute, second, fraction, zone] = PARTS.exec(text) ?? [];
  if (year === undefined) throw new Error(`No date: ${text}`);
  const start = (years: number, months: number, days: number): number => {
    const date = new Date(0);
    date.setUTCFullYear(years, months, days);
    return date.getTime();
  };
  const y = Number(year);
  const m = Number(month ?? 1) - 1;
  const d = Number(day ?? 1);
  if (hour === undefined) {
    const next = day !== undefined ? start(y, m, d + 1) : month !== undefined ? start(y, m + 1, 1) : start(y + 1, 0, 1);
    return { from: inOslo(start(y, m, d)), to: inOslo(next) };
  }
  const milliseconds = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const wall = start(y, m, d) + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second ?? 0) * 1000 + milliseconds;
  const from = zone === undefined ? inOslo(wall) : wall - offsetMs(zone);
  return { from, to: from + (second === undefined ? 60_000 : fraction === undefined ? 1000 : 1) };
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours, minutes] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
}

/** The stretch of a value found in a resource: an instant is a point, a period may be open, a schedule has outer limits. */
export function stretchOfValue(type: string, value: unknown): Stretch | undefined {
  if (type === 'instant') {
    const { from } = stretchOf(value as string);
    return { from, to: from + 1 };
  }
  if (type === 'Period') return stretchOfPeriod(value as Json);
  if (type === 'Timing') {
    const { event, repeat } = value as { readonly event?: readonly string[]; readonly repeat?: { readonly boundsPeriod?: Json } };
    const bounds = repeat?.boundsPeriod === undefined ? undefined : stretchOfPeriod(repeat.boundsPeriod);
    const all = [...(event ?? []).map(stretchOf), ...(bounds === undefined ? [] : [bounds])];
    if (all.length === 0) return undefined;
    return { from: Math.min(...all.map((each) => each.from)), to: Math.max(...all.map((each) => each.to)) };
  }
  return typeof value === 'string' && PARTS.test(value) ? stretchOf(value) : undefined;
}

function stretchOfPeriod({ start, end }: Json): Stretch | undefined {
  if (typeof start !== 'string' && typeof end !== 'string') return undefined;
  return {
    from: typeof start === 'string' ? stretchOf(start).from : Number.NEGATIVE_INFINITY,
    to: typeof end === 'string' ? stretchOf(end).to : Number.POSITIVE_INFINITY,
  };
}

/** Whether a stretch matches a searched one under a prefix. `now` is for `ap`: a tenth of the time between. */
export function matchesStretch(prefix: string, found: Stretch, sought: Stretch, now: number): boolean {
  const within = sought.from <= found.from && found.to <= sought.to;
  // How far `ap` reaches is a server's own choice: here from the middle of what is sought.
  const tenth = Math.abs(now - (sought.from + sought.to - 1) / 2) / 10;
  switch (prefix) {
    case 'eq':
      return within;
    case 'ne':
      return !within;
    case 'gt':
      return found.to > sought.to;
    case 'lt':
      return found.from < sought.from;
    case 'ge':
      return found.to > sought.to || within;
    case 'le':
      return found.from < sought.from || within;
    case 'sa':
      return found.from >= sought.to;
    case 'eb':
      return found.to <= sought.from;
    case 'ap':
      return found.from <= sought.to - 1 + tenth && found.to - 1 >= sought.from - tenth;
    default:
      return found.from < sought.to && found.to > sought.from;
  }
}
