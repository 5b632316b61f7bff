/**
 * The first layout, the same tables as on SQLite. Text compares by code point (collation C), as there. `json` is not
 * compressed: reading it is on the path of every answer.
 */
export const sql = `
CREATE TABLE resource (
  rid bigserial PRIMARY KEY, key bigint NOT NULL, type text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, version_id integer NOT NULL,
  updated bigint NOT NULL, deleted smallint NOT NULL
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX resource_key ON resource (key);
CREATE INDEX resource_type ON resource (type, rid) WHERE deleted = 0;
CREATE INDEX resource_updated ON resource (type, updated, rid) WHERE deleted = 0;
CREATE TABLE version (
  rid bigint NOT NULL, version_id integer NOT NULL, seq bigserial NOT NULL, type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL, updated bigint NOT NULL, method text NOT NULL, json text STORAGE EXTERNAL,
  PRIMARY KEY (rid, version_id)
);
CREATE INDEX version_seq ON version (seq);
CREATE INDEX version_type ON version (type, seq);
CREATE TABLE entry (
  rid bigint NOT NULL, param bigint NOT NULL, n integer NOT NULL, part integer, hash bigint, sys bigint, target bigint,
  low double precision, high double precision, text text COLLATE "C", value text COLLATE "C", label text COLLATE "C"
);
CREATE INDEX entry_of ON entry (rid, param);
CREATE INDEX entry_hash ON entry (param, hash, rid) INCLUDE (sys) WHERE hash IS NOT NULL;
CREATE INDEX entry_target ON entry (target, param, rid) WHERE target IS NOT NULL;
CREATE INDEX entry_low ON entry (param, low, rid) INCLUDE (high) WHERE low IS NOT NULL;
CREATE INDEX entry_high ON entry (param, high, rid) INCLUDE (low) WHERE high IS NOT NULL;
CREATE INDEX entry_text ON entry (param, text, rid) WHERE text IS NOT NULL;
CREATE TABLE state (
  kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, value text NOT NULL, grp text COLLATE "C", expires bigint,
  consumed bigint, PRIMARY KEY (kind, id)
);
CREATE INDEX state_group ON state (grp) WHERE grp IS NOT NULL;
CREATE INDEX state_expires ON state (expires) WHERE expires IS NOT NULL;
CREATE TABLE state_alias (
  kind text COLLATE "C" NOT NULL, alias text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, alias, value)
);
CREATE INDEX state_alias_of ON state_alias (kind, id);
`;
