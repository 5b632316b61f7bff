/**
 * The functions of quick FHIRPath.
 *
 * Spec: https://hl7.org/fhirpath/#functions
 */
import { isQuick, readPattern } from './bounded-regex.ts';
import {
  asBoolean,
  Bail,
  type Collection,
  EMPTY,
  type Evaluate,
  FALSE,
  isIn,
  isValue,
  singleDecimal,
  singleNumber,
  singleText,
  TRUE,
  Unsupported,
} from './quick-path-values.ts';

const truth = (value: boolean): Collection => (value ? TRUE : FALSE);

type Maker = (input: Evaluate, inputs: readonly Evaluate[]) => Evaluate;

/** A function of its input alone. */
const plain =
  (calculate: (items: Collection) => Collection): Maker =>
  (input, inputs) => {
    if (inputs.length > 0) throw new Unsupported();
    return (self, context) => calculate(input(self, context));
  };

/** A function of a text and one other text. */
const textual =
  (calculate: (text: string, other: string) => boolean): Maker =>
  (input, [other]) => {
    if (other === undefined) throw new Unsupported();
    return (self, context) => {
      const text = singleText(input(self, context));
      const wanted = singleText(other(self, context));
      return text === undefined || wanted === undefined ? EMPTY : truth(calculate(text, wanted));
    };
  };

const filtered: Maker = (input, [criterion]) => {
  if (criterion === undefined) throw new Unsupported();
  return (self, context) => input(self, context).filter((item) => asBoolean(criterion([item], context)) === true);
};

/**
 * Whether a text holds a match. A pattern that escapes more than Unicode mode allows is read without it; one that might
 * run away is left to the full evaluation, which has a time limit.
 */
function matches(text: string, source: string): boolean {
  const pattern = readPattern(source, 'us') ?? readPattern(source, 's');
  if (pattern === undefined || !isQuick(pattern, text)) throw new Bail();
  return pattern.regex.test(text);
}

const substring: Maker = (input, [start, length]) => {
  if (start === undefined) throw new Unsupported();
  return (self, context) => {
    const text = singleText(input(self, context));
    const from = singleNumber(start(self, context));
    if (text === undefined || from === undefined || from < 0 || from >= text.length) return EMPTY;
    const count = length === undefined ? undefined : singleNumber(length(self, context));
    return [count === undefined ? text.slice(from) : text.slice(from, from + Math.max(0, count))];
  };
};

const choose: Maker = (input, [condition, then, otherwise]) => {
  if (condition === undefined || then === undefined) throw new Unsupported();
  return (self, context) => {
    const items = input(self, context);
    if (asBoolean(condition(items, context)) === true) return then(items, context);
    return otherwise === undefined ? EMPTY : otherwise(items, context);
  };
};

/** A text that is a full date as a date. */
function toDate(items: Collection): Collection {
  const text = singleText(items);
  if (text === undefined) return EMPTY;
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/.test(text)) throw new Bail();
  return [text];
}

function toInteger(items: Collection): Collection {
  if (items.length === 0) return EMPTY;
  const [item] = items;
  if (items.length > 1) throw new Bail();
  if (typeof item === 'string') return /^[+-]?\d{1,15}$/.test(item) ? [Number(item)] : EMPTY;
  if (typeof item === 'number' && Number.isInteger(item)) return items;
  throw new Bail();
}

function toText(items: Collection): Collection {
  if (items.length === 0) return EMPTY;
  const [item] = items;
  if (items.length > 1 || typeof item === 'object') throw new Bail();
  if (typeof item === 'number' && !Number.isInteger(item)) throw new Bail();
  return [String(item)];
}

function isDistinct(items: Collection): boolean {
  const seen = new Set<unknown>();
  for (const item of items) {
    if (!isValue(item)) throw new Bail();
    if (seen.has(item)) return false;
    seen.add(item);
  }
  return true;
}

function total(items: Collection): Collection {
  let sum = 0;
  for (const item of items) {
    if (typeof item !== 'number' || !Number.isSafeInteger(item)) throw new Bail();
    sum += item;
  }
  return [sum];
}

const resolved: Maker = (input) => (self, context) =>
  input(self, context).flatMap((item) => {
    const reference = typeof item === 'string' ? item : (item as { reference?: unknown } | null)?.reference;
    const found = typeof reference === 'string' ? context.resolve(reference) : undefined;
    return found === undefined ? [] : [found];
  });

const exists: Maker = (input, inputs) => {
  const found = inputs.length === 0 ? input : filtered(input, inputs);
  return (self, context) => truth(found(self, context).length > 0);
};

const every: Maker = (input, [criterion]) => {
  if (criterion === undefined) throw new Unsupported();
  return (self, context) => truth(input(self, context).every((item) => asBoolean(criterion([item], context)) === true));
};

/** The local date, as fhirpath.js has it. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, '0'), String(now.getDate()).padStart(2, '0')].join('-');
}

const FUNCTIONS: Readonly<Record<string, Maker>> = {
  exists,
  empty: plain((items) => truth(items.length === 0)),
  not: plain((items) => {
    const value = asBoolean(items);
    return value === undefined ? EMPTY : truth(!value);
  }),
  count: plain((items) => [items.length]),
  where: filtered,
  all: every,
  select: (input, [projection]) => {
    if (projection === undefined) throw new Unsupported();
    return (self, context) => input(self, context).flatMap((item) => [...projection([item], context)]);
  },
  first: plain((items) => items.slice(0, 1)),
  last: plain((items) => items.slice(-1)),
  tail: plain((items) => items.slice(1)),
  hasValue: plain((items) => truth(items.length === 1 && isValue(items[0]))),
  isDistinct: plain((items) => truth(isDistinct(items))),
  distinct: plain((items) => items.filter((item, index) => !isIn(item, items.slice(0, index)))),
  startsWith: textual((text, other) => text.startsWith(other)),
  endsWith: textual((text, other) => text.endsWith(other)),
  contains: textual((text, other) => text.includes(other)),
  matches: textual(matches),
  length: plain((items) => {
    const text = singleText(items);
    return text === undefined ? EMPTY : [text.length];
  }),
  substring,
  iif: choose,
  toInteger: plain(toInteger),
  toString: plain(toText),
  toDate: plain(toDate),
  sum: plain(total),
  abs: plain((items) => {
    const value = singleDecimal(items);
    return value === undefined ? EMPTY : [Math.abs(value)];
  }),
  trace: (input) => input,
  resolve: resolved,
  today: () => () => [today()],
};

/**
 * The evaluation of a function.
 * @throws Unsupported when the function is not known here.
 */
export function compileFunction(name: string, input: Evaluate, inputs: readonly Evaluate[]): Evaluate {
  const make = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (make === undefined) throw new Unsupported();
  return make(input, inputs);
}
