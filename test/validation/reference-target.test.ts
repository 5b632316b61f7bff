import { describe, expect, it } from 'vitest';
import { errorsOf, errorsWith, profile, TEST_PROFILE } from './issues-of.ts';

const path = 'Patient.managingOrganization';
const organization = (id: string) => ({ resourceType: 'Organization', id, name: 'O' });
const withType = (more: object) =>
  profile('Patient', [
    { path, type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Organization'], ...more }] },
  ]);
const patient = (reference: string) => ({ resourceType: 'Patient', managingOrganization: { reference } });
const contained = { ...patient('#o'), contained: [organization('o')] };
const META = { meta: { profile: TEST_PROFILE.profiles } };
const bundle = (reference: string) => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { fullUrl: 'https://s.example/Patient/p', resource: { ...patient(reference), id: 'p', ...META } },
    { fullUrl: 'https://s.example/Organization/o', resource: organization('o') },
  ],
});

describe('where the target of a reference stands [R4 valueset-resource-aggregation-mode]', () => {
  it.each<[allowed: string[], inside: boolean, outside: boolean, sameBundle: boolean]>([
    [['contained'], true, false, false],
    [['referenced'], false, true, true],
    [['bundled'], false, false, true],
    [['contained', 'bundled'], true, false, true],
    [['contained', 'referenced', 'bundled'], true, true, true],
  ])('%j', (aggregation, inside, outside, sameBundle) => {
    const definition = withType({ aggregation });
    const errors = (isAllowed: boolean, at: string) => (isAllowed ? [] : [`structure ${at}`]);
    expect(errorsWith([definition], contained, TEST_PROFILE)).toEqual(errors(inside, path));
    expect(errorsWith([definition], patient('Organization/o'), TEST_PROFILE)).toEqual(errors(outside, path));
    const entry = 'Bundle.entry[0].resource.managingOrganization';
    expect(errorsWith([definition], bundle('Organization/o'))).toEqual(errors(sameBundle, entry));
    expect(errorsWith([definition], bundle('https://other.example/Organization/o'))).toEqual(errors(outside, entry));
  });

  it('says nothing of a reference without a text', () => {
    const logical = { resourceType: 'Patient', managingOrganization: { display: 'O' } };
    expect(errorsWith([withType({ aggregation: ['contained'] })], logical, TEST_PROFILE)).toEqual([]);
  });
});

describe('what references lead to outside the content, when it is given', () => {
  const own = profile('Organization', [{ path: 'Organization.alias', min: 1 }], { url: 'http://test.example/organization' });
  const definitions = [own, withType({ targetProfile: ['http://test.example/organization'] })];

  it('conforms to a profile that the element allows', () => {
    const errors = (target: object | null) =>
      errorsWith(definitions, patient('Organization/o'), { ...TEST_PROFILE, stored: new Map([['Organization/o', target as never]]) });
    expect(errors({ ...organization('o'), alias: ['A'] })).toEqual([]);
    expect(errors(organization('o'))).toEqual([`structure ${path}`]);
    expect(errors(null)).toEqual([`not-found ${path}`]);
  });
});

describe('a target that claims a profile that the element allows', () => {
  const OWN = 'http://test.example/organization';
  const definitions = [profile('Organization', [{ path: 'Organization.alias', min: 1 }], { url: OWN }), withType({ targetProfile: [OWN] })];
  const claiming = { ...organization('o'), meta: { profile: [OWN] } };
  const sent = (target: object) => {
    const { entry, ...whole } = bundle('Organization/o');
    return { ...whole, entry: [entry[0], { fullUrl: 'https://s.example/Organization/o', resource: target }] };
  };
  const reference = 'Bundle.entry[0].resource.managingOrganization';

  it('is told of once, where it stands', () => {
    expect(errorsWith(definitions, sent(claiming))).toEqual(['structure Bundle.entry[1].resource']);
    expect(errorsWith(definitions, { ...patient('#o'), contained: [claiming] }, TEST_PROFILE)).toEqual(['structure Patient.contained[0]']);
  });

  it('is told of at the reference when nothing else holds it against the profile', () => {
    expect(errorsWith(definitions, sent(organization('o')))).toEqual([`structure ${reference}`]);
    expect(errorsWith(definitions, sent({ ...claiming, meta: { profile: ['http://test.example/other'] } }))).toEqual([
      `structure ${reference}`,
    ]);
    const stored = new Map([['Organization/o', claiming as never]]);
    expect(errorsWith(definitions, patient('Organization/o'), { ...TEST_PROFILE, stored })).toEqual([`structure ${path}`]);
  });
});

describe('whether a reference names a version [R4 valueset-reference-version-rules]', () => {
  it.each<[versioning: string, reference: string, errors: string[]]>([
    ['specific', 'Organization/o/_history/1', []],
    ['specific', 'Organization/o', [`structure ${path}`]],
    ['specific', 'https://s.example/fhir/Organization/o', [`structure ${path}`]],
    ['independent', 'Organization/o', []],
    ['independent', 'https://s.example/fhir/Organization/o/_history/1', [`structure ${path}`]],
    ['either', 'Organization/o', []],
    ['either', 'Organization/o/_history/1', []],
  ])('%s: %s', (versioning, reference, errors) => {
    expect(errorsWith([withType({ versioning })], patient(reference), TEST_PROFILE)).toEqual(errors);
  });

  it('asks no version of what cannot have one', () => {
    expect(errorsWith([withType({ versioning: 'specific' })], contained, TEST_PROFILE)).toEqual([]);
  });
});

describe('the type that a reference states [R4 references#Reference.type]', () => {
  const stated = (type: string) => ({ resourceType: 'Patient', managingOrganization: { reference: 'Organization/o', type } });

  it('is that of what it points at', () => {
    expect(errorsOf(stated('Organization'))).toEqual([]);
    expect(errorsOf(stated('Patient'))).toEqual([`structure ${path}`]);
    expect(errorsOf({ resourceType: 'Patient', managingOrganization: { type: 'Patient' } })).toEqual([`structure ${path}`]);
  });
});
