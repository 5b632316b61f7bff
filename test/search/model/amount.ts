/**
 * Numbers and quantities, exactly: fractions of whole numbers, so that no bound is lost in a binary point.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#number · https://hl7.org/fhir/R4/search.html#quantity
 */
import type { Json } from './definitions.ts';

export interface Fraction {
  readonly over: bigint;
  /** Above zero. */
  readonly under: bigint;
}

/** From and to, each with or without itself; undefined has no end. */
export interface Span {
  readonly from?: Fraction | undefined;
  readonly to?: Fraction | undefined;
  readonly fromOpen?: boolean;
  readonly toOpen?: boolean;
}

function fraction(text: string): Fraction {
  const [, sign, whole, part = '', power = '0'] = /^(-?)(\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`No number: ${text}`);
  const digits = BigInt(`${sign}${whole}${part}` || '0');
  const exponent = Number(power) - part.length;
  return exponent >= 0 ? { over: digits * 10n ** BigInt(exponent), under: 1n } : { over: digits, under: 10n ** BigInt(-exponent) };
}

const add = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.under + b.over * a.under, under: a.under * b.under });
const times = (a: Fraction, b: Fraction): Fraction => ({ over: a.over * b.over, under: a.under * b.under });
export const compare = (a: Fraction, b: Fraction): number => {
  const difference = a.over * b.under - b.over * a.under;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
const negative = ({ over, under }: Fraction): Fraction => ({ over: -over, under });

/** A number as it is searched: its value and the half of its last digit. */
export interface Sought {
  readonly value: Fraction;
  readonly half: Fraction;
}

export function sought(text: string): Sought {
  const decimals = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  return { value: fraction(text), half: { over: 1n, under: 2n * 10n ** BigInt(decimals) } };
}

/** Whether a span of values in a resource matches a searched number under a prefix; `scale` turns its half digit and tenth into the span's unit. */
export function matchesSpan(prefix: string, found: Span, { value, half }: Sought): boolean {
  const below = (bound: Fraction | undefined, open: boolean | undefined, limit: Fraction, orAt: boolean): boolean =>
    bound !== undefined && (compare(bound, limit) < 0 || ((orAt || open === true) && compare(bound, limit) === 0));
  const within = (from: Fraction, to: Fraction, withTo: boolean): boolean =>
    found.from !== undefined && compare(found.from, from) >= 0 && below(found.to, found.toOpen, to, withTo);
  const reachesAbove = found.to === undefined || compare(found.to, value) > 0;
  const reachesBelow = found.from === undefined || compare(found.from, value) < 0;
  const equal = within(add(value, negative(half)), add(value, half), false);
  const isPoint = [found.from, found.to].every((bound) => bound !== undefined && compare(bound, value) === 0);
  switch (prefix) {
    case 'eq':
      return equal;
    case 'ne':
      return !equal;
    case 'gt':
      return reachesAbove;
    case 'lt':
      return reachesBelow;
    case 'ge':
      return reachesAbove || isPoint;
    case 'le':
      return reachesBelow || isPoint;
    case 'sa':
      return found.from !== undefined && (compare(found.from, value) > 0 || (compare(found.from, value) === 0 && found.fromOpen === true));
    case 'eb':
      return found.to !== undefined && (compare(found.to, value) < 0 || (compare(found.to, value) === 0 && found.toOpen === true));
    default: {
      const size = times(value.over < 0n ? negative(value) : value, { over: 1n, under: 10n });
      const reach = compare(size, half) < 0 ? half : size;
      const [from, to] = [add(value, negative(reach)), add(value, reach)];
      const fromBelow = found.from === undefined || compare(found.from, to) <= 0;
      return fromBelow && (found.to === undefined || compare(found.to, from) >= 0);
    }
  }
}

export const UCUM = 'http://unitsofmeasure.org';

/** What a unit amounts to in a unit of its kind: `value × times + plus`. Only units that the model's resources use. */
const UNITS: Readonly<Record<string, { readonly kind: string; readonly times: Fraction; readonly plus?: Fraction }>> = {
  g: { kind: 'mass', times: fraction('1') },
  mg: { kind: 'mass', times: fraction('0.001') },
  kg: { kind: 'mass', times: fraction('1000') },
  m: { kind: 'length', times: fraction('1') },
  cm: { kind: 'length', times: fraction('0.01') },
  Pa: { kind: 'pressure', times: fraction('1') },
  kPa: { kind: 'pressure', times: fraction('1000') },
  Cel: { kind: 'warmth', times: fraction('1'), plus: fraction('273.15') },
  K: { kind: 'warmth', times: fraction('1') },
  h: { kind: 'time', times: fraction('3600') },
  min: { kind: 'time', times: fraction('60') },
  d: { kind: 'time', times: fraction('86400') },
};

export interface Measured {
  readonly span: Span;
  readonly system?: string | undefined;
  readonly code?: string | undefined;
  readonly unit?: string | undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What a Quantity, Range, Money or number says; undefined for what holds no number. */
export function measured(type: string, value: unknown): Measured | undefined {
  if (typeof value === 'number') return { span: point(fraction(String(value))) };
  if (value === null || typeof value !== 'object') return undefined;
  const whole = value as Json;
  if (type === 'Range') {
    const low = whole.low as Json | undefined;
    const high = whole.high as Json | undefined;
    const bounds = [low, high].map((bound) => (typeof bound?.value === 'number' ? fraction(String(bound.value)) : undefined));
    if (bounds.every((bound) => bound === undefined)) return undefined;
    const named = low?.value === undefined ? high : low;
    return { span: { from: bounds[0], to: bounds[1] }, system: text(named?.system), code: text(named?.code), unit: text(named?.unit) };
  }
  if (typeof whole.value !== 'number') return undefined;
  const amount = fraction(String(whole.value));
  if (type === 'Money') return { span: point(amount), system: 'urn:iso:std:iso:4217', code: text(whole.currency) };
  return { span: compared(amount, text(whole.comparator)), system: text(whole.system), code: text(whole.code), unit: text(whole.unit) };
}

const point = (value: Fraction): Span => ({ from: value, to: value });

function compared(value: Fraction, comparator: string | undefined): Span {
  if (comparator === '<' || comparator === '<=') return { to: value, toOpen: comparator === '<' };
  if (comparator === '>' || comparator === '>=') return { from: value, fromOpen: comparator === '>' };
  return point(value);
}

/** Whether a measured value matches `[prefix][number]|[system]|[code]`, in UCUM by what the units amount to. */
export function matchesQuantity(found: Measured, prefix: string, parts: readonly string[]): boolean {
  const [number = '', system = '', code = ''] = parts;
  const asked = sought(number);
  if (system === UCUM && code !== '') {
    const [theirs, ours] = [UNITS[found.code ?? ''], UNITS[code]];
    if (found.system === UCUM && theirs !== undefined && ours !== undefined) {
      if (theirs.kind !== ours.kind) return false;
      const zero = fraction('0');
      const toKind = (value: Fraction, unit: typeof ours) => add(times(value, unit.times), unit.plus ?? zero);
      const inOurs = (value: Fraction | undefined) => {
        if (value === undefined) return undefined;
        const less = add(toKind(value, theirs), negative(ours.plus ?? zero));
        return times(less, { over: ours.times.under, under: ours.times.over });
      };
      return matchesSpan(prefix, { ...found.span, from: inOurs(found.span.from), to: inOurs(found.span.to) }, asked);
    }
    if (found.system !== UCUM || found.code !== code) return false;
  } else if (system !== '' && found.system !== system) return false;
  else if (code !== '' && found.code !== code && (system !== '' || found.unit !== code)) return false;
  return matchesSpan(prefix, found.span, asked);
}

/** Where the order is left open. */
export const UNKNOWN: { readonly kind: string; readonly value: Fraction } = { kind: 'unknown', value: { over: 0n, under: 1n } };

/** What a value amounts to in the unit of its kind, for sorting; the kind is empty where it is not known. */
export function amountOf(found: Measured, last: boolean): { readonly kind: string; readonly value: Fraction } {
  const unit = found.system === UCUM ? UNITS[found.code ?? ''] : undefined;
  const value = last ? found.span.to : found.span.from;
  if (value === undefined) return UNKNOWN;
  return unit === undefined ? { kind: '', value } : { kind: unit.kind, value: add(times(value, unit.times), unit.plus ?? fraction('0')) };
}
