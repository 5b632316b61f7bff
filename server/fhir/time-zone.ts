/**
 * When a wall clock in a time zone shows a given time. Offsets are looked up in a table of changes made once a year and
 * zone, because asking Intl for every value would cost more than all other work on it.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#date (times without a zone are in the server's own)
 */

export interface TimeZone {
  readonly name: string;
  /**
   * The instant (ms since 1970 UTC) at which the wall clock shows `wallMs` (the same digits read as UTC). Shown twice,
   * when clocks go back: the first. Never shown, when they go forward: as if they had not.
   */
  utcOf(wallMs: number): number;
}

export const UTC: TimeZone = { name: 'UTC', utcOf: (wallMs) => wallMs };

/** The zone whose calendar days are meant by a date in this service. */
export const SERVER_ZONE = 'Europe/Oslo';

interface Change {
  readonly fromMs: number;
  readonly offsetMs: number;
}

const DAY_MS = 86_400_000;
const FIRST_YEAR = 1850;
const LAST_YEAR = 2150;

/**
 * The zone of an IANA name.
 * @throws RangeError when there is no such zone.
 */
export function timeZone(name: string): TimeZone {
  if (name === 'UTC') return UTC;
  const readOffset = offsetReader(name);
  const years = new Map<number, readonly Change[]>();
  const offsetAt = (utcMs: number): number => {
    const year = Math.min(LAST_YEAR, Math.max(FIRST_YEAR, new Date(utcMs).getUTCFullYear()));
    let changes = years.get(year);
    if (changes === undefined) {
      changes = changesIn(year, readOffset);
      years.set(year, changes);
    }
    let offset = (changes[0] as Change).offsetMs;
    for (const change of changes) if (change.fromMs <= utcMs) offset = change.offsetMs;
    return offset;
  };
  return {
    name,
    utcOf(wallMs) {
      const before = wallMs - offsetAt(wallMs - DAY_MS);
      const after = wallMs - offsetAt(wallMs + DAY_MS);
      if (before === after || before + offsetAt(before) === wallMs) return before;
      return after + offsetAt(after) === wallMs ? after : before;
    },
  };
}

/** The offset at the start of the year and each change within it, in order. */
function changesIn(year: number, readOffset: (utcMs: number) => number): readonly Change[] {
  const start = Date.UTC(year, 0, 1);
  const changes: Change[] = [{ fromMs: start, offsetMs: readOffset(start) }];
  for (let month = 1; month <= 12; month += 1) {
    const low = Date.UTC(year, month - 1, 1);
    const high = Date.UTC(year, month, 1);
    if (readOffset(low) !== readOffset(high)) changes.push(changeBetween(low, high, readOffset));
  }
  return changes;
}

function changeBetween(lowMs: number, highMs: number, readOffset: (utcMs: number) => number): Change {
  const offsetMs = readOffset(highMs);
  let low = lowMs;
  let high = highMs;
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (readOffset(middle) === offsetMs) high = middle;
    else low = middle;
  }
  return { fromMs: high, offsetMs };
}

function offsetReader(name: string): (utcMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (utcMs) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utcMs)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utcMs / 1000) * 1000;
  };
}
