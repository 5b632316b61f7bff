/**
 * Token: codes, identifiers, booleans and other values that match as a whole.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#token
 */

import { isObject } from '../../fhir/resource.ts';
import { normalizeText } from '../../fhir/string-normalize.ts';
import type { Visit } from '../compile-expression.ts';
import type { IndexEntry, TokenEntry } from '../index-entry.ts';
import { keptIdentifier } from '../personal-number.ts';
import type { TokenTest } from '../query.ts';
import { badSearchValue, splitEscaped, unescapeValue } from '../values.ts';

/** The parameter code that holds identifiers with their type, for `:of-type`. */
export const ofTypeCode = (param: string): string => `${param}:of-type`;
/** The parameter code that holds the logical identifiers of references, for `:identifier`. */
export const identifierCode = (param: string): string => `${param}:identifier`;

/** The parameter code that holds the base part of mime types, for `:below`. */
export const belowCode = (param: string): string => `${param}:below`;

const SIMPLE = new Set(['id', 'uri', 'url', 'canonical', 'oid', 'uuid', 'boolean']);

/** Entries for nodes of `type` under a token parameter; undefined for types that no token is made of. */
export function indexToken(param: string, type: string): Visit<IndexEntry> | undefined {
  if (SIMPLE.has(type)) return (node, _root, out) => pushSimple(param, node, out);
  switch (type) {
    case 'code':
      return (node, _root, out) => pushCode(param, node, out);
    case 'string':
    case 'markdown':
      return (node, _root, out) => {
        if (typeof node === 'string') pushSimple(param, caseless(node), out);
      };
    case 'Coding':
      return (node, _root, out) => pushCoding(param, node, out);
    case 'CodeableConcept':
      return (node, _root, out) => pushConcept(param, node, out);
    case 'Identifier':
      return (node, _root, out) => pushIdentifier(param, node, out);
    case 'ContactPoint':
      return (node, _root, out) => {
        if (isObject(node) && typeof node.value === 'string') pushSimple(param, contactForm(node.value), out);
      };
    default:
      return undefined;
  }
}

/** The entry under `code:identifier` for the logical identifier of a reference. */
export function pushLogicalIdentifier(param: string, identifier: unknown, out: IndexEntry[]): void {
  if (!isObject(identifier)) return;
  const entry = tokenEntry(identifierCode(param), identifier.system, keptValue(identifier));
  if (entry !== undefined) out.push(entry);
}

function pushSimple(param: string, node: unknown, out: IndexEntry[]): void {
  if (typeof node === 'string' || typeof node === 'boolean') out.push({ kind: 'token', param, system: null, code: String(node) });
}

/** A mime type is found below its base part as well: `text/xml; charset=UTF-8` below `text/xml`. */
function pushCode(param: string, node: unknown, out: IndexEntry[]): void {
  pushSimple(param, node, out);
  if (typeof node === 'string' && node.includes('/'))
    out.push({ kind: 'token', param: belowCode(param), system: null, code: mimeBase(node) });
}

/** The base part of a mime type, whose case does not count. */
export function mimeBase(mime: string): string {
  return caseless(mime.split(';')[0] as string).trim();
}

/** The form in which tokens of type string are compared: their case does not count. */
export function caseless(text: string): string {
  return text.toLowerCase();
}

/** The form in which contact points are compared: neither case, nor what people write between the digits of a phone number. */
export function contactForm(value: string): string {
  return /^\s*\+?[\d\s().\-/]+$/.test(value) ? value.replace(/[^+\d]/g, '') : caseless(value).trim();
}

function pushCoding(param: string, node: unknown, out: IndexEntry[]): void {
  if (!isObject(node)) return;
  const entry = tokenEntry(param, node.system, node.code, node.display);
  if (entry !== undefined) out.push(entry);
}

function pushConcept(param: string, node: unknown, out: IndexEntry[]): void {
  if (!isObject(node)) return;
  if (Array.isArray(node.coding)) for (const coding of node.coding) pushCoding(param, coding, out);
  const entry = tokenEntry(param, undefined, undefined, node.text);
  if (entry !== undefined) out.push(entry);
}

function pushIdentifier(param: string, node: unknown, out: IndexEntry[]): void {
  if (!isObject(node)) return;
  const type = isObject(node.type) ? node.type : undefined;
  const entry = tokenEntry(param, node.system, keptValue(node), type?.text);
  if (entry !== undefined) out.push(entry);
  if (type === undefined || !Array.isArray(type.coding) || typeof node.value !== 'string') return;
  for (const coding of type.coding) {
    if (!isObject(coding) || typeof coding.code !== 'string') continue;
    const system = typeof coding.system === 'string' ? coding.system : '';
    out.push({ kind: 'token', param: ofTypeCode(param), system: `${system}|${coding.code}`, code: node.value });
  }
}

/** The value of an Identifier as it is found: a personal number without what people write between its digits. */
function keptValue({ system, value }: Readonly<Record<string, unknown>>): unknown {
  return typeof system === 'string' && typeof value === 'string' ? keptIdentifier(system, value) : value;
}

function tokenEntry(param: string, givenSystem: unknown, givenCode: unknown, givenText?: unknown): TokenEntry | undefined {
  const system = typeof givenSystem === 'string' ? givenSystem : null;
  const code = typeof givenCode === 'string' ? givenCode : null;
  const text = typeof givenText === 'string' ? normalizeLabel(givenText) : '';
  if (system === null && code === null && text === '') return undefined;
  return text === '' ? { kind: 'token', param, system, code } : { kind: 'token', param, system, code, text };
}

/** What codes are called, normalised: most resources say the same few. */
const labels = new Map<string, string>();
const LABELS_KEPT = 1000;
const LONGEST_LABEL = 100;

function normalizeLabel(text: string): string {
  const known = labels.get(text);
  if (known !== undefined) return known;
  const label = normalizeText(text);
  if (text.length > LONGEST_LABEL) return label;
  if (labels.size >= LABELS_KEPT) labels.clear();
  labels.set(text, label);
  return label;
}

/**
 * The test of `code`, `system|code`, `|code` or `system|`; a personal number may be written as people do. `implicit` is the system that elements of type code leave out.
 * @throws FhirError 400 `value` for anything else.
 */
export function tokenTest(name: string, value: string, implicit?: string): TokenTest {
  const parts = splitEscaped(value, '|').map(unescapeValue);
  const [first = '', second] = parts;
  if (parts.length > 2 || value === '|' || value === '')
    throw badSearchValue(name, value, 'is not a token (code, system|code, |code or system|)');
  if (second === undefined) return { kind: 'token', code: first };
  const system = first === '' || first === implicit ? null : first;
  return second === '' ? { kind: 'token', system } : { kind: 'token', system, code: keptIdentifier(system, second) };
}

/**
 * The test of `system|code|value` on the entries under `ofTypeCode`.
 * @throws FhirError 400 `value` when it has not three parts, of which code and value must be there.
 */
export function ofTypeTest(name: string, value: string): TokenTest {
  const [system, code, identifier, ...more] = splitEscaped(value, '|').map(unescapeValue);
  if (!code || !identifier || more.length > 0) throw badSearchValue(name, value, 'is not system|code|value');
  return { kind: 'token', system: `${system}|${code}`, code: identifier };
}
