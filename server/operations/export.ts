/**
 * $export: all that the caller may read, of the whole system, of all patients or of the patients of a group, as NDJSON
 * files made in the background.
 *
 * Spec: https://hl7.org/fhir/uv/bulkdata/STU2/export.html
 */
import { badRequest, badValue, gone, notFound, unsupportedParameter } from '../fhir/errors.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { requireReach } from '../interactions/reach.ts';
import { visibleVersion } from '../interactions/visibility.ts';
import { type ExportPlan, partsOf } from './bulk/export-scope.ts';
import { openJob } from './bulk/jobs.ts';
import { asksForBackground } from './bulk/prefer-async.ts';
import { runExport } from './bulk/run-export.ts';
import type { OperationRequest } from './operation.ts';
import { readInput, readInstants } from './operation-input.ts';

const FORMATS = ['application/fhir+ndjson', 'application/ndjson', 'ndjson'];

/**
 * 202 with the URL of the job's status in `Content-Location`.
 * @throws FhirError 400 `invalid` without `Prefer: respond-async`, 400 for a parameter that cannot be read or is not known, 404
 * or 410 for the group, 403 `forbidden` where nothing may be read, 429 `throttled` when too many jobs are running.
 */
export async function exportResources(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  if (!asksForBackground(request)) throw badRequest('An export is made in the background: ask with Prefer: respond-async', 'Prefer');
  if (request.query.some(([name]) => name === '_elements')) throw unsupportedParameter('Whole resources are exported', '_elements');
  const { type, id } = request.interaction;
  if (type === 'Group') await requireGroup(ctx, id ?? '');
  const plan = readPlan(ctx, request);
  await partsOf(ctx, plan);
  const path = request.path.map(encodeURIComponent).join('/');
  const query = new URLSearchParams(request.query.map(([name, value]): [string, string] => [name, value])).toString();
  const asked = `${ctx.baseUrl}/${path.replaceAll('%24', '$')}${query === '' ? '' : `?${query}`}`;
  const job = await openJob(ctx, { kind: 'export', request: asked, plan: { ...plan } });
  // It goes on after the answer, and never rejects.
  void runExport(ctx, job);
  return { status: 202, headers: { 'Content-Location': `${ctx.baseUrl}/$bulk-status?job=${job.id}` } };
}

function readPlan(ctx: FhirContext, request: OperationRequest): ExportPlan {
  const { type, id } = request.interaction;
  const rules = { _outputFormat: 'text', _since: 'text', _type: 'texts', _typeFilter: 'repeated' } as const;
  const { _outputFormat, _since, _type, _typeFilter } = readInput(request, rules);
  if (_outputFormat !== undefined && !FORMATS.includes(_outputFormat.replace(' ', '+'))) {
    throw badValue(`_outputFormat is ${FORMATS[0]}`, '_outputFormat');
  }
  const odd = _type?.find((each) => !ctx.definitions.isResourceType(each));
  if (odd !== undefined) throw badValue(`Unknown resource type: ${odd.slice(0, 64)}`, '_type');
  const since = _since === undefined ? undefined : readInstants(_since, '_since');
  return {
    level: type === undefined ? 'system' : type === 'Group' ? 'group' : 'patient',
    types: [...new Set(_type)].toSorted(),
    filters: _typeFilter ?? [],
    ...(id === undefined ? {} : { groupId: id }),
    ...(since === undefined ? {} : { sinceMs: since.low }),
  };
}

async function requireGroup(ctx: FhirContext, id: string): Promise<void> {
  const reach = await requireReach(ctx, { interaction: '$export', right: 'read', type: 'Group', id });
  const group = await visibleVersion(ctx, { type: 'Group', id }, reach);
  if (group === undefined) throw notFound(`Group/${id} is not known`);
  if (group.json === null) throw gone(`Group/${id} has been deleted`);
}
