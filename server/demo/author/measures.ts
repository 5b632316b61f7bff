/**
 * Measures (tiltak): who does what, until when, and how far it has come.
 *
 * Spec: https://hl7.org/fhir/R4/task.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { at, day } from './calendar.ts';
import { inLanguage, patientReference, refer, roleReference, whoReference } from './cast.ts';
import { concept, own, profile } from './codes.ts';
import { goalId, measureId, planId } from './ids.ts';
import type { MeasureSpec, PersonSpec } from './spec.ts';
import { coordinatorOf } from './team.ts';

/** What is planned was agreed on before today, so that nothing is written in the future whatever the time of day. */
const YESTERDAY = -1;

export function measureTask(person: PersonSpec, spec: MeasureSpec): Resource {
  const plan = spec.plan ?? person.plans?.[0]?.key;
  const coordinator = coordinatorOf(person);
  if (spec.due === undefined && ['requested', 'accepted', 'rejected'].includes(spec.status))
    throw new Error(`${person.id} ${spec.key}: no due day`);
  const hasBegun = !['requested', 'accepted', 'rejected'].includes(spec.status);
  const codings = [
    own('fp-measure-type', spec.type),
    ...(spec.hph === undefined ? [] : [own('fp-hph-step', spec.hph)]),
    ...(spec.bti === undefined ? [] : [own('fp-bti-level', spec.bti)]),
  ];
  return {
    resourceType: 'Task',
    id: measureId(person, spec.key),
    meta: profile('fp-measure-task'),
    ...inLanguage(person),
    ...(plan === undefined ? {} : { basedOn: [refer('CarePlan', planId(person, plan))] }),
    ...(spec.partOf === undefined ? {} : { partOf: [refer('Task', measureId(person, spec.partOf))] }),
    status: spec.status,
    ...(spec.state === undefined ? {} : { businessStatus: { text: spec.state } }),
    intent: 'order',
    priority: 'routine',
    code: concept(codings),
    description: spec.what,
    focus: refer('Goal', goalId(person, spec.goal)),
    for: patientReference(person),
    ...(hasBegun ? { executionPeriod: executionPeriod(spec) } : {}),
    authoredOn: at(authoredDay(spec), '13:00'),
    lastModified: at(lastChangeDay(spec), '15:00'),
    ...(coordinator === undefined ? {} : { requester: roleReference(coordinator) }),
    owner: whoReference(person, spec.owner),
    ...(spec.note === undefined ? {} : { note: [{ time: at(lastChangeDay(spec), '15:00'), text: spec.note }] }),
    ...(spec.due === undefined ? {} : { restriction: { period: { end: day(spec.due) } } }),
  };
}

/** The day on which the measure last changed, as far as the story tells. */
export function lastChangeDay(spec: MeasureSpec): number {
  return spec.done ?? Math.min(spec.from, YESTERDAY);
}

function authoredDay(spec: MeasureSpec): number {
  return Math.min(spec.from, spec.done ?? YESTERDAY, YESTERDAY);
}

function executionPeriod(spec: MeasureSpec): Record<string, string> {
  return { start: day(spec.from), ...(spec.done === undefined ? {} : { end: day(spec.done) }) };
}
