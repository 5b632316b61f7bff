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
/** The length up to which a value is short. */
const QUICK_LENGTH = 200;
const MAX_KEPT = 1000;
/** Of all patterns that are kept, together: one may be as long as a request. */
const MAX_CHARACTERS_KEPT = 200_000;

interface Pattern {
  readonly regex: RegExp;
  readonly fewWays: boolean;
}

/** By flags, then by source: a source is long, and one text for both would be made anew each time. */
const kept = new Map<string, Map<string, Pattern | undefined>>();
let charactersKept = 0;

/**
 * Whether the whole value matches; `too-costly` when that was not found out in 250 ms, the value has more than a
 * million characters, or the pattern is too large to be tried; undefined when the pattern is not one.
 */
export function boundedMatch(source: string, value: string): boolean | 'too-costly' | undefined {
  const pattern = readPattern(`^(?:${source})$`, 'u');
  if (pattern === undefined) return undefined;
  if (value.length > MAX_LENGTH) return 'too-costly';
  try {
    if (isQuick(pattern, value)) return pattern.regex.test(value);
    return withinMs(LIMIT_MS, () => pattern.regex.test(value));
  } catch (error) {
    // V8 compiles a pattern when it is first tried, and one that it could read may be too large for it.
    if (error instanceof DeadlinePassed || error instanceof SyntaxError) return 'too-costly';
    throw error;
  }
}

/** The pattern, compiled once; undefined when it is none. */
export function readPattern(source: string, flags: string): Pattern | undefined {
  let patterns = kept.get(flags);
  if (patterns === undefined) {
    patterns = new Map();
    kept.set(flags, patterns);
  }
  const ready = patterns.get(source);
  if (ready !== undefined || patterns.has(source)) return ready;
  // Patterns of content must not fill the memory.
  if (patterns.size >= MAX_KEPT || charactersKept + source.length > MAX_CHARACTERS_KEPT) forget();
  charactersKept += source.length;
  const made = compile(source, flags);
  patterns.set(source, made);
  return made;
}

function forget(): void {
  for (const patterns of kept.values()) patterns.clear();
  charactersKept = 0;
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
 * True when there are few ways to try a pattern from each place of a short value: no group is repeated, nothing looks
 * around or back, and the ways of its parts, one after the other, come to at most some ten million steps.
 */
function hasFewWays(source: string): boolean {
  if (/\\[1-9kK]|\(\?(?!:)/.test(source)) return false;
  // A class or an escaped character is one character; a group of one character is the character.
  const shape = source
    .replace(/\\[pPux]\{[^}]*\}|\\.|\[(?:[^\]\\]|\\.)*\]/gs, 'x')
    .replace(/\(\?:/g, '(')
    .replace(/\(x\)/g, 'x');
  return waysOf(shape) * QUICK_LENGTH <= MAX_STEPS;
}

const MAX_STEPS = 10_000_000;
const MAX_COUNT = 1000;
const MAX_SHAPE = 20_000;
const PART = /\(|\)|\||(?:[*+]|\{(\d+)(?:(,)(\d*))?\})\??|\?\??|[\s\S]/g;

/** How many ways there are to go through a pattern: the product along it, the sum over alternatives. */
function waysOf(shape: string): number {
  if (shape.length > MAX_SHAPE) return Number.POSITIVE_INFINITY;
  // For each open group: the ways of the alternatives before, of this alternative, and of its last part.
  const groups = [{ before: 0, along: 1, last: 1, isGroup: false }];
  for (const [part, least, comma, most] of shape.matchAll(PART)) {
    const group = groups[groups.length - 1]!;
    if (part === '(') groups.push({ before: 0, along: 1, last: 1, isGroup: false });
    else if (part === ')') {
      groups.pop();
      const outer = groups[groups.length - 1];
      if (outer === undefined) return Number.POSITIVE_INFINITY;
      Object.assign(outer, { along: outer.along * outer.last, last: group.before + group.along * group.last, isGroup: true });
    } else if (part === '|') Object.assign(group, { before: group.before + group.along * group.last, along: 1, last: 1, isGroup: false });
    else if (part === '?' || part === '??') group.last += 1;
    else if (part.startsWith('*') || part.startsWith('+') || least !== undefined) {
      const [low, high] = [
        Number(least ?? 0),
        most === undefined
          ? least === undefined || comma !== undefined
            ? QUICK_LENGTH
            : Number(least)
          : most === ''
            ? QUICK_LENGTH
            : Number(most),
      ];
      if (group.isGroup || low > MAX_COUNT) return Number.POSITIVE_INFINITY;
      group.last = Math.max(1, Math.min(high, QUICK_LENGTH) - low + 1);
    } else Object.assign(group, { along: group.along * group.last, last: 1, isGroup: false });
  }
  const [whole] = groups;
  return groups.length === 1 ? whole!.before + whole!.along * whole!.last : Number.POSITIVE_INFINITY;
}
