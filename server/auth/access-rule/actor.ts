/**
 * Who acts, in the references by which teams, tasks and consents may name them: a person in their roles for the
 * organisation they act for, that organisation and those it is part of, a patient, a relative, or a system.
 */
import { CANONICAL_BASE } from '../../fhir/canonical.ts';
import { parseReference } from '../../fhir/reference.ts';
import type { Coding, Resource } from '../../fhir/resource.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { ORGANIZATION_NUMBER_SYSTEM } from '../ehr-identity.ts';
import type { Principal } from '../principal.ts';
import { findAll, idOf, readResource, refers } from './directory.ts';
import { hasParentalRelation } from './parental-relation.ts';
import { isCurrent, type Period } from './period.ts';

const LEVELS_AT_MOST = 5;
const TEAM_ROLE = `${CANONICAL_BASE}/CodeSystem/fp-team-role`;
const COORDINATING_UNIT = 'koordinerende-enhet';

export type Actor =
  /** Not bound by the rule: a system that was registered so, which its scopes alone bind. */
  | { readonly kind: 'unbound' }
  /** Health and welfare personnel, or a system of an organisation. */
  | {
      readonly kind: 'service';
      /** What a team or task may name: roles, the person, the organisation (for a system: its units and their roles as well). */
      readonly members: readonly string[];
      /** What a consent or block may name besides: the organisations above. */
      readonly above: readonly string[];
      /** Organisations for which the actor's coordinating unit answers, itself among them; none for all other actors. */
      readonly answersFor: readonly string[];
      /** The person; left out for a system. */
      readonly practitionerId?: string;
      /** How a block may name the person: by any role of theirs, also elsewhere and of before. Left out for a system. */
      readonly inPerson?: readonly string[];
      /** For a system, by what else a block may name each member: a role's person and unit, a unit's own parents. */
      readonly alsoNamed?: ReadonlyMap<string, readonly string[]>;
    }
  | { readonly kind: 'patient'; readonly patientId: string }
  /** `parent`: by the law of parents of children under 16. */
  | { readonly kind: 'relative'; readonly reference: string; readonly patientId: string; readonly parent: boolean }
  /** Somebody this service does not know as any of these. */
  | { readonly kind: 'stranger' };

export type ServiceActor = Extract<Actor, { kind: 'service' }>;

/** True for a system that its scopes alone bind: nothing has to be looked up for it. */
export function isUnbound({ fhirUser, scopesAlone }: Principal): boolean {
  return fhirUser === undefined && scopesAlone === true;
}

/** The actor of a principal. Reads the directory of the store; asks nothing of the token but what it says. */
export async function actorOf(principal: Principal, store: ResourceStore, nowMs: number): Promise<Actor> {
  const user = principal.fhirUser === undefined ? undefined : parseReference(principal.fhirUser);
  if (user?.kind === 'local' && user.type === 'Patient') return { kind: 'patient', patientId: user.id };
  if (user?.kind === 'local' && user.type === 'RelatedPerson') return relative(store, user.id, nowMs);
  if (isUnbound(principal)) return { kind: 'unbound' };
  const organization = await organizationOf(principal, store);
  if (organization === undefined) return { kind: 'stranger' };
  if (user?.kind === 'local' && user.type === 'Practitioner') return practitioner(store, user.id, organization, nowMs);
  return user === undefined ? system(store, organization, nowMs) : { kind: 'stranger' };
}

async function relative(store: ResourceStore, id: string, nowMs: number): Promise<Actor> {
  const person = await readResource(store, 'RelatedPerson', id);
  const patientId = idOf(person?.patient, 'Patient');
  if (person === undefined || patientId === undefined || person.active === false) return { kind: 'stranger' };
  if (!isCurrent(person.period as Period | undefined, nowMs)) return { kind: 'stranger' };
  const patient = await readResource(store, 'Patient', patientId);
  const parent = patient !== undefined && hasParentalRelation(person, patient, nowMs);
  return { kind: 'relative', reference: `RelatedPerson/${id}`, patientId, parent };
}

async function practitioner(store: ResourceStore, id: string, organization: Resource, nowMs: number): Promise<Actor> {
  const own = organization.id!;
  const [person, every] = await Promise.all([
    readResource(store, 'Practitioner', id),
    findAll(store, 'PractitionerRole', refers('practitioner', 'Practitioner', id)),
  ]);
  const roles = every.filter((role) => isCurrentRole(role, nowMs) && idOf(role.organization, 'Organization') === own);
  // Who has stopped working is nobody here, whatever roles are left of them.
  if (person === undefined || person.active === false || roles.length === 0) return { kind: 'stranger' };
  const above = await organizationsAbove(store, organization);
  return {
    kind: 'service',
    members: [...roles.map(referenceTo), `Practitioner/${id}`, `Organization/${own}`],
    above,
    answersFor: isCoordinatingUnit(organization) ? [`Organization/${own}`, ...above] : [],
    practitionerId: id,
    inPerson: [`Practitioner/${id}`, ...every.map(referenceTo)],
  };
}

/** A system acts for its organisation as a whole: for the units below it and for all who have a role there. */
async function system(store: ResourceStore, organization: Resource, nowMs: number): Promise<Actor> {
  const units = [organization, ...(await organizationsBelow(store, organization.id!))];
  const ids = units.map((unit) => unit.id!);
  const where: Clause = { op: 'or', clauses: ids.map((unit) => refers('organization', 'Organization', unit)) };
  const roles = await currentRoles(store, where, nowMs);
  const above = await organizationsAbove(store, organization);
  const answering = units.filter(isCoordinatingUnit);
  return {
    kind: 'service',
    members: [...ids.map((unit) => `Organization/${unit}`), ...roles.map(referenceTo)],
    above,
    alsoNamed: alsoNamed(units, roles),
    answersFor: answering.length === 0 ? [] : [...answering.map((unit) => `Organization/${unit.id}`), `Organization/${ids[0]}`, ...above],
  };
}

function isCoordinatingUnit({ type }: Resource): boolean {
  const codings = ((type ?? []) as readonly { coding?: readonly Coding[] }[]).flatMap(({ coding }) => coding ?? []);
  return codings.some(({ system, code }) => system === TEAM_ROLE && code === COORDINATING_UNIT);
}

async function organizationOf({ organizationNumber }: Principal, store: ResourceStore): Promise<Resource | undefined> {
  if (organizationNumber === undefined) return undefined;
  const test = { kind: 'token', system: ORGANIZATION_NUMBER_SYSTEM, code: organizationNumber } as const;
  const found = await findAll(store, 'Organization', { op: 'match', param: 'identifier', test });
  // A number that belongs to two resources says of neither that one acts for it.
  const [only] = found;
  return found.length === 1 && only?.active !== false ? only : undefined;
}

async function currentRoles(store: ResourceStore, where: Clause, nowMs: number): Promise<readonly Resource[]> {
  const roles = await findAll(store, 'PractitionerRole', where);
  return roles.filter((role) => isCurrentRole(role, nowMs));
}

/** True for a PractitionerRole that is in use now. */
export function isCurrentRole({ active, period }: Resource, nowMs: number): boolean {
  return active !== false && isCurrent(period as Period | undefined, nowMs);
}

function referenceTo({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}

/** Of units from the top down, and of the roles in them. */
function alsoNamed(units: readonly Resource[], roles: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, readonly string[]>();
  const withParents = (unit: string | undefined): readonly string[] =>
    unit === undefined ? [] : [`Organization/${unit}`, ...(named.get(`Organization/${unit}`) ?? [])];
  for (const unit of units) named.set(referenceTo(unit), named.size === 0 ? [] : withParents(idOf(unit.partOf, 'Organization')));
  for (const role of roles) {
    const person = idOf(role.practitioner, 'Practitioner');
    const places = withParents(idOf(role.organization, 'Organization'));
    named.set(referenceTo(role), [...(person === undefined ? [] : [`Practitioner/${person}`]), ...places]);
  }
  return named;
}

/** The organisations that an organisation is part of, as references, from the nearest on. */
export async function organizationsAbove(store: ResourceStore, organization: Resource): Promise<readonly string[]> {
  const above: string[] = [];
  let current: Resource | undefined = organization;
  while (current !== undefined && above.length < LEVELS_AT_MOST) {
    const parent = idOf(current.partOf, 'Organization');
    if (parent === undefined) break;
    above.push(`Organization/${parent}`);
    current = await readResource(store, 'Organization', parent);
  }
  return above;
}

async function organizationsBelow(store: ResourceStore, id: string): Promise<readonly Resource[]> {
  const found = new Map<string, Resource>();
  let level: readonly string[] = [id];
  for (let depth = 0; level.length > 0 && depth < LEVELS_AT_MOST; depth += 1) {
    const where: Clause = { op: 'or', clauses: level.map((parent) => refers('partof', 'Organization', parent)) };
    const units = (await findAll(store, 'Organization', where)).filter((unit) => unit.id !== id && !found.has(unit.id!));
    for (const unit of units) found.set(unit.id!, unit);
    level = units.map((unit) => unit.id!);
  }
  return [...found.values()];
}
