/**
 * Who a person is does not change by a change of their record: by the national identity number a patient or relative
 * signs in, and a record system's patient is found. With another's number in it, that other would be let in to all that is
 * the person's, or to what a consent gave to the relative.
 *
 * So a number that is there stays: a system of an organisation adds the first one of a Patient, and the fødselsnummer of
 * somebody who had a D-number until now; whoever keeps the relatives of a patient adds the first one of a RelatedPerson.
 * All else is for administration.
 *
 * Spec: https://hl7.org/fhir/R4/patient.html#resource (identifier) · https://lovdata.no/dokument/SF/forskrift/2017-07-14-1201 (D-nummer)
 */
import type { Resource } from '../../fhir/resource.ts';
import { keptIdentifier } from '../../search/personal-number.ts';
import type { Change } from '../access-decision.ts';
import { type Identifier, NATIONAL_NUMBER_SYSTEMS } from '../ehr-identity.ts';

const [, D_NUMBER] = NATIONAL_NUMBER_SYSTEMS;

/** Why a change of who a Patient or RelatedPerson is, is not the caller's to make; undefined when it is, or there is none. Pure. */
export function whyNotIdentity({ before, after }: Change, bySystem: boolean): string | undefined {
  const { resourceType: type } = (after ?? before)!;
  if (before === undefined || after === undefined || (type !== 'Patient' && type !== 'RelatedPerson')) return undefined;
  const [had, has] = [numbersOf(before), numbersOf(after)];
  const added = has.filter((number) => !had.some((each) => isSame(each, number)));
  const keepsAll = had.every((number) => has.some((each) => isSame(each, number)));
  if (keepsAll && added.length === 0) return undefined;
  const isFirst = had.length === 0;
  const isAfterDNumber = had.every(({ system }) => system === D_NUMBER) && added.every(({ system }) => system !== D_NUMBER);
  const mayAdd = isFirst ? bySystem || type === 'RelatedPerson' : isAfterDNumber && bySystem;
  if (keepsAll && added.length === 1 && mayAdd) return undefined;
  return `By the access rule "identity", to change the national identity number of this ${type} is for administration`;
}

function numbersOf({ identifier }: Resource): readonly Identifier[] {
  const identifiers = (identifier ?? []) as readonly Partial<Identifier>[];
  return identifiers.flatMap(({ system = '', value }) =>
    value !== undefined && NATIONAL_NUMBER_SYSTEMS.includes(system) ? [{ system, value: keptIdentifier(system, value) }] : [],
  );
}

function isSame(a: Identifier, b: Identifier): boolean {
  return a.system === b.system && a.value === b.value;
}
