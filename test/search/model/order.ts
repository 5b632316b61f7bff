/**
 * The order that `_sort` asks for: by the smallest value going up, by the largest going down, what has none last.
 *
 * Spec: https://hl7.org/fhir/R4/search.html#sort
 */
import { amountOf, compare, type Fraction, measured, UNKNOWN } from './amount.ts';
import { type Parameter, parametersOf, type Stored } from './definitions.ts';
import { codesOf, digits, referenceText, textsIn, withoutCase } from './match.ts';
import { localReference } from './reference.ts';
import { plain } from './text.ts';
import { stretchOfValue } from './time.ts';
import { type Found, valuesOf } from './values.ts';

interface Text {
  readonly text: string;
}

type Key = string | number | Text | { readonly kind: string; readonly value: Fraction };

/** Two neighbours in the wrong order under `_sort`, or undefined. */
export function misplaced(resources: readonly Stored[], sort: string): readonly [Stored, Stored, string] | undefined {
  for (const [at, second] of resources.entries()) {
    const first = resources[at - 1];
    if (first === undefined) continue;
    for (const key of sort.split(',')) {
      const [code, down] = [key.replace(/^-/, ''), key.startsWith('-')];
      const order = compareBy(first, second, code, down);
      if (order === undefined || order < 0) break;
      if (order > 0) return [first, second, `${key} ${shown(keyOf(first, code, down))} ${shown(keyOf(second, code, down))}`];
    }
  }
  return undefined;
}

/** Below zero where the first comes first, above where it comes last, undefined where the specification leaves it open. */
function compareBy(first: Stored, second: Stored, code: string, down: boolean): number | undefined {
  const [a, b] = [keyOf(first, code, down), keyOf(second, code, down)];
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  const order = compareKeys(a, b);
  return order === undefined || !down ? order : -order;
}

const shown = (key: Key | undefined): string => JSON.stringify(key, (_, value) => (typeof value === 'bigint' ? String(value) : value));

const COLLATION = new Intl.Collator('nb');

function compareKeys(a: Key, b: Key): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a - b;
  if (typeof a === 'object' && 'text' in a) return typeof b === 'object' && 'text' in b ? compareTexts(a.text, b.text) : undefined;
  if (typeof a === 'object' && typeof b === 'object' && 'kind' in b)
    return a.kind === b.kind && a !== UNKNOWN && b !== UNKNOWN ? compare(a.value, b.value) : undefined;
  if (typeof a !== 'string' || typeof b !== 'string') return undefined;
  return a === b ? 0 : a < b ? -1 : 1;
}

/** By keyboard letters, where Norwegian order says the same. */
function compareTexts(first: string, second: string): number | undefined {
  const [a, b] = [plain(first), plain(second)];
  if (a === b) return first === second ? 0 : undefined;
  const [byLetter, byLanguage] = [a < b ? -1 : 1, Math.sign(COLLATION.compare(first.toLowerCase(), second.toLowerCase()))];
  return byLetter === byLanguage ? byLetter : undefined;
}

function keyOf(resource: Stored, code: string, down: boolean): Key | undefined {
  const parameter = parametersOf(resource.resourceType).get(code);
  if (parameter === undefined) return undefined;
  const keys = valuesOf(resource, parameter).flatMap((found) => keysOf(found, parameter, down));
  const best = keys.find((key) => keys.every((other) => key === other || isFirst(compareKeys(key, other), down)));
  return best ?? (keys.length === 0 ? undefined : UNKNOWN);
}

const isFirst = (order: number | undefined, down: boolean): boolean => order !== undefined && (down ? order >= 0 : order <= 0);

function keysOf(found: Found, parameter: Parameter, down: boolean): readonly Key[] {
  switch (parameter.type) {
    case 'date': {
      const stretch = stretchOfValue(found.type, found.value);
      return stretch === undefined ? [] : [down ? stretch.to : stretch.from];
    }
    case 'number':
    case 'quantity': {
      const amount = measured(found.type, found.value);
      return amount === undefined ? [] : [amountOf(amount, down)];
    }
    case 'string':
      return textsIn(found.value).map((text) => ({ text }));
    case 'token':
      return codesOf(found).flatMap(({ code }) =>
        code === undefined ? [] : [found.type === 'ContactPoint' ? digits(code) : withoutCase.has(found.type) ? code.toLowerCase() : code],
      );
    case 'reference': {
      if (found.type !== 'Reference') return [UNKNOWN];
      const text = referenceText(found);
      const local = text === undefined ? undefined : localReference(text);
      return [local?.id ?? text ?? ''];
    }
    default:
      return found.type === 'canonical' ? [UNKNOWN] : [String(found.value)];
  }
}
