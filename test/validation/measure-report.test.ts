/**
 * A report against its measure.
 *
 * Spec: https://hl7.org/fhir/R4/measurereport.html
 */
import { describe, expect, it } from 'vitest';
import { errorsWith } from './issues-of.ts';

type Json = Record<string, unknown>;

const MEASURE = 'http://test.example/measure';
const coded = (code: string) => ({ coding: [{ system: 'http://test.example/codes', code }] });
const scored = (code: string) => ({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-scoring', code }] });
const measure = (group: readonly Json[], more: Json = {}) => ({
  resourceType: 'Measure',
  id: 'm',
  url: MEASURE,
  status: 'active',
  group,
  ...more,
});
const report = (group: readonly Json[], more: Json = {}) => ({
  resourceType: 'MeasureReport',
  status: 'complete',
  type: 'summary',
  measure: MEASURE,
  period: { start: '2026-01-01', end: '2026-02-01' },
  group,
  ...more,
});
const population = (code: string, more: Json = {}) => ({ code: coded(code), ...more });

describe('the groups of a report [R4 MeasureReport.group]', () => {
  it('the only one may go without a code', () => {
    const measures = [measure([{ code: coded('g') }])];
    expect(errorsWith(measures, report([{}]))).toEqual(['invalid MeasureReport.group[0]']);
    expect(errorsWith(measures, report([{ code: coded('g') }]))).toEqual([]);
    expect(errorsWith(measures, report([{ code: coded('x') }]))).toEqual(['business-rule MeasureReport.group[0]']);
  });

  it('several are told apart by code, and none is missing', () => {
    const measures = [measure([{ code: coded('a') }, { code: coded('b') }])];
    expect(errorsWith(measures, report([{ code: coded('b') }, { code: coded('a') }]))).toEqual([]);
    expect(errorsWith(measures, report([{ code: coded('a') }, { code: coded('a') }]))).toEqual([
      'business-rule MeasureReport.group[1]',
      'business-rule MeasureReport',
    ]);
    const { group: _none, ...bare } = report([]);
    expect(errorsWith(measures, { ...bare, type: 'data-collection' })).toEqual([]);
    expect(errorsWith(measures, bare)).toEqual(['business-rule MeasureReport', 'business-rule MeasureReport']);
  });

  it('each has the populations and stratifiers of the measure; only a subject-list lists subjects', () => {
    const measures = [measure([{ population: [population('p', { criteria: EXPRESSION })], stratifier: [{ code: coded('s') }] }])];
    const group = (one: Json) => [{ population: [one], stratifier: [{ code: [coded('s')] }] }];
    const subjectResults = { reference: 'List/l' };
    expect(errorsWith(measures, report(group(population('p'))))).toEqual([]);
    expect(errorsWith(measures, report(group(population('p', { subjectResults })), { type: 'subject-list' }))).toEqual([]);
    expect(errorsWith(measures, report(group(population('p', { subjectResults }))))).toEqual([
      'business-rule MeasureReport.group[0].population[0]',
    ]);
    expect(errorsWith(measures, report(group({ count: 1 })))).toEqual([
      'business-rule MeasureReport.group[0].population[0]',
      'business-rule MeasureReport.group[0]',
    ]);
  });
});

const EXPRESSION = { language: 'text/fhirpath', expression: 'true' };

describe('the score of a group [R4 measure-scoring]', () => {
  it.each<[scoring: string, score: Json | undefined, errors: string[]]>([
    ['cohort', undefined, []],
    ['cohort', { value: 1 }, ['business-rule MeasureReport.group[0].measureScore']],
    ['proportion', undefined, ['required MeasureReport.group[0]']],
    ['proportion', { value: 0.5 }, []],
    ['proportion', { value: 1.5 }, ['required MeasureReport.group[0].measureScore.value']],
    ['proportion', { value: 1, unit: 'x' }, ['business-rule MeasureReport.group[0].measureScore.unit']],
    ['ratio', { unit: 'x' }, ['required MeasureReport.group[0].measureScore']],
    ['ratio', { value: 3 }, []],
  ])('%s: %j', (scoring, measureScore, errors) => {
    const measures = [measure([{ code: coded('g') }], { scoring: scored(scoring) })];
    const group = { code: coded('g'), ...(measureScore === undefined ? {} : { measureScore }) };
    expect(errorsWith(measures, report([group]))).toEqual(errors);
  });

  it('has the unit that the measure asks for', () => {
    const unit = { system: 'http://unitsofmeasure.org', code: 'd' };
    const extension = [{ url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit', valueCoding: unit }];
    const measures = [measure([{ code: coded('g') }], { scoring: scored('continuous-variable'), extension })];
    const errors = (score: Json) => errorsWith(measures, report([{ code: coded('g'), measureScore: { value: 2, ...score } }]));
    expect(errors(unit)).toEqual([]);
    expect(errors({ ...unit, code: 'h' })).toEqual(['code-invalid MeasureReport.group[0].measureScore.code']);
    expect(errors({})).toEqual(['not-found MeasureReport.group[0].measureScore']);
  });
});
