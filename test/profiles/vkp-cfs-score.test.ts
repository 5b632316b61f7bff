/**
 * The CFS scores of the project are valid for the Norwegian CFS observation profile of VKP as well. What is public of
 * its rules is written here as a profile: the code, the category, and a quantity from 1 to 9.
 *
 * Spec: https://hl7.org/fhir/R4/profiling.html
 */
import { describe, expect, test } from 'vitest';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import { isObject, type Resource } from '../../server/fhir/resource.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { resourcesOf, SETS } from '../demo/bundles.ts';
import { allGenerated } from './profile-rules.ts';

const VKP = 'http://hl7.no/fhir/vkpobservation/StructureDefinition/vkp-Observation-CFSscore';
const OURS = 'https://fellesplan.example/fhir/StructureDefinition/fp-cfs-score';
const SURVEY = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'survey' }] };
const SCORE = { coding: [{ system: 'http://snomed.info/sct', code: '763264000' }] };

const element = (id: string, rules: object): object => ({ id: `Observation${id}`, path: `Observation${id.replace(/:\w+/, '')}`, ...rules });
const profile = {
  resourceType: 'StructureDefinition',
  url: VKP,
  name: 'VkpObservationCfsScore',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type: 'Observation',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Observation',
  derivation: 'constraint',
  differential: {
    element: [
      element('', {}),
      element('.category', { min: 1, slicing: { discriminator: [{ type: 'pattern', path: '$this' }], rules: 'open' } }),
      element('.category:survey', { sliceName: 'survey', min: 1, max: '1', patternCodeableConcept: SURVEY }),
      element('.code', { patternCodeableConcept: SCORE }),
      element('.value[x]', { min: 1, type: [{ code: 'Quantity' }] }),
      element('.value[x].value', { min: 1, minValueDecimal: 1, maxValueDecimal: 9 }),
    ],
  },
};
const validator = createValidator({ terminology: createTerminology(), resources: [profile] });

const scoresIn = (resources: readonly Resource[]): Resource[] => resources.filter(({ meta }) => meta?.profile?.includes(OURS));
const errorsOf = (score: unknown): string[] =>
  validator
    .validate(score, { profiles: [VKP] })
    .filter(isErrorIssue)
    .map((issue) => `${issue.code} ${issue.expression?.[0]}`);

const examples = scoresIn(allGenerated());
const demo = SETS.flatMap((set) => scoresIn(resourcesOf(set)).map((score) => ({ set, id: score.id, score })));

describe('a CFS score is valid for the Norwegian profile too', () => {
  test('there are scores among the examples and in the demo', () => {
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(demo.length).toBeGreaterThan(0);
  });

  test.each(examples)('the example $id', (score) => {
    expect(errorsOf(score)).toEqual([]);
  });

  test.each(demo)('$id of the demo ($set)', ({ score }) => {
    expect(errorsOf(score)).toEqual([]);
  });
});

describe('the Norwegian profile refuses', () => {
  const [example] = examples;
  const quantity = isObject(example?.valueQuantity) ? example.valueQuantity : {};

  test.each([
    ['a score above 9', { valueQuantity: { ...quantity, value: 10 } }, 'invalid Observation.value.ofType(Quantity).value'],
    ['a score below 1', { valueQuantity: { ...quantity, value: 0 } }, 'invalid Observation.value.ofType(Quantity).value'],
    ['no score', { valueQuantity: undefined }, 'structure Observation'],
    ['another code', { code: { coding: [{ system: 'http://snomed.info/sct', code: '445414007' }] } }, 'value Observation.code'],
    ['another category', { category: [{ text: 'annet' }] }, 'structure Observation'],
  ])('%s', (_what, change, error) => {
    expect(errorsOf(JSON.parse(JSON.stringify({ ...example, ...change })))).toContain(error);
  });
});
