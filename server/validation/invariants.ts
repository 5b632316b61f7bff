/**
 * Compiles the constraints of an element into checks: the common ones as functions of their own, the rest by FHIRPath.
 *
 * Spec: https://hl7.org/fhir/R4/conformance-rules.html#constraints
 */
import { compileFhirPath, type FhirPathExpression } from '../fhir/fhirpath.ts';
import type { Resource } from '../fhir/resource.ts';
import { isMember } from './binding.ts';
import { conformsTo } from './check-profile.ts';
import { FAST_INVARIANTS } from './fast-invariants.ts';
import { repairedExpression } from './invariant-errata.ts';
import { compileQuickPath, isTrue, type QuickContext } from './quick-path/quick-path.ts';
import { Bail } from './quick-path/values.ts';
import { resolveIn } from './resolve.ts';
import { type Run, RunStopped } from './run.ts';
import type { Constraint } from './structure.ts';
import type { ValueCheck } from './type-plan.ts';
import type { Workshop } from './workshop.ts';

/** One check for each constraint, in order. `path` is the element the expressions start from. */
export function compileInvariants(constraints: readonly Constraint[], path: string, from: string, workshop: Workshop): ValueCheck[] {
  const checks: ValueCheck[] = [];
  for (const constraint of constraints) {
    if (constraint.expression === '' || constraint.key === 'ele-1' || constraint.expression === 'htmlChecks()') continue;
    checks.push(compileOne(constraint, path, from, workshop));
  }
  return checks;
}

function compileOne(constraint: Constraint, path: string, from: string, workshop: Workshop): ValueCheck {
  const fast = FAST_INVARIANTS.get(constraint.expression);
  if (fast !== undefined) {
    return (run, value) => {
      if (!fast(value as Record<string, unknown>, run)) run.invariant(constraint, from);
    };
  }
  const text = repairedExpression(constraint.expression);
  const quick = compileQuickPath(text);
  let full: FhirPathExpression | undefined;
  const holds = (run: Run, value: unknown): boolean => {
    if (quick !== undefined) {
      try {
        return quick.holds(value, new RunContext(run));
      } catch (error) {
        if (!(error instanceof Bail)) throw error;
      }
    }
    return run.timed(() => {
      full ??= compileFhirPath(text, path);
      return isTrue(full(value, contextOf(run, workshop)));
    });
  };
  return (run, value) => {
    try {
      if (!holds(run, value)) run.invariant(constraint, from);
    } catch (error) {
      if (error instanceof RunStopped) throw error;
      run.report(
        'invariant-failed',
        { key: constraint.key, why: error instanceof Error ? error.message.slice(0, 200) : 'unknown' },
        'warning',
      );
    }
  };
}

/** What an expression sees of a run. */
class RunContext implements QuickContext {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  get resource(): Resource {
    return this.#run.resource;
  }

  get rootResource(): Resource {
    return this.#run.resources[0]!;
  }

  resolve(reference: string): Resource | undefined {
    return resolveIn(this.#run, reference) ?? this.#run.options.stored?.get(reference) ?? undefined;
  }
}

function contextOf(run: Run, workshop: Workshop) {
  const context = new RunContext(run);
  return {
    resource: context.resource,
    rootResource: context.rootResource,
    resolve: (reference: string) => context.resolve(reference),
    conformsTo: (value: unknown, profile: string) =>
      workshop.profiles.get(profile) === undefined ? undefined : conformsTo(run, value, profile, workshop),
    memberOf: (value: unknown, valueSet: string) => isMember(value, valueSet, workshop.terminology),
  };
}
