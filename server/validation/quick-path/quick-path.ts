/**
 * A fast compiler for the part of FHIRPath that invariants use most: paths, where, exists, logic, equality, membership,
 * text functions and whole-number arithmetic. What it does not know for certain (dates of differing precision,
 * quantities, type tests on values) is given back to fhirpath.js; a test proves both say the same.
 *
 * Spec: https://hl7.org/fhirpath/
 */
import { compileFunction } from './functions.ts';
import { itself, LEVELS, type Parsed } from './operators.ts';
import { type Token, tokenize } from './tokens.ts';
import { Bail, type Collection, EMPTY, FALSE, memberNamed, members, reckonable, TRUE, Unsupported, wholeOf, YearSpan } from './values.ts';

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

/** Empty counts as false for a constraint, as HL7's validator has it: a constraint holds when it yields true. */
export function isTrue(result: readonly unknown[]): boolean {
  return result.length === 1 && result[0] !== false;
}

function isUnit(token: Token | undefined): boolean {
  return token?.kind === 'name' && (token.text === 'year' || token.text === 'years');
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
