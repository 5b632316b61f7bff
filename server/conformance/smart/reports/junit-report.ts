/**
 * The report for build servers: a test suite for each group. Advice that is not followed is written beside the test case.
 *
 * Spec: https://github.com/testmoapp/junitxml
 */
import { type CheckResult, isFailure } from '../run-checks.ts';
import { numbered, summaryOf } from './summary.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function junitReport(fhirBaseUrl: string, results: readonly CheckResult[]): string {
  const suites = [...Map.groupBy(results, ({ check }) => check.group)].map(
    ([group, members]) => `<testsuite name="${escaped(group)}" ${counts(members)}>\n${members.map(testCase).join('')}</testsuite>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(fhirBaseUrl)}" ${counts(results)}>\n${suites.join('')}</testsuites>\n`;
}

function counts(results: readonly CheckResult[]): string {
  const { checks, failed, notApplicable } = summaryOf(results);
  const seconds = results.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  return `tests="${checks}" failures="${failed}" skipped="${notApplicable}" time="${seconds.toFixed(3)}"`;
}

function testCase(result: CheckResult): string {
  const { check, outcome, reason = '', durationMs } = result;
  const name = [check.title, numbered(check.requirements)].filter(Boolean).join(' ');
  const head = `<testcase classname="${escaped(check.id)}" name="${escaped(name)}" time="${(durationMs / 1000).toFixed(3)}"`;
  if (outcome === 'pass') return `${head}/>\n`;
  if (outcome === 'not-applicable') return `${head}><skipped message="${escaped(reason)}"/></testcase>\n`;
  if (!isFailure(result)) return `${head}><system-out>${escaped(reason)}</system-out></testcase>\n`;
  return `${head}><failure message="${escaped(reason)}">${escaped(check.spec)}</failure></testcase>\n`;
}

/** The text inside XML; characters that XML cannot hold become U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r\x7f-\x9f]|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (mark) => ENTITIES[mark]!);
}
