/**
 * People and organisations valid for our profiles are valid for no-basis 2.2.2: whatever no-basis demands beyond R4
 * is refused by ours too. One row per demand; no-basis itself is not needed to run this.
 *
 * Spec: https://simplifier.net/hl7norwayno-basis · profiles/README.md
 */
import { describe, expect, test } from 'vitest';
import { isErrorIssue } from '../../server/fhir/outcome.ts';
import { allGenerated } from './profile-rules.ts';
import { validator } from './profile-validator.ts';

const errorsOf = (resource: unknown): string[] =>
  validator
    .validate(resource)
    .filter(isErrorIssue)
    .map((issue) => `${issue.code} ${issue.expression?.[0]}`);

const id = (number: string): string => `urn:oid:2.16.578.1.12.4.1.4.${number}`;
const list = (number: string): string => `urn:oid:2.16.578.1.12.4.1.1.${number}`;
const concept = (number: string): object => ({ coding: [{ system: list(number), display: 'uten kode' }] });
const kin = (system: string): object => ({ coding: [{ system: `http://hl7.no/fhir/CodeSystem/no-basis-${system}`, code: 'nabo' }] });
const hnr = { type: { coding: [{ system: list('8327'), code: 'HNR' }] }, system: 'HNR', value: '123', assigner: { display: 'Sykehuset' } };

type Row = readonly [demand: string, type: string, element: string, value: object, error: string];

/** What no-basis demands, the element of the minimal example that gets one more value, the value, and the error of ours. */
const DEMANDS: readonly Row[] = [
  ['a fødselsnummer has a value', 'Patient', 'identifier', { system: id('1') }, 'structure Patient.identifier[1]'],
  ['a D-number has a value', 'Patient', 'identifier', { system: id('2') }, 'structure Patient.identifier[1]'],
  ['a felles hjelpenummer has a value', 'Patient', 'identifier', { system: id('3') }, 'structure Patient.identifier[1]'],
  ['an H-number has a value', 'Patient', 'identifier', { ...hnr, value: undefined }, 'structure Patient.identifier[1]'],
  ['an H-number has an assigner', 'Patient', 'identifier', { ...hnr, assigner: undefined }, 'structure Patient.identifier[1]'],
  [
    'the type of an H-number is from list 8327',
    'Patient',
    'identifier',
    { ...hnr, type: { coding: [{ system: 'https://annet.example', code: 'HNR' }] } },
    'value Patient.identifier[1].type.coding[0].system',
  ],
  [
    'the type of an H-number is HNR',
    'Patient',
    'identifier',
    { ...hnr, type: { coding: [{ system: list('8327'), code: 'FNR' }] } },
    'value Patient.identifier[1].type.coding[0].code',
  ],
  ['an HPR number has a value', 'Practitioner', 'identifier', { system: id('4') }, 'structure Practitioner.identifier[1]'],
  ['a fødselsnummer of personnel has a value', 'Practitioner', 'identifier', { system: id('1') }, 'structure Practitioner.identifier[1]'],
  ['a D-number of personnel has a value', 'Practitioner', 'identifier', { system: id('2') }, 'structure Practitioner.identifier[1]'],
  ['a fødselsnummer of a person has a value', 'Person', 'identifier', { system: id('1') }, 'structure Person.identifier[1]'],
  ['a D-number of a person has a value', 'Person', 'identifier', { system: id('2') }, 'structure Person.identifier[1]'],
  ...['9060', '7704', '7426'].map((number): Row => {
    const qualification = { code: concept(number) };
    const error = 'structure Practitioner.qualification[0].code.coding[0]';
    return [`a qualification from list ${number} has a code`, 'Practitioner', 'qualification', qualification, error];
  }),
  ['a function from list 9034 has a code', 'PractitionerRole', 'code', concept('9034'), 'structure PractitionerRole.code[1].coding[0]'],
  [
    'a field from list 8451 has a code',
    'PractitionerRole',
    'specialty',
    concept('8451'),
    'structure PractitionerRole.specialty[0].coding[0]',
  ],
  ['an organisasjonsnummer has a value', 'Organization', 'identifier', { system: id('101') }, 'structure Organization.identifier[1]'],
  ['a RESH id has a value', 'Organization', 'identifier', { system: id('102') }, 'structure Organization.identifier[1]'],
  ['a type from list 8628 has a code', 'Organization', 'type', concept('8628'), 'structure Organization.type[0].coding[0]'],
  ['a type from list 8624 has a code', 'Organization', 'type', concept('8624'), 'structure Organization.type[0].coding[0]'],
  ['a fødselsnummer of kin has a value', 'RelatedPerson', 'identifier', { system: id('1') }, 'structure RelatedPerson.identifier[0]'],
  ['a D-number of kin has a value', 'RelatedPerson', 'identifier', { system: id('2') }, 'structure RelatedPerson.identifier[0]'],
  ['a family relation is in its list', 'RelatedPerson', 'relationship', kin('family-relation'), 'invariant RelatedPerson'],
  ['a marital status is in its list', 'RelatedPerson', 'relationship', kin('marital-status'), 'invariant RelatedPerson'],
  ['parental responsibility is in its list', 'RelatedPerson', 'relationship', kin('parental-responsibility'), 'invariant RelatedPerson'],
];

describe('what no-basis demands, ours demands too', () => {
  test.each(DEMANDS)('%s', (_demand, type, element, value, error) => {
    const example = allGenerated().find(({ resourceType, id }) => resourceType === type && id?.endsWith('-minimal'))!;
    const values = Array.isArray(example[element]) ? example[element] : [];
    const broken = JSON.parse(JSON.stringify({ ...example, [element]: [...values, value] })) as object;
    expect(errorsOf(example)).toEqual([]);
    expect(errorsOf(broken)).toContain(error);
  });

  test('an H-number that is whole is accepted', () => {
    const patient = allGenerated().find(({ id }) => id === 'patient-minimal')!;
    expect(errorsOf({ ...patient, identifier: [...(patient.identifier as object[]), hnr] })).toEqual([]);
  });
});
