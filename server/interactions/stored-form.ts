/**
 * The form in which a resource is stored and answered: with its id and the server's part of meta in place, in the
 * customary order.
 *
 * Spec: https://hl7.org/fhir/R4/resource.html#Meta
 */
import { stringifyJson } from '../fhir/json.ts';
import { isObject, type Resource } from '../fhir/resource.ts';

/** The resource with its id and the server's part of meta in place. */
export function placed(resource: Resource, id: string, versionId: number, lastUpdatedMs: number): Resource {
  const meta = placedMeta(resource, versionId, lastUpdatedMs);
  // All members copied as they stand, which the engine does far faster than all but some.
  if (isInOrder(resource)) return { ...resource, id, meta };
  const { resourceType, id: _sentId, meta: _sentMeta, ...rest } = resource;
  return { resourceType, id, meta, ...rest };
}

/**
 * The JSON text of the resource as it is stored. Where `compact`, the compact text that it was read from, is at hand and in
 * the customary order, all behind meta is taken from there.
 */
export function storedText(resource: Resource, id: string, versionId: number, lastUpdatedMs: number, compact?: string): string {
  const rest = compact === undefined ? undefined : behindMeta(resource, compact);
  if (rest === undefined) return stringifyJson(placed(resource, id, versionId, lastUpdatedMs));
  const meta = placedMeta(resource, versionId, lastUpdatedMs);
  return `{"resourceType":"${resource.resourceType}","id":"${id}","meta":${stringifyJson(meta)}${rest}`;
}

/** What stands in the text behind resourceType, id and meta; undefined where it does not begin with these. */
function behindMeta({ resourceType, id, meta }: Resource, compact: string): string | undefined {
  const ofId = id === undefined ? '' : `,"id":"${id}"`;
  const ofMeta = meta === undefined ? '' : `,"meta":${stringifyJson(meta)}`;
  const begin = `{"resourceType":"${resourceType}"${ofId}${ofMeta}`;
  return compact.startsWith(begin) ? compact.slice(begin.length) : undefined;
}

function placedMeta({ meta }: Resource, versionId: number, lastUpdatedMs: number): NonNullable<Resource['meta']> {
  const lastUpdated = new Date(lastUpdatedMs).toISOString();
  if (!isObject(meta)) return { versionId: String(versionId), lastUpdated };
  const { versionId: _version, lastUpdated: _changed, ...kept } = meta;
  return { versionId: String(versionId), lastUpdated, ...kept };
}

const FIRST = ['resourceType', 'id', 'meta'];

/** True when the resource has the customary order already, as what other servers gave has. */
function isInOrder(resource: Resource): boolean {
  let place = 0;
  for (const name in resource) {
    if (name !== FIRST[place]) return false;
    place += 1;
    if (place === FIRST.length) return true;
  }
  return false;
}
