/**
 * Runs an export: reads type by type, page by page, and keeps what it has read in files. It stops when the job is
 * cancelled or another process has taken it over.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html
 */
import { setImmediate } from 'node:timers/promises';
import { stringifyJson } from '../../fhir/json.ts';
import { operationOutcome } from '../../fhir/outcome.ts';
import type { FhirContext } from '../../interactions/context.ts';
import { both, EVERYTHING } from '../../interactions/reach.ts';
import { narrowing } from '../../search/narrow.ts';
import type { Clause, CursorPosition } from '../../search/query.ts';
import type { SearchPage } from '../../store/resource-store.ts';
import { jsonAsOf } from './as-of.ts';
import { deletedOf, deletionBundles } from './deleted.ts';
import { type ExportPart, type ExportPlan, partsOf } from './export-scope.ts';
import { type BulkJob, type BulkOutput, failJob, keepFile, tellOfJob } from './jobs.ts';
import { FILE_CHARACTERS, FIRST_PAGE, nextPage, PER_FILE } from './page-size.ts';

/** Runs the job to its end; a fault makes it fail and is reported. Never rejects. */
export async function runExport(ctx: FhirContext, job: BulkJob): Promise<void> {
  try {
    await exportAll(ctx, job);
  } catch (error) {
    ctx.reportFault(error);
    await failJob(ctx, job, 'The export could not be finished').catch(ctx.reportFault);
  }
}

async function exportAll(ctx: FhirContext, job: BulkJob): Promise<void> {
  const plan = job.plan as unknown as ExportPlan;
  // What was under way at the time that the job names is committed by then, and what follows gets a later time.
  await ctx.store.settled();
  const parts = await partsOf({ ...ctx, principal: job.principal }, plan);
  const kept: Kept = { files: { output: [], deleted: [], errors: [] }, exported: 0 };
  if (plan.notes !== undefined) {
    const outcomes = plan.notes.map((note) => stringifyJson(operationOutcome([note])));
    await keep(ctx, job, kept.files.errors, 'OperationOutcome', 'notes', outcomes);
  }
  for (const [place, part] of parts.entries()) {
    const goesOn = () => {
      const progress = `${kept.exported} resources, ${place} of ${parts.length} types finished`;
      return tellOfJob(ctx, { ...job, ...kept.files, progress });
    };
    for await (const lines of filesOf(linesOf(ctx, part, plan, job))) {
      await keep(ctx, job, kept.files.output, part.type, part.type, lines);
      kept.exported += lines.length;
      if (!(await goesOn())) return;
      await setImmediate();
    }
    if (plan.sinceMs === undefined || !part.whole) continue;
    for await (const places of deletedOf(ctx, { ...part, sinceMs: plan.sinceMs, untilMs: job.transactionTimeMs })) {
      await keep(ctx, job, kept.files.deleted, 'Bundle', `deleted-${part.type}`, deletionBundles(places));
      if (!(await goesOn())) return;
    }
  }
  await tellOfJob(ctx, { ...job, ...kept.files, status: 'done', progress: `${kept.exported} resources` });
}

/** What has been made so far. */
interface Kept {
  readonly files: Readonly<Record<'output' | 'deleted' | 'errors', BulkOutput[]>>;
  exported: number;
}

async function keep(
  ctx: FhirContext,
  job: BulkJob,
  files: BulkOutput[],
  type: string,
  name: string,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  const file = `${job.attempt}-${name}-${files.length + 1}`;
  await keepFile(ctx, job, file, `${lines.join('\n')}\n`);
  files.push({ type, file, count: lines.length });
}

/** The lines of one file after the other; nothing for a page that fills none, so that it is told of as well. */
async function* filesOf(pages: AsyncIterable<readonly string[]>): AsyncIterable<readonly string[]> {
  let lines: string[] = [];
  let characters = 0;
  for await (const page of pages) {
    let isTold = false;
    for (const line of page) {
      if (lines.length === PER_FILE || (lines.length > 0 && characters + line.length > FILE_CHARACTERS)) {
        yield lines;
        isTold = true;
        [lines, characters] = [[], 0];
      }
      lines.push(line);
      characters += line.length;
    }
    if (!isTold) yield [];
  }
  yield lines;
}

/** The lines of one page after the other: each resource once, as it was at the time that the job names. */
async function* linesOf(ctx: FhirContext, { type, clauses }: ExportPart, plan: ExportPlan, job: BulkJob): AsyncIterable<readonly string[]> {
  const seen = new Set<string>();
  const narrow = narrowing(ctx.definitions, 'false', elementsOf(plan, type));
  for await (const page of pagesOf(ctx, type, clauses, plan)) {
    const fresh = clauses.length === 1 ? page.matches : page.matches.filter(({ id }) => !seen.has(id));
    if (clauses.length > 1) for (const { id } of fresh) seen.add(id);
    const lines: string[] = [];
    for (const match of fresh) {
      const isOld = match.lastUpdatedMs <= job.transactionTimeMs;
      const json = isOld ? match.json : await jsonAsOf(ctx.store, match, job.transactionTimeMs, plan.sinceMs);
      if (json !== undefined) lines.push(narrow === undefined ? json : narrow(json));
    }
    yield lines;
  }
}

/** The elements asked for of a type: those named for it, and those named for all. */
function elementsOf({ elements }: ExportPlan, type: string): readonly string[] | undefined {
  return elements?.flatMap((text) => {
    const [element = '', of = type] = text.split('.').toReversed();
    return of === type ? [element] : [];
  });
}

async function* pagesOf(ctx: FhirContext, type: string, clauses: readonly Clause[], { sinceMs }: ExportPlan): AsyncIterable<SearchPage> {
  const since: Clause =
    sinceMs === undefined
      ? EVERYTHING
      : { op: 'lastUpdated', test: { kind: 'range', anyOf: [[{ bound: 'low', is: '>', value: sinceMs }]] } };
  let limit = FIRST_PAGE;
  for (const clause of clauses) {
    let after: CursorPosition | undefined;
    for (;;) {
      const start = after === undefined ? {} : { after };
      const page = await ctx.store.search({
        types: [type],
        where: both(clause, since),
        sort: [],
        limit,
        total: 'none',
        ...start,
      });
      if (page.matches.length > 0) {
        const texts = page.matches.map(({ json }) => json);
        limit = nextPage(limit, texts);
        yield page;
      }
      after = page.matches.at(-1)?.position;
      if (!page.more || after === undefined) break;
    }
  }
}
