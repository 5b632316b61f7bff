/**
 * The calendar of the stories: every date is so many days from one anchor day, which the loader moves to today.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#dateTime
 */
import { osloOffset, plusDays } from '../oslo-time.ts';

/** The day that counts as today in the stories; a Monday. */
const ANCHOR_DATE = '2026-11-16';

/** `Bundle.timestamp` of every Bundle: what the loader measures its shift from. */
export const ANCHOR_INSTANT = `${ANCHOR_DATE}T08:00:00+01:00`;

/** The date some days after the anchor (negative: before). */
export function day(offset: number): string {
  return plusDays(ANCHOR_DATE, offset);
}

/** A moment on such a day, at a time of day in Norway: `at(-3, '09:30')`. */
export function at(offset: number, time: string): string {
  return `${day(offset)}T${time}:00${osloOffset(day(offset), `${time}:00`)}`;
}
