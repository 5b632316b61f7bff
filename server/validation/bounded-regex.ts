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

const compiled = new Map<string, RegExp | undefined>();

/**
 * Whether the whole value matches; `too-costly` when that was not found out in 250 ms or the value has more than a
 * million characters; undefined when the pattern is not one.
 */
export function boundedMatch(pattern: string, value: string): boolean | 'too-costly' | undefined {
  if (!compiled.has(pattern)) {
    // Patterns of content must not fill the memory.
    if (compiled.size >= MAX_KEPT) compiled.clear();
    compiled.set(pattern, compile(pattern));
  }
  const regex = compiled.get(pattern);
  if (regex === undefined) return undefined;
  if (isQuick(pattern, value)) return regex.test(value);
  if (value.length > MAX_LENGTH) return 'too-costly';
  try {
    return withinMs(LIMIT_MS, () => regex.test(value));
  } catch (error) {
    if (error instanceof DeadlinePassed) return 'too-costly';
    throw error;
  }
}

/** True when trying the pattern on the value cannot take long: a short value, and few ways to try it. */
export function isQuick(pattern: string, value: string): boolean {
  return value.length <= QUICK_LENGTH && hasFewWays(pattern);
}

/**
 * True for a pattern with at most two choices (a repetition without fixed count, an option, an alternative), none of
 * which is repeated: no groups are, no lookaround, and nothing refers back.
 */
function hasFewWays(pattern: string): boolean {
  if (/\\[1-9kK]|\(\?(?!:)/.test(pattern)) return false;
  // A class or an escaped character is one character; a group of one character is the character.
  const shape = pattern.replace(/\\[pPux]\{[^}]*\}|\\.|\[(?:[^\]\\]|\\.)*\]/gs, 'x').replace(/\((?:\?:)?x\)/g, 'x');
  if (/\)(?:[*+]|\{)/.test(shape)) return false;
  const repeated = [...shape.matchAll(/\{(\d+)(,?)\d*\}/g)];
  const choices = shape.replace(/\(\?:/g, '(').match(/[*+?|]/g)?.length ?? 0;
  return choices + repeated.filter(([, , comma]) => comma !== '').length <= 2 && repeated.every(([, least]) => Number(least) <= 1000);
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    return undefined;
  }
}
