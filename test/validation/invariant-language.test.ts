import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../server/fhir/language.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';

const validator = createValidator({ terminology: createTerminology() });
const example = join(import.meta.dirname, '../../profiles/generated/CarePlan-care-plan-full.json');
const { goal: _goal, ...withoutGoal } = JSON.parse(readFileSync(example, 'utf8'));

/** What is said of a broken invariant: for people, and the diagnostics. */
function said(resource: unknown, key: string, language: Language) {
  const issues = validator.validate(resource, { language });
  const issue = issues.find(({ details }) => details?.coding?.[0]?.code === key);
  return [issue?.details?.text, issue?.diagnostics];
}

describe('a broken invariant of the project', () => {
  const diagnostics = expect.stringMatching(/^fp-cp-1: An active plan .* \(from https:\/\/fellesplan\.example\/.*fp-care-plan.*\)$/);

  it.each([
    ['nb', 'fp-cp-1: En aktiv plan må ha minst ett mål.'],
    ['nn', 'fp-cp-1: Ein aktiv plan må ha minst eitt mål.'],
    ['en', 'fp-cp-1: An active plan must have at least one goal.'],
  ] as const)('is told in %s, and always in English to whoever integrates', (language, text) => {
    expect(said(withoutGoal, 'fp-cp-1', language)).toEqual([text, diagnostics]);
  });
});

it('tells one of FHIR itself in the words of FHIR', () => {
  const broken = {
    ...withoutGoal,
    contained: [{ resourceType: 'Goal', id: 'unused', lifecycleStatus: 'active', description: { text: 'x' } }],
  };
  expect(said(broken, 'dom-3', 'nn')[0]).toMatch(/^dom-3: If the resource is contained in another resource/);
});
