/**
 * $validate: what would be wrong with a resource, or with deleting it, without storing anything.
 *
 * Spec: https://hl7.org/fhir/R4/resource-operation-validate.html
 */
import { badRequest, badValue, gone, malformed, notFound } from '../fhir/errors.ts';
import { parseJson } from '../fhir/json.ts';
import { type Issue, operationOutcome } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';
import { languageOf, resourceOfType } from '../interactions/check-content.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { requireReach } from '../interactions/reach.ts';
import { isVisible, visibleVersion } from '../interactions/visibility.ts';
import { validateText } from '../validation/validate-text.ts';
import type { OperationRequest } from './operation.ts';
import { readInput } from './operation-input.ts';
import { storedReferences } from './stored-references.ts';

const MODES = ['create', 'update', 'delete', 'profile'] as const;
type Mode = (typeof MODES)[number];

/**
 * An OperationOutcome with the issues found, 200 whether there are any or not. The resource is the body, the part
 * `resource` of a Parameters body, or (at an instance, without one) what is stored. With `check-references` true, what its
 * references name on this server is looked up as well: what the caller does not find there is an error.
 * @throws FhirError 400 when there is nothing to validate, or a parameter cannot be read; 404 `not-found` or 410 `deleted` for
 * the instance.
 */
export async function validate(ctx: FhirContext, request: OperationRequest): Promise<FhirResponse> {
  const { type = '', id } = request.interaction;
  const { resource: given, profile, mode: asked, 'check-references': checked } = readRequest(request, type);
  const mode = MODES.find((each) => each === asked);
  if (asked !== undefined && mode === undefined) throw badValue(`mode is one of ${MODES.join(', ')}`, 'mode');
  if (mode === 'profile' && profile === undefined) throw badValue('mode profile needs the parameter profile', 'profile');
  if (mode === 'delete') return answer(await deletionIssues(ctx, type, id), `This ${type} may be deleted`);
  if (given === undefined && id === undefined) throw malformed(`A ${type} is expected in the body`, type);
  const resource = given === undefined ? await readStored(ctx, type, id ?? '') : resourceOfType(given, type);
  const stored = checked === true ? { stored: await storedReferences(ctx, resource) } : {};
  const options = { profiles: profile === undefined ? [] : [profile], advise: true, ...stored, ...languageOf(ctx) };
  const text = given === request.body ? request.bodyText : undefined;
  const issues = text === undefined ? ctx.validator.validate(resource, options) : validateText(ctx.validator, text, options);
  return answer([...issues.map(atParameter), ...idIssues(given, mode, request)], `No issues found in this ${type}`);
}

function readRequest(request: OperationRequest, type: string) {
  const rules = { resource: 'resource', profile: 'text', mode: 'text', 'check-references': 'boolean' } as const;
  const { body } = request;
  const isBare = body !== undefined && (type === 'Parameters' || !isParameters(body));
  // What is no resource at all is for the validator to tell.
  if (isBare) return { ...readInput({ ...request, body: undefined }, rules), resource: body };
  return readInput(request, rules);
}

/** A profile that was asked for and is not known: the caller expects a check that was not made. */
function atParameter(issue: Issue): Issue {
  const isUnknown = issue.details?.coding?.some(({ code }) => code === 'profile-unknown') === true;
  if (!isUnknown || issue.expression?.[0]?.includes('.meta.profile[') === true) return issue;
  return { ...issue, severity: 'error', code: 'not-found', expression: ['profile'] };
}

function isParameters(body: unknown): boolean {
  return (body as Partial<Resource> | null)?.resourceType === 'Parameters';
}

/** What speaks against creating or updating with this id. */
function idIssues(given: unknown, mode: Mode | undefined, { interaction: { type, id } }: OperationRequest): readonly Issue[] {
  const sentId = (given as Partial<Resource> | undefined)?.id;
  const expression = [`${type}.id`];
  if (mode === 'create' && id !== undefined) throw badRequest('mode create is for the type, not for an instance', 'mode');
  if (mode !== 'update' || given === undefined) return [];
  if (sentId === undefined) return [{ severity: 'error', code: 'required', diagnostics: 'An update has the id in the body', expression }];
  if (id === undefined || sentId === id) return [];
  return [{ severity: 'error', code: 'invalid', diagnostics: 'The id in the body is not the one in the URL', expression }];
}

/** Why an instance cannot be deleted: nothing but a missing right speaks against it here, links to it do not. */
async function deletionIssues(ctx: FhirContext, type: string, id: string | undefined): Promise<readonly Issue[]> {
  if (id === undefined) throw badRequest('mode delete is for an instance', 'mode');
  await readStored(ctx, type, id);
  const decision = await ctx.access.decide({ principal: ctx.principal, interaction: '$validate', right: 'delete', type, id });
  if (decision.kind === 'deny') return [{ severity: 'error', code: 'forbidden', diagnostics: decision.reason }];
  const isReached = decision.kind === 'allow' || (await isVisible(ctx, { type, id }, decision.clause));
  return isReached ? [] : [{ severity: 'error', code: 'forbidden', diagnostics: `Your access does not include deleting this ${type}` }];
}

async function readStored(ctx: FhirContext, type: string, id: string): Promise<unknown> {
  const reach = await requireReach(ctx, { interaction: '$validate', right: 'read', type, id });
  const current = await visibleVersion(ctx, { type, id }, reach);
  if (current === undefined) throw notFound(`${type}/${id} is not known`);
  if (current.json === null) throw gone(`${type}/${id} has been deleted`);
  ctx.trail?.saw([current]);
  return parseJson(current.json);
}

function answer(issues: readonly Issue[], allWell: string): FhirResponse {
  const none: Issue = { severity: 'information', code: 'informational', diagnostics: allWell };
  return { status: 200, body: operationOutcome(issues.length === 0 ? [none] : issues) };
}
