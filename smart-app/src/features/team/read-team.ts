/**
 * The follow-up team: who takes part now, in what role, and who did before.
 *
 * Spec: profile fp-care-team (profiles/README.md)
 */
import type { CareTeam, CareTeamParticipant } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { labelOf } from '../../fhir/codes.ts';
import { hasEnded, isAhead } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import type { Label } from '../../i18n/code-labels.ts';

export interface TeamMember {
  readonly person: Person;
  /** Roles in this team. */
  readonly roles: readonly Label[];
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** Takes part from a day to come. */
  readonly ahead: boolean;
}

export interface Team {
  readonly current: readonly TeamMember[];
  readonly former: readonly TeamMember[];
  /** The organisations whose coordinating unit answers for the team. */
  readonly managedBy: readonly Person[];
}

/** Coordinators, the person and kin, the GP; then all others as the team lists them. */
const ROLE_ORDER = ['barnekoordinator', 'koordinator', 'pasient', 'foresatt', 'parorende', 'fastlege'];

/** Says nothing by itself: the service's own word for the role is shown in its place. */
const OTHER = 'annen';

const rankOf = (member: TeamMember): number => {
  const ranks = member.roles.map((role) => ROLE_ORDER.indexOf(role.code)).filter((rank) => rank >= 0);
  return Math.min(ROLE_ORDER.length, ...ranks);
};

const readMember = (participant: CareTeamParticipant, data: PlanData, today: string): TeamMember => {
  const person = personOf(participant.member, data.index, participant.onBehalfOf);
  const inTeam = (participant.role ?? [])
    .flatMap((role) => labelOf(CODE_SYSTEM.teamRole, role) ?? [])
    .map((role) => (role.code === OTHER && person.title !== undefined ? { system: '', code: OTHER, display: person.title } : role));
  return {
    person,
    roles: inTeam.length > 0 ? inTeam : person.roles,
    since: participant.period?.start,
    until: participant.period?.end,
    ahead: isAhead(participant.period, today),
  };
};

/**
 * @param teams the teams of the plan shown; a member of several is shown once for each role.
 * @param today `yyyy-mm-dd` in the reader's time zone.
 */
export function readTeam(teams: readonly CareTeam[], data: PlanData, today: string): Team {
  const members = teams.flatMap((team) =>
    (team.participant ?? []).map((participant) => {
      const member = readMember(participant, data, today);
      return { member, ended: team.status === 'inactive' || hasEnded(participant.period, today) };
    }),
  );
  const unique = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => [
    ...new Map(items.map((item) => [keyOf(item), item])).values(),
  ];
  const keyOf = (member: TeamMember): string => `${member.person.key} ${member.roles.map((role) => role.code).join(' ')}`;
  const list = (ended: boolean): TeamMember[] =>
    unique(
      members.filter((entry) => entry.ended === ended).map((entry) => entry.member),
      keyOf,
    ).sort((a, b) => rankOf(a) - rankOf(b));
  const managers = teams.flatMap((team) => team.managingOrganization ?? []).map((organization) => personOf(organization, data.index));
  return { current: list(false), former: list(true), managedBy: unique(managers, (manager) => manager.key) };
}
