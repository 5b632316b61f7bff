/**
 * Resources as they were at the time of an export: what changes while it runs is left to the next one.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html#response---complete-status (transactionTime)
 */
import type { ResourceStore, StoredVersion } from '../../store/resource-store.ts';

/** The JSON text of the version that was current at `atMs`; undefined when there was none, or it had not changed after `sinceMs`. */
export async function jsonAsOf(
  store: ResourceStore,
  current: StoredVersion,
  atMs: number,
  sinceMs: number | undefined,
): Promise<string | undefined> {
  let version: StoredVersion | undefined = current;
  while (version !== undefined && version.lastUpdatedMs > atMs) {
    version = version.versionId === 1 ? undefined : await store.readVersion(version.type, version.id, version.versionId - 1);
  }
  if (version?.json == null || (sinceMs !== undefined && version.lastUpdatedMs <= sinceMs)) return undefined;
  return version.json;
}
