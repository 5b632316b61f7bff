/**
 * Reference: links between resources, and canonical URLs of definitions.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#reference · https://hl7.org/fhir/R4/references.html#canonical
 */

import { parseReference } from '../../fhir/reference.ts';
import { ID_PATTERN, isObject, isResource } from '../../fhir/resource.ts';
import type { Visit } from '../compile-expression.ts';
import type { IndexEntry, ReferenceEntry } from '../index-entry.ts';
import type { ReferenceTest } from '../query.ts';
import { badSearchValue, unescapeValue } from '../values.ts';
import { pushLogicalIdentifier } from './token.ts';

/** The url of a reference that leads nowhere (by identifier or display only): tells `:missing` that the element is there. No id is `?`. */
const NOWHERE = '#?';
/** The reference by which a contained resource points at the one that contains it. */
export const CONTAINER = '#';

/** The parameter code that holds the versions of canonicals by their parts, for `:below`. */
const belowCode = (param: string): string => `${param}:below`;

/** Entries for nodes of `type` under a reference parameter; undefined for types that point at nothing. */
export function indexReference(
  param: string,
  type: string,
  targets: readonly string[],
  baseUrl: string | undefined,
): Visit<IndexEntry> | undefined {
  switch (type) {
    case 'Reference':
      return (node, _root, out) => pushReference(param, node, baseUrl, out);
    case 'canonical':
    case 'uri':
    case 'url':
      return (node, _root, out) => pushCanonical(param, node, baseUrl, out);
    case 'Identifier':
      return (node, _root, out) => pushLogicalIdentifier(param, node, out);
    default:
      // A resource held in place of a reference, as the first entry of a document.
      return (node, _root, out) => {
        if (!isResource(node) || typeof node.id !== 'string' || !targets.includes(node.resourceType)) return;
        out.push({ kind: 'reference', param, type: node.resourceType, id: node.id, url: null });
      };
  }
}

/** What a reference text points at; `baseUrl` is this server's own. */
function referenceEntry(param: string, text: string, baseUrl: string | undefined): ReferenceEntry {
  const reference = parseReference(text);
  const isOurs = reference.kind === 'local' || (reference.kind === 'absolute' && reference.base === baseUrl);
  if (isOurs) return { kind: 'reference', param, type: reference.type, id: reference.id, url: null };
  return { kind: 'reference', param, type: null, id: null, url: text };
}

function pushReference(param: string, node: unknown, baseUrl: string | undefined, out: IndexEntry[]): void {
  if (!isObject(node)) return;
  if (typeof node.reference === 'string') out.push(referenceEntry(param, node.reference, baseUrl));
  else if (node.identifier !== undefined || node.display !== undefined)
    out.push({ kind: 'reference', param, type: null, id: null, url: NOWHERE });
  pushLogicalIdentifier(param, node.identifier, out);
}

/** A canonical is found by its URL, with and without the version; one that lies on this server also as a reference. */
function pushCanonical(param: string, node: unknown, baseUrl: string | undefined, out: IndexEntry[]): void {
  if (typeof node !== 'string' || node === '') return;
  const bar = node.indexOf('|');
  const url = bar === -1 ? node : node.slice(0, bar);
  const target = referenceEntry(param, url.split('#')[0] as string, baseUrl);
  out.push({ kind: 'reference', param, type: null, id: null, url });
  if (target.type !== null) out.push(target);
  if (bar === -1) return;
  out.push({ kind: 'reference', param, type: null, id: null, url: node });
  for (const head of versionHeads(node.slice(bar + 1))) {
    out.push({ kind: 'reference', param: belowCode(param), type: null, id: null, url: `${url}|${head}` });
  }
}

/** `1`, `1.0` and `1.0.2` of version 1.0.2. */
function versionHeads(version: string): readonly string[] {
  const ends = [...version.matchAll(/[.\-+]/g)].map(({ index }) => index);
  return [...ends, version.length].map((end) => version.slice(0, end)).filter((head) => head !== '');
}

/**
 * The test of a canonical URL with any version, or with one that begins with the version given (`url|1` is met by 1.0 and
 * 1.1, not by 10), with the parameter code whose entries it is for.
 * @throws FhirError 400 `value` when it is no URL.
 */
export function canonicalBelow(name: string, value: string, param: string): { readonly param: string; readonly test: ReferenceTest } {
  const text = unescapeValue(value);
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[^|]+(?:\|[^|]+)?$/.test(text)) throw badSearchValue(name, value, 'is not a canonical URL');
  return { param: text.includes('|') ? belowCode(param) : param, test: { kind: 'reference', url: text } };
}

/**
 * The test of `id`, `Type/id` or a URL. `types` are the resource types it may point at; a lone id is of one of these.
 * @throws FhirError 400 `value` when it cannot be a reference.
 */
export function referenceTest(name: string, value: string, types: readonly string[], baseUrl: string): ReferenceTest {
  const text = unescapeValue(value);
  if (ID_PATTERN.test(text)) {
    const [only, ...others] = types;
    return { kind: 'reference', id: text, ...(only !== undefined && others.length === 0 ? { type: only } : { types }) };
  }
  const { type, id, url } = referenceEntry(name, text, baseUrl);
  if (type !== null && id !== null) return { kind: 'reference', type, id };
  if (url === null || !/^[A-Za-z][A-Za-z0-9+.-]*:./.test(url))
    throw badSearchValue(name, value, 'is not a reference (id, Type/id or a URL)');
  return { kind: 'reference', url };
}
