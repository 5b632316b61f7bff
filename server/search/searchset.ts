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

/** A resource with the JSON text it was stored as. */
export interface Found extends ResourceKey {
  readonly json: string;
  /** Its id within the resource that the key is of, where it is contained in that: one that needs no escapes. */
  readonly innerId?: string;
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
 * JSON that is ready to be sent: as one text or, where it lies in pieces, as texts and UTF-8 bytes that follow each other.
 * The bytes belong to who sends them, and are gone then.
 */
export interface JsonText {
  readonly text: string;
  readonly parts?: readonly (string | Uint8Array)[];
}

/** The JSON text of a searchset Bundle: matches, then what was included, then the outcome. */
export function searchsetText(set: Searchset): string {
  // Only added to, never joined or cut: the parts of a large page are copied once, when it is sent.
  let text = opening(set);
  let before = ',"entry":[';
  const add = (entry: string): void => {
    text += before + entry;
    before = ',';
  };
  for (const match of set.matches) add(entryText(set, match, 'match'));
  addOthers(set, add);
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
  addOthers(set, (entry) => {
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
function addOthers(set: Searchset, add: (entry: string) => void): void {
  for (const included of set.included ?? []) add(entryText(set, included, 'include'));
  const issues = set.issues ?? [];
  // An outcome has no place on the server; every entry has a fullUrl none the less.
  if (issues.length > 0)
    add(`{"fullUrl":"urn:uuid:${randomUUID()}","resource":${stringifyJson(operationOutcome(issues))},"search":{"mode":"outcome"}}`);
}

/** Types and ids need no escapes. */
function entryText(set: Searchset, { type, id, json, innerId }: Found, mode: 'match' | 'include'): string {
  const { baseUrl } = set;
  const narrow = mode === 'match' ? set.narrow : set.narrowIncluded;
  const resource = narrow === undefined ? json : narrow(json);
  const [open, afterUrl, close] = ENTRY_FRAME;
  const within = innerId === undefined ? '' : `#${innerId}`;
  return `${open}${baseUrl}/${type}/${id}${within}${afterUrl}${resource}${mode === 'match' ? close : AFTER_INCLUDED}`;
}
