/**
 * What links personnel and systems to patients: a current part in a team, a task they accepted, a need that was reported
 * to them, and the duty of a coordinating unit for the plans of the organisations it answers for. Pure: the same is asked
 * of what the store holds and of what a transaction is about to write.
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { ServiceActor } from './actor.ts';
import { idOf } from './directory.ts';
import { isCurrent, type Period } from './period.ts';
import { type Standing, standingOfRole } from './standing.ts';

/** Accepted and not yet ended. */
export const ACCEPTED_TASKS = ['accepted', 'in-progress', 'on-hold'];
export const LIVE_NEEDS = ['active', 'on-hold', 'completed'];
export const LIVE_PLANS = ['draft', 'active', 'on-hold', 'completed'];
const CUSTODIAN = `${CANONICAL_BASE}/StructureDefinition/fp-custodian`;

/** What may hold links; more of each type than matters does no harm. */
export interface Linking {
  readonly teams: readonly Resource[];
  readonly tasks: readonly Resource[];
  readonly needs: readonly Resource[];
  readonly plans: readonly Resource[];
}

/** What links an actor to one patient. */
export interface Link {
  /** What the actor is when consent covers them. */
  readonly standings: Set<Standing>;
  /** True when a need was reported to them, or is theirs to look after: that opens who the person is without consent. */
  reported: boolean;
  /** The teams they are in, as a consent may name them. */
  readonly teams: Set<string>;
}

interface Reference {
  readonly reference?: string;
}

interface Participant {
  readonly member?: Reference;
  readonly onBehalfOf?: Reference;
  readonly period?: Period;
  readonly role?: unknown;
}

/** The links of an actor, by patient. */
export function linksOf(actor: ServiceActor, { teams, tasks, needs, plans }: Linking, nowMs: number): ReadonlyMap<string, Link> {
  const links = new Map<string, Link>();
  const linkTo = (patient: string | undefined): Link => {
    const link = (patient === undefined ? undefined : links.get(patient)) ?? { standings: new Set(), reported: false, teams: new Set() };
    if (patient !== undefined) links.set(patient, link);
    return link;
  };
  const members = new Set(actor.members);
  for (const team of teams) {
    const roles = rolesIn(team, members, nowMs);
    if (roles.length === 0) continue;
    const link = linkTo(idOf(team.subject, 'Patient'));
    if (team.id !== undefined) link.teams.add(`CareTeam/${team.id}`);
    for (const role of roles) link.standings.add(standingOfRole(role));
  }
  for (const task of tasks) {
    if (ACCEPTED_TASKS.includes(String(task.status)) && namesOne(task.owner, members))
      linkTo(idOf(task.for, 'Patient')).standings.add('owner');
  }
  for (const need of needs) {
    if (LIVE_NEEDS.includes(String(need.status)) && namesOne(need.performer, members))
      linkTo(idOf(need.subject, 'Patient')).reported = true;
  }
  const answersFor = new Set(actor.answersFor);
  for (const plan of plans) {
    if (!LIVE_PLANS.includes(String(plan.status)) || !namesOne(custodianOf(plan), answersFor)) continue;
    const link = linkTo(idOf(plan.subject, 'Patient'));
    link.standings.add('unit');
    link.reported = true;
  }
  return links;
}

/** The roles in which one of the members takes part in a team now; `undefined` for a part without a role. */
export function rolesIn(team: Resource, members: ReadonlySet<string>, nowMs: number): readonly unknown[] {
  return currentParticipants(team, nowMs)
    .filter(({ member, onBehalfOf }) => {
      // A person who takes part for one organisation does not take part while acting for another.
      const forOurs = onBehalfOf?.reference === undefined || members.has(onBehalfOf.reference);
      return members.has(member?.reference ?? '') && forOurs;
    })
    .map(({ role }) => role);
}

/** Who takes part in a team now; nobody in one that is not active. */
export function currentParticipants(team: Resource, nowMs: number): readonly Participant[] {
  if (team.status !== 'active' || !isCurrent(team.period as Period | undefined, nowMs)) return [];
  return ((team.participant ?? []) as readonly Participant[]).filter(({ period }) => isCurrent(period, nowMs));
}

function custodianOf({ extension }: Resource): unknown {
  const extensions = (extension ?? []) as readonly { readonly url?: string; readonly valueReference?: Reference }[];
  return extensions.find(({ url }) => url === CUSTODIAN)?.valueReference;
}

/** True when the element (one Reference or several) names one of these. */
export function namesOne(element: unknown, references: ReadonlySet<string>): boolean {
  return [element].flat().some((reference) => references.has((reference as Reference | undefined)?.reference ?? ''));
}
