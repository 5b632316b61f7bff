/**
 * The least that a server can do which keeps plans in PostgreSQL as this one does: a bare Express server that sends what a
 * row holds or one index leads to, or answers when the rows are committed that the product writes. It asks by the
 * product's own pool, statements of one moment in one round trip and one commit, of tables that the product has made and
 * filled. There is no FHIR in it, no rights, no token; what the index rows of a plan are it finds beside it in the database.
 *
 * `GET /row/CarePlan/ID` · `GET /logged/CarePlan/ID`, where a line is committed as well before it answers ·
 * `GET /hit?value=VALUE` · `POST /CarePlan` · `PUT /CarePlan/ID`. Started as a process of its own:
 * `node bare-postgres.ts DATABASE_URL`; prints its port.
 */
import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { openPool } from '../../server/store/postgres/connection.ts';
import { readDatabaseUrl } from '../../server/store/postgres/database-url.ts';
import { Gathering } from '../../server/store/postgres/gathering.ts';
import { SharedCommits } from '../../server/store/postgres/shared-commits.ts';
import { SharedReads } from '../../server/store/postgres/shared-reads.ts';
import { paramKeyOf, resourceKeyOf, valueKeyOf } from '../../server/store/sql/keys.ts';
import type { Statement } from '../../server/store/sql/steps.ts';
import { JOURNAL, type PlanToStore, servePlans } from './bare-plans.ts';

/** Of the product. */
const CONNECTIONS = 16;
const CURRENT = 'v.rid = r.rid + 0 AND v.version_id = r.version_id';
const BY_KEY = `SELECT v.json FROM resource r CROSS JOIN version v WHERE ${CURRENT} AND r.key = $1`;
const BY_VALUE = `SELECT v.json FROM entry e, resource r, version v WHERE e.param = $1 AND e.hash = $2 AND r.rid = e.rid AND ${CURRENT}`;
const ADD_JOURNAL = "INSERT INTO state (kind, id, value) VALUES ('audit-journal', $1, $2)";
const INDEXED = 'param, n, part, hash, sys, target, low, high, text, value, label';
const CREATE = `WITH made AS (
    INSERT INTO resource (key, type, id, version_id, updated, deleted) VALUES ($1, 'CarePlan', $2, 1, $3, 0) RETURNING rid
  ), versions AS (
    INSERT INTO version (rid, version_id, type, id, updated, method, json) SELECT rid, 1, 'CarePlan', $2, $3, 'POST', $4 FROM made
  ), entries AS (
    INSERT INTO entry (rid, ${INDEXED})
      SELECT made.rid, ${INDEXED} FROM made, entry e WHERE e.rid = (SELECT r.rid FROM resource r WHERE r.key = $5)
  ) INSERT INTO state (kind, id, value) VALUES ('audit-journal', $6, $7)`;
const UPDATE = `WITH changed AS (
    UPDATE resource SET version_id = $2, updated = $3 WHERE key = $1 RETURNING rid, id
  ), versions AS (
    INSERT INTO version (rid, version_id, type, id, updated, method, json) SELECT rid, $2, 'CarePlan', id, $3, 'PUT', $4 FROM changed
  ) INSERT INTO state (kind, id, value) VALUES ('audit-journal', $5, $6)`;

const pool = openPool({ url: readDatabaseUrl(process.argv[2] ?? ''), connections: CONNECTIONS, searchTimeoutMs: 10_000 });
const reads = new SharedReads(pool);
const commits = new SharedCommits(pool);
const keyOf = (id: string): bigint => resourceKeyOf('CarePlan', id);

/** One line for all that came while the line before was committed, as the product's log does it. */
const lines = new Gathering<() => void>(1, CONNECTIONS, async (waiting) => {
  const text = JSON.stringify(waiting.map(() => JOURNAL));
  await commits.commit([{ sql: ADD_JOURNAL, values: [randomUUID(), text] }], false);
  for (const committed of waiting) committed();
});

/** Sends the text that is found, when what `noted` begins is done. */
async function send(statement: Statement, response: Response, noted?: () => Promise<void>): Promise<void> {
  const [row] = await reads.ask(statement);
  await noted?.();
  if (row === undefined) response.status(404).end();
  else response.type('application/fhir+json').send(row.json);
}

const noted = (): Promise<void> => new Promise((committed) => lines.add(committed));

function statementOf({ id, like, versionId, nowMs, json, journal }: PlanToStore): Statement {
  if (versionId > 1) return { sql: UPDATE, values: [keyOf(id), versionId, nowMs, json, randomUUID(), journal] };
  return { sql: CREATE, values: [keyOf(id), id, nowMs, json, keyOf(like), randomUUID(), journal] };
}

const app = servePlans(async (plan) => void (await commits.commit([statementOf(plan)], true)));
app.get('/row/CarePlan/:id', ({ params: { id } }, response, next) => {
  send({ sql: BY_KEY, values: [keyOf(id)] }, response).catch(next);
});
app.get('/logged/CarePlan/:id', ({ params: { id } }, response, next) => {
  send({ sql: BY_KEY, values: [keyOf(id)] }, response, noted).catch(next);
});
app.get('/hit', ({ query }, response, next) => {
  send({ sql: BY_VALUE, values: [paramKeyOf('Patient', 'identifier'), valueKeyOf(String(query.value))] }, response).catch(next);
});
