import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../server/fhir/language.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { coreInvariantText } from '../../server/validation/rules/core-invariants.ts';
import { loadStructures, ownResources } from '../../server/validation/structure-catalog.ts';
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

describe('a broken invariant of FHIR itself', () => {
  const plan = { ...withoutGoal, goal: _goal, text: undefined };

  it.each([
    ['nb', 'dom-6: Ressursen bør ha en tekst for mennesker (text), så den kan leses der systemet ikke forstår dataene'],
    ['nn', 'dom-6: Ressursen bør ha ein tekst for menneske (text), så han kan lesast der systemet ikkje forstår dataa'],
    ['en', 'dom-6: A resource should have narrative for robust management'],
  ] as const)("is told in %s, the diagnostics in HL7's words", (language, text) => {
    const diagnostics = expect.stringMatching(/^dom-6: A resource should have narrative .* \(from http:\/\/hl7\.org\/.*\|4\.0\.1\)$/);
    expect(said(plan, 'dom-6', language)).toEqual([text, diagnostics]);
  });

  it('is told apart from one of another type with the same key', () => {
    const task = { resourceType: 'Task', status: 'draft', intent: 'order', authoredOn: '2026-02-01', lastModified: '2026-01-01' };
    expect(said(task, 'inv-1', 'nb')[0]).toBe('inv-1: lastModified kan ikke være før authoredOn');
    expect(said({ resourceType: 'Parameters', parameter: [{ name: 'a' }] }, 'inv-1', 'nn')[0]).toBe(
      'inv-1: Ein parameter må ha nøyaktig éin av verdi, resource og part',
    );
  });

  it('has words in both for whatever content of our profiles can break, and what that is sent in', () => {
    const catalog = loadStructures();
    const types = new Set([...ownResources('StructureDefinition').map(({ type }) => String(type)), 'Bundle', 'Parameters', 'Composition']);
    const lacking = new Set<string>();
    for (const type of types) {
      for (const { types: inside, constraints } of catalog.type(type)?.elements ?? []) {
        for (const { code } of inside) if (/^[A-Za-z]+$/.test(code)) types.add(code);
        for (const { key } of constraints) {
          const from = `http://hl7.org/fhir/StructureDefinition/${type}|4.0.1`;
          if (coreInvariantText(key, from, 'nb') === undefined || coreInvariantText(key, from, 'nn') === undefined) lacking.add(key);
        }
      }
    }
    // What `ele-1` says is told by the rules of form: a property that is empty is left out.
    expect([...lacking]).toEqual(['ele-1']);
  });

  it('keeps the words of others who use the same key', () => {
    expect(coreInvariantText('dom-6', 'http://example.org/StructureDefinition/a|1.0', 'nb')).toBeUndefined();
    expect(coreInvariantText('xyz-1', 'http://hl7.org/fhir/StructureDefinition/Patient|4.0.1', 'nb')).toBeUndefined();
    expect(coreInvariantText('dom-6', 'http://hl7.org/fhir/StructureDefinition/Patient|4.0.1', 'en')).toBeUndefined();
  });
});
