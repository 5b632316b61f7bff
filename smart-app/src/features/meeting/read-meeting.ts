/**
 * The next meeting about the plan; when there is none, the one that was cancelled last.
 *
 * Spec: https://hl7.org/fhir/R4/appointment.html
 */
import { newestFirst } from '../../fhir/dates.ts';
import { type Person, personOf } from '../../fhir/people.ts';
import type { PlanData } from '../../fhir/plan-data.ts';

interface Meeting {
  readonly what: string | undefined;
  /** The language of `what`, as BCP 47. */
  readonly language: string | undefined;
  readonly start: string;
  /** Not booked yet. */
  readonly proposed: boolean;
  readonly participants: readonly Person[];
}

export interface Meetings {
  readonly next: Meeting | undefined;
  /** When a meeting was to be that was cancelled and is not followed by another. */
  readonly cancelled: string | undefined;
}

const COMING = new Set(['proposed', 'pending', 'booked', 'arrived', 'waitlist']);
const PROPOSED = new Set(['proposed', 'pending', 'waitlist']);

/** @returns the meeting that begins next; one that has no time yet is left out. */
export function readMeetings({ meetings, index, fetchedAtMs }: PlanData): Meetings {
  const begins = (start: string | undefined): number => Date.parse(start ?? '');
  const [next] = meetings
    .filter((meeting) => COMING.has(meeting.status ?? '') && begins(meeting.end ?? meeting.start) >= fetchedAtMs)
    .sort((a, b) => begins(a.start) - begins(b.start));
  const [latest] = [...meetings].sort(newestFirst((meeting) => meeting.start));
  if (next?.start === undefined) return { next: undefined, cancelled: latest?.status === 'cancelled' ? latest.start : undefined };
  return {
    next: {
      what: next.description,
      language: next.language,
      start: next.start,
      proposed: PROPOSED.has(next.status ?? ''),
      participants: (next.participant ?? []).flatMap((participant) => (participant.actor ? [personOf(participant.actor, index)] : [])),
    },
    cancelled: undefined,
  };
}
