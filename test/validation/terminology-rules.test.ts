/**
 * What a code must be besides its binding, decided case by case as HL7's validator decides it.
 *
 * Spec: https://hl7.org/fhir/R4/terminologies.html · https://hl7.org/fhir/R4/datatypes.html#Coding
 */
import { describe, expect, it } from 'vitest';
import { createValidator } from '../../server/validation/create-validator.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { errorsOf } from './issues-of.ts';

const coded = (system: string, code = 'x') => ({ resourceType: 'Basic', code: { coding: [{ system, code }] } });
const measured = (valueQuantity: Record<string, unknown>) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  valueQuantity: { value: 1, ...valueQuantity },
});
const absent = [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }];
const CODING = ['code-invalid Basic.code.coding[0]'];

describe('the system of a code [R4 datatypes#Coding.system]', () => {
  it.each([
    ['http://nowhere.example/codes', []],
    ['urn:oid:1.2.3.4.5.6', []],
    ['1.2.3.4', CODING],
    ['oid:1.2.3.4', ['invalid Basic.code.coding[0].system', ...CODING]],
    ['file:codes', CODING],
    ['http://snomed.info/sct', []],
    ['http://snomed.info/sct/900000000000207008/version/20240101', CODING],
    ['http://loinc.org/', CODING],
    ['https://terminology.hl7.org/CodeSystem/v2-0203', CODING],
    ['http://build.fhir.org/codesystem-usage-context-type.html', CODING],
    ['http://hl7.org/fhir/codesystem-usage-context-type.html', CODING],
    ['http://hl7.org/fhir/sid/icd-10', []],
    ['http://hl7.org/fhir/ValueSet/participant-role', CODING],
  ])('%s', (system, errors) => {
    expect(errorsOf(coded(system))).toEqual(errors);
  });

  it('of an identifier is absolute: a web address, a URN or a directory', () => {
    const identified = (system: string) => ({ resourceType: 'Patient', identifier: [{ system, value: '1' }] });
    for (const system of ['http://x.example', 'urn:oid:1.2.3', 'ldap://x.example/o']) expect(errorsOf(identified(system))).toEqual([]);
    for (const system of ['1.2.3', 'oid:1.2.3', 'foo:bar'])
      expect(errorsOf(identified(system))).toContain('code-invalid Patient.identifier[0]');
  });
});

describe('the unit of a quantity [R4 datatypes#Quantity]', () => {
  it.each([
    [{ system: 'http://unitsofmeasure.org', code: 'mg/dL' }, []],
    [{ system: 'http://unitsofmeasure.org', code: '{score}' }, []],
    [{ system: 'http://unitsofmeasure.org', code: 'whatever' }, ['code-invalid Observation.value.ofType(Quantity)']],
    [{ system: 'http://unitsofmeasure.org', code: 'µg' }, ['code-invalid Observation.value.ofType(Quantity)']],
    [{ system: 'units', code: 'mg' }, ['code-invalid Observation.value.ofType(Quantity)']],
    [{ system: 'http://nowhere.example/units', code: 'mg' }, []],
    [{ unit: 'whatever' }, []],
  ])('%j', (quantity, errors) => {
    expect(errorsOf(measured(quantity))).toEqual(errors);
  });
});

describe('a required binding without a code [R4 terminologies#required]', () => {
  it('is broken by a code that has extensions only', () => {
    expect(errorsOf({ resourceType: 'Patient', _gender: { extension: absent } })).toEqual(['code-invalid Patient.gender']);
    expect(errorsOf({ resourceType: 'Patient', _birthDate: { extension: absent } })).toEqual([]);
  });

  it('is broken by an item of a list that has extensions only, where it stands', () => {
    const allergy = {
      resourceType: 'AllergyIntolerance',
      patient: { display: 'x' },
      category: ['food', null],
      _category: [null, { extension: absent }],
    };
    expect(errorsOf(allergy)).toContain('code-invalid AllergyIntolerance.category[1]');
  });

  it('is broken by a concept with a text or extensions only', () => {
    const allergy = (clinicalStatus: unknown) => ({ resourceType: 'AllergyIntolerance', patient: { display: 'x' }, clinicalStatus });
    const expected = ['code-invalid AllergyIntolerance.clinicalStatus'];
    expect(errorsOf(allergy({ text: 'active' }))).toEqual(expected);
    expect(errorsOf(allergy({ extension: absent }))).toEqual(expected);
  });
});

describe('names of elements in a definition [R4 elementdefinition eld-19]', () => {
  it.each([
    ['Patient.name', false],
    ['Patient.value[x]:one', false],
    ['Patient...name', true],
    ['Patient.a b', true],
  ])('%s', (path, broken) => {
    const definition = {
      resourceType: 'StructureDefinition',
      url: 'http://test.example/x',
      name: 'X',
      status: 'draft',
      kind: 'resource',
      abstract: false,
      type: 'Patient',
      derivation: 'specialization',
      differential: {
        element: [
          { id: 'Patient', path: 'Patient' },
          { id: 'x', path },
        ],
      },
    };
    expect(errorsOf(definition).includes('invariant StructureDefinition.differential.element[1]')).toBe(broken);
  });
});

describe('codes that were right', () => {
  const url = 'http://test.example/codes';
  const coded = (code: string, display?: string, system = url) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system, code, ...(display === undefined ? {} : { display }) }] },
  });
  const codeSystem = (...codes: string[]) => ({
    resourceType: 'CodeSystem',
    url,
    name: 'Codes',
    status: 'active',
    content: 'complete',
    concept: codes.map((code) => ({ code, display: code.toUpperCase() })),
  });

  it('are asked for again when something was added to the terminology', () => {
    const terminology = createTerminology();
    const validator = createValidator({ terminology });
    const rules = (resource: unknown) =>
      validator.validate(resource).flatMap(({ details }) => details?.coding?.map(({ code }) => code) ?? []);
    expect(rules(coded('a'))).toEqual(['dom-6']);
    terminology.add(codeSystem('b'));
    expect(rules(coded('a'))).toEqual(['coding-unknown-code', 'dom-6']);
    terminology.add(codeSystem('a', 'b'));
    expect(rules(coded('a'))).toEqual(['dom-6']);
    expect(terminology.including([codeSystem('c')]).revision).toBe(terminology.revision);
  });

  it('are right with their own system and display only', () => {
    const terminology = createTerminology();
    terminology.add(codeSystem('a'));
    const validator = createValidator({ terminology });
    const rules = (resource: unknown) =>
      validator.validate(resource).flatMap(({ details }) => details?.coding?.map(({ code }) => code) ?? []);
    expect(rules(coded('a', 'A'))).toEqual(['dom-6']);
    expect(rules(coded('a', 'B'))).toEqual(['coding-display', 'dom-6']);
    expect(rules(coded('a', 'A', 'http://hl7.org/fhir/administrative-gender'))).toEqual(['coding-unknown-code', 'dom-6']);
    expect(rules(coded('a', 'A'))).toEqual(['dom-6']);
  });
});
