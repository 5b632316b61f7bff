/** The compact definitions: they say what HL7's say, match their source and load fast. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compactSearchParameters } from '../../server/definitions/build/search-parameters.ts';
import { GENERATED_FOLDER, readCoreBundle } from '../../server/definitions/build/source.ts';
import { compactTypes } from '../../server/definitions/build/types.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import { computeMs } from '../support/compute-time.ts';

const definitions = loadDefinitions();

describe('the generated files', () => {
  it('hold exactly what a new build gives', () => {
    const structures = [...readCoreBundle('profiles-types'), ...readCoreBundle('profiles-resources')];
    expect(generated('types.json')).toBe(compactTypes(structures, readCoreBundle('valuesets')));
    expect(generated('search-parameters.json')).toBe(compactSearchParameters(readCoreBundle('search-parameters')));
  });

  it('load within 60 ms', () => {
    const times = [1, 2, 3].map(() => computeMs(loadDefinitions));
    expect(Math.min(...times)).toBeLessThan(60);
  });
});

describe('types', () => {
  it('are the 146 concrete resource types of the R4 packages, without the abstract ones', () => {
    expect(definitions.resourceTypes).toHaveLength(146);
    expect(definitions.isResourceType('CarePlan')).toBe(true);
    expect(definitions.isResourceType('Resource')).toBe(false);
    expect(definitions.isResourceType('HumanName')).toBe(false);
    expect(definitions.isResourceType('toString')).toBe(false);
  });

  it('settle a choice element by its JSON name', () => {
    const observation = definitions.type('Observation');
    expect(observation?.property('valueQuantity')).toMatchObject({ type: 'Quantity', element: { name: 'value', choice: true } });
    expect(observation?.property('value')).toBeUndefined();
    expect(observation?.property('valueReference')).toBeUndefined();
  });

  it('lead from an element to the type that holds its children', () => {
    expect(definitions.type('Observation')?.property('component')?.element.childrenIn).toBe('Observation.component');
    const shared = definitions.type('Observation.component')?.property('referenceRange');
    expect(shared?.element).toMatchObject({ types: [], childrenIn: 'Observation.referenceRange', max: Number.POSITIVE_INFINITY });
    expect(definitions.type('Questionnaire.item')?.property('item')?.element.childrenIn).toBe('Questionnaire.item');
  });

  it('name targets, cardinality, summary and modifier elements', () => {
    const carePlan = definitions.type('CarePlan');
    expect(carePlan?.property('subject')?.element).toMatchObject({ min: 1, max: 1, targets: ['Patient', 'Group'], summary: true });
    expect(carePlan?.property('status')?.element).toMatchObject({ modifier: true, types: ['code'] });
    expect(definitions.type('Provenance')?.property('target')?.element.targets).toBeUndefined();
  });

  it('name the code system of a required binding drawn from one', () => {
    expect(definitions.type('Patient')?.property('gender')?.element.binding).toEqual({
      strength: 'required',
      valueSet: 'http://hl7.org/fhir/ValueSet/administrative-gender',
      system: 'http://hl7.org/fhir/administrative-gender',
    });
  });

  it('give positiveInt and unsignedInt the string values that HL7 published', () => {
    for (const name of ['positiveInt', 'unsignedInt']) {
      expect(definitions.type(name)?.property('value')?.type).toBe('http://hl7.org/fhirpath/System.String');
    }
  });

  it('know the chain of bases', () => {
    expect(definitions.type('CarePlan')?.base).toBe('DomainResource');
    expect(definitions.type('DomainResource')).toMatchObject({ base: 'Resource', abstract: true });
    expect(definitions.type('Age')?.base).toBe('Quantity');
    expect(definitions.type('Patient.contact')).toMatchObject({ kind: 'backbone', base: 'BackboneElement' });
    expect(definitions.type('Nothing')).toBeUndefined();
  });
});

describe('search parameters', () => {
  it('are all of HL7s', () => {
    expect(definitions.searchParameters.filter((parameter) => parameter.url.startsWith('http://hl7.org/'))).toHaveLength(1375);
  });

  it('include those found in the folder of profiles', () => {
    const folder = mkdtempSync(join(tmpdir(), 'profiles-'));
    const own = { resourceType: 'SearchParameter', url: 'http://x.example/a', code: 'a', type: 'token', base: ['CarePlan'] };
    writeFileSync(join(folder, 'SearchParameter-a.json'), JSON.stringify({ ...own, expression: 'CarePlan.title' }));
    writeFileSync(join(folder, 'StructureDefinition-b.json'), '{}');
    const last = loadDefinitions(folder).searchParameters.at(-1);
    expect(last).toMatchObject({ code: 'a', base: ['CarePlan'], expression: 'CarePlan.title', targets: [], components: [] });
  });

  it('are none of the projects own when the folder is missing', () => {
    expect(loadDefinitions('/does/not/exist').searchParameters).toHaveLength(1375);
  });
});

function generated(name: string): string {
  return readFileSync(join(GENERATED_FOLDER, name), 'utf8');
}
