/**
 * Matching by a regular expression that comes with the content, kept from running away: long values and patterns whose
 * repetitions nest are not tried.
 *
 * Spec: https://hl7.org/fhir/R4/extension-regex.html
 */
const MAX_LENGTH = 10_000;
/** A repeated group that holds a repetition or an alternative: the shape that can take exponential time. */
const NESTED = /\((?:[^()\\]|\\.)*(?:[*+|]|\{\d+,\d*\})(?:[^()\\]|\\.)*\)(?:[*+]|\{\d+,\d*\})/;

const compiled = new Map<string, RegExp | undefined>();

/** Whether the whole value matches; undefined when the pattern is not one, or is not safe to try on this value. */
export function boundedMatch(pattern: string, value: string): boolean | undefined {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  const regex = compiled.get(pattern);
  if (regex === undefined || value.length > MAX_LENGTH) return undefined;
  if (value.length > 100 && NESTED.test(pattern)) return undefined;
  return regex.test(value);
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    return undefined;
  }
}
