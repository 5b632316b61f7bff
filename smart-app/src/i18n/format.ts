/**
 * Dates, times and numbers as people write them in each language.
 *
 * Spec: https://hl7.org/fhir/R4/datatypes.html#date (partial dates are shown as partial)
 */
import { type Language, LOCALES } from './languages.ts';

/** Bokmål stands in where a browser lacks nynorsk: the forms below are the same in both. */
const locale = (language: Language): string[] => [LOCALES[language], 'nb-NO'];

const DAY_REST: Readonly<Record<number, string>> = { 4: '-01-01', 7: '-01', 10: '' };

/** A date without a time is a day in the calendar, whatever the time zone: it is held at noon. */
const asDate = (value: string): Date => {
  const rest = DAY_REST[value.length];
  return new Date(rest === undefined ? value : `${value}${rest}T12:00:00`);
};

/** @returns a FHIR date, dateTime or instant as a day (`3. mars 2026`), a month or a year, as precise as it is; the text itself when it is no date. */
export function formatDay(value: string, language: Language): string {
  const date = asDate(value);
  if (Number.isNaN(date.getTime())) return value;
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const form: Intl.DateTimeFormatOptions =
    value.length === 4 ? { year: 'numeric' } : value.length === 7 ? { month: 'long', year: 'numeric' } : day;
  return new Intl.DateTimeFormat(locale(language), form).format(date);
}

/** @returns a day short enough for a table's head or a chart's axis (`03.03.26`); without a day (`2026-03`) as `formatDay`. */
export function formatShortDay(value: string, language: Language): string {
  const date = asDate(value);
  if (Number.isNaN(date.getTime())) return value;
  if (value.length < 10) return formatDay(value, language);
  return new Intl.DateTimeFormat(locale(language), { day: '2-digit', month: '2-digit', year: '2-digit' }).format(date);
}

/** @returns a day with its weekday and time (`man. 3. mars 2026, 13:00`), in the reader's time zone; without a day as `formatDay`. */
export function formatMoment(value: string, language: Language): string {
  const date = asDate(value);
  if (Number.isNaN(date.getTime())) return value;
  if (value.length < 10) return formatDay(value, language);
  const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  const time = value.length > 10 ? ({ hour: '2-digit', minute: '2-digit' } as const) : {};
  return new Intl.DateTimeFormat(locale(language), { ...day, ...time }).format(date);
}

/** @returns the time of day (`14:05`). */
export const formatTime = (ms: number, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), { hour: '2-digit', minute: '2-digit' }).format(ms);

/** @returns a number with at most two decimals: a mean of up to five scores is then never rounded across a limit. */
export const formatNumber = (value: number, language: Language): string =>
  new Intl.NumberFormat(locale(language), { maximumFractionDigits: 2 }).format(value);

/** @returns a difference with its sign (`+2,5`, `−1`, `0`). */
export const formatChange = (value: number, language: Language): string =>
  new Intl.NumberFormat(locale(language), { maximumFractionDigits: 2, signDisplay: 'exceptZero' }).format(value).replace('-', '−');
