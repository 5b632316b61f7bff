/**
 * Links of a transaction that lead nowhere: a `urn:uuid:` or `urn:oid:` names an entry of the same Bundle and nothing
 * else, so that one which no entry has as fullUrl is a mistake of whoever made the Bundle.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#references · https://hl7.org/fhir/R4/http.html#trules
 */
import type { Issue } from '../fhir/outcome.ts';
import { isObject } from '../fhir/resource.ts';
import type { BundleEntry } from './check.ts';

const NAMES_ENTRY = /^urn:(?:uuid|oid):/;

/** An issue for each reference by urn that is no entry's fullUrl. Bundles inside an entry have their own entries and are left out. */
export function lostLinks(entries: readonly BundleEntry[]): readonly Issue[] {
  const known = new Set(entries.flatMap(({ fullUrl }) => fullUrl ?? []));
  return entries.flatMap(({ place, resource }) => {
    const lost: Issue[] = [];
    follow(resource, `Bundle.entry[${place}].resource`, (link, at) => {
      if (!NAMES_ENTRY.test(link) || known.has(link.split('#', 1)[0] ?? '')) return;
      const diagnostics = `No entry of the Bundle has the fullUrl ${link.slice(0, 64)}`;
      lost.push({ severity: 'error', code: 'invalid', diagnostics, expression: [at] });
    });
    return lost;
  });
}

/** Meets every Reference.reference below a value, with its path. */
function follow(value: unknown, at: string, meet: (link: string, at: string) => void): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) follow(item, `${at}[${index}]`, meet);
    return;
  }
  if (!isObject(value) || value.resourceType === 'Bundle') return;
  for (const [name, child] of Object.entries(value)) {
    if (name === 'reference' && typeof child === 'string') meet(child, `${at}.reference`);
    else if (typeof child === 'object') follow(child, `${at}.${name}`, meet);
  }
}
