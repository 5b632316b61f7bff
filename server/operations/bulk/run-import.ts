/**
 * Runs an import: stores line by line what was received in pieces, and tells what was not stored why.
 *
 * Spec: https://hl7.org/fhir/R4/nd-json.html · https://hl7.org/fhir/uv/bulkdata/STU2/export.html (status and files)
 */
import { FhirError, internalError, malformed, tooLarge } from '../../fhir/errors.ts';
import { stringifyJson } from '../../fhir/json.ts';
import { type Issue, operationOutcome } from '../../fhir/outcome.ts';
import { isResource, type Resource } from '../../fhir/resource.ts';
import type { FhirContext } from '../../interactions/context.ts';
import { dispatch } from '../../interactions/dispatch.ts';
import { readJson } from '../../validation/read-json.ts';
import { TOO_LONG } from './import-pieces.ts';
import { type BulkJob, type BulkOutput, dropFile, failJob, fileOf, keepFile, tellOfJob } from './jobs.ts';

/** Lines stored at the same time. */
const AT_ONCE = 40;
/** How far it is, is told after so many lines or so long. */
const TOLD_EVERY = 200;
const TOLD_EVERY_MS = 5_000;
/** Outcomes in one file of errors. */
const PER_FILE = 1000;

/** What was received: the files of the job that hold it, and how many of its lines have something in them. */
export interface Received {
  readonly files: readonly string[];
  readonly filled: number;
}

/** Runs the job to its end; a fault makes it fail and is reported. Never rejects. */
export async function runImport(ctx: FhirContext, job: BulkJob, received: Received): Promise<void> {
  try {
    await importAll(ctx, job, received);
  } catch (error) {
    ctx.reportFault(error);
    await failJob(ctx, job, 'The import could not be finished').catch(ctx.reportFault);
  }
}

interface Line {
  readonly text: string;
  readonly number: number;
}

async function importAll(ctx: FhirContext, job: BulkJob, { files, filled }: Received): Promise<void> {
  const stored = new Map<string, number>();
  const faults = new Faults(ctx, job);
  let [done, number] = [0, 0];
  let told = { done, atMs: ctx.nowMs() };
  const progress = () => `${Math.floor((done * 100) / filled)} %: ${done} of ${filled} lines, ${faults.count} with errors`;
  if (!(await tellOfJob(ctx, { ...job, progress: progress() }))) return;
  for (const file of files) {
    const all = ((await fileOf(ctx, job, file)) ?? '').split('\n').map((text): Line => {
      number += 1;
      return { text: text.trim(), number };
    });
    const lines = all.filter(({ text }) => text !== '');
    for (let at = 0; at < lines.length; at += AT_ONCE) {
      const outcomes = await Promise.all(lines.slice(at, at + AT_ONCE).map((line) => storeLine(ctx, line)));
      for (const outcome of outcomes) {
        if (typeof outcome === 'string') stored.set(outcome, (stored.get(outcome) ?? 0) + 1);
        else await faults.add(outcome);
      }
      done += outcomes.length;
      if (done - told.done < TOLD_EVERY && ctx.nowMs() - told.atMs < TOLD_EVERY_MS) continue;
      told = { done, atMs: ctx.nowMs() };
      if (!(await tellOfJob(ctx, { ...job, progress: progress() }))) return;
    }
    await dropFile(ctx, job, file);
  }
  const output = await fileOutcomes(ctx, job, 'stored', [...stored].map(storedOutcome));
  await tellOfJob(ctx, { ...job, status: 'done', progress: progress(), output, errors: await faults.files() });
}

/** What was not stored and why: gathered, and kept in files of a thousand. */
class Faults {
  count = 0;
  readonly #ctx: FhirContext;
  readonly #job: BulkJob;
  readonly #kept: BulkOutput[] = [];
  #waiting: Resource[] = [];

  constructor(ctx: FhirContext, job: BulkJob) {
    this.#ctx = ctx;
    this.#job = job;
  }

  async add(outcome: Resource): Promise<void> {
    this.count += 1;
    this.#waiting.push(outcome);
    if (this.#waiting.length >= PER_FILE) await this.#keep();
  }

  async files(): Promise<readonly BulkOutput[]> {
    await this.#keep();
    return this.#kept;
  }

  async #keep(): Promise<void> {
    const outcomes = this.#waiting;
    this.#waiting = [];
    this.#kept.push(...(await fileOutcomes(this.#ctx, this.#job, `errors-${this.#kept.length + 1}`, outcomes)));
  }
}

/** The type of what was stored, or the outcome that says why nothing was. */
async function storeLine(ctx: FhirContext, { text, number }: Line): Promise<string | Resource> {
  try {
    const { resource, isCompact } = parseLine(ctx, text);
    const { resourceType, id } = resource;
    const place =
      id === undefined ? ({ method: 'POST', path: [resourceType] } as const) : ({ method: 'PUT', path: [resourceType, id] } as const);
    await dispatch(ctx, { ...place, query: [], headers: { prefer: 'return=minimal' }, body: resource, bodyText: text, isCompact });
    return resourceType;
  } catch (error) {
    if (!(error instanceof FhirError)) ctx.reportFault(error);
    const { issues } = error instanceof FhirError ? error : internalError(ctx.requestId);
    return operationOutcome(issues.map((issue): Issue => ({ ...issue, diagnostics: `Line ${number}: ${issue.diagnostics}` })));
  }
}

function parseLine(ctx: FhirContext, text: string): { readonly resource: Resource; readonly isCompact: boolean } {
  if (text === TOO_LONG) throw tooLarge(`The line is longer than ${ctx.limits.bodyBytes} characters`);
  const { value, isCompact } = readJson({ text, bytes: Buffer.from(text) });
  if (!isResource(value)) throw malformed('The line is not a resource: it has no resourceType', 'resourceType');
  if (value.id !== undefined && typeof value.id !== 'string') throw malformed('An id is a string', `${value.resourceType}.id`);
  return { resource: value, isCompact };
}

function storedOutcome([type, count]: readonly [string, number]): Resource {
  return operationOutcome([{ severity: 'information', code: 'informational', diagnostics: `${count} ${type} stored` }]);
}

async function fileOutcomes(ctx: FhirContext, job: BulkJob, file: string, outcomes: readonly Resource[]): Promise<readonly BulkOutput[]> {
  if (outcomes.length === 0) return [];
  await keepFile(ctx, job, file, `${outcomes.map((outcome) => stringifyJson(outcome)).join('\n')}\n`);
  return [{ type: 'OperationOutcome', file, count: outcomes.length }];
}
