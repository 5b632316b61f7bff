/**
 * Whether a question is enabled by the answers given.
 *
 * Spec: https://hl7.org/fhir/R4/questionnaire.html#enableWhen
 */

import { compileFhirPath, type FhirPathExpression } from '../../fhir/fhirpath.ts';
import { textOf } from '../../fhir/json.ts';
import { isObject, objectsIn, type Resource } from '../../fhir/resource.ts';
import { type Run, RunStopped } from '../run.ts';
import { compareValues, sameValue } from '../values.ts';
import type { QuestionnaireItem } from './questionnaire.ts';

type Json = Record<string, unknown>;

const compiled = new WeakMap<QuestionnaireItem, FhirPathExpression>();

/**
 * Whether an item is enabled, by its conditions or by its expression over the response; undefined when the expression
 * cannot be evaluated here: it asks for what a form filler gives it.
 */
export function isEnabledIn(run: Run, item: QuestionnaireItem, response: Resource, scopes: readonly Json[]): boolean | undefined {
  const { enableExpression } = item;
  if (enableExpression === undefined) return isEnabled(item, scopes);
  try {
    const [result] = run.timed(() => {
      const evaluate = compiled.get(item) ?? compileFhirPath(enableExpression, 'QuestionnaireResponse');
      compiled.set(item, evaluate);
      return evaluate(response, { resource: response, rootResource: response });
    });
    return result === true;
  } catch (error) {
    if (error instanceof RunStopped) throw error;
    return undefined;
  }
}

/** True when an item is enabled. `scopes` are the groups and the response around it, nearest first: the nearest that has the question decides. */
function isEnabled(item: QuestionnaireItem, scopes: readonly Json[]): boolean {
  if (item.enableWhen.length === 0) return true;
  const test = (condition: Json): boolean => holds(condition, answersNear(textOf(condition.question), scopes));
  return item.enableAll ? item.enableWhen.every(test) : item.enableWhen.some(test);
}

function answersNear(linkId: string, scopes: readonly Json[]): unknown[] {
  for (const scope of scopes) {
    const answers = answersIn(scope, linkId);
    if (answers.length > 0) return answers;
  }
  return [];
}

function answersIn(scope: Json, linkId: string): unknown[] {
  const found: unknown[] = [];
  for (const item of objectsIn(scope.item)) {
    const answers = objectsIn(item.answer);
    if (item.linkId === linkId) found.push(...answers.map(answerValue).filter((value) => value !== undefined));
    found.push(...answersIn(item, linkId));
    for (const answer of answers) found.push(...answersIn(answer, linkId));
  }
  return found;
}

/** The value of an answer, whatever its type. */
function answerValue(answer: Json): unknown {
  for (const key in answer) if (key.startsWith('value') && key !== 'value') return answer[key];
  return undefined;
}

function holds(condition: Json, answers: readonly unknown[]): boolean {
  const wanted = Object.entries(condition).find(([key]) => key.startsWith('answer'))?.[1];
  switch (condition.operator) {
    case 'exists':
      return answers.length > 0 === (wanted === true);
    case '=':
      return answers.some((answer) => isSame(answer, wanted));
    case '!=':
      return answers.length > 0 && answers.some((answer) => !isSame(answer, wanted));
    default:
      return answers.some((answer) => isOrdered(compareValues(answer, wanted), textOf(condition.operator)));
  }
}

function isOrdered(order: number | undefined, operator: string): boolean {
  if (order === undefined) return false;
  if (operator === '>') return order > 0;
  if (operator === '<') return order < 0;
  return operator === '>=' ? order >= 0 : order <= 0;
}

/** Codings are the same by system and code, everything else by value. */
function isSame(answer: unknown, wanted: unknown): boolean {
  if (isObject(answer) && isObject(wanted) && 'code' in wanted) return answer.code === wanted.code && answer.system === wanted.system;
  return sameValue(answer, wanted);
}
