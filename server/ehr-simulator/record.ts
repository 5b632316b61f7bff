/**
 * What the pages of a simulated EHR show, read from its own store: users, patients and their stays.
 */
import type { Resource, ResourceKey } from '../fhir/resource.ts';
import type { ResourceStore } from '../store/resource-store.ts';

const OID = 'urn:oid:2.16.578.1.12.4.1.4.';
const NATIONAL_NUMBERS = [`${OID}1`, `${OID}2`];
const AT_MOST = 500;

/** Somebody who can sign in: a practitioner in one of their roles. */
export interface EhrUser {
  readonly roleId: string;
  readonly practitionerId: string;
  readonly name: string;
  readonly role: string;
  readonly organization: string;
  readonly organizationNumber?: string;
}

export interface EhrPatient {
  readonly id: string;
  readonly name: string;
  /** Family name first, for the order of lists. */
  readonly sortName: string;
  readonly birthDate: string;
  readonly gender: string;
  /** Fødselsnummer or D-number. */
  readonly nationalNumber: string;
  readonly phone: string;
  readonly address: string;
}

export interface EhrStay {
  readonly id: string;
  readonly status: string;
  /** In the words of the record; empty where it only has the class. */
  readonly kind: string;
  /** A code of HL7's ActEncounterCode. */
  readonly contactClass: string;
  readonly place: string;
  readonly start: string;
  readonly end: string;
}

interface HumanName {
  readonly text?: string;
  readonly family?: string;
  readonly given?: readonly string[];
}
interface Reference {
  readonly reference?: string;
  readonly display?: string;
}
interface Concept {
  readonly text?: string;
  readonly coding?: readonly { readonly display?: string; readonly code?: string }[];
}
interface Identifier {
  readonly system?: string;
  readonly value?: string;
}

export interface EhrRecord {
  /** Practitioners in their active roles, by name. */
  users(): Promise<readonly EhrUser[]>;
  user(roleId: string): Promise<EhrUser | undefined>;
  /** For each practitioner by id, the names of the patients they are responsible for or take part with, by the stays and contacts recorded. */
  patientNames(): Promise<ReadonlyMap<string, readonly string[]>>;
  practitionerName(id: string): Promise<string | undefined>;
  /** Patients whose name holds the words, or whose number begins with the digits; all when the text is empty. By family name. */
  patients(text: string): Promise<readonly EhrPatient[]>;
  patient(id: string): Promise<EhrPatient | undefined>;
  /** Ids of the patients whom this practitioner is responsible for or takes part with, by the stays and contacts recorded. */
  patientsOf(practitionerId: string): Promise<ReadonlySet<string>>;
  /** Stays and contacts, the newest first. */
  stays(patientId: string): Promise<readonly EhrStay[]>;
}

/** The record of one EHR. */
export function ehrRecord(store: ResourceStore): EhrRecord {
  async function all(type: string): Promise<readonly Resource[]> {
    const page = await store.search({ types: [type], where: { op: 'all' }, sort: [], limit: AT_MOST, total: 'none' });
    return page.matches.map((match) => JSON.parse(match.json) as Resource);
  }

  async function one(type: string, id: string): Promise<Resource | undefined> {
    const version = await store.read(type, id);
    return version?.json == null ? undefined : (JSON.parse(version.json) as Resource);
  }

  async function usersOf(roles: readonly Resource[]): Promise<readonly EhrUser[]> {
    const keys = roles.flatMap((role) => [keyOf(role.practitioner), keyOf(role.organization)]).filter((key) => key !== undefined);
    const versions = await store.readMany(keys);
    const found = new Map(versions.map((version) => [`${version.type}/${version.id}`, JSON.parse(version.json ?? '{}') as Resource]));
    return roles.flatMap((role) => userOf(role, (reference) => found.get(referenceText(reference)) ?? undefined));
  }

  return {
    async users() {
      const users = await usersOf((await all('PractitionerRole')).filter((role) => role.active !== false));
      return [...users].sort((a, b) => a.name.localeCompare(b.name, 'nb'));
    },
    async user(roleId) {
      const role = await one('PractitionerRole', roleId);
      return role === undefined ? undefined : (await usersOf([role]))[0];
    },
    async patientNames() {
      const names = new Map<string, Set<string>>();
      for (const encounter of await all('Encounter')) {
        const patient = (encounter.subject as Reference | undefined)?.display;
        for (const { individual } of (encounter.participant as readonly { individual?: Reference }[] | undefined) ?? []) {
          const key = keyOf(individual);
          if (key?.type === 'Practitioner' && patient !== undefined) names.set(key.id, (names.get(key.id) ?? new Set()).add(patient));
        }
      }
      return new Map([...names].map(([id, patients]) => [id, [...patients].sort((a, b) => a.localeCompare(b, 'nb'))]));
    },
    async practitionerName(id) {
      const practitioner = await one('Practitioner', id);
      return practitioner === undefined ? undefined : nameOf(practitioner);
    },
    async patients(text) {
      const patients = (await all('Patient')).map(patientOf);
      return patients.filter((patient) => matches(patient, text)).sort((a, b) => a.sortName.localeCompare(b.sortName, 'nb'));
    },
    async patient(id) {
      const patient = await one('Patient', id);
      return patient === undefined ? undefined : patientOf(patient);
    },
    async patientsOf(practitionerId) {
      const where = { op: 'match', param: 'participant', test: { kind: 'reference', type: 'Practitioner', id: practitionerId } } as const;
      const page = await store.search({ types: ['Encounter'], where, sort: [], limit: AT_MOST, total: 'none' });
      const keys = page.matches.map((match) => keyOf((JSON.parse(match.json) as Resource).subject));
      return new Set(keys.flatMap((key) => (key?.type === 'Patient' ? [key.id] : [])));
    },
    async stays(patientId) {
      const where = { op: 'match', param: 'patient', test: { kind: 'reference', type: 'Patient', id: patientId } } as const;
      const page = await store.search({ types: ['Encounter'], where, sort: [], limit: 50, total: 'none' });
      const stays = page.matches.map((match) => stayOf(JSON.parse(match.json) as Resource));
      return stays.sort((a, b) => b.start.localeCompare(a.start));
    },
  };
}

function userOf(role: Resource, resolve: (reference: unknown) => Resource | undefined): readonly EhrUser[] {
  const practitioner = resolve(role.practitioner);
  if (practitioner === undefined) return [];
  const organization = resolve(role.organization);
  const number = organization === undefined ? undefined : identifierValue(organization, [`${OID}101`]);
  return [
    {
      roleId: role.id!,
      practitionerId: practitioner.id!,
      name: nameOf(practitioner),
      role: conceptText((role.code as readonly Concept[] | undefined)?.[0]),
      organization: String(organization?.name ?? (role.organization as Reference | undefined)?.display ?? ''),
      ...(number === undefined ? {} : { organizationNumber: number }),
    },
  ];
}

function patientOf(patient: Resource): EhrPatient {
  const address = (patient.address as readonly { line?: readonly string[]; postalCode?: string; city?: string }[] | undefined)?.[0];
  const phone = (patient.telecom as readonly { system?: string; value?: string }[] | undefined)?.find(({ system }) => system === 'phone');
  return {
    id: patient.id!,
    name: nameOf(patient),
    sortName: sortNameOf(patient),
    birthDate: String(patient.birthDate ?? ''),
    gender: String(patient.gender ?? ''),
    nationalNumber: identifierValue(patient, NATIONAL_NUMBERS) ?? '',
    phone: phone?.value ?? '',
    address: [address?.line?.join(', '), [address?.postalCode, address?.city].filter(Boolean).join(' ')].filter(Boolean).join(', '),
  };
}

function stayOf(encounter: Resource): EhrStay {
  const period = encounter.period as { start?: string; end?: string } | undefined;
  return {
    id: encounter.id!,
    status: String(encounter.status ?? ''),
    kind: conceptText((encounter.type as readonly Concept[] | undefined)?.[0]),
    contactClass: (encounter.class as { code?: string } | undefined)?.code ?? '',
    place: (encounter.serviceProvider as Reference | undefined)?.display ?? '',
    start: period?.start ?? '',
    end: period?.end ?? '',
  };
}

function nameOf(person: Resource): string {
  const name = (person.name as readonly HumanName[] | undefined)?.[0];
  return name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim();
}

function sortNameOf(person: Resource): string {
  const name = (person.name as readonly HumanName[] | undefined)?.[0];
  return name?.family === undefined ? nameOf(person) : [name.family, ...(name.given ?? [])].join(' ');
}

function conceptText(concept: Concept | undefined): string {
  return concept?.text ?? concept?.coding?.[0]?.display ?? concept?.coding?.[0]?.code ?? '';
}

function identifierValue(resource: Resource, systems: readonly string[]): string | undefined {
  return (resource.identifier as readonly Identifier[] | undefined)?.find(({ system }) => systems.includes(system ?? ''))?.value;
}

function referenceText(reference: unknown): string {
  return (reference as Reference | undefined)?.reference ?? '';
}

function keyOf(reference: unknown): ResourceKey | undefined {
  const [type, id] = referenceText(reference).split('/');
  return type === undefined || id === undefined ? undefined : { type, id };
}

function matches(patient: EhrPatient, text: string): boolean {
  const digits = text.replace(/\s/g, '');
  if (/^\d+$/.test(digits)) return patient.nationalNumber.startsWith(digits);
  const name = folded(patient.name);
  return folded(text)
    .split(/\s+/)
    .every((word) => name.includes(word));
}

function folded(text: string): string {
  return text.toLocaleLowerCase('nb').trim();
}
