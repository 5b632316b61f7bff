/**
 * The plan itself: what matters to the person, the goals that follow from it, and the plan that holds them together.
 *
 * Spec: https://hl7.org/fhir/R4/careplan.html · https://hl7.org/fhir/R4/goal.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { at, day } from './calendar.ts';
import { inLanguage, organizationReference, patientReference, practitionerReference, refer, roleReference, whoReference } from './cast.ts';
import { concept, hl7, own, profile, snomed, structure } from './codes.ts';
import { cfsScoreId, goalId, measureId, planId, psfsPanelId, wordsId } from './ids.ts';
import { uuidUrn } from './numbers.ts';
import type { GoalSpec, MeasureSpec, PersonSpec, PlanSpec, WordsSpec } from './spec.ts';
import { teamReference } from './team.ts';

export function whatMatters(person: PersonSpec, words: WordsSpec): Resource {
  const speaker = whoReference(person, words.by ?? 'patient');
  return {
    resourceType: 'Observation',
    id: wordsId(person, words.key),
    meta: profile('fp-what-matters'),
    ...inLanguage(person),
    status: 'final',
    code: concept(own('fp-observation', 'what-matters')),
    subject: patientReference(person),
    effectiveDateTime: at(words.day, '11:00'),
    issued: at(words.day, '11:30'),
    performer: [speaker],
    valueString: words.words,
  };
}

export function goal(person: PersonSpec, spec: GoalSpec): Resource {
  return {
    resourceType: 'Goal',
    id: goalId(person, spec.key),
    meta: profile('fp-goal'),
    ...inLanguage(person),
    lifecycleStatus: spec.status ?? 'active',
    ...(spec.achievement === undefined ? {} : { achievementStatus: concept(hl7('goal-achievement', spec.achievement)) }),
    description: { text: spec.words },
    subject: patientReference(person),
    startDate: day(spec.from),
    ...(spec.target === undefined ? {} : { target: [goalTarget(person, spec.target)] }),
    expressedBy: whoReference(person, spec.by ?? 'patient'),
    addresses: [refer('Observation', wordsId(person, spec.addresses))],
  };
}

function goalTarget(person: PersonSpec, target: NonNullable<GoalSpec['target']>): Record<string, unknown> {
  const activity = person.psfs?.activities[target.activity];
  if (activity === undefined) throw new Error(`${person.id} has no PSFS activity ${target.activity}`);
  return {
    measure: concept(own('fp-score', 'psfs-activity'), activity.name),
    detailInteger: target.score,
    dueDate: day(target.due),
  };
}

export function carePlan(person: PersonSpec, spec: PlanSpec): Resource {
  const isMainPlan = spec.partOf === undefined;
  const measures = measuresOf(person, spec);
  return {
    resourceType: 'CarePlan',
    id: planId(person, spec.key),
    meta: profile('fp-care-plan'),
    ...inLanguage(person),
    extension: [
      { url: structure('fp-next-review'), valueDate: day(spec.review) },
      { url: structure('fp-custodian'), valueReference: organizationReference(spec.custodian) },
    ],
    identifier: [{ system: 'urn:ietf:rfc:3986', value: uuidUrn(planId(person, spec.key)) }],
    ...(spec.partOf === undefined ? {} : { partOf: [refer('CarePlan', planId(person, spec.partOf))] }),
    status: spec.status ?? 'active',
    intent: 'plan',
    category: [concept(own('fp-plan-type', spec.type)), concept(snomed('734163000', 'Care plan'))],
    title: spec.title,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    subject: patientReference(person),
    period: { start: day(spec.from), ...(spec.to === undefined ? {} : { end: day(spec.to) }) },
    created: at(spec.from, '13:00'),
    author: roleReference(spec.author),
    contributor: ['patient' as const, ...(spec.contributors ?? [])].map((who) => whoReference(person, who)),
    careTeam: [teamReference(person)],
    ...(isMainPlan ? supportingInfo(person) : {}),
    goal: spec.goals.map((key) => refer('Goal', goalId(person, key))),
    ...(measures.length === 0
      ? {}
      : { activity: measures.map((measure) => ({ reference: refer('Task', measureId(person, measure.key)) })) }),
    ...(spec.note === undefined
      ? {}
      : { note: [{ authorReference: practitionerReference(spec.author), time: at(spec.from, '13:00'), text: spec.note }] }),
  };
}

function supportingInfo(person: PersonSpec): Record<string, unknown> {
  const ids = [
    ...(person.whatMatters ?? []).map((words) => wordsId(person, words.key)),
    ...(person.psfs?.conversations ?? []).map((_, index) => psfsPanelId(person, index)),
    ...(person.cfs ?? []).map((_, index) => cfsScoreId(person, index)),
  ];
  return ids.length === 0 ? {} : { supportingInfo: ids.map((id) => refer('Observation', id)) };
}

/** The measures of a plan; those that name none are of the first. */
export function measuresOf({ measures = [], plans }: PersonSpec, { key }: PlanSpec): readonly MeasureSpec[] {
  return measures.filter(({ plan }) => (plan ?? plans?.[0]?.key) === key);
}
