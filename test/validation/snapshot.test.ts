import { describe, expect, it } from 'vitest';
import { generateSnapshot } from '../../server/validation/snapshot.ts';
import { loadStructures } from '../../server/validation/structure-catalog.ts';

const catalog = loadStructures();
const snapshotOf = (type: string, differential: Record<string, unknown>[]) => generateSnapshot(catalog.type(type)!, differential, catalog);
const idsOf = (type: string, differential: Record<string, unknown>[], under: string) =>
  snapshotOf(type, differential)
    .elements.map((element) => element.id)
    .filter((id) => id.startsWith(under));

describe('snapshots [R4 profiling#snapshot]', () => {
  it('are the base with what the differential says', () => {
    const { elements, unplaced } = snapshotOf('Patient', [{ id: 'Patient.birthDate', path: 'Patient.birthDate', min: 1 }]);
    expect(unplaced).toEqual([]);
    expect(elements).toHaveLength(catalog.type('Patient')!.elements.length);
    expect(elements.find((element) => element.id === 'Patient.birthDate')).toMatchObject({ min: 1, max: 1, types: [{ code: 'date' }] });
  });

  it('write out the children of a type where the differential goes into it', () => {
    expect(idsOf('Patient', [{ id: 'Patient.name.family', path: 'Patient.name.family', min: 1 }], 'Patient.name')).toEqual([
      'Patient.name',
      ...['id', 'extension', 'use', 'text', 'family', 'given', 'prefix', 'suffix', 'period'].map((name) => `Patient.name.${name}`),
    ]);
  });

  it('put a slice after what is sliced, and its children after it', () => {
    const differential = [
      {
        id: 'Patient.identifier',
        path: 'Patient.identifier',
        slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'open' },
      },
      { id: 'Patient.identifier:a', path: 'Patient.identifier', sliceName: 'a' },
      { id: 'Patient.identifier:a.system', path: 'Patient.identifier.system', fixedUri: 'http://a.example' },
      { id: 'Patient.identifier:b', path: 'Patient.identifier', sliceName: 'b' },
    ];
    const ids = idsOf('Patient', differential, 'Patient.identifier');
    expect(ids.slice(0, 2)).toEqual(['Patient.identifier', 'Patient.identifier:a']);
    expect(ids).toContain('Patient.identifier:a.system');
    expect(ids[ids.length - 1]).toBe('Patient.identifier:b');
  });

  it('find the slice an element belongs to when the differential has no ids', () => {
    const differential = [
      { path: 'Patient.identifier', slicing: { discriminator: [{ type: 'value', path: 'type.coding.code' }], rules: 'open' } },
      { path: 'Patient.identifier', sliceName: 'a' },
      { path: 'Patient.identifier.type.coding.code', fixedCode: 'A' },
      { path: 'Patient.identifier', sliceName: 'b' },
      { path: 'Patient.identifier.type.coding.code', fixedCode: 'B' },
    ];
    const { elements } = snapshotOf('Patient', differential);
    const fixed = elements.filter((element) => element.fixed !== undefined).map((element) => [element.id, element.fixed]);
    expect(fixed).toEqual([
      ['Patient.identifier:a.type.coding.code', 'A'],
      ['Patient.identifier:b.type.coding.code', 'B'],
    ]);
  });

  it('read valueQuantity as a slice of value[x] by type', () => {
    const { elements, unplaced } = snapshotOf('Observation', [{ path: 'Observation.valueQuantity.code', min: 1 }]);
    expect(unplaced).toEqual([]);
    expect(elements.find((element) => element.id === 'Observation.value[x]:valueQuantity')).toMatchObject({
      types: [{ code: 'Quantity' }],
      min: 0,
    });
    expect(elements.find((element) => element.id === 'Observation.value[x]:valueQuantity.code')).toMatchObject({ min: 1 });
  });

  it('follow a contentReference to the type, not to what the profile made of it', () => {
    const { elements } = snapshotOf('Questionnaire', [
      { id: 'Questionnaire.item.text', path: 'Questionnaire.item.text', min: 1 },
      { id: 'Questionnaire.item.item.linkId', path: 'Questionnaire.item.item.linkId', maxLength: 5 },
    ]);
    expect(elements.find((element) => element.id === 'Questionnaire.item.item.text')).toMatchObject({ min: 0 });
    expect(elements.find((element) => element.id === 'Questionnaire.item.item.linkId')).toMatchObject({ maxLength: 5 });
  });

  it('name what the base does not have', () => {
    expect(snapshotOf('Patient', [{ path: 'Patient.nickname', min: 1 }]).unplaced).toEqual(['Patient.nickname']);
  });
});
