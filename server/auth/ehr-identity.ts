/**
 * Who is in the EHR session, asked of the EHR's own FHIR API with the access token the app brought: the patient by
 * national identity number, the user by HPR number, the organisation by organisasjonsnummer. What the app itself says
 * about them is never used.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#read
 */
import { Client } from 'fhir-kit-client';
import { parseReference } from '../fhir/reference.ts';
import type { Resource } from '../fhir/resource.ts';
import { type ExchangeRefusal, refusal, unreachable } from './exchange-refusal.ts';
import { faultCode } from './outward-fault.ts';
import type { EhrSession } from './trusted-issuer.ts';

const OID = 'urn:oid:2.16.578.1.12.4.1.4.';
export const NATIONAL_NUMBER_SYSTEMS: readonly string[] = [`${OID}1`, `${OID}2`];
export const HPR_SYSTEM = `${OID}4`;
export const ORGANIZATION_NUMBER_SYSTEM = `${OID}101`;
const TIMEOUT_MS = 5000;

export interface Identifier {
  readonly system: string;
  readonly value: string;
}

/** The numbers by which the same people are found in another system. */
export interface EhrIdentity {
  readonly hpr: Identifier;
  readonly organization: Identifier;
  /** Fødselsnummer or D-number; absent when no patient is in context. */
  readonly patient?: Identifier;
}

/**
 * The people of an EHR session by their numbers.
 * @throws `invalid_request` when one cannot be read or has no number; 503 when the EHR does not answer.
 */
export async function readEhrIdentity(session: EhrSession, accessToken: string): Promise<EhrIdentity> {
  const client = new Client({
    baseUrl: withoutSlash(session.ehr.fhirBaseUrl),
    bearerToken: accessToken,
    requestOptions: { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' },
  });
  const user = await readUser(client, session);
  const hpr = identifierOf(user, [HPR_SYSTEM]);
  if (hpr === undefined) throw refusal('userWithoutNumber');
  const [organization, patient] = await Promise.all([readOrganization(client, session, user.id!), readPatient(client, session)]);
  return { hpr, organization, ...(patient === undefined ? {} : { patient }) };
}

/** Operators write a base as they are told it: with a slash at the end, it is the same. */
function withoutSlash(url: string): string {
  return url.replace(/\/$/, '');
}

async function readUser(client: Client, { fhirUser, ehr }: EhrSession): Promise<Resource> {
  const reference = parseReference(fhirUser);
  const local = reference.kind === 'local' || (reference.kind === 'absolute' && reference.base === withoutSlash(ehr.fhirBaseUrl));
  if (!local || reference.type !== 'Practitioner') throw refusal('noUser');
  return read(client, 'Practitioner', reference.id, 'userNotReadable');
}

async function readPatient(client: Client, { patientId }: EhrSession): Promise<Identifier | undefined> {
  if (patientId === undefined) return undefined;
  const patient = await read(client, 'Patient', patientId, 'patientNotReadable');
  const number = identifierOf(patient, NATIONAL_NUMBER_SYSTEMS);
  if (number === undefined) throw refusal('patientWithoutNumber');
  return number;
}

/** The organisation of the user's only active role, or of the one the EHR names as `tenant`. */
async function readOrganization(client: Client, { tenant }: EhrSession, practitionerId: string): Promise<Identifier> {
  const searchParams = { practitioner: `Practitioner/${practitionerId}`, _include: 'PractitionerRole:organization', _count: '50' };
  const bundle = await ask(() => client.search({ resourceType: 'PractitionerRole', searchParams }), 'userNotReadable');
  const found = ((bundle.entry ?? []) as { resource?: Resource }[])
    .map((entry) => entry.resource)
    .filter((resource) => resource !== undefined);
  const active = found.filter((resource) => resource.resourceType === 'PractitionerRole' && resource.active !== false);
  const referenced = new Set(active.map((role) => (role.organization as { reference?: string } | undefined)?.reference?.split('/').pop()));
  const numbers = found
    .filter((resource) => resource.resourceType === 'Organization' && referenced.has(resource.id))
    .map((resource) => identifierOf(resource, [ORGANIZATION_NUMBER_SYSTEM]))
    .filter((number) => number !== undefined);
  const chosen = numbers.length === 1 ? numbers[0] : numbers.find((number) => number.value === tenant);
  if (chosen === undefined) throw refusal('organizationUnclear');
  return chosen;
}

async function read(client: Client, resourceType: string, id: string, otherwise: ExchangeRefusal): Promise<Resource> {
  const resource = await ask(() => client.read({ resourceType, id }), otherwise);
  if (resource.resourceType !== resourceType || resource.id !== id) throw refusal(otherwise);
  return resource;
}

async function ask(call: () => Promise<unknown>, otherwise: ExchangeRefusal): Promise<Resource> {
  try {
    return (await call()) as Resource;
  } catch (error) {
    const status = (error as { response?: { status?: number } }).response?.status;
    const why = `FHIR API of the EHR: ${status === undefined ? faultCode(error) : `status ${status}`}`;
    throw status === undefined || status >= 500 ? unreachable(why) : refusal(otherwise, why);
  }
}

function identifierOf(resource: Resource, systems: readonly string[]): Identifier | undefined {
  const identifiers = (resource.identifier ?? []) as { system?: string; value?: string; use?: string }[];
  const found = identifiers.find(({ system, value, use }) => value !== undefined && use !== 'old' && systems.includes(system ?? ''));
  return found === undefined ? undefined : { system: found.system!, value: found.value! };
}
