/**
 * $validate: what would be wrong with a resource, without storing it.
 *
 * Spec: https://hl7.org/fhir/R4/resource-operation-validate.html
 */
import { badValue, malformed, notFound } from '../fhir/errors.ts';
import { type Issue, operationOutcome } from '../fhir/outcome.ts';
import { isObject } from '../fhir/resource.ts';
import { resourceOfType } from '../interactions/check-content.ts';
import type { FhirContext, FhirResponse } from '../interactions/context.ts';
import { takeParameters } from '../interactions/parameters.ts';
import { requireReach } from '../interactions/reach.ts';
import { isVisible } from '../interactions/visibility.ts';
import { validateText } from '../validation/validate-text.ts';
import type { OperationRequest } from './run-operation.ts';

const MODES = ['create', 'update', 'delete', 'profile'];

/**
 * An OperationOutcome with the validator's issues, 200 whether the resource is valid or not. The resource is the body,
 * the part `resource` of a Parameters body, or (without a body) the stored instance.
 * @throws FhirError 400 when there is nothing to validate, or a parameter cannot be read; 404 for an unknown instance.
 */
export async function validate(ctx: FhirContext, request: OperationRequest, type: string): Promise<FhirResponse> {
  const given = takeParameters(request.query, ['profile', 'mode']);
  const { resource, profile, mode } = await readInput(ctx, request, type);
  const asked = given.mode ?? mode;
  if (asked !== undefined && !MODES.includes(asked)) throw badValue(`mode is one of ${MODES.join(', ')}`, 'mode');
  const profiles = [given.profile ?? profile].filter((each) => each !== undefined);
  const text = resource === request.body ? request.bodyText : undefined;
  const issues = text === undefined ? ctx.validator.validate(resource, { profiles }) : validateText(ctx.validator, text, { profiles });
  return { status: 200, body: operationOutcome(issues.length === 0 ? [allWell(type)] : issues) };
}

interface Input {
  readonly resource: unknown;
  readonly profile?: string;
  readonly mode?: string;
}

async function readInput(ctx: FhirContext, request: OperationRequest, type: string): Promise<Input> {
  const { body, interaction } = request;
  if (!isObject(body)) {
    if (interaction.id === undefined) throw malformed(`A ${type} is expected in the body`, type);
    return { resource: await stored(ctx, type, interaction.id) };
  }
  if (body.resourceType !== 'Parameters' || type === 'Parameters') return { resource: resourceOfType(body, type) };
  const parameters = Array.isArray(body.parameter) ? body.parameter.filter(isObject) : [];
  const named = (name: string) => parameters.find((parameter) => parameter.name === name);
  const text = (name: string, ...elements: string[]) =>
    elements.map((element) => named(name)?.[element]).find((value) => typeof value === 'string');
  const profile = text('profile', 'valueUri', 'valueCanonical', 'valueString');
  const mode = text('mode', 'valueCode', 'valueString');
  const resource = named('resource')?.resource ?? (interaction.id === undefined ? undefined : await stored(ctx, type, interaction.id));
  return {
    resource: resourceOfType(resource, type),
    ...(profile === undefined ? {} : { profile }),
    ...(mode === undefined ? {} : { mode }),
  };
}

async function stored(ctx: FhirContext, type: string, id: string): Promise<unknown> {
  const reach = await requireReach(ctx, { interaction: '$validate', right: 'read', type, id });
  const current = await ctx.store.read(type, id);
  if (current?.json == null || !(await isVisible(ctx, current, reach))) throw notFound(`${type}/${id} is not known`);
  return JSON.parse(current.json);
}

function allWell(type: string): Issue {
  return { severity: 'information', code: 'informational', diagnostics: `No issues found in this ${type}` };
}
