/**
 * When emergency access was used: the announcements that stand in the person's record.
 *
 * Spec: https://hl7.org/fhir/R4/communication.html · purpose BTG of v3-ActReason
 */
import type { Communication } from '@medplum/fhirtypes';
import { ACT_REASON } from '../../fhir/canonicals.ts';
import { hasCode } from '../../fhir/codes.ts';
import { newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';

export interface EmergencyUse {
  readonly id: string;
  readonly by: Person | undefined;
  readonly when: string | undefined;
  /** In the words of whoever used it. */
  readonly reason: string | undefined;
}

/** @returns whether a message announces emergency access. */
const isEmergencyUse = (message: Communication): boolean => hasCode(ACT_REASON, 'BTG', ...(message.category ?? []));

/** @returns all uses, the newest first. */
export function readEmergencyUses({ messages, index }: PlanData): EmergencyUse[] {
  return messages
    .filter(isEmergencyUse)
    .map((message) => ({
      id: message.id ?? '',
      by: message.sender === undefined ? undefined : personOf(message.sender, index),
      when: message.sent,
      reason: message.reasonCode?.[0]?.text,
    }))
    .sort(newestFirst((use) => use.when));
}
