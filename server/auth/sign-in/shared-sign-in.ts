/**
 * Sign-in to the shared service by an external provider: health personnel are found by HPR number, other staff and
 * private persons by national identity number, and the picker shows those whom the access rule lets the user reach. A
 * private person opens their own record as the patient, and each record of somebody they are related to as the relative.
 */
import type { Resource } from '../../fhir/resource.ts';
import type { Clause } from '../../search/query.ts';
import type { ResourceStore } from '../../store/resource-store.ts';
import { findAll, idOf } from '../access-rule/directory.ts';
import { reachesPatient, reachOf } from '../access-rule/reach.ts';
import { HPR_SYSTEM, NATIONAL_NUMBER_SYSTEMS, ORGANIZATION_NUMBER_SYSTEM } from '../ehr-identity.ts';
import type { Principal } from '../principal.ts';
import { idsByIdentifier } from '../shared-identity.ts';
import { type ExternalPerson, type ExternalProviderOptions, externalProvider } from './external-provider.ts';
import { accountFor, type Choice, type SignedInUser, type SignIn } from './sign-in.ts';

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
    users: externalProvider({ ...provider, findUser: (person) => findUser(store, person) }),
    async patients(user, text) {
      const accounts = new Set([user.accountId, ...(user.capacities ?? []).map(({ accountId }) => accountId)]);
      const reaches = await Promise.all([...accounts].map((account) => reachOf(principalOf(user, account), { store }, nowMs())));
      const ids = new Set(reaches.flatMap((reach) => (reach.unbound ? [] : [...reach.patients.keys()])));
      const versions = await store.readMany([...ids].map((id) => ({ type: 'Patient', id })));
      const patients = versions.map(({ json }) => JSON.parse(json ?? '{}') as Resource).filter((patient) => fits(patient, text));
      const choices = patients.map(choiceOf).sort((a, b) => a.name.localeCompare(b.name, 'nb'));
      return choices.slice(0, SHOWN_AT_MOST);
    },
    async patient(user, patientId) {
      const account = accountFor(user, patientId);
      if (!(await reachesPatient(principalOf(user, account), patientId, { store }, nowMs()))) return undefined;
      const version = await store.read('Patient', patientId);
      return version?.json == null ? undefined : choiceOf(JSON.parse(version.json) as Resource);
    },
  };
}

/** The one resource of the store that the person is; of two with the same number it is neither. */
async function findUser(store: ResourceStore, person: ExternalPerson): Promise<SignedInUser | undefined> {
  const { hprNumber, nationalNumber, name } = person;
  const national = nationalNumber === undefined ? [] : NATIONAL_NUMBER_SYSTEMS.map((system) => ({ system, value: nationalNumber }));
  const hpr = hprNumber === undefined ? [] : [{ system: HPR_SYSTEM, value: hprNumber }];
  const practitioner = (await onlyOne(store, 'Practitioner', hpr)) ?? (await onlyOne(store, 'Practitioner', national));
  if (practitioner !== undefined) {
    const organization = await organizationOf(store, person.organizationNumbers);
    const claims = {
      ...(hprNumber === undefined ? {} : { hpr_number: hprNumber }),
      ...(organization === undefined ? {} : { organization_number: organization }),
    };
    return { accountId: `Practitioner/${practitioner}`, name, claims, context: organization === undefined ? {} : { tenant: organization } };
  }
  return privatePerson(store, national, name);
}

/** A patient, a relative of patients, or both. Who is nothing but a patient is not asked whose record to open. */
async function privatePerson(
  store: ResourceStore,
  national: readonly { readonly system: string; readonly value: string }[],
  name: string,
): Promise<SignedInUser | undefined> {
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
  const capacities = [...own, ...relations];
  const [first] = capacities;
  if (first === undefined) return undefined;
  if (relations.length === 0) return { accountId: first.accountId, name, ownPatientId: first.patientId };
  return { accountId: first.accountId, name, capacities };
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
async function organizationOf(store: ResourceStore, numbers: readonly string[]): Promise<string | undefined> {
  for (const value of numbers) {
    const found = await idsByIdentifier(store, 'Organization', { system: ORGANIZATION_NUMBER_SYSTEM, value });
    if (found.length === 1) return value;
  }
  return undefined;
}

/** The user as the access rule sees them; scopes are no matter here. */
function principalOf({ claims = {} }: SignedInUser, accountId: string): Principal {
  const { organization_number: organizationNumber, hpr_number: hprNumber } = claims as Record<string, string | undefined>;
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
    return identifiers.some(({ system = '', value }) => NATIONAL_NUMBER_SYSTEMS.includes(system) && value === digits);
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
