/**
 * Whom to turn to when a person has no plan: the coordinating unit, and the needs reported to it.
 *
 * Spec: profiles fp-need-report and fp-care-team (profiles/README.md)
 */
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { codingOf, hasCode, labelOf } from '../../fhir/codes.ts';
import { newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import type { Label } from '../../i18n/code-labels.ts';

interface ReportedNeed {
  readonly id: string;
  readonly need: Label | undefined;
  readonly date: string | undefined;
  readonly unit: Person | undefined;
}

export interface CoordinatingUnits {
  readonly units: readonly Person[];
  /** Open reports only, the newest first. */
  readonly needs: readonly ReportedNeed[];
}

const OVER = new Set(['completed', 'revoked']);

/** @returns units from reports of need, from teams, and from members with that role; each once. */
export function readCoordinatingUnits(data: PlanData): CoordinatingUnits {
  const reports = data.needReports.filter((report) => codingOf(CODE_SYSTEM.needType, report.code) !== undefined);
  const members = data.teams.flatMap((team) => team.participant ?? []);
  const units = [
    ...reports.flatMap((report) => report.performer ?? []),
    ...members
      .filter((member) => hasCode(CODE_SYSTEM.teamRole, 'koordinerende-enhet', ...(member.role ?? [])))
      .flatMap((member) => member.member ?? []),
    ...data.teams.flatMap((team) => team.managingOrganization ?? []),
  ].map((reference) => personOf(reference, data.index));
  return {
    units: [...new Map(units.map((unit) => [unit.key, unit])).values()],
    needs: reports
      .filter((report) => !OVER.has(report.status ?? ''))
      .map((report) => ({
        id: report.id ?? '',
        need: labelOf(CODE_SYSTEM.needType, report.code),
        date: report.authoredOn,
        unit: report.performer?.[0] ? personOf(report.performer[0], data.index) : undefined,
      }))
      .sort(newestFirst((need) => need.date)),
  };
}
