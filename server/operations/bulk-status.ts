/**
 * $bulk-status and $bulk-file: how far a bulk job is, cancelling it, and its files.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html#bulk-data-status-request · #bulk-data-delete-request · #bulk-data-output-file-request
 */
import { FhirError, notFound } from '../fhir/errors.ts';
import type { Resource } from '../fhir/resource.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { reachOf } from '../interactions/reach.ts';
import { reachedKeys } from '../interactions/visibility.ts';
import { type BulkJob, type BulkOutput, cancelJob, expiryOf, failJob, fileOf, isSilent, jobOf, takeOver } from './bulk/jobs.ts';
import { runExport } from './bulk/run-export.ts';
import type { OperationRequest } from './operation.ts';
import { needed, readInput } from './operation-input.ts';

const NDJSON = 'application/fhir+ndjson';
const RETRY_SECONDS = '2';

/**
 * By GET: 202 with `X-Progress` and `Retry-After` while the job runs, 200 with the manifest when it is done. By DELETE: 202,
 * and the job is gone with its files.
 * @throws FhirError 404 `not-found` for a job that is not there or someone else's, 500 `exception` for one that failed.
 */
export async function bulkStatus(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = readInput(request, { job: 'text' });
  const found = await jobOf(ctx, needed(input.job, 'job'));
  if (request.method === 'DELETE') {
    await cancelJob(ctx, found.id);
    return { status: 202 };
  }
  const job = isSilent(found, ctx.nowMs()) ? await revived(ctx, found) : found;
  if (job.status === 'failed') throw failed(job);
  if (job.status === 'running') return { status: 202, headers: { 'X-Progress': job.progress, 'Retry-After': RETRY_SECONDS } };
  return { status: 200, headers: { 'Content-Type': 'application/json', Expires: expiryOf(job).toUTCString() }, body: manifest(ctx, job) };
}

/**
 * The NDJSON text of a file of a job: of an export, what the caller may read now. What was taken back after the file was
 * made (a consent withdrawn, a part in a team ended) is handed out no more.
 * @throws FhirError 404 `not-found` for a job or a file that is not there, or someone else's.
 */
export async function bulkFile(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = readInput(request, { job: 'text', file: 'text' });
  const job = await jobOf(ctx, needed(input.job, 'job'));
  const file = needed(input.file, 'file');
  const isListed = [...job.output, ...job.errors, ...(job.deleted ?? [])].some((each) => each.file === file);
  const text = isListed ? await fileOf(ctx, job, file) : undefined;
  if (text === undefined) throw notFound('There is no such file');
  return { status: 200, headers: { 'Content-Type': NDJSON }, body: { text: await readable(ctx, job, file, text) } };
}

/** What of a file's text the caller may read now. */
async function readable(ctx: FhirContext, job: BulkJob, file: string, text: string): Promise<string> {
  const isOf = (files: readonly BulkOutput[] | undefined) => files?.some((each) => each.file === file) === true;
  if (isOf(job.deleted)) return (await seesDeletions(ctx, text)) ? text : '';
  if (job.kind === 'import' || isOf(job.errors)) return text;
  const kept = versionsIn(text);
  const shown = await reachedKeys(ctx, kept);
  // Of resources that were sent in part, the log needs to know whose they are.
  ctx.trail?.saw(job.plan.elements === undefined ? shown : await ctx.store.readMany(shown));
  return shown.length === kept.length ? text : shown.map(({ json }) => `${json}\n`).join('');
}

/** A file of deletions is about one type, and for those who see all of it. */
async function seesDeletions(ctx: FhirContext, text: string): Promise<boolean> {
  const [type = ''] = /"url":"([A-Za-z]+)\//.exec(text)?.slice(1) ?? [];
  return (await reachOf(ctx, { interaction: '$export', right: 'read', type })).op === 'all';
}

/** The resources of a file, in its order. */
function versionsIn(text: string): readonly { type: string; id: string; json: string }[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((json) => {
    const { resourceType, id } = JSON.parse(json) as Resource;
    return { type: resourceType, id: id ?? '', json };
  });
}

function manifest(ctx: FhirContext, job: BulkJob): { readonly text: string } {
  const listed = ({ type, file, count }: BulkOutput) => ({ type, url: `${ctx.baseUrl}/$bulk-file?job=${job.id}&file=${file}`, count });
  const value = {
    transactionTime: new Date(job.transactionTimeMs).toISOString(),
    request: job.request,
    requiresAccessToken: true,
    output: job.output.map(listed),
    ...(job.deleted === undefined || job.deleted.length === 0 ? {} : { deleted: job.deleted.map(listed) }),
    error: job.errors.map(listed),
  };
  return { text: JSON.stringify(value) };
}

/** An export whose process died is run again, by whoever is asked first; an import is not: part of it may be done. */
async function revived(ctx: FhirContext, job: BulkJob): Promise<BulkJob> {
  if (job.kind === 'export') {
    const taken = await takeOver(ctx, job);
    if (taken !== undefined) void runExport(ctx, taken);
    return taken ?? job;
  }
  return failJob(ctx, job, `The import stopped on its way: ${job.progress}`);
}

function failed({ failure }: BulkJob): FhirError {
  return new FhirError(500, [{ severity: 'error', code: 'exception', diagnostics: failure ?? 'The job failed' }]);
}
