/**
 * Emergency access (nødtilgang, break-the-glass): who may open the plan of the person in front of them without team and
 * consent, with a reason, for a while, to read.
 *
 * It is for authorised health personnel (HPR number, confirmed by the record system or the identity provider) in a role
 * of the organisation they act for, and for the one patient whom the record system confirmed: that the patient is in
 * front of them is what a help in need begins with. Whoever has access already needs none. A block that names an
 * organisation gives way, as the law lets weighty reasons and need go before the right to object; a block that names
 * the person does not, for there the one who looks is what the patient fears, and a colleague can help.
 *
 * Spec: https://lovdata.no/dokument/NL/lov/1999-07-02-63 § 5-3 · https://lovdata.no/dokument/NL/lov/1999-07-02-64 § 7 ·
 * https://terminology.hl7.org/CodeSystem-v3-ActReason.html (BTG)
 */
import type { Resource } from '../../fhir/resource.ts';
import type { StateStore } from '../../store/state-store.ts';
import type { GrantsOfPatient } from '../grants-of-patient.ts';
import { registeredToken } from '../issued-tokens.ts';
import type { GrantContext } from '../launch-context.ts';
import type { Principal } from '../principal.ts';
import { actorOf } from './actor.ts';
import { findAll, hasStatus, refers } from './directory.ts';
import { type EmergencyGrant, type EmergencyGrants, emergencyGrants } from './emergency-grants.ts';
import { currentParticipants } from './links.ts';
import { isBlockedInPerson, type ReachSources, reachOf } from './reach.ts';
import { seesPlan, standingOfRole } from './standing.ts';

/** What a caller who asks for emergency access may be told. */
export type EmergencyAnswer =
  /** Not for this caller: no authorised person, no role, no scope to read plans with, or blocked in person. */
  | { readonly kind: 'refused' }
  /** There is no patient in front of them who is known here. */
  | { readonly kind: 'nobody' }
  /** They have access without. */
  | { readonly kind: 'needless' }
  /** They have it already. */
  | { readonly kind: 'running'; readonly grant: EmergencyGrant }
  | { readonly kind: 'open'; readonly practitionerId: string; readonly patientId: string; readonly role: string };

export interface EmergencyAccess extends EmergencyGrants {
  /** What the caller may have. Nothing is changed by asking. */
  ask(principal: Principal): Promise<EmergencyAnswer>;
  /** Who is told of it: coordinator and coordinating unit in the team, who answers for the team, and the patient. References, without repeats. */
  announcedTo(patientId: string): Promise<readonly string[]>;
  /** Ends the caller's emergency access, and every token that was given in it. @returns the grant that was ended. */
  endFor(principal: Principal): Promise<EmergencyGrant | undefined>;
}

export interface EmergencyAccessOptions {
  readonly state: StateStore;
  readonly sources: Omit<ReachSources, 'emergencies'>;
  readonly minutes: number;
  readonly issuerName: string;
  readonly grants: GrantsOfPatient;
  readonly contextOf: (grantId: string) => Promise<GrantContext | undefined>;
  readonly nowMs: () => number;
}

/** Emergency access at one issuer. */
export function emergencyAccess(options: EmergencyAccessOptions): EmergencyAccess {
  const { state, sources, minutes, issuerName, grants, contextOf, nowMs } = options;
  const kept = emergencyGrants(state, minutes);

  /** The patient whom the record system confirmed when the token was given, also one whom its user may not know. */
  async function inFront({ tokenId, patientId }: Principal): Promise<string | undefined> {
    if (patientId !== undefined || tokenId === undefined) return patientId;
    const grantId = (await registeredToken(state, issuerName, tokenId))?.grantId;
    return grantId === undefined ? undefined : (await contextOf(grantId))?.confirmedPatient;
  }

  async function running(principal: Principal): Promise<EmergencyGrant | undefined> {
    const [, practitionerId] = /^Practitioner\/(.+)$/.exec(principal.fhirUser ?? '') ?? [];
    const patientId = await inFront(principal);
    return practitionerId === undefined || patientId === undefined ? undefined : kept.find(practitionerId, patientId);
  }

  return {
    ...kept,
    async ask(principal) {
      const actor = await actorOf(principal, sources.store, nowMs());
      if (actor.kind !== 'service' || actor.practitionerId === undefined) return { kind: 'refused' };
      if (principal.hprNumber === undefined || !readsPlans(principal)) return { kind: 'refused' };
      const patientId = await inFront(principal);
      if (patientId === undefined) return { kind: 'nobody' };
      const grant = await kept.find(actor.practitionerId, patientId);
      if (await isBlockedInPerson(actor, patientId, sources.store, nowMs())) return { kind: 'refused' };
      if (grant !== undefined) return { kind: 'running', grant };
      const { purposeOfUse: _, ...usual } = principal;
      const reach = await reachOf(usual, sources, nowMs());
      const standings = reach.unbound ? undefined : reach.patients.get(patientId);
      if (standings !== undefined && seesPlan(standings)) return { kind: 'needless' };
      const role = actor.members.find((reference) => reference.startsWith('PractitionerRole/')) ?? '';
      return { kind: 'open', practitionerId: actor.practitionerId, patientId, role };
    },
    async announcedTo(patientId) {
      const where = { op: 'and', clauses: [refers('subject', 'Patient', patientId), hasStatus(['active'])] } as const;
      const told = new Set<string>();
      for (const team of await findAll(sources.store, 'CareTeam', where)) {
        for (const reference of leadersOf(team, nowMs())) told.add(reference);
      }
      return [...told, `Patient/${patientId}`];
    },
    async endFor(principal) {
      const grant = await running(principal);
      if (grant === undefined) return undefined;
      await kept.end(grant.practitionerId, grant.patientId);
      for (const { grantId, user } of await grants.of(grant.patientId)) {
        if (user.purposeOfUse === 'BTG' && user.fhirUser === `Practitioner/${grant.practitionerId}`) await grants.end(grantId);
      }
      return grant;
    },
  };
}

function readsPlans({ scopes }: Principal): boolean {
  return scopes.some(({ level, type, read }) => level !== 'system' && read && (type === '*' || type === 'CarePlan'));
}

/** Current coordinators and coordinating units of a team, and the organisation that answers for it. */
function leadersOf(team: Resource, nowMs: number): readonly string[] {
  const leading = currentParticipants(team, nowMs).filter(({ role }) => standingOfRole(role) !== 'member');
  const answering = (team.managingOrganization ?? []) as readonly { readonly reference?: string }[];
  return [...leading.map(({ member }) => member), ...answering].flatMap((reference) => reference?.reference ?? []);
}
