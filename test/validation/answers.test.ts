import { describe, expect, it } from 'vitest';
import { errorsWith } from './issues-of.ts';

type Json = Record<string, unknown>;

const url = 'http://test.example/q';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const GENDERS = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const extension = (name: string, value: Json): Json => ({ url: CORE + name, ...value });

/** The errors of one answer to one question, below the answer. */
function errorsOf(item: Json, answer: Json, wrongDisplays: 'error' | 'warning' = 'warning'): string[] {
  const questionnaire = { resourceType: 'Questionnaire', url, status: 'active', item: [{ linkId: 'a', ...item }] };
  const response = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: url,
    item: [{ linkId: 'a', answer: [answer] }],
  };
  return errorsWith([questionnaire], response, { wrongDisplays }).map((error) =>
    error.replace('QuestionnaireResponse.item[0].answer[0]', '@'),
  );
}

describe('an answer with a file', () => {
  const pictures = {
    type: 'attachment',
    extension: [
      extension('mimeType', { valueCode: 'image/*' }),
      extension('mimeType', { valueCode: 'application/pdf' }),
      extension('maxSize', { valueDecimal: 6 }),
    ],
  };
  it.each<[why: string, file: Json, errors: string[]]>([
    ['of a type that is asked for', { contentType: 'application/pdf', data: 'AAAA' }, []],
    ['of a kind that is asked for, with parameters', { contentType: 'image/png; x=y', data: 'AAAA' }, []],
    ['of another type', { contentType: 'text/plain', data: 'AAAA' }, ['required @']],
    ['as large as may be', { contentType: 'image/png', data: 'AAAAAAAA' }, []],
    ['that is too large', { contentType: 'image/png', data: 'AAAAAAAAAAAA' }, ['required @']],
    ['that says it is too large', { contentType: 'image/png', url: 'https://x.example/a', size: 7 }, ['required @']],
    ['of a size that nothing tells', { contentType: 'image/png', url: 'https://x.example/a' }, []],
  ])('%s', (_why, valueAttachment, errors) => {
    expect(errorsOf(pictures, { valueAttachment })).toEqual(errors);
  });
});

describe('an answer that refers to a resource', () => {
  const person = { type: 'reference', extension: [extension('questionnaire-referenceResource', { valueCode: 'Patient' })] };
  it.each<[why: string, item: Json, reference: string, errors: string[]]>([
    ['of the type asked for', person, 'Patient/1', []],
    ['of that type elsewhere', person, 'https://x.example/fhir/Patient/1', []],
    ['of another type', person, 'Device/1', ['invariant @.value.ofType(Reference)']],
    ['of any type where none is asked for', { type: 'reference' }, 'Device/1', []],
    ['that tells no type', person, 'urn:uuid:0f6c1d52-51a2-4b9c-9a3e-6a4e5b1c2d01', []],
  ])('%s', (_why, item, reference, errors) => {
    expect(errorsOf(item, { valueReference: { reference } })).toEqual(errors);
  });
});

describe('an answer in a format', () => {
  const code = { type: 'string', extension: [extension('regex', { valueString: '[A-Z]{2}' })] };
  it.each<[text: string, errors: string[]]>([
    ['AB', []],
    ['ab', ['invariant @.value.ofType(string)']],
  ])('%s', (valueString, errors) => {
    expect(errorsOf(code, { valueString })).toEqual(errors);
  });
});

describe('a coded answer from a value set', () => {
  const coding = (more: Json): Json => ({ valueCoding: { system: 'http://hl7.org/fhir/administrative-gender', ...more } });
  const choice = { type: 'choice', answerValueSet: GENDERS };
  const open = { type: 'open-choice', answerValueSet: GENDERS };

  it('is one of its codes', () => {
    expect(errorsOf(choice, coding({ code: 'female' }))).toEqual([]);
    expect(errorsOf(choice, { valueCoding: { code: 'x' } })).toEqual(['code-invalid @']);
    expect(errorsOf(open, { valueCoding: { system: 'http://hl7.org/fhir/goal-status', code: 'planned' } })).toEqual(['code-invalid @']);
  });

  it('may be a word of the answerer where the choice is open', () => {
    expect(errorsOf(open, { valueCoding: { code: 'x' } })).toEqual([]);
  });

  it('has a display of its code where that is taken for an error', () => {
    const wrong = coding({ code: 'female', display: 'Male' });
    expect(errorsOf(choice, wrong)).toEqual([]);
    expect(errorsOf(choice, wrong, 'error')).toContain('code-invalid @');
    expect(errorsOf(choice, coding({ code: 'female', display: 'Female' }), 'error')).toEqual([]);
  });
});
