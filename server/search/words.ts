/**
 * `_text` and `_content`: words sought in the narrative, or in all that a resource says.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#content (what counts as a match is left to the server)
 */
import { normalizeText } from '../fhir/string-normalize.ts';
import { badSearchValue, splitEscaped, unescapeValue } from './values.ts';

/** Whether the JSON text of a resource holds the words asked for. */
export type WordTest = (json: string) => boolean;

/** Whether prepared text (a space before each word) holds them. */
type Test = (prepared: string) => boolean;

const DEPTH_MAX = 16;
const TOKEN = /\s*(?:([()])|"([^"]*)"|([^\s()"]+))/y;
const TAG = /<[^>]*>/g;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos|nbsp));/gi;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

/**
 * The test that `name=value` asks for: words that must all be there, `or`, `not`, brackets, and phrases in quotes; a word
 * matches where a word begins with it, without regard to case or accents. Values with commas between are alternatives.
 * @throws FhirError 400 `value` when there is no word, or brackets do not match.
 */
export function wordTest(name: '_text' | '_content', value: string): WordTest {
  const tests = splitEscaped(value, ',').map((one) => new WordParser(name, unescapeValue(one)).whole());
  const textOf = name === '_text' ? narrativeOf : contentOf;
  return (json) => {
    const prepared = prepare(textOf(JSON.parse(json)));
    return tests.some((test) => test(prepared));
  };
}

/** Letters and digits, folded, with one space before each word. */
function prepare(text: string): string {
  return ` ${normalizeText(text).replace(/[^\p{L}\p{N}]+/gu, ' ')}`.replace(/ {2,}/g, ' ');
}

function narrativeOf(resource: { readonly text?: { readonly div?: unknown } }): string {
  const div = resource.text?.div;
  return typeof div === 'string' ? plain(div) : '';
}

function contentOf(resource: unknown): string {
  const found: string[] = [];
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'string') {
      if (name !== 'resourceType') found.push(name === 'div' ? plain(value) : value);
    } else if (Array.isArray(value)) for (const one of value) walk(one, name);
    else if (typeof value === 'object' && value !== null) for (const [key, one] of Object.entries(value)) walk(one, key);
  };
  walk(resource, '');
  return found.join('\n');
}

function plain(xhtml: string): string {
  return xhtml.replace(TAG, ' ').replace(ENTITY, (whole, decimal?: string, hex?: string, named?: string) => {
    if (named !== undefined) return NAMED[named.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : ' ';
  });
}

class WordParser {
  readonly #tokens: readonly { readonly text: string; readonly quoted: boolean }[];
  readonly #fail: (why: string) => Error;
  #at = 0;

  constructor(name: string, value: string) {
    this.#fail = (why) => badSearchValue(name, value, why);
    this.#tokens = [...this.#read(value)];
  }

  whole(): Test {
    const test = this.#or(0);
    if (this.#at < this.#tokens.length) throw this.#fail('has a bracket that was not opened');
    return test;
  }

  *#read(value: string): Iterable<{ readonly text: string; readonly quoted: boolean }> {
    const source = value.trimEnd();
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < source.length) {
      const match = TOKEN.exec(source);
      if (match === null) throw this.#fail('has a quote that is not closed');
      const [, bracket, quoted, word] = match;
      yield { text: bracket ?? quoted ?? (word as string), quoted: quoted !== undefined };
    }
  }

  #or(depth: number): Test {
    if (depth > DEPTH_MAX) throw this.#fail(`is nested more than ${DEPTH_MAX} deep`);
    const tests = [this.#and(depth)];
    while (this.#take('or')) tests.push(this.#and(depth));
    return tests.length === 1 ? (tests[0] as Test) : (text) => tests.some((test) => test(text));
  }

  /** Words beside each other must all be there, with or without `and` between them. */
  #and(depth: number): Test {
    const tests = [this.#term(depth)];
    for (;;) {
      const said = this.#take('and');
      const next = this.#tokens[this.#at];
      if (!said && (next === undefined || this.#is(')') || this.#is('or'))) break;
      tests.push(this.#term(depth));
    }
    return tests.length === 1 ? (tests[0] as Test) : (text) => tests.every((test) => test(text));
  }

  #term(depth: number): Test {
    if (this.#take('not')) {
      const test = this.#term(depth + 1);
      return (text) => !test(text);
    }
    if (this.#take('(')) {
      const test = this.#or(depth + 1);
      if (!this.#take(')')) throw this.#fail('has a bracket that is not closed');
      return test;
    }
    const token = this.#tokens[this.#at];
    if (token === undefined || (!token.quoted && /^(?:\)|or|and)$/i.test(token.text))) throw this.#fail('lacks a word');
    this.#at += 1;
    const words = prepare(token.text).trimEnd();
    if (words === '') throw this.#fail('has a part without letters or digits');
    return (text) => text.includes(words);
  }

  #is(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && !token.quoted && token.text.toLowerCase() === text;
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at += 1;
    return true;
  }
}
