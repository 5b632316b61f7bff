import { describe, expect, it } from 'vitest';
import { errorsOf } from './issues-of.ts';

const patient = (more: Record<string, unknown>): Record<string, unknown> => ({ resourceType: 'Patient', active: true, ...more });

describe('the shape of JSON [R4 json]', () => {
  it.each<[why: string, resource: unknown, errors: string[]]>([
    ['a right resource', patient({ name: [{ family: 'Nordmann' }] }), []],
    ['no object', 'Patient', ['invalid']],
    ['no resourceType', { id: '1' }, ['invalid']],
    ['an unknown resourceType', { resourceType: 'Patients' }, ['invalid Patients']],
    ['an abstract resourceType', { resourceType: 'DomainResource' }, ['invalid DomainResource']],
    ['an unknown property', patient({ nickname: 'x' }), ['structure Patient']],
    ['an unknown property further in', patient({ name: [{ first: 'x' }] }), ['structure Patient.name[0]']],
    ['a value where an array belongs', patient({ name: { family: 'x' } }), ['invalid Patient.name']],
    ['an array where a value belongs', patient({ birthDate: ['2000'] }), ['invalid Patient.birthDate']],
    ['an empty array', patient({ name: [] }), ['invalid Patient.name']],
    ['an empty object', patient({ name: [{}] }), ['invalid Patient.name[0]']],
    ['a text where an object belongs', patient({ name: ['Nordmann'] }), ['invalid Patient.name[0]']],
    ['null as a value', patient({ gender: null }), ['invalid Patient.gender']],
    ['null in an array', patient({ name: [{ given: ['a', null] }] }), ['invalid Patient.name[0].given']],
    ['only null in an array', patient({ name: [{ given: [null] }] }), ['invalid Patient.name[0].given']],
    ['null beside an extension', patient({ name: [{ given: ['a', null], _given: [null, { id: 'b' }] }] }), []],
    ['a partner without a value', patient({ _birthDate: { id: 'b' } }), []],
    ['a partner for what is no primitive', patient({ _name: [{ id: 'n' }] }), ['structure Patient']],
    ['two types of a choice', patient({ deceasedBoolean: true, deceasedDateTime: '2020' }), ['structure Patient']],
    ['a type that the choice does not have', patient({ deceasedString: 'yes' }), ['structure Patient']],
    ['a missing element', { resourceType: 'Observation', status: 'final' }, ['structure Observation']],
    ['a missing element further in', patient({ link: [{ type: 'seealso' }] }), ['structure Patient.link[0]']],
    [
      'a contained resource',
      patient({ contained: [{ resourceType: 'Organization', id: 'o', name: 5 }], managingOrganization: { reference: '#o' } }),
      ['invalid Patient.contained[0].name'],
    ],
    [
      'children of a contentReference',
      { resourceType: 'Questionnaire', status: 'draft', item: [{ linkId: '1', type: 'group', item: [{ type: 'display', text: 'x' }] }] },
      ['structure Questionnaire.item[0].item[0]'],
    ],
    [
      'a resource in a Bundle',
      {
        resourceType: 'Bundle',
        type: 'collection',
        entry: [{ fullUrl: 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0', resource: patient({ gender: 'x' }) }],
      },
      ['code-invalid Bundle.entry[0].resource.gender'],
    ],
  ])('%s', (_why, resource, errors) => {
    expect(errorsOf(resource)).toEqual(errors);
  });
});

describe('primitives [R4 datatypes#primitive]', () => {
  const observation = (value: Record<string, unknown>) => ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, ...value });
  it.each<[value: Record<string, unknown>, errors: string[]]>([
    [{ valueInteger: 2_147_483_647 }, []],
    [{ valueInteger: 2_147_483_648 }, ['invalid Observation.value.ofType(integer)']],
    [{ valueInteger: 1.5 }, ['invalid Observation.value.ofType(integer)']],
    [{ valueInteger: '1' }, ['invalid Observation.value.ofType(integer)']],
    [{ valueBoolean: 'true' }, ['invalid Observation.value.ofType(boolean)']],
    [{ valueString: '' }, ['invalid Observation.value.ofType(string)']],
    [{ valueString: '   ' }, []],
    [{ valueDateTime: '0000-01-01' }, ['invalid Observation.value.ofType(dateTime)']],
    [{ valueTime: '24:00:00' }, ['invalid Observation.value.ofType(time)']],
    [{ valueDateTime: '2020-02-29' }, []],
    [{ valueDateTime: '2021-02-29' }, ['invalid Observation.value.ofType(dateTime)']],
    [{ valueDateTime: '2021-13' }, ['invalid Observation.value.ofType(dateTime)']],
    [{ valueDateTime: '2021-02-03T10:00' }, ['invalid Observation.value.ofType(dateTime)']],
    [{ valueDateTime: '2021-02-03T10:00:00' }, ['invalid Observation.value.ofType(dateTime)']],
    [{ valueDateTime: '2021-02-03T10:00:00.123+14:00' }, []],
    [{ issued: '2021-02-03' }, ['invalid Observation.issued']],
    [{ implicitRules: 'a b' }, ['invalid Observation.implicitRules']],
    [{ implicitRules: 'urn:uuid:NOT' }, ['invalid Observation.implicitRules']],
    [{ implicitRules: 'urn:oid:1.02' }, ['invalid Observation.implicitRules']],
    [{ id: 'a_b' }, ['invalid Observation.id']],
    [{ language: 'nb ' }, ['invalid Observation.language']],
    [{ language: 'nb' }, []],
    [{ language: 'qqq' }, ['code-invalid Observation.language']],
  ])('%j', (value, errors) => {
    expect(errorsOf(observation(value))).toEqual(errors);
  });

  it("data that is not base64, and a size or hash that is not the data's", () => {
    const photo = (attachment: unknown) => ({ resourceType: 'Patient', photo: [attachment] });
    expect(errorsOf(photo({ contentType: 'image/png', data: 'a.b' }))).toEqual(['structure Patient.photo[0]']);
    expect(errorsOf(photo({ contentType: 'image/png', data: 'YWJj', size: 4 }))).toEqual(['structure Patient.photo[0]']);
    expect(errorsOf(photo({ contentType: 'image/png', data: 'YWJj', size: 3 }))).toEqual([]);
    expect(errorsOf(photo({ contentType: 'image/png', data: 'AAAA', hash: 'KeLc+7FvY7sCVN91haFbtvtekn0=' }))).toEqual([]);
    expect(errorsOf(photo({ contentType: 'image/png', data: 'AAAB', hash: 'KeLc+7FvY7sCVN91haFbtvtekn0=' }))).toEqual([
      'structure Patient.photo[0]',
    ]);
  });

  it('does not take the id of an element for another when the same resource is checked in another place [R4 element#id]', () => {
    const resource = { resourceType: 'Patient', id: 'p', name: [{ id: 'a', family: 'Nordmann' }] };
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'http://a.example/Patient/p', resource }] };
    expect([errorsOf(resource), errorsOf(bundle), errorsOf(resource)]).toEqual([[], [], []]);
    const twice = { ...resource, address: [{ id: 'a', city: 'Bodø' }] };
    expect(errorsOf(twice)).toEqual(['business-rule Patient.address[0]']);
  });
});
