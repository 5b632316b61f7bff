/**
 * The trace of messages between the services, the newest first: what was sent, from whom to whom, and whether it came.
 *
 * Spec: profile fp-message-trace (profiles/README.md)
 */
import { ACT_REASON, CODE_SYSTEM } from '../../fhir/canonicals.ts';
import { hasCode, labelOf } from '../../fhir/codes.ts';
import { newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';
import type { Label } from '../../i18n/code-labels.ts';

export interface Message {
  readonly id: string;
  readonly type: Label | undefined;
  readonly about: string | undefined;
  /** The language of `about`, as BCP 47. */
  readonly language: string | undefined;
  readonly sent: string | undefined;
  readonly from: Person | undefined;
  readonly to: Person | undefined;
  readonly state: 'received' | 'not-received' | 'failed';
}

/** @returns all messages about the person; drafts that were never sent, and announcements of emergency access, are left out. */
export function readMessages({ messages, index }: PlanData): Message[] {
  return messages
    .filter((message) => message.status !== 'preparation' && !hasCode(ACT_REASON, 'BTG', ...(message.category ?? [])))
    .map((message) => ({
      id: message.id ?? '',
      type: labelOf(CODE_SYSTEM.messageType, message.category?.[0]),
      about: message.topic?.text,
      language: message.language,
      sent: message.sent,
      from: message.sender === undefined ? undefined : personOf(message.sender, index),
      to: message.recipient?.[0] === undefined ? undefined : personOf(message.recipient[0], index),
      state:
        message.status === 'not-done' || message.status === 'stopped'
          ? ('failed' as const)
          : message.received === undefined && message.status !== 'completed'
            ? ('not-received' as const)
            : ('received' as const),
    }))
    .sort(newestFirst((message) => message.sent));
}
