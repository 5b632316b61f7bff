/**
 * $diff: what changed between two versions of a resource, element by element, as the operations of a FHIRPath Patch
 * that lead from the one to the other, each with the value before.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpatch.html
 */
import { badValue, gone, notFound } from '../fhir/errors.ts';
import { parseJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { requireReach } from '../interactions/reach.ts';
import { visibleVersion } from '../interactions/visibility.ts';
import type { StoredVersion } from '../store/resource-store.ts';
import { changesBetween } from './diff/changes.ts';
import { operationOf } from './diff/patch-operation.ts';
import type { OperationRequest } from './operation.ts';
import { readInput } from './operation-input.ts';

const RULES = { from: 'text', to: 'text', includeMeta: 'boolean' } as const;

/**
 * Parameters with an `operation` for each change, in the order in which a patch would carry them out. `to` is the current
 * version and `from` the one before it, unless they are named. Version and time of change are left out; all of meta is with
 * `includeMeta=false`.
 * @throws FhirError 404 `not-found` for a resource or version that is not known, 410 `deleted` for a version that is a
 * deletion, 400 `value` for a version that is no number.
 */
export async function diff(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const input = readInput(request, RULES);
  const { type = '', id = '' } = request.interaction;
  const reach = await requireReach(ctx, { interaction: '$diff', right: 'read', type, id });
  const current = await visibleVersion(ctx, { type, id }, reach);
  if (current === undefined) throw notFound(`${type}/${id} is not known`);
  const to = await versionOf(ctx, current, readVersion(input.to, 'to') ?? current.versionId);
  const before = readVersion(input.from, 'from') ?? to.versionId - 1;
  if (before === 0) throw notFound(`${type}/${id} has no version before the first`);
  const from = await versionOf(ctx, current, before);
  ctx.trail?.saw([from, to]);
  const [old, now] = [from, to].map((version) => compared(version, input.includeMeta !== false)) as [Resource, Resource];
  const operations = changesBetween(ctx.definitions, old, now).map((change) => operationOf(ctx.definitions, change));
  const body = { resourceType: 'Parameters', ...(operations.length === 0 ? {} : { parameter: operations }) };
  return { status: 200, body };
}

function readVersion(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw badValue(`${name} is the number of a version`, name);
  return Number(text);
}

async function versionOf(ctx: FhirContext, current: StoredVersion, versionId: number): Promise<StoredVersion> {
  const { type, id } = current;
  const version = versionId === current.versionId ? current : await ctx.store.readVersion(type, id, versionId);
  if (version === undefined) throw notFound(`${type}/${id} has no version ${versionId}`);
  if (version.json === null) throw gone(`Version ${versionId} of ${type}/${id} is its deletion`);
  return version;
}

/** The content of a version without what every version has of its own. */
function compared({ json }: StoredVersion, includeMeta: boolean): Resource {
  const { meta, ...rest } = parseJson(json ?? '{}') as Resource;
  const { versionId: _version, lastUpdated: _changed, ...kept } = meta ?? {};
  return includeMeta && Object.keys(kept).length > 0 ? { ...rest, meta: kept } : rest;
}
