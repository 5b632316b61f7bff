/**
 * Who stands behind the references in the log: staff by name, role and organisation, and nothing else of them; private
 * persons by what they are to the patient, never by name.
 */
import { ORGANIZATION_NUMBER_SYSTEM } from '../../auth/ehr-identity.ts';
import { parseReference } from '../../fhir/reference.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import type { NotedAccess } from './noted-access.ts';
import type { Words } from './words.ts';

const ROLES_AT_MOST = 1000;

export interface Who {
  readonly name: string;
  /** What they are employed as. */
  readonly role?: string;
  readonly organization?: string;
}

/** Whom the log is told to, and about whom. */
export interface Reader {
  readonly patientId: string;
  /** The reader's own resource, `Type/id`; absent for a system. */
  readonly self?: string;
}

/** Names of people and organisations, looked up at once for many accesses. */
export interface People {
  who(access: Pick<NotedAccess, 'user' | 'organizationNumber' | 'clientId'>, words: Words): Who;
}

interface Role {
  readonly organization?: string;
  readonly text?: string;
}

/** Looks up all who stand in these accesses. */
export async function findPeople(store: ResourceStore, accesses: readonly NotedAccess[], reader: Reader): Promise<People> {
  const users = [...new Set(accesses.flatMap(({ user }) => user ?? []))].map(keyOf).filter((key) => key !== undefined);
  const staff = users.filter(({ type }) => type === 'Practitioner');
  const [practitioners, relatives, roles, organizations] = await Promise.all([
    read(store, staff),
    read(
      store,
      users.filter(({ type }) => type === 'RelatedPerson'),
    ),
    rolesOf(
      store,
      staff.map(({ id }) => id),
    ),
    organizationsOf(store, new Set(accesses.flatMap(({ organizationNumber }) => organizationNumber ?? []))),
  ]);
  const kin = new Set(relatives.filter((each) => idIn(each.patient) === reader.patientId).map((each) => `RelatedPerson/${each.id}`));
  const names = new Map(practitioners.map((each) => [`Practitioner/${each.id}`, nameOf(each)]));

  function nameOfUser(user: string, words: Words): string {
    if (user === reader.self) return words.you;
    if (user === `Patient/${reader.patientId}`) return words.patient;
    if (user.startsWith('Practitioner/')) return names.get(user) ?? words.employee;
    return kin.has(user) ? words.kin : words.privatePerson;
  }

  return {
    who({ user, organizationNumber, clientId }, words) {
      const organization = organizationNumber === undefined ? undefined : organizations.get(organizationNumber);
      const place = organization === undefined ? {} : { organization: organization.name };
      if (user !== undefined) {
        const role = roles.get(user)?.find((each) => each.organization === organization?.id && each.text !== undefined)?.text;
        return { name: nameOfUser(user, words), ...(role === undefined ? {} : { role }), ...place };
      }
      if (organization !== undefined) return { name: words.systemOf(organization.name), ...place };
      return { name: clientId === undefined ? words.unknown : words.system };
    },
  };
}

function keyOf(reference: string): { readonly type: string; readonly id: string } | undefined {
  const parsed = parseReference(reference);
  return parsed.kind === 'local' ? { type: parsed.type, id: parsed.id } : undefined;
}

async function read(store: ResourceStore, keys: readonly { readonly type: string; readonly id: string }[]): Promise<readonly Resource[]> {
  if (keys.length === 0) return [];
  const versions = await store.readMany(keys);
  return versions.flatMap(({ json }) => (json === null ? [] : [JSON.parse(json) as Resource]));
}

/** What practitioners are employed as, by `Practitioner/id`. */
async function rolesOf(store: ResourceStore, practitioners: readonly string[]): Promise<ReadonlyMap<string, readonly Role[]>> {
  const clauses = practitioners.map(
    (id): Clause => ({ op: 'match', param: 'practitioner', test: { kind: 'reference', type: 'Practitioner', id } }),
  );
  const found = await find(store, 'PractitionerRole', clauses);
  const of = Map.groupBy(found, (role) => `Practitioner/${idIn(role.practitioner)}`);
  return new Map([...of].map(([practitioner, roles]) => [practitioner, roles.map(roleOf)]));
}

function roleOf(role: Resource): Role {
  const organization = idIn(role.organization);
  const [code] = (role.code ?? []) as readonly { text?: string; coding?: readonly { display?: string }[] }[];
  const text = code?.text ?? code?.coding?.find(({ display }) => display !== undefined)?.display;
  return { ...(organization === undefined ? {} : { organization }), ...(text === undefined ? {} : { text }) };
}

/** Id and name of organisations, by organisasjonsnummer. */
async function organizationsOf(
  store: ResourceStore,
  numbers: ReadonlySet<string>,
): Promise<ReadonlyMap<string, { readonly id: string; readonly name: string }>> {
  const anyOf = [...numbers].map((code) => ({ system: ORGANIZATION_NUMBER_SYSTEM, code }));
  const clauses: readonly Clause[] = anyOf.length === 0 ? [] : [{ op: 'match', param: 'identifier', test: { kind: 'token', anyOf } }];
  const named = new Map<string, { id: string; name: string }>();
  for (const organization of await find(store, 'Organization', clauses)) {
    const identifiers = (organization.identifier ?? []) as readonly { system?: string; value?: string }[];
    const number = identifiers.find(({ system, value = '' }) => system === ORGANIZATION_NUMBER_SYSTEM && numbers.has(value))?.value;
    if (number !== undefined) named.set(number, { id: organization.id!, name: String(organization.name ?? number) });
  }
  return named;
}

async function find(store: ResourceStore, type: string, clauses: readonly Clause[]): Promise<readonly Resource[]> {
  if (clauses.length === 0) return [];
  const page = await store.search({ types: [type], where: { op: 'or', clauses }, sort: [], limit: ROLES_AT_MOST, total: 'none' });
  return page.matches.map(({ json }) => JSON.parse(json) as Resource);
}

function idIn(reference: unknown): string | undefined {
  const text = (reference as { reference?: string } | undefined)?.reference;
  return text === undefined ? undefined : keyOf(text)?.id;
}

function nameOf({ name }: Resource): string | undefined {
  const [first] = (name ?? []) as readonly { text?: string; family?: string; given?: readonly string[] }[];
  const spelled = [...(first?.given ?? []), first?.family].filter((part) => part !== undefined).join(' ');
  return spelled === '' ? first?.text : spelled;
}
