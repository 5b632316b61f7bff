/**
 * Sign-in to the shared service by an external provider: health personnel are found by HPR number, other staff by a Person
 * with their national identity number, private persons by that number itself, and the picker shows those whom the access
 * rule lets the user reach. Who works somewhere is a private person as well: everybody opens their own record as the
 * patient, that of somebody they are related to as the relative, where that opens it, and all others as who they are at
 * work. So nobody who writes a Person with the number of a patient keeps that patient out.
 */
import type { Resource } from '../../fhir/resource.ts';
import { keptIdentifier } from '../../search/personal-number.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { findAll, idOf } from '../access-rule/directory.ts';
import { reachesPatient, reachOf } from '../access-rule/reach.ts';
import { HPR_SYSTEM, NATIONAL_NUMBER_SYSTEMS, ORGANIZATION_NUMBER_SYSTEM } from '../ehr-identity.ts';
import type { Principal } from '../principal.ts';
import { idsByIdentifier } from '../shared-identity.ts';
import { type ExternalPerson, type ExternalProviderOptions, externalProvider } from './external-provider.ts';
import type { Choice, SignedInUser, SignIn } from './sign-in.ts';
import { staffByNumber } from './staff-by-number.ts';

const SHOWN_AT_MOST = 200;

export interface SharedSignInOptions {
  /** Whose sign-in this is. */
  readonly place: string;
  readonly provider: Omit<ExternalProviderOptions, 'findUser'>;
  readonly store: ResourceStore;
  readonly nowMs: () => number;
}

/** The sign-in of the shared service. */
export function sharedSignIn({ place, provider, store, nowMs }: SharedSignInOptions): SignIn {
  return {
    place,
    users: externalProvider({ ...provider, findUser: (person) => findUser(store, person, nowMs()) }),
    async patients(user, text) {
      const reaches = await Promise.all(accountsOf(user).map((account) => reachOf(principalOf(user, account), { store }, nowMs())));
      const ids = new Set(reaches.flatMap((reach) => (reach.unbound ? [] : [...reach.patients.keys()])));
      const versions = await store.readMany([...ids].map((id) => ({ type: 'Patient', id })));
      const patients = versions.map(({ json }) => JSON.parse(json ?? '{}') as Resource).filter((patient) => fits(patient, text));
      const choices = patients.map(choiceOf).sort((a, b) => a.name.localeCompare(b.name, 'nb'));
      return choices.slice(0, SHOWN_AT_MOST);
    },
    async patient(user, patientId) {
      for (const accountId of accountsOf(user, patientId)) {
        if (!(await reachesPatient(principalOf(user, accountId), patientId, { store }, nowMs()))) continue;
        const version = await store.read('Patient', patientId);
        return version?.json == null ? undefined : { ...choiceOf(JSON.parse(version.json) as Resource), accountId };
      }
      return undefined;
    },
  };
}

/** The accounts of a user, or those by which they may come to this patient: first what they are to them in private. */
function accountsOf({ accountId, capacities = [] }: SignedInUser, patientId?: string): readonly string[] {
  const fitting = capacities.filter((capacity) => patientId === undefined || capacity.patientId === patientId);
  return [...new Set([...fitting.map((capacity) => capacity.accountId), accountId])];
}

/** The one resource of the store that the person is; of two with the same number it is neither. */
async function findUser(store: ResourceStore, person: ExternalPerson, nowMs: number): Promise<SignedInUser | undefined> {
  const { hprNumber, nationalNumber, name } = person;
  const national = nationalNumber === undefined ? [] : NATIONAL_NUMBER_SYSTEMS.map((system) => ({ system, value: nationalNumber }));
  const hpr = hprNumber === undefined ? [] : [{ system: HPR_SYSTEM, value: hprNumber }];
  const actingFor = await organizationOf(store, person.organizationNumbers);
  const practitioner =
    (await onlyOne(store, 'Practitioner', hpr)) ?? (await staffByNumber(store, national, actingFor?.organization, nowMs));
  const capacities = await capacitiesOf(store, national);
  const organization = practitioner === undefined ? undefined : actingFor?.number;
  const atWork = practitioner !== undefined && (organization !== undefined || capacities.length === 0);
  if (!atWork) return privatePerson(capacities, name);
  const claims = {
    ...(hprNumber === undefined ? {} : { hpr_number: hprNumber }),
    ...(organization === undefined ? {} : { organization_number: organization }),
  };
  return {
    accountId: `Practitioner/${practitioner}`,
    name,
    claims,
    context: organization === undefined ? {} : { tenant: organization },
    ...(capacities.length === 0 ? {} : { capacities }),
  };
}

type Capacities = NonNullable<SignedInUser['capacities']>;

/** A patient, a relative of patients, or both. Who is nothing but a patient is not asked whose record to open. */
function privatePerson(capacities: Capacities, name: string): SignedInUser | undefined {
  const [first, ...more] = capacities;
  if (first === undefined) return undefined;
  const isPatientOnly = more.length === 0 && first.accountId.startsWith('Patient/');
  return { accountId: first.accountId, name, ...(isPatientOnly ? { ownPatientId: first.patientId } : { capacities }) };
}

/** What somebody with these numbers is in private: the patient of their own record first, then the relative in others'. */
async function capacitiesOf(
  store: ResourceStore,
  national: readonly { readonly system: string; readonly value: string }[],
): Promise<Capacities> {
  const patient = await onlyOne(store, 'Patient', national);
  const own = patient === undefined ? [] : [{ accountId: `Patient/${patient}`, patientId: patient }];
  const numbers = national.map(
    ({ system, value }): Clause => ({ op: 'match', param: 'identifier', test: { kind: 'token', system, code: value } }),
  );
  const related = numbers.length === 0 ? [] : await findAll(store, 'RelatedPerson', { op: 'or', clauses: numbers });
  const relations = related.flatMap(({ id, patient: of }) => {
    const patientId = idOf(of, 'Patient');
    return id === undefined || patientId === undefined ? [] : [{ accountId: `RelatedPerson/${id}`, patientId }];
  });
  return [...own, ...relations];
}

async function onlyOne(
  store: ResourceStore,
  type: string,
  identifiers: readonly { readonly system: string; readonly value: string }[],
): Promise<string | undefined> {
  const found = new Set((await Promise.all(identifiers.map((identifier) => idsByIdentifier(store, type, identifier)))).flat());
  return found.size === 1 ? [...found][0] : undefined;
}

/** The first of the numbers that is an organisation here: the unit when it is known, else the whole. */
async function organizationOf(
  store: ResourceStore,
  numbers: readonly string[],
): Promise<{ readonly number: string; readonly organization: Resource } | undefined> {
  for (const number of numbers) {
    const test = { kind: 'token', system: ORGANIZATION_NUMBER_SYSTEM, code: number } as const;
    const [organization, another] = await findAll(store, 'Organization', { op: 'match', param: 'identifier', test });
    if (organization !== undefined && another === undefined) return { number, organization };
  }
  return undefined;
}

/** The user under one of their accounts as the access rule sees them; scopes are no matter here. */
function principalOf(user: SignedInUser, accountId: string): Principal {
  const claims = (accountId === user.accountId ? user.claims : {}) as Record<string, string | undefined> | undefined;
  const { organization_number: organizationNumber, hpr_number: hprNumber } = claims ?? {};
  return {
    clientId: 'sign-in',
    subject: accountId,
    fhirUser: accountId,
    scope: '',
    scopes: [],
    ...(organizationNumber === undefined ? {} : { organizationNumber }),
    ...(hprNumber === undefined ? {} : { hprNumber }),
  };
}

function choiceOf(patient: Resource): Choice {
  const { birthDate } = patient;
  return { id: patient.id!, name: nameOf(patient), about: '', ...(typeof birthDate === 'string' ? { birthDate } : {}) };
}

function fits(patient: Resource, text: string): boolean {
  const digits = text.replace(/\s/g, '');
  const identifiers = (patient.identifier ?? []) as readonly { readonly system?: string; readonly value?: string }[];
  if (/^\d+$/.test(digits))
    return identifiers.some(
      ({ system = '', value = '' }) => NATIONAL_NUMBER_SYSTEMS.includes(system) && keptIdentifier(system, value) === digits,
    );
  const name = nameOf(patient).toLocaleLowerCase('nb');
  return text
    .toLocaleLowerCase('nb')
    .split(/\s+/)
    .every((word) => name.includes(word));
}

function nameOf(person: Resource): string {
  const name = (person.name as readonly { text?: string; family?: string; given?: readonly string[] }[] | undefined)?.[0];
  return name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim();
}
