/**
 * Whether an element of a resource meets a value of a search, read from the JSON by the letter of the specification.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#ptypes · https://hl7.org/fhir/R4/search.html#prefix
 */
import type { SearchParameterInfo } from '../../../server/definitions/definitions.ts';
import type { Element } from './elements.ts';
import { type Bound, type Bounds, canonical, compare, exact, halfOf, plus, type Span, spanOfPeriod, times, timesOf } from './exact.ts';
import type { Json } from './population.ts';
import type { Prefix, Value } from './query.ts';
import { BASE_URL, NOW_MS } from './values.ts';

type As<Is extends Value['is']> = Extract<Value, { is: Is }>;

const objects = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Folded: no case, no marks, no punctuation but between words, one space. */
export function folded(text: string): string {
  const letters: Readonly<Record<string, string>> = { ø: 'o', æ: 'ae', ŋ: 'n', đ: 'd', ŧ: 't', ß: 'ss' };
  return text
    .replace(/['`´‘’ʼ]/g, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[øæŋđŧß]/g, (letter) => letters[letter] ?? letter)
    .split(/[\s\p{P}]+/u)
    .filter((word) => word !== '')
    .join(' ');
}

// Texts

const PARTS: Readonly<Record<string, readonly string[]>> = {
  HumanName: ['text', 'family', 'given', 'prefix', 'suffix'],
  Address: ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'],
};

/** The texts of an element, each of which is searched by itself. */
export function textsOf({ type, value }: Element): string[] {
  const parts = PARTS[type];
  if (parts === undefined) return typeof value === 'string' ? [value] : [];
  return parts.flatMap((part) => (value as Json)[part] ?? []) as string[];
}

/** Of texts, so much is compared as a whole or word by word. */
const headOf = (text: string): string => text.slice(0, 1_024);

/** What a family name is from its second word on, which finds it as well. */
function laterParts(element: Element, code: string): string[] {
  const family = element.type === 'HumanName' ? (element.value as Json).family : code === 'family' ? element.value : undefined;
  if (typeof family !== 'string') return [];
  const words = folded(headOf(family)).split(' ');
  return words.slice(1).map((_, at) => words.slice(at + 1).join(' '));
}

export function textMeets(elements: readonly Element[], code: string, modifier: string | undefined, text: string): boolean {
  const texts = elements.flatMap(textsOf);
  if (modifier === 'exact') return texts.includes(text);
  const sought = folded(text);
  if (modifier === 'contains') return texts.some((each) => folded(each).includes(sought));
  if (modifier === 'ends') return texts.some((each) => folded(each).endsWith(sought));
  if (modifier === 'whole') return texts.some((each) => folded(headOf(each)) === folded(headOf(text)));
  const starts = [...texts.map(folded), ...elements.flatMap((element) => laterParts(element, code))];
  const begins = (word: string) => starts.some((each) => each.startsWith(word));
  const words = sought.split(' ');
  const isName = elements.some(({ type }) => type === 'HumanName');
  return begins(sought) || (isName && words.length > 1 && words.every(begins));
}

// Tokens

interface Coded {
  readonly system: string | null;
  readonly code: string | undefined;
  readonly texts: readonly unknown[];
}

const GENDERS = 'http://hl7.org/fhir/administrative-gender';

const contact = (text: string): string => (/^[+\d\s]+$/.test(text) ? text.replaceAll(/\s/g, '') : text.toLowerCase());

function codedOf({ type, value }: Element): Coded[] {
  const object = value as Json;
  const of = (coding: Json, code: unknown, ...texts: unknown[]): Coded => ({
    system: (coding.system as string | undefined) ?? null,
    code: code as string | undefined,
    texts,
  });
  switch (type) {
    case 'Coding':
      return [of(object, object.code, object.display)];
    case 'CodeableConcept':
      return [...objects(object.coding).map((coding) => of(coding, coding.code, coding.display)), of({}, undefined, object.text)];
    case 'Identifier':
      return [of(object, object.value, (object.type as Json | undefined)?.text)];
    case 'ContactPoint':
      return [of({}, contact(String(object.value)))];
    case 'string':
    case 'markdown':
      return [of({}, String(value).toLowerCase())];
    default:
      // Ranges and quantities are no tokens.
      return typeof value === 'object' ? [] : [of({}, String(value))];
  }
}

export function tokenMeets(element: Element, value: As<'token'>, code: string): boolean {
  const sought =
    element.type === 'ContactPoint' ? contact(value.code ?? '') : element.type === 'string' ? value.code?.toLowerCase() : value.code;
  return codedOf(element).some((coded) => {
    if (coded.system === null && coded.code === undefined) return false;
    if (value.code !== undefined && coded.code !== sought) return false;
    const implied = element.type === 'code' && code === 'gender' ? GENDERS : undefined;
    return value.system === undefined || coded.system === value.system || (value.system !== null && value.system === implied);
  });
}

export function tokenIsAmong(element: Element, codes: readonly { readonly system: string; readonly code: string }[]): boolean {
  return codedOf(element).some(({ system, code }) => codes.some((each) => each.system === system && each.code === code));
}

export function tokenTextMeets(element: Element, text: string): boolean {
  return codedOf(element).some(({ texts }) => texts.some((each) => typeof each === 'string' && folded(each).startsWith(folded(text))));
}

export function ofTypeMeets({ type, value }: Element, { system, code, value: sought }: As<'of-type'>): boolean {
  if (type !== 'Identifier' || (value as Json).value !== sought) return false;
  const codings = objects(((value as Json).type as Json | undefined)?.coding);
  return codings.some((coding) => coding.code === code && (coding.system ?? '') === system);
}

/** The codes a resource may be sorted by. */
export function codesOf(element: Element): string[] {
  return codedOf(element).flatMap(({ code }) => code ?? []);
}

// References

export type Place = { readonly type: string; readonly id: string } | { readonly url: string };

/** Where a reference text leads: a resource of this server, whatever its version, or a URL. */
function placeOf(text: string): Place {
  const relative = text.startsWith(`${BASE_URL}/`) ? text.slice(BASE_URL.length + 1) : text;
  const [, type, id] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]+)(?:\/_history\/\d+)?$/.exec(relative) ?? [];
  return type === undefined || id === undefined ? { url: text } : { type, id };
}

export function placesOf({ type, value }: Element): Place[] {
  if (type === 'Reference') return typeof (value as Json).reference === 'string' ? [placeOf((value as Json).reference as string)] : [];
  if (type !== 'canonical' && type !== 'uri' && type !== 'url') return [];
  const [url = ''] = String(value).split('|');
  const place = placeOf(url);
  return [{ url: String(value) }, { url }, ...('url' in place ? [] : [place])];
}

export function referenceMeets(element: Element, value: As<'reference'> | As<'text'>, targets: readonly string[]): boolean {
  return placesOf(element).some((place) => {
    if (value.is === 'text') return 'url' in place && place.url === value.text;
    if ('url' in place || place.id !== value.id) return false;
    if (value.type !== undefined) return place.type === value.type;
    return targets.length === 0 || targets.includes('Resource') || targets.includes(place.type);
  });
}

/** Of a canonical: it has this URL, and a version that begins with the one given, part by part. */
export function canonicalIsBelow({ type, value }: Element, text: string): boolean {
  const [[url, version], [ownUrl, ownVersion = '']] = [text.split('|'), String(value).split('|')];
  return type === 'canonical' && ownUrl === url && (version === undefined || `${ownVersion}.`.startsWith(`${version}.`));
}

/** The logical identifier of a reference, as an element to be searched as a token. */
export function logicalIdentifier({ type, value }: Element): Element[] {
  if (type === 'Identifier') return [{ type, value }];
  const identifier = type === 'Reference' ? (value as Json).identifier : undefined;
  return identifier === undefined ? [] : [{ type: 'Identifier', value: identifier }];
}

// Addresses

export function uriMeets({ type, value }: Element, modifier: string | undefined, text: string): boolean {
  const own = type === 'canonical' ? [String(value), String(value).split('|')[0] ?? ''] : [String(value)];
  const isBelow = (low: string, high: string) => low === high || low.startsWith(high.endsWith('/') ? high : `${high}/`);
  if (modifier === 'below') return own.some((each) => isBelow(each, text));
  if (modifier === 'above') return own.some((each) => isBelow(text, each));
  return own.includes(text);
}

// Times

export function spanOf({ type, value }: Element): Span | undefined {
  switch (type) {
    case 'Period':
      return spanOfPeriod(value as Json);
    case 'Timing': {
      const { event = [], repeat } = value as { event?: string[]; repeat?: Json };
      const period = repeat?.boundsPeriod === undefined ? undefined : spanOfPeriod(repeat.boundsPeriod as Json);
      const spans = [...event.map(timesOf), ...(period === undefined ? [] : [period])];
      if (spans.length === 0) return undefined;
      return { low: Math.min(...spans.map(({ low }) => low)), high: Math.max(...spans.map(({ high }) => high)) };
    }
    case 'instant':
      return { low: timesOf(String(value)).low, high: timesOf(String(value)).low };
    default:
      return type === 'date' || type === 'dateTime' ? timesOf(String(value)) : undefined;
  }
}

export function spanMeets({ low, high }: Span, prefix: Prefix, text: string): boolean {
  const sought = timesOf(text);
  const within = low >= sought.low && high <= sought.high;
  const [above, below] = [high > sought.high, low < sought.low];
  switch (prefix) {
    case 'ne':
      return !within;
    case 'gt':
      return above;
    case 'lt':
      return below;
    case 'ge':
      return above || within;
    case 'le':
      return below || within;
    case 'sa':
      return low > sought.high;
    case 'eb':
      return high < sought.low;
    case 'ap': {
      const tenth = Math.abs(NOW_MS - (sought.low + sought.high) / 2) / 10;
      return high >= sought.low - tenth && low <= sought.high + tenth;
    }
    default:
      return within;
  }
}

// Numbers and quantities

interface Amount extends Bounds {
  readonly system?: unknown;
  readonly code?: unknown;
  readonly unit?: unknown;
}

const CURRENCIES = 'urn:iso:std:iso:4217';

/** What an element amounts to, in the unit it is written in. */
export function amountOf({ type, value }: Element): Amount | undefined {
  const of = (object: Json | undefined): Bound => (object?.value === undefined ? 'open' : exact(String(object.value)));
  const object = value as Json;
  switch (type) {
    case 'Range': {
      const [low, high] = [object.low as Json | undefined, object.high as Json | undefined];
      if (low === undefined && high === undefined) return undefined;
      return { ...(low ?? high), low: of(low), high: of(high) };
    }
    case 'Money':
      return { low: of(object), high: of(object), ...(object.currency === undefined ? {} : { system: CURRENCIES, code: object.currency }) };
    case 'SampledData': {
      const origin = object.origin as Json;
      const samples = String(object.data)
        .split(' ')
        .filter((sample) => sample !== 'E')
        .map((sample) => plus(exact(sample), exact(String(origin.value))))
        .sort(compare);
      return { unit: origin.unit, low: samples[0] ?? 'open', high: samples.at(-1) ?? 'open' };
    }
    default: {
      if (typeof value !== 'object' || value === null) return { low: exact(String(value)), high: exact(String(value)) };
      const { comparator } = object as { comparator?: string };
      const own = of(object);
      const [low, high] = [comparator?.startsWith('<') ? 'open' : own, comparator?.startsWith('>') ? 'open' : own] as const;
      return { system: object.system, code: object.code, unit: object.unit, low, high };
    }
  }
}

export function amountMeets(amount: Amount, value: Extract<Value, { prefix: Prefix }>): boolean {
  const { prefix, text } = value;
  const [system, code] = value.is === 'quantity' ? [value.system, value.code] : [];
  const sought = canonical(system, code);
  if (sought !== undefined) {
    const own = canonical(amount.system, amount.code);
    if (own?.dimension !== sought.dimension) return false;
    const convert = (bound: Bound): Bound => (bound === 'open' ? bound : times(bound, own.factor));
    return boundsMeet({ low: convert(amount.low), high: convert(amount.high) }, prefix, text, sought.factor);
  }
  if (system !== undefined && amount.system !== system) return false;
  if (code !== undefined && code !== amount.code && !(code === amount.unit && (system === undefined || amount.code === undefined)))
    return false;
  return boundsMeet(amount, prefix, text, exact('1'));
}

/** Only equality honours the precision of what is sought. */
function boundsMeet({ low, high }: Bounds, prefix: Prefix, text: string, factor: ReturnType<typeof exact>): boolean {
  const value = times(exact(text), factor);
  const half = times(halfOf(text), factor);
  const minus = (of: ReturnType<typeof exact>) => ({ ...of, digits: -of.digits });
  const [from, to] = [plus(value, minus(half)), plus(value, half)];
  /** The order of a bound of the resource and a number. */
  const lowTo = (number: typeof value) => (low === 'open' ? -1 : compare(low, number));
  const highTo = (number: typeof value) => (high === 'open' ? 1 : compare(high, number));
  switch (prefix) {
    case 'gt':
      return highTo(value) > 0;
    case 'lt':
      return lowTo(value) < 0;
    case 'ge':
      return highTo(value) > 0 || lowTo(value) >= 0;
    case 'le':
      return lowTo(value) < 0 || highTo(value) <= 0;
    case 'sa':
      return lowTo(value) > 0;
    case 'eb':
      return highTo(value) < 0;
    case 'ap': {
      const tenth = times(value.digits < 0n ? minus(value) : value, exact('0.1'));
      const [least, most] = [plus(value, minus(tenth)), plus(value, tenth)];
      const [start, end] = [compare(least, from) < 0 ? least : from, compare(most, to) > 0 ? most : to];
      return highTo(start) >= 0 && lowTo(end) <= 0;
    }
    default: {
      const within = lowTo(from) >= 0 && highTo(to) < 0;
      return prefix === 'ne' ? !within : within;
    }
  }
}

/** True where an element holds something that its parameter's type can be searched by. */
export function isUsable(element: Element, type: SearchParameterInfo['type']): boolean {
  switch (type) {
    case 'string':
      return textsOf(element).length > 0;
    case 'token':
      return codedOf(element).some(
        ({ system, code, texts }) => system !== null || code !== undefined || texts.some((text) => text !== undefined),
      );
    case 'date':
      return spanOf(element) !== undefined;
    case 'quantity':
    case 'number':
      return amountOf(element) !== undefined;
    default:
      return true;
  }
}

/** The same within a composite, where no text stands for a code. */
export function isComponent(element: Element, type: SearchParameterInfo['type']): boolean {
  if (type === 'token') return codedOf(element).some(({ system, code }) => system !== null || code !== undefined);
  return isUsable(element, type);
}
