/**
 * URI: addresses that match as a whole, character by character.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#uri
 */

import type { Visit } from '../compile-expression.ts';
import type { IndexEntry } from '../index-entry.ts';
import type { UriTest } from '../query.ts';
import { unescapeValue } from '../values.ts';

const URIS = new Set(['uri', 'url', 'canonical', 'oid', 'uuid', 'string']);

/** Entries for nodes of `type` under a uri parameter; undefined for types that are no address. */
export function indexUri(param: string, type: string): Visit<IndexEntry> | undefined {
  if (!URIS.has(type)) return undefined;
  if (type === 'canonical') return (node, _root, out) => pushCanonical(param, node, out);
  return (node, _root, out) => {
    if (typeof node === 'string' && node !== '') out.push({ kind: 'uri', param, value: node });
  };
}

/** A canonical is found by its URL, with and without the version. */
function pushCanonical(param: string, node: unknown, out: IndexEntry[]): void {
  if (typeof node !== 'string' || node === '') return;
  const bar = node.indexOf('|');
  out.push({ kind: 'uri', param, value: bar === -1 ? node : node.slice(0, bar) });
  if (bar !== -1) out.push({ kind: 'uri', param, value: node });
}

/** The test of an address. */
export function uriTest(value: string, mode: UriTest['mode']): UriTest {
  return { kind: 'uri', mode, value: unescapeValue(value) };
}
