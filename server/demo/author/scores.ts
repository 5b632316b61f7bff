/**
 * Mapping tools: PSFS conversations and CFS ratings, each as the form that was filled in and the scores that follow.
 *
 * Spec: profiles/README.md · https://hl7.org/fhir/R4/questionnaireresponse.html
 */
import type { Resource } from '../../fhir/resource.ts';
import { at, day } from './calendar.ts';
import { inLanguage, patientReference, refer, roleReference } from './cast.ts';
import { type Code, concept, hl7, own, profile, questionnaire, snomed } from './codes.ts';
import { cfsScoreId, goalId, psfsId, psfsPanelId } from './ids.ts';
import type { CfsSpec, PersonSpec, PsfsSpec } from './spec.ts';
import { staff } from './staff.ts';

const SURVEY = [concept(hl7('observation-category', 'survey', 'Survey'))];
const DIRECTION = own('fp-psfs-direction', '0-cannot-10-without-difficulty');
/** The difference between two means that the tool calls clear. */
const CLEAR_CHANGE = 2;
const CFS_LOOKS_BACK_DAYS = 14;

interface Conversation {
  readonly index: number;
  readonly scores: readonly number[];
  readonly total: number;
  readonly mean: number;
  /** Undefined at the first conversation. */
  readonly change?: number;
}

/** The form, the score of each activity and the panel, for every conversation. */
export function psfs(person: PersonSpec, spec: PsfsSpec): Resource[] {
  return spec.conversations.flatMap((_, index) => {
    const conversation = conversationAt(spec, index);
    return [psfsResponse(person, spec, conversation), ...psfsScores(person, spec, conversation), psfsPanel(person, spec, conversation)];
  });
}

function conversationAt(spec: PsfsSpec, index: number): Conversation {
  const scores = spec.activities.map((activity) => {
    const score = activity.scores[index];
    if (score === undefined || activity.scores.length !== spec.conversations.length) throw new Error(`Scores missing for ${activity.name}`);
    return score;
  });
  const total = scores.reduce((sum, score) => sum + score, 0);
  const mean = twoDecimals(total / scores.length);
  if (index === 0) return { index, scores, total, mean };
  return { index, scores, total, mean, change: twoDecimals(mean - conversationAt(spec, index - 1).mean) };
}

function psfsResponse(person: PersonSpec, spec: PsfsSpec, conversation: Conversation): Resource {
  const held = spec.conversations[conversation.index]!;
  return {
    resourceType: 'QuestionnaireResponse',
    id: psfsId(person, conversation.index),
    meta: profile('fp-psfs-response'),
    ...inLanguage(person),
    questionnaire: questionnaire('fp-psfs'),
    status: 'completed',
    subject: patientReference(person),
    authored: at(held.day, '10:45'),
    author: roleReference(held.by),
    source: patientReference(person),
    item: [
      { linkId: 'date', answer: [{ valueDate: day(held.day) }] },
      { linkId: 'conversation', answer: [{ valueInteger: conversation.index + 1 }] },
      { linkId: 'direction', answer: [{ valueCoding: DIRECTION }] },
      ...spec.activities.map((activity, place) => ({
        linkId: 'activity',
        item: [
          { linkId: 'activity.name', answer: [{ valueString: activity.name }] },
          { linkId: 'activity.score', answer: [{ valueInteger: conversation.scores[place]! }] },
        ],
      })),
      { linkId: 'total', answer: [{ valueInteger: conversation.total }] },
      { linkId: 'mean', answer: [{ valueDecimal: conversation.mean }] },
      ...(conversation.change === undefined ? [] : [{ linkId: 'change', answer: [{ valueDecimal: conversation.change }] }]),
    ],
  };
}

function psfsScores(person: PersonSpec, spec: PsfsSpec, conversation: Conversation): Resource[] {
  return spec.activities.map((activity, place) => ({
    ...scoreHead(person, spec, conversation),
    id: activityScoreId(person, conversation, place),
    meta: profile('fp-psfs-score'),
    code: concept(own('fp-score', 'psfs-activity'), activity.name),
    ...(activity.goal === undefined ? {} : { focus: [refer('Goal', goalId(person, activity.goal))] }),
    valueInteger: conversation.scores[place]!,
    derivedFrom: [refer('QuestionnaireResponse', psfsId(person, conversation.index))],
    component: [{ code: concept(own('fp-score', 'psfs-direction')), valueCodeableConcept: concept(DIRECTION) }],
  }));
}

function psfsPanel(person: PersonSpec, spec: PsfsSpec, conversation: Conversation): Resource {
  const { change } = conversation;
  return {
    ...scoreHead(person, spec, conversation),
    id: psfsPanelId(person, conversation.index),
    meta: profile('fp-psfs-panel'),
    code: concept(own('fp-score', 'psfs-panel')),
    valueQuantity: scoreQuantity(conversation.mean),
    ...(change === undefined ? {} : { interpretation: [concept(own('fp-psfs-change', interpretation(change)))] }),
    hasMember: spec.activities.map((_, place) => refer('Observation', activityScoreId(person, conversation, place))),
    derivedFrom: [refer('QuestionnaireResponse', psfsId(person, conversation.index))],
    component: [
      { code: concept(own('fp-score', 'psfs-conversation')), valueInteger: conversation.index + 1 },
      { code: concept(own('fp-score', 'psfs-total')), valueInteger: conversation.total },
      ...(change === undefined ? [] : [{ code: concept(own('fp-score', 'psfs-change')), valueQuantity: scoreQuantity(change) }]),
      { code: concept(own('fp-score', 'psfs-direction')), valueCodeableConcept: concept(DIRECTION) },
    ],
  };
}

function scoreHead(person: PersonSpec, spec: PsfsSpec, conversation: Conversation): Resource {
  const held = spec.conversations[conversation.index]!;
  return {
    resourceType: 'Observation',
    ...inLanguage(person),
    status: 'final',
    category: SURVEY,
    subject: patientReference(person),
    effectiveDateTime: at(held.day, '10:30'),
    issued: at(held.day, '10:45'),
    performer: [roleReference(held.by)],
  };
}

function activityScoreId(person: PersonSpec, conversation: Conversation, place: number): string {
  return `${psfsId(person, conversation.index)}-aktivitet-${place + 1}`;
}

function interpretation(change: number): Code<'fp-psfs-change'> {
  if (change >= CLEAR_CHANGE) return 'clear-improvement';
  return change <= -CLEAR_CHANGE ? 'clear-worsening' : 'no-clear-change';
}

/** The CFS form and the score that follows from it. */
export function cfs(person: PersonSpec, spec: CfsSpec, index: number): Resource[] {
  const referenceDay = spec.day - CFS_LOOKS_BACK_DAYS;
  const level = own('fp-cfs-level', spec.level);
  const rater = staff(spec.rater);
  const response: Resource = {
    resourceType: 'QuestionnaireResponse',
    id: `${cfsScoreId(person, index)}-skjema`,
    meta: profile('fp-cfs-response'),
    ...inLanguage(person),
    questionnaire: questionnaire('fp-cfs'),
    status: 'completed',
    subject: patientReference(person),
    authored: at(spec.day, '14:00'),
    author: roleReference(spec.rater),
    item: [
      { linkId: 'reference-date', answer: [{ valueDate: day(referenceDay) }] },
      { linkId: 'level', answer: [{ valueCoding: level }] },
      { linkId: 'rater', answer: [{ valueString: `${rater.given} ${rater.family}, ${rater.title.toLowerCase()}` }] },
      ...(spec.note === undefined ? [] : [{ linkId: 'note', answer: [{ valueString: spec.note }] }]),
    ],
  };
  const score: Resource = {
    resourceType: 'Observation',
    id: cfsScoreId(person, index),
    meta: profile('fp-cfs-score'),
    ...inLanguage(person),
    status: 'final',
    category: SURVEY,
    code: concept(snomed('763264000', 'Clinical Frailty Scale score')),
    subject: patientReference(person),
    effectiveDateTime: day(referenceDay),
    issued: at(spec.day, '14:00'),
    performer: [roleReference(spec.rater)],
    valueQuantity: scoreQuantity(Number(spec.level)),
    ...(spec.note === undefined ? {} : { note: [{ text: spec.note }] }),
    derivedFrom: [refer('QuestionnaireResponse', `${cfsScoreId(person, index)}-skjema`)],
    component: [{ code: concept(own('fp-score', 'cfs-level')), valueCodeableConcept: concept(level) }],
  };
  return [response, score];
}

function scoreQuantity(value: number): Record<string, unknown> {
  return { value, unit: 'poeng', system: 'http://unitsofmeasure.org', code: '{score}' };
}

function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}
