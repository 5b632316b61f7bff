/**
 * Validates a resource given as JSON text: what is not JSON is an issue, and every issue gets its line and column.
 *
 * Spec: https://hl7.org/fhir/R4/json.html · https://hl7.org/fhir/extensions/StructureDefinition-operationoutcome-issue-line.html
 */
import { parseJson } from '../fhir/json.ts';
import type { Issue } from '../fhir/outcome.ts';
import { checkJson, JsonFault, positionAt, startsOf } from './json-positions.ts';
import { ruleText } from './rules/rules.ts';
import type { ValidateOptions, Validator } from './validator.ts';

const LINE = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line';
const COLUMN = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col';

/** The issues of a text, in document order; a text that is not JSON is one fatal issue. */
export function validateText(validator: Validator, text: string, options: ValidateOptions = {}): readonly Issue[] {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  let duplicates: readonly Issue[];
  try {
    duplicates = checkJson(source).map(({ name, offset }) => located(fault('error', 'duplicate-property', { name }), source, offset));
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return [located(fault('fatal', 'not-json', { why: error.message }), source, error.offset)];
  }
  const issues = validator.validate(parseJson(source), options);
  const paths = issues.map(pathsOf);
  const starts = startsOf(source, new Set(paths.flat()));
  const placed = issues.map((issue, index) => {
    const path = paths[index]!.find((one) => starts.has(one));
    return path === undefined ? issue : located(issue, source, starts.get(path)!);
  });
  return [...duplicates, ...placed];
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

/** The path of an issue in the JSON text, then those of what is around it. */
function pathsOf(issue: Issue): string[] {
  const expression = issue.expression?.[0];
  if (expression === undefined) return [];
  const path = expression
    .split('.')
    .slice(1)
    .join('.')
    .replace(/\.ofType\((\w)(\w*)\)/g, (_whole, first: string, rest: string) => first.toUpperCase() + rest)
    .replace(/\[(\d+)\]/g, '.$1');
  const parts = path === '' ? [] : path.split('.');
  return [...parts.keys(), parts.length].reverse().map((length) => parts.slice(0, length).join('.'));
}
