import { describe, expect, it } from 'vitest';
import { ExactDecimal } from '../../server/fhir/json.ts';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { errorsOf, errorsWith, warningsOf } from './issues-of.ts';

const url = 'http://test.example/extension';
const mark = { url, valueString: 'a' };
/** An extension with a string, allowed where `more` says. */
const definition = (more: Record<string, unknown>) => ({
  resourceType: 'StructureDefinition',
  url,
  name: 'Mark',
  status: 'active',
  kind: 'complex-type',
  abstract: false,
  type: 'Extension',
  baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Extension',
  derivation: 'constraint',
  differential: { element: [{ id: 'Extension.value[x]', path: 'Extension.value[x]', type: [{ code: 'string' }] }] },
  ...more,
});
const at = (type: string, expression: string, ...contextInvariant: string[]) =>
  definition({ context: [{ type, expression }], ...(contextInvariant.length === 0 ? {} : { contextInvariant }) });

describe('where an extension may stand, said in FHIRPath [R4 defining-extensions#context]', () => {
  const official = at('fhirpath', "Patient.identifier.where(use = 'official')");
  const identifiers = (...uses: string[]) => ({
    resourceType: 'Patient',
    identifier: uses.map((use) => ({ use, value: '1', extension: [{ ...mark }] })),
  });

  it('on the elements that the expression selects, and on no other', () => {
    expect(errorsWith([official], identifiers('official'))).toEqual([]);
    expect(errorsWith([official], identifiers('official', 'usual'))).toEqual(['structure Patient.identifier[1]']);
    expect(errorsWith([official], { resourceType: 'Patient', extension: [mark] })).toEqual(['structure Patient']);
  });

  it('on a primitive', () => {
    const onBirth = at('fhirpath', 'Patient.birthDate');
    expect(errorsWith([onBirth], { resourceType: 'Patient', birthDate: '2000', _birthDate: { extension: [mark] } })).toEqual([]);
    expect(errorsWith([onBirth], { resourceType: 'Patient', gender: 'male', _gender: { extension: [mark] } })).toEqual([
      'structure Patient.gender',
    ]);
  });

  it('on the resource, also as an entry of a Bundle', () => {
    const onActive = at('fhirpath', 'Patient.where(active = true)');
    const entry = (active: boolean) => ({
      fullUrl: `urn:uuid:8d1a3a2e-0000-4000-8000-00000000000${active ? 1 : 2}`,
      resource: { resourceType: 'Patient', active, extension: [{ ...mark }] },
    });
    expect(errorsWith([onActive], { resourceType: 'Bundle', type: 'collection', entry: [entry(true), entry(false)] })).toEqual([
      'structure Bundle.entry[1].resource',
    ]);
  });

  it('in a resource with decimals kept as they are written', () => {
    const onLow = at('fhirpath', 'Observation.referenceRange.low');
    const quantity = { value: new ExactDecimal('1.10'), extension: [{ ...mark }] };
    const resource = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      referenceRange: [{ low: quantity, high: { ...quantity, extension: [{ ...mark }] } }],
    };
    expect(errorsWith([onLow], resource)).toEqual(['structure Observation.referenceRange[0].high']);
  });

  it('nowhere when the expression cannot be evaluated', () => {
    expect(errorsWith([at('fhirpath', 'Patient.((')], { resourceType: 'Patient', extension: [mark] })).toEqual(['structure Patient']);
  });
});

describe('rules of the use of an extension [R4 contextInvariant]', () => {
  it('hold for the element that holds it, with %extension and %resource', () => {
    const ruled = at('element', 'Patient.contact', 'name.exists()', "%extension.value = 'a' or %resource.active");
    const contact = (more: object, valueString = 'a') => ({
      resourceType: 'Patient',
      contact: [{ telecom: [{ value: '1', system: 'phone' }], ...more, extension: [{ url, valueString }] }],
    });
    expect(errorsWith([ruled], contact({ name: { text: 'x' } }))).toEqual([]);
    expect(errorsWith([ruled], contact({}))).toEqual(['structure Patient.contact[0]']);
    expect(errorsWith([ruled], contact({ name: { text: 'x' } }, 'b'))).toEqual(['structure Patient.contact[0]']);
    expect(errorsWith([ruled], { ...contact({ name: { text: 'x' } }, 'b'), active: true })).toEqual([]);
  });

  it('hold for a primitive', () => {
    const ruled = at('element', 'Patient.birthDate', "$this > @2000-01-01 and %extension.value = 'a'");
    const born = (birthDate: string) => ({ resourceType: 'Patient', birthDate, _birthDate: { extension: [mark] } });
    expect(errorsWith([ruled], born('2001-01-01'))).toEqual([]);
    expect(errorsWith([ruled], born('1999-01-01'))).toEqual(['structure Patient.birthDate']);
  });
});

describe('how many times an extension may stand on an element [R4 defining-extensions#cardinality]', () => {
  const core = 'http://hl7.org/fhir/StructureDefinition';
  const nullFlavor = { url: `${core}/data-absent-reason`, valueCode: 'unknown' };
  const translation = (content: string) => ({
    url: `${core}/translation`,
    extension: [
      { url: 'lang', valueCode: 'nn' },
      { url: 'content', valueString: content },
    ],
  });
  const born = (city: string) => ({ url: `${core}/patient-birthPlace`, valueAddress: { city } });

  it.each<[why: string, more: Record<string, unknown>, warnings: string[]]>([
    ['once', { extension: [born('Bø')] }, []],
    ['more often than it may, on a resource', { extension: [born('Bø'), born('Oslo')] }, ['structure Patient']],
    ['more often than it may, on an element', { name: [{ extension: [nullFlavor, nullFlavor] }] }, ['structure Patient.name[0]']],
    ['more often than it may, on a primitive', { _birthDate: { extension: [nullFlavor, nullFlavor] } }, ['structure Patient.birthDate']],
    ['on each of several elements', { name: [{ extension: [nullFlavor] }, { extension: [nullFlavor] }] }, []],
    ['often, as it may', { name: [{ family: 'a', _family: { extension: [translation('b'), translation('c')] } }] }, []],
    ['often, not being known', { extension: [mark, mark] }, []],
  ])('%s', (_why, more, warnings) => {
    expect(warningsOf({ resourceType: 'Patient', ...more })).toEqual(warnings);
    expect(errorsOf({ resourceType: 'Patient', ...more })).toEqual([]);
  });
});

describe('extensions that are met again', () => {
  it.each<[why: string, more: Record<string, unknown>, errors: string[]]>([
    ['is right where it may stand', { extension: [mark] }, []],
    ['is wrong beside it', { name: [{ family: 'a', extension: [mark] }] }, ['structure Patient.name[0]']],
    [
      'is wrong as a modifier',
      { modifierExtension: [mark] },
      ["structure Patient.modifierExtension[0][url='http://test.example/extension']"],
    ],
    ['is wrong with another value', { extension: [{ url, valueInteger: 1 }] }, ['structure Patient.extension[0]']],
  ])('what %s is told so each time', (_why, more, errors) => {
    const validator = createValidator({ terminology: createTerminology(), resources: [at('element', 'Patient')] });
    const told = (resource: Record<string, unknown>) =>
      validator
        .validate(resource)
        .filter(({ severity }) => severity === 'error')
        .map((issue) => `${issue.code} ${issue.expression?.[0]}`);
    const right = { resourceType: 'Patient', extension: [{ ...mark }] };
    const tried = { resourceType: 'Patient', ...more };
    expect([told(tried), told(right), told(tried), told(right), told(tried)]).toEqual([errors, [], errors, [], errors]);
  });
});
