/** The report for people: by group, what failed with its reason and its section of the specification, and what could not be tried. */
import { type CheckResult, isFailure } from '../run-checks.ts';
import { numbered, requirementsOf, summaryOf } from './summary.ts';

export function textReport(fhirBaseUrl: string, results: readonly CheckResult[]): string {
  const groups = Map.groupBy(results, ({ check }) => check.group);
  const lines = [`SMART App Launch 2.2 at ${fhirBaseUrl}`, ''];
  for (const [group, members] of groups) lines.push(...groupLines(group, members));
  return `${[...lines, ...endLines(results)].join('\n')}\n`;
}

function groupLines(group: string, results: readonly CheckResult[]): readonly string[] {
  const passed = results.filter(({ outcome }) => outcome === 'pass').length;
  const tried = results.filter(({ outcome }) => outcome !== 'not-applicable').length;
  const failed = results.filter(({ outcome }) => outcome === 'fail');
  return [
    `${group}: ${passed} of ${tried} passed`,
    ...failed.flatMap((result) => [
      `  ${isFailure(result) ? 'FAIL' : 'advice'} ${result.check.id}: ${result.check.title} ${numbered(result.check.requirements)}`.trimEnd(),
      `       ${result.reason}`,
      `       ${result.check.spec}`,
    ]),
  ];
}

function endLines(results: readonly CheckResult[]): readonly string[] {
  const { checks, passed, failed, advised, notApplicable } = summaryOf(results);
  const untried = results.filter(({ outcome }) => outcome === 'not-applicable');
  const requirements = requirementsOf(results);
  const inState = (state: string) => numbered([...requirements].filter(([, found]) => found === state).map(([number]) => number));
  const state = (name: string) => (inState(name) === '' ? [] : [`Requirements ${name}: ${inState(name)}`]);
  return [
    ...(untried.length === 0 ? [] : ['', 'Not tried:']),
    ...untried.map(({ check, reason }) => `  ${check.id}: ${reason}`),
    '',
    ...['met', 'not met', 'advice not followed', 'not tried'].flatMap(state),
    '',
    `${checks} checks: ${passed} passed, ${failed} failed, ${advised} pieces of advice not followed, ${notApplicable} not tried`,
  ];
}
