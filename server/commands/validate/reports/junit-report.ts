/**
 * The report for build servers: a test case for each document, failed when it is invalid.
 *
 * Spec: https://github.com/testmoapp/junitxml
 */
import type { Language } from '../../../fhir/language.ts';
import { type CheckedDocument, isValid, nameOf } from '../document.ts';
import { SEVERITY_WORDS } from '../words.ts';
import { escapeMarkup } from './escape-markup.ts';
import { type Report, readable } from './report.ts';
import { verdict } from './text-report.ts';

/** The JUnit report in a language. Its counts stand at the beginning, so that it is written at the end. */
export function junitReport(language: Language): Report {
  const cases: string[] = [];
  return {
    begin: () => '',
    document(checked) {
      cases.push(testCase(checked, language));
      return '';
    },
    end({ documents, invalid, unread }) {
      const counts = `tests="${documents}" failures="${invalid - unread}" errors="${unread}"`;
      return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n<testsuite name="fellesplan validate" ${counts}>\n${cases.join('')}</testsuite>\n</testsuites>\n`;
    },
  };
}

function testCase(checked: CheckedDocument, language: Language): string {
  const lines = checked.issues.map((issue) => {
    const { position, severity, expression, text, rule } = readable(issue);
    return `${position} ${SEVERITY_WORDS[severity][language]} ${expression}: ${text} [${rule}]`.trim();
  });
  const all = escapeMarkup(lines.join('\n'));
  const head = `<testcase classname="fellesplan.validate" name="${escapeMarkup(nameOf(checked))}" file="${escapeMarkup(checked.file)}"`;
  if (lines.length === 0) return `${head}/>\n`;
  if (isValid(checked)) return `${head}><system-out>${all}</system-out></testcase>\n`;
  const kind = checked.isRead ? 'failure' : 'error';
  return `${head}><${kind} message="${escapeMarkup(verdict(checked, language))}">${all}</${kind}></testcase>\n`;
}
