/**
 * Moves a demo Bundle in time by whole days, so that what was authored as today is today. Birth dates and identifiers
 * stay: they belong to each other. Times of day in Norway stay what they were on either side of a change to summer time.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#dateTime
 */
import type { Resource } from '../fhir/resource.ts';
import { osloDate, osloOffset, plusDays } from './oslo-time.ts';

const DATE = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:\d{2}))?$/;
/** Elements that hold a date or something that looks like one, and must not move. */
const FIXED = new Set(['birthDate', 'identifier', 'id', 'fullUrl']);
const DAY_MS = 86_400_000;

/**
 * A copy of the Bundle in which `Bundle.timestamp` falls on the date in Norway of `nowMs`, and every other date, dateTime
 * and instant has moved as far. @throws Error when the Bundle has no timestamp to measure from.
 */
export function shiftToToday(bundle: Resource, nowMs: number): Resource {
  if (typeof bundle.timestamp !== 'string') throw new Error(`Bundle ${bundle.id ?? ''} has no timestamp`);
  const days = daysBetween(bundle.timestamp.slice(0, 10), osloDate(nowMs));
  return shift(bundle, days) as Resource;
}

function shift(value: unknown, days: number): unknown {
  if (typeof value === 'string') return shiftText(value, days);
  if (Array.isArray(value)) return value.map((item) => shift(item, days));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, FIXED.has(name) ? item : shift(item, days)]));
}

function shiftText(text: string, days: number): string {
  const match = DATE.exec(text);
  if (match === null) return text;
  const [, date = '', time, zone] = match;
  const moved = plusDays(date, days);
  if (time === undefined) return moved;
  const isNorwegian = zone === osloOffset(date, time);
  return `${moved}T${time}${isNorwegian ? osloOffset(moved, time) : zone}`;
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}
