/**
 * `resource` says where its current version stands in `version`, so that reading one does not look it up in an index of
 * all versions first: one page less for each resource that is read.
 */
export const sql = `
ALTER TABLE resource ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
UPDATE resource SET seq = (SELECT v.seq FROM version v WHERE v.rid = resource.rid AND v.version_id = resource.version_id);
`;
