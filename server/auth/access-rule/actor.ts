/**
 * Who acts, in the references by which teams, tasks and consents may name them: a person in their roles for the
 * organisation they act for, that organisation and those it is part of, a patient, a relative, or a system.
 */
import { parseReference } from '../../fhir/reference.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { ORGANIZATION_NUMBER_SYSTEM } from '../ehr-identity.ts';
import type { Principal } from '../principal.ts';
import { isCurrent, type Period } from './period.ts';

const PARTS_AT_MOST = 1000;
const LEVELS_AT_MOST = 5;

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
    }
  | { readonly kind: 'patient'; readonly patientId: string }
  | { readonly kind: 'relative'; readonly reference: string; readonly patientId: string }
  /** Somebody this service does not know as any of these. */
  | { readonly kind: 'stranger' };

/** The actor of a principal. Reads the directory of the store; asks nothing of the token but what it says. */
export async function actorOf(principal: Principal, store: ResourceStore, nowMs: number): Promise<Actor> {
  const user = principal.fhirUser === undefined ? undefined : parseReference(principal.fhirUser);
  if (user?.kind === 'local' && user.type === 'Patient') return { kind: 'patient', patientId: user.id };
  if (user?.kind === 'local' && user.type === 'RelatedPerson') return relative(store, user.id);
  if (user === undefined && principal.scopesAlone === true) return { kind: 'unbound' };
  const organization = await organizationOf(principal, store);
  if (user?.kind === 'local' && user.type === 'Practitioner') return practitioner(store, user.id, organization, nowMs);
  if (user !== undefined) return { kind: 'stranger' };
  return organization === undefined ? { kind: 'stranger' } : system(store, organization, nowMs);
}

async function relative(store: ResourceStore, id: string): Promise<Actor> {
  const person = await readResource(store, 'RelatedPerson', id);
  const patient = idOf(person?.patient, 'Patient');
  if (person === undefined || patient === undefined || person.active === false) return { kind: 'stranger' };
  return { kind: 'relative', reference: `RelatedPerson/${id}`, patientId: patient };
}

async function practitioner(store: ResourceStore, id: string, organization: string | undefined, nowMs: number): Promise<Actor> {
  if (organization === undefined) return { kind: 'stranger' };
  const where = both(refers('practitioner', 'Practitioner', id), refers('organization', 'Organization', organization));
  const roles = await currentRoles(store, where, nowMs);
  if (roles.length === 0) return { kind: 'stranger' };
  const members = [...roles, `Practitioner/${id}`, `Organization/${organization}`];
  return { kind: 'service', members, above: await organizationsAbove(store, organization) };
}

/** A system acts for its organisation as a whole: for the units below it and for all who have a role there. */
async function system(store: ResourceStore, organization: string, nowMs: number): Promise<Actor> {
  const units = await organizationsBelow(store, organization);
  const roles = await currentRoles(store, { op: 'or', clauses: units.map((unit) => refers('organization', 'Organization', unit)) }, nowMs);
  return {
    kind: 'service',
    members: [...units.map((unit) => `Organization/${unit}`), ...roles],
    above: await organizationsAbove(store, organization),
  };
}

async function organizationOf({ organizationNumber }: Principal, store: ResourceStore): Promise<string | undefined> {
  if (organizationNumber === undefined) return undefined;
  const test = { kind: 'token', system: ORGANIZATION_NUMBER_SYSTEM, code: organizationNumber } as const;
  const found = await find(store, 'Organization', { op: 'match', param: 'identifier', test }, 2);
  // A number that belongs to two resources says of neither that one acts for it.
  return found.length === 1 ? found[0]!.id : undefined;
}

async function currentRoles(store: ResourceStore, where: Clause, nowMs: number): Promise<readonly string[]> {
  const roles = await find(store, 'PractitionerRole', where, PARTS_AT_MOST);
  return roles
    .filter((role) => role.active !== false && isCurrent(role.period as Period | undefined, nowMs))
    .map((role) => `PractitionerRole/${role.id}`);
}

async function organizationsAbove(store: ResourceStore, id: string): Promise<readonly string[]> {
  const above: string[] = [];
  let current: string | undefined = id;
  while (current !== undefined && above.length < LEVELS_AT_MOST) {
    const organization: Resource | undefined = await readResource(store, 'Organization', current);
    current = idOf(organization?.partOf, 'Organization');
    if (current !== undefined) above.push(`Organization/${current}`);
  }
  return above;
}

async function organizationsBelow(store: ResourceStore, id: string): Promise<readonly string[]> {
  const found = new Set([id]);
  let level: readonly string[] = [id];
  for (let depth = 0; level.length > 0 && depth < LEVELS_AT_MOST; depth += 1) {
    const where: Clause = { op: 'or', clauses: level.map((parent) => refers('partof', 'Organization', parent)) };
    const units = await find(store, 'Organization', where, PARTS_AT_MOST);
    level = units.map((unit) => unit.id!).filter((unit) => !found.has(unit));
    for (const unit of level) found.add(unit);
  }
  return [...found];
}

/** Resources of a type for which the clause holds. */
export async function find(store: ResourceStore, type: string, where: Clause, limit: number): Promise<readonly Resource[]> {
  const page = await store.search({ types: [type], where, sort: [], limit, total: 'none' });
  return page.matches.map((match) => JSON.parse(match.json) as Resource);
}

async function readResource(store: ResourceStore, type: string, id: string): Promise<Resource | undefined> {
  const version = await store.read(type, id);
  return version?.json == null ? undefined : (JSON.parse(version.json) as Resource);
}

/** A clause for a reference to a resource of this server. */
export function refers(param: string, type: string, id: string): Clause {
  return { op: 'match', param, test: { kind: 'reference', type, id } };
}

function both(a: Clause, b: Clause): Clause {
  return { op: 'and', clauses: [a, b] };
}

/** The id a Reference element names, when it is a local one of this type. */
export function idOf(reference: unknown, type: string): string | undefined {
  const text = (reference as { reference?: string } | undefined)?.reference;
  const parsed = text === undefined ? undefined : parseReference(text);
  return parsed?.kind === 'local' && parsed.type === type ? parsed.id : undefined;
}
