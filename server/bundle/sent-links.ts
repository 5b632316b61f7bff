/**
 * The references that an entry of a Bundle brings: those of its resource, or of the values in its patch.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#literal · https://hl7.org/fhir/R4/http.html#patch
 */
import { isObject } from '../fhir/resource.ts';
import type { BundleEntry } from './check.ts';
import { patchData } from './patch-data.ts';

interface SentLink {
  readonly link: string;
  /** Its place below the Bundle. */
  readonly at: string;
}

/** Every Reference.reference, with its place. Bundles inside an entry have entries of their own and are left out. */
export function sentLinks({ place, method, resource }: Pick<BundleEntry, 'place' | 'method' | 'resource'>): readonly SentLink[] {
  const found: SentLink[] = [];
  const at = `Bundle.entry[${place}].resource`;
  const isPatch = method === 'PATCH' && resource?.resourceType === 'Binary';
  if (isPatch) follow(patchData(resource.data), '', ({ link }) => found.push({ link, at: `${at}.data` }));
  else follow(resource, at, (each) => found.push(each));
  return found;
}

/** Meets every Reference.reference below a value. */
export function follow(value: unknown, at: string, meet: (found: SentLink) => void): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) follow(item, `${at}[${index}]`, meet);
    return;
  }
  if (!isObject(value) || value.resourceType === 'Bundle') return;
  for (const [name, child] of Object.entries(value)) {
    if (name === 'reference' && typeof child === 'string') meet({ link: child, at: `${at}.reference` });
    else if (typeof child === 'object') follow(child, `${at}.${name}`, meet);
  }
}
