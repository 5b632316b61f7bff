/**
 * Who a reference points at, as a reader needs it: name, roles, organisation and phone.
 *
 * Spec: https://hl7.org/fhir/R4/practitionerrole.html
 */
import { formatHumanName } from '@medplum/core';
import type { CodeableConcept, ContactPoint, HumanName, Reference } from '@medplum/fhirtypes';
import type { Label } from '../i18n/code-labels.ts';
import { KINSHIP_NAMES } from '../i18n/kinship-labels.ts';
import { CODE_SYSTEM } from './canonicals.ts';
import { labelOf } from './codes.ts';
import { type ResourceIndex, referenceKey } from './resource-index.ts';

export interface Person {
  /** `Type/id`, or the display text where there is no reference. */
  readonly key: string;
  readonly kind: 'professional' | 'patient' | 'kin' | 'organization' | 'unknown';
  /** Undefined when nothing tells. */
  readonly name: string | undefined;
  readonly roles: readonly Label[];
  /** The role in the service's own words (`Boligveileder`), where it has any. */
  readonly title: string | undefined;
  readonly organization: string | undefined;
  /** Phone numbers as written, the first one to be tried first. */
  readonly phones: readonly string[];
}

/** @returns the name in use, given name before family name. */
function displayName(names: readonly HumanName[] | undefined): string | undefined {
  const usable = (names ?? []).filter((name) => name.use !== 'old');
  const name =
    usable.find((candidate) => candidate.use === 'official') ?? usable.find((candidate) => candidate.use === 'usual') ?? usable[0];
  return name === undefined ? undefined : name.text || formatHumanName(name, { prefix: false, suffix: false }) || undefined;
}

/** @returns phone numbers, work and mobile before home; no others. */
function phonesOf(...telecoms: readonly (readonly ContactPoint[] | undefined)[]): string[] {
  const rank = (point: ContactPoint): number => point.rank ?? (point.use === 'home' ? 9 : 5);
  const phones = telecoms.flatMap((telecom) =>
    (telecom ?? [])
      .filter((point) => (point.system === 'phone' || point.system === 'sms') && point.value && point.use !== 'old')
      .sort((a, b) => rank(a) - rank(b)),
  );
  return [...new Set(phones.map((point) => point.value ?? ''))];
}

/** @returns who a relative is, in the data's own words or by a code that has a name; undefined for what else may be told of one, as marital status. */
function kinshipOf(relationship: CodeableConcept): Label | undefined {
  const coding = relationship.coding?.find(({ system, code }) => KINSHIP_NAMES[system ?? '']?.[code ?? ''] !== undefined);
  const isRole = relationship.coding?.some(({ system }) => system === CODE_SYSTEM.teamRole) ?? false;
  if (isRole || relationship.text !== undefined) return labelOf(CODE_SYSTEM.teamRole, relationship);
  return coding && { system: coding.system ?? '', code: coding.code ?? '', display: coding.display };
}

/** @returns the address of a phone number for a `tel:` link. */
export const telephoneLink = (phone: string): string => `tel:${phone.replaceAll(/[^+\d]/g, '')}`;

/**
 * @param reference a member, owner, performer or the like.
 * @param onBehalfOf the organisation acted for, where the resource around says one.
 * @returns what is known; a name from `display` when the resource is not here.
 */
export function personOf(reference: Reference | undefined, index: ResourceIndex, onBehalfOf?: Reference): Person {
  const key = referenceKey(reference) ?? reference?.display ?? '';
  const organizationName = (organization: Reference | undefined): string | undefined =>
    index.get('Organization', organization)?.name ?? organization?.display;
  const none = { key, name: reference?.display, roles: [], title: undefined, organization: organizationName(onBehalfOf), phones: [] };

  const role = index.get('PractitionerRole', reference);
  if (role) {
    const practitioner = index.get('Practitioner', role.practitioner);
    const name = displayName(practitioner?.name) ?? role.practitioner?.display ?? reference?.display;
    const roles = (role.code ?? []).flatMap((code) => labelOf(CODE_SYSTEM.teamRole, code) ?? []);
    const organization = organizationName(role.organization) ?? none.organization;
    const phones = phonesOf(role.telecom, practitioner?.telecom, index.get('Organization', role.organization)?.telecom);
    const title = role.code?.find((code) => code.text !== undefined)?.text;
    return { key, kind: 'professional', name, roles, title, organization, phones };
  }
  const practitioner = index.get('Practitioner', reference);
  if (practitioner) {
    const phones = phonesOf(practitioner.telecom, index.get('Organization', onBehalfOf)?.telecom);
    return { ...none, kind: 'professional', name: displayName(practitioner.name) ?? none.name, phones };
  }
  const organization = index.get('Organization', reference);
  if (organization) {
    const phones = phonesOf(organization.telecom);
    return { ...none, kind: 'organization', name: organization.name ?? none.name, organization: undefined, phones };
  }
  const kin = index.get('RelatedPerson', reference);
  if (kin) {
    const roles = (kin.relationship ?? []).flatMap((relationship) => kinshipOf(relationship) ?? []).slice(0, 1);
    return {
      ...none,
      kind: 'kin',
      name: displayName(kin.name) ?? none.name,
      roles,
      organization: undefined,
      phones: phonesOf(kin.telecom),
    };
  }
  const patient = index.get('Patient', reference);
  if (patient) return { ...none, kind: 'patient', name: displayName(patient.name) ?? none.name, phones: phonesOf(patient.telecom) };
  return { ...none, kind: key.startsWith('Patient/') ? 'patient' : 'unknown' };
}
