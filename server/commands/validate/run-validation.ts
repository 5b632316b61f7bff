/**
 * Carries out `fellesplan validate`: finds the files, validates them, and writes the report as it goes.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html
 */
import { once } from 'node:events';
import { readReleases } from '../../../terminology/service/releases.ts';
import { readConfig } from '../../config.ts';
import { checkAll, threadsFor } from './check-all.ts';
import { type CheckedDocument, counted, NOTHING_YET, type Summary } from './document.ts';
import { documentsOf, inputFiles } from './documents.ts';
import { htmlReport } from './reports/html-report.ts';
import { jsonReport, ndjsonReport } from './reports/json-report.ts';
import { junitReport } from './reports/junit-report.ts';
import type { Report } from './reports/report.ts';
import { textReport } from './reports/text-report.ts';
import type { ValidateOptions } from './validate-command.ts';

const EXIT = { valid: 0, invalid: 1, notRun: 2 } as const;
const PROGRESS_FROM_FILES = 100;
const PROGRESS_EVERY_MS = 200;

/**
 * Validates and reports. The exit code: 0 valid, 1 something is invalid, 2 nothing could be read.
 * @throws Error when there is nothing to validate, a package cannot be used, or a profile is not known.
 */
export async function runValidation(paths: readonly string[], options: ValidateOptions): Promise<number> {
  // Who reads may stop before the end (`… | head`): then nothing can be said of the whole.
  process.stdout.on('error', () => process.exit(EXIT.notRun));
  const files = inputFiles(paths);
  if (files.length === 0) throw new Error(`there are no JSON files in ${paths.join(', ')}`);
  const settings = {
    packages: options.ig,
    profiles: options.profile,
    language: options.language,
    level: options.level,
    releases: readReleases(readConfig('serve').dataDir),
  };
  const threads = threadsFor(files);
  const report = reportFor(options);
  const progress = progressLine(files.length);
  let summary = NOTHING_YET;
  const results = checkAll(documentsOf(files, process.stdin), settings, threads);
  await write(report.begin());
  for await (const checked of results) {
    summary = counted(summary, checked);
    progress(summary, checked);
    await write(report.document(checked));
  }
  progress(summary, undefined);
  await write(report.end(summary));
  if (summary.documents === summary.unread) return EXIT.notRun;
  return summary.invalid > 0 ? EXIT.invalid : EXIT.valid;
}

function reportFor({ format, language, ig, profile }: ValidateOptions): Report {
  switch (format) {
    case 'text':
      return textReport(language);
    case 'json':
      return jsonReport(language);
    case 'ndjson':
      return ndjsonReport(language);
    case 'junit':
      return junitReport(language);
    case 'html':
      return htmlReport(language, ['FHIR R4 (4.0.1)', ...ig, ...profile]);
  }
}

/** Writes to standard output no faster than it is read. */
async function write(text: string): Promise<void> {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** A line on standard error that is written over, when that is a terminal and there are many files. */
function progressLine(files: number): (summary: Summary, now: CheckedDocument | undefined) => void {
  if (!process.stderr.isTTY || process.stdout.isTTY || files < PROGRESS_FROM_FILES) return () => {};
  let shownMs = 0;
  return (summary, now) => {
    const nowMs = performance.now();
    if (now !== undefined && nowMs - shownMs < PROGRESS_EVERY_MS) return;
    shownMs = nowMs;
    const text = now === undefined ? '' : `${summary.documents} validated of ${files} files, ${summary.invalid} invalid`;
    process.stderr.write(`\r\x1b[K${text}`);
  };
}
