/**
 * `entry.target` holds the number of the resource that is pointed at, no longer its key. Keys are hashes, so what one plan
 * points at lay on as many pages as there are things in it; numbers are given in the order of writing, so that it lies
 * together: a plan of sixteen references is written on half as many pages, and a chain looks up one table less. What is
 * pointed at and not there has a number as well: a row of version 0 (see numbers.ts).
 */
export const sql = `
INSERT INTO resource (key, type, id, version_id, updated, deleted, seq)
  SELECT DISTINCT e.target, e.label, e.value, 0, 0, 1, 0 FROM entry e
  WHERE e.target IS NOT NULL AND NOT EXISTS (SELECT 1 FROM resource r WHERE r.key = e.target);
DROP INDEX entry_target;
UPDATE entry SET target = (SELECT r.rid FROM resource r WHERE r.key = entry.target) WHERE target IS NOT NULL;
CREATE INDEX entry_target ON entry (target, param, rid) WHERE target IS NOT NULL;
`;
