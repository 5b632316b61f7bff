/** Carries out `fellesplan conformance smart`: progress on standard error, the report on standard output. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig } from '../../config.ts';
import { SMART_CHECKS } from '../../conformance/smart/all-checks.ts';
import { requester } from '../../conformance/smart/http.ts';
import { jsonReport } from '../../conformance/smart/reports/json-report.ts';
import { junitReport } from '../../conformance/smart/reports/junit-report.ts';
import { numbered } from '../../conformance/smart/reports/summary.ts';
import { textReport } from '../../conformance/smart/reports/text-report.ts';
import { isFailure, runSmartChecks } from '../../conformance/smart/run-checks.ts';
import { readSuiteConfig } from '../../conformance/smart/suite-config.ts';
import type { SmartOptions } from './conformance-command.ts';

const EXIT = { met: 0, notMet: 1 } as const;
/** Longer than an hour no access token should live. */
const EXPIRY_SECONDS = 3601;
const REPORTS = { text: textReport, json: jsonReport, junit: junitReport };
const SAMPLE = new URL('../../conformance/smart/sample-config.json', import.meta.url);

/**
 * Runs the suite and reports. The exit code: 0 every SHALL that was tried is met, 1 one is not.
 * @throws Error when the configuration cannot be used, the base is no URL or does not answer, or `only` names no check.
 */
export async function runConformance(options: SmartOptions): Promise<number> {
  const { fhir, config: file, format, language, only, list, sample, waitForExpiry } = options;
  if (sample === true) return print(sampleConfig());
  if (list === true) {
    const line = ({ id, severity, title, requirements }: (typeof SMART_CHECKS)[number]) =>
      `${id}\t${severity}\t${title}\t${numbered(requirements)}`.trimEnd();
    return print(`${SMART_CHECKS.map(line).join('\n')}\n`);
  }
  if (fhir === undefined || file === undefined) throw new Error('--fhir and --config are needed (see --help)');
  if (!/^https?:$/.test(URL.parse(fhir)?.protocol ?? '')) throw new Error(`${fhir} is no http or https URL`);
  const read = readSuiteConfig(file, fhir);
  const config = waitForExpiry === true ? { ...read, waitAtMostSeconds: Math.max(read.waitAtMostSeconds, EXPIRY_SECONDS) } : read;
  // Without anybody there every check would fail, and nothing would be known of the server.
  await requester(0)(`${config.fhirBaseUrl}/metadata`);
  const results = await runSmartChecks(config, {
    ...(only === undefined ? {} : { only }),
    say: (line) => void process.stderr.write(`${line}\n`),
    onResult: progress(),
  });
  print(REPORTS[format](config.fhirBaseUrl, results, language));
  return results.some(isFailure) ? EXIT.notMet : EXIT.met;
}

/** The sample for the demo as it is configured here: at its address, with the keys of its data folder. */
function sampleConfig(): string {
  const { publicUrl, dataDir } = readConfig('demo');
  const sample = readFileSync(SAMPLE, 'utf8').replaceAll('http://localhost:8080', publicUrl);
  return dataDir === resolve('data') ? sample : sample.replaceAll('"data/', `${JSON.stringify(dataDir).slice(0, -1)}/`);
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.met;
}

/** On a terminal one line that is written over. */
function progress(): (result: { readonly check: { readonly id: string } }, done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return ({ check }, done, total) => {
    process.stderr.write(`\r\x1b[K${done < total ? `${done} of ${total}: ${check.id}` : ''}`);
  };
}
