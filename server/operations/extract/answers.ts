/**
 * Reading the answers of a QuestionnaireResponse.
 *
 * Spec: https://hl7.org/fhir/R4/questionnaireresponse.html
 */
import { unprocessable } from '../../fhir/errors.ts';
import { numberOf } from '../../fhir/json.ts';
import { type Coding, isObject, type Resource } from '../../fhir/resource.ts';

type Item = Readonly<Record<string, unknown>>;

/** The items of this linkId directly below a response or an item, in order. */
export function itemsOf(parent: Item | Resource, linkId: string): readonly Item[] {
  const items: readonly unknown[] = Array.isArray(parent.item) ? parent.item : [];
  return items.filter(isObject).filter((item) => item.linkId === linkId);
}

/** The first answer to a question directly below a response or an item: its `value[x]` by type. */
function answerOf(parent: Item | Resource, linkId: string): Item | undefined {
  const [item] = itemsOf(parent, linkId);
  const answers: readonly unknown[] = Array.isArray(item?.answer) ? item.answer : [];
  return answers.find(isObject);
}

/** The text of a string, text or date answer. */
export function textAnswer(parent: Item | Resource, linkId: string): string | undefined {
  const answer = answerOf(parent, linkId);
  const value = answer?.valueString ?? answer?.valueDate ?? answer?.valueDateTime;
  return typeof value === 'string' ? value : undefined;
}

/** The number of an integer or decimal answer. */
export function numberAnswer(parent: Item | Resource, linkId: string): number | undefined {
  const answer = answerOf(parent, linkId);
  return numberOf(answer?.valueInteger ?? answer?.valueDecimal);
}

export function codingAnswer(parent: Item | Resource, linkId: string): Coding | undefined {
  const value = answerOf(parent, linkId)?.valueCoding;
  return isObject(value) ? value : undefined;
}

/**
 * The answer that a score cannot be made without.
 * @throws FhirError 422 `required` pointing at the question.
 */
export function answered<T>(value: T | undefined, linkId: string): T {
  if (value !== undefined) return value;
  const expression = [`QuestionnaireResponse.item.where(linkId = '${linkId}')`];
  throw unprocessable([{ severity: 'error', code: 'required', diagnostics: `The question ${linkId} is not answered`, expression }]);
}
