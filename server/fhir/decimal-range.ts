/**
 * The values that a written decimal stands for: its digits tell how exact it is.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#number
 */

export interface DecimalRange {
  readonly value: number;
  /** Half a unit of the last digit below the value, inclusive. */
  readonly low: number;
  /** Half a unit of the last digit above the value, exclusive. */
  readonly high: number;
}

/** So many digits come back as they were from any binary fraction. */
const TIDY_DIGITS = 15;
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * The value of a decimal and the range its precision implies (`100` is 99.5 to 100.5), or undefined when it is none.
 * An exponent without a point counts as one digit more: the spec reads `1e2` as 95 to 105.
 */
export function decimalRange(text: string): DecimalRange | undefined {
  const match = text.length <= 64 ? DECIMAL.exec(text) : null;
  if (match === null) return undefined;
  const value = Number(text);
  const [, fraction, exponent] = match;
  const places = fraction?.length ?? (exponent === undefined ? 0 : 1);
  const power = Number(exponent ?? 0) - places;
  if (!Number.isFinite(value) || Math.abs(power) > 300) return undefined;
  const half = 0.5 * 10 ** power;
  const [low, high] = [tidy(value - half), tidy(value + half)];
  const isShort = text.length < TIDY_DIGITS || Number(value.toPrecision(TIDY_DIGITS - 1)) === value;
  if (isShort && low < value && value < high) return { value, low, high };
  // More digits than can be tidied, or told apart at all: the value itself is still within.
  return { value, low: value - half, high: Math.max(value + half, value + Math.abs(value) * Number.EPSILON) };
}

/** Takes off what binary fractions add: 5.4 - 0.05 is 5.35, not 5.3500000000000005. */
function tidy(value: number): number {
  return Number(value.toPrecision(TIDY_DIGITS));
}
