/**
 * National identity numbers of a Patient: what the EHR's person and the shared service's person have in common.
 *
 * Spec: https://hl7.org/fhir/R4/patient-definitions.html#Patient.identifier
 */
import type { Patient } from '@medplum/fhirtypes';
import { PERSON_ID } from './canonicals.ts';

export interface PersonIdentifier {
  readonly system: string;
  readonly value: string;
}

/** @returns fødselsnummer, else D-number; undefined when the person has neither. */
export function personIdentifier(patient: Patient): PersonIdentifier | undefined {
  for (const system of Object.values(PERSON_ID)) {
    const value = patient.identifier?.find((identifier) => identifier.system === system && identifier.use !== 'old')?.value;
    if (value !== undefined) return { system, value };
  }
  return undefined;
}
