import { describe, expect, it } from 'vitest';
import { errorsWith, profile, TEST_PROFILE } from './issues-of.ts';

const MEASURE = 'http://test.example/measure';
const system = 'http://test.example/ids';
const core = (name: string, value: Record<string, unknown>) => ({ url: `http://hl7.org/fhir/StructureDefinition/${name}`, ...value });
const patient = (more: Record<string, unknown>) => ({ resourceType: 'Patient', ...more });
const observation = (more: Record<string, unknown>) => ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, ...more });

describe('what a profile says of an element [R4 profiling]', () => {
  it.each<[why: string, element: Record<string, unknown>, good: Record<string, unknown>, bad: Record<string, unknown>, errors: string[]]>([
    ['min', { path: 'Patient.birthDate', min: 1 }, { birthDate: '2000' }, { active: true }, ['structure Patient']],
    ['max', { path: 'Patient.name', max: '1' }, { name: [{ text: 'a' }] }, { name: [{ text: 'a' }, { text: 'b' }] }, ['structure Patient']],
    ['a fixed value', { path: 'Patient.gender', fixedCode: 'female' }, { gender: 'female' }, { gender: 'male' }, ['value Patient.gender']],
    [
      'a pattern',
      { path: 'Patient.maritalStatus', patternCodeableConcept: { coding: [{ code: 'M' }] } },
      { maritalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code: 'M' }] } },
      { maritalStatus: { text: 'M' } },
      ['value Patient.maritalStatus'],
    ],
    [
      'maxLength',
      { path: 'Patient.name.family', maxLength: 3 },
      { name: [{ family: 'abc' }] },
      { name: [{ family: 'abcd' }] },
      ['invalid Patient.name[0].family'],
    ],
    [
      'minLength',
      { path: 'Patient.name.family', extension: [core('minLength', { valueInteger: 3 })] },
      { name: [{ family: 'abc' }] },
      { name: [{ family: 'ab' }] },
      ['invalid Patient.name[0].family'],
    ],
    [
      'a format',
      { path: 'Patient.birthDate', extension: [core('regex', { valueString: '[0-9]{4}' })] },
      { birthDate: '2000' },
      { birthDate: '2000-01' },
      ['invalid Patient.birthDate'],
    ],
    [
      'a format of the type',
      { path: 'Patient.gender', type: [{ code: 'code', extension: [core('regex', { valueString: '.*male' })] }] },
      { gender: 'female' },
      { gender: 'other' },
      ['invalid Patient.gender'],
    ],
    [
      'the bytes of an attachment',
      { path: 'Patient.photo', extension: [core('maxSize', { valueDecimal: 3 })] },
      { photo: [{ contentType: 'image/png', data: 'AAAA', size: 3 }] },
      { photo: [{ contentType: 'image/png', data: 'AAAAAA==' }] },
      ['structure Patient.photo[0]'],
    ],
    [
      'decimal places',
      { path: 'Patient.extension.value[x]', extension: [core('maxDecimalPlaces', { valueInteger: 1 })] },
      { extension: [{ url: MEASURE, valueQuantity: { value: 1.5 } }] },
      {
        extension: [
          { url: MEASURE, valueDecimal: 1.25 },
          { url: MEASURE, valueQuantity: { value: 1.25 } },
        ],
      },
      ['structure Patient.extension[0].value.ofType(decimal)', 'structure Patient.extension[1].value.ofType(Quantity).value'],
    ],
    [
      'minValue',
      { path: 'Patient.birthDate', minValueDate: '2000-01-01' },
      { birthDate: '2000-01-01' },
      { birthDate: '1999-12-31' },
      ['invalid Patient.birthDate'],
    ],
    [
      'a required binding',
      { path: 'Patient.maritalStatus', binding: { strength: 'required', valueSet: 'http://hl7.org/fhir/ValueSet/marital-status' } },
      { maritalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code: 'M' }] } },
      { maritalStatus: { coding: [{ system: 'http://hl7.org/fhir/administrative-gender', code: 'male' }] } },
      ['code-invalid Patient.maritalStatus'],
    ],
    [
      'an additional binding',
      {
        path: 'Patient.maritalStatus',
        binding: {
          strength: 'example',
          extension: [
            {
              url: 'http://hl7.org/fhir/tools/StructureDefinition/additional-binding',
              extension: [
                { url: 'purpose', valueCode: 'required' },
                { url: 'valueSet', valueCanonical: 'http://hl7.org/fhir/ValueSet/administrative-gender' },
              ],
            },
          ],
        },
      },
      { maritalStatus: { coding: [{ system: 'http://hl7.org/fhir/administrative-gender', code: 'male' }] } },
      { maritalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code: 'M' }] } },
      ['code-invalid Patient.maritalStatus'],
    ],
    [
      'an invariant',
      { path: 'Patient.name', constraint: [{ key: 't-1', severity: 'error', human: 'family', expression: 'family.exists()' }] },
      { name: [{ family: 'a' }] },
      { name: [{ text: 'a' }] },
      ['invariant Patient.name[0]'],
    ],
    [
      'the targets of a reference',
      {
        path: 'Patient.generalPractitioner',
        type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Practitioner'] }],
      },
      { generalPractitioner: [{ reference: 'Practitioner/1' }] },
      { generalPractitioner: [{ reference: 'Organization/1' }] },
      ['structure Patient.generalPractitioner[0]'],
    ],
    [
      'the types of a choice',
      { path: 'Patient.deceased[x]', type: [{ code: 'boolean' }] },
      { deceasedBoolean: false },
      { deceasedDateTime: '2020' },
      ['structure Patient.deceased.ofType(dateTime)'],
    ],
  ])('%s', (_why, element, good, bad, errors) => {
    const definition = profile('Patient', [{ path: 'Patient' }, element]);
    expect(errorsWith([definition], patient(good), TEST_PROFILE)).toEqual([]);
    expect(errorsWith([definition], patient(bad), TEST_PROFILE)).toEqual(errors);
  });

  it('follows meta.profile, unless told not to', () => {
    const definition = profile('Patient', [{ path: 'Patient.birthDate', min: 1 }]);
    const claimed = patient({ active: true, meta: { profile: ['http://test.example/profile'] } });
    expect(errorsWith([definition], claimed)).toEqual(['structure Patient']);
    expect(errorsWith([definition], claimed, { followMetaProfile: false })).toEqual([]);
  });

  it('holds what conforms to it to the profile that it imposes', () => {
    const imposed = { ...profile('Patient', [{ path: 'Patient.gender', min: 1 }]), url: 'http://test.example/imposed' };
    const own = profile('Patient', [], { extension: [core('structuredefinition-imposeProfile', { valueCanonical: imposed.url })] });
    expect(errorsWith([imposed, own], patient({ gender: 'male' }), TEST_PROFILE)).toEqual([]);
    expect(errorsWith([imposed, own], patient({ active: true }), TEST_PROFILE)).toEqual(['structure Patient']);
  });

  it('refuses a profile of another type', () => {
    expect(errorsWith([profile('Observation', [])], patient({ active: true }), TEST_PROFILE)).toEqual(['invalid Patient']);
  });
});

describe('slicing [R4 profiling#slicing]', () => {
  const sliced = (
    discriminator: unknown,
    slices: readonly Record<string, unknown>[],
    rules = 'open',
    path = 'Patient.identifier',
    ordered = false,
  ) => profile(path.split('.')[0]!, [{ id: path, path, slicing: { discriminator: [discriminator], rules, ordered } }, ...slices]);
  const byValue = [
    { id: 'Patient.identifier:own', path: 'Patient.identifier', sliceName: 'own', min: 1, max: '1' },
    { id: 'Patient.identifier:own.system', path: 'Patient.identifier.system', min: 1, fixedUri: system },
    { id: 'Patient.identifier:own.value', path: 'Patient.identifier.value', min: 1 },
  ];
  const value = { type: 'value', path: 'system' };

  it('by value: counts each slice and checks what it says', () => {
    const definition = sliced(value, byValue);
    expect(
      errorsWith([definition], patient({ identifier: [{ system, value: '1' }, { system: 'http://other.example' }] }), TEST_PROFILE),
    ).toEqual([]);
    expect(errorsWith([definition], patient({ identifier: [{ system: 'http://other.example' }] }), TEST_PROFILE)).toEqual([
      'structure Patient',
    ]);
    expect(errorsWith([definition], patient({ identifier: [{ system }] }), TEST_PROFILE)).toEqual(['structure Patient.identifier[0]']);
    expect(
      errorsWith(
        [definition],
        patient({
          identifier: [
            { system, value: '1' },
            { system, value: '2' },
          ],
        }),
        TEST_PROFILE,
      ),
    ).toEqual(['structure Patient']);
  });

  it('closed: nothing else; openAtEnd: the rest last; ordered: as they are listed', () => {
    const identifier = [{ system: 'http://other.example' }, { system, value: '1' }];
    expect(errorsWith([sliced(value, byValue, 'closed')], patient({ identifier }), TEST_PROFILE)).toEqual([
      'invalid Patient.identifier[0]',
    ]);
    expect(errorsWith([sliced(value, byValue, 'openAtEnd')], patient({ identifier }), TEST_PROFILE)).toEqual([
      'invalid Patient.identifier[1]',
    ]);
    const two = [
      ...byValue,
      { id: 'Patient.identifier:other', path: 'Patient.identifier', sliceName: 'other' },
      { id: 'Patient.identifier:other.system', path: 'Patient.identifier.system', fixedUri: 'http://other.example' },
    ];
    expect(errorsWith([sliced(value, two, 'open', 'Patient.identifier', true)], patient({ identifier }), TEST_PROFILE)).toEqual([
      'invalid Patient.identifier[1]',
    ]);
  });

  it('closed without any slice: nothing at all; open without any: everything', () => {
    const identifier = [{ system, value: '1' }];
    expect(errorsWith([sliced(value, [], 'closed')], patient({ identifier }), TEST_PROFILE)).toEqual(['invalid Patient.identifier[0]']);
    expect(errorsWith([sliced(value, [])], patient({ identifier }), TEST_PROFILE)).toEqual([]);
  });

  it('@default takes what no other slice does', () => {
    const slices = [
      ...byValue,
      { id: 'Patient.identifier:@default', path: 'Patient.identifier', sliceName: '@default' },
      { id: 'Patient.identifier:@default.use', path: 'Patient.identifier.use', min: 1 },
    ];
    const errors = (other: object) =>
      errorsWith([sliced(value, slices, 'closed')], patient({ identifier: [{ system, value: '1' }, other] }), TEST_PROFILE);
    expect(errors({ system: 'http://other.example', use: 'old' })).toEqual([]);
    expect(errors({ system: 'http://other.example' })).toEqual(['structure Patient.identifier[1]']);
  });

  it('of extensions by url, in any order, without being said', () => {
    const urls = ['http://test.example/x', 'http://test.example/y'];
    const slices = urls.map((url, at) => ({
      id: `Patient.extension:e${at}`,
      path: 'Patient.extension',
      sliceName: `e${at}`,
      max: '1',
      type: [{ code: 'Extension', profile: [url] }],
    }));
    const known = urls.map((url) => ({
      ...profile('Extension', [{ id: 'Extension.url', path: 'Extension.url', fixedUri: url }], { url, kind: 'complex-type' }),
      context: [{ type: 'element', expression: 'Patient' }],
    }));
    const errors = (...at: readonly number[]) =>
      errorsWith(
        [profile('Patient', slices), ...known],
        patient({ extension: at.map((one) => ({ url: urls[one], valueString: 'a' })) }),
        TEST_PROFILE,
      );
    expect(errors(0, 1)).toEqual([]);
    expect(errors(1, 0)).toEqual([]);
    expect(errors(1, 0, 1)).toEqual(['structure Patient']);
  });

  it('by existence', () => {
    const definition = sliced({ type: 'exists', path: 'period' }, [
      { id: 'Patient.identifier:timed', path: 'Patient.identifier', sliceName: 'timed', max: '1' },
      { id: 'Patient.identifier:timed.period', path: 'Patient.identifier.period', min: 1 },
    ]);
    const timed = { value: 'a', period: { start: '2020' } };
    expect(errorsWith([definition], patient({ identifier: [timed, { value: 'b' }] }), TEST_PROFILE)).toEqual([]);
    expect(errorsWith([definition], patient({ identifier: [timed, timed] }), TEST_PROFILE)).toEqual(['structure Patient']);
  });

  it('by type, for a choice', () => {
    const definition = profile('Observation', [
      {
        id: 'Observation.value[x]',
        path: 'Observation.value[x]',
        slicing: { discriminator: [{ type: 'type', path: '$this' }], rules: 'closed' },
      },
      { id: 'Observation.value[x]:valueQuantity', path: 'Observation.value[x]', sliceName: 'valueQuantity', type: [{ code: 'Quantity' }] },
      { id: 'Observation.value[x]:valueQuantity.value', path: 'Observation.value[x].value', min: 1 },
    ]);
    expect(errorsWith([definition], observation({ valueQuantity: { value: 1 } }), TEST_PROFILE)).toEqual([]);
    expect(errorsWith([definition], observation({ valueQuantity: { unit: 'kg' } }), TEST_PROFILE)).toEqual([
      'structure Observation.value.ofType(Quantity)',
    ]);
    expect(errorsWith([definition], observation({ valueString: 'a' }), TEST_PROFILE)).toEqual(['invalid Observation.value.ofType(string)']);
  });

  it('by a path that resolves a reference to its type', () => {
    const path = 'Observation.performer';
    const definition = profile('Observation', [
      { id: path, path, slicing: { discriminator: [{ type: 'type', path: 'resolve()' }], rules: 'open' } },
      {
        id: `${path}:person`,
        path,
        sliceName: 'person',
        max: '1',
        type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Practitioner'] }],
      },
    ]);
    const contained = [
      { resourceType: 'Practitioner', id: 'a' },
      { resourceType: 'Practitioner', id: 'b' },
      { resourceType: 'Organization', id: 'c', name: 'C' },
    ];
    const performer = (...ids: string[]) =>
      observation({
        contained,
        performer: ids.map((id) => ({ reference: `#${id}` })),
        note: [{ text: 'x', authorReference: { reference: '#b' } }],
      });
    expect(errorsWith([definition], performer('a', 'c'), TEST_PROFILE)).not.toContain('structure Observation');
    expect(errorsWith([definition], performer('a', 'b', 'c'), TEST_PROFILE)).toContain('structure Observation');
  });

  it('re-slicing: the inner slices are counted among the values of the outer one', () => {
    const definition = sliced(value, [
      ...byValue.map((element) =>
        element.max === '1'
          ? { ...element, max: '*', slicing: { discriminator: [{ type: 'value', path: 'use' }], rules: 'open' } }
          : element,
      ),
      { id: 'Patient.identifier:own/official', path: 'Patient.identifier', sliceName: 'own/official', max: '1' },
      { id: 'Patient.identifier:own/official.use', path: 'Patient.identifier.use', min: 1, fixedCode: 'official' },
    ]);
    const own = (use: string) => ({ system, value: '1', use });
    expect(errorsWith([definition], patient({ identifier: [own('official'), own('old')] }), TEST_PROFILE)).toEqual([]);
    expect(errorsWith([definition], patient({ identifier: [own('official'), own('official')] }), TEST_PROFILE)).toEqual([
      'structure Patient',
    ]);
  });
});
