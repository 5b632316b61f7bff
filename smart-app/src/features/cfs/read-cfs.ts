/**
 * CFS ratings with level number and short name, the newest first.
 *
 * Spec: profile fp-cfs-score (profiles/README.md)
 */
import { calculateAge } from '@medplum/core';
import { CFS_CODE, CODE_SYSTEM, SNOMED } from '../../fhir/canonicals.ts';
import { codingOf, hasCode } from '../../fhir/codes.ts';
import { newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import type { Label } from '../../i18n/code-labels.ts';

export interface CfsRating {
  readonly id: string;
  /** 1–9. */
  readonly level: number;
  readonly name: Label;
  /** The day whose state is rated: two weeks before the talk. */
  readonly date: string | undefined;
  readonly rater: Person | undefined;
  /** The person was under 65 then: the scale is not validated for it. */
  readonly underAge: boolean;
}

const VALIDATED_FROM_YEARS = 65;

/** @returns whether a rating is to be expected: the person is of the age the scale is validated for, or of unknown age. `today` is `yyyy-mm-dd`. */
export function isCfsExpected({ patient: { birthDate } }: PlanData, today: string): boolean {
  return birthDate === undefined || calculateAge(birthDate, today).years >= VALIDATED_FROM_YEARS;
}

/** @returns all ratings; those without a level 1–9 are left out. */
export function readCfs(data: PlanData): CfsRating[] {
  return data.observations
    .filter((observation) => hasCode(SNOMED, CFS_CODE, observation.code))
    .flatMap((observation) => {
      const coded = codingOf(CODE_SYSTEM.cfsLevel, ...(observation.component ?? []).map((component) => component.valueCodeableConcept));
      const level = observation.valueQuantity?.value ?? Number(coded?.code);
      if (!Number.isInteger(level) || level < 1 || level > 9) return [];
      const date = observation.effectiveDateTime;
      const performer = observation.performer?.[0];
      const { birthDate } = data.patient;
      return {
        id: observation.id ?? '',
        level,
        name: { system: CODE_SYSTEM.cfsLevel, code: String(level), display: coded?.display },
        date,
        rater: performer === undefined ? undefined : personOf(performer, data.index),
        underAge: birthDate !== undefined && date !== undefined && calculateAge(birthDate, date).years < VALIDATED_FROM_YEARS,
      };
    })
    .sort(newestFirst((rating) => rating.date));
}
