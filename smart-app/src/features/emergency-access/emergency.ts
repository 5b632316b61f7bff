/**
 * Emergency access as the app speaks of it to the shared service: asked for with a reason, told until when, ended.
 *
 * Spec: OperationDefinition fp-break-the-glass (profiles)
 */
import type { Parameters } from '@medplum/fhirtypes';
import type { FhirClient } from '../../fhir/client.ts';
import { AppError } from '../../smart/app-error.ts';

const OPERATION = '$break-the-glass';

/** As the service counts them, blanks put together. */
const REASON_AT_LEAST = 15;
export const REASON_AT_MOST = 1000;

/** Why it was not given; each has words of its own. */
export type EmergencyFailure = 'refused' | 'nobody' | 'needless' | 'reason' | 'failed';

const FAILURES: Readonly<Record<number, EmergencyFailure>> = { 400: 'reason', 403: 'refused', 404: 'nobody', 422: 'needless' };

/** @returns whether the text says enough for the service to take it as a reason. */
export function isReason(text: string): boolean {
  const { length } = text.replace(/\s+/g, ' ').trim();
  return length >= REASON_AT_LEAST && length <= REASON_AT_MOST;
}

/** @returns what to tell the user of an error. */
export const failureOf = (error: AppError): EmergencyFailure => FAILURES[error.status ?? 0] ?? 'failed';

/**
 * Asks for emergency access to the patient in front of the user.
 *
 * @throws AppError with the status of the answer: 400 for the reason, 403 refused, 404 nobody known, 422 not needed.
 */
export async function beginEmergency(client: FhirClient, reason: string): Promise<void> {
  const body: Parameters = { resourceType: 'Parameters', parameter: [{ name: 'reason', valueString: reason }] };
  await client.operation('POST', OPERATION, body);
}

/**
 * @returns when the access is over, in ms since the epoch.
 * @throws AppError 404 when there is none.
 */
export async function emergencyUntilMs(client: FhirClient): Promise<number> {
  const answer = (await client.operation('GET', OPERATION)) as Parameters | undefined;
  const until = Date.parse(answer?.parameter?.find(({ name }) => name === 'until')?.valueInstant ?? '');
  if (Number.isNaN(until)) throw new AppError('unexpected', 'the service does not say until when');
  return until;
}

/** Ends the access; that it has ended already is no error. */
export async function endEmergency(client: FhirClient): Promise<void> {
  await client.operation('DELETE', OPERATION).catch((thrown: unknown) => {
    if (!(thrown instanceof AppError && thrown.status === 404)) throw thrown;
  });
}
