/**
 * String: text that matches from its start, without regard to case, accents and punctuation.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#string
 */

import { isObject } from '../../fhir/resource.ts';
import { normalizeText } from '../../fhir/string-normalize.ts';
import type { Visit } from '../compile-expression.ts';
import type { IndexEntry } from '../index-entry.ts';
import type { StringTest } from '../query.ts';
import { badSearchValue, unescapeValue } from '../values.ts';

/** Characters of a value that are kept. Longer texts are found by how they begin. */
const STRING_MAX = 1_024;

/** The parameter code that holds the later parts of family names: Lidvik of Solberg Lidvik. Apart, since one sorts by the whole. */
export const partCode = (param: string): string => `${param}:part`;

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
  const kept = value.length > STRING_MAX ? value.slice(0, STRING_MAX) : value;
  out.push({ kind: 'string', param, value: kept, normalized: normalizeText(kept) });
}

/**
 * The test of a text; all but `exact` without regard to case, accents and punctuation.
 * @throws FhirError 400 `value` when nothing is left of it then: it would find everything.
 */
export function stringTest(name: string, value: string, mode: StringTest['mode']): StringTest {
  const text = unescapeValue(value).slice(0, STRING_MAX);
  if (mode === 'exact') return { kind: 'string', mode, value: text };
  const normalized = normalizeText(text);
  if (normalized === '') throw badSearchValue(name, value, 'has neither letters nor digits');
  return { kind: 'string', mode, value: normalized };
}
