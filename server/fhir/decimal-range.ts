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
  return { value, low: tidy(value - half), high: tidy(value + half) };
}

/** Takes off what binary fractions add: 5.4 - 0.05 is 5.35, not 5.3500000000000005. */
function tidy(value: number): number {
  return Number(value.toPrecision(15));
}
