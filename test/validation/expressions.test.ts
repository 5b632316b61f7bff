/**
 * Expressions that ask the validator: for profiles, value sets and what references lead to; and those that enable a question.
 *
 * Spec: https://hl7.org/fhir/R4/fhirpath.html#functions · http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression
 */
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import { errorsOf, errorsWith, profile, TEST_PROFILE, warningsOf } from './issues-of.ts';

type Json = Record<string, unknown>;
const patient = (more: Json): Json => ({ resourceType: 'Patient', ...more });
const rule = (path: string, expression: string): Json =>
  profile(
    path.split('.')[0]!,
    [{ path: path.split('.')[0] }, ...(path.includes('.') ? [{ path }] : [])].map((element) =>
      element.path === path ? { ...element, constraint: [{ key: 'k-1', severity: 'error', human: 'x', expression }] } : element,
    ),
  );

describe('functions of FHIRPath that ask the validator [R4 fhirpath#functions]', () => {
  it('conformsTo holds a value against a profile', () => {
    const definition = rule('Patient', "conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')");
    expect(errorsWith([definition], patient({ active: true }), TEST_PROFILE)).toEqual([]);
    const other = profile('Patient', [{ path: 'Patient.birthDate', min: 1 }], { url: 'http://test.example/other' });
    const asking = rule('Patient', "conformsTo('http://test.example/other')");
    expect(errorsWith([asking, other], patient({ birthDate: '2020' }), TEST_PROFILE)).toEqual([]);
    expect(errorsWith([asking, other], patient({ active: true }), TEST_PROFILE)).toEqual(['invariant Patient']);
    expect(errorsWith([rule('Patient', "conformsTo('http://test.example/unknown')")], patient({ active: true }), TEST_PROFILE)).toEqual([]);
  });

  it('memberOf holds a code or a concept against a value set', () => {
    const coded = rule('Patient', "gender.memberOf('http://hl7.org/fhir/ValueSet/item-type')");
    expect(errorsWith([coded], patient({ gender: 'male' }), TEST_PROFILE)).toEqual(['invariant Patient']);
    const concept = rule('Patient', "maritalStatus.memberOf('http://hl7.org/fhir/ValueSet/marital-status')");
    const status = (code: string) => ({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code }] });
    expect(errorsWith([concept], patient({ maritalStatus: status('M') }), TEST_PROFILE)).toEqual([]);
    expect(errorsWith([concept], patient({ maritalStatus: { text: 'x' } }), TEST_PROFILE)).toEqual(['invariant Patient']);
  });

  it('resolve finds what was looked up on the server', () => {
    const definition = rule('Observation', 'subject.resolve().ofType(Patient).active = true');
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: 'Patient/1' } };
    const stored = (active: boolean) => new Map<string, Resource>([['Patient/1', patient({ id: '1', active }) as Resource]]);
    expect(errorsWith([definition], observation, { ...TEST_PROFILE, stored: stored(true) })).toEqual([]);
    expect(errorsWith([definition], observation, { ...TEST_PROFILE, stored: stored(false) })).toEqual(['invariant Observation']);
  });
});

describe('amounts in an invariant [R4 Range rng-2]', () => {
  const range = (low: Record<string, unknown>, high: Record<string, unknown>) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    valueRange: { low, high },
  });
  const ucum = { system: 'http://unitsofmeasure.org' };
  it.each<[low: Record<string, unknown>, high: Record<string, unknown>, ordered: boolean]>([
    [{ value: 2 }, { value: 3 }, true],
    [{ value: 3 }, { value: 2 }, false],
    [{ value: 3, unit: 'steps' }, { value: 2, unit: 'steps' }, false],
    [{ value: 2, unit: 'steps' }, { value: 3, unit: 'miles' }, false],
    [{ value: 3, ...ucum, code: 'mg' }, { value: 2, ...ucum, code: 'mg' }, false],
    [{ value: 3, ...ucum, code: 'mg' }, { value: 2, ...ucum, code: 'g' }, true],
    [{ value: 3, ...ucum, code: 'mg' }, { value: 2, ...ucum, code: 's' }, false],
  ])('%j to %j', (low, high, ordered) => {
    expect(errorsOf(range(low, high))).toEqual(ordered ? [] : ['invariant Observation.value.ofType(Range)']);
  });
});

describe('a question that an expression enables [SDC enableWhenExpression]', () => {
  const extension = (expression: string) => [
    {
      url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression',
      valueExpression: { language: 'text/fhirpath', expression },
    },
  ];
  const form = (expression: string) => ({
    resourceType: 'Questionnaire',
    url: 'http://test.example/q',
    status: 'active',
    item: [
      { linkId: 'a', type: 'boolean' },
      { linkId: 'b', type: 'string', required: true, extension: extension(expression) },
    ],
  });
  const filled = (...item: Json[]) => ({
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: 'http://test.example/q',
    item,
  });
  const a = (valueBoolean: boolean) => ({ linkId: 'a', answer: [{ valueBoolean }] });
  const b = { linkId: 'b', answer: [{ valueString: 'x' }] };
  const isYes = "%resource.item.where(linkId = 'a').answer.value = true";

  it.each<[why: string, expression: string, items: Json[], errors: string[]]>([
    ['is required when it is enabled', isYes, [a(true)], ['required QuestionnaireResponse']],
    ['is answered when it is enabled', isYes, [a(true), b], []],
    ['is left out when it is not', isYes, [a(false)], []],
    ['is not answered when it is not', isYes, [a(false), b], ['invalid QuestionnaireResponse.item[1]']],
    ['is not judged when the expression asks for more', '%patient.active', [a(true)], []],
    ['is not judged when the expression cannot be read', '((', [a(true), b], []],
  ])('%s', (_why, expression, items, errors) => {
    expect(errorsWith([form(expression)], filled(...items))).toEqual(errors);
  });
});

describe('profiles that are asked for and claimed', () => {
  it('one for the first entry of a Bundle is checked there', () => {
    const definition = profile('Composition', [{ path: 'Composition.language', min: 1 }]);
    const composition = {
      resourceType: 'Composition',
      id: 'c',
      status: 'final',
      type: { text: 'x' },
      date: '2020-01-01',
      title: 'x',
      author: [{ display: 'x' }],
    };
    const document = {
      resourceType: 'Bundle',
      type: 'document',
      identifier: { system: 'urn:ietf:rfc:3986', value: 'urn:uuid:x' },
      timestamp: '2020-01-01T00:00:00Z',
      entry: [{ fullUrl: 'http://a.example/Composition/c', resource: composition }],
    };
    expect(errorsWith([definition], document)).toEqual([]);
    expect(errorsWith([definition], document, TEST_PROFILE)).toEqual(['structure Bundle.entry[0].resource']);
    const wrong = { ...document, type: 'collection', entry: [{ fullUrl: 'http://a.example/Patient/1', resource: patient({ id: '1' }) }] };
    expect(errorsWith([definition], wrong, TEST_PROFILE)).toContain('invalid Bundle');
  });

  it('one of another version is not known', () => {
    const claimed = (version: string) =>
      patient({ active: true, meta: { profile: [`http://hl7.org/fhir/StructureDefinition/Patient|${version}`] } });
    expect(warningsOf(claimed('4.0.1'))).toEqual([]);
    expect(warningsOf(claimed('4.0'))).toEqual([]);
    expect(warningsOf(claimed('5.0.0'))).toEqual(['structure Patient.meta.profile[0]']);
    expect(errorsOf(claimed('5.0.0'))).toEqual([]);
  });
});
