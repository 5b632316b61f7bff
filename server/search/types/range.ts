/**
 * Date and number: values that are ranges, compared by their bounds.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#date · https://hl7.org/fhir/R4/search.html#number
 */
import { dateRange, periodRange, timingRange } from '../../fhir/date-range.ts';
import { numberOf } from '../../fhir/json.ts';
import { isObject } from '../../fhir/resource.ts';
import type { TimeZone } from '../../fhir/time-zone.ts';
import type { Visit } from '../compile-expression.ts';
import type { IndexEntry } from '../index-entry.ts';

/** Entries for nodes of `type` under a date parameter; undefined for types that hold no time. */
export function indexDate(param: string, type: string, zone: TimeZone): Visit<IndexEntry> | undefined {
  const read = dateReader(type, zone);
  if (read === undefined) return undefined;
  return (node, _root, out) => {
    const range = read(node);
    if (range !== undefined) out.push({ kind: 'range', param, low: range.low, high: range.high });
  };
}

function dateReader(type: string, zone: TimeZone): ((node: unknown) => { low: number; high: number } | undefined) | undefined {
  switch (type) {
    case 'date':
    case 'dateTime':
      return (node) => (typeof node === 'string' ? dateRange(node, zone) : undefined);
    case 'instant':
      return (node) => (typeof node === 'string' ? pointInTime(node, zone) : undefined);
    case 'Period':
      return (node) => periodRange(node, zone);
    case 'Timing':
      return (node) => timingRange(node, zone);
    default:
      return undefined;
  }
}

/** An instant is a point, however many digits its seconds have. */
function pointInTime(text: string, zone: TimeZone): { low: number; high: number } | undefined {
  const range = dateRange(text, zone);
  return range && { low: range.low, high: range.low };
}

const NUMBERS = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);

/** Entries for nodes of `type` under a number parameter; undefined for types that hold no number. */
export function indexNumber(param: string, type: string): Visit<IndexEntry> | undefined {
  if (NUMBERS.has(type)) {
    return (node, _root, out) => {
      const value = numberOf(node);
      if (value !== undefined) out.push({ kind: 'range', param, low: value, high: value });
    };
  }
  if (type !== 'Range') return undefined;
  return (node, _root, out) => {
    const bounds = rangeBounds(node);
    if (bounds !== undefined) out.push({ kind: 'range', param, low: bounds.low, high: bounds.high });
  };
}

/** The bounds of a Range, open where it has none; undefined when it has neither. */
export function rangeBounds(node: unknown): { readonly low: number; readonly high: number } | undefined {
  if (!isObject(node)) return undefined;
  const low = isObject(node.low) ? numberOf(node.low.value) : undefined;
  const high = isObject(node.high) ? numberOf(node.high.value) : undefined;
  if (low === undefined && high === undefined) return undefined;
  return { low: low ?? Number.NEGATIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY };
}
