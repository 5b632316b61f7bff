/**
 * An index of texts that are not sorted by their normalised form, those with æ, ø, å or an accent among them: few, beside
 * all others in `entry_text`. What an earlier version has written is sorted as before until `reindex` has been through.
 */
export const sql = `
CREATE INDEX entry_order ON entry (param, label, rid) WHERE text IS NOT NULL AND label IS NOT NULL;
`;
