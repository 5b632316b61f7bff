/**
 * $export: all that the caller may read, of the whole system, of all patients or of the patients of a group, as NDJSON
 * files made in the background.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html
 */
import { badRequest, gone, notFound } from '../fhir/errors.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { requireReach } from '../interactions/reach.ts';
import { visibleVersion } from '../interactions/visibility.ts';
import { readPlan } from './bulk/export-input.ts';
import { partsOf } from './bulk/export-scope.ts';
import { membersOf } from './bulk/group-members.ts';
import { openJob } from './bulk/jobs.ts';
import { asksForBackground } from './bulk/prefer-async.ts';
import { runExport } from './bulk/run-export.ts';
import type { OperationRequest } from './operation.ts';

/**
 * 202 with the URL of the job's status in `Content-Location`.
 * @throws FhirError 400 `invalid` without `Prefer: respond-async`, 400 as readPlan, 404 or 410 for the group, 403 `forbidden`
 * where nothing may be read, 429 `throttled` when too many jobs are running.
 */
export async function exportResources(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  if (!asksForBackground(request)) throw badRequest('An export is made in the background: ask with Prefer: respond-async', 'Prefer');
  const { type, id } = request.interaction;
  if (type === 'Group') await requireGroup(ctx, id ?? '');
  const plan = await readPlan(ctx, request);
  await partsOf(ctx, plan);
  // Those who are asked for alone are known to be there for the caller.
  ctx.trail?.asksAbout(plan.patients ?? (plan.groupId === undefined ? [] : await membersOf(ctx, plan.groupId)));
  const path = request.path.map(encodeURIComponent).join('/');
  const query = new URLSearchParams(request.query.map(([name, value]): [string, string] => [name, value])).toString();
  const url = `${ctx.baseUrl}/${path.replaceAll('%24', '$')}${query === '' ? '' : `?${query}`}`;
  const job = await openJob(ctx, { kind: 'export', request: url, plan: { ...plan } });
  // It goes on after the answer, and never rejects.
  void runExport(ctx, job);
  return { status: 202, headers: { 'Content-Location': `${ctx.baseUrl}/$bulk-status?job=${job.id}` } };
}

async function requireGroup(ctx: FhirContext, id: string): Promise<void> {
  const reach = await requireReach(ctx, { interaction: '$export', right: 'read', type: 'Group', id });
  const group = await visibleVersion(ctx, { type: 'Group', id }, reach);
  if (group === undefined) throw notFound(`Group/${id} is not known`);
  if (group.json === null) throw gone(`Group/${id} has been deleted`);
}
