/**
 * Finds the EHR's patient at the shared service, and stops when it is not the person of the token.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#Introduction (POST _search: a national number never stands in an address)
 */
import type { Patient } from '@medplum/fhirtypes';
import { AppError } from '../smart/app-error.ts';
import type { FhirClient } from './client.ts';
import { personIdentifier } from './identity.ts';

/**
 * @param ehr reads at the EHR; `ehrPatientId` is the launch's patient there.
 * @param sharedPatientId the patient of the shared token; undefined when nobody has the number.
 * @returns the person at the shared service.
 * @throws AppError `no-identity` when the EHR knows no number; `no-access` when the shared service shows this user nobody with it, known there or not;
 *   `wrong-person` when it is another than the token's, or more than one; and what the client throws.
 */
export async function findPerson(options: {
  readonly ehr: FhirClient;
  readonly ehrPatientId: string;
  readonly shared: FhirClient;
  readonly sharedPatientId: string | undefined;
}): Promise<Patient> {
  const atEhr = await options.ehr.read<Patient>(`Patient/${encodeURIComponent(options.ehrPatientId)}`);
  const identifier = personIdentifier(atEhr);
  if (identifier === undefined) throw new AppError('no-identity', 'the EHR has no national identity number of the patient');
  // A person whom the user may not know of is as one who is not there: the token has no patient then.
  if (options.sharedPatientId === undefined) throw new AppError('no-access', 'the shared token has no patient');
  const found = await options.shared.searchByPost('Patient', [['identifier', `${identifier.system}|${identifier.value}`]]);
  const persons = found.filter((resource): resource is Patient => resource.resourceType === 'Patient' && resource.active !== false);
  const [person] = persons;
  // Consent may have been withdrawn, or the part in the team ended, since the token was made.
  if (person === undefined) throw new AppError('no-access', 'the search found nobody');
  if (persons.length > 1) throw new AppError('wrong-person', `the search found ${persons.length} persons`);
  if (person.id !== options.sharedPatientId) throw new AppError('wrong-person', 'the person found is not the patient of the token');
  const same = personIdentifier(person);
  if (same?.value !== identifier.value) throw new AppError('wrong-person', 'the person found has another number');
  return person;
}
