/**
 * The expressions that calculate sum, mean and change of PSFS, evaluated as a form would.
 *
 * Spec: https://hl7.org/fhir/uv/sdc/STU3/expressions.html#calculatedExpression
 */
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { describe, expect, test } from 'vitest';
import { allGenerated } from './profile-rules.ts';

interface Extension {
  readonly url: string;
  readonly valueExpression?: { readonly name?: string; readonly expression: string };
}

interface Item {
  readonly linkId: string;
  readonly extension?: readonly Extension[];
}

const psfs = allGenerated().find(({ resourceType, id }) => resourceType === 'Questionnaire' && id === 'fp-psfs')!;
const items = psfs.item as readonly Item[];
const scoresExpression = (psfs.extension as readonly Extension[])[0]!.valueExpression!.expression;
const score = (value: number): object => ({ linkId: 'activity', item: [{ linkId: 'activity.score', answer: [{ valueInteger: value }] }] });

/** What the form shows in a calculated item: the first value, undefined when it stays empty. */
function calculated(linkId: string, response: object, variables: object = {}): unknown {
  const { expression } = items.find((item) => item.linkId === linkId)!.extension![0]!.valueExpression!;
  const model = r4 as Parameters<typeof fhirpath.evaluate>[3];
  const scores = fhirpath.evaluate(response, scoresExpression, { resource: response }, model);
  const environment = { resource: response, scores, previousMean: [], ...variables };
  return (fhirpath.evaluate(response, expression, environment, model) as unknown[])[0];
}

const response = (...scores: number[]): object => ({ resourceType: 'QuestionnaireResponse', item: scores.map(score) });

describe('PSFS', () => {
  test.each([
    ['one activity', [3], 3, 3],
    ['three activities', [3, 4, 4], 11, 3.67],
    ['five activities', [0, 10, 10, 10, 10], 40, 8],
  ])('sums and averages %s', (_why, scores, total, mean) => {
    expect([calculated('total', response(...scores)), calculated('mean', response(...scores))]).toEqual([total, mean]);
  });

  test('has no mean before a score is given', () => {
    expect(calculated('mean', response())).toBeUndefined();
  });

  test('tells the change from the previous mean, and none at the first conversation', () => {
    const second = { resourceType: 'QuestionnaireResponse', item: [{ linkId: 'mean', answer: [{ valueDecimal: 5.5 }] }] };
    expect(calculated('change', second, { previousMean: 3 })).toBe(2.5);
    expect(calculated('change', second)).toBeUndefined();
  });

  test('a mean of one to five scores is never rounded across the limit of two points', () => {
    const means = [1, 2, 3, 4, 5].flatMap((count) => Array.from({ length: count * 10 + 1 }, (_, total) => total / count));
    const rounded = (mean: number): number => Math.round(mean * 100) / 100;
    const wrong = means.flatMap((before) =>
      means.filter((after) => after - before >= 2 - 1e-9 !== Math.round((rounded(after) - rounded(before)) * 100) / 100 >= 2),
    );
    expect(wrong.length).toBe(0);
  });
});
