/** The report for programs. */
import type { CheckResult } from '../run-checks.ts';
import { requirementsOf, summaryOf } from './summary.ts';

export function jsonReport(fhirBaseUrl: string, results: readonly CheckResult[]): string {
  const report = {
    suite: 'SMART App Launch 2.2',
    fhirBaseUrl,
    summary: summaryOf(results),
    requirements: Object.fromEntries(requirementsOf(results)),
    checks: results.map(({ check, outcome, reason, durationMs }) => {
      const { run: _run, ...told } = check;
      return { ...told, outcome, ...(reason === undefined ? {} : { reason }), durationMs: Math.round(durationMs) };
    }),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
