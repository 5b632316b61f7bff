/** What resources can be found by [R4 search#ptypes]. */
import { describe, expect, it } from 'vitest';
import type { Definitions, SearchParameterInfo } from '../../server/definitions/definitions.ts';
import { parseJson } from '../../server/fhir/json.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { UTC } from '../../server/fhir/time-zone.ts';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import { computeMs } from '../support/compute-time.ts';
import { BASE_URL, definitions, searchRegistry } from '../support/search-cases.ts';

const index = createIndexer(definitions, searchRegistry, { baseUrl: BASE_URL, zone: UTC });
const under = (resource: Resource, param: string): readonly IndexEntry[] => index(resource).filter((entry) => entry.param === param);

const carePlan: Resource = {
  resourceType: 'CarePlan',
  id: 'plan',
  meta: { profile: ['https://fellesplan.example/fhir/StructureDefinition/fp-care-plan'], lastUpdated: '2026-01-01T00:00:00Z' },
  identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e3f' }],
  status: 'active',
  intent: 'plan',
  category: [{ coding: [{ system: 'http://snomed.info/sct', code: '734163000', display: 'Care plan' }] }],
  subject: { reference: 'Patient/p' },
  period: { start: '2026-01-01' },
  author: { reference: `${BASE_URL}/PractitionerRole/r` },
  careTeam: [{ reference: 'CareTeam/t' }],
  goal: [{ reference: 'Goal/1' }, { reference: 'Goal/2' }],
  activity: [{ reference: { reference: 'Task/1' } }, { reference: { reference: 'Task/2' } }],
};

describe('createIndexer', () => {
  it.each([3, 16, 17, 400])('says each of %i things once, in the order in which they were met', (count) => {
    const ids = Array.from({ length: count }, (_, place) => `g${place % Math.ceil(count / 2)}`);
    const plan = { ...carePlan, goal: ids.map((id) => ({ reference: `Goal/${id}` })) };
    expect(under(plan, 'goal').map((entry) => entry.kind === 'reference' && entry.id)).toEqual([...new Set(ids)]);
    const coding = ids.map((code) => ({ system: 'http://x', code, display: code.toUpperCase() }));
    const concept = { ...carePlan, category: [{ coding }, { coding: [{ code: 'g0' }, ...coding] }] };
    expect(under(concept, 'category').map((entry) => entry.kind === 'token' && `${entry.system} ${entry.code}`)).toEqual([
      ...new Set(ids.map((id) => `http://x ${id}`)),
      'null g0',
    ]);
  });

  it('makes all entries of a care plan, each once', () => {
    expect(index(carePlan)).toEqual([
      { kind: 'uri', param: '_profile', value: 'https://fellesplan.example/fhir/StructureDefinition/fp-care-plan' },
      { kind: 'reference', param: 'activity-reference', type: 'Task', id: '1', url: null },
      { kind: 'reference', param: 'activity-reference', type: 'Task', id: '2', url: null },
      { kind: 'reference', param: 'care-team', type: 'CareTeam', id: 't', url: null },
      { kind: 'token', param: 'category', system: 'http://snomed.info/sct', code: '734163000', text: 'care plan' },
      { kind: 'range', param: 'date', low: Date.UTC(2026, 0, 1), high: Number.POSITIVE_INFINITY },
      { kind: 'reference', param: 'goal', type: 'Goal', id: '1', url: null },
      { kind: 'reference', param: 'goal', type: 'Goal', id: '2', url: null },
      { kind: 'token', param: 'identifier', system: 'urn:ietf:rfc:3986', code: 'urn:uuid:0b4ef6e0-6d5e-4b57-9b7c-9a3b7c1d2e3f' },
      { kind: 'token', param: 'intent', system: null, code: 'plan' },
      { kind: 'reference', param: 'patient', type: 'Patient', id: 'p', url: null },
      { kind: 'token', param: 'status', system: null, code: 'active' },
      { kind: 'reference', param: 'subject', type: 'Patient', id: 'p', url: null },
    ]);
  });

  it('takes at most 60 µs for it', () => {
    for (let warm = 0; warm < 2_000; warm += 1) index(carePlan);
    const best = Math.min(
      ...[1, 2, 3, 4, 5].map(() =>
        computeMs(() => {
          for (let round = 0; round < 1_000; round += 1) index(carePlan);
        }),
      ),
    );
    expect(best).toBeLessThan(60);
  });

  it('has nothing for a type it does not know', () => {
    expect(index({ resourceType: 'Foo' })).toEqual([]);
  });

  it('leaves out what is said twice', () => {
    const coding = { system: 'a', code: 'b' };
    expect(under({ resourceType: 'Observation', code: { coding: [coding, coding] } }, 'code')).toHaveLength(1);
  });

  it('never fails on elements of the wrong shape', () => {
    const values = [
      null,
      5,
      'x',
      true,
      [],
      {},
      [null],
      [[]],
      [{}],
      { reference: 5 },
      { coding: 'x' },
      { coding: [null] },
      { value: 'x' },
      { start: 5 },
    ];
    for (const type of ['Patient', 'Observation', 'CarePlan', 'Task', 'Bundle', 'Composition', 'Invoice', 'Timing']) {
      for (const value of values) {
        const resource: Resource = { resourceType: type };
        for (const element of definitions.type(type)?.elements ?? []) {
          for (const name of element.choice
            ? element.types.map((one) => `${element.name}${one[0]?.toUpperCase()}${one.slice(1)}`)
            : [element.name]) {
            resource[name] = value;
          }
        }
        expect(Array.isArray(index(resource))).toBe(true);
      }
    }
  });

  it('keeps long texts by how they begin', () => {
    const [entry] = under({ resourceType: 'Patient', name: [{ family: 'B'.repeat(5_000) }] }, 'family');
    expect(entry).toEqual({ kind: 'string', param: 'family', value: 'B'.repeat(1_024), normalized: `${'b'.repeat(1_024)}…` });
  });
});

describe('derived entries', () => {
  it('are made for identifiers with a type', () => {
    const type = { coding: [{ system: 'urn:t', code: 'MR' }, { code: 'X' }] };
    expect(under({ resourceType: 'Patient', identifier: [{ system: 'urn:s', value: '1', type }] }, 'identifier:of-type')).toEqual([
      { kind: 'token', param: 'identifier:of-type', system: 'urn:t|MR', code: '1' },
      { kind: 'token', param: 'identifier:of-type', system: '|X', code: '1' },
    ]);
  });

  it('are made for references by identifier', () => {
    const resource = { resourceType: 'Observation', subject: { identifier: { system: 'urn:s', value: '1' }, display: 'Kari' } };
    expect(under(resource, 'subject:identifier')).toEqual([{ kind: 'token', param: 'subject:identifier', system: 'urn:s', code: '1' }]);
    expect(under(resource, 'subject')).toEqual([{ kind: 'reference', param: 'subject', type: null, id: null, url: '#?' }]);
  });

  it('are made for quantities in UCUM units, apart from those as written', () => {
    const resource = parseJson(
      '{"resourceType":"Observation","valueQuantity":{"value":5.40,"unit":"milligram","system":"http://unitsofmeasure.org","code":"mg"}}',
    ) as Resource;
    expect(under(resource, 'value-quantity')).toEqual([
      { kind: 'quantity', param: 'value-quantity', low: 5.4, high: 5.4, system: 'http://unitsofmeasure.org', code: 'mg' },
      { kind: 'quantity', param: 'value-quantity', low: 5.4, high: 5.4, system: null, code: 'milligram' },
    ]);
    expect(under(resource, 'value-quantity:ucum')).toEqual([
      { kind: 'quantity', param: 'value-quantity:ucum', low: 0.0054, high: 0.0054, system: 'http://unitsofmeasure.org', code: 'g' },
    ]);
  });
});

describe('references', () => {
  it.each([
    ['Patient/1', { type: 'Patient', id: '1', url: null }],
    [`${BASE_URL}/Patient/1`, { type: 'Patient', id: '1', url: null }],
    ['http://elsewhere.example/Patient/1', { type: null, id: null, url: 'http://elsewhere.example/Patient/1' }],
    ['urn:uuid:1', { type: null, id: null, url: 'urn:uuid:1' }],
    ['#p', { type: null, id: null, url: '#p' }],
  ])('%s', (reference, entry) => {
    expect(under({ resourceType: 'Task', owner: { reference } }, 'owner')).toEqual([{ kind: 'reference', param: 'owner', ...entry }]);
  });

  it('to the first entry of a document are made of the resource itself, when it is what the parameter leads to', () => {
    const bundle = (type: string): Resource => ({
      resourceType: 'Bundle',
      type: 'document',
      entry: [{ resource: { resourceType: type, id: 'c' } }],
    });
    expect(under(bundle('Composition'), 'composition')).toEqual([
      { kind: 'reference', param: 'composition', type: 'Composition', id: 'c', url: null },
      { kind: 'reference', param: 'composition', type: null, id: null, url: '# 0', inside: { number: 1, type: 'Composition' } },
    ]);
    expect(under(bundle('Patient'), 'composition')).toEqual([]);
  });
});

describe('parameters of ones own', () => {
  const own = (over: Partial<SearchParameterInfo>): Definitions => ({
    ...definitions,
    searchParameters: [
      ...definitions.searchParameters,
      {
        url: 'http://x.example/own',
        code: 'own',
        type: 'string',
        base: ['Patient'],
        targets: [],
        components: [],
        description: '',
        ...over,
      },
    ],
  });
  const indexOwn = (over: Partial<SearchParameterInfo>, resource: Resource) => {
    const extended = own(over);
    return createIndexer(extended, createSearchRegistry(extended))(resource).filter((entry) => entry.param === 'own');
  };

  it('may read extensions', () => {
    const resource = { resourceType: 'Patient', extension: [{ url: 'http://x.example/e', valueString: 'Å' }] };
    expect(indexOwn({ expression: "Patient.extension('http://x.example/e').value.ofType(string)" }, resource)).toEqual([
      { kind: 'string', param: 'own', value: 'Å', normalized: 'a', order: '}' },
    ]);
  });

  it('may be written in FHIRPath that only fhirpath.js knows', () => {
    const resource = { resourceType: 'Patient', name: [{ family: 'A' }, { family: 'B' }] };
    expect(indexOwn({ expression: 'Patient.name.last().family' }, resource)).toEqual([
      { kind: 'string', param: 'own', value: 'B', normalized: 'b' },
    ]);
  });

  it('are found in the registry by type, code and URL, and replace those of the same code', () => {
    const registry = createSearchRegistry(own({ code: 'name', expression: 'Patient.name.text' }));
    expect(registry.get('Patient', 'name')?.url).toBe('http://x.example/own');
    expect(registry.get('Person', 'name')?.url).not.toBe('http://x.example/own');
    expect(registry.byUrl('http://x.example/own')?.code).toBe('name');
  });
});

describe('the registry', () => {
  it('gives the parameters of a type with those of all types, sorted', () => {
    const codes = searchRegistry.forType('Patient').map((parameter) => parameter.code);
    expect(codes).toEqual([...codes].sort());
    expect(codes).toEqual(expect.arrayContaining(['_id', '_tag', 'birthdate', 'identifier', 'name']));
  });

  it('knows what every type has, and nothing of unknown types', () => {
    expect(searchRegistry.get('Resource', '_tag')?.type).toBe('token');
    expect(searchRegistry.get('Resource', 'name')).toBeUndefined();
    expect(searchRegistry.get('Foo', '_tag')).toBeUndefined();
    expect(searchRegistry.get('Bundle', '_tag')).toBeDefined();
    expect(searchRegistry.get('Patient', '__proto__')).toBeUndefined();
  });
});
