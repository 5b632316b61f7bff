/** The thread of bare-rows.ts: writes each group in one transaction, and says so when it is on disk. */
import { randomBytes } from 'node:crypto';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { LogMover, WriteAheadLog } from '../../server/store/sqlite/write-ahead-log.ts';
import type { PlanToStore } from './bare-plans.ts';

const GROUPS_BETWEEN_MOVES = 100;
const file = workerData as string;
const database = new DatabaseSync(file);
database.exec(
  'PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 67108864;',
);
const log = new WriteAheadLog(file);
const mover = new LogMover(file);
const addResource = database.prepare(
  "INSERT INTO resource (key, type, id, version_id, updated, deleted, seq) VALUES (?, 'CarePlan', ?, 1, ?, 0, ?)",
);
const changeResource = database.prepare('UPDATE resource SET version_id = ?, updated = ?, seq = ? WHERE rid = ?');
const addVersion = database.prepare(
  "INSERT INTO version (seq, rid, version_id, type, id, updated, method, json) VALUES (?, ?, ?, 'CarePlan', ?, ?, ?, ?)",
);
const COLUMNS = 'param, n, part, hash, sys, target, low, high, text, value, label';
const addEntry = database.prepare(`INSERT INTO entry (rid, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
const addJournal = database.prepare("INSERT INTO state (kind, id, value) VALUES ('audit-journal', ?, ?)");

/** The index rows of each plan that is there: those of a new one about the same person are the same. */
const plans = new Map<string, { readonly rid: bigint; readonly rows: readonly (readonly SQLInputValue[])[] }>();
const found = database.prepare(`SELECT id, r.rid, ${COLUMNS} FROM resource r JOIN entry e ON e.rid = r.rid WHERE type = 'CarePlan'`);
found.setReadBigInts(true);
found.setReturnArrays(true);
for (const [id, rid, ...row] of found.iterate() as unknown as Iterable<[string, bigint, ...SQLInputValue[]]>) {
  const known = plans.get(id);
  plans.set(id, { rid, rows: known === undefined ? [row] : [...known.rows, row] });
}
let seq = Number(database.prepare('SELECT max(seq) AS seq FROM version').get()?.seq);
let groups = 0;

function write({ id, like, versionId, nowMs, json, journal }: PlanToStore): void {
  const plan = plans.get(like);
  if (plan === undefined) throw new Error(`There is no plan ${like}`);
  seq += 1;
  if (versionId > 1) {
    changeResource.run(versionId, nowMs, seq, plan.rid);
    addVersion.run(seq, plan.rid, versionId, id, nowMs, 'PUT', json);
  } else {
    const { lastInsertRowid } = addResource.run(randomBytes(8).readBigInt64BE(), id, nowMs, seq);
    addVersion.run(seq, lastInsertRowid, versionId, id, nowMs, 'POST', json);
    for (const row of plan.rows) addEntry.run(lastInsertRowid, ...row);
  }
  addJournal.run(`bare/${seq}`, journal);
}

parentPort?.on('message', async (group: readonly PlanToStore[]) => {
  database.exec('BEGIN IMMEDIATE');
  for (const plan of group) write(plan);
  database.exec('COMMIT');
  groups += 1;
  if (groups % GROUPS_BETWEEN_MOVES === 0) mover.move();
  // The next group is written while this one is synced.
  await log.sync();
  parentPort?.postMessage('stored');
});
parentPort?.postMessage('ready');
