/**
 * $import: NDJSON, a resource on each line, stored in the background. A line with an id is an update (which creates),
 * one without is a create; each stands for itself and meets the same checks as a direct request. What arrives is laid
 * away in pieces, so that a body of any size is never held as a whole.
 *
 * Spec: https://hl7.org/fhir/R4/nd-json.html · https://hl7.org/fhir/uv/bulkdata/STU2/export.html (status and files)
 */
import { badRequest, forbidden, malformed, unsupportedMediaType } from '../fhir/errors.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { piecesOf } from './bulk/import-pieces.ts';
import { type BulkJob, cancelJob, keepFile, openJob, tellOfJob } from './bulk/jobs.ts';
import { asksForBackground } from './bulk/prefer-async.ts';
import { type Received, runImport } from './bulk/run-import.ts';
import type { OperationRequest } from './operation.ts';
import { readInput } from './operation-input.ts';

/** How many of the largest bodies an import may be; a line may be one. */
const BODIES_MAX = 200;
/** Silence between two tellings that it still arrives. */
const TOLD_EVERY_MS = 5_000;

/**
 * 202 with the URL of the job's status in `Content-Location`; the status tells how many lines of how many are done.
 * @throws FhirError 415 `not-supported` for a body that is not NDJSON, 400 `structure` for one without a line or that is not
 * UTF-8, 413 `too-long` for one of more than 200 times the largest body, 400 `invalid` without `Prefer: respond-async`, 403
 * `forbidden` for who may write nothing, 429 `throttled` when too many jobs are running.
 */
export async function importResources(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  readInput({ ...request, body: undefined }, {});
  if (!asksForBackground(request)) throw badRequest('An import runs in the background: ask with Prefer: respond-async', 'Prefer');
  const { bodyChunks } = request;
  if (bodyChunks === undefined) throw unsupportedMediaType('An import takes application/fhir+ndjson');
  if (!ctx.principal.scopes.some(({ create, update }) => create || update)) throw forbidden('Your access does not include writing');
  const job = await openJob(ctx, { kind: 'import', request: `${ctx.baseUrl}/$import`, plan: {} });
  let received: Received;
  try {
    received = await receive(ctx, job, bodyChunks);
    if (received.filled === 0) throw malformed('There is nothing to import');
  } catch (error) {
    await cancelJob(ctx, job.id);
    throw error;
  }
  // It goes on after the answer, and never rejects.
  void runImport(ctx, job, received);
  return { status: 202, headers: { 'Content-Location': `${ctx.baseUrl}/$bulk-status?job=${job.id}` } };
}

/** Lays away what arrives. */
async function receive(ctx: FhirContext, job: BulkJob, chunks: AsyncIterable<Uint8Array>): Promise<Received> {
  const { bodyBytes } = ctx.limits;
  const files: string[] = [];
  let filled = 0;
  let toldMs = ctx.nowMs();
  const telling = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      yield chunk;
      if (ctx.nowMs() - toldMs < TOLD_EVERY_MS) continue;
      toldMs = ctx.nowMs();
      await tellOfJob(ctx, { ...job, progress: `${filled} lines received` });
    }
  };
  for await (const piece of piecesOf(telling(), { lineBytes: bodyBytes, bytes: BODIES_MAX * bodyBytes })) {
    const file = `received-${files.length + 1}`;
    await keepFile(ctx, job, file, piece.text);
    files.push(file);
    filled += piece.filled;
  }
  return { files, filled };
}
