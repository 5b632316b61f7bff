/**
 * The values of quick FHIRPath: collections of plain JSON values, and what can be said of them for certain.
 *
 * Spec: https://hl7.org/fhirpath/#collections · https://hl7.org/fhirpath/#singleton-evaluation-of-collections
 */
import { ExactDecimal, numberOf } from '../../fhir/json.ts';
import { isObject } from '../../fhir/resource.ts';
import { UCUM_SYSTEM } from '../../fhir/ucum.ts';
import type { QuickContext } from './quick-path.ts';

export type Collection = readonly unknown[];
/** Evaluates for `$this`. */
export type Evaluate = (self: Collection, context: QuickContext) => Collection;
/** Evaluates what is a boolean for `$this`: undefined when it is empty. */
export type Decide = (self: Collection, context: QuickContext) => boolean | undefined;

/** Evaluates what is a number for `$this`: undefined when it is empty. */
export type Reckon = (self: Collection, context: QuickContext) => number | undefined;

/** What evaluates to a collection, and says at once what it decides where that is a boolean, or reckons where that is a number. */
export interface Decidable {
  readonly evaluate: Evaluate;
  readonly decide?: Decide;
  readonly reckon?: Reckon;
}

/** What evaluates to a number or to nothing. */
export function reckonable(reckon: Reckon): Decidable {
  return {
    reckon,
    evaluate: (self, context) => {
      const number = reckon(self, context);
      return number === undefined ? EMPTY : [number];
    },
  };
}

/** What an expression reckons, as `singleDecimal` has it. */
export function decimalOf({ evaluate, reckon }: Decidable): Reckon {
  if (reckon === undefined) return (self, context) => singleDecimal(evaluate(self, context));
  return (self, context) => {
    const number = reckon(self, context);
    if (number !== undefined && !(Math.abs(number) < LARGEST)) throw new Bail();
    return number;
  };
}

/** What an expression reckons in whole numbers, as `singleNumber` has it. */
export function wholeOf({ evaluate, reckon }: Decidable): Reckon {
  if (reckon === undefined) return (self, context) => singleNumber(evaluate(self, context));
  return (self, context) => {
    const number = reckon(self, context);
    if (number !== undefined && !Number.isSafeInteger(number)) throw new Bail();
    return number;
  };
}

/** What evaluates to a boolean or to nothing. */
export function decidable(decide: Decide): Decidable & { readonly decide: Decide } {
  return {
    decide,
    evaluate: (self, context) => {
      const decision = decide(self, context);
      return decision === undefined ? EMPTY : decision ? TRUE : FALSE;
    },
  };
}

/** What an expression decides as a condition. */
export function decisionOf({ evaluate, decide }: Decidable): Decide {
  return decide ?? ((self, context) => asBoolean(evaluate(self, context)));
}

/** Thrown while compiling: the expression uses what is not known here. */
export class Unsupported extends Error {}
/** Thrown while running: these values are not decided here. */
export class Bail extends Error {}

export const EMPTY: Collection = [];
export const TRUE: Collection = [true];
export const FALSE: Collection = [false];

/** A primitive that has no value, only an id or extensions. */
class Valueless {
  readonly partner: unknown;
  constructor(partner: unknown) {
    this.partner = partner;
  }
}

/** The elements of R4 that are written with their type in the name. */
const CHOICES = new Set(
  'author subject value asNeeded dose rate defaultValue fixed pattern minValue maxValue age amount bounds timing product onset collected time scheduled occurrence diagnosis procedure location serviced effective content target source abatement topic entity legallyBinding allowed used identified manufacturer code definition participantEffective born deceased start detail due module doseNumber seriesDoses example name chargeItem created item medication statusReason indication characteristic reported date event multipleBirth offset performed occurred answer studyEffective probability when quantity fastingStatus additive minimumVolume substance definingSubstance'.split(
    ' ',
  ),
);

/** The types that a choice can have, as they stand in the name. */
const TYPES = new Set(
  'Base64Binary Boolean Canonical Code Date DateTime Decimal Id Instant Integer Markdown Oid PositiveInt String Time UnsignedInt Uri Url Uuid Address Age Annotation Attachment CodeableConcept Coding ContactPoint Count Distance Duration HumanName Identifier Money Period Quantity Range Ratio Reference SampledData Signature Timing ContactDetail Contributor DataRequirement Expression ParameterDefinition RelatedArtifact TriggerDefinition UsageContext Dosage Meta'.split(
    ' ',
  ),
);

/** A name of members, and what follows from it. */
export interface Member {
  readonly name: string;
  readonly partner: string;
  readonly isChoice: boolean;
  /** True for what primitives have as well. */
  readonly isOfAll: boolean;
}

export function memberNamed(name: string): Member {
  return { name, partner: `_${name}`, isChoice: CHOICES.has(name), isOfAll: name === 'extension' || name === 'id' };
}

/** The members of this name of every item. */
export function members(items: Collection, member: Member): Collection {
  if (items.length === 1) return membersOf(items[0], member);
  const found: unknown[] = [];
  for (const item of items) for (const one of membersOf(item, member)) found.push(one);
  return found;
}

function membersOf(item: unknown, member: Member): Collection {
  if (!isObject(item) || item instanceof ExactDecimal) {
    if (member.isOfAll) throw new Bail();
    return EMPTY;
  }
  if (item instanceof Valueless) return isObject(item.partner) && member.isOfAll ? membersOf(item.partner, member) : EMPTY;
  const value = item[member.name];
  const partner = item[member.partner];
  if (value !== undefined || partner !== undefined) return valuesOf(value, partner);
  return member.isChoice ? choiceOf(item, member.name) : EMPTY;
}

function choiceOf(item: Record<string, unknown>, name: string): Collection {
  for (const key in item) {
    const start = key.charCodeAt(0) === 95 ? 1 : 0;
    const next = key.charCodeAt(start + name.length);
    if (next >= 65 && next <= 90 && key.startsWith(name, start)) {
      const json = start === 1 ? key.slice(1) : key;
      if (!TYPES.has(json.slice(name.length))) continue;
      return valuesOf(item[json], item[`_${json}`]);
    }
  }
  return EMPTY;
}

function valuesOf(value: unknown, partner: unknown): Collection {
  if (!Array.isArray(value)) {
    if (value === undefined || value === null) return Array.isArray(partner) ? valuesOf([], partner) : [new Valueless(partner)];
    return [value instanceof ExactDecimal ? value.valueOf() : value];
  }
  const partners: readonly unknown[] = Array.isArray(partner) ? partner : EMPTY;
  if (partners.length === 0 && areAllPlain(value)) return value;
  const found: unknown[] = [];
  for (let index = 0; index < Math.max(value.length, partners.length); index++) {
    const item: unknown = value[index];
    if (item !== null && item !== undefined) found.push(item instanceof ExactDecimal ? item.valueOf() : item);
    else if (isObject(partners[index])) found.push(new Valueless(partners[index]));
  }
  return found;
}

function areAllPlain(values: readonly unknown[]): boolean {
  for (const value of values) if (value === null || value instanceof ExactDecimal) return false;
  return true;
}

/** Whether an item is a primitive with a value. */
export function isValue(item: unknown): boolean {
  return typeof item !== 'object';
}

/** A collection as a boolean: a single value that is not one counts as true. */
export function asBoolean(items: Collection): boolean | undefined {
  if (items.length === 0) return undefined;
  if (items.length > 1) throw new Bail();
  return typeof items[0] === 'boolean' ? items[0] : true;
}

/** A time to the second or millisecond, with its zone. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)$/;
const NEAR = 1e-6;
const LARGEST = 1e12;
const DATE = /^\d{4}(?:-\d|$)|^\d{2}:\d{2}/;

/** Whether a text may be a date or a time; no other begins with a digit, which is told at once. */
export function isDated(text: string): boolean {
  return text.charCodeAt(0) <= 57 && DATE.test(text);
}

/** The test of a member of `$this` against a text: at once where it is a single text; texts that may be dates are compared `otherwise`. */
export function memberIs(member: Member, text: string, otherwise: Decide): Decide {
  if (isDated(text)) return otherwise;
  return (self, context) => {
    const [item] = self;
    const value = self.length === 1 && isPlainObject(item) ? item[member.name] : undefined;
    return typeof value === 'string' ? value === text : otherwise(self, context);
  };
}

const isPlainObject = (item: unknown): item is Record<string, unknown> =>
  isObject(item) && !(item instanceof ExactDecimal) && !(item instanceof Valueless);

/** Whether two items are equal, where that can be told without knowing their types. */
function sameItem(a: unknown, b: unknown): boolean {
  if (typeof a === 'object' || typeof b === 'object') throw new Bail();
  if (a === b) return true;
  if (typeof a === 'number' && typeof b === 'number' && !(Number.isInteger(a) && Number.isInteger(b)) && Math.abs(a - b) < NEAR)
    throw new Bail();
  if (typeof a === 'string' && typeof b === 'string' && isDated(a) && isDated(b)) throw new Bail();
  return false;
}

export function sameCollection(a: Collection, b: Collection): boolean {
  if (a.length === 1 && b.length === 1) return sameItem(a[0], b[0]);
  return a.length === b.length && a.every((item, index) => sameItem(item, b[index]));
}

export function isIn(item: unknown, items: Collection): boolean {
  for (const other of items) if (sameItem(item, other)) return true;
  return false;
}

/** How two single values stand; undefined when one is missing. */
export function orderOf(a: Collection, b: Collection): number | undefined {
  if (a.length === 0 || b.length === 0) return undefined;
  if (a.length > 1 || b.length > 1) throw new Bail();
  const [x, y] = [a[0], b[0]];
  if (typeof x === 'number' && typeof y === 'number') return numberOrder(x, y);
  if (isQuantity(x) && isQuantity(y)) return amountOrder(x, y);
  if (typeof x !== 'string' || typeof y !== 'string') throw new Bail();
  if (x.length === y.length && INSTANT.test(x) && INSTANT.test(y)) return Date.parse(x) - Date.parse(y);
  const dated = DATE.test(x) || DATE.test(y);
  if (dated && (x.length !== y.length || x.length > 10)) throw new Bail();
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Numbers that may be equal but for rounding are left to exact arithmetic. */
function numberOrder(x: number, y: number): number {
  if (x !== y && Math.abs(x - y) < NEAR && !(Number.isInteger(x) && Number.isInteger(y))) throw new Bail();
  return x - y;
}

const QUANTITY = new Set(['value', 'unit', 'system', 'code', 'id', 'extension']);
const isQuantity = (item: unknown): item is Record<string, unknown> =>
  isObject(item) && item.value !== undefined && Object.keys(item).every((key) => QUANTITY.has(key));

/** Two amounts in the same unit, however it is given; fhirpath.js compares units of UCUM only, and others wrongly. */
function amountOrder(x: Record<string, unknown>, y: Record<string, unknown>): number | undefined {
  const [m, n] = [numberOf(x.value), numberOf(y.value)];
  if (m === undefined || n === undefined) throw new Bail();
  if (x.system === y.system && x.code === y.code && (x.code !== undefined || x.unit === y.unit)) return numberOrder(m, n);
  if (x.system === UCUM_SYSTEM && y.system === UCUM_SYSTEM) throw new Bail();
  return undefined;
}

/** A span of whole calendar years. */
export class YearSpan {
  readonly years: number;
  constructor(years: number) {
    this.years = years;
  }
}

/** The date so many years before a full date; 29 February becomes the 28th in a common year. */
export function yearsBefore(date: unknown, { years }: YearSpan): string {
  const match = typeof date === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) : null;
  if (match === null || !Number.isInteger(years)) throw new Bail();
  const year = Number(match[1]) - years;
  if (year < 1000) throw new Bail();
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const day = match[2] === '02' && match[3] === '29' && !leap ? '28' : match[3];
  return `${year}-${match[2]}-${day}`;
}

/** A single whole number; undefined when missing. Fractions are left to exact arithmetic. */
function singleNumber(items: Collection): number | undefined {
  if (items.length === 0) return undefined;
  const [value] = items;
  if (items.length > 1 || typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Bail();
  return value;
}

/** A single number, whole or not; undefined when missing. What is reckoned with it must not decide between near values. */
export function singleDecimal(items: Collection): number | undefined {
  if (items.length === 0) return undefined;
  const [value] = items;
  if (items.length > 1 || typeof value !== 'number' || !(Math.abs(value) < LARGEST)) throw new Bail();
  return value;
}

/** A single text; undefined when missing. */
export function singleText(items: Collection): string | undefined {
  if (items.length === 0) return undefined;
  if (items.length > 1 || typeof items[0] !== 'string') throw new Bail();
  return items[0];
}
