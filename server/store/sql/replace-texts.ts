/** Replacing the text of versions that are no longer current, in place. */
import type { StoredVersion } from '../resource-store.ts';
import { type Dialect, SqlWriter } from './dialect.ts';
import { resourceKeyOf } from './keys.ts';
import type { Steps } from './steps.ts';

/** Replaces the texts; a current version, and one that is not there, stays as it is. */
export function* replaceTextsSteps(dialect: Dialect, versions: readonly StoredVersion[]): Steps<void> {
  for (const { type, id, versionId, json } of versions) {
    const sql = new SqlWriter(dialect);
    const text = sql.bind(json);
    const resource = `SELECT r.rid FROM resource r WHERE r.key = ${sql.bind(resourceKeyOf(type, id))} AND r.version_id > ${sql.bind(versionId)}`;
    yield {
      sql: `UPDATE version SET json = ${text} WHERE version_id = ${sql.bind(versionId)} AND rid = (${resource})`,
      values: sql.values,
    };
  }
}
