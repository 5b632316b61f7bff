/**
 * Days in the calendar of the reader: what is due, overdue or current.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#dateTime
 */
import type { Period } from '@medplum/fhirtypes';

const MS_PER_DAY = 86_400_000;
const pad = (value: number): string => String(value).padStart(2, '0');

/** @returns the day of a moment in the reader's time zone, `yyyy-mm-dd`. */
export const dayOfMs = (ms: number): string => {
  const date = new Date(ms);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
};

/** @returns the day of a FHIR date or dateTime; a partial date ends with its last day (`2026-03` is `2026-03-31`), as a time limit does. */
function lastDayOf(value: string): string {
  if (value.length === 4) return `${value}-12-31`;
  if (value.length === 7) return new Date(Date.UTC(Number(value.slice(0, 4)), Number(value.slice(5)), 0)).toISOString().slice(0, 10);
  return value.length === 10 ? value : dayOfMs(Date.parse(value));
}

/** @returns whole days from one day to another: negative when `to` is earlier. */
const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / MS_PER_DAY);

/** @returns days until a limit, negative when it has passed; undefined without a limit. */
export const daysLeft = (limit: string | undefined, today: string): number | undefined =>
  limit === undefined ? undefined : daysBetween(today, lastDayOf(limit));

/** @returns whether the period has ended before today. */
export const hasEnded = (period: Period | undefined, today: string): boolean => period?.end !== undefined && lastDayOf(period.end) < today;

/** @returns whether the period begins after today. */
export const isAhead = (period: Period | undefined, today: string): boolean =>
  period?.start !== undefined && period.start.slice(0, 10) > today;

/** Orders by a FHIR date, the newest first; without a date last. */
export const newestFirst =
  <T>(dateOf: (item: T) => string | undefined) =>
  (a: T, b: T): number =>
    (dateOf(b) ?? '').localeCompare(dateOf(a) ?? '');
