/** Decimals, quantities and times as exact bounds: compared without binary fractions, with arithmetic of their own. */
import type { Json } from './population.ts';
import { UCUM } from './values.ts';

/** `digits` times ten to the power of `power`. */
export interface Exact {
  readonly digits: bigint;
  readonly power: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** @throws TypeError for what is no decimal. */
export function exact(text: string): Exact {
  const match = DECIMAL.exec(text);
  if (match === null) throw new TypeError(`${text} is no decimal.`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  return { digits: BigInt(`${sign}${whole}${fraction}`), power: Number(exponent) - fraction.length };
}

export const times = (a: Exact, b: Exact): Exact => ({ digits: a.digits * b.digits, power: a.power + b.power });

function aligned(a: Exact, b: Exact): [bigint, bigint, number] {
  const power = Math.min(a.power, b.power);
  return [a.digits * 10n ** BigInt(a.power - power), b.digits * 10n ** BigInt(b.power - power), power];
}

export function plus(a: Exact, b: Exact): Exact {
  const [x, y, power] = aligned(a, b);
  return { digits: x + y, power };
}

export function compare(a: Exact, b: Exact): number {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A bound that may be open. */
export type Bound = Exact | 'open';
export interface Bounds {
  readonly low: Bound;
  readonly high: Bound;
}

/**
 * Half a unit of the last digit that is written; of `1e2`, whose digits the spec counts as 1 and 0, a half of ten.
 * Spec: https://hl7.org/fhir/R4/search.html#number
 */
export function halfOf(text: string): Exact {
  const { power } = exact(text);
  const last = /[eE]/.test(text) && !text.includes('.') ? power - 1 : power;
  return { digits: 5n, power: last - 1 };
}

/** Factors to the unit that stands for a dimension. */
const FACTORS: Readonly<Record<string, readonly [dimension: string, factor: string]>> = {
  ug: ['mass', '0.000001'],
  mg: ['mass', '0.001'],
  g: ['mass', '1'],
  kg: ['mass', '1000'],
  'mm[Hg]': ['pressure', '133.322387415'],
  kPa: ['pressure', '1000'],
  cm: ['length', '0.01'],
};

/** A number of a UCUM unit in the unit that stands for its dimension; undefined for other systems and units. */
export function canonical(system: unknown, code: unknown): { readonly dimension: string; readonly factor: Exact } | undefined {
  const known = system === UCUM && typeof code === 'string' ? FACTORS[code] : undefined;
  return known && { dimension: known[0], factor: exact(known[1]) };
}

const OSLO = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo', dateStyle: 'short', timeStyle: 'medium' });

/** The first instant at which a clock in Oslo shows this time, found by trying. */
function inOslo(wallMs: number): number {
  const shown = new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ');
  for (const minutes of [120, 60]) if (OSLO.format(wallMs - minutes * 60_000) === shown) return wallMs - minutes * 60_000;
  return wallMs - 3_600_000;
}

/** The instants a date or time covers, both bounds inclusive, in milliseconds; a date is a day in Oslo. */
export function timesOf(text: string): { readonly low: number; readonly high: number } {
  const [date = '', clock] = text.split('T');
  if (clock === undefined) {
    const [year = 0, month, day] = date.split('-').map(Number);
    const start = Date.UTC(year, (month ?? 1) - 1, day ?? 1);
    const end = day !== undefined ? start + 86_400_000 : month !== undefined ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1);
    return { low: inOslo(start), high: inOslo(end) - 1 };
  }
  const [, time = '', zone = ''] = /^([\d:.]+)(.*)$/.exec(clock) ?? [];
  const fraction = time.split('.')[1];
  const length = fraction !== undefined ? 10 ** (3 - Math.min(3, fraction.length)) : time.length === 5 ? 60_000 : 1000;
  const wall = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  const low = zone === '' ? inOslo(wall) : Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}${zone}`);
  return { low, high: low + length - 1 };
}

export interface Span {
  /** Infinite where open. */
  readonly low: number;
  readonly high: number;
}

export function spanOfPeriod({ start, end }: Json): Span | undefined {
  if (start === undefined && end === undefined) return undefined;
  return {
    low: typeof start === 'string' ? timesOf(start).low : Number.NEGATIVE_INFINITY,
    high: typeof end === 'string' ? timesOf(end).high : Number.POSITIVE_INFINITY,
  };
}
