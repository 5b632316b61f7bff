/**
 * Puts what the product says in FHIR (profiles, code lists, forms, pathways …) into the store, so that it is read and
 * searched at the FHIR base as everything else is: by id, by `url`, with versions, paging and `_include`. Done at each
 * start; what has not changed since the last one keeps its version.
 *
 * Spec: https://hl7.org/fhir/R4/conformance-module.html · https://hl7.org/fhir/R4/resource.html#canonical
 */
import { stringifyJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import type { FhirServices } from '../interactions/context.ts';
import { placed } from '../interactions/stored-form.ts';
import type { ResourceWrite } from '../store/resource-store.ts';
import { BUILT_IN_TYPES, isOwn } from '../validation/project-profiles.ts';
import { ownResources } from '../validation/structure-catalog.ts';

/** Examples lie beside what is published; their ids have no prefix. */
function isPublished({ id, url }: Resource): boolean {
  return isOwn(String(url)) && id?.startsWith('fp-') === true;
}

/** Writes what is new or has changed, all at once. @returns how many were written. */
export async function publishDefinitions({ store, index }: Pick<FhirServices, 'store' | 'index'>): Promise<number> {
  const resources = BUILT_IN_TYPES.flatMap((type) => ownResources(type) as Resource[]).filter(isPublished);
  const keyed = resources.map((resource) => ({ resource, type: resource.resourceType, id: resource.id ?? '' }));
  return store.transact({
    lookups: { versions: keyed.map(({ type, id }) => ({ type, id })) },
    build(found) {
      const writes = keyed.flatMap(({ resource, type, id }): ResourceWrite[] => {
        const current = found.version(type, id);
        if (current !== undefined && current.json === stringifyJson(placed(resource, id, current.versionId, current.lastUpdatedMs)))
          return [];
        const versionId = (current?.versionId ?? 0) + 1;
        const stored = placed(resource, id, versionId, found.nowMs);
        return [{ type, id, versionId, lastUpdatedMs: found.nowMs, method: 'PUT', json: stringifyJson(stored), index: index(stored) }];
      });
      return { writes, result: writes.length };
    },
  });
}
