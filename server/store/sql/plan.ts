/** What both databases do with a transaction plan around their own reading and writing. */
import type { Found, ResourceWrite, SearchPage, StoredVersion } from '../resource-store.ts';

/** What was found, in the form a plan's `build` takes it. */
export function foundOf(nowMs: number, versions: readonly StoredVersion[], searches: readonly SearchPage[]): Found {
  const byKey = new Map(versions.map((version) => [`${version.type}/${version.id}`, version]));
  const seen = [...versions, ...searches.flatMap((page) => page.matches)];
  const latestMs = seen.reduce((latest, version) => Math.max(latest, version.lastUpdatedMs), nowMs);
  return { nowMs: latestMs, version: (type, id) => byKey.get(`${type}/${id}`), searches };
}

/** @throws Error when a plan writes a resource twice or a version that cannot be. */
export function assertWritable(writes: readonly ResourceWrite[]): void {
  const seen = new Set<string>();
  for (const { type, id, versionId, json, method } of writes) {
    const name = `${type}/${id}`;
    if (seen.has(name)) throw new Error(`A plan writes ${name} twice.`);
    seen.add(name);
    if (!Number.isInteger(versionId) || versionId < 1) throw new Error(`A plan writes ${name} at version ${versionId}.`);
    if ((json === null) !== (method === 'DELETE'))
      throw new Error(`A plan writes ${name} by ${method} with${json === null ? 'out' : ''} content.`);
  }
}

/** The error for a write that does not follow the current version of its resource. */
export function outdatedWrite({ type, id, versionId }: Pick<ResourceWrite, 'type' | 'id' | 'versionId'>): Error {
  return new Error(`Version ${versionId} of ${type}/${id} does not follow its current version.`);
}
