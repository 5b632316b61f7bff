import { describe, expect, it } from 'vitest';
import { errorsWith } from './issues-of.ts';

const url = 'http://test.example/q';
type Json = Record<string, unknown>;
const questionnaire = (...item: Json[]): Json => ({ resourceType: 'Questionnaire', url, status: 'active', item });
const response = (item: Json[], more: Json = {}): Json => ({
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  questionnaire: url,
  ...(item.length === 0 ? {} : { item }),
  ...more,
});
const answered = (linkId: string, ...answers: Json[]): Json => ({ linkId, answer: answers });
const core = 'http://hl7.org/fhir/StructureDefinition/';
const amount = (value: number, code: string): Json => ({ value, system: 'http://unitsofmeasure.org', code });

describe('a QuestionnaireResponse against its Questionnaire [R4 questionnaireresponse]', () => {
  it.each<[why: string, items: Json[], answers: Json[], errors: string[]]>([
    ['a right answer', [{ linkId: 'a', type: 'string' }], [answered('a', { valueString: 'x' })], []],
    ['a required question without an answer', [{ linkId: 'a', type: 'string', required: true }], [], ['required QuestionnaireResponse']],
    [
      'an item without an answer',
      [{ linkId: 'a', type: 'string', required: true }],
      [{ linkId: 'a' }],
      ['required QuestionnaireResponse.item[0]'],
    ],
    ['an unknown linkId', [{ linkId: 'a', type: 'string' }], [answered('b', { valueString: 'x' })], ['not-found QuestionnaireResponse']],
    [
      'a question in the wrong place',
      [{ linkId: 'g', type: 'group', item: [{ linkId: 'a', type: 'string' }] }],
      [answered('a', { valueString: 'x' })],
      ['structure QuestionnaireResponse'],
    ],
    [
      'the wrong order',
      [
        { linkId: 'a', type: 'string' },
        { linkId: 'b', type: 'string' },
      ],
      [answered('b', { valueString: 'x' }), answered('a', { valueString: 'x' })],
      ['structure QuestionnaireResponse'],
    ],
    [
      'two answers',
      [{ linkId: 'a', type: 'string' }],
      [answered('a', { valueString: 'x' }, { valueString: 'y' })],
      ['invalid QuestionnaireResponse.item[0]'],
    ],
    [
      'two items',
      [{ linkId: 'a', type: 'string' }],
      [answered('a', { valueString: 'x' }), answered('a', { valueString: 'y' })],
      ['invalid QuestionnaireResponse'],
    ],
    [
      'an answer of another type',
      [{ linkId: 'a', type: 'integer' }],
      [answered('a', { valueString: '1' })],
      ['invariant QuestionnaireResponse.item[0].answer[0].value.ofType(string)'],
    ],
    [
      'an answer to a group',
      [{ linkId: 'a', type: 'group' }],
      [answered('a', { valueString: '1' })],
      ['structure QuestionnaireResponse.item[0]'],
    ],
    [
      'an option that is not there',
      [{ linkId: 'a', type: 'choice', answerOption: [{ valueCoding: { system: 'http://s.example', code: '1' } }] }],
      [answered('a', { valueCoding: { system: 'http://s.example', code: '2' } })],
      ['invariant QuestionnaireResponse.item[0].answer[0]'],
    ],
    [
      'a code outside the value set',
      [{ linkId: 'a', type: 'choice', answerValueSet: 'http://hl7.org/fhir/ValueSet/administrative-gender' }],
      [answered('a', { valueCoding: { system: 'http://hl7.org/fhir/administrative-gender', code: 'x' } })],
      ['code-invalid QuestionnaireResponse.item[0].answer[0].value.ofType(Coding)', 'code-invalid QuestionnaireResponse.item[0].answer[0]'],
    ],
    [
      'an option that excludes others, with another',
      [
        {
          linkId: 'a',
          type: 'choice',
          repeats: true,
          answerOption: [
            { valueCoding: { system: 'http://s.example', code: '1' } },
            {
              extension: [{ url: `${core}questionnaire-optionExclusive`, valueBoolean: true }],
              valueCoding: { system: 'http://s.example', code: 'none' },
            },
          ],
        },
      ],
      [
        {
          linkId: 'a',
          answer: [
            { valueCoding: { system: 'http://s.example', code: '1' } },
            { valueCoding: { system: 'http://s.example', code: 'none' } },
          ],
        },
      ],
      ['invariant QuestionnaireResponse.item[0].answer[1]'],
    ],
    [
      'a required group without items',
      [{ linkId: 'a', type: 'group', required: true, item: [{ linkId: 'b', type: 'string' }] }],
      [{ linkId: 'a' }],
      ['invariant QuestionnaireResponse.item[0]'],
    ],
    [
      'a day after the last month',
      [{ linkId: 'a', type: 'date', extension: [{ url: `${core}maxValue`, valueDate: '2022-06' }] }],
      [answered('a', { valueDate: '2022-06-30' })],
      ['invariant QuestionnaireResponse.item[0].answer[0].value.ofType(date)'],
    ],
    [
      'an amount in another unit of the same kind',
      [{ linkId: 'a', type: 'quantity', extension: [{ url: `${core}maxValue`, valueQuantity: amount(5, 'km') }] }],
      [answered('a', { valueQuantity: amount(5001, 'm') })],
      ['invariant QuestionnaireResponse.item[0].answer[0].value.ofType(Quantity)'],
    ],
    [
      'an amount in another unit that is within the bound',
      [{ linkId: 'a', type: 'quantity', extension: [{ url: `${core}maxValue`, valueQuantity: amount(5, 'km') }] }],
      [answered('a', { valueQuantity: amount(4999, 'm') })],
      [],
    ],
    [
      'an amount of another kind',
      [{ linkId: 'a', type: 'quantity', extension: [{ url: `${core}maxValue`, valueQuantity: amount(5, 'km') }] }],
      [answered('a', { valueQuantity: amount(1, 'kg') })],
      ['invariant QuestionnaireResponse.item[0].answer[0].value.ofType(Quantity)'],
    ],
    [
      'free text for an open choice',
      [{ linkId: 'a', type: 'open-choice', answerOption: [{ valueString: 'x' }] }],
      [answered('a', { valueString: 'y' })],
      [],
    ],
    [
      'a text that is too long',
      [{ linkId: 'a', type: 'string', maxLength: 2 }],
      [answered('a', { valueString: 'xyz' })],
      ['invariant QuestionnaireResponse.item[0].answer[0].value.ofType(string)'],
    ],
    [
      'a number that is too high',
      [{ linkId: 'a', type: 'integer', extension: [{ url: `${core}maxValue`, valueInteger: 10 }] }],
      [answered('a', { valueInteger: 11 })],
      ['invariant QuestionnaireResponse.item[0].answer[0].value.ofType(integer)'],
    ],
    [
      'more groups than allowed',
      [
        {
          linkId: 'a',
          type: 'group',
          repeats: true,
          extension: [{ url: `${core}questionnaire-maxOccurs`, valueInteger: 1 }],
          item: [{ linkId: 'b', type: 'string' }],
        },
      ],
      [
        { linkId: 'a', item: [answered('b', { valueString: 'x' })] },
        { linkId: 'a', item: [answered('b', { valueString: 'y' })] },
      ],
      ['invalid QuestionnaireResponse'],
    ],
    [
      'a question below an answer',
      [{ linkId: 'a', type: 'boolean', item: [{ linkId: 'b', type: 'integer', required: true }] }],
      [answered('a', { valueBoolean: true })],
      ['required QuestionnaireResponse.item[0].answer[0]'],
    ],
  ])('%s', (_why, items, answers, errors) => {
    expect(errorsWith([questionnaire(...items)], response(answers))).toEqual(errors);
  });

  it.each([
    ['in-progress', []],
    ['stopped', []],
    ['entered-in-error', []],
    ['completed', ['required QuestionnaireResponse']],
    ['amended', ['required QuestionnaireResponse']],
  ])('lets answers be missing while the response is not complete: %s [R4 questionnaire Questionnaire.item.required]', (status, errors) => {
    const asked = questionnaire({ linkId: 'a', type: 'string', required: true });
    expect(errorsWith([asked], response([], { status }))).toEqual(errors);
  });

  describe('enableWhen', () => {
    const asked = (operator: string, answer: Json) =>
      questionnaire(
        { linkId: 'a', type: 'integer' },
        { linkId: 'b', type: 'string', required: true, enableWhen: [{ question: 'a', operator, ...answer }] },
      );
    it.each<[operator: string, answer: Json, given: number | undefined, enabled: boolean]>([
      ['exists', { answerBoolean: true }, 1, true],
      ['exists', { answerBoolean: true }, undefined, false],
      ['exists', { answerBoolean: false }, undefined, true],
      ['=', { answerInteger: 2 }, 2, true],
      ['=', { answerInteger: 2 }, 3, false],
      ['=', { answerInteger: 2 }, undefined, false],
      ['!=', { answerInteger: 2 }, 3, true],
      ['!=', { answerInteger: 2 }, 2, false],
      ['!=', { answerInteger: 2 }, undefined, false],
      ['>', { answerInteger: 2 }, 3, true],
      ['>', { answerInteger: 2 }, 2, false],
      ['>=', { answerInteger: 2 }, 2, true],
      ['>=', { answerInteger: 2 }, 1, false],
      ['<', { answerInteger: 2 }, 1, true],
      ['<', { answerInteger: 2 }, 2, false],
      ['<=', { answerInteger: 2 }, 2, true],
      ['<=', { answerInteger: 2 }, 3, false],
      ['<=', { answerInteger: 2 }, undefined, false],
    ])('%s %j with the answer %s: enabled %s', (operator, answer, given, enabled) => {
      const first = given === undefined ? [] : [answered('a', { valueInteger: given })];
      const without = errorsWith([asked(operator, answer)], response(first));
      expect(without).toEqual(enabled ? ['required QuestionnaireResponse'] : []);
      const withAnswer = errorsWith([asked(operator, answer)], response([...first, answered('b', { valueString: 'x' })]));
      expect(withAnswer).toEqual(enabled ? [] : [`invalid QuestionnaireResponse.item[${first.length}]`]);
    });

    it.each<[operator: string, given: Json, enabled: boolean]>([
      ['=', { system: 'http://test.example/a', code: 'x' }, true],
      ['=', { system: 'http://test.example/a', code: 'y' }, false],
      ['=', { system: 'http://test.example/b', code: 'x' }, false],
      ['!=', { system: 'http://test.example/a', code: 'x' }, false],
      ['!=', { system: 'http://test.example/b', code: 'x' }, true],
    ])('%s a coding, by system and code: %j, enabled %s', (operator, given, enabled) => {
      const form = questionnaire(
        { linkId: 'a', type: 'open-choice' },
        {
          linkId: 'b',
          type: 'string',
          required: true,
          enableWhen: [{ question: 'a', operator, answerCoding: { system: 'http://test.example/a', code: 'x' } }],
        },
      );
      const without = errorsWith([form], response([answered('a', { valueCoding: given })]));
      expect(without).toEqual(enabled ? ['required QuestionnaireResponse'] : []);
    });
  });
});
