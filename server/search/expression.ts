/**
 * Reads the part of FHIRPath that search parameters are written in: paths, `|`, `as`, `is`, `=`, `!=`, `and`, `or`,
 * indexers, `%resource`, and the functions where, exists, empty, not, as, ofType, extension and resolve.
 *
 * Spec: https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.expression · http://hl7.org/fhirpath/N1/
 */

export type Expression =
  | { readonly op: 'union'; readonly branches: readonly Expression[] }
  | { readonly op: 'path'; readonly head?: Expression; readonly steps: readonly Step[] }
  | { readonly op: 'binary'; readonly operator: 'and' | 'or' | '=' | '!='; readonly left: Expression; readonly right: Expression }
  | { readonly op: 'is'; readonly operand: Expression; readonly type: string }
  | { readonly op: 'literal'; readonly value: string | number | boolean };

export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'ofType'; readonly type: string }
  | { readonly kind: 'where'; readonly criteria: Expression }
  | { readonly kind: 'extension'; readonly url: string }
  | { readonly kind: 'exists' | 'empty' | 'not' | 'resolve' | 'root' };

/** Thrown for an expression outside the part that is read here. */
export class UnsupportedExpression extends Error {}

const TOKEN = /\s*(?:([A-Za-z_]\w*)|`([^`]+)`|'((?:[^'\\]|\\.)*)'|(\d+(?:\.\d+)?)|(!=|[.()[\]|=,]|%resource\b))/y;

interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'sign' | 'end';
  readonly text: string;
}

/**
 * The meaning of an expression.
 * @throws UnsupportedExpression when it is not wholly within the part that is read here.
 */
export function parseExpression(text: string): Expression {
  const parser = new ExpressionParser(tokenize(text));
  const expression = parser.or();
  parser.expect('end', '');
  return expression;
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (match === null) throw new UnsupportedExpression(text);
    const [, name, quoted, string, number, sign] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (quoted !== undefined) tokens.push({ kind: 'name', text: quoted });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replace(/\\(.)/g, '$1') });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else tokens.push({ kind: 'sign', text: sign as string });
  }
  return tokens;
}

class ExpressionParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  or(): Expression {
    let left = this.#and();
    while (this.#take('name', 'or')) left = { op: 'binary', operator: 'or', left, right: this.#and() };
    return left;
  }

  expect(kind: Token['kind'], text: string): void {
    if (!this.#take(kind, text)) throw new UnsupportedExpression(`expected ${text || kind}, found ${this.#peek().text}`);
  }

  #and(): Expression {
    let left = this.#equality();
    while (this.#take('name', 'and')) left = { op: 'binary', operator: 'and', left, right: this.#equality() };
    return left;
  }

  #equality(): Expression {
    const left = this.#union();
    for (const operator of ['=', '!='] as const) {
      if (this.#take('sign', operator)) return { op: 'binary', operator, left, right: this.#union() };
    }
    return left;
  }

  #union(): Expression {
    const branches = [this.#typed()];
    while (this.#take('sign', '|')) branches.push(this.#typed());
    return branches.length === 1 ? (branches[0] as Expression) : { op: 'union', branches };
  }

  #typed(): Expression {
    const operand = this.#path();
    if (this.#take('name', 'as')) return { op: 'path', head: operand, steps: [{ kind: 'ofType', type: this.#typeName() }] };
    return this.#take('name', 'is') ? { op: 'is', operand, type: this.#typeName() } : operand;
  }

  #path(): Expression {
    const first = this.#term();
    const steps: Step[] = [];
    for (;;) {
      if (this.#take('sign', '.')) steps.push(this.#member());
      else if (this.#take('sign', '[')) steps.push(this.#index());
      else break;
    }
    if (first.op === 'path' && first.head === undefined) return { op: 'path', steps: [...first.steps, ...steps] };
    return steps.length === 0 ? first : { op: 'path', head: first, steps };
  }

  #term(): Expression {
    const token = this.#peek();
    if (this.#take('sign', '(')) {
      const inner = this.or();
      this.expect('sign', ')');
      return inner;
    }
    if (this.#take('sign', '%resource')) return { op: 'path', steps: [{ kind: 'root' }] };
    if (token.kind === 'string' || token.kind === 'number') {
      this.#at += 1;
      return { op: 'literal', value: token.kind === 'string' ? token.text : Number(token.text) };
    }
    if (token.text === 'true' || token.text === 'false') {
      this.#at += 1;
      return { op: 'literal', value: token.text === 'true' };
    }
    return { op: 'path', steps: [this.#member()] };
  }

  #member(): Step {
    const name = this.#name();
    if (!this.#take('sign', '(')) return { kind: 'name', name };
    const step = this.#call(name);
    this.expect('sign', ')');
    return step;
  }

  #call(name: string): Step {
    switch (name) {
      case 'as':
      case 'ofType':
        return { kind: 'ofType', type: this.#typeName() };
      case 'where':
        return { kind: 'where', criteria: this.or() };
      case 'extension':
        return { kind: 'extension', url: this.#string() };
      case 'exists':
      case 'empty':
      case 'not':
      case 'resolve':
        return { kind: name };
      default:
        throw new UnsupportedExpression(`function ${name}`);
    }
  }

  #index(): Step {
    const token = this.#peek();
    if (token.kind !== 'number') throw new UnsupportedExpression(`index ${token.text}`);
    this.#at += 1;
    this.expect('sign', ']');
    return { kind: 'index', index: Number(token.text) };
  }

  /** `Patient`, `FHIR.Patient` or `System.String`. */
  #typeName(): string {
    const first = this.#name();
    if (first !== 'FHIR') return first;
    this.expect('sign', '.');
    return this.#name();
  }

  #name(): string {
    const token = this.#peek();
    if (token.kind !== 'name') throw new UnsupportedExpression(`expected a name, found ${token.text}`);
    this.#at += 1;
    return token.text;
  }

  #string(): string {
    const token = this.#peek();
    if (token.kind !== 'string') throw new UnsupportedExpression(`expected a string, found ${token.text}`);
    this.#at += 1;
    return token.text;
  }

  #take(kind: Token['kind'], text: string): boolean {
    const token = this.#peek();
    if (token.kind !== kind || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }
}
