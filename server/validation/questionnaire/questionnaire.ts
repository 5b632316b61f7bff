/**
 * A Questionnaire as its responses need it: items with their limits read once.
 *
 * Spec: https://hl7.org/fhir/R4/questionnaire.html · http://hl7.org/fhir/uv/sdc
 */
import { numberOf, textOf } from '../../fhir/json.ts';
import { isObject, objectsIn, type Resource } from '../../fhir/resource.ts';

type Json = Record<string, unknown>;

export interface QuestionnaireItem {
  readonly linkId: string;
  readonly type: string;
  /** The text and its translations. */
  readonly texts: readonly string[];
  readonly required: boolean;
  readonly repeats: boolean;
  readonly minOccurs: number | undefined;
  readonly maxOccurs: number | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly maxDecimalPlaces: number | undefined;
  readonly maxSizeBytes: number | undefined;
  readonly minValue: unknown;
  readonly maxValue: unknown;
  readonly minQuantity: unknown;
  readonly maxQuantity: unknown;
  readonly regex: string | undefined;
  readonly entryFormat: string | undefined;
  readonly mimeTypes: readonly string[];
  readonly referenceTypes: readonly string[];
  readonly options: readonly Json[];
  readonly valueSet: string | undefined;
  readonly enableWhen: readonly Json[];
  readonly enableAll: boolean;
  /** The FHIRPath that enables the item. */
  readonly enableExpression: string | undefined;
  readonly items: readonly QuestionnaireItem[];
}

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/';
const cache = new WeakMap<object, readonly QuestionnaireItem[]>();

/** The items of a Questionnaire; read once for each resource object. */
export function questionnaireItems(questionnaire: Resource): readonly QuestionnaireItem[] {
  let items = cache.get(questionnaire);
  if (items === undefined) {
    items = objectsIn(questionnaire.item).map(readItem);
    cache.set(questionnaire, items);
  }
  return items;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The translations of a text, from its translation extensions. */
function translations(partner: unknown): (string | undefined)[] {
  if (!isObject(partner)) return [];
  const found = objectsIn(partner.extension).filter((one) => one.url === `${CORE}translation`);
  return found.map((one) => text(objectsIn(one.extension).find((inner) => inner.url === 'content')?.valueString));
}

function extensionValues(item: Json, url: string): unknown[] {
  return objectsIn(item.extension)
    .filter((one) => one.url === url)
    .map((one) => Object.entries(one).find(([key]) => key.startsWith('value'))?.[1]);
}

const expressionOf = (value: unknown): string | undefined => (isObject(value) ? text(value.expression) : undefined);

function readItem(item: Json): QuestionnaireItem {
  const core = (name: string): unknown => extensionValues(item, CORE + name)[0];
  const sdc = (name: string): unknown => extensionValues(item, SDC + name)[0];
  const texts = (name: string): string[] => extensionValues(item, CORE + name).filter((one) => typeof one === 'string');
  return {
    linkId: textOf(item.linkId),
    type: textOf(item.type),
    texts: [text(item.text), ...translations(item._text)].filter((one) => one !== undefined),
    required: item.required === true,
    repeats: item.repeats === true,
    minOccurs: numberOf(core('questionnaire-minOccurs')),
    maxOccurs: numberOf(core('questionnaire-maxOccurs')),
    minLength: numberOf(core('minLength')),
    maxLength: numberOf(item.maxLength),
    maxDecimalPlaces: numberOf(core('maxDecimalPlaces')),
    maxSizeBytes: numberOf(core('maxSize')),
    minValue: core('minValue'),
    maxValue: core('maxValue'),
    minQuantity: sdc('sdc-questionnaire-minQuantity'),
    maxQuantity: sdc('sdc-questionnaire-maxQuantity'),
    regex: text(core('regex')),
    entryFormat: text(core('entryFormat')),
    mimeTypes: texts('mimeType'),
    referenceTypes: texts('questionnaire-referenceResource'),
    options: objectsIn(item.answerOption),
    valueSet: text(item.answerValueSet),
    enableWhen: objectsIn(item.enableWhen),
    enableAll: item.enableBehavior === 'all',
    enableExpression: expressionOf(sdc('sdc-questionnaire-enableWhenExpression')),
    items: objectsIn(item.item).map(readItem),
  };
}
