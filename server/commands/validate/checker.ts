/**
 * Validates documents: makes the validator with the packages asked for, and turns what cannot be read into an issue.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html
 */
import { loadContent } from '../../../terminology/service/content.ts';
import { createTerminology } from '../../../terminology/service/create-terminology.ts';
import { openReleases, type ReleaseBytes } from '../../../terminology/service/releases.ts';
import type { Language } from '../../fhir/language.ts';
import type { Issue, IssueSeverity } from '../../fhir/outcome.ts';
import { readFhirPackage } from '../../packages/fhir-package.ts';
import { createValidator } from '../../validation/create-validator.ts';
import { loadStructures } from '../../validation/structure-catalog.ts';
import { validateText } from '../../validation/validate-text.ts';
import type { CheckedDocument, Document, FileFault } from './document.ts';
import { readText } from './read-text.ts';
import { faultText } from './words.ts';

const LINE = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line';

/** From the least severe on. */
const SEVERITIES: readonly IssueSeverity[] = ['information', 'warning', 'error', 'fatal'];

export interface CheckSettings {
  /** Paths of FHIR packages whose definitions are added. */
  readonly packages: readonly string[];
  /** Canonical URLs of profiles that every document is validated against besides those it claims. */
  readonly profiles: readonly string[];
  readonly language: Language;
  /** The least severe issues that are told. */
  readonly level: 'information' | 'warning' | 'error';
  /** Releases of licensed code systems. */
  readonly releases: readonly ReleaseBytes[];
}

export type Checker = (document: Document) => CheckedDocument;

/**
 * A checker with these settings.
 * @throws Error when a package cannot be used, or a profile asked for is not known.
 */
export function createChecker(settings: CheckSettings): Checker {
  const { profiles, language, level } = settings;
  const catalog = loadStructures();
  const resources = settings.packages.flatMap((path) => readFhirPackage(path).definitions);
  const terminology = createTerminology(loadContent(openReleases(settings.releases)));
  const validator = createValidator({ catalog, terminology, resources });
  for (const profile of profiles) {
    if (catalog.get(profile) !== undefined) continue;
    if (!profile.includes(':')) throw new Error(`--profile ${profile}: a profile is named by its canonical URL, as in meta.profile`);
    const why = catalog.has(profile) ? 'what it is based on is not known' : 'it is not known';
    throw new Error(`--profile ${profile}${catalog.near(profile)}: ${why}; name the FHIR package that has it with --ig`);
  }
  return (document) => {
    const { file, line } = document;
    const place = { file, ...(line === undefined ? {} : { line }) };
    const text = document.fault ?? document.text ?? readText(file);
    if (typeof text !== 'string') return { ...place, issues: [faultIssue(text, language)], isRead: isOpened(text) };
    const all = validateText(validator, text, { profiles, language, wrongDisplays: 'error', errorsOnly: level === 'error' });
    const issues = all.filter(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(level));
    return { ...place, issues: line === undefined ? issues : issues.map((issue) => movedDown(issue, line - 1)), isRead: true };
  };
}

function isOpened(fault: FileFault): boolean {
  return !['missing', 'forbidden', 'not-a-file', 'unreadable'].includes(fault.kind);
}

function faultIssue(fault: FileFault, language: Language): Issue {
  const { code, text } = faultText(fault, language);
  return { severity: 'fatal', code, diagnostics: faultText(fault, 'en').text, details: { text } };
}

/** The issue of a line of NDJSON, its place counted from the beginning of the file. */
function movedDown(issue: Issue, lines: number): Issue {
  if (!Array.isArray(issue.extension)) return issue;
  const extension = (issue.extension as { url: string; valueInteger: number }[]).map((one) =>
    one.url === LINE ? { ...one, valueInteger: one.valueInteger + lines } : one,
  );
  return { ...issue, extension };
}
