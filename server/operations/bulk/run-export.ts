/**
 * Runs an export: reads type by type, page by page, and keeps each page as a file. It stops when the job is cancelled
 * or another process has taken it over.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html
 */
import { setImmediate } from 'node:timers/promises';
import type { FhirContext } from '../../interactions/context.ts';
import { both } from '../../interactions/reach.ts';
import type { Clause, Comparison, CursorPosition } from '../../search/query.ts';
import type { SearchPage } from '../../store/resource-store.ts';
import { type ExportPlan, partsOf } from './export-scope.ts';
import { type BulkJob, type BulkOutput, failJob, keepFile, tellOfJob } from './jobs.ts';

/** Resources in one file. */
const PER_FILE = 1000;

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
  const parts = await partsOf({ ...ctx, principal: job.principal }, plan);
  const output: BulkOutput[] = [];
  let exported = 0;
  for (const [place, { type, clauses }] of parts.entries()) {
    const seen = new Set<string>();
    for await (const page of pagesOf(ctx, type, clauses, plan, job)) {
      const fresh = clauses.length === 1 ? page.matches : page.matches.filter(({ id }) => !seen.has(id));
      if (clauses.length > 1) for (const { id } of fresh) seen.add(id);
      if (fresh.length > 0) {
        const file = `${job.attempt}-${type}-${output.length + 1}`;
        await keepFile(ctx, job, file, `${fresh.map(({ json }) => json).join('\n')}\n`);
        output.push({ type, file, count: fresh.length });
        exported += fresh.length;
      }
      const progress = `${exported} resources, ${place} of ${parts.length} types finished`;
      if (!(await tellOfJob(ctx, { ...job, progress, output }))) return;
      await setImmediate();
    }
  }
  await tellOfJob(ctx, { ...job, status: 'done', progress: `${exported} resources`, output });
}

async function* pagesOf(
  ctx: FhirContext,
  type: string,
  clauses: readonly Clause[],
  { sinceMs }: ExportPlan,
  { transactionTimeMs }: BulkJob,
): AsyncIterable<SearchPage> {
  // What changes while the export runs is left to the next one.
  const comparisons: Comparison[] = [{ bound: 'low', is: '<=', value: transactionTimeMs }];
  if (sinceMs !== undefined) comparisons.push({ bound: 'low', is: '>', value: sinceMs });
  const inTime: Clause = { op: 'lastUpdated', test: { kind: 'range', anyOf: [comparisons] } };
  for (const clause of clauses) {
    let after: CursorPosition | undefined;
    for (;;) {
      const start = after === undefined ? {} : { after };
      const page = await ctx.store.search({
        types: [type],
        where: both(clause, inTime),
        sort: [],
        limit: PER_FILE,
        total: 'none',
        ...start,
      });
      if (page.matches.length > 0) yield page;
      after = page.matches.at(-1)?.position;
      if (!page.more || after === undefined) break;
    }
  }
}
