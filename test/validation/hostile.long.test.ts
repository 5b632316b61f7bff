import { describe, expect, it, vi } from 'vitest';
import type { Language } from '../../server/fhir/language.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { validateText } from '../../server/validation/validate-text.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { profile, TEST_PROFILE } from './issues-of.ts';

const terminology = createTerminology();
const validator = createValidator({ terminology });

/** Runs a check and gives its rule ids; fails when it takes longer than five seconds. */
function timed(check: () => readonly { readonly details?: { readonly coding?: readonly { readonly code: string }[] } }[]): string[] {
  const startMs = performance.now();
  const issues = check();
  expect(performance.now() - startMs).toBeLessThan(5000);
  return issues.map((issue) => issue.details?.coding?.[0]?.code ?? '');
}

/** Patterns that take exponential or high polynomial time by backtracking, each with a text that makes it do so. */
const RUNAWAY: readonly (readonly [pattern: string, text: string])[] = [
  ['(a+)+b', 'a'.repeat(50_000)],
  ['(a|a)*b', 'a'.repeat(60)],
  ['(.*)*(.*)*(.*)*=', 'x'.repeat(60)],
  ['(?:a?){40}a{40}b', 'a'.repeat(60)],
  ['(?=(a+)+c).*', 'a'.repeat(60)],
  ['([a-zA-Z0-9])(([-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}([a-z]{2,3})', 'a'.repeat(60)],
  ['.*.*.*.*.*.*x', 'a'.repeat(3000)],
];

describe('hostile content ends in a clear issue within five seconds', () => {
  it('ten thousand levels', () => {
    const levels = 10_000;
    const deep = `${'{"linkId":"1","type":"group","item":['.repeat(levels)}{}${']}'.repeat(levels)}`;
    expect(validateText(validator, `{"resourceType":"Questionnaire","status":"draft","item":[${deep}]}`)[0]).toMatchObject({
      severity: 'fatal',
      code: 'invalid',
    });
    let item: Record<string, unknown> = { linkId: '1', type: 'group' };
    for (let level = 0; level < levels; level++) item = { linkId: '1', type: 'group', item: [item] };
    expect(timed(() => validator.validate({ resourceType: 'Questionnaire', status: 'draft', item: [item] }))).toContain('too-deep');
  });

  it('a million elements', () => {
    const given = Array.from({ length: 1_000_000 }, () => 'a');
    expect(timed(() => validator.validate({ resourceType: 'Patient', name: [{ given }] }))).toEqual(['dom-6']);
    const wrong = Array.from({ length: 1_000_000 }, () => 5);
    expect(timed(() => validator.validate({ resourceType: 'Patient', name: [{ given: wrong }] })).length).toBeLessThanOrEqual(1001);
  });

  it.each(RUNAWAY)('the pattern %j of a question', (valueString, text) => {
    const url = 'http://test.example/q';
    const regex = { url: 'http://hl7.org/fhir/StructureDefinition/regex', valueString };
    const resources = [
      { resourceType: 'Questionnaire', url, status: 'active', item: [{ linkId: 'a', type: 'string', extension: [regex] }] },
    ];
    const response = {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      questionnaire: url,
      item: [{ linkId: 'a', answer: [{ valueString: text }] }],
    };
    expect(timed(() => createValidator({ terminology, resources }).validate(response))).toContain('answer-regex-too-costly');
  });

  it.each(RUNAWAY)('the pattern %j of an invariant', (pattern, text) => {
    const constraint = {
      key: 't-1',
      severity: 'error',
      human: 'x',
      expression: `family.matches('^(${pattern.replaceAll('\\', '\\\\')})$')`,
    };
    const definition = profile('Patient', [{ path: 'Patient.name', constraint: [constraint] }]);
    const resource = { resourceType: 'Patient', name: [{ family: text }] };
    expect(timed(() => createValidator({ terminology, resources: [definition] }).validate(resource, TEST_PROFILE))).toContain(
      'invariant-failed',
    );
  });

  it('many answers, each with a pattern that runs away', () => {
    const url = 'http://test.example/q';
    const items = Array.from({ length: 100 }, (_one, index) => ({
      linkId: `${index}`,
      type: 'string',
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/regex', valueString: `(a+)+b{${index}}c` }],
    }));
    const resources = [{ resourceType: 'Questionnaire', url, status: 'active', item: items }];
    const item = items.map(({ linkId }) => ({ linkId, answer: [{ valueString: 'a'.repeat(40) }] }));
    const response = { resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: url, item };
    expect(timed(() => createValidator({ terminology, resources }).validate(response)).at(-1)).toBe('too-costly');
  });

  it('an invariant that costs more than it may', () => {
    const costly = {
      key: 't-1',
      severity: 'error',
      human: 'x',
      expression: 'name.select($this.descendants().select(%resource.descendants().count())).count() >= 0',
    };
    const definition = profile('Patient', [
      { path: 'Patient', constraint: [costly, { ...costly, key: 't-2' }, { ...costly, key: 't-3' }] },
    ]);
    const name = Array.from({ length: 60 }, (_one, index) => ({ family: `f${index}`, given: ['a', 'b'] }));
    const run = () =>
      createValidator({ terminology, resources: [definition], expressionMs: 1 }).validate({ resourceType: 'Patient', name }, TEST_PROFILE);
    expect(timed(run)).toContain('too-costly');
  });
});

describe('text that is not JSON', () => {
  it.each([
    ['{"a":1,}', 1, 8],
    ['{\n  "a": [1, 2\n}', 3, 1],
    ['{"a": 01}', 1, 8],
    ['{"a": "x\ny"}', 1, 7],
    ['', 1, 1],
  ])('%j', (text, line, column) => {
    const [issue, ...more] = validateText(validator, text);
    expect(more).toEqual([]);
    expect(issue).toMatchObject({ severity: 'fatal', code: 'invalid' });
    expect((issue as unknown as { extension: { valueInteger: number }[] }).extension.map((one) => one.valueInteger)).toEqual([
      line,
      column,
    ]);
  });

  it('a property that is given twice, and the line of each issue', () => {
    const text = '{\n  "resourceType": "Patient",\n  "gender": "x",\n  "active": true,\n  "active": true\n}';
    const issues = validateText(validator, text).filter((issue) => issue.severity === 'error');
    expect(issues.map((issue) => (issue as unknown as { extension: { valueInteger: number }[] }).extension[0]!.valueInteger)).toEqual([
      5, 3,
    ]);
  });
});

describe('languages', () => {
  it('tells the rule in the language asked for, with English in diagnostics', () => {
    const of = (language: Language, unknown: object = { nick: 1 }) =>
      validator.validate({ resourceType: 'Patient', ...unknown }, { language })[0]!;
    expect(of('nb').details!.text).toBe("Ukjent egenskap 'nick'");
    expect(of('nn').details!.text).toBe("Ukjend eigenskap 'nick'");
    expect(of('nb').diagnostics).toBe("Unrecognized property 'nick'");
    expect(of('nn', { nmae: [] }).details!.text).toBe("Ukjend eigenskap 'nmae' (name?)");
    expect(of('en', { birthdate: '2000' }).diagnostics).toBe("Unrecognized property 'birthdate' (birthDate?)");
    expect(of('en').details!.coding).toEqual([
      { system: 'https://fellesplan.example/fhir/CodeSystem/fp-validation-rule', code: 'unknown-property' },
    ]);
  });
});

describe('the console', () => {
  it('writes nothing of the content to the console, whatever its units are', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const amount = (value: number, unit: string) => ({ value, unit, system: 'http://unitsofmeasure.org', code: unit });
    const valueRange = { low: amount(1, 'Ola Nordmann'), high: amount(2, 'mg mg') };
    validator.validate({ resourceType: 'Observation', status: 'final', code: { text: 'a' }, valueRange });
    expect(log.mock.calls).toEqual([]);
    log.mockRestore();
  });
});
