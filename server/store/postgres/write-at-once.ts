/**
 * A plan that searches for nothing, written by one statement: locks, versions, index rows and state in one round trip and
 * one commit; where resources are updated, by one more for their index rows. It takes its locks only if they are free, and writes only what follows the current versions; otherwise it
 * writes nothing, and the plan is run with locks that are waited for (see transact.ts). The same where its time has been settled
 * since it was given (see settled.ts).
 *
 * What was read beforehand was read without locks. That is enough, because the plan writes all of it: the database holds
 * each version against the newest one when it changes the row, whatever the statement's snapshot shows.
 *
 * Spec: https://www.postgresql.org/docs/18/queries-with.html#QUERIES-WITH-MODIFYING · https://www.postgresql.org/docs/18/transaction-iso.html#XACT-READ-COMMITTED
 */
import type { ResourceKey } from '../../fhir/resource.ts';
import type { Lookups, ResourceWrite, StateAddition } from '../resource-store.ts';
import type { SqlValue } from '../sql/dialect.ts';
import { clean, type EntryRow, entryRows } from '../sql/entry-rows.ts';
import { resourceKeyOf } from '../sql/keys.ts';
import type { Row, Statement } from '../sql/steps.ts';
import { codeOf, isRetryable, isStopped } from './connection.ts';
import type { Locks } from './locks.ts';
import type { SharedCommits } from './shared-commits.ts';
import type { Session } from './transaction.ts';
import { arrayText, ENTRY_COLUMNS } from './write.ts';
import { replaceSql, writeSql } from './write-at-once-sql.ts';

/** More than this are rare, and each number of them is a statement of its own. */
const WRITES_AT_MOST = 50;
/** A change and its Provenance: more would keep the others waiting. */
const SHARED_AT_MOST = 2;
const DIVISION_BY_ZERO = '22012';

/** True when a plan that looks this up and writes that can be written so. */
export function canBeAtOnce({ versions = [], searches = [] }: Lookups, writes: readonly ResourceWrite[]): boolean {
  const isWritten = ({ type, id }: ResourceKey): boolean => writes.some((write) => write.type === type && write.id === id);
  return searches.length === 0 && fitsAtOnce(writes) && versions.every(isWritten);
}

/**
 * True when what is written may share a transaction with what other plans write: by the transaction that wrote a row each
 * tells its own update from another's (see replaceStatement), so no two of them may update the same. Those that have
 * looked it up do not come at the same time (see transact.ts).
 */
export function mayShare({ versions = [] }: Lookups, writes: readonly ResourceWrite[]): boolean {
  const isLookedUp = ({ type, id }: ResourceKey): boolean => versions.some((key) => type === key.type && id === key.id);
  return writes.length <= SHARED_AT_MOST && writes.every((write) => write.versionId === 1 || isLookedUp(write));
}

/** True when so many can be written by one statement. */
export function fitsAtOnce(writes: readonly ResourceWrite[]): boolean {
  return writes.length > 0 && writes.length <= WRITES_AT_MOST;
}

/** Writes all, or nothing. @param isShared in a transaction with others (see mayShare). @returns false when nothing was written, because a lock was not free, a version did not follow or it took as long as no search may. */
export async function writeAtOnce(
  commits: SharedCommits,
  writes: readonly ResourceWrite[],
  state: readonly StateAddition[],
  locks: Locks,
  isShared: boolean,
): Promise<boolean> {
  try {
    const [rows] = await commits.commit(statementsOf(writes, state, locks, earliestOf(writes)), isShared);
    return isComplete(rows);
  } catch (error) {
    if (hasWrittenNothing(error)) return false;
    throw error;
  }
}

/** The same in a transaction that has found what the writes were decided by, at its end. */
export async function commitAtOnce(
  session: Session,
  writes: readonly ResourceWrite[],
  state: readonly StateAddition[],
  locks: Locks,
): Promise<boolean> {
  try {
    const [rows] = await session.commit(statementsOf(writes, state, locks, NOT_ASKED));
    return isComplete(rows);
  } catch (error) {
    if (hasWrittenNothing(error)) return false;
    throw error;
  }
}

const isComplete = (rows: readonly Row[] | undefined): boolean => rows?.[0]?.complete === 1;

function hasWrittenNothing(error: unknown): boolean {
  return codeOf(error) === DIVISION_BY_ZERO || isRetryable(error) || isStopped(error);
}

const earliestOf = (writes: readonly ResourceWrite[]): number => Math.min(...writes.map(({ lastUpdatedMs }) => lastUpdatedMs));
/** Where what is settled was asked before the times were given. */
const NOT_ASKED = Number.MAX_SAFE_INTEGER;

function statementsOf(
  writes: readonly ResourceWrite[],
  state: readonly StateAddition[],
  locks: Locks,
  earliestMs: number,
): readonly Statement[] {
  const created = writes.filter((write) => write.versionId === 1);
  const updated = writes.filter((write) => write.versionId > 1);
  const rows = rowsOf(writes, (write) => write.versionId === 1);
  const shape = {
    writes: writes.length,
    creates: created.length > 0,
    updates: updated.length > 0,
    indexes: rows.length > 0,
    adds: state.length > 0,
  };
  const values = [...lockValues(locks), earliestMs, ...writes.flatMap(writtenValues), ...entryValues(rows), ...stateValues(state)];
  const write = { sql: writeSql(shape), values };
  return updated.length === 0 ? [write] : [write, replaceStatement(updated)];
}

function replaceStatement(updated: readonly ResourceWrite[]): Statement {
  const rows = rowsOf(updated, () => true);
  const keys = updated.map((write) => resourceKeyOf(write.type, write.id));
  return { sql: replaceSql(rows.length > 0), values: [keys, ...entryValues(rows)] };
}

function lockValues(locks: Locks): readonly SqlValue[] {
  return [[...locks.keys()], Array.from(locks.values(), (mode) => (mode === 'shared' ? 1n : 0n))];
}

function writtenValues({ type, id, versionId, lastUpdatedMs, method, json }: ResourceWrite, place: number): readonly SqlValue[] {
  return [place, resourceKeyOf(type, id), type, id, versionId, lastUpdatedMs, json === null ? 1 : 0, method, json];
}

/** An index row of the write at this place. */
interface PlacedRow {
  readonly place: number;
  readonly row: EntryRow;
}

function rowsOf(writes: readonly ResourceWrite[], isMeant: (write: ResourceWrite) => boolean): readonly PlacedRow[] {
  const rows: PlacedRow[] = [];
  for (const [place, write] of writes.entries()) {
    if (!isMeant(write)) continue;
    for (const row of entryRows(write.type, write.index, resourceKeyOf)) rows.push({ place, row });
  }
  return rows;
}

/** The columns of index rows; none when there are no rows. */
function entryValues(rows: readonly PlacedRow[]): readonly SqlValue[] {
  if (rows.length === 0) return [];
  return [arrayText(rows, ({ place }) => place), ...ENTRY_COLUMNS.map(([name]) => arrayText(rows, ({ row }) => row[name]))];
}

/** The columns of what is added; none when nothing is. */
function stateValues(state: readonly StateAddition[]): readonly SqlValue[] {
  if (state.length === 0) return [];
  return [
    arrayText(state, ({ kind }) => clean(kind)),
    arrayText(state, ({ id }) => clean(id)),
    arrayText(state, ({ value }) => JSON.stringify(value)),
    arrayText(state, ({ group }) => clean(group ?? null)),
  ];
}
