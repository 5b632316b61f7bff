/**
 * The functions of quick FHIRPath.
 *
 * Spec: https://hl7.org/fhirpath/#functions
 */
import { isQuick, readPattern } from '../bounded-regex.ts';
import {
  asBoolean,
  Bail,
  type Collection,
  type Decidable,
  decidable,
  decisionOf,
  EMPTY,
  type Evaluate,
  isIn,
  isValue,
  reckonable,
  singleDecimal,
  singleText,
  Unsupported,
  wholeOf,
} from './values.ts';

/** Makes a function of its input and of what stands in its parentheses. */
type Maker = (input: Decidable, inputs: readonly Decidable[]) => Decidable;

/** A function of its input alone. */
const plain =
  (calculate: (items: Collection) => Collection): Maker =>
  ({ evaluate }, inputs) => {
    if (inputs.length > 0) throw new Unsupported();
    return { evaluate: (self, context) => calculate(evaluate(self, context)) };
  };

/** A function of its input alone that tells a boolean. */
const telling =
  (tell: (items: Collection) => boolean | undefined): Maker =>
  ({ evaluate }, inputs) => {
    if (inputs.length > 0) throw new Unsupported();
    return decidable((self, context) => tell(evaluate(self, context)));
  };

/** A function of its input alone that reckons a number. */
const reckoning =
  (reckon: (items: Collection) => number | undefined): Maker =>
  ({ evaluate }, inputs) => {
    if (inputs.length > 0) throw new Unsupported();
    return reckonable((self, context) => reckon(evaluate(self, context)));
  };

/** A function of a text and one other text. */
const textual =
  (calculate: (text: string, other: string) => boolean): Maker =>
  (input, [other]) => {
    if (other === undefined) throw new Unsupported();
    return decidable((self, context) => {
      const text = singleText(input.evaluate(self, context));
      const wanted = singleText(other.evaluate(self, context));
      return text === undefined || wanted === undefined ? undefined : calculate(text, wanted);
    });
  };

const filtered: Maker = ({ evaluate }, [criterion]) => {
  if (criterion === undefined) throw new Unsupported();
  const decide = decisionOf(criterion);
  return {
    evaluate: (self, context) => {
      const items = evaluate(self, context);
      let found: unknown[] | undefined;
      for (const item of items) {
        if (decide([item], context) !== true) continue;
        if (found === undefined) found = [item];
        else found.push(item);
      }
      return found ?? EMPTY;
    },
  };
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
  const startOf = wholeOf(start);
  const lengthOf = length === undefined ? undefined : wholeOf(length);
  const evaluate: Evaluate = (self, context) => {
    const text = singleText(input.evaluate(self, context));
    const from = startOf(self, context);
    if (text === undefined || from === undefined || from < 0 || from >= text.length) return EMPTY;
    const count = lengthOf?.(self, context);
    return [count === undefined ? text.slice(from) : text.slice(from, from + Math.max(0, count))];
  };
  return { evaluate };
};

const choose: Maker = (input, [condition, then, otherwise]) => {
  if (condition === undefined || then === undefined) throw new Unsupported();
  const decide = decisionOf(condition);
  const evaluate: Evaluate = (self, context) => {
    const items = input.evaluate(self, context);
    if (decide(items, context) === true) return then.evaluate(items, context);
    return otherwise === undefined ? EMPTY : otherwise.evaluate(items, context);
  };
  return { evaluate };
};

/** A text that is a full date as a date. */
function toDate(items: Collection): Collection {
  const text = singleText(items);
  if (text === undefined) return EMPTY;
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/.test(text)) throw new Bail();
  return [text];
}

function toInteger(items: Collection): number | undefined {
  if (items.length === 0) return undefined;
  const [item] = items;
  if (items.length > 1) throw new Bail();
  if (typeof item === 'string') return /^[+-]?\d{1,15}$/.test(item) ? Number(item) : undefined;
  if (typeof item === 'number' && Number.isInteger(item)) return item;
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

function total(items: Collection): number {
  let sum = 0;
  for (const item of items) {
    if (typeof item !== 'number' || !Number.isSafeInteger(item)) throw new Bail();
    sum += item;
  }
  return sum;
}

const resolved: Maker = (input) => ({
  evaluate: (self, context) =>
    input.evaluate(self, context).flatMap((item) => {
      const reference = typeof item === 'string' ? item : (item as { reference?: unknown } | null)?.reference;
      const found = typeof reference === 'string' ? context.resolve(reference) : undefined;
      return found === undefined ? [] : [found];
    }),
});

const exists: Maker = (input, inputs) => {
  const { evaluate } = inputs.length === 0 ? input : filtered(input, inputs);
  return decidable((self, context) => evaluate(self, context).length > 0);
};

const every: Maker = ({ evaluate }, [criterion]) => {
  if (criterion === undefined) throw new Unsupported();
  const decide = decisionOf(criterion);
  return decidable((self, context) => evaluate(self, context).every((item) => decide([item], context) === true));
};

const projected: Maker = ({ evaluate }, [projection]) => {
  if (projection === undefined) throw new Unsupported();
  return { evaluate: (self, context) => evaluate(self, context).flatMap((item) => [...projection.evaluate([item], context)]) };
};

/** The local date, as fhirpath.js has it. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, '0'), String(now.getDate()).padStart(2, '0')].join('-');
}

const FUNCTIONS: Readonly<Record<string, Maker>> = {
  exists,
  empty: telling((items) => items.length === 0),
  not: telling((items) => {
    const value = asBoolean(items);
    return value === undefined ? undefined : !value;
  }),
  count: reckoning((items) => items.length),
  where: filtered,
  all: every,
  select: projected,
  first: plain((items) => items.slice(0, 1)),
  last: plain((items) => items.slice(-1)),
  tail: plain((items) => items.slice(1)),
  hasValue: telling((items) => items.length === 1 && isValue(items[0])),
  isDistinct: telling(isDistinct),
  distinct: plain((items) => items.filter((item, index) => !isIn(item, items.slice(0, index)))),
  startsWith: textual((text, other) => text.startsWith(other)),
  endsWith: textual((text, other) => text.endsWith(other)),
  contains: textual((text, other) => text.includes(other)),
  matches: textual(matches),
  length: reckoning((items) => singleText(items)?.length),
  substring,
  iif: choose,
  toInteger: reckoning(toInteger),
  toString: plain(toText),
  toDate: plain(toDate),
  sum: reckoning(total),
  abs: reckoning((items) => {
    const value = singleDecimal(items);
    return value === undefined ? undefined : Math.abs(value);
  }),
  trace: (input) => input,
  resolve: resolved,
  today: () => ({ evaluate: () => [today()] }),
};

/**
 * The evaluation of a function.
 * @throws Unsupported when the function is not known here.
 */
export function compileFunction(name: string, input: Decidable, inputs: readonly Decidable[]): Decidable {
  const make = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (make === undefined) throw new Unsupported();
  return make(input, inputs);
}
