/**
 * Self-care plans: zones within a plan, and what is done in each.
 *
 * Spec: profiles/README.md (a zone of a self-management plan points at the whole with `partOf`)
 */
import type { MeasureSpec, PlanSpec, Who } from './spec.ts';
import type { StaffKey } from './staff.ts';

interface ZoneSpec {
  readonly key: string;
  readonly title: string;
  /** The signs that the person is in it. */
  readonly signs: string;
  /** What is then done, and by whom: the person, unless another is named. */
  readonly todo: readonly (string | readonly [what: string, owner: Who])[];
}

interface SelfCareSpec {
  /** The plan as a whole: key, title and what it is. */
  readonly plan: Omit<PlanSpec, 'type' | 'partOf' | 'goals'>;
  /** The goal it serves. */
  readonly goal: string;
  /** The plan it is part of. */
  readonly partOf: string;
  readonly type: MeasureSpec['type'];
  readonly zones: readonly ZoneSpec[];
}

/** The plan with a plan for each zone, and the measures that hold good in them. */
export function selfCare(spec: SelfCareSpec): { plans: PlanSpec[]; measures: MeasureSpec[] } {
  const { plan, goal, partOf, type, zones } = spec;
  const { from, review, custodian } = plan;
  const author: StaffKey = plan.author;
  const whole: PlanSpec = { ...plan, type: 'egenbehandlingsplan', partOf, goals: [goal] };
  const parts = zones.map(
    ({ key, title, signs }): PlanSpec => ({
      key,
      type: 'egenbehandlingsplan',
      title,
      description: signs,
      from,
      review,
      author,
      custodian,
      partOf: plan.key,
      goals: [goal],
    }),
  );
  const measures = zones.flatMap(({ key, todo }) =>
    todo.map((one, index): MeasureSpec => {
      const [what, owner] = typeof one === 'string' ? ([one, 'patient'] as const) : one;
      const name = key.replace(/-sone$/, '');
      return { key: index === 0 ? name : `${name}-${index + 1}`, plan: key, type, what, owner, goal, status: 'in-progress', from };
    }),
  );
  return { plans: [whole, ...parts], measures };
}
