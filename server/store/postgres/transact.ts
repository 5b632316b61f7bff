/**
 * Running a transaction plan. One that needs no searches is written at once if nobody is in the way. Else: take the locks,
 * look up, decide, take the locks that writing needs, write, commit. A lock that is not free after the lookups starts
 * everything over, with that lock among those taken first: locks are always waited for in ascending order, so plans cannot
 * wait for each other.
 */
import type pg from 'pg';
import type { Lookups, ResourceWrite, SearchPage, StoredVersion, TransactionPlan } from '../resource-store.ts';
import { assertWritable, foundOf, outdatedWrite } from '../sql/plan.ts';
import { readManySteps } from '../sql/read.ts';
import { searchSteps } from '../sql/search.ts';
import type { WriteTimes } from '../sql/settled.ts';
import { addCommand, stateSteps } from '../sql/state-methods.ts';
import { isStopped, run } from './connection.ts';
import { postgresDialect as dialect } from './dialect.ts';
import { addAll, holdsWholeTypes, type Locks, lookupLocks, matchLocks, writeLocks } from './locks.ts';
import { ASK_SETTLED, settledIn, TELL_OF_WRITING } from './settled.ts';
import type { SharedCommits } from './shared-commits.ts';
import type { SharedReads } from './shared-reads.ts';
import { inTransaction, type Session, StartOver } from './transaction.ts';
import { writeVersions } from './write.ts';
import { canBeAtOnce, commitAtOnce, fitsAtOnce, mayShare, writeAtOnce } from './write-at-once.ts';

export interface TransactOptions {
  readonly times: WriteTimes;
  readonly reads: SharedReads;
  readonly commits: SharedCommits;
  /** False where a statement that writes is carried out elsewhere: the locks that it takes would be none. */
  readonly mayWriteAtOnce: boolean;
  /** What is thrown when a search of a plan takes longer than it may. */
  readonly tooCostly: () => Error;
  /** Told how many resources a plan wrote, when it is committed. */
  readonly wrote: (resources: number) => void;
}

/**
 * Runs the plan on a connection of its own.
 * @throws FhirError 409 `conflict` when others kept changing what it needs; whatever `build` throws.
 */
export async function transact<Result>(pool: pg.Pool, plan: TransactionPlan<Result>, options: TransactOptions): Promise<Result> {
  const { times, mayWriteAtOnce, tooCostly, wrote } = options;
  const attempt = async (): Promise<Done<Result>> => {
    const course = { locks: lookupLocks(plan.lookups), mayWriteAtOnce };
    return inTransaction(pool, (session) => attemptPlan(session, plan, course, { times, tooCostly }));
  };
  const done = await alone(
    pool,
    plan.lookups,
    async (isAlone) => (isAlone && mayWriteAtOnce ? await attemptAtOnce(plan, options) : undefined) ?? attempt(),
  );
  wrote(done.written);
  return done.result;
}

/** The resources that plans of this process have to do with just now. */
const underWay = new WeakMap<pg.Pool, Set<string>>();

/**
 * Runs `work`; it is told whether no other plan of this process has to do with the same resources. Those that have would
 * find the locks taken, and only then begin to wait.
 */
async function alone<Result>(pool: pg.Pool, { versions = [] }: Lookups, work: (isAlone: boolean) => Promise<Result>): Promise<Result> {
  const busy = underWay.get(pool) ?? new Set<string>();
  underWay.set(pool, busy);
  const keys = versions.map(({ type, id }) => `${type}/${id}`);
  if (keys.some((key) => busy.has(key))) return work(false);
  for (const key of keys) busy.add(key);
  try {
    return await work(true);
  } finally {
    for (const key of keys) busy.delete(key);
  }
}

interface Done<Result> {
  readonly result: Result;
  readonly written: number;
}

/** Without waiting for anything. @returns undefined when nothing was written and the plan must be run with locks. */
async function attemptAtOnce<Result>(
  plan: TransactionPlan<Result>,
  { times, reads, commits }: TransactOptions,
): Promise<Done<Result> | undefined> {
  const { versions = [], searches = [] } = plan.lookups;
  if (searches.length > 0) return undefined;
  const current = await run(reads, readManySteps(dialect, versions));
  const found = foundOf(times.next(), current, []);
  const { writes, state = [], result } = plan.build(found);
  assertWritable(writes);
  if (writes.length + state.length === 0) return { result, written: 0 };
  if (!canBeAtOnce(plan.lookups, writes)) return undefined;
  const locks = lookupLocks(plan.lookups);
  addAll(locks, writeLocks(writes));
  return (await writeAtOnce(commits, writes, state, locks, mayShare(plan.lookups, writes)))
    ? { result, written: writes.length }
    : undefined;
}

/** What an attempt leaves to the next one. */
interface Course {
  /** Those to take first; what turns out to be needed besides is added. */
  readonly locks: Locks;
  /** In one statement with the locks that only writing needs; if that has not written, the next attempt finds out why. */
  mayWriteAtOnce: boolean;
}

async function attemptPlan<Result>(
  session: Session,
  plan: TransactionPlan<Result>,
  course: Course,
  { times, tooCostly }: Pick<TransactOptions, 'times' | 'tooCostly'>,
): Promise<Done<Result>> {
  const { locks } = course;
  if (locks.size > 0) session.askAhead(lockStatement(locks, 'pg_advisory_xact_lock'));
  session.askAhead(TELL_OF_WRITING);
  session.askAhead(ASK_SETTLED, (rows) => times.learn(settledIn(rows)));
  const held: Locks = new Map(locks);
  const hold = async (more: Locks): Promise<boolean> => {
    const missing = addAll(held, more);
    if (missing.size === 0) return false;
    addAll(locks, more);
    if (!(await tryAll(session, missing))) throw new StartOver();
    return true;
  };
  const versions = await run(session, readManySteps(dialect, plan.lookups.versions ?? []));
  const searches = await runSearches(session, plan, hold).catch((error: unknown) => {
    throw isStopped(error) ? tooCostly() : error;
  });
  await session.askWhatIsAhead();
  const now = times.next();
  const { writes, state = [], result } = plan.build(foundOf(now, versions, searches));
  assertWritable(writes);
  if (course.mayWriteAtOnce && fitsAtOnce(writes)) {
    const missing = addAll(held, writeLocks(writes));
    addAll(locks, missing);
    course.mayWriteAtOnce = await commitAtOnce(session, writes, state, missing);
    if (!course.mayWriteAtOnce) throw new StartOver();
    return { result, written: writes.length };
  }
  await hold(writeLocks(writes));
  const unfit = await writeVersions(session, writes);
  if (unfit !== undefined) throw refused(plan, unfit, versions);
  for (const addition of state) await run(session, stateSteps(dialect, addCommand(addition, now)));
  return { result, written: writes.length };
}

/** The answers to the searches; what they found is held, and asked for again when it was not held before. */
async function runSearches(
  session: Session,
  { lookups }: TransactionPlan<unknown>,
  hold: (more: Locks) => Promise<boolean>,
): Promise<SearchPage[]> {
  const pages: SearchPage[] = [];
  for (const search of lookups.searches ?? []) {
    let page = await run(session, searchSteps(dialect, search));
    if (!holdsWholeTypes(search)) {
      while (await hold(matchLocks(page.matches))) page = await run(session, searchSteps(dialect, search));
    }
    pages.push(page);
  }
  return pages;
}

/** A write that did not follow the current version: someone else's doing when the plan could not know, its own fault otherwise. */
function refused(plan: TransactionPlan<unknown>, write: ResourceWrite, found: readonly StoredVersion[]): Error {
  const isSame = ({ type, id }: { readonly type: string; readonly id: string }): boolean => type === write.type && id === write.id;
  const current = found.find(isSame)?.versionId ?? 0;
  const ownFault = plan.lookups.versions?.some(isSame) !== true || write.versionId !== current + 1;
  return ownFault ? outdatedWrite(write) : new StartOver();
}

async function tryAll(session: Session, locks: Locks): Promise<boolean> {
  const [row] = await session.ask(lockStatement(locks, 'pg_try_advisory_xact_lock'));
  return row?.free === 1;
}

/** Takes the locks in ascending order; its one row says whether all were free (`free` = 1). */
function lockStatement(locks: Locks, take: string): { sql: string; values: readonly bigint[][] } {
  const keys = [...locks].sort(([a], [b]) => (a < b ? -1 : 1));
  const shared = keys.map(([, mode]) => (mode === 'shared' ? 1n : 0n));
  const call = `CASE WHEN k.shared = 1 THEN ${take}_shared(k.key) ELSE ${take}(k.key) END`;
  const taken = take.includes('try') ? `(${call})` : `(${call}) IS NOT NULL`;
  const from = 'unnest($1::bigint[], $2::bigint[]) AS k (key, shared)';
  return { sql: `SELECT min(CASE WHEN ${taken} THEN 1 ELSE 0 END)::int AS free FROM ${from}`, values: [keys.map(([key]) => key), shared] };
}
