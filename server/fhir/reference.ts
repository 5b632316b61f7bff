/**
 * Reading the text of a Reference.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#literal
 */
import { ID_PATTERN } from './resource.ts';

export type ParsedReference =
  | { readonly kind: 'local'; readonly type: string; readonly id: string; readonly versionId?: string }
  /** An absolute URL whose tail is Type/id: a resource on another server (or ours, when `base` is our base). */
  | { readonly kind: 'absolute'; readonly base: string; readonly type: string; readonly id: string; readonly versionId?: string }
  | { readonly kind: 'contained'; readonly id: string }
  | { readonly kind: 'urn'; readonly urn: string }
  /** `Type?query`, allowed in transactions only. */
  | { readonly kind: 'conditional'; readonly type: string; readonly query: string }
  | { readonly kind: 'other'; readonly text: string };

const TYPE = /^[A-Z][A-Za-z]+$/;

const SLASH = 47;

/** 1 for what an id is made of. */
const ID_CHARACTERS = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.') ID_CHARACTERS[character.charCodeAt(0)] = 1;

/** True when the text is, from a place on, what an id may be. */
export function isId(text: string, from: number): boolean {
  const { length } = text;
  if (length <= from || length > from + 64) return false;
  for (let at = from; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 128 || ID_CHARACTERS[code] === 0) return false;
  }
  return true;
}

/**
 * Where the slash is that ends the type in `Type/id`; −1 when the text is not of this form, which by
 * far the most are of: every reference of every resource comes by here several times, and a pattern costs thrice as much.
 */
export function endOfType(text: string): number {
  const first = text.charCodeAt(0);
  if (!(first >= 65 && first <= 90)) return -1;
  let at = 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at) | 32;
    if (code < 97 || code > 122) break;
  }
  return at > 1 && text.charCodeAt(at) === SLASH && isId(text, at + 1) ? at : -1;
}

/** What a reference text points at. Never throws: what cannot be read is `other`. */
export function parseReference(text: string): ParsedReference {
  const end = endOfType(text);
  if (end > 0) return { kind: 'local', type: text.slice(0, end), id: text.slice(end + 1) };
  if (text.startsWith('#')) return { kind: 'contained', id: text.slice(1) };
  if (text.startsWith('urn:')) return { kind: 'urn', urn: text };
  const question = text.indexOf('?');
  if (question > 0 && TYPE.test(text.slice(0, question))) {
    return { kind: 'conditional', type: text.slice(0, question), query: text.slice(question + 1) };
  }
  const parts = text.split('/');
  const versioned = parts.length >= 4 && parts[parts.length - 2] === '_history';
  const tail = versioned ? parts.slice(-4, -2) : parts.slice(-2);
  const [type, id] = tail;
  if (type === undefined || id === undefined || !TYPE.test(type) || !ID_PATTERN.test(id)) return { kind: 'other', text };
  const versionId = versioned ? parts[parts.length - 1] : undefined;
  const version = versionId === undefined ? {} : { versionId };
  const base = parts.slice(0, parts.length - (versioned ? 4 : 2)).join('/');
  if (base === '') return text.startsWith('/') ? { kind: 'other', text } : { kind: 'local', type, id, ...version };
  return /^https?:\/\//.test(base) ? { kind: 'absolute', base, type, id, ...version } : { kind: 'other', text };
}
