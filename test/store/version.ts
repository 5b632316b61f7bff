/** Versions to write in tests of the stores. */
import type { IndexEntry } from '../../server/search/index-entry.ts';
import type { ResourceWrite } from '../../server/store/resource-store.ts';

const T0 = Date.UTC(2026, 0, 1);

/** A version to write; its content says which version it is. */
export function version(type: string, id: string, versionId: number, index: readonly IndexEntry[] = [], lastUpdatedMs = T0): ResourceWrite {
  const json = `{"resourceType":"${type}","id":"${id}","n":${versionId}}`;
  return { type, id, versionId, lastUpdatedMs, method: versionId === 1 ? 'POST' : 'PUT', json, index };
}

export function deletion(type: string, id: string, versionId: number, lastUpdatedMs = T0): ResourceWrite {
  return { type, id, versionId, lastUpdatedMs, method: 'DELETE', json: null, index: [] };
}
