/**
 * The simulated identity provider of demo mode, whose people are the staff of the shared directory and a few patients.
 */
import { sharedServiceCredentials } from '../auth/demo-clients.ts';
import { HPR_SYSTEM, NATIONAL_NUMBER_SYSTEMS, ORGANIZATION_NUMBER_SYSTEM } from '../auth/ehr-identity.ts';
import type { NodeHandler } from '../auth/node-handler.ts';
import type { ExternalProviderOptions } from '../auth/sign-in/external-provider.ts';
import type { Config } from '../config.ts';
import type { Resource } from '../fhir/resource.ts';
import { createSimulatedIdentityProvider, type SimulatedPerson } from '../identity-provider/simulated-identity-provider.ts';
import type { Database } from '../store/database.ts';
import type { ResourceStore } from '../store/resource-store.ts';

export const DEMO_IDENTITY_PATH = '/idp';
const STAFF_AT_MOST = 500;
const PATIENTS_AT_MOST = 10;
const RELATIVES_AT_MOST = 200;

/** What the shared service knows of the provider. */
export async function demoIdentityProvider(config: Config): Promise<Omit<ExternalProviderOptions, 'findUser'>> {
  const { clientId, privateKey } = await sharedServiceCredentials(config.dataDir);
  return { name: 'HelseID (simulert)', issuer: config.publicUrl + DEMO_IDENTITY_PATH, clientId, privateKey };
}

/** The provider as a handler for `/idp`. */
export async function openDemoIdentityProvider(config: Config, database: Database): Promise<NodeHandler> {
  const { clientId, issuer, privateKey } = await demoIdentityProvider(config);
  const { d: _private, ...publicKey } = privateKey;
  return createSimulatedIdentityProvider({
    issuer,
    state: database.state,
    client: { clientId, publicKey, redirectUris: [`${config.publicUrl}/auth/sign-in/callback`] },
    people: () => demoPeople(database.resources),
  });
}

/** Staff in their roles, by HPR number or, without one, by the number that a Person has of them, one of them also at a security level that is not enough, the first patients, and relatives with a number. */
export async function demoPeople(store: ResourceStore): Promise<readonly SimulatedPerson[]> {
  const all = async (type: string, limit: number) => {
    const page = await store.search({ types: [type], where: { op: 'all' }, sort: [], limit, total: 'none' });
    return page.matches.map((match) => JSON.parse(match.json) as Resource);
  };
  const [roles, practitioners, organizations, persons, patients, relatives] = await Promise.all([
    all('PractitionerRole', STAFF_AT_MOST),
    all('Practitioner', STAFF_AT_MOST),
    all('Organization', STAFF_AT_MOST),
    all('Person', STAFF_AT_MOST),
    all('Patient', PATIENTS_AT_MOST),
    all('RelatedPerson', RELATIVES_AT_MOST),
  ]);
  const resources = new Map([...practitioners, ...organizations].map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  const numbers = new Map(persons.flatMap((person) => staffOf(person).map((practitioner) => [practitioner, person] as const)));
  const staff = roles.flatMap((role) => personOf(role, resources, numbers));
  const low = staff.slice(0, 1).map((person) => ({ ...person, id: `${person.id}-3`, securityLevel: '3' as const }));
  const byName = [...staff, ...low].sort((a, b) => a.name.localeCompare(b.name, 'nb'));
  return [
    ...byName,
    ...patients.map((patient) => privatePerson(patient, 'patient')),
    ...onePerNumber(relatives).map((each) => privatePerson(each, 'relative')),
  ];
}

/** Those who have a number, each person once. */
function onePerNumber(relatives: readonly Resource[]): readonly Resource[] {
  const byNumber = new Map(relatives.map((relative) => [numberOf(relative, NATIONAL_NUMBER_SYSTEMS), relative]));
  byNumber.delete(undefined);
  return [...byNumber.values()];
}

/** References to the Practitioners that a Person is. */
function staffOf({ link }: Resource): readonly string[] {
  return ((link ?? []) as readonly { readonly target?: unknown }[]).map(({ target }) => referenceOf(target));
}

function personOf(
  role: Resource,
  resources: ReadonlyMap<string, Resource>,
  numbers: ReadonlyMap<string, Resource>,
): readonly SimulatedPerson[] {
  const person = numbers.get(referenceOf(role.practitioner));
  const practitioner = resources.get(referenceOf(role.practitioner));
  const organization = resources.get(referenceOf(role.organization));
  const hprNumber = practitioner === undefined ? undefined : numberOf(practitioner, [HPR_SYSTEM]);
  const number = organization === undefined ? undefined : numberOf(organization, [ORGANIZATION_NUMBER_SYSTEM]);
  const nationalNumber = person === undefined ? undefined : numberOf(person, NATIONAL_NUMBER_SYSTEMS);
  if (practitioner === undefined || number === undefined || (hprNumber ?? nationalNumber) === undefined) return [];
  const name = `${nameOf(practitioner)}, ${String(organization?.name ?? '')}`;
  const known = { ...(hprNumber === undefined ? {} : { hprNumber }), ...(nationalNumber === undefined ? {} : { nationalNumber }) };
  return [{ id: role.id!, name, ...known, securityLevel: '4', organizationParent: number }];
}

function privatePerson(person: Resource, comesAs: 'patient' | 'relative'): SimulatedPerson {
  const nationalNumber = numberOf(person, NATIONAL_NUMBER_SYSTEMS);
  return {
    id: `${person.resourceType.toLowerCase()}-${person.id}`,
    name: nameOf(person),
    comesAs,
    securityLevel: '4',
    ...(nationalNumber === undefined ? {} : { nationalNumber }),
  };
}

function referenceOf(reference: unknown): string {
  return (reference as { readonly reference?: string } | undefined)?.reference ?? '';
}

function numberOf(resource: Resource, systems: readonly string[]): string | undefined {
  const identifiers = (resource.identifier ?? []) as readonly { readonly system?: string; readonly value?: string }[];
  return identifiers.find(({ system = '' }) => systems.includes(system))?.value;
}

function nameOf(person: Resource): string {
  const name = (person.name as readonly { text?: string; family?: string; given?: readonly string[] }[] | undefined)?.[0];
  return name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim();
}
