/**
 * The public test cases of FHIR validators: is the same content valid, and are the same errors at the same places.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '../../server/fhir/outcome.ts';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { validateText } from '../../server/validation/validate-text.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { type Differences, readDifferences } from './differences.ts';

interface Case {
  readonly id: string;
  readonly file: string;
  readonly supporting: readonly string[];
  readonly profileUnderTest: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly outcomes: Readonly<Record<string, { readonly file: string }>>;
}

interface Tally {
  runs: number;
  agreed: number;
  expected: number;
  found: number;
}

const VALID_INVALID = 0.96;
const SAME_ERRORS = 0.85;

/** Runs all cases of a folder, prints the figures; true when both are reached. */
export function compareCases(folder: string, verbose: boolean): boolean {
  const { cases } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as { cases: readonly Case[] };
  const differences = readDifferences();
  const tally: Tally = { runs: 0, agreed: 0, expected: 0, found: 0 };
  for (const one of cases) for (const outcome of Object.keys(one.outcomes)) compareOne(folder, one, outcome, tally, differences, verbose);
  const agreement = tally.agreed / tally.runs;
  const same = tally.found / tally.expected;
  console.log(`valid/invalid: ${tally.agreed} of ${tally.runs} agree (${percent(agreement)}; at least ${percent(VALID_INVALID)})`);
  console.log(
    `expected errors: ${tally.found} of ${tally.expected} at the same place with the same code (${percent(same)}; at least ${percent(SAME_ERRORS)})`,
  );
  return agreement >= VALID_INVALID && same >= SAME_ERRORS;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function compareOne(folder: string, one: Case, outcome: string, tally: Tally, differences: Differences, verbose: boolean): void {
  const expected = readErrors(join(folder, one.outcomes[outcome]!.file));
  const found = runCase(folder, one, outcome).filter(isErrorIssue);
  const missing = expected.filter((issue) => !found.some((other) => sameError(issue, other)));
  const agrees = expected.length > 0 === found.length > 0;
  tally.runs++;
  tally.expected += expected.length;
  tally.found += expected.length - missing.length;
  if (agrees) tally.agreed++;
  if (agrees && missing.length === 0 && !verbose) return;
  const name = `${one.id} ${outcome}`;
  console.log(`${agrees ? 'places differ' : 'VALIDITY DIFFERS'}: ${name}: ${differences[name] ?? 'no reason given'}`);
  for (const issue of missing) console.log(`    expected: ${shown(issue)}`);
  for (const issue of found) if (!expected.some((other) => sameError(other, issue))) console.log(`    found: ${shown(issue)}`);
}

function shown(issue: Issue): string {
  return `${issue.code} ${issue.expression?.[0] ?? '-'} ${issue.details?.text ?? issue.diagnostics}`.slice(0, 240);
}

function readErrors(path: string): Issue[] {
  const outcome = JSON.parse(readFileSync(path, 'utf8')) as { issue?: Issue[] };
  return (outcome.issue ?? []).filter(isErrorIssue);
}

function runCase(folder: string, one: Case, outcome: string): readonly Issue[] {
  const resources = one.supporting.map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as Record<string, unknown>);
  const validator = createValidator({ terminology: createTerminology(), resources });
  const under = resources.find(
    (_resource, index) => one.profileUnderTest !== null && one.supporting[index]!.endsWith(one.profileUnderTest),
  );
  return validateText(validator, readFileSync(join(folder, one.file), 'utf8'), {
    ...(outcome === 'profile' && under !== undefined ? { profiles: [String(under.url)] } : {}),
    wrongDisplays: 'error',
    unknownExtensions: one.settings.examples === false ? 'error' : 'warning',
    referenceTypes: one.settings.assumeValidRestReferences === true ? 'trusted' : 'resolved-only',
    stringHtml: one.settings['security-checks'] === true ? 'error' : 'information',
    markdownHtml: one.settings.noHtmlInMarkdown === true ? 'error' : 'warning',
  });
}

/** Comments in an expression name a resource for people; they do not change what it points at. */
function place(issue: Issue): string {
  return (issue.expression?.[0] ?? '').replace(/\/\*.*?\*\//g, '');
}

function sameError(a: Issue, b: Issue): boolean {
  return a.code === b.code && place(a) === place(b);
}
