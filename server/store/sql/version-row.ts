/** Versions as rows of `version`: what is selected of each, and what is read from it. */
import type { SortKey } from '../../search/query.ts';
import type { SearchMatch, StoredVersion } from '../resource-store.ts';
import { numberIn, type Row, textOf } from './steps.ts';

/** What a stored version is read from; the table is aliased `v`. */
export const VERSION_COLUMNS =
  'v.type AS type, v.id AS id, v.version_id AS version_id, v.updated AS updated, v.method AS method, v.json AS json';

/** The version in a row that selected VERSION_COLUMNS. */
export function versionOf(row: Row): StoredVersion {
  return {
    type: textOf(row, 'type'),
    id: textOf(row, 'id'),
    versionId: numberIn(row, 'version_id'),
    lastUpdatedMs: numberIn(row, 'updated'),
    method: textOf(row, 'method') as StoredVersion['method'],
    json: row.json === null ? null : textOf(row, 'json'),
  };
}

/** The match in a row that selected VERSION_COLUMNS, and its sort values as `s0`, `s1` … */
export function matchOf(row: Row, sort: readonly SortKey[]): SearchMatch {
  const version = versionOf(row);
  const values = sort.map((_, place) => row[`s${place}`] ?? null);
  return { ...version, json: version.json ?? '', position: { values, type: version.type, id: version.id } };
}
