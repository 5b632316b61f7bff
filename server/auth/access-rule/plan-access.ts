/**
 * The access rule of the shared service, on top of what the scopes give:
 *
 * | who | sees |
 * |---|---|
 * | health and welfare personnel | patients with a current team participation of theirs (own, or of the organisation they act for) or a task they accepted, *and* a consent that covers them, *and* no block |
 * | coordinating unit and others a need is reported to | who the person is and what was reported |
 * | system of an organisation | what anyone of that organisation or its units sees |
 * | patient | their own |
 * | relative | what consent gives |
 * | breaking the glass | the patient in context, without team and consent |
 * | system registered as bound by its scopes alone | what its scopes say |
 *
 * What is about a patient is theirs; what merely names them (as who takes part in the team of another, or said something
 * about another) is of that other's record. A Group, which names several, is for systems. The access log of a patient
 * (AuditEvent) is for the patient and the coordinator; in plain words (`$access-log`) also for relatives by consent and
 * the coordinating unit in the team. A Person is for whoever keeps it: person-access.ts; a Binary for whoever may read what
 * it names as its security context: binary-rule.ts. Who may change what: write-rule.ts.
 *
 * A denial by this rule looks like absence (404, or an empty search): the clause goes into the query itself.
 *
 * Spec: https://hl7.org/fhir/R4/security.html#binding
 */
import { BINARY } from '../../fhir/security-context.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { allOf, anyOf, isSharedType, recordClause } from '../access.ts';
import type { Access, AccessDecision, AccessRequest, Founding } from '../access-decision.ts';
import type { Principal } from '../principal.ts';
import { isWithin } from '../time-window.ts';
import { isUnbound } from './actor.ts';
import { binariesOfNew, binaryClause } from './binary-rule.ts';
import type { EmergencyGrants } from './emergency-grants.ts';
import { keptReach } from './kept-reach.ts';
import { PERSON, personClause } from './person-access.ts';
import { type BoundReach, foundedBy, type Reach, reachOf } from './reach.ts';
import { mayBeToldOfAccess, type Standings, seesLog, seesPlan } from './standing.ts';
import { whyNot } from './write-rule.ts';

/** What a reported need opens: the person, their relatives and the report. */
const TYPES_OF_A_NEED: ReadonlySet<string> = new Set(['Patient', 'RelatedPerson', 'ServiceRequest']);

/** What a coordinating unit may begin for a person whose need was reported to it. */
const BEGUN_ON_A_NEED: ReadonlySet<string> = new Set(['CareTeam', 'CarePlan', 'Consent']);

const NOTHING: Clause = { op: 'none' };

const FOR_WHOM_THE_LOG_IS =
  'Who has seen the data is told to the person, relatives with access, the coordinator and the coordinating unit in the team';

export interface PlanAccessOptions {
  /** Access by scope, which this rule narrows and never widens. */
  readonly scopes: Access;
  readonly store: ResourceStore;
  readonly nowMs: () => number;
  /** Where emergency access is noted; left out: there is none. */
  readonly emergencies?: EmergencyGrants;
  /** A number that changes with every write the rule depends on; left out: nothing is written meanwhile. */
  readonly revision?: () => number;
  /** True where this process alone writes the database, so that `revision` tells of every write there is. */
  readonly writesAlone?: boolean;
}

interface Asked {
  readonly reach: Promise<Reach>;
  readonly revision: number;
  readonly atMs: number;
}

/**
 * For how long a request may go by what was found out in it: an export, an import or a long batch does not outlive by more
 * what another process has written meanwhile, nor what ends by the clock.
 */
const HOLDS_MS = 1000;

/**
 * Access by scope and by the rule. What the rule finds out is asked once for each request (principal), anew after a
 * write (the next entry of a batch does not live by a consent that the one before it has withdrawn), and anew after a
 * second.
 */
export function createPlanAccess(options: PlanAccessOptions): Access {
  const { scopes, store, nowMs, emergencies, revision = () => 0, writesAlone = false } = options;
  const asked = new WeakMap<Principal, Asked>();
  const sources = { store, ...(emergencies === undefined ? {} : { emergencies }) };
  const find = (principal: Principal): Promise<Reach> => reachOf(principal, sources, nowMs());
  const reachNow = writesAlone ? keptReach(find, nowMs) : find;
  const reachOnce = (principal: Principal): Promise<Reach> => {
    const known = asked.get(principal);
    const now = revision();
    const atMs = nowMs();
    if (known?.revision === now && isWithin(atMs, known.atMs, HOLDS_MS)) return known.reach;
    const reach = reachNow(principal, now);
    asked.set(principal, { reach, revision: now, atMs });
    return reach;
  };
  return {
    async decide(request) {
      const decision = await scopes.decide(request);
      if (decision.kind === 'deny' || isSharedType(request.type) || isUnbound(request.principal)) return decision;
      const reach = await reachOnce(request.principal);
      if (reach.unbound) return decision;
      const standings = reach.patients.get(request.id ?? '');
      if (asksForLog(request) && standings !== undefined && !mayBeToldOfAccess(standings)) {
        return { kind: 'deny', reason: FOR_WHOM_THE_LOG_IS };
      }
      if (request.type === PERSON) return narrow(decision, personClause(reach));
      if (request.type === BINARY) return narrow(decision, await binaryReach(scopes, reach, request));
      return narrow(decision, hides(reach, request.type) ? NOTHING : clauseOf(reach.patients, request));
    },
    async writeRule(principal) {
      const reach = await reachOnce(principal);
      return reach.unbound ? undefined : (change) => whyNot(reach, change);
    },
    async founding(principal, types) {
      const reach = await reachOnce(principal);
      if (reach.unbound || reach.service === undefined) return undefined;
      const open = new Set<string>();
      for (const type of types) {
        const decision = await scopes.decide({ principal, interaction: 'transaction', right: 'create', type });
        if (decision.kind === 'allow') open.add(type);
      }
      return foundingOf(reach, open);
    },
  };
}

/** Of Binary, what is there for whoever may read the resource that each names. */
function binaryReach(scopes: Access, { patients }: BoundReach, { principal, right }: AccessRequest): Promise<Clause> {
  const read = { interaction: 'read', right: 'read' } as const;
  const scopeOf = async (type: string): Promise<Clause> => {
    const decision = await scopes.decide({ principal, ...read, type });
    if (decision.kind === 'narrow') return decision.clause;
    return decision.kind === 'allow' ? { op: 'all' } : NOTHING;
  };
  return binaryClause((type) => openedOf(patients, { ...read, type }), scopeOf, right === 'read' || right === 'search');
}

/** What is new persons', of the types that the scopes leave open. */
function foundingOf(reach: BoundReach, open: ReadonlySet<string>): Founding {
  return (persons, made, atMs) => {
    const founded = reach.service === undefined ? new Map<string, Standings>() : foundedBy(reach.service, persons, made, atMs);
    const together: BoundReach = { ...reach, patients: new Map([...reach.patients, ...founded]) };
    return {
      clause: (type) => (open.has(type) ? clauseOf(founded, { interaction: 'create', right: 'create', type }) : { op: 'none' }),
      rule: (change) => whyNot(together, change),
    };
  };
}

type Of = Pick<AccessRequest, 'interaction' | 'type' | 'right'>;

/** Ids of the patients whose resources of the type are open. */
function openedOf(patients: ReadonlyMap<string, Standings>, request: Of): readonly string[] {
  const { type, right } = request;
  const opens = (standings: Standings): boolean => {
    if (type === 'AuditEvent') return asksForLog(request) ? mayBeToldOfAccess(standings) : seesLog(standings);
    return seesPlan(standings) || TYPES_OF_A_NEED.has(type) || (right === 'create' && standings.has('duty') && BEGUN_ON_A_NEED.has(type));
  };
  return [...patients].flatMap(([patient, standings]) => (opens(standings) ? [patient] : []));
}

function clauseOf(patients: ReadonlyMap<string, Standings>, request: Of): Clause {
  const { type } = request;
  const reached = openedOf(patients, request);
  if (type === BINARY) return binariesOfNew(reached);
  if (type === 'Patient') return reached.length === 0 ? { op: 'none' } : { op: 'id', ids: reached };
  return anyOf(reached.map((patient) => recordClause(patient, type) ?? { op: 'none' }));
}

/** A group that a patient is in tells who else is: it is for systems, which export by it. */
function hides({ service }: BoundReach, type: string): boolean {
  return type === 'Group' && (service === undefined || service.practitionerId !== undefined);
}

function asksForLog({ interaction }: Pick<AccessRequest, 'interaction'>): boolean {
  return interaction === '$access-log';
}

function narrow(decision: AccessDecision, clause: Clause): AccessDecision {
  return { kind: 'narrow', clause: allOf([decision.kind === 'narrow' ? decision.clause : { op: 'all' }, clause]) };
}
