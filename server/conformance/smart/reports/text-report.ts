/** The report for people: by group, what failed with its reason and its section of the specification, and what could not be tried. */
import type { Language } from '../../../fhir/language.ts';
import { type CheckResult, isFailure } from '../run-checks.ts';
import { numbered, requirementsOf, summaryOf } from './summary.ts';
import { REPORT_WORDS, type ReportWords } from './words.ts';

export function textReport(fhirBaseUrl: string, results: readonly CheckResult[], language: Language): string {
  const words = REPORT_WORDS[language];
  const groups = Map.groupBy(results, ({ check }) => check.group);
  const lines = [`SMART App Launch 2.2 ${words.at} ${fhirBaseUrl}`, ''];
  for (const [group, members] of groups) lines.push(...groupLines(words.groups[group] ?? group, members, words));
  return `${[...lines, ...endLines(results, words)].join('\n')}\n`;
}

function groupLines(group: string, results: readonly CheckResult[], words: ReportWords): readonly string[] {
  const tried = results.filter(({ outcome }) => outcome !== 'not-applicable');
  const failed = tried.filter(({ outcome }) => outcome === 'fail');
  return [
    `${group}: ${tried.length === 0 ? words.notTried.toLowerCase() : words.passedOf(tried.length - failed.length, tried.length)}`,
    ...failed.flatMap((result) => [
      `  ${isFailure(result) ? words.failed : words.advice} ${result.check.id}: ${result.check.title} ${numbered(result.check.requirements)}`.trimEnd(),
      `       ${result.reason}`,
      `       ${result.check.spec}`,
    ]),
  ];
}

function endLines(results: readonly CheckResult[], words: ReportWords): readonly string[] {
  const untried = results.filter(({ outcome }) => outcome === 'not-applicable');
  const requirements = [...requirementsOf(results)];
  const states = (Object.keys(words.requirements) as (keyof ReportWords['requirements'])[]).flatMap((state) => {
    const numbers = numbered(requirements.filter(([, found]) => found === state).map(([number]) => number));
    return numbers === '' ? [] : [`${words.requirements[state]}: ${numbers}`];
  });
  return [
    ...(untried.length === 0 ? [] : ['', `${words.notTried}:`]),
    ...untried.map(({ check, reason }) => `  ${check.id}: ${reason}`),
    '',
    ...states,
    '',
    words.sum(summaryOf(results)),
  ];
}
