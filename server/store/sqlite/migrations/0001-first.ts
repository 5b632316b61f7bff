/**
 * The first layout. `resource` is small and says which version is current; `version` takes every version once, in the
 * order of writing, so that an update never moves JSON; `entry` lies together by resource, with partial indexes for
 * what a search starts from (see sql/entry-rows.ts). `rid` counts up, so that most of what is written lands at the end
 * of a table or of a value's part of an index, on pages that are at hand.
 */
export const sql = `
CREATE TABLE resource (
  rid INTEGER PRIMARY KEY, key INTEGER NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, version_id INTEGER NOT NULL,
  updated INTEGER NOT NULL, deleted INTEGER NOT NULL
);
CREATE UNIQUE INDEX resource_key ON resource (key);
CREATE INDEX resource_type ON resource (type, rid) WHERE deleted = 0;
CREATE INDEX resource_updated ON resource (type, updated, rid) WHERE deleted = 0;
CREATE TABLE version (
  seq INTEGER PRIMARY KEY, rid INTEGER NOT NULL, version_id INTEGER NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL,
  updated INTEGER NOT NULL, method TEXT NOT NULL, json TEXT
);
CREATE UNIQUE INDEX version_of ON version (rid, version_id);
CREATE INDEX version_type ON version (type, seq);
CREATE TABLE entry (
  rid INTEGER NOT NULL, param INTEGER NOT NULL, n INTEGER NOT NULL, part INTEGER, hash INTEGER, sys INTEGER, target INTEGER,
  low REAL, high REAL, text TEXT, value TEXT, label TEXT, PRIMARY KEY (rid, param, n)
) WITHOUT ROWID;
CREATE INDEX entry_hash ON entry (param, hash, rid, sys) WHERE hash IS NOT NULL;
CREATE INDEX entry_target ON entry (target, param, rid) WHERE target IS NOT NULL;
CREATE INDEX entry_low ON entry (param, low, rid, high) WHERE low IS NOT NULL;
CREATE INDEX entry_high ON entry (param, high, rid, low) WHERE high IS NOT NULL;
CREATE INDEX entry_text ON entry (param, text, rid) WHERE text IS NOT NULL;
CREATE TABLE state (
  kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, grp TEXT, expires INTEGER, consumed INTEGER, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE INDEX state_group ON state (grp) WHERE grp IS NOT NULL;
CREATE INDEX state_expires ON state (expires) WHERE expires IS NOT NULL;
CREATE TABLE state_alias (
  kind TEXT NOT NULL, alias TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, alias, value)
) WITHOUT ROWID;
CREATE INDEX state_alias_of ON state_alias (kind, id);
`;
