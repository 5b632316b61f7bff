/**
 * Rules of Bundles: fullUrl, links, the first entry of documents and messages, references that must resolve, searchsets.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html · https://hl7.org/fhir/R4/documents.html#content · https://hl7.org/fhir/R4/messaging.html
 */
import { textOf } from '../fhir/json.ts';
import { isObject, isResource, objectsIn, type Resource } from '../fhir/resource.ts';
import { mayBeInBundle, resolveIn } from './resolve.ts';
import type { Run } from './run.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

type Json = Record<string, unknown>;

const PAGING = new Set(['first', 'previous', 'prev', 'next', 'last']);
const FIRST: Readonly<Record<string, string>> = { document: 'Composition', message: 'MessageHeader' };
/** Larger documents are not followed through. */
const MAX_LINKED = 20_000;
const WITHOUT_FULL_URL = new Set(['transaction', 'transaction-response', 'batch', 'batch-response']);
const RESPONSES = new Set(['transaction-response', 'batch-response']);

/** The check of each Bundle. */
export function bundleRules(workshop: Workshop): readonly ValueCheck[] {
  return [
    (run, value) => {
      const bundle = value as Resource;
      const type = textOf(bundle.type);
      checkLinks(run, objectsIn(bundle.link), type);
      const entries = objectsIn(bundle.entry);
      const searched = type === 'searchset' ? searchedTypes(bundle, workshop) : [];
      for (const [index, entry] of entries.entries()) {
        run.enter('entry', index);
        checkFullUrl(run, entry, type, workshop);
        if (type === 'searchset') checkSearchEntry(run, entry, searched);
        run.leave();
      }
      const first = FIRST[type];
      if (first !== undefined) checkFirst(run, entries, type, first);
      if (type === 'document') checkLinked(run, entries);
    },
  ];
}

function checkLinks(run: Run, links: readonly Json[], type: string): void {
  const seen = new Set<unknown>();
  const paged = type === 'searchset' || type === 'history';
  for (const [index, link] of links.entries()) {
    const relation = textOf(link.relation);
    const unique = relation === 'self' || PAGING.has(relation);
    run.enter('link', index);
    if (unique && !paged && PAGING.has(relation)) run.report('bundle-link-paging', { relation, type }, 'error', '.relation');
    if (unique && seen.has(relation)) run.report('bundle-link-twice', { relation }, 'error', paged ? '' : '.relation');
    seen.add(relation);
    run.leave();
  }
}

function checkFullUrl(run: Run, entry: Json, type: string, workshop: Workshop): void {
  const { fullUrl, resource } = entry;
  if (typeof fullUrl !== 'string') {
    if (entry._fullUrl !== undefined) return;
    if (!WITHOUT_FULL_URL.has(type)) run.report('bundle-full-url-missing', { type });
    if (!RESPONSES.has(type) && referencesIn(resource, []).length > 0) run.report('bundle-full-url-needed');
    return;
  }
  if (!/^[a-z][a-z0-9+.-]*:/i.test(fullUrl)) {
    run.report('bundle-full-url-absolute', { url: fullUrl.slice(0, 120) });
    return;
  }
  if (!isResource(resource)) return;
  const tail = /^https?:\/\/.*\/([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(fullUrl);
  if (tail === null || workshop.catalog.type(tail[1]!)?.kind !== 'resource') return;
  if (tail[1] !== resource.resourceType || tail[2] !== resource.id) {
    run.report('bundle-full-url-id', { url: fullUrl, resource: `${resource.resourceType}/${resource.id ?? ''}` });
  }
}

/** The types that a search was for, as its self link says; none when that cannot be told. */
function searchedTypes(bundle: Resource, workshop: Workshop): readonly string[] {
  const self = objectsIn(bundle.link).find((link) => link.relation === 'self')?.url;
  if (typeof self !== 'string') return [];
  const [path, query] = self.split('?', 2);
  const last = path!.slice(path!.lastIndexOf('/') + 1);
  if (workshop.catalog.type(last)?.kind === 'resource') return [last];
  const types = (query ?? '').split('&').filter((part) => part.startsWith('_type='));
  return types.flatMap((part) => part.slice('_type='.length).split(','));
}

function checkSearchEntry(run: Run, entry: Json, searched: readonly string[]): void {
  const mode = isObject(entry.search) && typeof entry.search.mode === 'string' ? entry.search.mode : undefined;
  const { resource } = entry;
  if (!isResource(resource)) run.report('bundle-search-entry', { mode: mode ?? '', why: 'has a resource' });
  else if (mode === 'outcome') {
    if (resource.resourceType !== 'OperationOutcome')
      run.report('bundle-search-entry', { mode, why: 'is an OperationOutcome' }, 'error', '.resource');
  } else if (mode !== undefined) {
    if (resource.id === undefined) run.report('bundle-search-entry', { mode, why: 'has an id' }, 'error', '.resource');
    if (mode === 'match' && searched.length > 0 && !searched.includes(resource.resourceType))
      run.report('bundle-search-entry', { mode, why: `is of the type searched for: ${searched.join(', ')}` }, 'error', '.resource');
  }
}

function checkFirst(run: Run, entries: readonly Json[], type: string, first: string): void {
  const resource = entries[0]?.resource;
  if (!isResource(resource) || resource.resourceType !== first) {
    run.report('bundle-no-first', { type, first }, 'error', entries.length === 0 ? '' : '.entry[0]');
    return;
  }
  run.enter('entry', 0);
  run.enter('resource', -1);
  run.resources.push(resource);
  if (type === 'message') checkMembers(run, resource, 'focus');
  else {
    for (const name of ['subject', 'author', 'encounter', 'custodian']) checkMembers(run, resource, name);
    checkInner(run, resource, 'attester', 'party');
    checkInner(run, resource, 'event', 'detail');
    checkSections(run, resource);
  }
  run.resources.pop();
  run.leave();
  run.leave();
}

/** Every entry of a document is linked to the first, by references in either direction. */
function checkLinked(run: Run, entries: readonly Json[]): void {
  const resources = entries.map((entry) => entry.resource).filter(isResource);
  if (resources.length > MAX_LINKED) return;
  const neighbours = new Map<Resource, Set<Resource>>(resources.map((resource) => [resource, new Set()]));
  for (const resource of resources) {
    run.resources.push(resource);
    for (const reference of addressesIn(resource, referencesIn(resource, []))) {
      const target = resolveIn(run, reference);
      if (target === undefined || !neighbours.has(target)) continue;
      neighbours.get(resource)!.add(target);
      neighbours.get(target)!.add(resource);
    }
    run.resources.pop();
  }
  const reached = new Set<Resource>();
  const open = resources.slice(0, 1);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...neighbours.get(next)!);
  }
  for (const [index, entry] of entries.entries()) {
    if (!isResource(entry.resource) || reached.has(entry.resource)) continue;
    run.report('bundle-unlinked', { url: textOf(entry.fullUrl ?? '').slice(0, 120) }, 'error', `.entry[${index}]`);
  }
}

function referencesIn(value: unknown, into: string[]): string[] {
  if (Array.isArray(value)) for (const item of value) referencesIn(item, into);
  else if (isObject(value)) {
    if (typeof value.reference === 'string' && !value.reference.startsWith('#')) into.push(value.reference);
    for (const key in value) referencesIn(value[key], into);
  }
  return into;
}

/** The texts of elements that hold an address: an attachment leads to the Binary it names. */
function addressesIn(value: unknown, into: string[]): string[] {
  if (Array.isArray(value)) for (const item of value) addressesIn(item, into);
  else if (isObject(value)) {
    for (const key in value) {
      const item = value[key];
      if (typeof item !== 'string') addressesIn(item, into);
      else if (/ur[il]$/i.test(key) && !item.startsWith('#')) into.push(item);
    }
  }
  return into;
}

function checkSections(run: Run, holder: Json): void {
  for (const [index, section] of objectsIn(holder.section).entries()) {
    run.enter('section', index);
    for (const name of ['author', 'focus', 'entry']) checkMembers(run, section, name);
    checkSections(run, section);
    run.leave();
  }
}

function checkInner(run: Run, holder: Json, parent: string, name: string): void {
  for (const [index, one] of objectsIn(holder[parent]).entries()) {
    run.enter(parent, index);
    checkMembers(run, one, name);
    run.leave();
  }
}

/** The references in a member of the first resource must be entries of the Bundle. */
function checkMembers(run: Run, holder: Json, name: string): void {
  const value = holder[name];
  for (const [index, one] of (Array.isArray(value) ? value : [value]).entries()) {
    if (!isObject(one) || typeof one.reference !== 'string' || one.reference.startsWith('#')) continue;
    if (resolveIn(run, one.reference) !== undefined) continue;
    const severity = mayBeInBundle(run, one.reference) ? 'warning' : 'error';
    run.enter(name, Array.isArray(value) ? index : -1);
    run.report('bundle-unresolved', { value: one.reference.slice(0, 120) }, severity);
    run.leave();
  }
}
