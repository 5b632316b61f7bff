/**
 * Checks of one value against the limits that extensions put on an element: shortest and longest text, format, decimal
 * places and bytes.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition-extensions.html
 */
import { decimalText, numberOf } from '../fhir/json.ts';
import { isObject } from '../fhir/resource.ts';
import { boundedMatch } from './bounded-regex.ts';
import type { Run } from './run.ts';
import type { Element } from './structure.ts';
import type { ValueCheck } from './type-plan.ts';

type Limit = (run: Run, value: unknown, from: string) => void;

const longest =
  (max: number): Limit =>
  (run, value, from) => {
    if (typeof value === 'string' && value.length > max) run.report('max-length', { max: String(max), from });
  };

const shortest =
  (min: number): Limit =>
  (run, value, from) => {
    if (typeof value === 'string' && value.length < min) run.report('min-length', { min: String(min), from });
  };

const format =
  (regex: string): Limit =>
  (run, value, from) => {
    const text = typeof value === 'string' || typeof value === 'boolean' ? String(value) : decimalText(value);
    if (text === undefined) return;
    const matched = run.timed(() => boundedMatch(regex, text));
    if (matched === false) run.report('value-format', { regex, from });
    else if (matched === 'too-costly') run.report('value-format-too-costly', { regex, from });
  };

/** Of a decimal and of the value of a quantity. */
const decimals =
  (max: number): Limit =>
  (run, value, from) => {
    const inside = isObject(value) && numberOf(value) === undefined;
    const found = decimalText(inside ? value.value : value)?.split('.')[1]?.length ?? 0;
    if (found > max) run.report('value-decimals', { found: String(found), max: String(max), from }, 'error', inside ? '.value' : '');
  };

/** Of base64 and of an attachment, whose data counts where it has any. */
const size =
  (max: number): Limit =>
  (run, value, from) => {
    const data = isObject(value) ? value.data : value;
    const found = typeof data === 'string' ? bytesOf(data) : isObject(value) ? numberOf(value.size) : undefined;
    if (found !== undefined && found > max) run.report('value-size', { found: String(found), max: String(max), from });
  };

/** How many bytes a text in base64 holds. */
export function bytesOf(base64: string): number {
  const packed = base64.replace(/\s+/g, '');
  return (packed.length / 4) * 3 - (packed.endsWith('==') ? 2 : packed.endsWith('=') ? 1 : 0);
}

/** The checks of an element's limits. `from` is the profile that says them. */
export function compileLimits(element: Element, from: string): ValueCheck[] {
  const { maxLength, minLength, regex, maxDecimals, maxSize } = element;
  const limits: Limit[] = [];
  if (maxLength !== undefined) limits.push(longest(maxLength));
  if (minLength !== undefined) limits.push(shortest(minLength));
  if (regex !== undefined) limits.push(format(regex));
  if (maxDecimals !== undefined) limits.push(decimals(maxDecimals));
  if (maxSize !== undefined) limits.push(size(maxSize));
  return limits.map((limit) => (run, value) => limit(run, value, from));
}
