/**
 * Checks one answer of a QuestionnaireResponse: its type, its limits, and that it is one of the options.
 *
 * Spec: https://hl7.org/fhir/R4/questionnaire.html#item · http://hl7.org/fhir/uv/sdc
 */
import { decimalText, numberOf, textOf } from '../../fhir/json.ts';
import { parseReference } from '../../fhir/reference.ts';
import { isObject, type Resource } from '../../fhir/resource.ts';
import { boundedMatch } from '../bounded-regex.ts';
import type { Run } from '../run.ts';
import { compareValues, sameValue } from '../values.ts';
import type { Workshop } from '../workshop.ts';
import type { QuestionnaireItem } from './questionnaire.ts';

type Json = Record<string, unknown>;

const CHOICE = ['Coding', 'date', 'time', 'integer', 'string'];
/** The value types that each question type takes. */
const ANSWER_TYPES: Readonly<Record<string, readonly string[]>> = {
  boolean: ['boolean'],
  decimal: ['decimal'],
  integer: ['integer'],
  date: ['date'],
  dateTime: ['dateTime'],
  time: ['time'],
  string: ['string'],
  text: ['string'],
  url: ['uri'],
  attachment: ['Attachment'],
  reference: ['Reference'],
  quantity: ['Quantity'],
  choice: CHOICE,
  'open-choice': CHOICE,
};

/** Checks an answer; the run stands at it. */
export function checkAnswer(run: Run, answer: Json, item: QuestionnaireItem, questionnaire: Resource, workshop: Workshop): void {
  const key = Object.keys(answer).find((name) => /^value[A-Z]/.test(name));
  if (key === undefined) return;
  const value = answer[key];
  const suffix = key.slice(5);
  const type = isObject(value) && numberOf(value) === undefined ? suffix : suffix.charAt(0).toLowerCase() + suffix.slice(1);
  if (type === 'Attachment') checkAttachment(run, value, item);
  const allowed = ANSWER_TYPES[item.type] ?? [];
  const isChoice = allowed.includes(type) && (CHOICE === allowed || item.options.length > 0);
  // What is wrong with a coded answer is told at the answer, with any other at its value.
  if (isChoice && type === 'Coding') checkOption(run, value, type, item, questionnaire, workshop);
  run.enter(`value.ofType(${type})`, -1);
  if (!allowed.includes(type)) run.report('answer-type', { expected: allowed.join(', '), found: type });
  else {
    checkLimits(run, value, item);
    if (type === 'Reference') checkTarget(run, value, item, workshop);
    if (isChoice && type !== 'Coding') checkOption(run, value, type, item, questionnaire, workshop);
  }
  run.leave();
}

/** An option that excludes all others is the only answer; the run stands at the item. */
export function checkExclusive(run: Run, answers: readonly Json[], item: QuestionnaireItem): void {
  if (answers.length < 2) return;
  const exclusive = item.options.filter((option) => Array.isArray(option.extension) && option.extension.some(isExclusive));
  for (const [index, { valueCoding }] of answers.entries()) {
    if (isObject(valueCoding) && exclusive.some((option) => isOption(valueCoding, option.valueCoding)))
      run.report('answer-exclusive', { code: textOf(valueCoding.code) }, 'error', `.answer[${index}]`);
  }
}

const EXCLUSIVE = 'http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive';
const isExclusive = (one: unknown): boolean => isObject(one) && one.url === EXCLUSIVE && one.valueBoolean === true;

function checkAttachment(run: Run, value: unknown, item: QuestionnaireItem): void {
  if (!isObject(value)) return;
  const { contentType, data } = value;
  if (
    item.mimeTypes.length > 0 &&
    typeof contentType === 'string' &&
    !item.mimeTypes.some((allowed) => mimeMatches(contentType, allowed))
  ) {
    run.report('answer-mime', { found: contentType, allowed: item.mimeTypes.join(', ') });
  }
  const size = numberOf(value.size) ?? (typeof data === 'string' ? Math.floor((data.length * 3) / 4) : undefined);
  if (item.maxSizeBytes !== undefined && size !== undefined && size > item.maxSizeBytes) {
    run.report('answer-size', { found: String(size), max: String(item.maxSizeBytes) });
  }
}

const mimeMatches = (found: string, allowed: string): boolean =>
  found.split(';', 1)[0]!.trim() === allowed || (allowed.endsWith('/*') && found.startsWith(allowed.slice(0, -1)));

function checkLimits(run: Run, value: unknown, item: QuestionnaireItem): void {
  if (typeof value === 'string') checkText(run, value, item);
  const decimals = decimalText(value)?.split('.')[1]?.length ?? 0;
  if (item.maxDecimalPlaces !== undefined && decimals > item.maxDecimalPlaces) {
    run.report('answer-decimals', { found: String(decimals), max: String(item.maxDecimalPlaces) });
  }
  const [min, max] =
    item.type === 'quantity' ? [item.minQuantity ?? item.minValue, item.maxQuantity ?? item.maxValue] : [item.minValue, item.maxValue];
  checkBound(run, value, min, 'answer-min', (order) => order < 0);
  checkBound(run, value, max, 'answer-max', (order) => order > 0);
}

function checkBound(run: Run, value: unknown, bound: unknown, rule: 'answer-min' | 'answer-max', broken: (order: number) => boolean): void {
  if (bound === undefined) return;
  const formal =
    !isObject(bound) || numberOf(bound) !== undefined || (bound.code !== undefined && isObject(value) && value.code !== undefined);
  const order = formal ? orderOf(value, bound) : undefined;
  const limit = JSON.stringify(bound);
  if (order === undefined) run.report('answer-not-comparable', { limit, bound: rule === 'answer-min' ? 'minimum' : 'maximum' });
  else if (broken(order)) run.report(rule, { value: JSON.stringify(value), limit });
}

const DAY = /^\d{4}(?:-\d{2}){0,2}/;
const STARTS: Readonly<Record<number, string>> = { 4: '-01-01', 7: '-01' };

/** How an answer stands to a bound: dates by the moment they begin, so that a day in June is after June. */
function orderOf(value: unknown, bound: unknown): number | undefined {
  if (typeof value !== 'string' || typeof bound !== 'string' || !DAY.test(value) || !DAY.test(bound)) return compareValues(value, bound);
  const [x, y] = [value, bound].map((text) => Date.parse(text + (STARTS[text.length] ?? '')));
  return x! - y!;
}

function checkText(run: Run, value: string, item: QuestionnaireItem): void {
  if (item.maxLength !== undefined && value.length > item.maxLength)
    run.report('answer-too-long', { found: String(value.length), max: String(item.maxLength) });
  if (item.minLength !== undefined && value.length < item.minLength)
    run.report('answer-too-short', { found: String(value.length), min: String(item.minLength) });
  const { regex } = item;
  if (regex === undefined) return;
  const matched = run.timed(() => boundedMatch(regex, value));
  if (matched === true || matched === undefined) return;
  run.report(matched === false ? 'answer-regex' : 'answer-regex-too-costly', { format: item.entryFormat ?? regex });
}

function checkTarget(run: Run, value: unknown, item: QuestionnaireItem, workshop: Workshop): void {
  if (!isObject(value) || typeof value.reference !== 'string') return;
  const parsed = parseReference(value.reference);
  if (parsed.kind !== 'local' && parsed.kind !== 'absolute') return;
  if (workshop.catalog.type(parsed.type)?.kind !== 'resource') run.report('answer-unknown-target', { type: parsed.type });
  else if (item.referenceTypes.length > 0 && !item.referenceTypes.includes(parsed.type)) {
    run.report('answer-target', { type: parsed.type, allowed: item.referenceTypes.join(', ') });
  }
}

function checkOption(run: Run, value: unknown, type: string, item: QuestionnaireItem, questionnaire: Resource, workshop: Workshop): void {
  if (item.type === 'open-choice' && type === 'string') return;
  if (item.options.length > 0) {
    const options = item.options
      .map((option) => option[`value${type.charAt(0).toUpperCase()}${type.slice(1)}`])
      .filter((option) => option !== undefined);
    if (!options.some((option) => isOption(value, option))) run.report('answer-option', { value: JSON.stringify(value).slice(0, 120) });
    return;
  }
  if (item.valueSet === undefined || !isObject(value) || typeof value.code !== 'string') return;
  const membership = hasWrongDisplay(run, value, workshop) ? 'out' : inValueSet(item.valueSet, value, questionnaire, workshop);
  if (membership === 'out' && !(item.type === 'open-choice' && value.system === undefined)) {
    run.report('answer-value-set', { code: `${textOf(value.system ?? '')}#${textOf(value.code)}`, valueSet: item.valueSet });
  } else if (membership === 'unknown') run.report('binding-unknown', { code: value.code, valueSet: item.valueSet }, 'warning');
}

/** True when the display of a coded answer is wrong, and that is taken for an error. */
function hasWrongDisplay(run: Run, { system, code, display }: Json, { terminology }: Workshop): boolean {
  if (run.options.wrongDisplays !== 'error' || typeof system !== 'string' || typeof display !== 'string') return false;
  return terminology.validateInSystem({ system, code: textOf(code), display }).wrongDisplay;
}

function isOption(value: unknown, option: unknown): boolean {
  if (isObject(value) && isObject(option)) return value.code === option.code && value.system === option.system;
  return sameValue(value, option);
}

function inValueSet(canonical: string, coding: Json, questionnaire: Resource, workshop: Workshop) {
  const system = typeof coding.system === 'string' ? coding.system : undefined;
  if (!canonical.startsWith('#')) return workshop.terminology.membership(canonical, system, textOf(coding.code));
  const contained = Array.isArray(questionnaire.contained)
    ? questionnaire.contained.find((one) => isObject(one) && one.id === canonical.slice(1))
    : undefined;
  return isObject(contained) ? workshop.terminology.membershipIn(contained, system, textOf(coding.code)) : 'unknown';
}
