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
    const found = resolveInBundle(bundle.entry, reference, run.resources[level + 1]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `#id` in the resource or the one that contains it; `#` alone is the container. */
function resolveContained(run: Run, id: string): Resource | undefined {
  for (let level = run.resources.length - 1; level >= 0; level--) {
    const holder = run.resources[level]!;
    if (holder.resourceType === 'Bundle' || holder.resourceType === 'Parameters') break;
    if (id === '' && level < run.resources.length - 1) return holder;
    const found = Array.isArray(holder.contained) ? holder.contained.find((one) => isResource(one) && one.id === id) : undefined;
    if (isResource(found)) return found;
  }
  return undefined;
}

function resolveInBundle(entries: readonly unknown[], reference: string, from: Resource | undefined): Resource | undefined {
  const version = reference.indexOf('/_history/');
  const wanted = version < 0 ? reference : reference.slice(0, version);
  const absolute = /^(?:https?|urn):/.test(wanted);
  const base = absolute ? undefined : baseOf(entries, from);
  for (const entry of entries) {
    if (!isObject(entry) || !isResource(entry.resource)) continue;
    const { fullUrl, resource } = entry;
    if (typeof fullUrl === 'string' && fullUrl === (absolute || base === undefined ? wanted : base + wanted)) return resource;
    if (!absolute && `${resource.resourceType}/${resource.id}` === wanted && (base === undefined || typeof fullUrl !== 'string'))
      return resource;
  }
  return undefined;
}

/** The server base of the entry that holds `from`, with a slash at the end: a relative reference counts from there. */
function baseOf(entries: readonly unknown[], from: Resource | undefined): string | undefined {
  const entry = entries.find((one) => isObject(one) && one.resource === from);
  const url = isObject(entry) && typeof entry.fullUrl === 'string' ? entry.fullUrl : '';
  return /^(https?:\/\/.*\/)[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.exec(url)?.[1];
}
