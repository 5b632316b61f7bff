/**
 * The `_filter` parameter: search as one logical expression.
 *
 * Spec: https://hl7.org/fhir/R4/search_filter.html
 */
import { FhirError } from '../fhir/errors.ts';
import { type ChainMemory, chainClause, remembered } from './chain.ts';
import type { SearchEnvironment } from './environment.ts';
import { comparison, OPERATORS, type Operator, wrongFilter } from './filter-comparison.ts';
import type { Clause } from './query.ts';
import { shown } from './values.ts';

const DEPTH_MAX = 32;
/** A value in place of a token: only white space and closing brackets end it. */
const VALUE = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s)\]"]+))/y;
const TOKEN = /\s*(?:([()[\].])|"((?:[^"\\]|\\.)*)"|([^\s()[\]."]+(?:\.[^\s()[\]"]+)*))/y;

interface Word {
  readonly text: string;
  readonly kind: 'sign' | 'quoted' | 'word';
}

/**
 * The clause of a filter on resources of `type`.
 * @throws FhirError 400 `value` when it is not a filter or a value in it is wrong, 400 `not-supported` for an operator that the parameter does not know.
 * @throws UnknownParameter when a parameter in it is not known.
 */
export function filterClause(env: SearchEnvironment, type: string, text: string): Clause {
  const parser = new FilterParser(env, words(text));
  const clause = parser.filter(type, 0);
  parser.end();
  return clause;
}

/** What one comparison of a filter says. */
interface Comparison {
  readonly path: string;
  readonly operator: Operator;
  readonly value: string;
}

/** The comparisons of a filter, wherever they stand in it; none of one that cannot be read. */
export function comparisonsIn(text: string): readonly Comparison[] {
  try {
    const read = words(text);
    return read.flatMap(({ kind, text: word }, at) => {
      const path = read[at - 1];
      const operator = OPERATORS.find((each) => each === word);
      const isOperator = kind === 'word' && path?.kind === 'word';
      return isOperator && operator !== undefined ? { path: path.text, operator, value: read[at + 1]?.text ?? '' } : [];
    });
  } catch (error) {
    if (error instanceof FhirError) return [];
    throw error;
  }
}

function words(text: string): readonly Word[] {
  const found: Word[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    VALUE.lastIndex = TOKEN.lastIndex;
    const value = isBeforeValue(found) ? VALUE.exec(source) : null;
    const match = value === null ? TOKEN.exec(source) : [value[0], undefined, value[1], value[2]];
    if (match === null) throw wrongFilter('cannot be read');
    if (value !== null) TOKEN.lastIndex = VALUE.lastIndex;
    const [, sign, quoted, word] = match;
    if (sign !== undefined) found.push({ kind: 'sign', text: sign });
    else if (quoted !== undefined) found.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') });
    else found.push({ kind: 'word', text: word as string });
  }
  return found;
}

/** True after a path and its operator. */
function isBeforeValue(found: readonly Word[]): boolean {
  const [path, operator] = [found.at(-2), found.at(-1)];
  const isPath = path?.kind === 'word' && !['and', 'or', 'not'].includes(path.text);
  return isPath && operator?.kind === 'word' && OPERATORS.some((each) => each === operator.text);
}

class FilterParser {
  readonly #env: SearchEnvironment;
  readonly #words: readonly Word[];
  /** What paths mean on a type, by their place in the words. */
  readonly #memory: ChainMemory = new Map();
  /** Where a filter within brackets that starts at a place ends. */
  readonly #ends = new Map<number, number>();
  #at = 0;

  constructor(env: SearchEnvironment, read: readonly Word[]) {
    this.#env = env;
    this.#words = read;
  }

  /** Read from left to right: neither `and` nor `or` binds tighter than the other. */
  filter(type: string, depth: number): Clause {
    if (depth > DEPTH_MAX) throw wrongFilter(`is nested more than ${DEPTH_MAX} deep`);
    let clause = this.#term(type, depth);
    for (;;) {
      if (this.#take('and')) clause = joined('and', clause, this.#term(type, depth));
      else if (this.#take('or')) clause = joined('or', clause, this.#term(type, depth));
      else return clause;
    }
  }

  end(): void {
    if (this.#at < this.#words.length) throw wrongFilter(`has more than was expected: ${shown(this.#words[this.#at]?.text ?? '')}`);
  }

  #term(type: string, depth: number): Clause {
    if (this.#peek()?.text === 'not' && this.#words[this.#at + 1]?.text === '(') {
      this.#at += 1;
      return { op: 'not', clause: this.#parenthesis(type, depth) };
    }
    return this.#peek()?.text === '(' ? this.#parenthesis(type, depth) : this.#comparison(type, depth);
  }

  #parenthesis(type: string, depth: number): Clause {
    this.#expect('(');
    const clause = this.filter(type, depth + 1);
    this.#expect(')');
    return clause;
  }

  /** `path op value`, where the path may chain (`subject.name`) and filter on the way (`name[filter].name`). */
  #comparison(type: string, depth: number): Clause {
    const path = this.#next('a parameter').text.split('.');
    if (this.#peek()?.text === '[') return this.#filteredStep(type, path, depth);
    const operator = this.#operator();
    const value = this.#next('a value').text;
    return this.#follow(type, path, this.#at, (found, code) => comparison(this.#env, found, code, operator, value));
  }

  #filteredStep(type: string, path: readonly string[], depth: number): Clause {
    const start = this.#at + 1;
    const clause = this.#follow(type, [...path, ''], start, (found) => {
      // Read once for each type that the reference may lead to: the meaning of the names differs, the words do not.
      this.#at = start;
      const filter = this.filter(found, depth + 1);
      this.#expect(']');
      const both: Clause = this.#take('.') ? { op: 'and', clauses: [filter, this.#comparison(found, depth + 1)] } : filter;
      this.#ends.set(start, this.#at);
      return both;
    });
    this.#at = this.#ends.get(start) ?? this.#at;
    return clause;
  }

  /** `place` in the words tells this path from others in the memory. */
  #follow(type: string, path: readonly string[], place: number, last: (type: string, code: string) => Clause): Clause {
    const [first = '', ...rest] = path;
    if (rest.length === 0) return last(type, first);
    if (rest.length > DEPTH_MAX) throw wrongFilter('has too long a path');
    const [code = '', target] = first.split(':');
    return chainClause(this.#env, type, { code, target }, (found) =>
      remembered(this.#memory, `${place} ${found} ${rest.join('.')}`, () => this.#follow(found, rest, place, last)),
    );
  }

  #operator(): Operator {
    const word = this.#next('an operator').text;
    const operator = OPERATORS.find((candidate) => candidate === word);
    if (operator === undefined) throw wrongFilter(`has no operator ${shown(word)}`);
    return operator;
  }

  #next(what: string): Word {
    const word = this.#words[this.#at];
    if (word === undefined || word.kind === 'sign') throw wrongFilter(`lacks ${what}`);
    this.#at += 1;
    return word;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw wrongFilter(`lacks ${sign}`);
  }

  #take(text: string): boolean {
    const word = this.#peek();
    if (word?.text !== text || word.kind === 'quoted') return false;
    this.#at += 1;
    return true;
  }

  #peek(): Word | undefined {
    return this.#words[this.#at];
  }
}

/** One clause of both; what is joined by the same word already stays one list. */
function joined(op: 'and' | 'or', before: Clause, next: Clause): Clause {
  return { op, clauses: before.op === op ? [...before.clauses, next] : [before, next] };
}
