/**
 * The report for a terminal: a line for each document, and under it a line for each issue with its line and column.
 */
import type { Language } from '../../../fhir/language.ts';
import { type CheckedDocument, nameOf } from '../document.ts';
import { countOf, SEVERITY_WORDS, summaryLine, WORDS } from '../words.ts';
import { type Report, readable } from './report.ts';

/** The text report in a language. */
export function textReport(language: Language): Report {
  return {
    begin: () => '',
    document: (checked) =>
      `${oneLine(nameOf(checked))}: ${verdict(checked, language)}\n${checked.issues.map((issue) => issueLine(issue, language)).join('')}`,
    end: (summary) => `${summaryLine(summary, language)}\n`,
  };
}

/** `valid`, or how many issues there are. */
export function verdict({ issues }: CheckedDocument, language: Language): string {
  const count = (...severities: readonly string[]): number => issues.filter(({ severity }) => severities.includes(severity)).length;
  const [errors, warnings, notes] = [count('fatal', 'error'), count('warning'), count('information')];
  const parts = [
    ...(errors > 0 ? [countOf(errors, 'error', language)] : [WORDS.valid[language]]),
    ...(warnings > 0 ? [countOf(warnings, 'warning', language)] : []),
    ...(notes > 0 ? [countOf(notes, 'note', language)] : []),
  ];
  return parts.join(', ');
}

function issueLine(issue: CheckedDocument['issues'][number], language: Language): string {
  const { severity, position, expression, text, rule } = readable(issue);
  const place = [position, SEVERITY_WORDS[severity][language], expression].filter((part) => part !== '').join(' ');
  return `  ${place}: ${oneLine(text)} [${rule}]\n`;
}

/** Without line ends and control characters: neither what stands in a file nor its name must write to the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
