/**
 * The reports for programs: an array of `{file, outcome}`, or one such object on each line. A line of an NDJSON file has
 * `line` as well.
 *
 * Spec: https://hl7.org/fhir/R4/operationoutcome.html
 */
import { stringifyJson } from '../../../fhir/json.ts';
import type { Language } from '../../../fhir/language.ts';
import type { CheckedDocument } from '../document.ts';
import { outcomeOf, type Report } from './report.ts';

/** An array with an object for each document. */
export function jsonReport(language: Language): Report {
  let before = '[\n';
  return {
    begin: () => '',
    document(checked) {
      const text = before + row(checked, language);
      before = ',\n';
      return text;
    },
    end: () => (before === '[\n' ? '[]\n' : '\n]\n'),
  };
}

/** An object on a line for each document. */
export function ndjsonReport(language: Language): Report {
  return { begin: () => '', document: (checked) => `${row(checked, language)}\n`, end: () => '' };
}

function row(checked: CheckedDocument, language: Language): string {
  const { file, line } = checked;
  return stringifyJson({ file, ...(line === undefined ? {} : { line }), outcome: outcomeOf(checked, language) });
}
