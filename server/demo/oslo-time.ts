/**
 * Wall-clock time in Norway: the offset that stands behind a date and a time of day, summer and winter.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#dateTime
 */

const OFFSET = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Oslo', timeZoneName: 'longOffset' });
const DATE = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Oslo', dateStyle: 'short' });

/** `+01:00` or `+02:00` for a local date (`2026-11-16`) and time (`09:30:00`). The doubled hour in autumn counts as winter time. */
export function osloOffset(date: string, time: string): string {
  const name = OFFSET.formatToParts(new Date(`${date}T${time}+01:00`)).find((part) => part.type === 'timeZoneName');
  return name === undefined || name.value === 'GMT' ? '+01:00' : name.value.replace('GMT', '');
}

/** The date in Norway (`2026-11-16`) at a moment given in milliseconds since 1970. */
export function osloDate(nowMs: number): string {
  return DATE.format(new Date(nowMs));
}

/** The date some whole days after (or, negative, before) another. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
