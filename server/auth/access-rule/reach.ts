/**
 * Which patients an actor reaches, asked of the store before any search: those of whose current team they are a member,
 * those who have a task with them that they accepted, and those about whom a need was reported to them; the first two
 * with the patient's consent.
 */
import type { Resource } from '../../fhir/resource.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import type { Principal } from '../principal.ts';
import { type Actor, actorOf, find, idOf, refers } from './actor.ts';
import { type ConsentedActor, consentCovers } from './consent.ts';
import { isCurrent, type Period } from './period.ts';

/** Accepted and not yet ended. */
const ACCEPTED_TASKS = ['accepted', 'in-progress', 'on-hold'];
const LIVE_NEEDS = ['active', 'on-hold', 'completed'];
const AT_MOST = 5000;

/** `whole`: the plan and all about it. `need`: only who the person is and what was reported. */
type ReachOfPatient = 'whole' | 'need';

/** `unbound`: the rule does not apply to this caller. */
export type Reach = { readonly unbound: true } | { readonly unbound: false; readonly patients: ReadonlyMap<string, ReachOfPatient> };

interface Participant {
  readonly member?: { readonly reference?: string };
  readonly period?: Period;
}

/** What the caller reaches now. */
export async function reachOf(principal: Principal, store: ResourceStore, nowMs: number): Promise<Reach> {
  const actor = await actorOf(principal, store, nowMs);
  switch (actor.kind) {
    case 'unbound':
      return { unbound: true };
    case 'stranger':
      return whole([]);
    case 'patient':
      return whole([actor.patientId]);
    case 'relative': {
      const ofTheTeam = (await patientsOfTeams(store, [actor.reference], nowMs)).includes(actor.patientId);
      const asked = { references: new Set([actor.reference]), ofTheTeam };
      return whole(await coveredByConsent(store, [actor.patientId], asked, nowMs));
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
    patientsOfTeams(store, actor.members, nowMs),
    patientsOf(store, 'Task', namesAny('owner', actor.members), ACCEPTED_TASKS, 'for'),
    patientsOf(store, 'ServiceRequest', namesAny('performer', actor.members), LIVE_NEEDS, 'subject'),
  ]);
  const linked = [...new Set([...teams, ...tasks])];
  const asked = { references: new Set([...actor.members, ...actor.above]), ofTheTeam: true };
  const covered = await coveredByConsent(store, linked, asked, nowMs);
  const patients = new Map<string, ReachOfPatient>(needs.map((patient) => [patient, 'need']));
  for (const patient of covered) patients.set(patient, 'whole');
  // Breaking the glass opens the record in front of the user, without team and consent; never without a scope.
  if (principal.purposeOfUse === 'BTG' && principal.patientId !== undefined) patients.set(principal.patientId, 'whole');
  return { unbound: false, patients };
}

function whole(patients: readonly string[]): Reach {
  return { unbound: false, patients: new Map(patients.map((patient) => [patient, 'whole'])) };
}

async function patientsOfTeams(store: ResourceStore, members: readonly string[], nowMs: number): Promise<readonly string[]> {
  const where: Clause = { op: 'and', clauses: [namesAny('participant', members), hasStatus(['active'])] };
  const teams = await find(store, 'CareTeam', where, AT_MOST);
  const current = teams.filter(
    (team) => isCurrent(team.period as Period | undefined, nowMs) && hasCurrentMember(team, new Set(members), nowMs),
  );
  return current.map((team) => idOf(team.subject, 'Patient')).filter((id) => id !== undefined);
}

function hasCurrentMember(team: Resource, members: ReadonlySet<string>, nowMs: number): boolean {
  const participants = (team.participant ?? []) as readonly Participant[];
  return participants.some(({ member, period }) => members.has(member?.reference ?? '') && isCurrent(period, nowMs));
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
