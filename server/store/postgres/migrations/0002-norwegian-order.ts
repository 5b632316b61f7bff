/** The same index as on SQLite, of texts that are not sorted by their normalised form (see sql/entry-rows.ts). */
import { APART } from '../../sql/entry-rows.ts';

export const sql = `
CREATE INDEX entry_order ON entry (param, label, rid) WHERE text >= '${APART}';
`;
