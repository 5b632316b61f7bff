import { describe, expect, it } from 'vitest';
import { errorsOf, errorsWith, profile } from './issues-of.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const constraint = { key: 't-1', severity: 'error', human: 'x', expression: 'family.exists()' };
const definition = (...element: Record<string, unknown>[]) =>
  profile(
    'Patient',
    element.map((one) => ({ id: one.path, ...one })),
  );

describe('rules of StructureDefinition [R4 elementdefinition]', () => {
  it.each<[why: string, element: Record<string, unknown>, errors: string[]]>([
    ['a right element', { path: 'Patient.gender', min: 1 }, []],
    [
      'a path of another type',
      { path: 'Observation.status', min: 1 },
      [
        'not-found StructureDefinition.differential.element[0]',
        'invariant StructureDefinition.differential',
        'exception StructureDefinition',
      ],
    ],
    [
      'a binding where there is no code',
      { path: 'Patient.birthDate', type: [{ code: 'date' }], binding: { strength: 'required', valueSet: 'http://a.example/vs' } },
      ['business-rule StructureDefinition.differential.element[0]'],
    ],
    [
      'a length where there is no text',
      { path: 'Patient.active', type: [{ code: 'boolean' }], maxLength: 4 },
      ['business-rule StructureDefinition.differential.element[0]'],
    ],
    [
      'targets where there is no reference',
      { path: 'Patient.birthDate', type: [{ code: 'date', targetProfile: ['http://a.example/p'] }] },
      [
        'invariant StructureDefinition.differential.element[0].type[0]',
        'business-rule StructureDefinition.differential.element[0]',
        'exception StructureDefinition.differential.element[0].type[0].targetProfile[0]',
      ],
    ],
    [
      'a target that is no resource',
      { path: 'Patient.managingOrganization', type: [{ code: 'Reference', targetProfile: [`${CORE}HumanName`] }] },
      ['exception StructureDefinition.differential.element[0].type[0].targetProfile[0]'],
    ],
    [
      'a profile of another type',
      { path: 'Patient.name', type: [{ code: 'HumanName', profile: [`${CORE}SimpleQuantity`] }] },
      ['exception StructureDefinition.differential.element[0].type[0].profile[0]'],
    ],
    [
      'an extension that is no modifier among modifiers',
      { path: 'Patient.modifierExtension', type: [{ code: 'Extension', profile: [`${CORE}patient-birthTime`] }] },
      ['exception StructureDefinition.differential.element[0].type[0].profile[0]'],
    ],
    [
      'slices of what has one value',
      { path: 'Patient.gender', slicing: { discriminator: [{ type: 'value', path: '$this' }], rules: 'open' } },
      ['not-found StructureDefinition.differential.element[0].slicing'],
    ],
    [
      'a discriminator that cannot be read',
      { path: 'Patient.name', slicing: { discriminator: [{ type: 'value', path: 'use(' }], rules: 'open' } },
      ['invalid StructureDefinition.differential.element[0].slicing.discriminator[0]'],
    ],
    [
      'a constraint from elsewhere',
      { path: 'Patient.name', constraint: [{ ...constraint, source: 'http://a.example/p' }] },
      ['invalid StructureDefinition.differential.element[0].constraint[0]'],
    ],
    [
      'a constraint with a key that the base has',
      { path: 'Patient.name', constraint: [{ ...constraint, key: 'pat-1' }] },
      ['invalid StructureDefinition.differential.element[0].constraint[0]'],
    ],
    [
      'a constraint that cannot be read',
      { path: 'Patient.name', constraint: [{ key: 't-1', severity: 'error', human: 'x', expression: 'family.exists(' }] },
      ['invalid StructureDefinition.differential.element[0].constraint[0]'],
    ],
  ])('%s', (_why, element, errors) => {
    expect(errorsOf(definition(element)).sort()).toEqual([...errors].sort());
  });

  it('a profile fixes what its base fixes', () => {
    const base = { ...definition({ path: 'Patient.gender', fixedCode: 'female' }), url: 'http://test.example/base' };
    const derived = (fixedCode: string) => ({ ...definition({ path: 'Patient.gender', fixedCode }), baseDefinition: base.url });
    expect(errorsWith([base], derived('female'))).toEqual([]);
    expect(errorsWith([base], derived('male'))).toEqual(['value StructureDefinition.differential.element[0].fixed.ofType(code)']);
  });

  it('the elements of a snapshot have types, and their values one of them', () => {
    const snapshot = (more: Record<string, unknown>) => ({
      ...definition({ path: 'Patient.gender', min: 1 }),
      snapshot: {
        element: [
          { id: 'Patient', path: 'Patient', min: 0, max: '*', base: { path: 'Patient', min: 0, max: '*' }, definition: 'x' },
          {
            id: 'Patient.gender',
            path: 'Patient.gender',
            min: 1,
            max: '1',
            base: { path: 'Patient.gender', min: 0, max: '1' },
            definition: 'x',
            ...more,
          },
        ],
      },
    });
    expect(errorsOf(snapshot({ type: [{ code: 'code' }], fixedCode: 'male' }))).toEqual([]);
    expect(errorsOf(snapshot({}))).toEqual(['exception StructureDefinition.snapshot.element[1]']);
    expect(errorsOf(snapshot({ type: [{ code: 'code' }], fixedString: 'male' }))).toEqual([
      'exception StructureDefinition.snapshot.element[1].fixed.ofType(string)',
    ]);
  });

  it.each(['toString', 'valueOf', 'toJSON', '__proto__'])('content with a member called %s is told of, and stops nothing', (name) => {
    const strange = JSON.parse(`{"${name}":1}`) as unknown;
    const element = { id: strange, path: strange, type: [{ code: strange }], binding: { strength: strange }, slicing: strange };
    const hostile = {
      ...definition(),
      type: strange,
      url: strange,
      differential: { element: [element] },
      snapshot: { element: [element] },
    };
    expect(errorsOf(hostile)).toContain('invalid StructureDefinition.url');
  });

  it('only an extension says where it may stand', () => {
    const contexts = { context: [{ type: 'element', expression: 'Patient' }], contextInvariant: ['true'] };
    expect(errorsOf({ ...definition({ path: 'Patient.gender', min: 1 }), ...contexts })).toEqual([
      'invariant StructureDefinition',
      'invalid StructureDefinition.context[0]',
      'invalid StructureDefinition.contextInvariant[0]',
    ]);
  });

  it('an extension fixes its own url', () => {
    const extension = (fixedUri: string) =>
      profile('Extension', [{ id: 'Extension.url', path: 'Extension.url', fixedUri }], {
        kind: 'complex-type',
        context: [{ type: 'element', expression: 'Patient' }],
      });
    expect(errorsOf(extension('http://test.example/profile'))).toEqual([]);
    expect(errorsOf(extension('http://test.example/other'))).toEqual(['invalid StructureDefinition']);
  });
});

describe('rules of CodeSystem and ValueSet', () => {
  const system = (more: Record<string, unknown>) => ({
    resourceType: 'CodeSystem',
    url: 'http://a.example/cs',
    status: 'active',
    content: 'complete',
    concept: [{ code: 'a' }],
    ...more,
  });
  it.each<[why: string, resource: Record<string, unknown>, errors: string[]]>([
    ['a right code system', system({ count: 1 }), []],
    ['a count that is wrong', system({ count: 2 }), ['invalid CodeSystem.count']],
    ['concepts where there are none', system({ content: 'not-present' }), ['invalid CodeSystem.concept[0]']],
    ['a supplement of nothing', system({ content: 'supplement' }), ['business-rule CodeSystem.content']],
    ['a code twice', system({ concept: [{ code: 'a' }, { code: 'a' }] }), ['invariant CodeSystem']],
    ['a relative url', system({ url: 'cs' }), ['invalid CodeSystem.url']],
    [
      'a relative system',
      { resourceType: 'ValueSet', status: 'active', compose: { include: [{ system: 'x' }] } },
      ['code-invalid ValueSet.compose.include[0]'],
    ],
  ])('%s', (_why, resource, errors) => {
    expect(errorsOf(resource)).toEqual(errors);
  });
});

describe('vital signs [R4 observation-vitalsigns]', () => {
  it('an Observation with one of their codes conforms to their profile', () => {
    const code = { coding: [{ system: 'http://loinc.org', code: '8867-4' }] };
    const category = [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }];
    const right = {
      resourceType: 'Observation',
      status: 'final',
      category,
      code,
      subject: { reference: 'Patient/1' },
      effectiveDateTime: '2026-01-02',
      valueQuantity: { value: 60, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
    };
    expect(errorsOf(right)).toEqual([]);
    expect(errorsOf({ ...right, effectiveDateTime: '2026' })).toEqual(['invariant Observation.effective.ofType(dateTime)']);
    expect(errorsOf({ ...right, valueQuantity: { ...right.valueQuantity, code: '/s' } })).toEqual([
      'value Observation.value.ofType(Quantity).code',
    ]);
    expect(errorsOf({ resourceType: 'Observation', status: 'final', code })).not.toEqual([]);
  });
});
