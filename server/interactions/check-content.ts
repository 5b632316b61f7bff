/**
 * Whether a body may be stored: it is a resource of the type in the URL, and valid as far as the server is told to check.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#Status-Codes
 */
import { badRequest, badValue, FhirError, malformed, unprocessable } from '../fhir/errors.ts';
import type { Language } from '../fhir/language.ts';
import { type Issue, isErrorIssue } from '../fhir/outcome.ts';
import { ID_PATTERN, isResource, type Resource } from '../fhir/resource.ts';
import { holdsPersonalNumber } from '../search/personal-number.ts';
import { validateText } from '../validation/validate-text.ts';
import type { FhirContext } from './context.ts';

/**
 * The body as a resource of `type`.
 * @throws FhirError 400 `structure` when it is no resource, 400 `invalid` when it is of another type.
 */
export function resourceOfType(body: unknown, type: string): Resource {
  if (body === undefined) throw malformed(`A ${type} is expected in the body`, type);
  if (!isResource(body)) throw malformed('The body is not a resource: it has no resourceType', 'resourceType');
  if (body.resourceType !== type) {
    throw badRequest(`The body is a ${body.resourceType.slice(0, 64)}, the URL says ${type}`, `${type}.resourceType`);
  }
  return body;
}

/**
 * Checks the id that an update's body must carry.
 * @throws FhirError 400 `invalid` when it is missing or not that of the URL, 400 `value` when it cannot be an id (a national identity number cannot).
 */
export function checkBodyId(resource: Resource, urlId: string | undefined): void {
  const { id, resourceType } = resource;
  if (id !== undefined && (typeof id !== 'string' || !ID_PATTERN.test(id))) {
    throw badValue('An id has 1 to 64 letters, digits, hyphens and points', `${resourceType}.id`);
  }
  if (typeof id === 'string' && holdsPersonalNumber(id))
    throw badValue('An id must not be a national identity number', `${resourceType}.id`);
  if (urlId === undefined || id === urlId) return;
  const why = id === undefined ? 'The body has no id' : 'The id in the body is not the one in the URL';
  throw badRequest(why, `${resourceType}.id`);
}

/** What of a context the check of content needs. */
type Checking = Pick<FhirContext, 'validator' | 'writeValidation' | 'language'>;

/** The language in which the validator's texts are wanted. */
export function languageOf({ language }: Pick<FhirContext, 'language'>): { language: Language } | Record<string, never> {
  return language === undefined ? {} : { language };
}

/**
 * Validates what is about to be stored; with `text`, what the resource was read from, issues have line and column.
 * @throws FhirError 400 with the issues when the JSON has not the shape of the resource, 422 when it breaks a rule: errors
 * first, then the warnings that something can be done about.
 */
export function checkContent(ctx: Checking, resource: Resource, text?: string): void {
  if (ctx.writeValidation === 'off') return;
  const options = { followMetaProfile: ctx.writeValidation === 'profile', ...languageOf(ctx) };
  if (ctx.validator.validate(resource, { ...options, errorsOnly: true }).length === 0) return;
  // Only what is refused is checked a second time, to tell of its warnings as well and where in the text each issue is.
  const issues = text === undefined ? ctx.validator.validate(resource, options) : validateText(ctx.validator, text, options);
  const errors = issues.filter(isErrorIssue);
  const told = [...errors, ...issues.filter(isActionable)];
  if (errors.some(isMalformed)) throw new FhirError(400, told);
  throw unprocessable(told);
}

/** What could be better with content that is stored: warnings, also of the profile of its kind that it does not claim. */
export function contentNotes(ctx: Checking, resource: Resource): readonly Issue[] {
  if (ctx.writeValidation === 'off') return [];
  const options = { followMetaProfile: ctx.writeValidation === 'profile', advise: ctx.writeValidation === 'profile', ...languageOf(ctx) };
  return ctx.validator.validate(resource, options).filter(isActionable);
}

/** A warning that whoever writes can do something about: a missing narrative is for people who write by hand. */
function isActionable(issue: Issue): boolean {
  return issue.severity === 'warning' && !isOf(issue, UNTOLD);
}

const UNTOLD: ReadonlySet<string> = new Set(['dom-6', 'binding-preferred', 'binding-unknown']);

/** Rules of the validator about the JSON itself: what breaks them is not a resource, rather than a wrong one. */
const SHAPE_RULES: ReadonlySet<string> = new Set([
  'not-a-resource',
  'unknown-resource-type',
  'unknown-property',
  'expected-array',
  'unexpected-array',
  'expected-object',
  'empty-array',
  'empty-object',
  'null-value',
  'array-all-null',
  'primitive-json-type',
  'too-deep',
]);

function isMalformed(issue: Issue): boolean {
  return isOf(issue, SHAPE_RULES);
}

function isOf({ details }: Issue, rules: ReadonlySet<string>): boolean {
  return details?.coding?.some(({ code }) => rules.has(code)) === true;
}
