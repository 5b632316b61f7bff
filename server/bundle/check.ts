/**
 * Reads the body of a batch or transaction into entries, or says which element is wrong.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction · https://hl7.org/fhir/R4/bundle.html
 */
import { badRequest, badValue, FhirError, malformed, tooLarge } from '../fhir/errors.ts';
import type { Issue } from '../fhir/outcome.ts';
import { parseReference } from '../fhir/reference.ts';
import { isObject, isResource, type Resource } from '../fhir/resource.ts';
import { lostLinks } from './lost-links.ts';
import { linksIn } from './sent-links.ts';

/** The elements that are read, or mean nothing for what is done; what else is there means something to whoever sent it. */
const KNOWN = {
  Bundle: new Set([
    'resourceType',
    'id',
    'meta',
    'implicitRules',
    'language',
    'identifier',
    'type',
    'timestamp',
    'total',
    'link',
    'entry',
    'signature',
  ]),
  entry: new Set(['id', 'extension', 'link', 'fullUrl', 'resource', 'search', 'request', 'response']),
  request: new Set(['id', 'extension', 'method', 'url', 'ifNoneMatch', 'ifModifiedSince', 'ifMatch', 'ifNoneExist']),
} as const;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Elements of a request, and the headers that they stand for. */
const PRECONDITIONS = [
  ['ifMatch', 'if-match'],
  ['ifNoneMatch', 'if-none-match'],
  ['ifNoneExist', 'if-none-exist'],
  ['ifModifiedSince', 'if-modified-since'],
] as const;

export interface BundleEntry {
  /** Where it stands in the Bundle, from 0. */
  readonly place: number;
  readonly fullUrl?: string;
  readonly method: (typeof METHODS)[number];
  /** As written: relative to the base, or absolute. */
  readonly url: string;
  /** The conditions of the request under their HTTP header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly resource?: Resource;
  /** The references that the resource or patch brings. */
  readonly links: readonly string[];
}

export interface CheckedBundle {
  readonly type: 'batch' | 'transaction';
  readonly entries: readonly CheckedEntry[];
}

/** An entry that can be run, or the error that is its answer. */
type CheckedEntry =
  | { readonly place: number; readonly ok: true; readonly entry: BundleEntry }
  | { readonly place: number; readonly ok: false; readonly error: FhirError };

/**
 * The entries of a batch or transaction Bundle. What is wrong with one entry stays with that entry (a batch goes on
 * without it, a transaction fails with it).
 * @throws FhirError 400 `structure` when the body is no Bundle of that kind, 413 `too-long` when it has too many entries.
 */
export function checkBundle(body: unknown, entriesMax: number): CheckedBundle {
  if (!isResource(body) || body.resourceType !== 'Bundle') {
    throw malformed('POST at the base takes a Bundle of type batch or transaction', 'Bundle');
  }
  refuseUnknown(body, KNOWN.Bundle, 'Bundle');
  if (body.type !== 'batch' && body.type !== 'transaction') {
    throw badValue('Bundle.type is to be batch or transaction here', 'Bundle.type');
  }
  const { entry: entries = [] } = body;
  if (!Array.isArray(entries)) throw malformed('Bundle.entry is an array', 'Bundle.entry');
  if (entries.length > entriesMax) throw tooLarge(`The Bundle has ${entries.length} entries; at most ${entriesMax} are taken at once`);
  return { type: body.type, entries: entries.map(checkEntry) };
}

/**
 * The entries of a transaction, all of which must be right.
 * @throws FhirError 400 with the issues of every wrong entry, 400 `duplicate` when two entries have one fullUrl, or 400
 * `invalid` for each reference by urn that no entry has as fullUrl.
 */
export function allOrNothing(checked: CheckedBundle): readonly BundleEntry[] {
  const issues: Issue[] = checked.entries.flatMap((each) => (each.ok ? [] : each.error.issues));
  if (issues.length > 0) throw new FhirError(400, issues);
  const entries = checked.entries.flatMap((each) => (each.ok ? [each.entry] : []));
  const seen = new Map<string, number>();
  for (const { fullUrl, place } of entries) {
    if (fullUrl === undefined) continue;
    const before = seen.get(fullUrl);
    if (before !== undefined) {
      const diagnostics = `Entries ${before} and ${place} have the same fullUrl`;
      throw new FhirError(400, [{ severity: 'error', code: 'duplicate', diagnostics, expression: [`Bundle.entry[${place}].fullUrl`] }]);
    }
    seen.set(fullUrl, place);
  }
  const lost = lostLinks(entries);
  if (lost.length > 0) throw new FhirError(400, lost);
  return entries;
}

function checkEntry(entry: unknown, place: number): CheckedEntry {
  try {
    return { place, ok: true, entry: readEntry(entry, place) };
  } catch (error) {
    if (error instanceof FhirError) return { place, ok: false, error };
    throw error;
  }
}

function readEntry(entry: unknown, place: number): BundleEntry {
  const at = `Bundle.entry[${place}]`;
  if (!isObject(entry)) throw malformed('An entry is an object', at);
  const { request, resource, fullUrl } = entry;
  refuseUnknown(entry, KNOWN.entry, at);
  if (!isObject(request)) throw malformed('An entry of a batch or transaction has a request', `${at}.request`);
  refuseUnknown(request, KNOWN.request, `${at}.request`);
  const method = METHODS.find((each) => each === request.method);
  if (method === undefined) throw badValue(`request.method is one of ${METHODS.join(', ')}`, `${at}.request.method`);
  if (typeof request.url !== 'string' || request.url === '')
    throw malformed('request.url says what the entry is about', `${at}.request.url`);
  if (fullUrl !== undefined && typeof fullUrl !== 'string') throw malformed('fullUrl is a text', `${at}.fullUrl`);
  if (fullUrl !== undefined && !isAbsolute(fullUrl)) throw badValue('fullUrl is an absolute URL or a urn', `${at}.fullUrl`);
  if (fullUrl?.includes('/_history/')) throw badValue('fullUrl names a resource, not a version of it', `${at}.fullUrl`);
  if (resource !== undefined && !isResource(resource)) throw malformed('resource names its resourceType', `${at}.resource`);
  if (fullUrl !== undefined && resource !== undefined && method !== 'PATCH') refuseOtherId(fullUrl, resource, at);
  const wanted = method === 'PUT' || method === 'POST' || method === 'PATCH';
  if (method === 'PUT' || method === 'PATCH') {
    if (resource === undefined) throw malformed(`${method} takes a resource`, `${at}.resource`);
  }
  if (!wanted && resource !== undefined) throw badRequest(`${method} takes no resource`, `${at}.resource`);
  const read = { place, method, url: request.url, headers: entryHeaders(request, at), links: linksIn(method, resource) };
  if (resource === undefined) return fullUrl === undefined ? read : { ...read, fullUrl };
  return fullUrl === undefined ? { ...read, resource } : { ...read, fullUrl, resource };
}

/** A fullUrl that tells another id than its resource: links would lead to something else than is meant. */
function refuseOtherId(fullUrl: string, { resourceType, id }: Resource, at: string): void {
  const named = parseReference(fullUrl);
  if (named.kind !== 'absolute' || named.type !== resourceType || id === undefined || named.id === id) return;
  throw badRequest(`fullUrl says ${named.type}/${named.id}, the resource is ${resourceType}/${id}`, `${at}.fullUrl`);
}

/** A precondition that is misspelt must not be lost, nor an extension that changes what is meant. */
function refuseUnknown(value: Record<string, unknown>, known: ReadonlySet<string>, at: string): void {
  for (const name in value) {
    if (!known.has(name.startsWith('_') ? name.slice(1) : name)) throw malformed(`${name.slice(0, 64)} is not known here`, at);
  }
}

function isAbsolute(fullUrl: string): boolean {
  return /^(urn:(uuid|oid):\S+|https?:\/\/\S+)$/.test(fullUrl);
}

function entryHeaders(request: Record<string, unknown>, at: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [element, header] of PRECONDITIONS) {
    const value = request[element];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw malformed(`request.${element} is a text`, `${at}.request.${element}`);
    headers[header] = element === 'ifModifiedSince' ? instantToHttpDate(value, `${at}.request.${element}`) : value;
  }
  return headers;
}

/** ifModifiedSince is an instant in a Bundle and an HTTP date in a header. */
function instantToHttpDate(value: string, at: string): string {
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw badValue('ifModifiedSince is an instant', at);
  return new Date(ms).toUTCString();
}
