/**
 * What passes between the services: reports of need, the trace of messages, and meetings.
 *
 * Spec: https://hl7.org/fhir/R4/servicerequest.html · https://hl7.org/fhir/R4/communication.html ·
 * https://hl7.org/fhir/R4/appointment.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { at } from './calendar.ts';
import { inLanguage, organizationReference, patientReference, refer, roleReference, whoReference } from './cast.ts';
import { concept, own, profile } from './codes.ts';
import { planId } from './ids.ts';
import type { MeetingSpec, MessageSpec, NeedSpec, PersonSpec, Who } from './spec.ts';

export function needReport(person: PersonSpec, spec: NeedSpec): Resource {
  return {
    resourceType: 'ServiceRequest',
    id: `${person.id}-behov-${spec.key}`,
    meta: profile('fp-need-report'),
    ...inLanguage(person),
    status: spec.status,
    intent: 'order',
    priority: 'routine',
    code: concept(own('fp-need-type', spec.type)),
    subject: patientReference(person),
    authoredOn: at(spec.day, '13:20'),
    requester: roleReference(spec.by),
    performer: [organizationReference(spec.to)],
    reasonCode: [{ text: spec.reason }],
  };
}

export function messageTrace(person: PersonSpec, spec: MessageSpec): Resource {
  const sent = at(spec.day, spec.time);
  const plan = person.plans?.[0];
  return {
    resourceType: 'Communication',
    id: `${person.id}-melding-${spec.key}`,
    meta: profile('fp-message-trace'),
    ...inLanguage(person),
    status: spec.received === undefined ? 'in-progress' : 'completed',
    category: [concept(own('fp-message-type', spec.type))],
    subject: patientReference(person),
    topic: { text: spec.about },
    ...(plan === undefined ? {} : { about: [refer('CarePlan', planId(person, plan.key))] }),
    sent,
    ...(spec.received === undefined ? {} : { received: minutesLater(sent, spec.received) }),
    recipient: [organizationReference(spec.to)],
    sender: organizationReference(spec.from),
  };
}

export function meeting(person: PersonSpec, spec: MeetingSpec): Resource {
  const start = at(spec.day, spec.time);
  const plan = person.plans?.[0];
  const participants: Who[] = ['patient', ...spec.with.filter((who) => who !== 'patient')];
  return {
    resourceType: 'Appointment',
    id: `${person.id}-mote-${spec.key}`,
    ...inLanguage(person),
    status: spec.status,
    description: spec.what,
    ...(plan === undefined ? {} : { supportingInformation: [refer('CarePlan', planId(person, plan.key))] }),
    start,
    end: minutesLater(start, spec.minutes),
    minutesDuration: spec.minutes,
    created: at(Math.min(spec.day - 7, -1), '09:00'),
    ...(spec.note === undefined ? {} : { comment: spec.note }),
    participant: participants.map((who) => ({
      actor: whoReference(person, who),
      required: 'required',
      status: spec.status === 'proposed' ? 'needs-action' : 'accepted',
    })),
  };
}

/** Minutes within the same day; the offset of the day stays. */
function minutesLater(moment: string, minutes: number): string {
  const offset = moment.slice(19);
  const local = new Date(Date.parse(`${moment.slice(0, 19)}Z`) + minutes * 60_000).toISOString().slice(0, 19);
  return `${local}${offset}`;
}
