/**
 * Validates a resource given as JSON text: what is not JSON is an issue, and every issue gets its line and column.
 *
 * Spec: https://hl7.org/fhir/R4/json.html · https://hl7.org/fhir/extensions/StructureDefinition-operationoutcome-issue-line.html
 */
import { parseJson } from '../fhir/json.ts';
import type { Issue } from '../fhir/outcome.ts';
import { JsonFault, type JsonMap, mapJson, positionAt } from './json-positions.ts';
import { ruleText } from './rules.ts';
import type { ValidateOptions, Validator } from './validator.ts';

const LINE = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line';
const COLUMN = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col';

/** The issues of a text, in document order; a text that is not JSON is one fatal issue. */
export function validateText(validator: Validator, text: string, options: ValidateOptions = {}): readonly Issue[] {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let map: JsonMap;
  try {
    map = mapJson(source);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return [located(fault('fatal', 'not-json', { why: error.message }), source, error.offset)];
  }
  const duplicates = map.duplicates.map((path) => {
    const name = path.slice(path.lastIndexOf('.') + 1);
    return located(fault('error', 'duplicate-property', { name }), source, map.starts.get(path) ?? 0);
  });
  const issues = validator.validate(parseJson(source), options).map((issue) => {
    const offset = offsetOf(issue, map);
    return offset === undefined ? issue : located(issue, source, offset);
  });
  return [...duplicates, ...issues];
}

function fault(severity: 'fatal' | 'error', rule: 'not-json' | 'duplicate-property', words: Record<string, string>): Issue {
  return { severity, code: 'invalid', diagnostics: ruleText(rule, words, 'en') };
}

function located(issue: Issue, text: string, offset: number): Issue {
  const { line, column } = positionAt(text, offset);
  return {
    ...issue,
    extension: [
      { url: LINE, valueInteger: line },
      { url: COLUMN, valueInteger: column },
    ],
  };
}

/** The offset of the nearest element on the path of an issue that stands in the text. */
function offsetOf(issue: Issue, map: JsonMap): number | undefined {
  const expression = issue.expression?.[0];
  if (expression === undefined) return undefined;
  const path = expression
    .split('.')
    .slice(1)
    .join('.')
    .replace(/\.ofType\((\w)(\w*)\)/g, (_whole, first: string, rest: string) => first.toUpperCase() + rest)
    .replace(/\[(\d+)\]/g, '.$1');
  const parts = path === '' ? [] : path.split('.');
  for (let length = parts.length; length >= 0; length--) {
    const offset = map.starts.get(parts.slice(0, length).join('.'));
    if (offset !== undefined) return offset;
  }
  return undefined;
}
