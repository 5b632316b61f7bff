/**
 * Rules that stand in the text of the specification, decided case by case as HL7's validator decides them.
 *
 * Spec: https://hl7.org/fhir/R4/bundle.html · https://hl7.org/fhir/R4/element.html · https://hl7.org/fhir/R4/extensibility.html
 */
import { describe, expect, it } from 'vitest';
import { errorsOf, errorsWith, profile, TEST_PROFILE, warningsOf } from './issues-of.ts';

type Json = Record<string, unknown>;
const patient = (more: Json = {}): Json => ({ resourceType: 'Patient', ...more });
const bundle = (type: string, entry: readonly Json[], more: Json = {}): Json => ({ resourceType: 'Bundle', type, entry, ...more });
const observation = (more: Json = {}): Json => ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, ...more });
const BASE = 'http://a.example';

describe('ids [R4 element#id]', () => {
  it('of elements are used once in a resource, and may be that of the resource', () => {
    expect(errorsOf(patient({ id: 'a', name: [{ id: 'a', family: 'x' }] }))).toEqual([]);
    expect(errorsOf(patient({ name: [{ id: 'b', family: 'x' }], contact: [{ id: 'b', name: { family: 'y' } }] }))).toEqual([
      'business-rule Patient.contact[0]',
    ]);
  });

  it('of elements may be used again in another entry', () => {
    const entry = (id: string) => ({ fullUrl: `${BASE}/Patient/${id}`, resource: patient({ id, name: [{ id: 'n', family: 'x' }] }) });
    expect(errorsOf(bundle('collection', [entry('1'), entry('2')]))).toEqual([]);
  });

  it('of contained resources are used once', () => {
    const organization = { resourceType: 'Organization', id: 'o', name: 'x' };
    expect(errorsOf(patient({ contained: [organization, organization], managingOrganization: { reference: '#o' } }))).toEqual([
      'duplicate Patient.contained[1]',
    ]);
  });

  it.each([['<img src="#i" alt="x"/>'], ["<p><a href='#i'>x</a></p>"]])(
    'of contained resources may stand in the narrative alone: %s',
    (inside) => {
      const image = { resourceType: 'Binary', id: 'i', contentType: 'image/png', data: 'iVBORw0K' };
      const text = (div: string) => ({ status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${div}</div>` });
      expect(errorsOf(patient({ contained: [image], text: text(inside) }))).toEqual([]);
      expect(errorsOf(patient({ contained: [image], text: text('<p>i</p>') }))).toEqual(['invariant Patient']);
    },
  );

  it.each<[how: string, more: (places: readonly number[]) => Json]>([
    ['references', (places) => ({ entry: places.map((place) => ({ item: { reference: `#c${place}` } })) })],
    [
      'links of the narrative',
      (places) => ({
        text: {
          status: 'additional',
          div: `<div xmlns="http://www.w3.org/1999/xhtml">${'<p>"#c</p>'.repeat(50_000)}${places.map((place) => `<a href="#c${place}">x</a>`).join('')}</div>`,
        },
      }),
    ],
  ])('of thousands of contained resources are found once, not for each of the %s', (_how, more) => {
    const places = Array.from({ length: 20_000 }, (_, place) => place);
    const contained = places.map((place) => ({ resourceType: 'Basic', id: `c${place}`, code: { text: 'x' } }));
    const before = process.cpuUsage();
    expect(errorsOf({ resourceType: 'List', status: 'current', mode: 'working', contained, ...more(places) })).toEqual([]);
    // To look through all for each takes from five seconds on.
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(2.5);
  });

  it('a security label is given once', () => {
    const label = { system: `${BASE}/codes`, code: 'a' };
    expect(errorsOf(patient({ active: true, meta: { security: [label, { ...label, code: 'b' }] } }))).toEqual([]);
    expect(errorsOf(patient({ active: true, meta: { security: [label, label] } }))).toEqual(['business-rule Patient.meta.security[1]']);
  });
});

describe('extensions [R4 extensibility]', () => {
  const birthPlace = 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace';
  const nationality = 'http://hl7.org/fhir/StructureDefinition/patient-nationality';
  const valueAddress = { city: 'x' };
  it.each<[why: string, extension: Json, errors: string[]]>([
    ['without a url', { valueString: 'x' }, ['structure Patient.extension[0]', 'invalid Patient.extension[0]']],
    [
      'with a version in the url',
      { url: `${birthPlace}|4.0.1`, valueAddress },
      [`invalid Patient.extension[0][url='${birthPlace}|4.0.1']`, 'value Patient.extension[0].url'],
    ],
    ['with its parts', { url: nationality, extension: [{ url: 'code', valueCodeableConcept: { text: 'x' } }] }, []],
    [
      'with a part it does not have',
      { url: nationality, extension: [{ url: 'colour', valueString: 'x' }] },
      ["invalid Patient.extension[0].extension[0][url='colour']"],
    ],
    ['with a value of another type', { url: birthPlace, valueString: 'x' }, ['structure Patient.extension[0]']],
  ])('%s', (_why, extension, errors) => {
    expect(errorsOf(patient({ extension: [extension] }))).toEqual(errors);
  });

  it('in the wrong place are named', () => {
    expect(errorsOf(patient({ modifierExtension: [{ url: birthPlace, valueAddress }] }))).toEqual([
      `structure Patient.modifierExtension[0][url='${birthPlace}']`,
    ]);
  });

  it('comments in JSON are no property of FHIR', () => {
    expect(errorsOf(patient({ active: true, fhir_comments: ['x'] }))).toEqual(['structure Patient']);
  });
});

describe('a searchset [R4 bundle#searchset]', () => {
  const self = { link: [{ relation: 'self', url: `${BASE}/Patient?name=x` }] };
  const found = (resource: Json, mode = 'match') => ({ fullUrl: `${BASE}/${resource.resourceType}/1`, search: { mode }, resource });
  it.each<[why: string, entry: Json, errors: string[]]>([
    ['a match of the type searched for', found(patient({ id: '1' })), []],
    ['a match of another type', found(observation({ id: '1' })), ['invalid Bundle.entry[0].resource']],
    ['an included one of another type', found(observation({ id: '1' }), 'include'), []],
    [
      'an entry without a resource',
      { fullUrl: `${BASE}/Patient/1`, search: { mode: 'match' }, request: { method: 'GET', url: 'x' } },
      ['invariant Bundle', 'invalid Bundle.entry[0]'],
    ],
    ['an entry with neither resource nor mode', { fullUrl: `${BASE}/Patient/1` }, ['invariant Bundle.entry[0]', 'invalid Bundle.entry[0]']],
  ])('%s', (_why, entry, errors) => {
    expect(errorsOf(bundle('searchset', [entry], self))).toEqual(errors);
  });

  it('of several types', () => {
    const link = [{ relation: 'self', url: `${BASE}?_type=Patient,Observation&name=x` }];
    expect(errorsOf(bundle('searchset', [found(observation({ id: '1' }))], { link }))).toEqual([]);
    expect(errorsOf(bundle('searchset', [found({ resourceType: 'Group', id: '1', type: 'person', actual: true })], { link }))).toEqual([
      'invalid Bundle.entry[0].resource',
    ]);
  });
});

describe('references in a Bundle [R4 bundle#references]', () => {
  const subject = { reference: 'Patient/2d1f6c1c-6d0e-4d6e-8f1e-0a4a1f0b7c11' };
  const urn = 'urn:uuid:2d1f6c1c-6d0e-4d6e-8f1e-0a4a1f0b7c11';
  const from = { fullUrl: 'urn:uuid:7d0e6c1c-6d0e-4d6e-8f1e-0a4a1f0b7c22', resource: observation({ subject }) };

  it('a relative one from an entry with a URN means the URN with its id', () => {
    expect(errorsOf(bundle('collection', [from, { fullUrl: urn, resource: patient() }]))).toEqual([]);
    const organization = { resourceType: 'Organization', name: 'x' };
    expect(errorsOf(bundle('collection', [from, { fullUrl: urn, resource: organization }]))).toEqual([
      'required Bundle.entry[0].resource.subject',
    ]);
  });

  it('an entry that refers to others has a fullUrl, unless it answers', () => {
    const entry = { resource: observation({ subject: { reference: 'Patient/1' } }), request: { method: 'POST', url: 'Observation' } };
    expect(errorsOf(bundle('transaction', [entry]))).toEqual(['required Bundle.entry[0]']);
    expect(errorsOf(bundle('transaction', [{ ...entry, resource: observation() }]))).toEqual([]);
    const answered = { resource: entry.resource, response: { status: '201' } };
    expect(errorsOf(bundle('transaction-response', [answered]))).toEqual([]);
  });

  it('a fullUrl with an id is that of the resource', () => {
    const entry = { fullUrl: `${BASE}/Patient/1`, resource: patient({ active: true }), request: { method: 'POST', url: 'Patient' } };
    expect(errorsOf(bundle('transaction', [entry]))).toEqual(['invalid Bundle.entry[0]']);
  });

  const composition = (more: Json) => ({
    resourceType: 'Composition',
    id: 'c',
    status: 'final',
    type: { text: 'x' },
    date: '2020-01-01',
    title: 'x',
    author: [{ display: 'x' }],
    ...more,
  });
  const document = (more: Json, entries: readonly Json[]) =>
    bundle('document', [{ fullUrl: `${BASE}/Composition/c`, resource: composition(more) }, ...entries], {
      identifier: { system: 'urn:ietf:rfc:3986', value: urn },
      timestamp: '2020-01-01T00:00:00Z',
    });

  it('of a document lead to an entry, or by type and id to one with another address', () => {
    const elsewhere = { fullUrl: 'http://b.example/Patient/p', resource: patient({ id: 'p' }) };
    const author = [{ reference: 'Patient/p' }];
    expect(errorsOf(document({ author }, [elsewhere]))).toEqual(['informational Bundle.entry[1]']);
    expect(warningsOf(document({ author }, [elsewhere]))).toContain('not-found Bundle.entry[0].resource.author[0]');
    expect(errorsOf(document({ author }, []))).toEqual(['not-found Bundle.entry[0].resource.author[0]']);
  });

  it('an attachment links the Binary that it names to the document', () => {
    const binary = { fullUrl: `${BASE}/Binary/b`, resource: { resourceType: 'Binary', id: 'b', contentType: 'text/plain' } };
    const media = (url: string) => ({
      fullUrl: `${BASE}/Media/m`,
      resource: { resourceType: 'Media', id: 'm', status: 'completed', content: { contentType: 'text/plain', url } },
    });
    const section = [{ entry: [{ reference: 'Media/m' }] }];
    expect(errorsOf(document({ section }, [media(`${BASE}/Binary/b`), binary]))).toEqual([]);
    expect(errorsOf(document({ section }, [media(`${BASE}/Binary/c`), binary]))).toEqual(['informational Bundle.entry[2]']);
  });
});

describe('slices [R4 profiling#slicing]', () => {
  const path = 'Patient.identifier';
  const sliced = (slices: readonly Json[]) =>
    profile('Patient', [{ id: path, path, slicing: { discriminator: [{ type: 'value', path: 'use' }], rules: 'open' } }, ...slices]);
  const one = (sliceName: string, use: Json) => [
    { id: `${path}:${sliceName}`, path, sliceName },
    { id: `${path}:${sliceName}.use`, path: `${path}.use`, ...use },
  ];
  const identified = patient({ identifier: [{ use: 'official', value: '1' }] });

  it('a value in two slices is an error', () => {
    const both = [...one('a', { fixedCode: 'official' }), ...one('b', { patternCode: 'official' })];
    expect(errorsWith([sliced(both)], identified, TEST_PROFILE)).toEqual(['invalid Patient.identifier[0]']);
  });

  it('a slice that says nothing where the discriminator looks is an error', () => {
    const silent = profile('Patient', [
      { id: path, path, slicing: { discriminator: [{ type: 'value', path: 'value' }], rules: 'open' } },
      { id: `${path}:a`, path, sliceName: 'a' },
    ]);
    expect(errorsWith([silent], identified, TEST_PROFILE)).toEqual(['processing Patient.identifier[0]']);
  });

  it('a slice without the discriminating element takes what does not have it', () => {
    const without = [...one('a', { max: '0' }).map((element) => ({ ...element, ...(element.id === `${path}:a` ? { max: '1' } : {}) }))];
    expect(errorsWith([sliced(without)], patient({ identifier: [{ value: '1' }, { use: 'usual', value: '2' }] }), TEST_PROFILE)).toEqual(
      [],
    );
    expect(errorsWith([sliced(without)], patient({ identifier: [{ value: '1' }, { value: '2' }] }), TEST_PROFILE)).toEqual([
      'structure Patient',
    ]);
  });
});

describe('fixed values and patterns [R4 elementdefinition#fixed]', () => {
  const coding = { system: `${BASE}/codes`, code: 'a' };
  const codes = (more: Json) => profile('Basic', [{ path: 'Basic' }, { path: 'Basic.code', ...more }]);
  const basic = (code: Json) => ({ resourceType: 'Basic', code });
  it.each<[why: string, element: Json, code: Json, errors: string[]]>([
    ['a pattern holds', { patternCodeableConcept: { coding: [coding] } }, { coding: [{ ...coding, display: 'x' }], text: 'x' }, []],
    [
      'a coding of a pattern is missing',
      { patternCodeableConcept: { coding: [coding] } },
      { coding: [{ ...coding, code: 'b' }] },
      ['value Basic.code'],
    ],
    ['the text of a pattern differs', { patternCodeableConcept: { text: 'x' } }, { text: 'y' }, ['value Basic.code.text']],
    ['a fixed value holds', { fixedCodeableConcept: { coding: [coding] } }, { coding: [coding] }, []],
    [
      'more than a fixed value says, and less',
      { fixedCodeableConcept: { coding: [coding] } },
      { coding: [{ ...coding, code: 'b', display: 'x' }], text: 'x' },
      ['value Basic.code.coding.code', 'value Basic.code.coding.display', 'value Basic.code.text'],
    ],
    ['two codings for one', { fixedCodeableConcept: { coding: [coding] } }, { coding: [coding, coding] }, ['value Basic.code']],
  ])('%s', (_why, element, code, errors) => {
    expect(errorsWith([codes(element)], basic(code), TEST_PROFILE)).toEqual(errors);
  });
});
