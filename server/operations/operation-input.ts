/**
 * What an operation is given: by GET in the query, by POST as a Parameters resource, as the resource itself, or both
 * with the query. Every operation says which parameters it takes; others are refused.
 *
 * Spec: https://hl7.org/fhir/R4/operations.html#request
 */
import { type DateRange, dateRange } from '../fhir/date-range.ts';
import { badValue, malformed, unsupportedParameter } from '../fhir/errors.ts';
import { numberOf } from '../fhir/json.ts';
import { wantedLanguage } from '../fhir/language.ts';
import { didYouMean } from '../fhir/nearest.ts';
import { type Coding, isObject, isResource, type Resource } from '../fhir/resource.ts';
import { SERVER_ZONE, timeZone } from '../fhir/time-zone.ts';
import type { FhirRequest } from '../interactions/context.ts';
import { GENERAL_PARAMETERS } from '../interactions/parameters.ts';

export interface CodeableConcept {
  readonly coding?: readonly Coding[];
  readonly text?: string;
}

/** What a parameter of each kind gives. `texts` may be repeated, or hold several values with commas between; `repeated` holds commas as they are; `References` may be repeated. */
interface Values {
  readonly text: string;
  readonly texts: readonly string[];
  readonly repeated: readonly string[];
  readonly boolean: boolean;
  readonly integer: number;
  readonly Coding: Coding;
  readonly CodeableConcept: CodeableConcept;
  readonly Meta: Readonly<Record<string, unknown>>;
  readonly References: readonly Readonly<Record<string, unknown>>[];
  readonly resource: Resource;
}

type Kind = keyof Values;

export type Rules = Readonly<Record<string, Kind>>;

export type Input<Given extends Rules> = { readonly [Name in keyof Given]?: Values[Given[Name]] };

const TEXT_VALUES = ['String', 'Uri', 'Url', 'Canonical', 'Code', 'Id', 'Date', 'DateTime', 'Instant'].map((type) => `value${type}`);

/**
 * The parameters of a request by their rules. A body that is no Parameters resource stands for the parameter `body`.
 * @throws FhirError 400 `not-supported` for a parameter that is not known, 400 `value` for one that is repeated or cannot be
 * read, 400 `structure` for a body that is no Parameters resource.
 */
export function readInput<Given extends Rules>(request: FhirRequest, rules: Given, body?: keyof Given & string): Input<Given> {
  const taken = new Map<string, unknown>();
  for (const [name, text] of request.query) {
    if (!Object.hasOwn(rules, name) && GENERAL_PARAMETERS.includes(name)) continue;
    const rule = ruleOf(rules, name);
    // Without a value it says nothing, as in a search.
    if (text !== '') take(taken, name, fromText(rule, text, name), name);
  }
  for (const { name, value, at } of parametersIn(request.body, body)) {
    take(taken, name, fromParameter(ruleOf(rules, name), value, at), at);
  }
  return Object.fromEntries(taken) as Input<Given>;
}

/**
 * The value of a parameter that an operation cannot do without.
 * @throws FhirError 400 `value` pointing at its name.
 */
export function needed<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw badValue(`The parameter ${name} is needed here`, name);
  return value;
}

/** The same input; where it names no language, texts are wanted in that of Accept-Language, as far as it is spoken here. */
export function inLanguage<Named extends { readonly displayLanguage?: string }>(input: Named, { headers }: FhirRequest): Named {
  const displayLanguage = input.displayLanguage ?? wantedLanguage(headers['accept-language']);
  return displayLanguage === undefined ? input : { ...input, displayLanguage };
}

/**
 * The instants that a date or a time covers.
 * @throws FhirError 400 `value` pointing at its name.
 */
export function readInstants(text: string, name: string): DateRange {
  const range = dateRange(asTyped(text), timeZone(SERVER_ZONE));
  if (range === undefined) throw badValue(`${name} is a date or a time`, name);
  return range;
}

/**
 * The same as it is written.
 * @throws FhirError 400 `value` pointing at its name.
 */
export function readTime(text: string, name: string): string {
  readInstants(text, name);
  return asTyped(text);
}

/** A plus sign of a time zone that was not escaped arrives as a space. */
function asTyped(text: string): string {
  return text.replace(' ', '+');
}

interface Given {
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly at: string;
}

function parametersIn(body: unknown, bodyParameter: string | undefined): readonly Given[] {
  if (body === undefined) return [];
  if (isResource(body) && body.resourceType !== 'Parameters' && bodyParameter !== undefined) {
    return [{ name: bodyParameter, value: { resource: body }, at: body.resourceType }];
  }
  if (!isResource(body) || body.resourceType !== 'Parameters')
    throw malformed('A Parameters resource is expected in the body', 'Parameters');
  const parameters = body.parameter ?? [];
  if (!Array.isArray(parameters)) throw malformed('parameter is a list', 'Parameters.parameter');
  return parameters.map((value: unknown, place): Given => {
    const at = `Parameters.parameter[${place}]`;
    if (!isObject(value) || typeof value.name !== 'string') throw malformed('A parameter has a name', at);
    return { name: value.name, value, at };
  });
}

function ruleOf(rules: Rules, name: string): Kind {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined)
    throw unsupportedParameter(
      `The parameter ${name.slice(0, 64)} is not known here${didYouMean(name, Object.keys(rules))}`,
      name.slice(0, 64),
    );
  return rule;
}

function take(taken: Map<string, unknown>, name: string, value: unknown, at: string): void {
  const before = taken.get(name);
  if (before !== undefined && !Array.isArray(value)) throw badValue(`The parameter ${name} is given more than once`, at);
  taken.set(name, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value);
}

function fromText(kind: Kind, text: string, name: string): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'texts':
      return text.split(',').filter((each) => each !== '');
    case 'repeated':
      return [text];
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw badValue(`${name} is true or false`, name);
      return text === 'true';
    case 'integer':
      if (!/^-?\d{1,15}$/.test(text)) throw badValue(`${name} is a whole number`, name);
      return Number(text);
    default:
      throw badValue(`${name} is sent by POST, in a Parameters resource`, name);
  }
}

function fromParameter(kind: Kind, parameter: Given['value'], at: string): unknown {
  const value = valueIn(kind, parameter);
  if (value === undefined) throw badValue(`${String(parameter.name ?? 'The body')} is to hold ${WANTED[kind]}`, at);
  return value;
}

const WANTED: Readonly<Record<Kind, string>> = {
  text: 'a text',
  texts: 'a text',
  repeated: 'a text',
  boolean: 'valueBoolean',
  integer: 'valueInteger',
  Coding: 'valueCoding',
  CodeableConcept: 'valueCodeableConcept',
  Meta: 'valueMeta',
  References: 'valueReference',
  resource: 'a resource',
};

function valueIn(kind: Kind, parameter: Given['value']): unknown {
  switch (kind) {
    case 'text':
      return textIn(parameter);
    case 'texts': {
      const text = textIn(parameter);
      return text?.split(',').filter((each) => each !== '');
    }
    case 'repeated': {
      const text = textIn(parameter);
      return text === undefined ? undefined : [text];
    }
    case 'boolean':
      return typeof parameter.valueBoolean === 'boolean' ? parameter.valueBoolean : undefined;
    case 'integer': {
      const number = numberOf(parameter.valueInteger ?? parameter.valuePositiveInt ?? parameter.valueUnsignedInt);
      return Number.isInteger(number) ? number : undefined;
    }
    case 'Coding':
      return isCoding(parameter.valueCoding) ? parameter.valueCoding : undefined;
    case 'CodeableConcept':
      return isConcept(parameter.valueCodeableConcept) ? parameter.valueCodeableConcept : undefined;
    case 'References':
      return isObject(parameter.valueReference) ? [parameter.valueReference] : undefined;
    case 'resource':
      return isResource(parameter.resource) ? parameter.resource : undefined;
    case 'Meta':
      return isObject(parameter.valueMeta) ? parameter.valueMeta : undefined;
  }
}

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';

/** True for an object whose elements are of the types of a Coding's: what asks for them looks no further. */
function isCoding(value: unknown): value is Coding {
  return isObject(value) && [value.system, value.version, value.code, value.display].every(isText);
}

function isConcept(value: unknown): value is CodeableConcept {
  if (!isObject(value) || !isText(value.text)) return false;
  const { coding = [] } = value;
  return Array.isArray(coding) && coding.every(isCoding);
}

function textIn(parameter: Given['value']): string | undefined {
  return TEXT_VALUES.map((name) => parameter[name]).find((value) => typeof value === 'string');
}
