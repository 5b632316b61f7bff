/**
 * Whether a Period holds now. Its ends are read by their precision, dates in Norwegian time: an end of `2026-03-01`
 * lasts until midnight there.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#Period
 */
import { periodRange } from '../../fhir/date-range.ts';
import { SERVER_ZONE, timeZone } from '../../fhir/time-zone.ts';

export interface Period {
  readonly start?: string;
  readonly end?: string;
}

export const NORWAY = timeZone(SERVER_ZONE);

/** True when now lies within the period, or there is none. A period that cannot be read gives nothing. */
export function isCurrent(period: Period | undefined, nowMs: number): boolean {
  if (period === undefined || (period.start === undefined && period.end === undefined)) return true;
  const range = periodRange(period, NORWAY);
  return range !== undefined && range.low <= nowMs && nowMs <= range.high;
}
