/**
 * Reading and writing FHIR JSON without losing the precision of decimals.
 *
 * `JSON.parse` turns 1.00 into 1, and FHIR says the difference counts. A number whose text JavaScript would not write
 * back is read as an `ExactDecimal`; all others stay plain numbers, so that nearly all code never meets one.
 *
 * Spec: https://hl7.org/fhir/R4/json.html#primitive · https://hl7.org/fhir/R4/datatypes.html#decimal
 */

/** A JSON number that keeps the text it was written with. Compares and calculates as its numeric value. */
export class ExactDecimal {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
  valueOf(): number {
    return Number(this.source);
  }
  toString(): string {
    return this.source;
  }
  toJSON(): unknown {
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.source);
  }
}

/** A trailing zero after the point, an exponent, minus zero, more than 15 digits, or small enough that JavaScript would write an exponent. */
const MAY_LOSE = /\d(?:\.\d*0(?!\d)|(?:\.\d+)?[eE])|-0(?![.\d])|\d{16}|[\d.]{17}|\.0{6}/;

/**
 * The value of a JSON text, numbers that would not survive as `ExactDecimal`.
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string): unknown {
  if (!MAY_LOSE.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepDecimals);
}

function keepDecimals(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return String(value) === context.source ? value : new ExactDecimal(context.source);
}

/** The JSON text of a value, exact decimals as they were written. */
export function stringifyJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent);
}

/** The number behind a JSON number, exact or not; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return value instanceof ExactDecimal ? value.valueOf() : undefined;
}

/** The text of a JSON number as it was written; undefined for anything else. Its digits carry the implied precision. */
export function decimalText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return value instanceof ExactDecimal ? value.source : undefined;
}
