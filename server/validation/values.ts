/**
 * Checks of one value against what an element fixes: fixed and pattern values, limits, lowest and highest value.
 *
 * Spec: https://hl7.org/fhir/R4/elementdefinition.html#ElementDefinition
 */
import { numberOf, textOf } from '../fhir/json.ts';
import { isObject } from '../fhir/resource.ts';
import { canonicalUnit, UCUM_SYSTEM } from '../fhir/ucum.ts';
import { compileLimits } from './limits.ts';
import type { Run } from './run.ts';
import type { Element } from './structure.ts';
import type { ValueCheck } from './type-plan.ts';

/** True when two JSON values are the same; decimals by value. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const number = numberOf(a);
  if (number !== undefined) return number === numberOf(b);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameValue(a[name], b[name]));
}

type Test = (value: unknown) => boolean;

/** The test of whether a value holds everything a pattern says; each item of a pattern's array matches some item. */
function compilePattern(pattern: unknown): Test {
  if (Array.isArray(pattern)) {
    const wanted = pattern.map(compilePattern);
    return (value) => Array.isArray(value) && wanted.every((test) => value.some(test));
  }
  if (isObject(pattern) && numberOf(pattern) === undefined) {
    const wanted = Object.keys(pattern).map((name) => ({ name, test: compilePattern(pattern[name]) }));
    return (value) => {
      if (!isObject(value)) return false;
      for (const { name, test } of wanted) if (!test(value[name])) return false;
      return true;
    };
  }
  return typeof pattern === 'string' ? (value) => value === pattern : (value) => sameValue(value, pattern);
}

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
};

type Words = Readonly<Record<string, string>>;

/**
 * Reports where a value differs from what is fixed (`whole`) or from a pattern: at the member that differs, and at what
 * holds a list whose items differ. Where issues only count, it is one.
 */
function tellDifferences(run: Run, value: unknown, wanted: unknown, whole: boolean, below: string, words: Words): void {
  const rule = whole ? 'fixed' : 'pattern';
  if (run.isUntold) {
    run.report(rule, words);
    return;
  }
  if (!isObject(wanted) || numberOf(wanted) !== undefined || !isObject(value)) {
    if (!sameValue(value, wanted)) run.report(rule, words, 'error', below);
    return;
  }
  for (const name of new Set([...Object.keys(wanted), ...(whole ? Object.keys(value) : [])])) {
    const place = `${below}.${name.startsWith('_') ? name.slice(1) : name}`;
    const [item, other] = [value[name], wanted[name]];
    if (!Array.isArray(other)) tellDifferences(run, item, other, whole, place, words);
    else if (!whole) {
      if (!compilePattern(other)(item)) run.report(rule, words, 'error', below);
    } else if (!Array.isArray(item) || item.length !== other.length) run.report(rule, words, 'error', below);
    else for (const [index, one] of other.entries()) tellDifferences(run, item[index], one, whole, place, words);
  }
}

/** The checks of what an element fixes. `from` is the profile that says it. */
export function compileValueChecks(element: Element, from: string): ValueCheck[] {
  const checks: ValueCheck[] = [];
  const { fixed, pattern, minValue, maxValue } = element;
  if (fixed !== undefined) {
    const words = { expected: shown(fixed), from };
    checks.push((run, value) => {
      if (!sameValue(value, fixed)) tellDifferences(run, value, fixed, true, '', words);
    });
  }
  if (pattern !== undefined) {
    const words = { expected: shown(pattern), from };
    const matches = compilePattern(pattern);
    checks.push((run, value) => {
      if (!matches(value)) tellDifferences(run, value, pattern, false, '', words);
    });
  }
  checks.push(...compileLimits(element, from));
  if (minValue !== undefined) checks.push(limit('min-value', minValue, from, (order) => order < 0));
  if (maxValue !== undefined) checks.push(limit('max-value', maxValue, from, (order) => order > 0));
  return checks;
}

function limit(rule: 'min-value' | 'max-value', bound: unknown, from: string, broken: (order: number) => boolean): ValueCheck {
  return (run, value) => {
    const order = compareValues(value, bound);
    if (order === undefined ? haveUnits(value, bound) : broken(order)) run.report(rule, { value: shown(value), limit: shown(bound), from });
  };
}

/**
 * How two values of the same type stand: negative, 0 or positive; undefined when they cannot be compared (other types,
 * other units). Dates of differing precision are compared by what both say.
 */
export function compareValues(a: unknown, b: unknown): number | undefined {
  const x = numberOf(a);
  const y = numberOf(b);
  if (x !== undefined && y !== undefined) return x - y;
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (!isObject(a) || !isObject(b)) return undefined;
  const sameUnit = a.system === b.system && a.code === b.code && (a.code !== undefined || a.unit === b.unit);
  return sameUnit ? compareValues(a.value, b.value) : compareAmounts(a, b);
}

/** True for two amounts in units of UCUM: when they cannot be compared, they are of different kinds. */
function haveUnits(a: unknown, b: unknown): boolean {
  return [a, b].every(
    (one) => isObject(one) && one.system === UCUM_SYSTEM && typeof one.code === 'string' && numberOf(one.value) !== undefined,
  );
}

/** Amounts in different units of UCUM, by their base units; undefined when those differ. */
function compareAmounts(a: Record<string, unknown>, b: Record<string, unknown>): number | undefined {
  if (!haveUnits(a, b)) return undefined;
  const [x, y] = [canonicalUnit(textOf(a.code)), canonicalUnit(textOf(b.code))];
  if (x === undefined || y === undefined || x.code !== y.code) return undefined;
  return x.toCanonical(numberOf(a.value)!) - y.toCanonical(numberOf(b.value)!);
}

function compareTexts(a: string, b: string): number {
  if (a.length > 10 && b.length > 10 && a.includes('T') && b.includes('T')) return Date.parse(a) - Date.parse(b);
  const length = /^\d{4}/.test(a) && /^\d{4}/.test(b) ? Math.min(a.length, b.length, 10) : Math.max(a.length, b.length);
  const [x, y] = [a.slice(0, length), b.slice(0, length)];
  return x < y ? -1 : x > y ? 1 : 0;
}
