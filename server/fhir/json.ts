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

/** Where a number may stand, and in strings only what looks like one: `:30` of a time, but not the `2e` of a uuid. */
const NUMBERS = /(?:^|[:,[])\s*(-?\d[\d.eE+-]*)(?=\s*(?:[,}\]]|$))/g;

/**
 * The value of a JSON text, numbers that would not survive as `ExactDecimal`. `mayLose` is given by who knows already
 * whether there are any.
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string, mayLose = mayLoseDecimals(text)): unknown {
  return mayLose ? JSON.parse(text, keepDecimals) : JSON.parse(text);
}

/** Reading with a function costs five times as much, so it is done only for texts with a number that needs it. */
function mayLoseDecimals(text: string): boolean {
  NUMBERS.lastIndex = 0;
  for (let found = NUMBERS.exec(text); found !== null; found = NUMBERS.exec(text)) {
    const number = found[1] as string;
    if (number.length > 1 && String(Number(number)) !== number) return true;
  }
  return false;
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

/**
 * A value that should be text, as text whatever it is. String() would ask an object that came in for its `toString`, and
 * throw when that is content.
 */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || value instanceof ExactDecimal) return String(value);
  return Array.isArray(value) ? '[…]' : '{…}';
}
