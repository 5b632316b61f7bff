/**
 * Bulk jobs as they are kept: in the state store, which all server processes share, so that any of them can tell how
 * far a job is, hand out its files, or take it over from one that died. Everything of a job goes when it expires.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html#response---complete-status
 */
import { setTimeout } from 'node:timers/promises';
import type { Principal } from '../../auth/principal.ts';
import { notFound, throttled, unsupportedParameter } from '../../fhir/errors.ts';
import type { FhirContext } from '../../interactions/context.ts';
import type { StateStore } from '../../store/state-store.ts';

export interface BulkOutput {
  readonly type: string;
  /** The name of the file within its job. */
  readonly file: string;
  readonly count: number;
}

export interface BulkJob {
  readonly id: string;
  readonly kind: 'export' | 'import';
  readonly status: 'running' | 'done' | 'failed';
  /** The URL that was asked for. */
  readonly request: string;
  /** What the job works on is as it stood at this time. */
  readonly transactionTimeMs: number;
  /** Who asked, and may ask again. */
  readonly principal: Principal;
  /** Raised by each process that takes the job over. */
  readonly attempt: number;
  /** When the process that runs it last told that it lives. */
  readonly aliveMs: number;
  /** For people: how much is done. */
  readonly progress: string;
  readonly output: readonly BulkOutput[];
  readonly errors: readonly BulkOutput[];
  /** Of an export since an earlier one: what has been deleted. */
  readonly deleted?: readonly BulkOutput[];
  /** Why it failed. */
  readonly failure?: string;
  /** What is needed to run it again. */
  readonly plan: Readonly<Record<string, unknown>>;
}

const JOB = 'bulk-job';
/** A mark for each job that runs: there for as long as its process is not silent, and small, however much a job asks for. */
const RUNNING = 'bulk-running';
const FILE = 'bulk-file';
const CLAIM = 'bulk-claim';
const CANCELLED = 'bulk-cancelled';
const KEPT_MS = 24 * 3_600_000;
/** A job whose process has said nothing for this long is taken over. */
const SILENT_MS = 60_000;
const RUNNING_MAX = 5;
const LOOKED_AT_MAX = 1000;
/** Half a second for others to give way. */
const LOOKS_MAX = 20;
const LOOK_AGAIN_MS = 25;
const RETRY_SECONDS = 30;

/** @throws FhirError 400 `not-supported` where there is no place to keep jobs. */
function stateOf(ctx: FhirContext): StateStore {
  if (ctx.state === undefined) throw unsupportedParameter('This server runs no bulk jobs');
  return ctx.state;
}

/**
 * Keeps a new job.
 * @throws FhirError 429 `throttled` when as many as may are running, 400 `not-supported` without a place to keep it.
 */
export async function openJob(ctx: FhirContext, job: Pick<BulkJob, 'kind' | 'request' | 'plan'>): Promise<BulkJob> {
  const state = stateOf(ctx);
  const nowMs = ctx.nowMs();
  const running = () => state.list(RUNNING, LOOKED_AT_MAX);
  const tooMany = () => throttled(`${RUNNING_MAX} bulk jobs are running; try again later`, RETRY_SECONDS);
  if ((await running()).length >= RUNNING_MAX) throw tooMany();
  const opened: BulkJob = {
    ...job,
    id: ctx.newId(),
    status: 'running',
    transactionTimeMs: nowMs,
    principal: ctx.principal,
    attempt: 1,
    aliveMs: nowMs,
    progress: 'started',
    output: [],
    errors: [],
  };
  await keepJob(ctx, opened);
  // A job runs when it sees few enough others once it can be seen itself, so that never too many do. Of those that were asked
  // for at the same moment the last give way, and the first wait for that.
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const others = (await running()).filter(({ id }) => id !== opened.id);
    if (others.length < RUNNING_MAX) return opened;
    const before = others.filter(({ id, value }) => isBefore({ id, sinceMs: Number(value.sinceMs) }, { id: opened.id, sinceMs: nowMs }));
    if (before.length >= RUNNING_MAX) break;
    await setTimeout(LOOK_AGAIN_MS);
  }
  await state.removeGroup(opened.id);
  throw tooMany();
}

interface Begun {
  readonly id: string;
  readonly sinceMs: number;
}

function isBefore(one: Begun, other: Begun): boolean {
  return one.sinceMs === other.sinceMs ? one.id < other.id : one.sinceMs < other.sinceMs;
}

/**
 * The job of an id, for the one who asked for it.
 * @throws FhirError 404 `not-found` for a job that is not there, was cancelled or has expired, or is someone else's.
 */
export async function jobOf(ctx: FhirContext, id: string): Promise<BulkJob> {
  const entry = await stateOf(ctx).get(JOB, id);
  const job = entry?.value as unknown as BulkJob | undefined;
  const isOwn = job?.principal.clientId === ctx.principal.clientId && job.principal.subject === ctx.principal.subject;
  if (job === undefined || !isOwn || (await isCancelled(ctx, id))) throw notFound('There is no such job');
  return job;
}

/** Writes how a job stands. */
async function keepJob(ctx: FhirContext, job: BulkJob): Promise<void> {
  const { id, status, transactionTimeMs: sinceMs } = job;
  await stateOf(ctx).put(JOB, id, { ...job }, options(ctx, id));
  if (status === 'running') await stateOf(ctx).put(RUNNING, id, { sinceMs }, options(ctx, id, SILENT_MS));
  else await stateOf(ctx).remove(RUNNING, id);
}

/**
 * Writes how a job stands, with the time, for the process that runs it.
 * @returns false when it is to stop: the job was cancelled, or another process has taken it over.
 */
export async function tellOfJob(ctx: FhirContext, job: BulkJob): Promise<boolean> {
  const entry = await stateOf(ctx).get(JOB, job.id);
  if (entry === undefined) {
    // It was cancelled: a file that was on its way meanwhile goes as well.
    await stateOf(ctx).removeGroup(job.id);
    return false;
  }
  if (entry.value.attempt !== job.attempt) return false;
  await keepJob(ctx, { ...job, aliveMs: ctx.nowMs() });
  if (!(await isCancelled(ctx, job.id))) return true;
  // It was cancelled in this very moment: what was just written goes as well.
  await stateOf(ctx).removeGroup(job.id);
  return false;
}

/** Marks a job as failed that is not to be run again; its files go. */
export async function failJob(ctx: FhirContext, job: BulkJob, failure: string): Promise<BulkJob> {
  const failed: BulkJob = { ...job, status: 'failed', failure };
  if (await tellOfJob(ctx, failed)) await stateOf(ctx).removeGroup(job.id, FILE);
  return failed;
}

async function isCancelled(ctx: FhirContext, id: string): Promise<boolean> {
  return (await stateOf(ctx).get(CANCELLED, id)) !== undefined;
}

/** True when the process that ran the job must have died. */
export function isSilent(job: BulkJob, nowMs: number): boolean {
  return job.status === 'running' && nowMs - job.aliveMs > SILENT_MS;
}

/**
 * Takes a silent job over: of several processes one gets it, with all that was made of it removed. The claim is good for as
 * long as a job may be silent: one that dies in the middle of this keeps nobody else from it.
 */
export async function takeOver(ctx: FhirContext, job: BulkJob): Promise<BulkJob | undefined> {
  const state = stateOf(ctx);
  const attempt = job.attempt + 1;
  if (!(await state.insertIfAbsent(CLAIM, `${job.id}-${attempt}`, {}, options(ctx, job.id, SILENT_MS)))) return undefined;
  const taken: BulkJob = { ...job, attempt, aliveMs: ctx.nowMs(), progress: 'started anew', output: [], errors: [], deleted: [] };
  await state.removeGroup(job.id, FILE);
  await keepJob(ctx, taken);
  return taken;
}

/** Removes a job with its files; who runs it finds out when it next tells how far it is. */
export async function cancelJob(ctx: FhirContext, id: string): Promise<void> {
  const { expiresAtMs } = options(ctx, id);
  await stateOf(ctx).put(CANCELLED, id, {}, { expiresAtMs });
  await stateOf(ctx).removeGroup(id);
}

/** Removes every job with its files, whoever asked for it. */
export async function forgetJobs(state: StateStore): Promise<void> {
  for (let jobs = await state.list(JOB, LOOKED_AT_MAX); jobs.length > 0; jobs = await state.list(JOB, LOOKED_AT_MAX)) {
    for (const { id } of jobs) await state.removeGroup(id);
  }
}

/** Keeps a file of a job: NDJSON text. Only what the job lists is handed out. */
export async function keepFile(ctx: FhirContext, job: BulkJob, file: string, text: string): Promise<void> {
  await stateOf(ctx).put(FILE, `${job.id}/${file}`, { text }, options(ctx, job.id));
}

/** The text of a file; undefined when there is none of that name. */
export async function fileOf(ctx: FhirContext, job: BulkJob, file: string): Promise<string | undefined> {
  const entry = await stateOf(ctx).get(FILE, `${job.id}/${file}`);
  return typeof entry?.value.text === 'string' ? entry.value.text : undefined;
}

/** Removes a file that is needed no more. */
export async function dropFile(ctx: FhirContext, job: BulkJob, file: string): Promise<void> {
  await stateOf(ctx).remove(FILE, `${job.id}/${file}`);
}

/** Until when all files of a job are there: the first is made soon after the job has begun, and goes first. */
export function expiryOf(job: BulkJob): Date {
  return new Date(job.transactionTimeMs + KEPT_MS);
}

function options(ctx: FhirContext, group: string, keptMs = KEPT_MS) {
  return { group, expiresAtMs: ctx.nowMs() + keptMs };
}
