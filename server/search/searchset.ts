/**
 * The Bundle that answers a search, put together from stored JSON texts without parsing them.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#searchset · https://hl7.org/fhir/R4/http.html#paging
 */
import { stringifyJson } from '../fhir/json.ts';
import { type Issue, operationOutcome } from '../fhir/outcome.ts';
import type { ResourceKey } from '../fhir/resource.ts';
import type { Narrow } from './narrow.ts';

/** A resource with the JSON text it was stored as. */
export interface Found extends ResourceKey {
  readonly json: string;
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
}

/** The JSON text of a searchset Bundle: matches, then what was included, then the outcome. */
export function searchsetText(set: Searchset): string {
  const issues = set.issues ?? [];
  const total = set.total === undefined ? '' : `"total":${set.total},`;
  // Only added to, never joined or cut: the parts of a large page are copied once, when it is sent.
  let text = `{"resourceType":"Bundle","type":"searchset",${total}"link":${JSON.stringify(set.links)}`;
  let before = ',"entry":[';
  const add = (entry: string): void => {
    text += before + entry;
    before = ',';
  };
  for (const match of set.matches) add(entryText(set, match, 'match'));
  for (const included of set.included ?? []) add(entryText(set, included, 'include'));
  if (issues.length > 0) add(`{"resource":${stringifyJson(operationOutcome(issues))},"search":{"mode":"outcome"}}`);
  return `${text}${before === ',' ? ']' : ''}}`;
}

/** Types and ids need no escapes. */
function entryText({ baseUrl, narrow }: Searchset, { type, id, json }: Found, mode: 'match' | 'include'): string {
  const resource = narrow === undefined ? json : narrow(json);
  return `{"fullUrl":"${baseUrl}/${type}/${id}","resource":${resource},"search":{"mode":"${mode}"}}`;
}
