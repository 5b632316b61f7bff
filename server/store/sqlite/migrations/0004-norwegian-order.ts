/**
 * An index of texts that are not sorted by their normalised form, those with æ, ø, å or an accent among them: few, beside
 * all others in `entry_text`. It says which they are in the words of the search that goes along it, so that it is chosen.
 * What an earlier version has written is sorted as before until `reindex` has been through.
 */
import { APART } from '../../sql/entry-rows.ts';

export const sql = `
CREATE INDEX entry_order ON entry (param, label, rid) WHERE +text >= '${APART}';
`;
