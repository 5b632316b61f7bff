/**
 * The references that an entry of a Bundle brings: those of its resource, or of the values in its patch.
 *
 * Spec: https://hl7.org/fhir/R4/references.html#literal · https://hl7.org/fhir/R4/http.html#patch
 */
import { isObject, type Resource } from '../fhir/resource.ts';
import type { BundleEntry } from './check.ts';
import { patchData } from './patch-data.ts';

export interface SentLink {
  readonly link: string;
  /** Its place below the Bundle. */
  readonly at: string;
}

/** The text of every Reference.reference, as often as it stands there: mostly nobody asks for the places. */
export function linksIn(method: string, resource: Resource | undefined): readonly string[] {
  const found: string[] = [];
  const value = isPatch(method, resource) ? patchData(resource.data) : resource;
  if (typeof value === 'object' && value !== null) collect(value as Values, found);
  return found;
}

type Values = Readonly<Record<string, unknown>>;

/** Every value of a Bundle comes by here, so that no list of names is made of any. */
function collect(value: Values | readonly unknown[], found: string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && item !== null) collect(item, found);
    return;
  }
  const before = found.length;
  for (const name in value) {
    const child = (value as Values)[name];
    if (typeof child === 'object') {
      if (child !== null) collect(child as Values, found);
    } else if (name === 'reference' && typeof child === 'string') found.push(child);
    else if (name === 'resourceType' && child === 'Bundle') {
      found.length = before;
      return;
    }
  }
}

function isPatch(method: string, resource: Resource | undefined): resource is Resource {
  return method === 'PATCH' && resource?.resourceType === 'Binary';
}

/** The same with its place. Bundles inside an entry have entries of their own and are left out. */
export function sentLinks({ place, method, resource }: Pick<BundleEntry, 'place' | 'method' | 'resource'>): readonly SentLink[] {
  const found: SentLink[] = [];
  const at = `Bundle.entry[${place}].resource`;
  if (isPatch(method, resource)) follow(patchData(resource.data), '', ({ link }) => found.push({ link, at: `${at}.data` }));
  else follow(resource, at, (each) => found.push(each));
  return found;
}

/** Meets every Reference.reference below a value. */
export function follow(value: unknown, at: string, meet: (found: SentLink) => void): void {
  followBelow(value, [at], meet);
}

/** `path` is put together only where a reference is met: most of what is passed by holds none. */
function followBelow(value: unknown, path: string[], meet: (found: SentLink) => void): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item === 'object') followChild(item, `[${index}]`, path, meet);
    }
    return;
  }
  if (!isObject(value) || value.resourceType === 'Bundle') return;
  for (const name of Object.keys(value)) {
    const child = value[name];
    if (typeof child === 'object') followChild(child, `.${name}`, path, meet);
    else if (name === 'reference' && typeof child === 'string') meet({ link: child, at: `${path.join('')}.reference` });
  }
}

function followChild(child: unknown, step: string, path: string[], meet: (found: SentLink) => void): void {
  path.push(step);
  followBelow(child, path, meet);
  path.pop();
}
