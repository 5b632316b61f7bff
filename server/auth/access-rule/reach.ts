/**
 * Which patients an actor reaches, asked of the store before any search: what links the actor to them (links.ts) and
 * what their consents say of the actor (consent.ts). Nothing of it may be kept beyond a request without looking at the
 * clock: periods end, children turn 16, emergency access runs out.
 */
import type { Resource } from '../../fhir/resource.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import type { Principal } from '../principal.ts';
import { type Actor, actorOf, type ServiceActor } from './actor.ts';
import { type ConsentAnswer, consentsSay, isBlocked } from './consent.ts';
import { findAll, hasStatus, idOf, refers, refersToAny } from './directory.ts';
import type { EmergencyGrants } from './emergency-grants.ts';
import { ACCEPTED_TASKS, LIVE_NEEDS, LIVE_PLANS, type Link, type Linking, linksOf, rolesIn } from './links.ts';
import type { Standing, Standings } from './standing.ts';

/** Patients whose consents are asked for in one search. */
const PATIENTS_AT_A_TIME = 200;

/**
 * The patients reached, with what the caller is to each. `unbound`: the rule does not apply to this caller. `references`:
 * how tasks, goals and words name the caller.
 */
export type Reach = { readonly unbound: true } | BoundReach;

export interface BoundReach {
  readonly unbound: false;
  readonly patients: ReadonlyMap<string, Standings>;
  readonly references: ReadonlySet<string>;
  /** Whoever acts for a service may begin the record of a new person (see `foundedBy`). */
  readonly service?: ServiceActor;
}

export interface ReachSources {
  readonly store: ResourceStore;
  /** Where emergency access is noted; left out: there is none. */
  readonly emergencies?: EmergencyGrants;
}

/** What the caller reaches now. */
export async function reachOf(principal: Principal, { store, emergencies }: ReachSources, nowMs: number): Promise<Reach> {
  const actor = await actorOf(principal, store, nowMs);
  switch (actor.kind) {
    case 'unbound':
      return { unbound: true };
    case 'stranger':
      return { unbound: false, patients: new Map(), references: new Set() };
    case 'patient':
      return one(actor.patientId, 'patient', `Patient/${actor.patientId}`);
    case 'relative':
      return ofRelative(actor, store, nowMs);
    case 'service': {
      // A token that was given in an emergency is for that one patient, so that all that is done with it is told as such.
      const patients =
        principal.purposeOfUse === 'BTG'
          ? await underGlass(principal, actor, store, emergencies, nowMs)
          : await linkedTo(actor, store, nowMs);
      return { unbound: false, patients, references: new Set(actor.members), service: actor };
    }
  }
}

/** Whether the caller may know of this patient at all. */
export async function reachesPatient(principal: Principal, patientId: string, sources: ReachSources, nowMs: number): Promise<boolean> {
  const reach = await reachOf(principal, sources, nowMs);
  return reach.unbound || reach.patients.has(patientId);
}

/** Whether a block of the patient names the person of a service themselves, in whichever role, not only where they work. */
export async function isBlockedInPerson(
  { inPerson = [] }: ServiceActor,
  patientId: string,
  store: ResourceStore,
  nowMs: number,
): Promise<boolean> {
  const consents = (await consentsOf(store, [patientId])).get(patientId) ?? [];
  return isBlocked(consents, new Set(inPerson), nowMs);
}

/**
 * What an actor becomes to persons who are new with a transaction, by the teams, tasks and consents that stand in it. Pure.
 */
export function foundedBy(
  actor: ServiceActor,
  persons: readonly string[],
  made: readonly Resource[],
  nowMs: number,
): ReadonlyMap<string, Standings> {
  const of = (type: string) => made.filter(({ resourceType }) => resourceType === type);
  const linking: Linking = { teams: of('CareTeam'), tasks: of('Task'), needs: [], plans: [] };
  const consents = Map.groupBy(of('Consent'), (consent) => idOf(consent.patient, 'Patient') ?? '');
  const all = standingsOf(actor, linking, linksOf(actor, linking, nowMs), consents, nowMs);
  return new Map([...all].filter(([patient]) => persons.includes(patient)));
}

/** By consent, as one of the team or by name; by the relation itself, as a parent of a child under 16. A block is above both. */
async function ofRelative(actor: Extract<Actor, { kind: 'relative' }>, store: ResourceStore, nowMs: number): Promise<Reach> {
  const { reference, patientId, parent } = actor;
  const named = new Set([reference]);
  const where: Clause = { op: 'and', clauses: [refersToAny('participant', [reference]), hasStatus(['active'])] };
  const teams = (await findAll(store, 'CareTeam', where)).filter(
    (team) => idOf(team.subject, 'Patient') === patientId && rolesIn(team, named, nowMs).length > 0,
  );
  const references = new Set([reference, ...teams.map((team) => `CareTeam/${team.id}`)]);
  const consents = (await consentsOf(store, [patientId])).get(patientId) ?? [];
  const answer = consentsSay(consents, { references, ofTheTeam: teams.length > 0 }, nowMs);
  if (answer === 'blocked') return one(undefined, 'relative', reference);
  if (parent) return one(patientId, 'parent', reference);
  return one(answer === 'permitted' ? patientId : undefined, 'relative', reference);
}

/** The patient in front of the user while their emergency access lasts. A block against them in person stands above it. */
async function underGlass(
  { patientId }: Principal,
  actor: ServiceActor,
  store: ResourceStore,
  emergencies: EmergencyGrants | undefined,
  nowMs: number,
): Promise<ReadonlyMap<string, Standings>> {
  const { practitionerId } = actor;
  if (patientId === undefined || practitionerId === undefined) return new Map();
  if ((await emergencies?.find(practitionerId, patientId)) === undefined) return new Map();
  if (await isBlockedInPerson(actor, patientId, store, nowMs)) return new Map();
  return new Map([[patientId, new Set<Standing>(['glass'])]]);
}

function one(patientId: string | undefined, standing: Standing, reference: string): BoundReach {
  const patients = new Map(patientId === undefined ? [] : [[patientId, new Set([standing])] as const]);
  return { unbound: false, patients, references: new Set([reference]) };
}

/** What an actor is to those whom the store links them to. */
async function linkedTo(actor: ServiceActor, store: ResourceStore, nowMs: number): Promise<ReadonlyMap<string, Standings>> {
  const { members, answersFor } = actor;
  const search = (type: string, param: string, references: readonly string[], statuses: readonly string[]) =>
    references.length === 0 ? [] : findAll(store, type, { op: 'and', clauses: [refersToAny(param, references), hasStatus(statuses)] });
  const [teams, tasks, needs, plans] = await Promise.all([
    search('CareTeam', 'participant', members, ['active']),
    search('Task', 'owner', members, ACCEPTED_TASKS),
    search('ServiceRequest', 'performer', members, LIVE_NEEDS),
    search('CarePlan', 'custodian', answersFor, LIVE_PLANS),
  ]);
  const linking: Linking = { teams, tasks, needs, plans };
  const links = linksOf(actor, linking, nowMs);
  return standingsOf(actor, linking, links, await consentsOf(store, [...links.keys()]), nowMs);
}

/**
 * What an actor is to those they are linked to: all of it where consent covers them, what was reported otherwise. A block
 * of some of an organisation's people leaves its system what the others see.
 */
function standingsOf(
  actor: ServiceActor,
  linking: Linking,
  links: ReadonlyMap<string, Link>,
  consents: ReadonlyMap<string, readonly Resource[]>,
  nowMs: number,
): ReadonlyMap<string, Standings> {
  const patients = new Map<string, Standings>();
  for (const [patient, link] of links) {
    const given = consents.get(patient) ?? [];
    const standings = standingsBy(actor, link, given, nowMs) ?? ofTheOthers(actor, linking, patient, given, nowMs);
    if (standings !== undefined && standings.size > 0) patients.set(patient, standings);
  }
  return patients;
}

/** Undefined when a block names the actor. */
function standingsBy(
  { members, above, answersFor, inPerson = [] }: Pick<ServiceActor, 'members' | 'above' | 'answersFor' | 'inPerson'>,
  { standings, reported, teams }: Link,
  consents: readonly Resource[],
  nowMs: number,
): Standings | undefined {
  const references = new Set([...members, ...above, ...teams]);
  const answer: ConsentAnswer = consentsSay(consents, { references, inPerson, ofTheTeam: standings.size > 0 }, nowMs);
  if (answer === 'blocked') return undefined;
  // To whom a need is reported is for any of the team to say; what a coordinating unit may begin is for no other.
  const told: readonly Standing[] = reported ? ['reported', ...(answersFor.length > 0 ? (['duty'] as const) : [])] : [];
  return new Set([...(answer === 'permitted' ? standings : []), ...told]);
}

/** What those members of a system's organisation are whom no block names. */
function ofTheOthers(
  actor: ServiceActor,
  linking: Linking,
  patient: string,
  consents: readonly Resource[],
  nowMs: number,
): Standings | undefined {
  const { alsoNamed, members } = actor;
  if (alsoNamed === undefined) return undefined;
  const others = members.filter((member) => !isBlocked(consents, new Set([member, ...(alsoNamed.get(member) ?? [])]), nowMs));
  const hasDuty = actor.answersFor.every((unit) => others.includes(unit) || actor.above.includes(unit));
  const rest = { ...actor, members: others, answersFor: hasDuty ? actor.answersFor : [] };
  const link = linksOf(rest, linking, nowMs).get(patient);
  return link === undefined ? undefined : standingsBy(rest, link, consents, nowMs);
}

/** The active consents of patients. */
async function consentsOf(store: ResourceStore, patients: readonly string[]): Promise<ReadonlyMap<string, readonly Resource[]>> {
  const consents: Resource[] = [];
  for (let at = 0; at < patients.length; at += PATIENTS_AT_A_TIME) {
    const some = patients.slice(at, at + PATIENTS_AT_A_TIME);
    const ofThem: Clause = { op: 'or', clauses: some.map((patient) => refers('patient', 'Patient', patient)) };
    consents.push(...(await findAll(store, 'Consent', { op: 'and', clauses: [ofThem, hasStatus(['active'])] })));
  }
  return Map.groupBy(consents, (consent) => idOf(consent.patient, 'Patient') ?? '');
}
