/**
 * Finds what a reference points at inside the content that is being checked: contained resources and Bundle entries.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#references · https://hl7.org/fhir/R4/references.html#contained
 */
import { isObject, isResource, type Resource } from '../fhir/resource.ts';
import type { Run } from './run.ts';

/** The resource a reference text points at, as seen from the resource being checked; undefined when it is not inside the content. */
export function resolveIn(run: Run, reference: string): Resource | undefined {
  if (reference.startsWith('#')) return resolveContained(run, reference.slice(1));
  for (let level = run.resources.length - 1; level >= 0; level--) {
    const bundle = run.resources[level]!;
    if (bundle.resourceType !== 'Bundle' || !Array.isArray(bundle.entry)) continue;
    const found = resolveInBundle(indexOf(bundle), reference, run.resources[level + 1]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The type of the entry that a relative reference means by its id, where that is another than the type it names; undefined otherwise. */
export function otherTypeInBundle(run: Run, reference: string): string | undefined {
  const found = byUrn(run, reference);
  return found === undefined || reference.startsWith(`${found.resourceType}/`) ? undefined : found.resourceType;
}

/** True when an entry of a Bundle around has the type and id of a reference, whatever the fullUrls say. */
export function mayBeInBundle(run: Run, reference: string): boolean {
  const key = /([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/.+)?$/.exec(reference)?.[1];
  return key !== undefined && run.resources.some((bundle) => isBundle(bundle) && indexOf(bundle).byId.has(key));
}

const isBundle = (resource: Resource): boolean => resource.resourceType === 'Bundle' && Array.isArray(resource.entry);

/** A relative reference from an entry whose fullUrl is a URN means the entry whose URN ends with its id. */
function byUrn(run: Run, reference: string): Resource | undefined {
  if (run.resources.length < 2) return undefined;
  const id = /^[A-Z][A-Za-z]+\/([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1];
  if (id === undefined) return undefined;
  for (let level = run.resources.length - 2; level >= 0; level--) {
    const bundle = run.resources[level]!;
    if (!isBundle(bundle)) continue;
    const index = indexOf(bundle);
    const from = index.urlOf.get(run.resources[level + 1]!) ?? '';
    if (from.startsWith('urn:')) return index.byUrl.get(from.slice(0, from.lastIndexOf(':') + 1) + id);
  }
  return undefined;
}

/** `#id` in the resource or the one that contains it; `#` alone is the container. */
function resolveContained(run: Run, id: string): Resource | undefined {
  for (let level = run.resources.length - 1; level >= 0; level--) {
    const holder = run.resources[level]!;
    if (holder.resourceType === 'Bundle' || holder.resourceType === 'Parameters') break;
    if (id === '' && level < run.resources.length - 1) return holder;
    const found = Array.isArray(holder.contained) ? containedById(run, holder, holder.contained).get(id) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** By run, since a resource may be another by the next. */
const containedIndexes = new WeakMap<Run, WeakMap<Resource, ReadonlyMap<unknown, Resource>>>();

/** What a resource contains, by id, of several the first: each of thousands of references may ask for one. */
function containedById(run: Run, holder: Resource, contained: readonly unknown[]): ReadonlyMap<unknown, Resource> {
  const ofRun = containedIndexes.get(run) ?? new WeakMap<Resource, ReadonlyMap<unknown, Resource>>();
  containedIndexes.set(run, ofRun);
  const ready = ofRun.get(holder);
  if (ready !== undefined) return ready;
  const byId = new Map(
    contained
      .filter(isResource)
      .map((one): [unknown, Resource] => [one.id, one])
      .reverse(),
  );
  ofRun.set(holder, byId);
  return byId;
}

/** The entries of a Bundle by fullUrl and by type and id. */
interface BundleIndex {
  readonly byUrl: ReadonlyMap<string, Resource>;
  readonly byId: ReadonlyMap<string, { readonly resource: Resource; readonly hasUrl: boolean }>;
  readonly urlOf: ReadonlyMap<Resource, string>;
}

const indexes = new WeakMap<Resource, BundleIndex>();

function indexOf(bundle: Resource): BundleIndex {
  const ready = indexes.get(bundle);
  if (ready !== undefined) return ready;
  const byUrl = new Map<string, Resource>();
  const byId = new Map<string, { resource: Resource; hasUrl: boolean }>();
  const urlOf = new Map<Resource, string>();
  for (const entry of bundle.entry as readonly unknown[]) {
    if (!isObject(entry) || !isResource(entry.resource)) continue;
    const { fullUrl, resource } = entry;
    const key = `${resource.resourceType}/${resource.id}`;
    if (!byId.has(key)) byId.set(key, { resource, hasUrl: typeof fullUrl === 'string' });
    if (typeof fullUrl !== 'string') continue;
    if (!byUrl.has(fullUrl)) byUrl.set(fullUrl, resource);
    urlOf.set(resource, fullUrl);
  }
  const index = { byUrl, byId, urlOf };
  indexes.set(bundle, index);
  return index;
}

function resolveInBundle(index: BundleIndex, reference: string, from: Resource | undefined): Resource | undefined {
  const version = reference.indexOf('/_history/');
  const wanted = version < 0 ? reference : reference.slice(0, version);
  if (/^[a-z][a-z0-9+.-]*:/i.test(wanted)) return index.byUrl.get(wanted);
  const base = from === undefined ? undefined : SERVER_BASE.exec(index.urlOf.get(from) ?? '')?.[1];
  const absolute = base === undefined ? undefined : index.byUrl.get(base + wanted);
  if (absolute !== undefined) return absolute;
  const byId = index.byId.get(wanted);
  return byId !== undefined && (base === undefined || !byId.hasUrl) ? byId.resource : undefined;
}

/** The server base of a fullUrl, with a slash at the end: a relative reference counts from there. */
const SERVER_BASE = /^(https?:\/\/.*\/)[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;
