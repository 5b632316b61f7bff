/**
 * The operators of quick FHIRPath, from the loosest to the tightest.
 *
 * Spec: https://hl7.org/fhirpath/#operations
 */
import {
  Bail,
  type Collection,
  type Decidable,
  type Decide,
  decidable,
  decimalOf,
  decisionOf,
  EMPTY,
  type Evaluate,
  isDated,
  isIn,
  memberIs,
  memberNamed,
  orderOf,
  reckonable,
  sameCollection,
  singleDecimal,
  wholeOf,
  YearSpan,
  yearsBefore,
} from './values.ts';

/** A parsed expression; a member keeps what it is a member of, for ofType(). */
export interface Parsed extends Decidable {
  readonly member?: { readonly of: Evaluate; readonly name: string };
  /** Set for what stands in the expression itself. */
  readonly constant?: Collection;
}

/** `$this`. */
export const itself: Evaluate = (self) => self;

type Binary = (left: Parsed, right: Parsed) => Parsed;

const both =
  (combine: (a: Collection, b: Collection) => Collection): Binary =>
  (left, right) => ({ evaluate: (self, context) => combine(left.evaluate(self, context), right.evaluate(self, context)) });

/** An operator whose result is a boolean. */
const deciding =
  (decide: (a: Collection, b: Collection) => boolean | undefined) =>
  ({ evaluate: left }: Decidable, { evaluate: right }: Decidable): Decidable & { readonly decide: Decide } =>
    decidable((self, context) => decide(left(self, context), right(self, context)));

const logic =
  (combine: (left: Decide, right: Decide) => Decide): Binary =>
  (left, right) =>
    decidable(combine(decisionOf(left), decisionOf(right)));

const compared = (test: (order: number) => boolean): Binary =>
  deciding((a, b) => {
    const order = orderOf(a, b);
    return order === undefined ? undefined : test(order);
  });

const arithmetic =
  (calculate: (a: number, b: number) => number, single = decimalOf): Binary =>
  (left, right) => {
    const [a, b] = [single(left), single(right)];
    return reckonable((self, context) => {
      const x = a(self, context);
      const y = b(self, context);
      return x === undefined || y === undefined ? undefined : calculate(x, y);
    });
  };

/** An operator that is arithmetic where both sides reckon numbers, and looks at what they are otherwise. */
const additive =
  (calculate: (a: number, b: number) => number, otherwise: (a: Collection, b: Collection) => Collection): Binary =>
  (left, right) =>
    (left.reckon === undefined || right.reckon === undefined ? both(otherwise) : arithmetic(calculate))(left, right);

const implies =
  (left: Decide, right: Decide): Decide =>
  (self, context) => {
    const a = left(self, context);
    if (a === false) return true;
    const then = right(self, context);
    if (then === true) return true;
    return a === true ? then : undefined;
  };

const or =
  (left: Decide, right: Decide): Decide =>
  (self, context) => {
    const a = left(self, context);
    if (a === true) return true;
    const b = right(self, context);
    if (b === true) return true;
    return a === undefined || b === undefined ? undefined : false;
  };

const and =
  (left: Decide, right: Decide): Decide =>
  (self, context) => {
    const a = left(self, context);
    if (a === false) return false;
    const b = right(self, context);
    if (b === false) return false;
    return a === undefined || b === undefined ? undefined : true;
  };

const xor =
  (left: Decide, right: Decide): Decide =>
  (self, context) => {
    const a = left(self, context);
    const b = right(self, context);
    return a === undefined || b === undefined ? undefined : a !== b;
  };

function equal(a: Collection, b: Collection): boolean | undefined {
  return a.length === 0 || b.length === 0 ? undefined : sameCollection(a, b);
}

function joined(a: Collection, b: Collection): Collection {
  const text = (of: Collection): string => {
    if (of.length === 0) return '';
    if (of.length > 1 || typeof of[0] !== 'string') throw new Bail();
    return of[0];
  };
  return [text(a) + text(b)];
}

function union(a: Collection, b: Collection): Collection {
  const found: unknown[] = [];
  for (const item of [...a, ...b]) if (!isIn(item, found)) found.push(item);
  return found;
}

/** An operation on what stands in the expression is calculated once. */
function folded(operation: Parsed, left: Parsed, right: Parsed): Parsed {
  const [a, b] = [left.constant, right.constant];
  // What may be dates is not compared here, nor fractions.
  const isPlain = (one: unknown): boolean => (typeof one === 'string' ? !isDated(one) : Number.isInteger(one));
  if (a === undefined || b === undefined || ![...a, ...b].every(isPlain)) return operation;
  const constant = union(a, b);
  return { evaluate: () => constant, constant };
}

/** Equality; that of a member and a text is by far the commonest. */
function equals(left: Parsed, right: Parsed): Parsed {
  const general = deciding(equal)(left, right);
  const text = right.constant?.length === 1 ? right.constant[0] : undefined;
  if (left.member?.of !== itself || typeof text !== 'string') return general;
  return decidable(memberIs(memberNamed(left.member.name), text, general.decide));
}

/** Operators from the loosest to the tightest. */
export const LEVELS: readonly Readonly<Record<string, Binary>>[] = [
  { implies: logic(implies) },
  { or: logic(or), xor: logic(xor) },
  { and: logic(and) },
  {
    in: deciding((a, b) => (a.length === 0 ? undefined : a.length > 1 ? bail() : isIn(a[0], b))),
    contains: deciding((a, b) => (b.length === 0 ? undefined : b.length > 1 ? bail() : isIn(b[0], a))),
  },
  {
    '=': equals,
    '!=': deciding((a, b) => {
      const same = equal(a, b);
      return same === undefined ? undefined : !same;
    }),
  },
  {
    '<': compared((order) => order < 0),
    '>': compared((order) => order > 0),
    '<=': compared((order) => order <= 0),
    '>=': compared((order) => order >= 0),
  },
  { '|': (left, right) => folded(both(union)(left, right), left, right) },
  {
    '+': additive((a, b) => a + b, sum),
    '-': additive((a, b) => a - b, difference),
    '&': both(joined),
  },
  { '*': arithmetic((a, b) => a * b), mod: arithmetic((a, b) => (b === 0 ? bail() : a % b), wholeOf) },
];

/** A difference: of whole numbers, or of a full date and years. */
function difference(a: Collection, b: Collection): Collection {
  if (b[0] instanceof YearSpan && b.length === 1) return a.length === 0 ? EMPTY : a.length > 1 ? bail() : [yearsBefore(a[0], b[0])];
  const [x, y] = [singleDecimal(a), singleDecimal(b)];
  return x === undefined || y === undefined ? EMPTY : [x - y];
}

function bail(): never {
  throw new Bail();
}

/** A sum: of numbers, or of two texts, one after the other. */
function sum(a: Collection, b: Collection): Collection {
  if (typeof a[0] === 'string' && typeof b[0] === 'string' && a.length === 1 && b.length === 1) return [a[0] + b[0]];
  const [x, y] = [singleDecimal(a), singleDecimal(b)];
  return x === undefined || y === undefined ? EMPTY : [x + y];
}
