/** What a run comes to: counts, and for each requirement of the public kit's list whether it is met. */
import { type CheckResult, isFailure } from '../run-checks.ts';

export interface Summary {
  readonly checks: number;
  readonly passed: number;
  /** Of SHALL. */
  readonly failed: number;
  /** Of SHOULD. */
  readonly advised: number;
  readonly notApplicable: number;
}

export type RequirementState = 'met' | 'not met' | 'advice not followed' | 'not tried';

export function summaryOf(results: readonly CheckResult[]): Summary {
  const count = (of: (result: CheckResult) => boolean) => results.filter(of).length;
  return {
    checks: results.length,
    passed: count(({ outcome }) => outcome === 'pass'),
    failed: count(isFailure),
    advised: count((result) => result.outcome === 'fail' && !isFailure(result)),
    notApplicable: count(({ outcome }) => outcome === 'not-applicable'),
  };
}

/** Requirements by number, in order; one is met when all of its checks that could be tried have passed. */
export function requirementsOf(results: readonly CheckResult[]): ReadonlyMap<number, RequirementState> {
  const numbers = [...new Set(results.flatMap(({ check }) => check.requirements))].sort((a, b) => a - b);
  return new Map(numbers.map((number) => [number, stateOf(results.filter(({ check }) => check.requirements.includes(number)))]));
}

function stateOf(results: readonly CheckResult[]): RequirementState {
  if (results.some(isFailure)) return 'not met';
  if (results.some(({ outcome }) => outcome === 'fail')) return 'advice not followed';
  return results.some(({ outcome }) => outcome === 'pass') ? 'met' : 'not tried';
}

/** `@31 @57`, or nothing. */
export function numbered(requirements: readonly number[]): string {
  return requirements.map((number) => `@${number}`).join(' ');
}
