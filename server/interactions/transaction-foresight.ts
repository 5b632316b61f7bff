/**
 * What the entries of a transaction come to as far as that is known before the store is asked: where every entry says by
 * itself under which id it is kept, so do the links between them. What is foreseen is made by the same rules as what is
 * found out later, only once instead of inside the commit; where anything depends on the store, nothing is foreseen.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#trules
 */
import { type LinkMap, linkMap, type PlacedEntry } from '../bundle/full-url.ts';
import { markOf } from '../bundle/narrative-links.ts';
import { type Rewrite, rewriteLinks } from '../bundle/rewrite-references.ts';
import { FhirError } from '../fhir/errors.ts';
import type { Resource, ResourceKey } from '../fhir/resource.ts';
import type { FhirContext } from './context.ts';
import type { TransactionWrite } from './transaction-settle.ts';

/** The content of each write, its links rewritten, none for a deletion; undefined where any of it depends on the store. */
export type Foreseen = readonly (Resource | undefined)[] | undefined;

/** Never throws: what is wrong with a link is told when it is known that nothing else is. */
export function foresee(ctx: FhirContext, writes: readonly TransactionWrite[]): Foreseen {
  if (writes.some(({ planned }) => planned.condition !== undefined || planned.patch !== undefined)) return undefined;
  let asksForVersion = false;
  const versionId = (): number => {
    asksForVersion = true;
    return 1;
  };
  const links = linkMap(
    writes.flatMap(({ entry, planned: { kind, type, id, newId } }) =>
      kind === 'delete' ? [] : [placedEntry(entry, { type, id: kind === 'create' ? newId : (id ?? newId) }, versionId)],
    ),
  );
  try {
    const contents = writes.map(({ entry, planned: { resource } }) =>
      resource === undefined ? undefined : withLinks(ctx, resource, entry, links),
    );
    return asksForVersion ? undefined : contents;
  } catch (error) {
    if (error instanceof FhirError) return undefined;
    throw error;
  }
}

/** An entry as links lead to it, when its resource is kept under this key. */
export function placedEntry(
  { fullUrl, resource, place }: TransactionWrite['entry'],
  target: ResourceKey,
  versionId: () => number,
): PlacedEntry {
  const sentId = resource?.resourceType === target.type ? resource.id : undefined;
  return {
    target,
    versionId,
    mark: markOf(place),
    ...(fullUrl === undefined ? {} : { fullUrl }),
    ...(sentId === undefined ? {} : { sentId }),
    ...(typeof resource?.url === 'string' ? { canonical: resource.url } : {}),
  };
}

/** The content of an entry, its links to other entries rewritten, and others as `beyond` says. */
export function withLinks(
  { definitions }: Pick<FhirContext, 'definitions'>,
  content: Resource,
  { fullUrl }: TransactionWrite['entry'],
  links: LinkMap,
  beyond?: Rewrite,
): Resource {
  const rewrite = links.from(fullUrl);
  return rewriteLinks(content, definitions, beyond === undefined ? rewrite : (link) => rewrite(link) ?? beyond(link), links.canonicals);
}
