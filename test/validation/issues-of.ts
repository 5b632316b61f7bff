import type { Issue } from '../../server/fhir/outcome.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import type { ValidateOptions } from '../../server/validation/validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';

const terminology = createTerminology();
const plain = createValidator({ terminology });

/** Issues of a severity as `code expression`, in order. */
function shown(issues: readonly Issue[], severities: readonly string[]): string[] {
  return issues
    .filter((issue) => severities.includes(issue.severity))
    .map((issue) => `${issue.code} ${issue.expression?.[0] ?? ''}`.trim());
}

/** The errors of a resource, as `code expression`. */
export function errorsOf(resource: unknown, options?: ValidateOptions): string[] {
  return shown(plain.validate(resource, options), ['error', 'fatal']);
}

/** The warnings of a resource besides the missing narrative, as `code expression`. */
export function warningsOf(resource: unknown, options?: ValidateOptions): string[] {
  const issues = plain.validate(resource, options).filter((issue) => issue.details?.coding?.[0]?.code !== 'dom-6');
  return shown(issues, ['warning']);
}

/** The rule ids of the errors of a resource. */
export function rulesOf(resource: unknown, options?: ValidateOptions): string[] {
  const errors = plain.validate(resource, options).filter((issue) => issue.severity === 'error' || issue.severity === 'fatal');
  return errors.map((issue) => issue.details?.coding?.[0]?.code ?? '');
}

/** The errors of a resource with definitions of its own. */
export function errorsWith(resources: readonly Record<string, unknown>[], resource: unknown, options?: ValidateOptions): string[] {
  const validator = createValidator({ terminology: terminology.including([]), resources });
  return shown(validator.validate(resource, options), ['error', 'fatal']);
}

/** A differential-only profile. */
export function profile(
  type: string,
  element: readonly Record<string, unknown>[],
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    resourceType: 'StructureDefinition',
    url: 'http://test.example/profile',
    name: 'Test',
    status: 'active',
    kind: 'resource',
    abstract: false,
    type,
    baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
    derivation: 'constraint',
    differential: { element },
    ...more,
  };
}

export const TEST_PROFILE = { profiles: ['http://test.example/profile'] };
