/**
 * Quantity: a number with its unit, found as it was written and, in UCUM units, by what it amounts to.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#quantity
 */

import { numberOf } from '../../fhir/json.ts';
import { isObject } from '../../fhir/resource.ts';
import { canonicalUnit, UCUM_SYSTEM } from '../../fhir/ucum.ts';
import type { Visit } from '../compile-expression.ts';
import type { IndexEntry } from '../index-entry.ts';
import { numberTest } from '../prefix.ts';
import type { QuantityTest } from '../query.ts';
import { badSearchValue, splitEscaped, unescapeValue } from '../values.ts';
import { rangeBounds } from './range.ts';

/** The parameter code that holds quantities in canonical units: apart, since a search without a unit must not meet them. */
export const ucumCode = (param: string): string => `${param}:ucum`;

const CURRENCIES = 'urn:iso:std:iso:4217';
const SAMPLE = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const QUANTITIES = new Set(['Quantity', 'Age', 'Duration', 'Count', 'Distance', 'SimpleQuantity', 'MoneyQuantity']);

/** Entries for nodes of `type` under a quantity parameter; undefined for types that hold no quantity. */
export function indexQuantity(param: string, type: string): Visit<IndexEntry> | undefined {
  if (QUANTITIES.has(type)) {
    return (node, _root, out) => {
      const bounds = quantityBounds(node);
      if (bounds !== undefined) pushWithUnit(param, bounds, node, out);
    };
  }
  if (type === 'Range') {
    return (node, _root, out) => {
      const bounds = rangeBounds(node);
      if (bounds !== undefined && isObject(node)) pushWithUnit(param, bounds, isObject(node.low) ? node.low : node.high, out);
    };
  }
  if (type === 'SampledData') {
    return (node, _root, out) => {
      const bounds = sampledBounds(node);
      if (bounds !== undefined && isObject(node)) pushWithUnit(param, bounds, node.origin, out);
    };
  }
  if (type !== 'Money') return undefined;
  return (node, _root, out) => {
    const value = isObject(node) ? numberOf(node.value) : undefined;
    if (value === undefined || !isObject(node)) return;
    const code = typeof node.currency === 'string' ? node.currency : null;
    out.push({ kind: 'quantity', param, low: value, high: value, system: code === null ? null : CURRENCIES, code });
  };
}

/** The value of a Quantity; one that was measured as `<5` or `>=5` is open below or above. */
function quantityBounds(node: unknown): { readonly low: number; readonly high: number } | undefined {
  if (!isObject(node)) return undefined;
  const value = numberOf(node.value);
  if (value === undefined) return undefined;
  const comparator = typeof node.comparator === 'string' ? node.comparator[0] : undefined;
  return {
    low: comparator === '<' ? Number.NEGATIVE_INFINITY : value,
    high: comparator === '>' ? Number.POSITIVE_INFINITY : value,
  };
}

/**
 * The smallest and the largest of the values that were sampled, in the unit of the origin; open where one was out of the
 * measurable range (`L`, `U`). Undefined when there is none.
 */
function sampledBounds(node: unknown): { readonly low: number; readonly high: number } | undefined {
  if (!isObject(node) || typeof node.data !== 'string') return undefined;
  const origin = isObject(node.origin) ? (numberOf(node.origin.value) ?? 0) : 0;
  const factor = numberOf(node.factor) ?? 1;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const cover = (from: number, to: number) => {
    low = Math.min(low, from);
    high = Math.max(high, to);
  };
  for (const sample of node.data.trim().split(/\s+/)) {
    if (sample === 'L') cover(Number.NEGATIVE_INFINITY, numberOf(node.lowerLimit) ?? Number.POSITIVE_INFINITY);
    else if (sample === 'U') cover(numberOf(node.upperLimit) ?? Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    // E stands for an error: nothing is known.
    else if (SAMPLE.test(sample)) {
      const value = Number((origin + Number(sample) * factor).toPrecision(15));
      cover(value, value);
    }
  }
  return low > high ? undefined : { low, high };
}

function pushWithUnit(param: string, { low, high }: { low: number; high: number }, node: unknown, out: IndexEntry[]): void {
  if (!isObject(node)) return;
  const system = typeof node.system === 'string' ? node.system : null;
  const code = typeof node.code === 'string' ? node.code : null;
  const unit = typeof node.unit === 'string' ? node.unit : null;
  out.push({ kind: 'quantity', param, low, high, system, code: code ?? unit });
  // `||mg` asks for the unit as people read it too.
  if (code !== null && unit !== null && unit !== code) out.push({ kind: 'quantity', param, low, high, system: null, code: unit });
  const canonical = system === UCUM_SYSTEM && code !== null ? canonicalUnit(code) : undefined;
  if (canonical === undefined) return;
  const bounds = { low: canonical.toCanonical(low), high: canonical.toCanonical(high) };
  out.push({ kind: 'quantity', param: ucumCode(param), ...bounds, system: UCUM_SYSTEM, code: canonical.code });
}

/**
 * The test of `number`, `number|system|code` or `number||code`, with the parameter code whose entries it is for: in UCUM
 * units the canonical ones, else those as written.
 * @throws FhirError 400 `value` for anything else.
 */
export function quantityTest(name: string, value: string, param: string): { readonly param: string; readonly test: QuantityTest } {
  const parts = splitEscaped(value, '|');
  if (parts.length !== 1 && parts.length !== 3)
    throw badSearchValue(name, value, 'is not a quantity (number, number|system|code or number||code)');
  const [number = '', ...unit] = parts;
  const [system = '', code = ''] = unit.map(unescapeValue);
  const canonical = system === UCUM_SYSTEM && code !== '' ? canonicalUnit(code) : undefined;
  // A scale that runs the other way (pH) has no canonical range to compare with.
  if (canonical !== undefined && canonical.toCanonical(2) > canonical.toCanonical(1)) {
    const range = numberTest(name, number, canonical.toCanonical);
    return { param: ucumCode(param), test: { kind: 'quantity', range, system: UCUM_SYSTEM, code: canonical.code } };
  }
  return {
    param,
    test: { kind: 'quantity', range: numberTest(name, number), ...(system === '' ? {} : { system }), ...(code === '' ? {} : { code }) },
  };
}
