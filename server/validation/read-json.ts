/**
 * Reads JSON that came from elsewhere: bounded, and with nothing of it lost.
 *
 * Spec: https://hl7.org/fhir/R4/json.html
 */
import { malformed } from '../fhir/errors.ts';
import { ExactDecimal, parseJson } from '../fhir/json.ts';
import { checkJson, JsonFault, positionAt } from './json-positions.ts';
import { scanJson } from './scan-json.ts';

/** Deeper than any resource: nesting is bounded before anything walks through the value. */
const DEPTH_MAX = 200;

/** A text and its bytes in UTF-8. */
interface JsonBody {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** What a JSON text says. */
interface JsonRead {
  readonly value: unknown;
  /** True when the text is the one that `stringifyJson` makes of the value. */
  readonly isCompact: boolean;
}

/**
 * The value of a JSON text. Of a member that is given twice only the last would be left: it is refused, unless it
 * `isTold` by who reads the text again.
 * @throws FhirError 400 `structure` with line and column where the text stops being JSON, or when it is nested too deep or holds what is no character.
 */
export function readJson({ bytes, text }: JsonBody, isTold = false): JsonRead {
  const { isTooDeep, holdsNul, holdsHalfCharacter, mayLoseDecimals, members, isCompact } = scanJson(bytes, DEPTH_MAX);
  if (isTooDeep) throw malformed(`The JSON is nested deeper than ${DEPTH_MAX} levels`);
  // NUL is no character of a FHIR string, and databases refuse it.
  if (holdsNul) throw malformed('The JSON contains the character NUL');
  // It could not be told from others in an index or a page link: in UTF-8 there is no such thing.
  if (holdsHalfCharacter) throw malformed('The JSON contains half of a character: a surrogate without its partner');
  const value = parsed(text, mayLoseDecimals);
  const isRepeated = membersOf(value) < members;
  if (isRepeated && !isTold) throw malformed(`The JSON says something twice: ${repeatIn(text)}`);
  return { value, isCompact: isCompact && !isRepeated };
}

function parsed(text: string, mayLoseDecimals: boolean): unknown {
  try {
    return parseJson(text, mayLoseDecimals);
  } catch {
    throw malformed(`This is not JSON: ${faultIn(text)}`);
  }
}

/** The members of all objects in a value: fewer than the text has, when a name was repeated. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || value instanceof ExactDecimal) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const each of value) count += membersOf(each);
    return count;
  }
  for (const name in value) count += 1 + membersOf((value as Readonly<Record<string, unknown>>)[name]);
  return count;
}

/** What is repeated and where. */
function repeatIn(text: string): string {
  const [repeated] = checkJson(text);
  if (repeated === undefined) return 'a property';
  const { line, column } = positionAt(text, repeated.offset);
  return `the property ${repeated.name.slice(0, 64)} at line ${line}, column ${column}`;
}

/** What is wrong and where: found by a second, slower reading, because the engine does not always say. */
function faultIn(text: string): string {
  try {
    checkJson(text);
    return 'it cannot be read';
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    const { line, column } = positionAt(text, error.offset);
    return `${error.message} at line ${line}, column ${column}`;
  }
}
