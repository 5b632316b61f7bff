/**
 * Matching by a regular expression that comes with the content, kept from running away: one that may need more than a
 * few steps for each place in the value is tried under a time limit.
 *
 * Spec: https://hl7.org/fhir/R4/extension-regex.html
 */
import { DeadlinePassed, withinMs } from '../fhir/deadline.ts';

const LIMIT_MS = 250;
/** A longer value is not tried, whatever the pattern. */
const MAX_LENGTH = 1_000_000;
/** Two choices over so many characters, from each place: at most some ten million steps. */
const QUICK_LENGTH = 200;
const MAX_KEPT = 1000;

interface Pattern {
  readonly regex: RegExp;
  readonly fewWays: boolean;
}

const kept = new Map<string, Pattern | undefined>();

/**
 * Whether the whole value matches; `too-costly` when that was not found out in 250 ms or the value has more than a
 * million characters; undefined when the pattern is not one.
 */
export function boundedMatch(source: string, value: string): boolean | 'too-costly' | undefined {
  const pattern = readPattern(`^(?:${source})$`, 'u');
  if (pattern === undefined) return undefined;
  if (isQuick(pattern, value)) return pattern.regex.test(value);
  if (value.length > MAX_LENGTH) return 'too-costly';
  try {
    return withinMs(LIMIT_MS, () => pattern.regex.test(value));
  } catch (error) {
    if (error instanceof DeadlinePassed) return 'too-costly';
    throw error;
  }
}

/** The pattern, compiled once; undefined when it is none. */
export function readPattern(source: string, flags: string): Pattern | undefined {
  const key = `${flags} ${source}`;
  if (!kept.has(key)) {
    // Patterns of content must not fill the memory.
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, compile(source, flags));
  }
  return kept.get(key);
}

/** True when trying the pattern on the value cannot take long: a short value, and few ways to try it. */
export function isQuick(pattern: Pattern, value: string): boolean {
  return pattern.fewWays && value.length <= QUICK_LENGTH;
}

function compile(source: string, flags: string): Pattern | undefined {
  try {
    return { regex: new RegExp(source, flags), fewWays: hasFewWays(source) };
  } catch {
    return undefined;
  }
}

/**
 * True for a pattern with at most two choices (a repetition without fixed count, an option, an alternative), none of
 * which is repeated: no groups are, no lookaround, and nothing refers back.
 */
function hasFewWays(source: string): boolean {
  if (/\\[1-9kK]|\(\?(?!:)/.test(source)) return false;
  // A class or an escaped character is one character; a group of one character is the character.
  const shape = source.replace(/\\[pPux]\{[^}]*\}|\\.|\[(?:[^\]\\]|\\.)*\]/gs, 'x').replace(/\((?:\?:)?x\)/g, 'x');
  if (/\)(?:[*+]|\{)/.test(shape)) return false;
  const repeated = [...shape.matchAll(/\{(\d+)(,?)\d*\}/g)];
  const choices = shape.replace(/\(\?:/g, '(').match(/[*+?|]/g)?.length ?? 0;
  return choices + repeated.filter(([, , comma]) => comma !== '').length <= 2 && repeated.every(([, least]) => Number(least) <= 1000);
}
