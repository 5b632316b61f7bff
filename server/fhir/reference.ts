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

/** By far the most usual form; asked first, and cut by hand, since every reference of every resource comes by here several times. */
const LOCAL = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;

/** What a reference text points at. Never throws: what cannot be read is `other`. */
export function parseReference(text: string): ParsedReference {
  if (LOCAL.test(text)) {
    const slash = text.indexOf('/');
    return { kind: 'local', type: text.slice(0, slash), id: text.slice(slash + 1) };
  }
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
