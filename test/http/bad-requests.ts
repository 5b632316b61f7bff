/** Requests that must be refused: what is sent, and the status, issue code and expression that answer it. */
import { bundle, carePlan, entry, observation, patient } from '../support/fixtures.ts';

export interface BadRequest {
  readonly why: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
  /** Left out: the issue has none. */
  readonly expression?: string;
}

type Expected = readonly [status: number, code: string, expression?: string];

function row(why: string, method: string, path: string, expected: Expected, body?: unknown, headers?: Record<string, string>): BadRequest {
  const [status, code, expression] = expected;
  return {
    why,
    method,
    path,
    status,
    code,
    ...(expression === undefined ? {} : { expression }),
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
  };
}

const get = (why: string, path: string, ...expected: Expected) => row(why, 'GET', path, expected);
const post = (why: string, path: string, body: unknown, ...expected: Expected) => row(why, 'POST', path, expected, body);
const put = (why: string, path: string, body: unknown, ...expected: Expected) => row(why, 'PUT', path, expected, body);
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };
const BINARY = { resourceType: 'Binary', contentType: 'application/json-patch+json' };
const base64 = (text: string, encoding: 'utf8' | 'latin1') => Buffer.from(text, encoding).toString('base64');
const PART = { tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }] };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const patch = (why: string, body: unknown, ...expected: Expected) => row(why, 'PATCH', 'Patient/p1', expected, body, JSON_PATCH);
const transaction = (why: string, entries: readonly unknown[], ...expected: Expected) =>
  row(why, 'POST', '', expected, bundle('transaction', ...entries));
const search = (query: string, ...expected: Expected) => row(`the search ${query}`, 'GET', query, expected);

const URLS: readonly BadRequest[] = [
  get('an unknown type', 'Odd', 404, 'not-supported'),
  get('an unknown type with an id', 'Odd/1', 404, 'not-supported'),
  get('a type in lower case', 'patient/p1', 404, 'not-supported'),
  get('an abstract type', 'DomainResource/1', 404, 'not-supported'),
  get('a data type', 'HumanName', 404, 'not-supported'),
  get('an unknown id', 'Patient/none', 404, 'not-found'),
  get('a deleted id', 'Patient/gone', 410, 'deleted'),
  get('an id with a space', 'Patient/a%20b', 400, 'value', 'id'),
  get('an id with an underscore', 'Patient/a_b', 400, 'value', 'id'),
  get('an id that is too long', `Patient/${'x'.repeat(65)}`, 400, 'value', 'id'),
  post(
    'an id of points in a Bundle',
    '',
    bundle('transaction', entry('PUT', 'Patient/..', patient({ id: '..' }))),
    400,
    'value',
    'Bundle.entry[0].request.url',
  ),
  get('a general parameter twice', 'Patient/p1?_summary=true&_summary=data', 400, 'value', '_summary'),
  get('an id that climbs', 'Patient/..%2F..%2Fetc', 400, 'value', 'id'),
  get('a national identity number as an id', 'Patient/13097248022', 400, 'value', 'id'),
  get('a broken escape in the path', 'Patient/%ZZ', 400, 'value', 'url'),
  get('NUL in the path', 'Patient/%00', 400, 'value', 'url'),
  get('an empty segment', 'Patient//p1', 400, 'value', 'url'),
  get('an unknown version', 'Patient/p1/_history/99', 404, 'not-found'),
  get('a version that is no number', 'Patient/p1/_history/one', 404, 'not-found'),
  get('a path that is too long', 'Patient/p1/_history/1/2', 404, 'not-found'),
  get('an unknown part of an instance', 'Patient/p1/name', 404, 'not-found'),
  get('an unknown type in a compartment', 'Patient/p1/Odd', 404, 'not-supported'),
  get('a compartment that is none', 'Goal/g1/Task', 404, 'not-found'),
  get('a type that is never in the compartment', 'Patient/p1/Organization', 404, 'not-found'),
  get('an unknown operation at a type', 'Patient/$odd', 404, 'not-found'),
  get('an unknown operation at an instance', 'Patient/p1/$odd', 404, 'not-found'),
  get('an unknown operation at the base', '$odd', 404, 'not-found'),
  get('$everything of what has none', 'Goal/g1/$everything', 404, 'not-found'),
  get('_search by GET', 'Patient/_search', 405, 'not-supported'),
  get('_search in a compartment by GET', 'Patient/p1/_search', 405, 'not-supported'),
  row('_search in a compartment that is none', 'POST', 'Goal/g1/_search', [404, 'not-found'], 'status=x', FORM),
  get('_search at the base by GET', '_search', 405, 'not-supported'),
  get('something below metadata', 'metadata/x', 404, 'not-supported'),
];

const METHODS: readonly BadRequest[] = [
  post('POST to an instance', 'Patient/p1', patient(), 405, 'not-supported'),
  post('POST to a version', 'Patient/p1/_history/1', patient(), 405, 'not-supported'),
  post('POST to metadata', 'metadata', patient(), 405, 'not-supported'),
  put('PUT at _search', 'Patient/_search', patient(), 405, 'not-supported'),
  row('a form by PUT at _search', 'PUT', 'Patient/_search', [405, 'not-supported'], 'name=x', FORM),
  put('PUT at an operation', 'Patient/p1/$everything', patient(), 405, 'not-supported'),
  put('PUT at an unknown operation', 'Patient/p1/$odd', patient(), 404, 'not-found'),
  transaction(
    'a PUT at an operation in a transaction',
    [entry('PUT', 'Patient/p1/$everything', patient({ id: 'p1' }))],
    405,
    'not-supported',
    'Bundle.entry[0]',
  ),
  put('PUT at the base', '', patient(), 405, 'not-supported'),
  put('PUT to a version', 'Patient/p1/_history/1', patient(), 405, 'not-supported'),
  put('PUT to metadata', 'metadata', patient(), 405, 'not-supported'),
  row('DELETE at the base', 'DELETE', '', [405, 'not-supported']),
  row('DELETE of metadata', 'DELETE', 'metadata', [405, 'not-supported']),
  row('DELETE of a version', 'DELETE', 'Patient/p1/_history/1', [405, 'not-supported']),
  row('DELETE of a history', 'DELETE', 'Patient/p1/_history', [405, 'not-supported']),
  row('PATCH at the base', 'PATCH', '', [405, 'not-supported'], [], JSON_PATCH),
  row('PROPFIND', 'PROPFIND', 'Patient', [405, 'not-supported']),
];

const BODIES: readonly BadRequest[] = [
  post('no JSON', 'Patient', '{', 400, 'structure'),
  post('JSON with a trailing comma', 'Patient', '{"resourceType":"Patient",}', 400, 'structure'),
  post('JSON with single quotes', 'Patient', "{'resourceType':'Patient'}", 400, 'structure'),
  post('JSON with a number that is none', 'Patient', '{"resourceType":"Patient","x":01}', 400, 'structure'),
  post('XML under a JSON type', 'Patient', '<Patient xmlns="http://hl7.org/fhir"/>', 400, 'structure'),
  post('an empty body', 'Patient', '', 400, 'structure'),
  post('blanks only', 'Patient', '   ', 400, 'structure'),
  post('null', 'Patient', 'null', 400, 'structure', 'resourceType'),
  post('a string', 'Patient', '"Patient"', 400, 'structure', 'resourceType'),
  post('a list', 'Patient', '[]', 400, 'structure', 'resourceType'),
  post('an object without a type', 'Patient', '{}', 400, 'structure', 'resourceType'),
  post('a type that is a number', 'Patient', '{"resourceType":1}', 400, 'structure', 'resourceType'),
  post('another type', 'Patient', { resourceType: 'Observation' }, 400, 'invalid', 'Patient.resourceType'),
  post('an unknown type', 'Patient', { resourceType: 'Odd' }, 400, 'invalid', 'Patient.resourceType'),
  post('NUL in a string', 'Patient', '{"resourceType":"Patient","language":"a\\u0000b"}', 400, 'structure'),
  post('nesting without an end', 'Patient', `{"resourceType":"Patient","x":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400, 'structure'),
  put('an update without an id', 'Patient/p1', patient(), 400, 'invalid', 'Patient.id'),
  put('an update with another id', 'Patient/p1', patient({ id: 'p2' }), 400, 'invalid', 'Patient.id'),
  put('an id that is a number', 'Patient/p1', { resourceType: 'Patient', id: 1 }, 400, 'value', 'Patient.id'),
  put('an id of the URL that cannot be one', 'Patient/a_b', patient({ id: 'a_b' }), 400, 'value', 'id'),
  put('a national identity number as an id to be', 'Patient?family=nobody', patient({ id: '13097248022' }), 400, 'value', 'Patient.id'),
  put('another type in an update', 'Patient/p1', observation({ id: 'p1' }), 400, 'invalid', 'Patient.resourceType'),
  put('a plan without If-Match', 'CarePlan/c1', carePlan({ id: 'c1' }), 428, 'required', 'If-Match'),
  post('an unknown element', 'Patient', patient({ odd: 1 }), 400, 'structure', 'Patient'),
  post('a list where one value belongs', 'Patient', patient({ birthDate: ['1941-05-17'] }), 400, 'invalid', 'Patient.birthDate'),
  post('one value where a list belongs', 'Patient', patient({ name: { family: 'x' } }), 400, 'invalid', 'Patient.name'),
  post('an empty list', 'Patient', patient({ name: [] }), 400, 'invalid', 'Patient.name'),
  post('an empty object', 'Patient', patient({ name: [{}] }), 400, 'invalid', 'Patient.name[0]'),
  post('a part of a resource', 'Patient', patient({ meta: PART }), 422, 'business-rule', 'Patient.meta.tag'),
  put(
    'a part of a resource in place of the whole',
    'Patient/p1',
    patient({ id: 'p1', meta: PART }),
    422,
    'business-rule',
    'Patient.meta.tag',
  ),
  post(
    'a conditional reference outside of a transaction',
    'Observation',
    observation({ subject: { reference: 'Patient?family=solvik' } }),
    400,
    'invalid',
    'Observation.subject.reference',
  ),
  put('a shape that is none', 'Patient/p1?_summary=odd', patient({ id: 'p1' }), 400, 'value', '_summary'),
  post('a date that is none', 'Patient', patient({ birthDate: '1941-13-01' }), 422, 'invalid', 'Patient.birthDate'),
  post('a code that is not in the required value set', 'Patient', patient({ gender: 'odd' }), 422, 'code-invalid', 'Patient.gender'),
  post('a string where a boolean belongs', 'Patient', patient({ active: 'true' }), 400, 'invalid', 'Patient.active'),
  post(
    'a required element that is missing',
    'Observation',
    { resourceType: 'Observation', code: { text: 'x' } },
    422,
    'structure',
    'Observation',
  ),
];

const HEADERS: readonly BadRequest[] = [
  row('XML wanted', 'GET', 'Patient/p1', [406, 'not-supported'], undefined, { Accept: 'application/fhir+xml' }),
  row('Turtle wanted', 'GET', 'Patient/p1', [406, 'not-supported'], undefined, { Accept: 'text/turtle' }),
  row('an image wanted', 'GET', 'Patient/p1', [406, 'not-supported'], undefined, { Accept: 'image/png' }),
  row('another FHIR version wanted', 'GET', 'Patient/p1', [406, 'not-supported'], undefined, {
    Accept: 'application/fhir+json; fhirVersion=5.0',
  }),
  row('JSON refused', 'GET', 'Patient/p1', [406, 'not-supported'], undefined, { Accept: 'application/fhir+json;q=0' }),
  row('XML wanted in a form', 'POST', 'Patient/_search', [406, 'not-supported'], '_format=xml', FORM),
  row('nothing that is offered wanted', 'GET', 'Patient/p1', [406, 'not-supported'], undefined, { Accept: 'application/*;q=0, image/png' }),
  get('XML wanted by _format', 'Patient/p1?_format=xml', 406, 'not-supported'),
  get('another FHIR version wanted by _format', 'Patient/p1?_format=application/fhir+json;%20fhirVersion=3.0', 406, 'not-supported'),
  get('XML wanted by a whole _format', 'Patient/p1?_format=application/fhir%2Bxml', 406, 'not-supported'),
  row('XML sent', 'POST', 'Patient', [415, 'not-supported'], '<Patient/>', { 'Content-Type': 'application/fhir+xml' }),
  row('text sent', 'POST', 'Patient', [415, 'not-supported'], '{}', { 'Content-Type': 'text/plain' }),
  row('a file form sent', 'POST', 'Patient', [415, 'not-supported'], 'x', { 'Content-Type': 'multipart/form-data; boundary=x' }),
  row('a form sent to a type', 'POST', 'Patient', [415, 'not-supported'], 'name=x', FORM),
  row('a form sent to the base', 'POST', '', [415, 'not-supported'], 'name=x', FORM),
  row('Latin-1 sent', 'POST', 'Patient', [415, 'not-supported'], '{}', { 'Content-Type': 'application/fhir+json; charset=iso-8859-1' }),
  row('another FHIR version sent', 'POST', 'Patient', [415, 'not-supported'], '{}', {
    'Content-Type': 'application/fhir+json; fhirVersion=3.0',
  }),
  row('a JSON Patch sent by POST', 'POST', 'Patient', [415, 'not-supported'], '[]', JSON_PATCH),
  row('a compressed body', 'POST', 'Patient', [415, 'not-supported'], 'x', {
    'Content-Type': 'application/fhir+json',
    'Content-Encoding': 'gzip',
  }),
  row('If-Match that cannot be read', 'PUT', 'Patient/p1', [400, 'invalid', 'If-Match'], patient({ id: 'p1' }), { 'If-Match': 'W/1' }),
  row('If-Match that is stale', 'PUT', 'Patient/p1', [412, 'conflict', 'If-Match'], patient({ id: 'p1' }), { 'If-Match': 'W/"9"' }),
  row('If-Match on what is not there', 'PUT', 'Patient/new', [412, 'conflict', 'If-Match'], patient({ id: 'new' }), {
    'If-Match': 'W/"1"',
  }),
  row('If-Match with the version before the deletion', 'PUT', 'Patient/gone', [412, 'conflict', 'If-Match'], patient({ id: 'gone' }), {
    'If-Match': 'W/"1"',
  }),
  row('If-Match: * on what is deleted', 'PUT', 'Patient/gone', [412, 'conflict', 'If-Match'], patient({ id: 'gone' }), { 'If-Match': '*' }),
  row('If-Match that is stale at a delete', 'DELETE', 'Patient/p1', [412, 'conflict', 'If-Match'], undefined, { 'If-Match': 'W/"9"' }),
  row('If-None-Match: * on what is there', 'PUT', 'Patient/p1', [412, 'conflict', 'If-None-Match'], patient({ id: 'p1' }), {
    'If-None-Match': '*',
  }),
  row(
    'If-None-Match with the current version at an update',
    'PUT',
    'Patient/p1',
    [412, 'conflict', 'If-None-Match'],
    patient({ id: 'p1' }),
    {
      'If-None-Match': 'W/"8", W/"1"',
    },
  ),
  row('If-None-Match: * at a conditional update that matches', 'PUT', 'Patient?_id=p1', [412, 'conflict', 'If-None-Match'], patient(), {
    'If-None-Match': '*',
  }),
  row('If-None-Match: * at a delete', 'DELETE', 'Patient/p1', [412, 'conflict', 'If-None-Match'], undefined, { 'If-None-Match': '*' }),
  row('If-None-Match: * at a conditional delete', 'DELETE', 'Patient?_id=p1', [412, 'conflict', 'If-None-Match'], undefined, {
    'If-None-Match': '*',
  }),
  row('If-None-Match: * at a patch', 'PATCH', 'Patient/p1', [412, 'conflict', 'If-None-Match'], [], {
    ...JSON_PATCH,
    'If-None-Match': '*',
  }),
  row(
    'If-Unmodified-Since a time before the change',
    'PUT',
    'Patient/p1',
    [412, 'conflict', 'If-Unmodified-Since'],
    patient({ id: 'p1' }),
    {
      'If-Unmodified-Since': 'Fri, 01 Jan 2010 00:00:00 GMT',
    },
  ),
  row('If-Unmodified-Since at a delete', 'DELETE', 'Patient/p1', [412, 'conflict', 'If-Unmodified-Since'], undefined, {
    'If-Unmodified-Since': 'Fri, 01 Jan 2010 00:00:00 GMT',
  }),
  row('If-None-Exist at an update', 'PUT', 'Patient/p1', [400, 'invalid', 'If-None-Exist'], patient({ id: 'p1' }), {
    'If-None-Exist': 'family=solvik',
  }),
  row('If-Match that is stale at a read', 'GET', 'Patient/p1', [412, 'conflict', 'If-Match'], undefined, { 'If-Match': 'W/"9"' }),
  row('If-None-Match that cannot be read', 'GET', 'Patient/p1', [400, 'invalid', 'If-None-Match'], undefined, {
    'If-None-Match': 'W/"a b"',
  }),
  row('If-None-Exist without a condition', 'POST', 'Patient', [400, 'invalid', 'If-None-Exist'], patient(), { 'If-None-Exist': '?' }),
  row('If-None-Exist with an unknown parameter', 'POST', 'Patient', [400, 'not-supported', 'If-None-Exist'], patient(), {
    'If-None-Exist': 'odd=1',
  }),
  row('If-None-Exist that matches several', 'POST', 'Patient', [412, 'multiple-matches', 'If-None-Exist'], patient(), {
    'If-None-Exist': 'family=solvik',
  }),
  row('no token', 'GET', 'Patient/p1', [401, 'login'], undefined, { Authorization: '' }),
  row('a token of another kind', 'GET', 'Patient/p1', [401, 'login'], undefined, { Authorization: 'Basic eDp5' }),
];

const SEARCHES: readonly BadRequest[] = [
  search('metadata?odd=1', 400, 'not-supported', 'odd'),
  search('metadata?mode=odd', 400, 'value', 'mode'),
  search('Patient?odd=1', 400, 'not-supported', 'odd'),
  search('Patient?name:odd=1', 400, 'not-supported', 'name:odd'),
  search('Patient?birthdate:exact=2000', 400, 'not-supported', 'birthdate:exact'),
  search('Patient?birthdate=yesterday', 400, 'value', 'birthdate'),
  search('Patient?birthdate=2000-13', 400, 'value', 'birthdate'),
  search('Patient?birthdate=xx2000', 400, 'value', 'birthdate'),
  search('Patient?_lastUpdated=x', 400, 'value', '_lastUpdated'),
  search('Patient?_id=a_b', 400, 'value', '_id'),
  search('Patient?_count=-1', 400, 'value', '_count'),
  search('Patient?_count=many', 400, 'value', '_count'),
  search('Patient?_count=1&_count=2', 400, 'invalid', '_count'),
  search('Patient?_sort=odd', 400, 'not-supported', '_sort'),
  search('Patient?_total=all', 400, 'value', '_total'),
  search('Patient?_summary=most', 400, 'value', '_summary'),
  search('Patient?_elements=na%20me', 400, 'value', '_elements'),
  search('Patient?_include=odd', 400, 'invalid', '_include'),
  search('Patient?_include=Odd:subject', 400, 'not-supported', '_include'),
  search('Patient?_include=Patient:name', 400, 'not-supported', '_include'),
  search('Patient?_include=Patient:organization:Odd', 400, 'not-supported', '_include'),
  search('Patient?_revinclude=Observation', 400, 'invalid', '_revinclude'),
  search('Patient?_revinclude:odd=Observation:subject', 400, 'not-supported', '_revinclude:odd'),
  search('Patient?_has:Observation:odd:code=x', 400, 'not-supported', '_has:Observation:odd:code'),
  search('Patient?_has:Odd:patient:code=x', 400, 'not-supported', '_has:Odd:patient:code'),
  search('Patient?_page=forged', 400, 'invalid', '_page'),
  search('Patient?_contained=true', 400, 'not-supported', '_contained'),
  search('Patient?active:missing=maybe', 400, 'value', 'active:missing'),
  search('Patient?name=%00', 400, 'value', 'name'),
  search('Observation?value-quantity=heavy', 400, 'value', 'value-quantity'),
  search('Observation?subject:Odd.name=x', 400, 'not-supported', 'subject:Odd.name'),
  search('Observation?subject.odd=x', 400, 'not-supported', 'subject.odd'),
  search('Observation?code.text=x', 400, 'not-supported', 'code.text'),
  search('Patient?identifier=13097248022', 400, 'invalid', 'identifier'),
  search('Patient?identifier=urn:oid:2.16.578.1.12.4.1.4.1|12345678901', 400, 'invalid', 'identifier'),
  search('?_type=Odd', 404, 'not-supported'),
  search('?name=x', 400, 'not-supported', 'name'),
  search('Patient/p1/Observation?odd=1', 400, 'not-supported', 'odd'),
  search('Patient/p1?odd=1', 400, 'not-supported', 'odd'),
  search('Patient/p1/_history?_count=x', 400, 'value', '_count'),
  search('Patient/p1/_history?_since=x', 400, 'value', '_since'),
  search('_history?_at=x', 400, 'value', '_at'),
  search('Patient/_history?odd=1', 400, 'not-supported', 'odd'),
  row('an unknown parameter in a form', 'POST', 'Patient/_search', [400, 'not-supported', 'odd'], 'odd=1', FORM),
  row('JSON sent to _search', 'POST', 'Patient/_search', [415, 'not-supported'], '{}'),
];

const BUNDLES: readonly BadRequest[] = [
  post('an unknown parameter at the base', '?odd=1', bundle('batch'), 400, 'not-supported', 'odd'),
  post('a shape for all entries at once', '?_summary=true', bundle('batch'), 400, 'not-supported', '_summary'),
  post('no Bundle at the base', '', patient(), 400, 'structure', 'Bundle'),
  post('a list at the base', '', '[]', 400, 'structure', 'Bundle'),
  post('a Bundle of another type', '', bundle('collection'), 400, 'value', 'Bundle.type'),
  post('a Bundle without a type', '', { resourceType: 'Bundle' }, 400, 'value', 'Bundle.type'),
  post('entries that are no list', '', { resourceType: 'Bundle', type: 'batch', entry: {} }, 400, 'structure', 'Bundle.entry'),
  post('entries that are null', '', { resourceType: 'Bundle', type: 'batch', entry: null }, 400, 'structure', 'Bundle.entry'),
  post('entries under a misspelt name', '', { resourceType: 'Bundle', type: 'transaction', entries: [] }, 400, 'structure', 'Bundle'),
  transaction(
    'a misspelt fullUrl',
    [{ ...entry('POST', 'Patient', patient()), fullurl: 'urn:uuid:1' }],
    400,
    'structure',
    'Bundle.entry[0]',
  ),
  transaction(
    'a misspelt precondition',
    [entry('PUT', 'Patient/p1', patient({ id: 'p1' }), { request: { ifmatch: 'W/"9"' } })],
    400,
    'structure',
    'Bundle.entry[0].request',
  ),
  transaction(
    'an extension that changes what is meant',
    [{ ...entry('POST', 'Patient', patient()), modifierExtension: [{ url: 'urn:x', valueBoolean: true }] }],
    400,
    'structure',
    'Bundle.entry[0]',
  ),
  transaction(
    'a fullUrl of a version',
    [entry('POST', 'Patient', patient(), { fullUrl: 'http://x.example/Patient/1/_history/2' })],
    400,
    'value',
    'Bundle.entry[0].fullUrl',
  ),
  transaction(
    'ifModifiedSince that is no instant',
    [entry('GET', 'Patient/p1', undefined, { request: { ifModifiedSince: 'x' } })],
    400,
    'value',
    'Bundle.entry[0].request.ifModifiedSince',
  ),
  transaction('an entry that is null', [null], 400, 'structure', 'Bundle.entry[0]'),
  transaction('an entry without a request', [{ resource: patient() }], 400, 'structure', 'Bundle.entry[0].request'),
  transaction('an unknown method', [entry('TRACE', 'Patient')], 400, 'value', 'Bundle.entry[0].request.method'),
  transaction('no url', [{ request: { method: 'GET' } }], 400, 'structure', 'Bundle.entry[0].request.url'),
  transaction(
    'the url of another server',
    [entry('GET', 'http://elsewhere.example/Patient/1')],
    400,
    'value',
    'Bundle.entry[0].request.url',
  ),
  transaction('a broken url', [entry('GET', 'Patient/%ZZ')], 400, 'value', 'Bundle.entry[0].request.url'),
  transaction('an unknown type', [entry('POST', 'Odd', patient())], 404, 'not-supported', 'Bundle.entry[0]'),
  transaction('a Bundle in a Bundle', [entry('POST', '/', bundle('batch'))], 400, 'invalid', 'Bundle.entry[0].request.url'),
  transaction('a POST to an instance', [entry('POST', 'Patient/p1', patient())], 405, 'not-supported', 'Bundle.entry[0]'),
  transaction('a POST without a resource', [entry('POST', 'Patient')], 400, 'structure', 'Bundle.entry[0].resource'),
  transaction('a PUT without a resource', [entry('PUT', 'Patient/p1')], 400, 'structure', 'Bundle.entry[0].resource'),
  transaction('a DELETE with a resource', [entry('DELETE', 'Patient/p1', patient())], 400, 'invalid', 'Bundle.entry[0].resource'),
  transaction('a resource without a type', [entry('POST', 'Patient', {})], 400, 'structure', 'Bundle.entry[0].resource'),
  transaction(
    'another type than the url says',
    [entry('POST', 'Goal', patient())],
    400,
    'invalid',
    'Bundle.entry[0].resource.resourceType',
  ),
  transaction(
    'another id than the url says',
    [entry('PUT', 'Patient/p1', patient({ id: 'p2' }))],
    400,
    'invalid',
    'Bundle.entry[0].resource.id',
  ),
  transaction(
    'a relative fullUrl',
    [entry('POST', 'Patient', patient(), { fullUrl: 'Patient/1' })],
    400,
    'value',
    'Bundle.entry[0].fullUrl',
  ),
  transaction(
    'one fullUrl for two',
    [0, 1].map(() => entry('POST', 'Patient', patient(), { fullUrl: 'urn:uuid:1' })),
    400,
    'duplicate',
    'Bundle.entry[1].fullUrl',
  ),
  transaction(
    'one id written twice',
    [entry('PUT', 'Patient/p1', patient({ id: 'p1' })), entry('DELETE', 'Patient/p1')],
    400,
    'invalid',
    'Bundle.entry[0]',
  ),
  transaction(
    'an invalid resource',
    [entry('POST', 'Patient', patient({ gender: 'odd' }))],
    422,
    'code-invalid',
    'Bundle.entry[0].resource.gender',
  ),
  transaction(
    'a resource with an unknown element',
    [entry('POST', 'Patient', patient({ odd: 1 }))],
    400,
    'structure',
    'Bundle.entry[0].resource',
  ),
  transaction(
    'ifMatch that is a number',
    [entry('GET', 'Patient/p1', undefined, { request: { ifMatch: 1 } })],
    400,
    'structure',
    'Bundle.entry[0].request.ifMatch',
  ),
  transaction(
    'ifMatch that is stale',
    [entry('PUT', 'Patient/p1', patient({ id: 'p1' }), { request: { ifMatch: 'W/"9"' } })],
    412,
    'conflict',
    'Bundle.entry[0].request.ifMatch',
  ),
  transaction(
    'a plan without ifMatch',
    [entry('PUT', 'CarePlan/c1', carePlan({ id: 'c1' }))],
    428,
    'required',
    'Bundle.entry[0].request.ifMatch',
  ),
  transaction(
    'ifNoneExist that matches several',
    [entry('POST', 'Patient', patient(), { request: { ifNoneExist: 'family=solvik' } })],
    412,
    'multiple-matches',
    'Bundle.entry[0].request.ifNoneExist',
  ),
  transaction('a read of what is not there', [entry('GET', 'Patient/none')], 404, 'not-found', 'Bundle.entry[0]'),
  transaction(
    'a read of what it deletes',
    [entry('GET', 'Patient/none'), entry('DELETE', 'Patient/p1')],
    404,
    'not-found',
    'Bundle.entry[0]',
  ),
  transaction('a search with an unknown parameter', [entry('GET', 'Patient?odd=1')], 400, 'not-supported', 'Bundle.entry[0].request.url'),
  transaction(
    'a conditional reference to nobody',
    [entry('POST', 'Observation', observation({ subject: { reference: 'Patient?family=nobody' } }))],
    400,
    'not-found',
    'Bundle.entry[0].resource',
  ),
  transaction(
    'a conditional reference that shapes an answer',
    [entry('POST', 'Observation', observation({ subject: { reference: 'Patient?family=solvik&_count=1' } }))],
    400,
    'invalid',
    'Bundle.entry[0].resource',
  ),
  transaction(
    'a conditional reference to several',
    [entry('POST', 'Observation', observation({ subject: { reference: 'Patient?family=solvik' } }))],
    412,
    'multiple-matches',
    'Bundle.entry[0].resource',
  ),
  transaction('a patch in no known form', [entry('PATCH', 'Patient/p1', patient())], 400, 'structure', 'Bundle.entry[0].resource'),
  transaction(
    'a Binary with a patch nested without an end',
    [
      entry('PATCH', 'Patient/p1', {
        ...BINARY,
        data: base64(`[{"op":"add","path":"/x","value":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`, 'utf8'),
      }),
    ],
    400,
    'value',
    'Bundle.entry[0].resource.data',
  ),
  ...['"a\\u0000b"', '"\\\\\\u0000"'].map((value) =>
    transaction(
      `a Binary with a patch that holds NUL as ${value}`,
      [entry('PATCH', 'Patient/p1', { ...BINARY, data: base64(`[{"op":"add","path":"/name/0/family","value":${value}}]`, 'utf8') })],
      400,
      'value',
      'Bundle.entry[0].resource.data',
    ),
  ),
  transaction(
    'a Binary with a patch in Latin-1',
    [entry('PATCH', 'Patient/p1', { ...BINARY, data: base64('[{"op":"add","path":"/name/0/family","value":"æ"}]', 'latin1') })],
    400,
    'value',
    'Bundle.entry[0].resource.data',
  ),
  transaction('NUL in a url', [entry('GET', 'Patient?family=a%00b')], 400, 'value', 'Bundle.entry[0].request.url'),
  transaction(
    'NUL in ifNoneExist',
    [entry('POST', 'Patient', patient(), { request: { ifNoneExist: 'family=a%00b' } })],
    400,
    'invalid',
    'Bundle.entry[0].request.ifNoneExist',
  ),
  transaction(
    'a Binary that is no patch',
    [entry('PATCH', 'Patient/p1', { resourceType: 'Binary', contentType: 'application/json-patch+json', data: 'eA==' })],
    400,
    'value',
    'Bundle.entry[0].resource.data',
  ),
];

const PATCHES: readonly BadRequest[] = [
  patch('a patch that is no list', {}, 400, 'structure', 'patch'),
  patch('an operation that is none', [1], 400, 'structure', 'patch[0]'),
  patch('an unknown operation', [{ op: 'odd', path: '/active' }], 400, 'value', 'patch[0].op'),
  patch('a pointer without a slash', [{ op: 'remove', path: 'active' }], 400, 'value', 'patch[0].path'),
  patch('no value', [{ op: 'add', path: '/active' }], 400, 'structure', 'patch[0].value'),
  patch('a prototype', [{ op: 'add', path: '/__proto__/a', value: 1 }], 400, 'value', 'patch[0].path'),
  patch('removing nothing', [{ op: 'remove', path: '/photo' }], 422, 'processing', 'patch[0]'),
  patch('a test that fails', [{ op: 'test', path: '/birthDate', value: '2000' }], 422, 'processing', 'patch[0]'),
  patch('another id', [{ op: 'replace', path: '/id', value: 'p2' }], 400, 'invalid', 'Patient.id'),
  patch('another type', [{ op: 'replace', path: '/resourceType', value: 'Goal' }], 400, 'invalid', 'Patient.resourceType'),
  patch('an invalid result', [{ op: 'add', path: '/gender', value: 'odd' }], 422, 'code-invalid', 'Patient.gender'),
  patch('an escape that is none', [{ op: 'remove', path: '/active~2' }], 400, 'value', 'patch[0].path'),
  patch('removing the resource', [{ op: 'remove', path: '' }], 422, 'processing', 'patch[0]'),
  row(
    'a conditional reference by a patch outside of a transaction',
    'PATCH',
    'Patient/p1',
    [400, 'invalid', 'Patient.managingOrganization.reference'],
    [{ op: 'add', path: '/managingOrganization', value: { reference: 'Organization?name=x' } }],
    JSON_PATCH,
  ),
  row('a JSON Patch under a FHIR type', 'PATCH', 'Patient/p1', [415, 'not-supported'], []),
  row('a resource as a patch', 'PATCH', 'Patient/p1', [400, 'structure', 'patch'], patient()),
  row('a patch of what is not there', 'PATCH', 'Patient/none', [404, 'not-found'], [], JSON_PATCH),
  row('a patch of what is deleted', 'PATCH', 'Patient/gone', [410, 'deleted'], [], JSON_PATCH),
  row('a patch without an id', 'PATCH', 'Patient', [400, 'invalid', 'url'], [], JSON_PATCH),
];

const CONDITIONS: readonly BadRequest[] = [
  put('an update without id or condition', 'Patient', patient(), 400, 'invalid', 'url'),
  put('an update by an unknown parameter', 'Patient?odd=1', patient(), 400, 'not-supported', 'odd'),
  put('an update that matches several', 'Patient?family=solvik', patient(), 412, 'multiple-matches', 'url'),
  put('an update whose match has another id', 'Patient?_id=p1', patient({ id: 'p2' }), 400, 'invalid', 'Patient.id'),
  put('a create under an id that is taken', 'Patient?family=nobody', patient({ id: 'p1' }), 409, 'conflict', 'Patient.id'),
  row('a delete without id or condition', 'DELETE', 'Patient', [400, 'invalid', 'url']),
  row('a delete by shape alone', 'DELETE', 'Patient?_elements=id', [400, 'invalid', 'url']),
  row('a delete of the first of many', 'DELETE', 'Patient?family=solvik&_count=1', [400, 'invalid', '_count']),
  row('a patch of the first of many', 'PATCH', 'Patient?family=solvik&_sort=name', [400, 'invalid', '_sort'], [], JSON_PATCH),
  put('an update of the first of many', 'Patient?family=solvik&_total=none', patient(), 400, 'invalid', '_total'),
  row('If-None-Exist that shapes an answer', 'POST', 'Patient', [400, 'invalid', 'If-None-Exist'], patient(), {
    'If-None-Exist': 'family=solvik&_count=1',
  }),
  row('a delete by an unknown parameter', 'DELETE', 'Patient?odd=1', [400, 'not-supported', 'odd']),
  row('a delete by a number in the URL', 'DELETE', 'Patient?identifier=13097248022', [400, 'invalid', 'identifier']),
];

/** The rows expect Patient p1 and p2 (both of family Solvik), CarePlan c1, and Patient gone, which is deleted. */
export const BAD_REQUESTS: readonly BadRequest[] = [
  ...URLS,
  ...METHODS,
  ...BODIES,
  ...HEADERS,
  ...SEARCHES,
  ...BUNDLES,
  ...PATCHES,
  ...CONDITIONS,
];
