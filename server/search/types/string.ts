/**
 * String: text that matches from its start, without regard to case, accents and punctuation.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#string
 */

import { orderKey } from '../../fhir/norwegian-order.ts';
import { isObject } from '../../fhir/resource.ts';
import { normalizeText } from '../../fhir/string-normalize.ts';
import type { Visit } from '../compile-expression.ts';
import type { IndexEntry } from '../index-entry.ts';
import type { StringTest } from '../query.ts';
import { badSearchValue, unescapeValue } from '../values.ts';

/** Characters of a value that are kept in one entry. */
const STRING_MAX = 1_024;
/** Characters that the stretches of a longer text have in common with the one before: what `:contains` seeks lies whole in one of them. */
const OVERLAP = 256;
/** Stands where a text was cut, so that it neither ends there nor is the whole; no normalised text holds it. */
const CUT = '…';
/** Stretches of one text that are kept: some 50,000 characters. */
const STRETCHES_MAX = 64;

/** The parameter code that holds the later parts of family names: Lidvik of Solberg Lidvik. Apart, since one sorts by the whole. */
export const partCode = (param: string): string => `${param}:part`;

/** The parameter code that holds what follows the first 1,024 characters of long texts, in stretches: apart, since none begins there. */
export const laterCode = (param: string): string => `${param}:later`;

const NAME_PARTS = ['text', 'family', 'given', 'prefix', 'suffix'];
const ADDRESS_PARTS = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'];

/** Entries for nodes of `type` under a string parameter; undefined for types without text of their own. */
export function indexString(param: string, type: string): Visit<IndexEntry> | undefined {
  switch (type) {
    case 'string':
      return param === 'family' ? (node, _root, out) => pushFamily(param, node, out) : (node, _root, out) => pushString(param, node, out);
    case 'markdown':
    case 'code':
    case 'id':
    case 'uri':
      return (node, _root, out) => pushString(param, node, out);
    case 'HumanName':
      return (node, _root, out) => {
        pushParts(param, node, NAME_PARTS, out);
        if (isObject(node)) pushLaterParts(param, node.family, out);
      };
    case 'Address':
      return (node, _root, out) => pushParts(param, node, ADDRESS_PARTS, out);
    default:
      return undefined;
  }
}

function pushParts(param: string, node: unknown, parts: readonly string[], out: IndexEntry[]): void {
  if (!isObject(node)) return;
  for (const part of parts) {
    const value = node[part];
    if (Array.isArray(value)) for (const item of value) pushString(param, item, out);
    else pushString(param, value, out);
  }
}

function pushFamily(param: string, value: unknown, out: IndexEntry[]): void {
  pushString(param, value, out);
  pushLaterParts(param, value, out);
}

/** What a family name is from each of its later words on: it is found by any of them. */
function pushLaterParts(param: string, family: unknown, out: IndexEntry[]): void {
  if (typeof family !== 'string' || !/[^\p{L}\p{M}]/u.test(family)) return;
  const words = normalizeText(family.slice(0, STRING_MAX)).split(' ');
  for (let at = 1; at < words.length; at += 1) {
    const part = words.slice(at).join(' ');
    out.push({ kind: 'string', param: partCode(param), value: part, normalized: part });
  }
}

function pushString(param: string, value: unknown, out: IndexEntry[]): void {
  if (typeof value !== 'string' || value === '') return;
  if (value.length <= STRING_MAX) {
    out.push(stringEntry(param, value, normalizeText(value)));
    return;
  }
  const kept = value.slice(0, STRING_MAX);
  out.push(stringEntry(param, kept, normalizeText(kept) + CUT));
  // Components of composites have no code, and are found by how they begin only.
  if (param !== '') pushLaterStretches(param, value, out);
}

/** An entry of what one sorts by as well: but for composites, whose components have no code. */
function stringEntry(param: string, value: string, normalized: string): IndexEntry {
  const order = param === '' ? undefined : orderKey(value);
  return order === undefined || order === normalized
    ? { kind: 'string', param, value, normalized }
    : { kind: 'string', param, value, normalized, order };
}

function pushLaterStretches(param: string, text: string, out: IndexEntry[]): void {
  const step = STRING_MAX - OVERLAP;
  for (let n = 1; n <= STRETCHES_MAX && n * step + OVERLAP < text.length; n += 1) {
    const end = n * step + STRING_MAX;
    const stretch = text.slice(n * step, end);
    const normalized = normalizeText(stretch) + (end < text.length ? CUT : '');
    out.push({ kind: 'string', param: laterCode(param), value: stretch, normalized });
  }
}

/**
 * The test of a text; all but `exact` without regard to case, accents and punctuation. What is contained far in a long text
 * is found by its first 256 characters at most.
 * @throws FhirError 400 `value` when nothing is left of it then: it would find everything.
 */
export function stringTest(name: string, value: string, mode: StringTest['mode']): StringTest {
  const whole = unescapeValue(value);
  const text = whole.slice(0, STRING_MAX);
  if (mode === 'exact') return { kind: 'string', mode, value: text };
  const normalized = normalizeText(text);
  if (normalized === '') throw badSearchValue(name, value, 'has neither letters nor digits');
  return { kind: 'string', mode, value: mode === 'whole' && text.length < whole.length ? normalized + CUT : normalized };
}
