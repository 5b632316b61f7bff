/**
 * Resources, their JSON, their data types, references, narratives and extensions.
 *
 * Spec: https://hl7.org/fhir/R4/resource.html · json.html · datatypes.html · references.html · narrative.html · extensibility.html
 */
import { expect } from 'vitest';
import { type Answered, type Asked, basic, get, type Page, reference, type Statement, section } from './statement.ts';

const json = section('json');
const put = (id: string, body: unknown): Asked => ['PUT', `Basic/${id}`, body];
const REFUSED = expect.toSatisfy((status: number) => status === 400 || status === 422);
/** A Basic as text, with these members. */
const text = (members: string) => `{"resourceType":"Basic","id":"b","code":{"text":"x"}${members === '' ? '' : `,${members}`}}`;
const stores = (says: string, members: string, kept: Answered = { status: 0 }): Statement =>
  json.shall(says, put('b', text(members)), {
    ...kept,
    status: expect.toSatisfy((status: number) => status === 200 || status === 201),
  });
const refuses = (says: string, members: string, code = 'invalid', status = 400): Statement =>
  json.shall(says, put('b', text(members)), { status, issue: [code] });
const extension = (value: string) => `"extension":[{"url":"http://s.example/e",${value}}]`;

export const jsonForm: Page = {
  title: 'JSON',
  statements: [
    json.is('a resource to begin with', put('b', text('')), { status: 201 }),
    refuses('no member is null', '"author":null'),
    refuses('no object is empty', '"subject":{}'),
    refuses('no list is empty', '"identifier":[]'),
    refuses('no string is empty', '"implicitRules":""', 'invalid', 422),
    refuses('what repeats is a list', '"identifier":{"value":"1"}'),
    refuses('what does not repeat is none', '"subject":[{"reference":"Patient/p"}]'),
    refuses('a member that R4 does not have', '"nonsense":1', 'structure'),
    refuses('members are spelt as they are', '"Identifier":[{"value":"1"}]', 'structure'),
    refuses('a boolean is no string', '"identifier":[{"value":true}]'),
    refuses('nor a string a number', extension('"valueInteger":"1"')),
    refuses('a boolean in quotes is none', extension('"valueBoolean":"true"')),
    refuses('no comments', '"fhir_comments":["x"]', 'structure'),
    refuses('a member twice', '"language":"nb","language":"nn"', 'structure'),
    stores(
      'an id and extensions of a primitive value',
      '"created":"2020-01-01","_created":{"id":"a","extension":[{"url":"http://s.example/e","valueCode":"x"}]}',
      {
        status: 200,
        at: { '_created.id': 'a', '_created.extension.0.valueCode': 'x' },
      },
    ),
    stores('a primitive that has extensions only', '"_created":{"extension":[{"url":"http://s.example/e","valueCode":"x"}]}', {
      status: 200,
      at: { created: undefined, '_created.extension.0.valueCode': 'x' },
    }),
    stores(
      'a list of primitives, with null where there is no extension',
      '"extension":[{"url":"http://s.example/e","valueHumanName":{"given":["a","b"],"_given":[null,{"id":"g"}]}}]',
      {
        status: 200,
        at: { 'extension.0.valueHumanName._given': [null, { id: 'g' }] },
      },
    ),
    stores(
      'and null where there is no value',
      '"extension":[{"url":"http://s.example/e","valueHumanName":{"given":[null,"b"],"_given":[{"id":"g"},null]}}]',
      {
        status: 200,
        at: { 'extension.0.valueHumanName.given': [null, 'b'] },
      },
    ),
    json.departs(
      'is',
      "HL7's own reader takes them, and what belongs to what is clear.",
      'lists of values and of extensions of different lengths are stored',
      put('b', text('"extension":[{"url":"http://s.example/e","valueHumanName":{"given":["a"],"_given":[null,{"id":"g"}]}}]')),
      { status: 200 },
    ),
    refuses(
      'null in both of them',
      '"extension":[{"url":"http://s.example/e","valueHumanName":{"given":[null,"b"],"_given":[null,null]}}]',
    ),
    stores('decimals keep their digits', extension('"valueDecimal":1.500'), { status: 200, text: expect.stringContaining('1.500') }),
    stores('however many', extension('"valueDecimal":0.123456789012345678'), {
      status: 200,
      text: expect.stringContaining('0.123456789012345678'),
    }),
    stores('and their exponent', extension('"valueDecimal":1.20E-3'), { status: 200, text: expect.stringContaining('1.20E-3') }),
    refuses('a decimal begins with a digit', extension('"valueDecimal":.5'), 'structure'),
    refuses('and not with a plus', extension('"valueDecimal":+5'), 'structure'),
    stores('characters beyond the first plane', '"language":"nb","identifier":[{"value":"\\ud83d\\ude00 æøå"}]', {
      status: 200,
      at: { 'identifier.0.value': '😀 æøå' },
    }),
    json.is('white space between is none of its content', put('b', `\n  ${text('').replaceAll(':', ' : ')}\n`), { status: 200 }),
    json.is('the order of members is none of its meaning', put('b', '{"code":{"text":"x"},"id":"b","resourceType":"Basic"}'), {
      status: 200,
    }),
    json.is('the order of lists is', put('b', text('"identifier":[{"value":"2"},{"value":"1"}]')), {
      status: 200,
      at: { 'identifier.0.value': '2' },
    }),
    json.is('half of a text', put('b', '{"resourceType":"Basic"'), { status: 400 }),
    json.is('something after it', put('b', `${text('')}{}`), { status: 400 }),
    json.shall('half of a surrogate pair is no character', put('b', text('"language":"nb","identifier":[{"value":"a\\ud800b"}]')), {
      status: REFUSED,
    }),
    json.is('NaN is no number', put('b', text(extension('"valueDecimal":NaN'))), { status: 400 }),
  ],
};

const types = section('datatypes#primitive');
const holds = (name: string, good: readonly unknown[], bad: readonly unknown[]): readonly Statement[] => [
  ...good.map((value) =>
    types.is(`${name}: ${JSON.stringify(value)}`, put('b', { ...basic('b'), extension: [{ url: 'http://s.example/e', [name]: value }] }), {
      status: expect.toSatisfy((status: number) => status === 200 || status === 201),
      at: { [`extension.0.${name}`]: value },
    }),
  ),
  ...bad.map((value) =>
    types.shall(
      `${name}: not ${JSON.stringify(value)}`,
      put('b', { ...basic('b'), extension: [{ url: 'http://s.example/e', [name]: value }] }),
      {
        status: REFUSED,
      },
    ),
  ),
];

const ucum = (value: number, code: string) => ({ value, system: 'http://unitsofmeasure.org', code });
const repeat = (repeated: object) => ({ repeat: repeated });

export const dataTypes: Page = {
  title: 'data types',
  statements: [
    ...holds('valueInteger', [0, -1, 2147483647, -2147483648], [2147483648, 1.5]),
    ...holds('valuePositiveInt', [1, 2147483647], [0, -1]),
    ...holds('valueUnsignedInt', [0], [-1]),
    ...holds('valueDate', ['2020', '2020-02', '2020-02-29'], ['2020-2-9', '2021-02-29', '2020-13', '20', '2020-01-01T00:00:00Z']),
    ...holds(
      'valueDateTime',
      ['2020', '2020-02', '2020-02-01', '2020-02-01T10:00:00Z', '2020-02-01T10:00:00.123+01:00', '2020-06-30T23:59:60Z'],
      [
        '2020-02-01T10:00Z',
        '2020-02-01T10:00:00',
        '2020-02-01T24:00:00Z',
        '2020-02-01 10:00:00Z',
        '2020-02-01T10:00:00+15:00',
        '2020-02-01T10:00:61Z',
        '0000',
        '2020-00-01',
        '2020-02-30T10:00:00Z',
        '2020-02-01t10:00:00z',
      ],
    ),
    ...holds('valueInstant', ['2020-02-01T10:00:00.000+14:00'], ['2020-02-01', '2020-02-01T10:00:00', '2020-02-01T10:00Z']),
    ...holds('valueTime', ['23:59:59', '10:00:00.5'], ['24:00:00', '10:00', '10:00:00Z']),
    ...holds('valueCode', ['a', 'a b'], [' a', 'a ', 'a  b']),
    ...holds('valueId', ['a-1.B', 'x'.repeat(64)], ['a_b', 'x'.repeat(65)]),
    ...holds('valueOid', ['urn:oid:1.2.3'], ['1.2.3', 'urn:oid:3.1', 'urn:oid:1.02']),
    ...holds('valueUuid', ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'], ['c757873d-ec9a-4326-a141-556f43239520']),
    ...holds('valueUri', ['http://s.example/x', 'urn:x', 'a/b'], ['a b']),
    ...holds('valueBase64Binary', ['YWJj'], ['YWJ', '!!!!']),
    ...holds('valueString', ['a', ' a ', 'line\nline', '\u00a0x'], ['']),
    ...holds('valueMarkdown', ['**a**'], ['']),
    ...holds('valueBoolean', [true, false], ['true', 1]),
    ...holds(
      'valueQuantity',
      [
        { value: 1, comparator: '<' },
        { value: 1, system: 'http://unitsofmeasure.org', code: 'mg' },
      ],
      [
        { value: 1, code: 'mg' },
        { value: 1, comparator: '=' },
      ],
    ),
    ...holds(
      'valuePeriod',
      [
        { start: '2020', end: '2020' },
        { start: '2020-01-01', end: '2020' },
      ],
      [{ start: '2021', end: '2020' }],
    ),
    ...holds('valueRange', [{ low: { value: 1 }, high: { value: 2 } }], [{ low: { value: 2 }, high: { value: 1 } }]),
    ...holds('valueAttachment', [{ contentType: 'text/plain', data: 'YQ==' }], [{ data: 'YQ==' }]),
    ...holds('valueCodeableConcept', [{ text: 'x' }, { coding: [{ code: 'x', userSelected: true }] }], [{ coding: {} }]),
    ...holds('valueIdentifier', [{ use: 'official', value: '1' }], [{ use: 'mine', value: '1' }]),
    ...holds('valueInteger64', [], [1]),
    ...holds('valueDecimal', [0, -0.5], ['1', true]),
    ...holds('valueCanonical', ['http://s.example/x|1', 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520'], ['a b']),
    ...holds('valueUrl', ['http://s.example/x'], ['a b']),
    ...holds('valueContactPoint', [{ system: 'phone', value: '1' }, { use: 'home' }], [{ value: '1' }, { system: 'pigeon', value: '1' }]),
    ...holds('valueRatio', [{ numerator: { value: 1 }, denominator: { value: 2 } }], [{ numerator: { value: 1 } }]),
    ...holds('valueAge', [ucum(5, 'a')], [ucum(-5, 'a'), { value: 5 }]),
    ...holds('valueDuration', [ucum(5, 'min')], [{ value: 5, code: 'min' }]),
    ...holds('valueCount', [ucum(5, '1')], [ucum(1.5, '1'), ucum(5, 'kg'), { value: 5 }]),
    ...holds('valueMoney', [{ value: 5, currency: 'NOK' }], [{ value: 5, currency: 'NOKK' }]),
    ...holds(
      'valueTiming',
      [repeat({ frequency: 1, period: 1, periodUnit: 'd' }), { event: ['2020-01-01'] }],
      [
        repeat({ period: 1 }),
        repeat({ period: -1, periodUnit: 'd' }),
        repeat({ duration: 1 }),
        repeat({ when: ['MORN'], timeOfDay: ['10:00:00'] }),
      ],
    ),
    ...holds('valueAddress', [{ use: 'home', city: 'x' }], [{ use: 'house' }]),
    ...holds('valueHumanName', [{ family: 'x' }], [{ use: 'mine', family: 'x' }]),
    ...holds('valueAnnotation', [{ text: 'x', time: '2020' }], [{ authorString: 'x' }]),
    ...holds('valueUsageContext', [{ code: { code: 'age' }, valueCodeableConcept: { text: 'x' } }], [{ code: { code: 'age' } }]),
    ...holds(
      'valueSampledData',
      [{ origin: { value: 0 }, period: 10, dimensions: 1, data: '1 2 E' }],
      [{ origin: { value: 0 }, period: 10, data: '1' }],
    ),
    ...holds('valueExpression', [{ language: 'text/fhirpath', expression: '1' }], [{ language: 'text/fhirpath' }]),
    ...holds('valueReference', [{ reference: 'Patient/p' }, { display: 'x' }, { identifier: { value: '1' } }], [{ reference: '#nobody' }]),
  ],
};

const refs = section('references#contained');
const literal = section('references#literal');
const ext = section('extensibility');
const narrative = section('narrative');
const tag = section('resource#meta');
const div = (inner: string) => ({ text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>` } });
const bad = (says: string, inner: string) => narrative.shall(says, put('n', basic('n', div(inner))), { status: REFUSED });
const contained = (more: object, inner: object = {}) =>
  basic('c', { contained: [{ resourceType: 'Patient', id: 'p', ...inner }], ...more });

export const wholeResources: Page = {
  title: 'references, contained resources, narratives, extensions and meta',
  statements: [
    literal.is('relative', put('r', basic('r', { subject: reference('Patient/p') })), { status: 201 }),
    literal.is('absolute', put('r', basic('r', { subject: reference('http://other.example/fhir/Patient/p') })), { status: 200 }),
    literal.is('of a version', put('r', basic('r', { subject: reference('Patient/p/_history/1') })), {
      status: 200,
      at: { 'subject.reference': 'Patient/p/_history/1' },
    }),
    literal.is('by identifier alone', put('r', basic('r', { subject: { type: 'Patient', identifier: { value: '1' } } })), { status: 200 }),
    literal.is('a urn', put('r', basic('r', { subject: reference('urn:uuid:c757873d-ec9a-4326-a141-556f43239520') })), { status: 200 }),
    section('references#type').shall('to a type that the element takes', put('r', basic('r', { author: reference('Observation/o') })), {
      status: REFUSED,
    }),
    section('references#type').shall(
      'and type says the same',
      put('r', basic('r', { subject: { reference: 'Patient/p', type: 'Device' } })),
      { status: REFUSED },
    ),
    refs.is('a contained resource that is referred to', put('c', contained({ subject: reference('#p') })), {
      status: 201,
      at: { 'contained.0.id': 'p' },
    }),
    refs.shall('one that nothing refers to', put('c', contained({})), { status: REFUSED, issue: ['invariant', 'Basic'] }),
    refs.shall('a reference to one that is not there', put('c', basic('c', { subject: reference('#q') })), { status: REFUSED }),
    refs.shall(
      'one that contains another',
      put('c', contained({ subject: reference('#p') }, { contained: [{ resourceType: 'Patient', id: 'q' }] })),
      { status: REFUSED },
    ),
    refs.shall('one with a versionId', put('c', contained({ subject: reference('#p') }, { meta: { versionId: '1' } })), {
      status: REFUSED,
    }),
    refs.shall(
      'one with a lastUpdated',
      put('c', contained({ subject: reference('#p') }, { meta: { lastUpdated: '2020-01-01T00:00:00Z' } })),
      { status: REFUSED },
    ),
    refs.shall('one with a security label', put('c', contained({ subject: reference('#p') }, { meta: { security: [{ code: 'R' }] } })), {
      status: REFUSED,
    }),
    refs.is('one that refers to its container', put('c', basic('c', { contained: [basic('p', { subject: reference('#') })] })), {
      status: 200,
    }),
    ext.shall('an extension has a value or extensions', put('e', basic('e', { extension: [{ url: 'http://s.example/e' }] })), {
      status: REFUSED,
    }),
    ext.shall(
      'not both',
      put('e', basic('e', { extension: [{ url: 'http://s.example/e', valueString: 'x', extension: [{ url: 'a', valueString: 'y' }] }] })),
      { status: REFUSED },
    ),
    ext.shall('a url', put('e', basic('e', { extension: [{ valueString: 'x' }] })), { status: REFUSED }),
    ext.shall('one value', put('e', basic('e', { extension: [{ url: 'http://s.example/e', valueString: 'x', valueCode: 'y' }] })), {
      status: REFUSED,
    }),
    ext.shall(
      'extensions that are not known are kept',
      put('e', basic('e', { extension: [{ url: 'http://s.example/unknown', valueString: 'x' }] })),
      {
        status: 201,
        at: { 'extension.0.valueString': 'x' },
      },
    ),
    ext.is(
      'nested ones too',
      put('e', basic('e', { extension: [{ url: 'http://s.example/e', extension: [{ url: 'a', valueString: 'x' }] }] })),
      {
        status: 200,
        at: { 'extension.0.extension.0.valueString': 'x' },
      },
    ),
    ext.is(
      'a modifier extension that is not known is kept',
      put('e', basic('e', { modifierExtension: [{ url: 'http://s.example/m', valueBoolean: true }] })),
      {
        status: 200,
        at: { 'modifierExtension.0.valueBoolean': true },
      },
    ),
    ext.shall(
      'none in a data type',
      put('e', basic('e', { code: { text: 'x', modifierExtension: [{ url: 'http://s.example/m', valueBoolean: true }] } })),
      { status: REFUSED },
    ),
    narrative.is(
      'text, links, lists and tables',
      put(
        'n',
        basic(
          'n',
          div('<p class="a">x <b>y</b> <a href="http://s.example">z</a></p><ul><li>1</li></ul><table><tr><td>1</td></tr></table>&#160;'),
        ),
      ),
      {
        status: 201,
      },
    ),
    narrative.is('an image of its own', put('n', basic('n', div('<img src="data:image/png;base64,AAAA" alt="x"/>'))), { status: 200 }),
    bad('no scripts', '<script>alert(1)</script>'),
    bad('no handlers', '<p onclick="alert(1)">x</p>'),
    bad('no scripts in links', '<a href="javascript:alert(1)">x</a>'),
    bad('nor hidden ones', '<a href="&#106;avascript:alert(1)">x</a>'),
    bad('no forms', '<form action="http://s.example"><input name="x"/></form>'),
    bad('no frames', '<iframe src="http://s.example"></iframe>'),
    bad('no objects', '<object data="x"></object>'),
    bad('no styles from elsewhere', '<link rel="stylesheet" href="http://s.example/x.css"/>'),
    bad('no head', '<head><title>x</title></head>'),
    bad('no entities that XML does not know', '&bogus;'),
    bad('no content at all', ''),
    bad('no white space alone', '   '),
    bad('no XML that is broken', '<p>x'),
    narrative.shall('a div of XHTML', put('n', basic('n', { text: { status: 'generated', div: '<div>x</div>' } })), { status: REFUSED }),
    narrative.shall(
      'no other element',
      put('n', basic('n', { text: { status: 'generated', div: '<p xmlns="http://www.w3.org/1999/xhtml">x</p>' } })),
      { status: REFUSED },
    ),
    narrative.shall('a status', put('n', basic('n', { text: { div: div('x').text.div } })), { status: REFUSED }),
    narrative.shall('a status that there is', put('n', basic('n', { text: { ...div('x').text, status: 'made' } })), { status: REFUSED }),
    tag.is(
      'source, profile, labels and tags',
      put('m', basic('m', { meta: { source: 'urn:x', profile: ['http://s.example/p'], security: [{ code: 'R' }], tag: [{ code: 't' }] } })),
      {
        status: 201,
      },
    ),
    section('resource#implicitRules').departs(
      'SHALL',
      'To keep a resource whole for those who know its rules is no processing of it; the element is in every summary and part that is given.',
      'implicitRules that are not known are kept',
      put('i', basic('i', { implicitRules: 'http://s.example/rules' })),
      { status: 201 },
    ),
    section('resource#implicitRules').is('and always shown', get('Basic/i?_elements=code'), {
      status: 200,
      at: { implicitRules: 'http://s.example/rules' },
    }),
    section('resource#language').is('a language', put('l', basic('l', { language: 'nb-NO' })), { status: 201 }),
    section('resource#id').is('what is read has what was written', get('Basic/l'), {
      status: 200,
      members: ['resourceType', 'id', 'meta', 'language', 'code'],
    }),
  ],
};

const binary = section('binary#rest');
const served = (path: string, accept?: string): Asked => (accept === undefined ? get(path) : get(path, { Accept: accept }));

export const binaries: Page = {
  title: 'Binary',
  statements: [
    binary.shall('content is sent as it is', ['PUT', 'Binary/b', 'hello', { 'Content-Type': 'text/plain' }], {
      status: 201,
      at: { contentType: 'text/plain', data: 'aGVsbG8=' },
      headers: { ETag: 'W/"1"' },
    }),
    binary.shall('and given as it is', served('Binary/b', '*/*'), {
      status: 200,
      text: 'hello',
      headers: { 'Content-Type': 'text/plain', ETag: 'W/"1"', 'Last-Modified': expect.stringMatching(/GMT$/) },
    }),
    binary.shall('in its own type', served('Binary/b', 'text/plain'), { status: 200, text: 'hello' }),
    binary.shall('as a resource to who asks for FHIR', served('Binary/b', 'application/fhir+json'), {
      status: 200,
      at: { resourceType: 'Binary', contentType: 'text/plain', data: 'aGVsbG8=' },
    }),
    binary.shall('also by _format', served('Binary/b?_format=json', 'text/plain'), { status: 200, at: { resourceType: 'Binary' } }),
    binary.is('a type that it is not of is 406', served('Binary/b', 'image/png'), { status: 406 }),
    binary.is('a version of it', served('Binary/b/_history/1', '*/*'), { status: 200, text: 'hello' }),
    binary.is('who has it does not get it again', get('Binary/b', { Accept: '*/*', 'If-None-Match': 'W/"1"' }), { status: 304, text: '' }),
    binary.shall('a search gives resources', get('Binary?_id=b'), { status: 200, at: { 'entry.0.resource.data': 'aGVsbG8=' } }),
    binary.shall(
      'X-Security-Context becomes securityContext',
      ['POST', 'Binary', 'secret', { 'Content-Type': 'text/plain', 'X-Security-Context': 'Patient/p' }],
      { status: 201, at: { 'securityContext.reference': 'Patient/p' } },
    ),
    binary.shall('and is told when it is read', ['GET', '{Location}', undefined, { Accept: '*/*' }], {
      status: 200,
      headers: { 'X-Security-Context': expect.stringMatching(/Patient\/p$/) },
    }),
    binary.shall('FHIR JSON that is no Binary is refused', ['POST', 'Binary', basic('x')], { status: 400 }),
    binary.is('a Binary as FHIR JSON', ['POST', 'Binary', { resourceType: 'Binary', contentType: 'text/plain', data: 'YQ==' }], {
      status: 201,
      at: { data: 'YQ==' },
    }),
    binary.shall('with its type', ['POST', 'Binary', { resourceType: 'Binary', data: 'YQ==' }], { status: 422 }),
    binary.is('deleted', ['DELETE', 'Binary/b'], { status: 204 }),
    binary.is('it is gone', served('Binary/b', '*/*'), { status: 410, at: { resourceType: 'OperationOutcome' } }),
  ],
};

const kinds = section('resource');

export const typesOfResources: Page = {
  title: 'types that have a place of their own',
  statements: [
    section('parameters').shall('Parameters are kept nowhere', ['PUT', 'Parameters/p', { resourceType: 'Parameters', id: 'p' }], {
      status: 404,
      issue: ['not-supported'],
    }),
    section('parameters').shall('and sought nowhere', get('Parameters?_id=p'), { status: 404, issue: ['not-supported'] }),
    section('parameters').shall('they are no type of the CapabilityStatement', get('metadata'), {
      status: 200,
      at: { 'rest.0.resource': expect.not.arrayContaining([expect.objectContaining({ type: 'Parameters' })]) },
    }),
    section('parameters').is('what they hold may be checked', ['POST', 'Parameters/$validate', { resourceType: 'Parameters' }], {
      status: 200,
    }),
    section('parameters').is(
      'nor are they made in a transaction',
      [
        'POST',
        '',
        {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [{ resource: { resourceType: 'Parameters' }, request: { method: 'POST', url: 'Parameters' } }],
        },
      ],
      {
        status: 404,
        issue: ['not-supported', 'Bundle.entry[0]'],
      },
    ),
    kinds.is('Resource is no type of a resource', get('Resource/p'), { status: 404, issue: ['not-supported'] }),
    kinds.is('nor is DomainResource', get('DomainResource'), { status: 404, issue: ['not-supported'] }),
    kinds.is('nor a data type', get('HumanName/p'), { status: 404, issue: ['not-supported'] }),
    kinds.is('a type of another version of FHIR is none', get('NutritionProduct/p'), { status: 404, issue: ['not-supported'] }),
    kinds.is('a type of R4 without anything in it', get('VisionPrescription'), { status: 200, ids: [] }),
    kinds.is('nothing is below a version', get('Basic/b/_history/1/more'), { status: 404 }),
  ],
};
