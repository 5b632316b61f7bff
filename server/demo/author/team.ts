/**
 * The follow-up team (oppfølgingsteam) round a person.
 *
 * Spec: https://hl7.org/fhir/R4/careteam.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { day } from './calendar.ts';
import { inLanguage, isKin, kinOf, organizationOf, organizationReference, patientReference, refer, whoReference } from './cast.ts';
import { type Code, concept, own, profile } from './codes.ts';
import { teamId } from './ids.ts';
import { phoneNumber } from './numbers.ts';
import type { OrganizationKey } from './organizations.ts';
import type { MemberSpec, PersonSpec, TeamSpec, Who } from './spec.ts';
import { isStaffKey, type StaffKey, staff } from './staff.ts';

const COORDINATOR_ROLES = ['koordinator', 'barnekoordinator'];
const AGE_OF_MAJORITY = 18;

export function careTeam(person: PersonSpec, team: TeamSpec): Resource {
  const coordinator = coordinatorOf(person);
  return {
    resourceType: 'CareTeam',
    id: teamId(person),
    meta: profile('fp-care-team'),
    ...inLanguage(person),
    status: team.status ?? 'active',
    category: [{ text: 'Oppfølgingsteam' }],
    name: team.name ?? `Oppfølgingsteamet til ${person.given} ${person.family}`,
    subject: patientReference(person),
    period: { start: day(team.since) },
    participant: team.members.map((member) => ({
      role: [concept(own('fp-team-role', memberRole(person, member)))],
      member: whoReference(person, member.who),
      period: { start: day(member.from ?? team.since), ...(member.to === undefined ? {} : { end: day(member.to) }) },
    })),
    managingOrganization: [organizationReference(team.managedBy)],
    ...(coordinator === undefined ? {} : { telecom: [{ system: 'phone', value: phoneNumber(`staff-${coordinator}`), use: 'work' }] }),
  };
}

/** The person's coordinator today; undefined when there is none. */
export function coordinatorOf(person: PersonSpec): StaffKey | undefined {
  const found = person.team?.members.find((member) => COORDINATOR_ROLES.includes(memberRole(person, member)) && isCurrent(member));
  return found !== undefined && isStaffKey(found.who) ? found.who : undefined;
}

/** The organisations that members of the team act for today, each once. */
export function teamOrganizations(person: PersonSpec): OrganizationKey[] {
  const current = (person.team?.members ?? []).filter(isCurrent).map((member) => organizationOf(member.who));
  return [...new Set(current.filter((key) => key !== undefined))];
}

/** The employees in the team today. */
export function teamStaff(person: PersonSpec): StaffKey[] {
  return (person.team?.members ?? [])
    .filter(isCurrent)
    .map((member) => member.who)
    .filter(isStaffKey);
}

/** The patient and kin in the team today. */
export function teamKin(person: PersonSpec): Who[] {
  return (person.team?.members ?? []).filter((member) => isCurrent(member) && isKin(member.who)).map((member) => member.who);
}

export const teamReference = (person: PersonSpec): { reference: string } => refer('CareTeam', teamId(person));

function memberRole(person: PersonSpec, member: MemberSpec): Code<'fp-team-role'> {
  if (member.role !== undefined) return member.role;
  if (member.who === 'patient') return 'pasient';
  if (isKin(member.who)) return isChild(person) && ['MTH', 'FTH'].includes(kinOf(person, member.who).relation) ? 'foresatt' : 'parorende';
  return isStaffKey(member.who) ? staff(member.who).role : 'annen';
}

/** True under 18: the parents of a grown-up are kin and no longer guardians. */
function isChild({ birthDate }: PersonSpec): boolean {
  return `${Number(birthDate.slice(0, 4)) + AGE_OF_MAJORITY}${birthDate.slice(4)}` > day(0);
}

function isCurrent(member: MemberSpec): boolean {
  return member.to === undefined || member.to >= 0;
}
