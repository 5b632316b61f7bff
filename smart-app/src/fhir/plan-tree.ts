/**
 * Types of plans, and plans within plans.
 *
 * Spec: profile fp-care-plan (profiles/README.md); https://hl7.org/fhir/R4/careplan-definitions.html#CarePlan.partOf
 */
import type { CarePlan } from '@medplum/fhirtypes';
import type { Label } from '../i18n/code-labels.ts';
import { CODE_SYSTEM } from './canonicals.ts';
import { codingOf, labelOf } from './codes.ts';
import { referenceKey } from './resource-index.ts';

/** @returns the plan's type, by our code system where it says one. */
export function planTypeOf(plan: CarePlan): Label | undefined {
  const coding = codingOf(CODE_SYSTEM.planType, ...(plan.category ?? []));
  if (coding?.code !== undefined) return { system: CODE_SYSTEM.planType, code: coding.code, display: coding.display };
  return labelOf(CODE_SYSTEM.planType, plan.category?.[0]);
}

/** @returns the plans that say they are part of this one, in the order given. */
export const partsOfPlan = (plan: CarePlan, plans: readonly CarePlan[]): CarePlan[] =>
  plans.filter((candidate) => candidate.partOf?.some((whole) => referenceKey(whole) === `CarePlan/${plan.id}`));

/** @returns the parts and their parts, each once, whatever circle the references make. */
export function allPartsOfPlan(plan: CarePlan, plans: readonly CarePlan[]): CarePlan[] {
  const found = new Set<CarePlan>([plan]);
  for (const part of found) for (const inner of partsOfPlan(part, plans)) found.add(inner);
  found.delete(plan);
  return [...found];
}
