/**
 * The versions that references name: what is included by such a reference is that version, not the current one.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#versions
 */

/** How a resource is referred to: by versions, and perhaps without one as well. */
export interface NamedVersions {
  readonly versions: ReadonlySet<number>;
  readonly current: boolean;
}

/** By `Type/id`, the versions of resources on this server that the JSON texts refer to; only of those named by a version. */
export function namedVersions(jsons: readonly string[], baseUrl: string): ReadonlyMap<string, NamedVersions> {
  const found = new Map<string, { versions: Set<number>; current: boolean }>();
  const versioned = jsons.filter((json) => json.includes('/_history/'));
  if (versioned.length === 0) return found;
  for (const json of versioned) {
    for (const [, text = '', version = ''] of json.matchAll(/"reference":"([^"\\]+)\/_history\/([1-9]\d{0,8})"/g)) {
      const place = withoutBase(text, baseUrl);
      const named = found.get(place) ?? { versions: new Set<number>(), current: false };
      found.set(place, { ...named, versions: named.versions.add(Number(version)) });
    }
  }
  for (const json of jsons) {
    for (const [, text = ''] of json.matchAll(/"reference":"([^"\\]+)"/g)) {
      const named = found.get(withoutBase(text, baseUrl));
      if (named !== undefined) named.current = true;
    }
  }
  return found;
}

function withoutBase(text: string, baseUrl: string): string {
  return text.startsWith(`${baseUrl}/`) ? text.slice(baseUrl.length + 1) : text;
}
