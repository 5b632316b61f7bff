/**
 * Whether the way to the access log is offered. The server decides who may read it, and asking it is itself an access that
 * is logged: so it is asked when the user wants the log, and those who are surely refused are not offered to ask.
 */
import type { CareTeamParticipant } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonicals.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import { type ResourceIndex, referenceKey } from '../../fhir/resource-index.ts';

const ROLES = new Set(['koordinator', 'barnekoordinator', 'koordinerende-enhet', 'sykehuskoordinator']);

/**
 * @param user `Type/id` or URL of the user's own resource at the shared service.
 * @returns true for the person, for relatives, and for those of the team who coordinate it.
 */
export function mayAskForLog(user: string | undefined, { patient, teams, index }: PlanData): boolean {
  const key = referenceKey(user);
  if (key === undefined) return false;
  if (key === `Patient/${patient.id}` || key.startsWith('RelatedPerson/')) return true;
  return teams.some((team) => team.participant?.some((participant) => coordinates(participant) && isMember(participant, key, index)));
}

function coordinates({ role }: CareTeamParticipant): boolean {
  const codes = role?.flatMap(({ coding }) => coding ?? []) ?? [];
  return codes.some(({ system, code }) => system === CODE_SYSTEM.teamRole && ROLES.has(code ?? ''));
}

/** A member is named by their role, or the organisation is that they have a role in. */
function isMember({ member }: CareTeamParticipant, user: string, index: ResourceIndex): boolean {
  const named = referenceKey(member);
  const own = index.all('PractitionerRole').filter((role) => referenceKey(role.practitioner) === user);
  return named === user || own.some((role) => named === `PractitionerRole/${role.id}` || named === referenceKey(role.organization));
}
