/**
 * What the reports of `validate` say besides the issues themselves, in three languages.
 */

import type { Language } from '../../fhir/language.ts';
import type { IssueCode, IssueSeverity } from '../../fhir/outcome.ts';
import type { FileFault, Summary } from './document.ts';

type Words = Readonly<Record<Language, string>>;

const FAULTS: Readonly<Record<FileFault['kind'], readonly [IssueCode, Words]>> = {
  missing: ['not-found', { en: 'There is no such file', nb: 'Filen finnes ikke', nn: 'Fila finst ikkje' }],
  forbidden: [
    'security',
    { en: 'The file may not be read', nb: 'Filen kan ikke leses: ingen tilgang', nn: 'Fila kan ikkje lesast: ingen tilgang' },
  ],
  'not-a-file': ['not-supported', { en: 'This is not a file', nb: 'Dette er ikke en fil', nn: 'Dette er ikkje ei fil' }],
  binary: [
    'invalid',
    {
      en: 'This is not text: FHIR JSON is wanted',
      nb: 'Dette er ikke tekst: FHIR-JSON ventes',
      nn: 'Dette er ikkje tekst: FHIR-JSON er venta',
    },
  ],
  'not-utf8': ['invalid', { en: 'The text is not UTF-8', nb: 'Teksten er ikke UTF-8', nn: 'Teksten er ikkje UTF-8' }],
  xml: [
    'not-supported',
    { en: 'XML is not read: FHIR JSON is wanted', nb: 'XML leses ikke: FHIR-JSON ventes', nn: 'XML blir ikkje lesen: FHIR-JSON er venta' },
  ],
  empty: ['invalid', { en: 'The file is empty', nb: 'Filen er tom', nn: 'Fila er tom' }],
  'too-large': ['too-long', { en: 'This is larger than {limit}', nb: 'Dette er større enn {limit}', nn: 'Dette er større enn {limit}' }],
  unreadable: [
    'exception',
    { en: 'The file cannot be read: {why}', nb: 'Filen kan ikke leses: {why}', nn: 'Fila kan ikkje lesast: {why}' },
  ],
};

/** The issue code of a fault, and its text. */
export function faultText(fault: FileFault, language: Language): { readonly code: IssueCode; readonly text: string } {
  const [code, words] = FAULTS[fault.kind];
  const values = { limit: '', why: '', ...fault };
  return { code, text: words[language].replace('{limit}', values.limit).replace('{why}', values.why) };
}

export const SEVERITY_WORDS: Readonly<Record<IssueSeverity, Words>> = {
  fatal: { en: 'fatal', nb: 'fatal', nn: 'fatal' },
  error: { en: 'error', nb: 'feil', nn: 'feil' },
  warning: { en: 'warning', nb: 'advarsel', nn: 'åtvaring' },
  information: { en: 'information', nb: 'opplysning', nn: 'opplysning' },
};

export const WORDS = {
  valid: { en: 'valid', nb: 'gyldig', nn: 'gyldig' },
  noIssues: { en: 'No issues found', nb: 'Ingen feil funnet', nn: 'Ingen feil funne' },
  title: { en: 'Validation report', nb: 'Valideringsrapport', nn: 'Valideringsrapport' },
  result: { en: 'Result', nb: 'Resultat', nn: 'Resultat' },
  filesWithIssues: { en: 'Files with issues', nb: 'Filer med merknader', nn: 'Filer med merknader' },
  filesWithout: { en: 'Files without issues', nb: 'Filer uten merknader', nn: 'Filer utan merknader' },
  severity: { en: 'Severity', nb: 'Alvorlighet', nn: 'Alvor' },
  place: { en: 'Line', nb: 'Linje', nn: 'Linje' },
  element: { en: 'Element', nb: 'Element', nn: 'Element' },
  issue: { en: 'Issue', nb: 'Merknad', nn: 'Merknad' },
  rule: { en: 'Rule', nb: 'Regel', nn: 'Regel' },
  made: { en: 'Made by Fellesplan against', nb: 'Laget av Fellesplan mot', nn: 'Laga av Fellesplan mot' },
} as const satisfies Readonly<Record<string, Words>>;

const COUNTED = {
  document: { en: ['resource', 'resources'], nb: ['ressurs', 'ressurser'], nn: ['ressurs', 'ressursar'] },
  error: { en: ['error', 'errors'], nb: ['feil', 'feil'], nn: ['feil', 'feil'] },
  invalid: { en: ['invalid', 'invalid'], nb: ['ugyldig', 'ugyldige'], nn: ['ugyldig', 'ugyldige'] },
  warning: { en: ['warning', 'warnings'], nb: ['advarsel', 'advarsler'], nn: ['åtvaring', 'åtvaringar'] },
  note: { en: ['note', 'notes'], nb: ['opplysning', 'opplysninger'], nn: ['opplysning', 'opplysningar'] },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, readonly [string, string]>>>>;

/** `1 error`, `2 warnings`. */
export function countOf(number: number, of: keyof typeof COUNTED, language: Language): string {
  return `${number} ${COUNTED[of][language][number === 1 ? 0 : 1]}`;
}

/** The last line of a report: `12 resources, 2 invalid: 3 errors, 1 warning`. */
export function summaryLine(summary: Summary, language: Language): string {
  const counts = `${countOf(summary.errors, 'error', language)}, ${countOf(summary.warnings, 'warning', language)}`;
  return `${countOf(summary.documents, 'document', language)}, ${countOf(summary.invalid, 'invalid', language)}: ${counts}`;
}
