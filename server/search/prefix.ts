/**
 * The prefixes of ordered values (`ge2024`, `ne5.4`) as comparisons with the bounds of what is stored.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#prefix
 */
import { dateRange } from '../fhir/date-range.ts';
import { decimalRange } from '../fhir/decimal-range.ts';
import type { TimeZone } from '../fhir/time-zone.ts';
import type { Comparison, RangeTest } from './query.ts';
import { badSearchValue, unescapeValue } from './values.ts';

const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof PREFIXES)[number] | 'po';

/** What a value covers: `high` is inclusive for dates, exclusive for numbers. `approximate` is used by `ap`, both inclusive. */
interface Covered {
  readonly low: number;
  readonly high: number;
  readonly highIs: '<=' | '<';
  readonly approximate: { readonly low: number; readonly high: number };
}

/** Any time at all: it holds for whatever has one. */
export const ANY_TIME: RangeTest = { kind: 'range', anyOf: [[]] };

/** The prefix that a value starts with (`eq` when none) and the rest. */
function splitPrefix(value: string): { readonly prefix: Prefix; readonly rest: string } {
  const start = value.slice(0, 2);
  const prefix = PREFIXES.find((candidate) => candidate === start);
  return prefix === undefined ? { prefix: 'eq', rest: value } : { prefix, rest: value.slice(2) };
}

/**
 * The test of a date with its prefix. `nowMs` is what `ap` measures its tenth from.
 * @throws FhirError 400 `value` when it is no date or dateTime.
 */
export function dateTest(name: string, value: string, zone: TimeZone, nowMs: number): RangeTest {
  const { prefix, rest } = splitPrefix(unescapeValue(value));
  return prefixedDate(name, prefix, rest, zone, nowMs);
}

/** As `dateTest`, the prefix given apart. */
export function prefixedDate(name: string, prefix: Prefix, text: string, zone: TimeZone, nowMs: number): RangeTest {
  const range = dateRange(text, zone);
  if (range === undefined)
    throw badSearchValue(name, text, 'is not a date (YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+zz:zz, where a URL has %2B for +)');
  const tenth = Math.abs(nowMs - (range.low + range.high) / 2) / 10;
  return compared(prefix, { ...range, highIs: '<=', approximate: { low: range.low - tenth, high: range.high + tenth } });
}

/**
 * The test of a number with its prefix, its values passed through `convert` (to canonical units).
 * @throws FhirError 400 `value` when it is no number.
 */
export function numberTest(name: string, value: string, convert: (value: number) => number = (same) => same): RangeTest {
  const { prefix, rest } = splitPrefix(unescapeValue(value));
  return prefixedNumber(name, prefix, rest, convert);
}

/** As `numberTest`, the prefix given apart. */
function prefixedNumber(name: string, prefix: Prefix, text: string, convert: (value: number) => number): RangeTest {
  const range = decimalRange(text);
  if (range === undefined) throw badSearchValue(name, text, 'is not a number');
  const value = convert(range.value);
  // A tenth of the value as it is given: of 37 degrees Celsius, 3.7 degrees, not a tenth of as many kelvin.
  const tenth = Math.abs(range.value) / 10;
  const [low, high] = [convert(range.low), convert(range.high)];
  if (prefix !== 'eq' && prefix !== 'ne' && prefix !== 'ap' && prefix !== 'po') {
    // The comparisons take a number as it stands: only equality honours its precision.
    return compared(prefix, { low: value, high: value, highIs: '<=', approximate: { low: value, high: value } });
  }
  const approximate = { low: Math.min(low, convert(range.value - tenth)), high: Math.max(high, convert(range.value + tenth)) };
  return compared(prefix, { low, high, highIs: '<', approximate: prefix === 'po' ? { low, high } : approximate });
}

/** What must hold for the bounds of the stored value. */
function compared(prefix: Prefix, { low, high, highIs, approximate }: Covered): RangeTest {
  // That it starts before the end follows from the others; it lets a store look up a stretch of starts.
  const within: readonly Comparison[] = [bound('low', '>=', low), bound('low', highIs, high), bound('high', highIs, high)];
  const above: readonly Comparison[] = [bound('high', highIs === '<' ? '>=' : '>', high)];
  const below: readonly Comparison[] = [bound('low', '<', low)];
  switch (prefix) {
    case 'eq':
      return { kind: 'range', anyOf: [within] };
    case 'ne':
      return { kind: 'range', anyOf: [below, above] };
    case 'gt':
      return { kind: 'range', anyOf: [above] };
    case 'lt':
      return { kind: 'range', anyOf: [below] };
    case 'ge':
      // "Above, or within" of the spec, each a stretch of an index of its own.
      return { kind: 'range', anyOf: [above, within] };
    case 'le':
      return { kind: 'range', anyOf: [below, within] };
    case 'sa':
      return { kind: 'range', anyOf: [[bound('low', '>', high)]] };
    case 'eb':
      return { kind: 'range', anyOf: [[bound('high', '<', low)]] };
    case 'ap':
      return { kind: 'range', anyOf: [[bound('high', '>=', approximate.low), bound('low', '<=', approximate.high)]] };
    case 'po':
      return { kind: 'range', anyOf: [[bound('high', '>=', low), bound('low', highIs, high)]] };
  }
}

function bound(which: 'low' | 'high', is: Comparison['is'], value: number): Comparison {
  return { bound: which, is, value };
}
