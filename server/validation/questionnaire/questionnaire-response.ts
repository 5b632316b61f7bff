/**
 * Checks a QuestionnaireResponse against its Questionnaire: which items, how many, in which order, enabled or not.
 *
 * Spec: https://hl7.org/fhir/R4/questionnaireresponse.html#notes
 */
import { textOf } from '../../fhir/json.ts';
import { objectsIn, type Resource } from '../../fhir/resource.ts';
import { resolveIn } from '../resolve.ts';
import type { Run } from '../run.ts';
import type { ValueCheck } from '../type-plan.ts';
import type { Workshop } from '../workshop.ts';
import { checkAnswer, checkExclusive } from './answer.ts';
import { isEnabledIn } from './enable-when.ts';
import { type QuestionnaireItem, questionnaireItems } from './questionnaire.ts';

type Json = Record<string, unknown>;

/** The check of each QuestionnaireResponse. */
export function questionnaireResponseRules(workshop: Workshop): readonly ValueCheck[] {
  return [
    (run, value) => {
      const response = value as Resource;
      const canonical = response.questionnaire;
      if (typeof canonical !== 'string') return;
      const found = canonical.startsWith('#') ? resolveIn(run, canonical) : workshop.resource('Questionnaire', canonical);
      if (found === undefined || found.resourceType !== 'Questionnaire') {
        run.report('questionnaire-unknown', { questionnaire: canonical.slice(0, 200) }, 'warning');
        return;
      }
      const check = new ResponseCheck(run, found, response, workshop);
      check.level(response, questionnaireItems(found), [response]);
    },
  ];
}

const COMPLETE: readonly string[] = ['completed', 'amended'];

class ResponseCheck {
  readonly #run: Run;
  readonly #questionnaire: Resource;
  readonly #response: Resource;
  readonly #workshop: Workshop;
  readonly #missing: 'error' | 'warning';

  constructor(run: Run, questionnaire: Resource, response: Resource, workshop: Workshop) {
    this.#run = run;
    this.#questionnaire = questionnaire;
    this.#response = response;
    this.#workshop = workshop;
    // "Must be present in a completed response": one that was broken off, or made in error, may lack answers.
    this.#missing = COMPLETE.includes(textOf(response.status ?? '')) ? 'error' : 'warning';
  }

  /** Checks the items of the response, a group or an answer. `scopes` are what is around them, nearest first. */
  level(holder: Json, wanted: readonly QuestionnaireItem[], scopes: readonly Json[]): void {
    const given = new Map<string, [Json, number][]>();
    let last = -1;
    for (const [index, item] of objectsIn(holder.item).entries()) {
      const linkId = textOf(item.linkId);
      const position = wanted.findIndex((one) => one.linkId === linkId);
      if (position < 0) {
        this.#stray(linkId);
        continue;
      }
      if (position < last) this.#run.report('response-order', { linkId });
      last = position;
      const same = given.get(linkId);
      if (same === undefined) given.set(linkId, [[item, index]]);
      else same.push([item, index]);
    }
    for (const item of wanted) this.#question(item, given.get(item.linkId) ?? [], scopes);
  }

  #stray(linkId: string): void {
    const known = findItem(questionnaireItems(this.#questionnaire), linkId);
    this.#run.report(known ? 'response-misplaced' : 'response-unknown-link', { linkId: linkId.slice(0, 80) });
  }

  #question(item: QuestionnaireItem, given: readonly [Json, number][], scopes: readonly Json[]): void {
    // What cannot be told is held against nobody.
    const told = isEnabledIn(this.#run, item, this.#response, scopes);
    const enabled = told ?? given.length > 0;
    if (given.length === 0) {
      if (enabled && item.required) this.#run.report('response-missing', { linkId: item.linkId }, this.#missing);
      return;
    }
    if (given.length > 1 && !item.repeats) this.#run.report('response-item-repeats', { linkId: item.linkId, found: String(given.length) });
    if (item.type === 'group') this.#occurrences(item, given.length);
    for (const [one, index] of given) {
      this.#run.enter('item', index);
      if (!enabled && (one.answer !== undefined || one.item !== undefined))
        this.#run.report('response-not-enabled', { linkId: item.linkId });
      this.#item(item, one, scopes, enabled);
      this.#run.leave();
    }
  }

  #item(item: QuestionnaireItem, given: Json, scopes: readonly Json[], enabled: boolean): void {
    const { linkId } = item;
    if (typeof given.text === 'string' && item.texts.length > 0 && !item.texts.includes(given.text))
      this.#run.report('response-text', { linkId });
    const answers = objectsIn(given.answer);
    if (item.type === 'group' || item.type === 'display' || item.type === 'question') {
      if (answers.length > 0) this.#run.report('response-no-answers', { type: item.type });
    } else if (answers.length === 0 && item.required && enabled) {
      this.#run.report('response-missing', { linkId }, this.#missing);
    }
    if (item.type === 'group') {
      if (item.required && enabled && given.item === undefined && answers.length === 0) {
        this.#run.report('response-empty-group', { linkId }, this.#missing);
        return;
      }
      this.level(given, item.items, [given, ...scopes]);
      return;
    }
    if (given.item !== undefined)
      this.#run.report(item.type === 'display' ? 'response-display-items' : 'response-question-items', { linkId });
    if (answers.length > 1 && !item.repeats) this.#run.report('response-one-answer', { linkId });
    if (answers.length > 0) this.#occurrences(item, answers.length);
    checkExclusive(this.#run, answers, item);
    for (const [index, answer] of answers.entries()) {
      this.#run.enter('answer', index);
      if (item.type !== 'question' && item.type !== 'display') checkAnswer(this.#run, answer, item, this.#questionnaire, this.#workshop);
      this.level(answer, item.items, [answer, ...scopes]);
      this.#run.leave();
    }
  }

  #occurrences(item: QuestionnaireItem, found: number): void {
    const words = { linkId: item.linkId, found: String(found) };
    if (item.maxOccurs !== undefined && found > item.maxOccurs)
      this.#run.report('response-max-occurs', { ...words, max: String(item.maxOccurs) });
    if (item.minOccurs !== undefined && found < item.minOccurs) {
      this.#run.report('response-min-occurs', { ...words, min: String(item.minOccurs) }, this.#missing);
    }
  }
}

function findItem(items: readonly QuestionnaireItem[], linkId: string): boolean {
  return items.some((item) => item.linkId === linkId || findItem(item.items, linkId));
}
