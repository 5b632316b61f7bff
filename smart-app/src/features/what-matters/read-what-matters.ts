/**
 * The person's own words, the newest first.
 *
 * Spec: profile fp-what-matters (profiles/README.md)
 */
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { hasCode } from '../../fhir/codes.ts';
import { newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';

export interface OwnWords {
  readonly id: string;
  readonly text: string;
  /** The language it is written in, as BCP 47. */
  readonly language: string | undefined;
  readonly date: string | undefined;
  readonly saidBy: Person | undefined;
}

/** @returns every answer to "Hva er viktig for deg?", the newest first. */
export function readWhatMatters(data: PlanData): OwnWords[] {
  return data.observations
    .filter((observation) => hasCode(CODE_SYSTEM.observation, 'what-matters', observation.code) && observation.valueString)
    .map((observation) => {
      const performer = observation.performer?.[0];
      return {
        id: observation.id ?? '',
        text: observation.valueString ?? '',
        language: observation.language,
        date: observation.effectiveDateTime ?? observation.effectivePeriod?.start,
        saidBy: performer === undefined ? undefined : personOf(performer, data.index),
      };
    })
    .sort(newestFirst((words) => words.date));
}
