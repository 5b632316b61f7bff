/**
 * The Bundle that answers a search, put together from stored JSON texts without parsing them.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#searchset · https://hl7.org/fhir/R4/http.html#paging
 */
import { randomUUID } from 'node:crypto';
import { stringifyJson } from '../fhir/json.ts';
import { type Issue, operationOutcome } from '../fhir/outcome.ts';
import type { ResourceKey } from '../fhir/resource.ts';
import type { Narrow } from './narrow.ts';

/** What stands before the URL, between URL and resource, and after the resource in the entry of a match. */
export const ENTRY_FRAME = ['{"fullUrl":"', '","resource":', ',"search":{"mode":"match"}}'] as const;
const AFTER_INCLUDED = ',"search":{"mode":"include"}}';

/** A resource with the JSON text it was stored as, or with the UTF-8 bytes of that, each as a character. */
export interface Found extends ResourceKey {
  readonly json: string;
  readonly ascii?: string;
}

export interface PageLink {
  readonly relation: 'self' | 'first' | 'previous' | 'prev' | 'next';
  readonly url: string;
}

export interface Searchset {
  readonly baseUrl: string;
  readonly matches: readonly Found[];
  readonly included?: readonly Found[];
  /** All matches on all pages, when it was counted. */
  readonly total?: number;
  /** Absolute URLs, in the order to be sent. */
  readonly links: readonly PageLink[];
  /** Told in an OperationOutcome entry: parameters left out, includes cut short. */
  readonly issues?: readonly Issue[];
  readonly narrow?: Narrow | undefined;
  /** As `narrow`, for what was included. */
  readonly narrowIncluded?: Narrow | undefined;
}

/**
 * JSON that is ready to be sent: as one text; as its UTF-8 bytes, each as a character; or, where it lies in pieces, as
 * texts and UTF-8 bytes that follow each other. Those belong to who sends them, and are gone then.
 */
export interface JsonText {
  readonly text: string;
  readonly bytes?: string;
  readonly parts?: readonly (string | Uint8Array)[];
}

/** How what is put together is written: the stored texts, and what is said of them. */
interface Spelling {
  stored(found: Found): string;
  said(text: string): string;
}

const AS_TEXT: Spelling = { stored: ({ json }) => json, said: (text) => text };
/** As bytes: a text that is sent on as it came is neither decoded nor encoded. */
const AS_BYTES: Spelling = { stored: ({ ascii = '' }) => ascii, said: (text) => Buffer.from(text).toString('latin1') };

/** The JSON text of a searchset Bundle: matches, then what was included, then the outcome. */
export function searchsetText(set: Searchset): string {
  return put(set, AS_TEXT);
}

/** The same Bundle, as bytes where all that is in it came as bytes. */
export function searchsetBody(set: Searchset): JsonText {
  const isWhole = set.narrow === undefined && set.narrowIncluded === undefined;
  const isBytes = ({ ascii }: Found) => ascii !== undefined;
  if (!isWhole || !set.matches.every(isBytes) || set.included?.every(isBytes) === false) return { text: put(set, AS_TEXT) };
  return new TextInBytes(put(set, AS_BYTES));
}

class TextInBytes implements JsonText {
  readonly bytes: string;
  #text: string | undefined;

  constructor(bytes: string) {
    this.bytes = bytes;
  }

  get text(): string {
    this.#text ??= Buffer.from(this.bytes, 'latin1').toString();
    return this.#text;
  }
}

function put(set: Searchset, spelling: Spelling): string {
  // Only added to, never joined or cut: the parts of a large page are copied once, when it is sent.
  let text = spelling.said(opening(set));
  let before = ',"entry":[';
  const add = (entry: string): void => {
    text += before + entry;
    before = ',';
  };
  const url = spelling.said(`${ENTRY_FRAME[0]}${set.baseUrl}/`);
  for (const match of set.matches) add(entryText(url, match, spelling.stored(match), set.narrow, 'match'));
  addOthers(set, spelling, add);
  return `${text}${before === ',' ? ']' : ''}}`;
}

/** The same Bundle around `entries`, which are those of the matches already. */
export function searchsetParts(set: Searchset, entries: readonly Uint8Array[]): JsonText {
  const parts: (string | Uint8Array)[] = [];
  let before = `${opening(set)},"entry":[`;
  for (const some of entries) {
    parts.push(before, some);
    before = ',';
  }
  addOthers(set, AS_TEXT, (entry) => {
    parts.push(before + entry);
    before = ',';
  });
  parts.push(parts.length === 0 ? `${opening(set)}}` : ']}');
  return {
    parts,
    get text() {
      return parts.map((part) => (typeof part === 'string' ? part : Buffer.from(part).toString())).join('');
    },
  };
}

function opening({ total, links }: Searchset): string {
  return `{"resourceType":"Bundle","type":"searchset",${total === undefined ? '' : `"total":${total},`}"link":${JSON.stringify(links)}`;
}

/** What follows the matches. */
function addOthers(set: Searchset, spelling: Spelling, add: (entry: string) => void): void {
  const { included = [], issues = [] } = set;
  const url = included.length === 0 ? '' : spelling.said(`${ENTRY_FRAME[0]}${set.baseUrl}/`);
  for (const each of included) add(entryText(url, each, spelling.stored(each), set.narrowIncluded, 'include'));
  if (issues.length === 0) return;
  const outcome = stringifyJson(operationOutcome(issues));
  // An outcome has no place on the server; every entry has a fullUrl none the less.
  add(spelling.said(`{"fullUrl":"urn:uuid:${randomUUID()}","resource":${outcome},"search":{"mode":"outcome"}}`));
}

/** `url` is all that stands before type and id, which need no escapes. */
function entryText(url: string, { type, id }: ResourceKey, stored: string, narrow: Narrow | undefined, mode: 'match' | 'include'): string {
  const resource = narrow === undefined ? stored : narrow(stored);
  return `${url}${type}/${id}${ENTRY_FRAME[1]}${resource}${mode === 'match' ? ENTRY_FRAME[2] : AFTER_INCLUDED}`;
}
