/**
 * The one named coordinator, from the team; from the plan's author when no team names one.
 *
 * Spec: profiles fp-care-team and fp-care-plan (profiles/README.md)
 */
import type { CarePlan, CareTeam } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { codingOf } from '../../fhir/codes.ts';
import { hasEnded, isAhead } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import type { Label } from '../../i18n/code-labels.ts';

export interface Coordinator {
  readonly person: Person;
  readonly role: Label;
  readonly since: string | undefined;
}

const COORDINATORS = new Set(['koordinator', 'barnekoordinator']);

/** @returns the current coordinator; undefined when there is none. */
export function readCoordinator(
  plan: CarePlan | undefined,
  teams: readonly CareTeam[],
  data: PlanData,
  today: string,
): Coordinator | undefined {
  for (const participant of teams.filter((team) => team.status !== 'inactive').flatMap((team) => team.participant ?? [])) {
    const coding = (participant.role ?? [])
      .map((role) => codingOf(CODE_SYSTEM.teamRole, role))
      .find((found) => COORDINATORS.has(found?.code ?? ''));
    if (coding?.code === undefined || hasEnded(participant.period, today) || isAhead(participant.period, today)) continue;
    const role = { system: CODE_SYSTEM.teamRole, code: coding.code, display: coding.display };
    return { person: personOf(participant.member, data.index, participant.onBehalfOf), role, since: participant.period?.start };
  }
  if (plan?.author === undefined) return undefined;
  return { person: personOf(plan.author, data.index), role: { system: CODE_SYSTEM.teamRole, code: 'koordinator' }, since: undefined };
}
