/**
 * Every rule of every profile has an invalid example, and it raises the one issue that the rule is there to raise.
 *
 * Spec: https://hl7.org/fhir/R4/validation.html · format profiles/README.md
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Issue } from '../../server/fhir/outcome.ts';
import { invalidFile, PROFILES_FOLDER, type Rule, rulesOf, structures } from './profile-rules.ts';
import { validator } from './profile-validator.ts';

interface Expected {
  readonly severity: string;
  readonly code: string;
  readonly expression: string;
}

interface InvalidExample {
  readonly rule: string;
  readonly expect: Expected;
  /** Errors that follow from the same fault and cannot be avoided. */
  readonly also?: readonly Expected[];
  readonly resource: { readonly resourceType: string };
}

const rules = structures().flatMap(rulesOf);
const read = (rule: Rule): InvalidExample => JSON.parse(readFileSync(invalidFile(rule), 'utf8')) as InvalidExample;
const isExpected = (issue: Issue, one: Expected): boolean =>
  issue.severity === one.severity && issue.code === one.code && issue.expression?.[0] === one.expression;
/** True for any issue of an element rule; that of an invariant must carry its key. */
const comesFrom = (issue: Issue, rule: Rule): boolean =>
  rule.kind !== 'invariant' || rule.rule.endsWith(`/${issue.details?.coding?.[0]?.code}`);
const tell = (issue: Issue): string => `${issue.severity} ${issue.code} ${issue.expression?.join(', ')}: ${issue.diagnostics}`;

describe('the invalid examples', () => {
  test('cover every rule of every profile', () => {
    expect(rules.filter((rule) => !existsSync(invalidFile(rule))).map((rule) => `${rule.profile} ${rule.rule}`)).toEqual([]);
  });

  test('are all of a rule that still exists', () => {
    const known = new Set(rules.map(invalidFile));
    const folder = join(PROFILES_FOLDER, 'input', 'invalid');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    expect(files.filter((file) => !known.has(join(folder, file)))).toEqual([]);
    expect(files.length).toBe(rules.length);
  });

  test.each(rules)('$profile: $rule', (rule) => {
    const example = read(rule);
    expect(example.rule).toBe(rule.rule);
    const issues = validator.validate(example.resource);
    const named = issues.filter((issue) => isExpected(issue, example.expect) && comesFrom(issue, rule));
    expect(named.length, issues.map(tell).join('\n')).toBeGreaterThan(0);
    const allowed = [example.expect, ...(example.also ?? [])];
    const errors = issues.filter((issue) => issue.severity === 'error' || issue.severity === 'fatal');
    expect(errors.filter((issue) => !allowed.some((one) => isExpected(issue, one))).map(tell)).toEqual([]);
  });
});
