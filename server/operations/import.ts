/**
 * $import: NDJSON, a resource on each line, stored in the background. A line with an id is an update (which creates),
 * one without is a create; each stands for itself and meets the same checks as a direct request.
 *
 * Spec: https://hl7.org/fhir/R4/nd-json.html · https://hl7.org/fhir/uv/bulkdata/STU2/export.html (status and files)
 */
import { badRequest, FhirError, internalError, malformed, unsupportedMediaType } from '../fhir/errors.ts';
import { parseJson, stringifyJson } from '../fhir/json.ts';
import { type Issue, operationOutcome } from '../fhir/outcome.ts';
import { isResource, type Resource } from '../fhir/resource.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { dispatch } from '../interactions/dispatch.ts';
import { type BulkJob, type BulkOutput, failJob, keepFile, openJob, tellOfJob } from './bulk/jobs.ts';
import { asksForBackground } from './bulk/prefer-async.ts';
import type { OperationRequest } from './operation.ts';
import { readInput } from './operation-input.ts';

/** Lines stored at the same time, and lines between two tellings of how far it is. */
const AT_ONCE = 40;
const TOLD_EVERY = 200;

/**
 * 202 with the URL of the job's status in `Content-Location`; the status tells how many lines of how many are done.
 * @throws FhirError 415 `not-supported` for a body that is not NDJSON, 400 `structure` for one without a line, 400 `invalid`
 * without `Prefer: respond-async`, 429 `throttled` when too many jobs are running.
 */
export async function importResources(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  readInput({ ...request, body: undefined }, {});
  if (!asksForBackground(request)) throw badRequest('An import runs in the background: ask with Prefer: respond-async', 'Prefer');
  if (request.body !== undefined || request.bodyText === undefined) throw unsupportedMediaType('An import takes application/fhir+ndjson');
  const lines = request.bodyText.split('\n').map((text, place) => ({ text: text.trim(), number: place + 1 }));
  const filled = lines.filter(({ text }) => text !== '');
  if (filled.length === 0) throw malformed('There is nothing to import');
  const job = await openJob(ctx, { kind: 'import', request: `${ctx.baseUrl}/$import`, plan: { lines: filled.length } });
  // It goes on after the answer, and never rejects.
  void runImport(ctx, job, filled);
  return { status: 202, headers: { 'Content-Location': `${ctx.baseUrl}/$bulk-status?job=${job.id}` } };
}

interface Line {
  readonly text: string;
  readonly number: number;
}

async function runImport(ctx: FhirContext, job: BulkJob, lines: readonly Line[]): Promise<void> {
  const faults: Resource[] = [];
  const stored = new Map<string, number>();
  try {
    for (let at = 0; at < lines.length; at += AT_ONCE) {
      if (at % TOLD_EVERY === 0 && !(await tellOfJob(ctx, { ...job, progress: progressOf(at, lines.length, faults.length) }))) return;
      await Promise.all(
        lines.slice(at, at + AT_ONCE).map(async (line) => {
          const outcome = await storeLine(ctx, line);
          if (typeof outcome === 'string') stored.set(outcome, (stored.get(outcome) ?? 0) + 1);
          else faults.push(outcome);
        }),
      );
    }
    const output = await fileOutcomes(ctx, job, 'stored', [...stored].map(storedOutcome));
    const errors = await fileOutcomes(ctx, job, 'errors', faults);
    await tellOfJob(ctx, { ...job, status: 'done', progress: progressOf(lines.length, lines.length, faults.length), output, errors });
  } catch (error) {
    ctx.reportFault(error);
    await failJob(ctx, job, 'The import could not be finished').catch(ctx.reportFault);
  }
}

function progressOf(done: number, all: number, faults: number): string {
  return `${Math.floor((done * 100) / all)} %: ${done} of ${all} lines, ${faults} with errors`;
}

/** The type of what was stored, or the outcome that says why nothing was. */
async function storeLine(ctx: FhirContext, { text, number }: Line): Promise<string | Resource> {
  try {
    const resource = parseLine(text);
    const { resourceType, id } = resource;
    const place =
      id === undefined ? ({ method: 'POST', path: [resourceType] } as const) : ({ method: 'PUT', path: [resourceType, id] } as const);
    await dispatch(ctx, { ...place, query: [], headers: { prefer: 'return=minimal' }, body: resource, bodyText: text });
    return resourceType;
  } catch (error) {
    if (!(error instanceof FhirError)) ctx.reportFault(error);
    const { issues } = error instanceof FhirError ? error : internalError(ctx.requestId);
    return operationOutcome(issues.map((issue): Issue => ({ ...issue, diagnostics: `Line ${number}: ${issue.diagnostics}` })));
  }
}

function parseLine(text: string): Resource {
  // NUL is no character of a FHIR string, and databases refuse it.
  if (/(?:^|[^\\])(?:\\\\)*\\u0000/.test(text)) throw malformed('The line contains the character NUL');
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw malformed('The line is not JSON');
  }
  if (!isResource(value)) throw malformed('The line is not a resource: it has no resourceType', 'resourceType');
  if (value.id !== undefined && typeof value.id !== 'string') throw malformed('An id is a string', `${value.resourceType}.id`);
  return value;
}

function storedOutcome([type, count]: readonly [string, number]): Resource {
  return operationOutcome([{ severity: 'information', code: 'informational', diagnostics: `${count} ${type} stored` }]);
}

async function fileOutcomes(ctx: FhirContext, job: BulkJob, file: string, outcomes: readonly Resource[]): Promise<readonly BulkOutput[]> {
  if (outcomes.length === 0) return [];
  await keepFile(ctx, job, file, `${outcomes.map((outcome) => stringifyJson(outcome)).join('\n')}\n`);
  return [{ type: 'OperationOutcome', file, count: outcomes.length }];
}
