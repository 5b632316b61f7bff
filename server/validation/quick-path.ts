/**
 * A fast compiler for the part of FHIRPath that invariants use most: paths, where, exists, logic, equality, membership,
 * text functions and whole-number arithmetic. What it does not know for certain (dates of differing precision,
 * quantities, type tests on values) is given back to fhirpath.js; a test proves both say the same.
 *
 * Spec: https://hl7.org/fhirpath/
 */
import { compileFunction } from './quick-path-functions.ts';
import { type Token, tokenize } from './quick-path-tokens.ts';
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
  FALSE,
  isDated,
  isIn,
  memberIs,
  memberNamed,
  members,
  orderOf,
  reckonable,
  sameCollection,
  singleDecimal,
  TRUE,
  Unsupported,
  wholeOf,
  YearSpan,
  yearsBefore,
} from './quick-path-values.ts';

/** What an invariant is evaluated in. */
export interface QuickContext {
  readonly resource: unknown;
  readonly rootResource: unknown;
  readonly resolve: (reference: string) => unknown;
}

export interface QuickExpression {
  readonly evaluate: (focus: unknown, context: QuickContext) => Collection;
  /** True when the expression yields one value that is not false, as an invariant must. */
  readonly holds: (focus: unknown, context: QuickContext) => boolean;
}

/** A compiled expression, or undefined when the expression uses what is not known here. Running it may throw `Bail`: then fhirpath.js decides. */
export function compileQuickPath(expression: string): QuickExpression | undefined {
  try {
    const { evaluate, decide } = new Parser(tokenize(expression)).all();
    return {
      evaluate: (focus, context) => evaluate([focus], context),
      holds:
        decide === undefined
          ? (focus, context) => isTrue(evaluate([focus], context))
          : (focus, context) => decide([focus], context) === true,
    };
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

/** A parsed expression; a member keeps what it is a member of, for ofType(). */
interface Parsed extends Decidable {
  readonly member?: { readonly of: Evaluate; readonly name: string };
  /** Set for what stands in the expression itself. */
  readonly constant?: Collection;
}

/** `$this`. */
const itself: Evaluate = (self) => self;

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
const LEVELS: readonly Readonly<Record<string, Binary>>[] = [
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

/** Empty counts as false for a constraint, as HL7's validator has it: a constraint holds when it yields true. */
export function isTrue(result: readonly unknown[]): boolean {
  return result.length === 1 && result[0] !== false;
}

function isUnit(token: Token | undefined): boolean {
  return token?.kind === 'name' && (token.text === 'year' || token.text === 'years');
}

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

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  all(): Parsed {
    const parsed = this.expression(0);
    if (this.#at < this.#tokens.length) throw new Unsupported();
    return parsed;
  }

  expression(level: number): Parsed {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.expression(level + 1);
    for (;;) {
      const token = this.#tokens[this.#at];
      const combine =
        token !== undefined && token.kind !== 'string' && token.kind !== 'quoted' && Object.hasOwn(operators, token.text)
          ? operators[token.text]
          : undefined;
      if (combine === undefined) return left;
      this.#at++;
      const right = this.expression(level + 1);
      left = combine(left, right);
    }
  }

  #unary(): Parsed {
    if (!this.#take('-')) return this.#chain();
    const inner = wholeOf(this.#chain());
    return reckonable((self, context) => {
      const value = inner(self, context);
      return value === undefined ? undefined : -value;
    });
  }

  #chain(): Parsed {
    let left = this.#term();
    for (;;) {
      if (this.#take('.')) left = this.#invocation(left);
      else if (this.#take('[')) {
        const { evaluate } = left;
        const index = Number(this.#next().text);
        if (!Number.isInteger(index)) throw new Unsupported();
        this.#expect(']');
        left = { evaluate: (self, context) => evaluate(self, context).slice(index, index + 1) };
      } else return left;
    }
  }

  #term(): Parsed {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Unsupported();
    if (this.#take('(')) {
      const { member: _member, ...inner } = this.expression(0);
      this.#expect(')');
      return inner;
    }
    if (this.#take('{')) {
      this.#expect('}');
      return { evaluate: () => EMPTY };
    }
    if (token.kind === 'number' && isUnit(this.#tokens[this.#at + 1])) return this.#span(Number(token.text));
    if (token.kind === 'string' || token.kind === 'number')
      return token.kind === 'string' ? this.#constant([token.text]) : this.#number(Number(token.text));
    if (token.text === 'true' || token.text === 'false') return this.#constant(token.text === 'true' ? TRUE : FALSE);
    if (token.kind === 'variable') return this.#variable();
    if (token.text === '$this') {
      this.#at++;
      return { evaluate: itself };
    }
    if (token.kind !== 'name' && token.kind !== 'quoted') throw new Unsupported();
    return this.#invocation({ evaluate: itself }, true);
  }

  #constant(constant: Collection): Parsed {
    this.#at++;
    return { evaluate: () => constant, constant };
  }

  #number(value: number): Parsed {
    return { ...this.#constant([value]), reckon: () => value };
  }

  /** `18 years`: a span of whole calendar years. */
  #span(years: number): Parsed {
    this.#at += 2;
    return { evaluate: () => [new YearSpan(years)] };
  }

  #variable(): Parsed {
    const name = this.#next().text;
    if (name === '%resource') return { evaluate: (_self, context) => [context.resource] };
    if (name === '%rootResource') return { evaluate: (_self, context) => [context.rootResource] };
    if (name === '%ucum') return { evaluate: () => ['http://unitsofmeasure.org'] };
    throw new Unsupported();
  }

  #invocation(left: Parsed, first = false): Parsed {
    const token = this.#next();
    if (token.kind !== 'name' && token.kind !== 'quoted') throw new Unsupported();
    if (token.kind === 'name' && this.#take('(')) return this.#call(left, token.text);
    const name = token.text;
    if (first && /^[A-Z]/.test(name)) throw new Unsupported();
    const of = left.evaluate;
    const member = memberNamed(name);
    return { evaluate: (self, context) => members(of(self, context), member), member: { of, name } };
  }

  #call(left: Parsed, name: string): Parsed {
    const inputs: Parsed[] = [];
    if (name === 'ofType' || name === 'as') return this.#typed(left);
    if (!this.#take(')')) {
      do inputs.push(this.expression(0));
      while (this.#take(','));
      this.#expect(')');
    }
    return compileFunction(name, left, inputs);
  }

  /** `value.ofType(Quantity)` reads valueQuantity; `resolve().ofType(Patient)` looks at the resource. */
  #typed(left: Parsed): Parsed {
    const type = this.#next().text;
    this.#expect(')');
    if (left.member !== undefined) {
      const { of, name } = left.member;
      const member = memberNamed(name + type.charAt(0).toUpperCase() + type.slice(1));
      return { evaluate: (self, context) => members(of(self, context), member) };
    }
    if (!/^[A-Z]/.test(type)) throw new Unsupported();
    return {
      evaluate: (self, context) =>
        left.evaluate(self, context).filter((item) => {
          const resourceType = (item as { resourceType?: unknown } | null)?.resourceType;
          if (resourceType === undefined) throw new Bail();
          return resourceType === type;
        }),
    };
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Unsupported();
    return token;
  }

  #take(mark: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'mark' || token.text !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw new Unsupported();
  }
}
