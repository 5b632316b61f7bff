/**
 * Links by urn that lead nowhere, or where they may not: a `urn:uuid:` or `urn:oid:` names an entry of the same Bundle and
 * nothing else, so that in a transaction one which no entry has as fullUrl is a mistake of whoever made the Bundle. In a
 * batch entries stand for themselves, and none can be linked to.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html#references · https://hl7.org/fhir/R4/http.html#brules · #trules
 */
import type { Issue } from '../fhir/outcome.ts';
import type { BundleEntry } from './check.ts';
import { type SentLink, sentLinks } from './sent-links.ts';

const NAMES_ENTRY = /^urn:(?:uuid|oid):/;

/** An issue for each reference by urn that is no entry's fullUrl. */
export function lostLinks(entries: readonly BundleEntry[]): readonly Issue[] {
  const known = fullUrls(entries);
  const isLost = (link: string): boolean => NAMES_ENTRY.test(link) && !known.has(withoutFragment(link));
  return entries.flatMap((entry) =>
    placesOf(entry, isLost).map(({ link, at }) => invalid(`No entry of the Bundle has the fullUrl ${link.slice(0, 64)}`, at)),
  );
}

/** An issue for each reference of an entry to what another entry of the batch creates, by the place of the entry. */
export function linksBetween(entries: readonly BundleEntry[]): ReadonlyMap<number, readonly Issue[]> {
  const known = fullUrls(entries.filter(({ method }) => method === 'POST'));
  if (known.size === 0) return new Map();
  return new Map(
    entries.flatMap((entry) => {
      const found = placesOf(entry, (link) => known.has(withoutFragment(link)));
      const issues = found.map(({ at }) => invalid('An entry of a batch does not refer to another: that is for a transaction', at));
      return issues.length === 0 ? [] : [[entry.place, issues] as const];
    }),
  );
}

/** Where the links are of which something is so. */
function placesOf(entry: BundleEntry, isSo: (link: string) => boolean): readonly SentLink[] {
  return entry.links.some(isSo) ? sentLinks(entry).filter(({ link }) => isSo(link)) : [];
}

const withoutFragment = (link: string): string => link.split('#', 1)[0] ?? '';

function fullUrls(entries: readonly BundleEntry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ fullUrl }) => fullUrl ?? []));
}

function invalid(diagnostics: string, at: string): Issue {
  return { severity: 'error', code: 'invalid', diagnostics, expression: [at] };
}
