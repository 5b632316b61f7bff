/**
 * Access by scope: which interactions on which types a token reaches, and for which resources. One decision is
 * the union of what the single scopes give:
 *
 * | scope | gives, for a type it names and a letter it has |
 * |---|---|
 * | `system/…`, `user/…` | every resource of the type |
 * | `patient/…` | what is in the compartment of the patient in context, and that patient's Tasks; of the shared types (people, organisations, definitions) reading only, and every one |
 * | any with `?query` | of these, the resources the query finds |
 *
 * A Binary is what the resource is that it names as its security context.
 *
 * Spec: https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#scopes-for-requesting-fhir-resources
 */
import { compartmentMembership } from '../fhir/compartment.ts';
import { BINARY } from '../fhir/security-context.ts';
import type { Clause } from '../search/query.ts';
import type { Access, AccessDecision, AccessRequest } from './access-decision.ts';
import { CONTEXT, RECORD_CONTEXTS } from './binary-contexts.ts';
import type { Principal, ResourceScope } from './principal.ts';

/** What anyone who may read about a patient may read as well: it is about services and forms, not about a person in care. */
const SHARED_TYPES: ReadonlySet<string> = new Set([
  'ActivityDefinition',
  'CapabilityStatement',
  'CodeSystem',
  'ConceptMap',
  'Endpoint',
  'HealthcareService',
  'Location',
  'Medication',
  'NamingSystem',
  'OperationDefinition',
  'Organization',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'SearchParameter',
  'StructureDefinition',
  'ValueSet',
]);

/** R4 leaves Task out of the patient compartment; a measure of the plan belongs to the patient it is for. */
const ALSO_OF_THE_PATIENT: Readonly<Record<string, readonly string[]>> = { Task: ['patient'] };
/**
 * R4 counts what a patient did themselves into their compartment as well. Of what they asked about others the log knows
 * whether it is there, and that is not theirs to be told.
 */
const ONLY_OF_THE_PATIENT: Readonly<Record<string, readonly string[]>> = { AuditEvent: ['entity'] };
/** Who changed these belongs to the patient as they do; the compartment has a Provenance only when it points at the Patient itself. */
const TRACED_TYPES = [
  'Appointment',
  'CarePlan',
  'CareTeam',
  'Communication',
  'Condition',
  'Consent',
  'DocumentReference',
  'Encounter',
  'Goal',
  'Observation',
  'Procedure',
  'QuestionnaireResponse',
  'RelatedPerson',
  'ServiceRequest',
  'Task',
];

/** Search parameters by which a resource says whom it is about. */
const ABOUT: ReadonlySet<string> = new Set(['patient', 'subject', 'beneficiary']);

const ALL: Clause = { op: 'all' };
const NONE: Clause = { op: 'none' };

export interface ScopeAccessOptions {
  /**
   * The clause of a granular scope's query (`category=survey`) on a type.
   * @throws when it cannot be read: the scope then gives nothing.
   */
  readonly readQuery: (type: string, query: string) => Clause;
}

/** Access decided by the scopes and the launch patient of the token alone. */
export function createScopeAccess(options: ScopeAccessOptions): Access {
  return {
    decide(request) {
      const scopes = request.principal.scopes.filter((scope) => reaches(scope, request));
      if (scopes.length === 0) return deny(request);
      const clause = anyOf(scopes.map((scope) => resourcesOf(scope, request, options)));
      if (clause.op === 'all') return { kind: 'allow' };
      return clause.op === 'none' ? deny(request) : { kind: 'narrow', clause };
    },
  };
}

function deny({ right, type }: AccessRequest): AccessDecision {
  return { kind: 'deny', reason: `The scopes of this token do not let you ${right} ${type}` };
}

function reaches(scope: ResourceScope, { right, type }: AccessRequest): boolean {
  return scope[right] && (scope.type === '*' || scope.type === type);
}

function resourcesOf(scope: ResourceScope, request: AccessRequest, options: ScopeAccessOptions): Clause {
  const reached = scope.level === 'patient' ? ofPatient(request.principal, request) : ALL;
  if (scope.query === undefined || reached.op === 'none') return reached;
  return allOf([reached, granular(scope.query, request.type, options)]);
}

function granular(query: string, type: string, options: ScopeAccessOptions): Clause {
  try {
    return options.readQuery(type, query);
  } catch {
    return NONE;
  }
}

function ofPatient(principal: Principal, { right, type }: AccessRequest): Clause {
  if (principal.patientId === undefined) return NONE;
  if (type === BINARY) return binariesOf(principal.patientId, right === 'read' || right === 'search');
  const compartment = patientClause(principal.patientId, type);
  if (compartment !== undefined) return compartment;
  return isSharedType(type) && (right === 'read' || right === 'search') ? ALL : NONE;
}

/** Those that belong to the patient by what they name, and to read, those that belong to nobody in care. */
function binariesOf(patientId: string, isRead: boolean): Clause {
  const patient = { kind: 'reference', type: 'Patient', id: patientId } as const;
  const where: Clause = { op: 'match', param: 'patient', test: patient };
  const shared: Clause = { op: 'chain', param: CONTEXT, types: [...SHARED_TYPES], where: ALL };
  return anyOf([
    { op: 'match', param: CONTEXT, test: patient },
    { op: 'chain', param: CONTEXT, types: RECORD_CONTEXTS, where },
    isRead ? shared : NONE,
  ]);
}

/** Types that are about services and forms, not about a person in care. */
export function sharedTypes(): readonly string[] {
  return [...SHARED_TYPES];
}

/** True for types that are about services and forms, not about a person in care. */
export function isSharedType(type: string): boolean {
  return SHARED_TYPES.has(type);
}

/** Resources of `type` that belong to the patient: the compartment and what is added to it; undefined when none can. */
export function patientClause(patientId: string, type: string): Clause | undefined {
  return clauseBy(patientId, type, paramsOf(type));
}

/** Of these, what is about the patient, where the type says whom it is about: not all that they take part in. */
export function recordClause(patientId: string, type: string): Clause | undefined {
  const params = paramsOf(type);
  const about = params.filter((param) => ABOUT.has(param));
  return clauseBy(patientId, type, about.length === 0 ? params : about);
}

function paramsOf(type: string): readonly string[] {
  const membership = compartmentMembership('Patient', type);
  return ONLY_OF_THE_PATIENT[type] ?? [...(membership?.params ?? []), ...(ALSO_OF_THE_PATIENT[type] ?? [])];
}

function clauseBy(patientId: string, type: string, params: readonly string[]): Clause | undefined {
  // Patient.link would open the record of another person who is linked; the patient's own resource is enough.
  if (type === 'Patient') return { op: 'id', ids: [patientId] };
  if (params.length === 0) return undefined;
  const pointsAtPatient = (param: string) =>
    ({ op: 'match', param, test: { kind: 'reference', type: 'Patient', id: patientId } }) satisfies Clause;
  const traces: Clause[] =
    type === 'Provenance' ? [{ op: 'chain', param: 'target', types: TRACED_TYPES, where: pointsAtPatient('patient') }] : [];
  return anyOf([...params.map(pointsAtPatient), ...traces]);
}

/** Joins clauses by `or`; `all` swallows the rest, `none` falls out. */
export function anyOf(clauses: readonly Clause[]): Clause {
  if (clauses.some((clause) => clause.op === 'all')) return ALL;
  const left = clauses.filter((clause) => clause.op !== 'none');
  return left.length === 0 ? NONE : left.length === 1 ? left[0]! : { op: 'or', clauses: left };
}

/** Joins clauses by `and`; `none` swallows the rest, `all` falls out. */
export function allOf(clauses: readonly Clause[]): Clause {
  if (clauses.some((clause) => clause.op === 'none')) return NONE;
  const left = clauses.filter((clause) => clause.op !== 'all');
  return left.length === 0 ? ALL : left.length === 1 ? left[0]! : { op: 'and', clauses: left };
}
