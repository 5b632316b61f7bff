/**
 * Reads the body of a PATCH: JSON Patch, or FHIRPath Patch as a Parameters resource. In a Bundle entry a JSON Patch is
 * the data of a Binary.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#patch
 */
import type { Principal } from '../auth/principal.ts';
import { patchData } from '../bundle/patch-data.ts';
import { badValue, businessRule, malformed, unsupportedMediaType } from '../fhir/errors.ts';
import { stringifyJson } from '../fhir/json.ts';
import { isObject, isResource, type Resource } from '../fhir/resource.ts';
import type { FhirContext, FhirRequest } from './context.ts';
import { readFhirPathPatch } from './fhirpath-patch.ts';
import { readJsonPatch } from './json-patch.ts';
import { PatchBudget } from './patch-budget.ts';

/** Media type of a JSON Patch document. */
export const JSON_PATCH = 'application/json-patch+json';
/** What a PATCH takes, as the header `Accept-Patch` lists it. */
export const PATCH_TYPES = `${JSON_PATCH}, application/fhir+json`;

/**
 * The function from the current content to the patched one, which throws as the kind of patch does.
 * @throws FhirError 400 when the patch cannot be read, 415 `not-supported` when it is neither kind.
 */
export function readPatch(ctx: Patching, type: string, request: FhirRequest): (current: Resource) => unknown {
  const apply = readOperations(ctx, type, request);
  return (current) => withSafeNarrative(current, apply(current));
}

/** What of a context a patch needs. */
type Patching = Pick<FhirContext, 'definitions' | 'principal'>;

/** By the principal, a value of its own for each request: the entries of a Bundle have contexts of their own, and spend one budget. */
const budgets = new WeakMap<Principal, PatchBudget>();

function budgetOf({ principal }: Patching): PatchBudget {
  const budget = budgets.get(principal) ?? new PatchBudget();
  budgets.set(principal, budget);
  return budget;
}

function readOperations(ctx: Patching, type: string, { body, headers }: FhirRequest): (current: Resource) => unknown {
  if (headers['content-type']?.toLowerCase().startsWith(JSON_PATCH)) return readJsonPatch(body, budgetOf(ctx));
  if (isResource(body) && body.resourceType === 'Binary') return readJsonPatch(patchInBinary(body), budgetOf(ctx));
  if (isResource(body) && body.resourceType === 'Parameters') return readFhirPathPatch(ctx.definitions, type, body, budgetOf(ctx));
  if (Array.isArray(body)) throw unsupportedMediaType(`A JSON Patch is sent as ${JSON_PATCH}`, { 'Accept-Patch': PATCH_TYPES });
  throw malformed('A PATCH takes a JSON Patch or a Parameters resource with a FHIRPath Patch', 'patch');
}

/**
 * Narratives are read in place of the data, and a patch changes the data beneath them. One that was made from the data
 * (`generated`, `extensions`) is left out where the patch changes what it tells of; one that says more (`additional`) was
 * written by somebody, who has to look at it again.
 */
function withSafeNarrative(before: Resource, after: unknown): unknown {
  if (!isResource(after) || !isObject(after.text) || after.text.status === 'empty') return after;
  const { text, ...rest } = after;
  if (stringifyJson(text) !== stringifyJson(before.text) || stringifyJson(told(after)) === stringifyJson(told(before))) return after;
  if (text.status !== 'additional') return rest;
  const why = 'The narrative (status additional) may no longer be true: a patch of the data changes or removes the text as well';
  throw businessRule(why, `${after.resourceType}.text`);
}

/** What a narrative tells of. */
function told({ text: _text, meta: _meta, ...data }: Resource): Record<string, unknown> {
  return data;
}

function patchInBinary(binary: Resource): unknown {
  if (binary.contentType !== JSON_PATCH) throw unsupportedMediaType(`A Binary that is a patch has contentType ${JSON_PATCH}`);
  if (typeof binary.data !== 'string') throw malformed('The Binary has no data', 'Binary.data');
  const document = patchData(binary.data);
  if (Array.isArray(document) || isObject(document)) return document;
  throw badValue('The data of the Binary is not a JSON Patch', 'Binary.data');
}
