/**
 * What a caller is to a patient: what the team, the tasks, the needs and the consents make of them.
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';

export type Standing =
  /** The patient. */
  | 'patient'
  /** A relative whom consent covers. */
  | 'relative'
  /** A parent of a child under 16, by the relation itself. */
  | 'parent'
  /** Coordinator or child coordinator of the current team. */
  | 'coordinator'
  /** Of the team for a coordinating unit of municipality or hospital, or of the unit that answers for the plan. */
  | 'unit'
  /** Of the team in any other role. */
  | 'member'
  /** Has a task with the patient that they accepted. */
  | 'owner'
  /** Had a need reported to them, or answers for the plan without consent to see it. */
  | 'reported'
  /** Besides, is a coordinating unit: whose work it is to begin a team and a plan, and to note what the person consents to. */
  | 'duty'
  /** Has emergency access. */
  | 'glass';

export type Standings = ReadonlySet<Standing>;

const ROLES = `${CANONICAL_BASE}/CodeSystem/fp-team-role`;
const COORDINATORS = ['koordinator', 'barnekoordinator'];
const UNITS = ['koordinerende-enhet', 'sykehuskoordinator'];

/** The standing that a participation in a team gives, by its roles. */
export function standingOfRole(role: unknown): Standing {
  const concepts = (role ?? []) as readonly { coding?: readonly { system?: string; code?: string }[] }[];
  const codes = concepts.flatMap((concept) => concept.coding ?? []).flatMap(({ system, code }) => (system === ROLES ? (code ?? []) : []));
  if (codes.some((code) => COORDINATORS.includes(code))) return 'coordinator';
  return codes.some((code) => UNITS.includes(code)) ? 'unit' : 'member';
}

/** True for one who sees the plan and all about it; a need that was reported opens no more than who and what. */
export function seesPlan(standings: Standings): boolean {
  return [...standings].some((standing) => standing !== 'reported' && standing !== 'duty');
}

/** True for one who may read the AuditEvents of the patient as they are kept: the patient, a child's parents, and the coordinator. */
export function seesLog(standings: Standings): boolean {
  return standings.has('patient') || standings.has('parent') || standings.has('coordinator');
}

/** True for one who may be told in plain words who has seen the data: also relatives, and the coordinating unit in the team. */
export function mayBeToldOfAccess(standings: Standings): boolean {
  return seesLog(standings) || standings.has('relative') || standings.has('unit');
}
