/**
 * Which patients an actor reaches, asked of the store before any search: those of whose current team they are a member,
 * those who have a task with them that they accepted, and those about whom a need was reported to them; the first two
 * with the patient's consent.
 */
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import type { Principal } from '../principal.ts';
import { type Actor, actorOf, find, idOf, refers } from './actor.ts';
import { type ConsentedActor, consentCovers } from './consent.ts';
import { isCurrent, type Period } from './period.ts';
import { type Standing, type Standings, standingOfRole } from './standing.ts';

/** Accepted and not yet ended. */
const ACCEPTED_TASKS = ['accepted', 'in-progress', 'on-hold'];
const LIVE_NEEDS = ['active', 'on-hold', 'completed'];
const AT_MOST = 5000;

/**
 * The patients reached, with what the caller is to each. `unbound`: the rule does not apply to this caller. `references`:
 * how tasks, goals and words name the caller.
 */
export type Reach =
  | { readonly unbound: true }
  | { readonly unbound: false; readonly patients: ReadonlyMap<string, Standings>; readonly references: ReadonlySet<string> };

interface Participant {
  readonly member?: { readonly reference?: string };
  readonly period?: Period;
  readonly role?: unknown;
}

/** What the caller reaches now. */
export async function reachOf(principal: Principal, store: ResourceStore, nowMs: number): Promise<Reach> {
  const actor = await actorOf(principal, store, nowMs);
  switch (actor.kind) {
    case 'unbound':
      return { unbound: true };
    case 'stranger':
      return { unbound: false, patients: new Map(), references: new Set() };
    case 'patient':
      return one(actor.patientId, 'patient', `Patient/${actor.patientId}`);
    case 'relative': {
      const ofTheTeam = (await standingsInTeams(store, [actor.reference], nowMs)).has(actor.patientId);
      const asked = { references: new Set([actor.reference]), ofTheTeam };
      const [covered] = await coveredByConsent(store, [actor.patientId], asked, nowMs);
      return covered === undefined ? one(undefined, 'relative', actor.reference) : one(covered, 'relative', actor.reference);
    }
    case 'service':
      return ofService(principal, actor, store, nowMs);
  }
}

/** Whether the caller may know of this patient at all. */
export async function reachesPatient(principal: Principal, patientId: string, store: ResourceStore, nowMs: number): Promise<boolean> {
  const reach = await reachOf(principal, store, nowMs);
  return reach.unbound || reach.patients.has(patientId);
}

async function ofService(
  principal: Principal,
  actor: Extract<Actor, { kind: 'service' }>,
  store: ResourceStore,
  nowMs: number,
): Promise<Reach> {
  const [teams, tasks, needs] = await Promise.all([
    standingsInTeams(store, actor.members, nowMs),
    patientsOf(store, 'Task', namesAny('owner', actor.members), ACCEPTED_TASKS, 'for'),
    patientsOf(store, 'ServiceRequest', namesAny('performer', actor.members), LIVE_NEEDS, 'subject'),
  ]);
  const linked = [...new Set([...teams.keys(), ...tasks])];
  const asked = { references: new Set([...actor.members, ...actor.above]), ofTheTeam: true };
  const covered = await coveredByConsent(store, linked, asked, nowMs);
  const patients = new Map<string, Set<Standing>>();
  for (const patient of needs) add(patients, patient, 'reported');
  for (const patient of covered) {
    for (const standing of teams.get(patient) ?? []) add(patients, patient, standing);
    if (tasks.includes(patient)) add(patients, patient, 'owner');
  }
  // Breaking the glass opens the record in front of the user, without team and consent; never without a scope.
  if (principal.purposeOfUse === 'BTG' && principal.patientId !== undefined) add(patients, principal.patientId, 'glass');
  return { unbound: false, patients, references: new Set(actor.members) };
}

function one(patientId: string | undefined, standing: Standing, reference: string): Reach {
  const patients = new Map(patientId === undefined ? [] : [[patientId, new Set([standing])] as const]);
  return { unbound: false, patients, references: new Set([reference]) };
}

function add(patients: Map<string, Set<Standing>>, patient: string, standing: Standing): void {
  patients.set(patient, (patients.get(patient) ?? new Set()).add(standing));
}

/** What the members are in current teams, by patient. */
async function standingsInTeams(
  store: ResourceStore,
  members: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, ReadonlySet<Standing>>> {
  const where: Clause = { op: 'and', clauses: [namesAny('participant', members), hasStatus(['active'])] };
  const named = new Set(members);
  const found = new Map<string, Set<Standing>>();
  for (const team of await find(store, 'CareTeam', where, AT_MOST)) {
    const patient = idOf(team.subject, 'Patient');
    if (patient === undefined || !isCurrent(team.period as Period | undefined, nowMs)) continue;
    for (const { member, period, role } of (team.participant ?? []) as readonly Participant[]) {
      if (named.has(member?.reference ?? '') && isCurrent(period, nowMs)) add(found, patient, standingOfRole(role));
    }
  }
  return found;
}

async function patientsOf(
  store: ResourceStore,
  type: string,
  named: Clause,
  statuses: readonly string[],
  patientElement: string,
): Promise<readonly string[]> {
  const found = await find(store, type, { op: 'and', clauses: [named, hasStatus(statuses)] }, AT_MOST);
  return found.map((resource) => idOf(resource[patientElement], 'Patient')).filter((id) => id !== undefined);
}

/** Those of the patients whose consents let the actor see the plan. */
async function coveredByConsent(
  store: ResourceStore,
  patients: readonly string[],
  actor: ConsentedActor,
  nowMs: number,
): Promise<readonly string[]> {
  if (patients.length === 0) return [];
  const ofThem: Clause = { op: 'or', clauses: patients.map((patient) => refers('patient', 'Patient', patient)) };
  const consents = await find(store, 'Consent', { op: 'and', clauses: [ofThem, hasStatus(['active'])] }, AT_MOST);
  const byPatient = Map.groupBy(consents, (consent) => idOf(consent.patient, 'Patient'));
  return patients.filter((patient) => consentCovers(byPatient.get(patient) ?? [], actor, nowMs));
}

function namesAny(param: string, references: readonly string[]): Clause {
  const tests = references.map((reference) => {
    const [type, id] = reference.split('/') as [string, string];
    return refers(param, type, id);
  });
  return { op: 'or', clauses: tests };
}

function hasStatus(codes: readonly string[]): Clause {
  return { op: 'or', clauses: codes.map((code) => ({ op: 'match', param: 'status', test: { kind: 'token', code } }) satisfies Clause) };
}
