/**
 * Patches, histories, formats, preferences, methods and what is said at `metadata`.
 *
 * Spec: https://hl7.org/fhir/R4/http.html
 */
import { expect } from 'vitest';
import { type Answered, basic, get, type Page, parameters, section } from './statement.ts';

const DATE = expect.stringMatching(/GMT$/);
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const withoutId = { resourceType: 'Basic', code: { text: 'x' } };
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };
const patch = section('http#patch');
const narrative = (status: string) => ({ status, div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' });
const setText = (value: string) => [{ op: 'replace', path: '/code/text', value }];

export const patching: Page = {
  title: 'patch',
  given: [
    basic('b', { identifier: [{ system: 'http://s.example', value: '1' }] }),
    basic('c', { identifier: [{ system: 'http://s.example', value: '2' }] }),
    basic('told', { text: narrative('generated') }),
    basic('written', { text: narrative('additional') }),
  ],
  statements: [
    patch.shall('a JSON Patch is processed as an update', ['PATCH', 'Basic/b', setText('y'), JSON_PATCH], {
      status: 200,
      at: { 'code.text': 'y', 'meta.versionId': '2' },
      headers: { ETag: 'W/"2"', 'Last-Modified': DATE },
    }),
    patch.is('Prefer holds for it', ['PATCH', 'Basic/b', setText('y'), { ...JSON_PATCH, Prefer: 'return=minimal' }], {
      status: 200,
      text: '',
    }),
    patch.shall(
      'a FHIRPath Patch is processed',
      [
        'PATCH',
        'Basic/b',
        parameters({
          name: 'operation',
          part: [
            { name: 'type', valueCode: 'replace' },
            { name: 'path', valueString: 'Basic.code.text' },
            { name: 'value', valueString: 'z' },
          ],
        }),
      ],
      { status: 200, at: { 'code.text': 'z' } },
    ),
    patch.is(
      'a format of patches that is not read is 415, with those that are',
      ['PATCH', 'Basic/b', '<diff/>', { 'Content-Type': 'application/xml-patch+xml' }],
      { status: 415, issue: ['not-supported'], headers: { 'Accept-Patch': expect.stringContaining('application/json-patch+json') } },
    ),
    patch.is(
      'a patch that makes no resource is 422, and nothing is written',
      ['PATCH', 'Basic/b', [{ op: 'remove', path: '/code' }], JSON_PATCH],
      {
        status: 422,
      },
    ),
    patch.is('a path that leads nowhere is 422', ['PATCH', 'Basic/b', [{ op: 'remove', path: '/nothing' }], JSON_PATCH], { status: 422 }),
    patch.is('a test that fails is 422', ['PATCH', 'Basic/b', [{ op: 'test', path: '/code/text', value: 'q' }], JSON_PATCH], {
      status: 422,
    }),
    patch.is('an operation that is none is 400 or 422', ['PATCH', 'Basic/b', [{ op: 'rename', path: '/code' }], JSON_PATCH], {
      status: 400,
      issue: ['value', 'patch[0].op'],
    }),
    patch.is('a patch is a list', ['PATCH', 'Basic/b', { op: 'remove', path: '/code' }, JSON_PATCH], { status: 400 }),
    patch.is('the id is not patched', ['PATCH', 'Basic/b', [{ op: 'replace', path: '/id', value: 'q' }], JSON_PATCH], {
      status: 400,
      issue: ['invalid', 'Basic.id'],
    }),
    patch.is('all that failed left no version', get('Basic/b'), { status: 200, headers: { ETag: 'W/"4"' } }),
    patch.is('what is not there is 404', ['PATCH', 'Basic/none', setText('y'), JSON_PATCH], { status: 404 }),
    patch.shall('a conditional patch: one match', ['PATCH', 'Basic?identifier=http://s.example|1', setText('q'), JSON_PATCH], {
      status: 200,
      at: { id: 'b', 'code.text': 'q' },
    }),
    patch.is('a conditional patch: none is 404', ['PATCH', 'Basic?identifier=http://s.example|9', setText('q'), JSON_PATCH], {
      status: 404,
    }),
    patch.is('a conditional patch: several are 412', ['PATCH', 'Basic?identifier=http://s.example|', setText('q'), JSON_PATCH], {
      status: 412,
      issue: ['multiple-matches', 'url'],
    }),
    patch.shall('a narrative made of the data does not stay when they change', ['PATCH', 'Basic/told', setText('new'), JSON_PATCH], {
      status: 200,
      at: { text: undefined },
    }),
    patch.shall('one that was written by hand is not left beside other data', ['PATCH', 'Basic/written', setText('new'), JSON_PATCH], {
      status: 422,
    }),
  ],
};

const history = section('http#history');

export const histories: Page = {
  title: 'history',
  given: [basic('b'), basic('c')],
  statements: [
    history.is('a second version', ['PUT', 'Basic/b', basic('b', { code: { text: 'y' } })], { status: 200 }),
    history.is('a deletion', ['DELETE', 'Basic/b'], { status: 204 }),
    history.is('one that was created by POST', ['POST', 'Basic', withoutId], { status: 201 }),
    history.shall('the Bundle is of type history, the newest first', get('Basic/b/_history'), {
      status: 200,
      at: {
        type: 'history',
        total: 3,
        'entry.0.response.etag': 'W/"3"',
        'entry.1.response.etag': 'W/"2"',
        'entry.2.response.etag': 'W/"1"',
      },
    }),
    history.shall('each entry has what was asked and answered', get('Basic/b/_history'), {
      status: 200,
      at: {
        'entry.0.request': { method: 'DELETE', url: 'Basic/b' },
        'entry.1.request': { method: 'PUT', url: 'Basic/b' },
        'entry.1.response.status': expect.stringMatching(/^200/),
        'entry.1.response.lastModified': INSTANT,
        'entry.2.response.status': expect.stringMatching(/^201/),
        'entry.1.resource.meta.versionId': '2',
      },
    }),
    history.shall('a deletion has no resource', get('Basic/b/_history'), { status: 200, at: { 'entry.0.resource': undefined } }),
    section('bundle#bdl').shall('fullUrl does not name the version', get('Basic/b/_history'), {
      status: 200,
      at: { 'entry.1.fullUrl': '{base}/Basic/b' },
    }),
    section('bundle#bdl').shall('entries have no search', get('Basic/b/_history'), { status: 200, at: { 'entry.1.search': undefined } }),
    history.is('a creation by POST is told as such', get('Basic/_history?_count=1'), {
      status: 200,
      at: { 'entry.0.request': { method: 'POST', url: 'Basic' }, 'entry.0.response.status': expect.stringMatching(/^201/), total: 5 },
      links: { next: expect.stringMatching(/^\{base\}\//), self: expect.stringContaining('_count=1') },
    }),
    history.is('and goes on', ['GET', '{next}'], { status: 200, at: { 'entry.0.request.method': 'DELETE', total: 5 } }),
    history.is('a whole type', get('Basic/_history'), { status: 200, at: { total: 5 } }),
    history.is('the whole base', get('_history'), { status: 200, at: { total: 5 } }),
    history.is('_count=0 counts', get('Basic/_history?_count=0'), { status: 200, at: { total: 5, entry: undefined } }),
    history.is('_since a time to come: nothing', get('Basic/b/_history?_since=2100-01-01T00:00:00Z'), {
      status: 200,
      at: { total: 0, entry: undefined },
    }),
    history.is('_since a time past: all', get('Basic/b/_history?_since=2000-01-01T00:00:00%2B01:00'), { status: 200, at: { total: 3 } }),
    history.is('_at a time before: nothing', get('Basic/b/_history?_at=2000'), { status: 200, at: { total: 0 } }),
    history.refuses('_since is an instant', 'Basic/b/_history?_since=yesterday', 400, 'value', '_since'),
    history.refuses('_count is a number', 'Basic/b/_history?_count=x', 400, 'value', '_count'),
    history.refuses('what never was has none', 'Basic/none/_history', 404, 'not-found'),
    history.refuses('a parameter that is not known is told', 'Basic/b/_history?_bogus=1', 400, 'not-supported', '_bogus'),
    history.is('what was brought back has all of it', ['PUT', 'Basic/b', basic('b')], { status: 201 }),
    history.is('versions before and after a deletion', get('Basic/b/_history'), {
      status: 200,
      at: { total: 4, 'entry.0.response.status': expect.stringMatching(/^201/), 'entry.1.request.method': 'DELETE' },
    }),
  ],
};

const mime = section('http#mime-type');
const version = section('http#version-parameter');
const parameter = section('http#parameters');
const FHIR_JSON = expect.stringMatching(/^application\/fhir\+json; fhirVersion=4\.0; charset=utf-8$/);
const accepting = (accept: string) => get('Basic/b', { Accept: accept });

export const formats: Page = {
  title: 'formats and general parameters',
  given: [basic('b')],
  statements: [
    mime.shall('the formal media type of JSON', accepting('application/fhir+json'), {
      status: 200,
      headers: { 'Content-Type': FHIR_JSON },
    }),
    mime.is('no Accept at all', ['GET', 'Basic/b', undefined, { Accept: '' }], { status: 200, headers: { 'Content-Type': FHIR_JSON } }),
    mime.is('whatever there is', accepting('*/*'), { status: 200, headers: { 'Content-Type': FHIR_JSON } }),
    mime.is('plain JSON is given as plain JSON', accepting('application/json'), {
      status: 200,
      headers: { 'Content-Type': expect.stringMatching(/^application\/(fhir\+)?json/) },
    }),
    mime.is('the best of several, by q', accepting('application/fhir+xml, application/fhir+json;q=0.5'), {
      status: 200,
      headers: { 'Content-Type': FHIR_JSON },
    }),
    mime.is('what a browser sends', accepting('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'), { status: 200 }),
    mime.is('q=0 refuses', accepting('application/fhir+json;q=0, application/fhir+xml'), { status: 406, issue: ['not-supported'] }),
    mime.should('what is not spoken is 406', accepting('application/fhir+xml'), { status: 406, issue: ['not-supported'] }),
    mime.should('in whatever form', accepting('text/turtle'), { status: 406 }),
    mime.is('an error that refuses a format is told in JSON', accepting('application/fhir+xml'), {
      status: 406,
      headers: { 'Content-Type': expect.stringMatching(/^application\/fhir\+json/) },
    }),
    mime.is('media types have no case', accepting('APPLICATION/FHIR+JSON'), { status: 200 }),
    mime.shall('a body that is not read is 415', ['POST', 'Basic', '<Basic/>', { 'Content-Type': 'application/fhir+xml' }], {
      status: 415,
      issue: ['not-supported'],
    }),
    mime.is('a body of application/json is read', ['POST', 'Basic', JSON.stringify(withoutId), { 'Content-Type': 'application/json' }], {
      status: 201,
    }),
    mime.is(
      'a charset is no hindrance',
      ['POST', 'Basic', JSON.stringify(withoutId), { 'Content-Type': 'application/fhir+json; charset=UTF-8' }],
      {
        status: 201,
      },
    ),
    mime.is(
      'a charset other than UTF-8 is 415',
      ['POST', 'Basic', JSON.stringify(withoutId), { 'Content-Type': 'application/fhir+json; charset=latin1' }],
      {
        status: 415,
      },
    ),
    mime.shall(
      'a create to which the format is not known writes nothing',
      [
        'POST',
        'Basic',
        JSON.stringify(withoutId),
        {
          'Content-Type': 'application/fhir+json',
          Accept: 'application/fhir+xml',
        },
      ],
      { status: 406 },
    ),
    mime.is('so there are two', get('Basic?_summary=count&_id:not=b'), { status: 200, at: { total: 2 } }),
    version.is('fhirVersion 4.0 is spoken', accepting('application/fhir+json; fhirVersion=4.0'), { status: 200 }),
    version.should('another version is 406', accepting('application/fhir+json; fhirVersion=3.0'), { status: 406 }),
    version.should(
      'or the one that is offered, where both will do',
      accepting('application/fhir+json; fhirVersion=5.0, application/fhir+json; fhirVersion=4.0'),
      {
        status: 200,
      },
    ),
    version.is(
      'a body of another version is 415',
      [
        'POST',
        'Basic',
        JSON.stringify(withoutId),
        {
          'Content-Type': 'application/fhir+json; fhirVersion=3.0',
        },
      ],
      { status: 415 },
    ),
    ...['json', 'application/json', 'application/fhir+json', 'application/fhir%2Bjson', 'text/json'].map((format) =>
      parameter.shall(`_format=${format} is JSON`, get(`Basic/b?_format=${format}`), {
        status: 200,
        headers: { 'Content-Type': expect.stringMatching(/json/) },
      }),
    ),
    parameter.shall('_format goes before Accept', get('Basic/b?_format=json', { Accept: 'application/fhir+xml' }), { status: 200 }),
    parameter.shall('also where it asks for what is not spoken', get('Basic/b?_format=xml', { Accept: 'application/fhir+json' }), {
      status: 406,
    }),
    parameter.is('_format stands beside a search', get('Basic?_format=json&_id=b'), { status: 200, ids: ['Basic/b'] }),
    parameter.should('_pretty lays it out', get('Basic/b?_pretty=true'), { status: 200, text: expect.stringContaining('\n') }),
    parameter.should('or not', get('Basic/b?_pretty=false'), { status: 200, text: expect.not.stringContaining('\n') }),
    parameter.is('_format and _pretty stand beside a write', ['PUT', 'Basic/b?_format=json&_pretty=true', basic('b')], {
      status: 200,
      text: expect.stringContaining('\n'),
    }),
    parameter.is('_summary cuts what a write answers', ['PUT', 'Basic/b?_summary=true', basic('b')], {
      status: 200,
      at: { 'meta.tag.0.code': 'SUBSETTED' },
    }),
    parameter.is('but not what it stores', get('Basic/b'), { status: 200, at: { 'meta.tag': undefined } }),
    section('http#general').is('a slash at the end of the path is no other path', get('Basic/'), { status: 200 }),
  ],
};

const prefer = section('http#ops');
const preferring = (preference: string) => ['POST', 'Basic', withoutId, { Prefer: preference }] as const;

export const preferences: Page = {
  title: 'Prefer',
  given: [basic('b')],
  statements: [
    prefer.should('return=minimal: no body', preferring('return=minimal'), {
      status: 201,
      text: '',
      headers: { ETag: 'W/"1"', 'Last-Modified': DATE, Location: expect.stringMatching(/_history\/1$/) },
    }),
    prefer.should('return=representation: the resource', preferring('return=representation'), {
      status: 201,
      at: { resourceType: 'Basic' },
    }),
    prefer.should('return=OperationOutcome: an outcome', preferring('return=OperationOutcome'), {
      status: 201,
      at: { resourceType: 'OperationOutcome', 'issue.0.severity': 'information' },
    }),
    prefer.is('what is not known is ignored', preferring('return=everything'), { status: 201, at: { resourceType: 'Basic' } }),
    prefer.is('among others', preferring('respond-async, return=minimal'), {
      status: 201,
      text: '',
    }),
    prefer.is('for an update', ['PUT', 'Basic/b', basic('b'), { Prefer: 'return=minimal' }], { status: 200, text: '' }),
    prefer.is('for an update that creates', ['PUT', 'Basic/x', basic('x'), { Prefer: 'return=OperationOutcome' }], {
      status: 201,
      at: { resourceType: 'OperationOutcome' },
    }),
    prefer.is(
      'a conditional create that finds one answers alike',
      ['POST', 'Basic', withoutId, { 'If-None-Exist': '_id=b', Prefer: 'return=minimal' }],
      {
        status: 200,
        text: '',
      },
    ),
    prefer.is(
      'an error has its outcome whatever is preferred',
      ['POST', 'Basic', { resourceType: 'Basic' }, { Prefer: 'return=minimal' }],
      {
        status: 422,
        at: { resourceType: 'OperationOutcome' },
      },
    ),
  ],
};

const methods = section('http#general');

export const methodsAndCapabilities: Page = {
  title: 'methods, errors and capabilities',
  given: [basic('b')],
  statements: [
    section('http#head').is('HEAD is GET without the body', ['HEAD', 'Basic/b'], {
      status: 200,
      text: '',
      headers: { ETag: 'W/"1"', 'Content-Type': expect.stringMatching(/^application\/fhir\+json/) },
    }),
    section('http#head').is('also where there is nothing', ['HEAD', 'Basic/none'], { status: 404, text: '' }),
    section('http#head').is('and of a search', ['HEAD', 'Basic'], { status: 200, text: '' }),
    methods.is('OPTIONS says what is there', ['OPTIONS', 'Basic/b'], {
      status: 204,
      headers: { Allow: 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS' },
    }),
    methods.is('a method that is not there is 405 with Allow', ['PUT', 'metadata', {}], {
      status: 405,
      headers: { Allow: 'GET, HEAD, OPTIONS' },
    }),
    section('http#search').is('PUT to _search is 405', ['PUT', 'Basic/_search', {}], {
      status: 405,
      headers: { Allow: expect.stringContaining('POST') },
    }),
    section('http#Status-Codes').should('errors are OperationOutcomes', get('nothing/at/all/here'), {
      status: 404,
      at: { resourceType: 'OperationOutcome' },
    }),
    section('http#security').is('who has no token is 401', get('Basic/b', { Authorization: '' }), {
      status: 401,
      at: { resourceType: 'OperationOutcome' },
      headers: { 'WWW-Authenticate': expect.stringMatching(/^Bearer/) },
    }),
    section('http#capabilities').shall('capabilities need no token', get('metadata', { Authorization: '' }), {
      status: 200,
      at: {
        resourceType: 'CapabilityStatement',
        kind: 'instance',
        fhirVersion: '4.0.1',
        status: 'active',
        'rest.0.mode': 'server',
        'implementation.url': '{base}',
      },
    }),
    section('http#capabilities').shall('JSON is claimed, XML not', get('metadata'), {
      status: 200,
      at: {
        format: expect.toSatisfy(
          (formats: readonly string[]) => formats.some((each) => /json/.test(each)) && !formats.some((each) => /xml/.test(each)),
        ),
      },
    }),
    section('http#capabilities').should('patch formats are claimed', get('metadata'), {
      status: 200,
      at: { patchFormat: expect.arrayContaining(['application/json-patch+json']) },
    }),
    section('http#capabilities').should('mode=full is the same', get('metadata?mode=full'), {
      status: 200,
      at: { resourceType: 'CapabilityStatement' },
    }),
    section('http#capabilities').may('mode=normative is a CapabilityStatement', get('metadata?mode=normative'), {
      status: 200,
      at: { resourceType: 'CapabilityStatement' },
    }),
    section('http#capabilities').may('mode=terminology: TerminologyCapabilities', get('metadata?mode=terminology'), {
      status: 200,
      at: { resourceType: 'TerminologyCapabilities' },
    }),
    section('http#capabilities').is('a mode that is none is told', get('metadata?mode=bogus'), { status: 400, issue: ['value', 'mode'] }),
    section('http#capabilities').is('capabilities in XML are 406', get('metadata?_format=xml'), { status: 406 }),
    section('http#capabilities').is('_summary of the capabilities', get('metadata?_summary=true'), {
      status: 200,
      at: { 'meta.tag.0.code': 'SUBSETTED' },
    }),
  ],
};

const capabilities = section('http#capabilities');
/** What is said of one type. */
const saidOf = (type: string, more: object): Answered => ({
  status: 200,
  at: { 'rest.0.resource': expect.arrayContaining([expect.objectContaining({ type, ...more })]) },
});
const interactions = (...codes: readonly string[]) =>
  expect.toSatisfy((list: readonly { readonly code: string }[]) => codes.every((code) => list.some((each) => each.code === code)));

export const claims: Page = {
  title: 'what is claimed, and headers of all answers',
  given: [basic('b')],
  statements: [
    capabilities.shall(
      'each interaction on a type',
      get('metadata'),
      saidOf('Basic', {
        interaction: interactions(
          'read',
          'vread',
          'update',
          'patch',
          'delete',
          'history-instance',
          'history-type',
          'create',
          'search-type',
        ),
      }),
    ),
    capabilities.shall('each interaction on the base', get('metadata'), {
      status: 200,
      at: { 'rest.0.interaction': interactions('transaction', 'batch', 'search-system', 'history-system') },
    }),
    capabilities.shall(
      'conditional interactions',
      get('metadata'),
      saidOf('Basic', {
        conditionalCreate: true,
        conditionalRead: 'full-support',
        conditionalUpdate: true,
        conditionalDelete: 'multiple',
        updateCreate: true,
        readHistory: true,
        versioning: 'versioned',
      }),
    ),
    capabilities.shall(
      'types that are changed by their version only',
      get('metadata'),
      saidOf('CarePlan', { versioning: 'versioned-update', conditionalDelete: 'single' }),
    ),
    capabilities.shall(
      'a type of its own profiles',
      get('metadata'),
      saidOf('CarePlan', { supportedProfile: expect.arrayContaining([expect.stringContaining('fp-care-plan')]) }),
    ),
    capabilities.shall(
      'search parameters with their type and definition',
      get('metadata'),
      saidOf('Patient', {
        searchParam: expect.arrayContaining([
          expect.objectContaining({
            name: 'birthdate',
            type: 'date',
            definition: 'http://hl7.org/fhir/SearchParameter/individual-birthdate',
          }),
        ]),
      }),
    ),
    capabilities.shall('a parameter that is not claimed is not known', get('Location?near=1|1'), { status: 400 }),
    capabilities.should('they have an ETag', get('metadata'), {
      status: 200,
      headers: { ETag: expect.stringMatching(/^W\/"[0-9a-f]+"$/) },
    }),
    capabilities.is('and are not sent again to who has them', ['GET', 'metadata', undefined, { 'If-None-Match': '*' }], {
      status: 304,
      text: '',
    }),
    section('http#custom').is('a request without an id gets one', get('Basic/b'), {
      status: 200,
      headers: { 'X-Request-Id': expect.stringMatching(/./), 'X-Correlation-Id': null },
    }),
    section('http#custom').should('the id that was sent is told again', get('Basic/b', { 'X-Request-Id': 'mine-1' }), {
      status: 200,
      headers: { 'X-Request-Id': expect.stringMatching(/./), 'X-Correlation-Id': 'mine-1' },
    }),
    section('http#custom').should('also of what is refused', get('Basic/none', { 'X-Request-Id': 'mine-2' }), {
      status: 404,
      headers: { 'X-Correlation-Id': 'mine-2' },
    }),
    section('security#caching').is('answers are kept by nobody', get('Basic/b'), {
      status: 200,
      headers: { 'Cache-Control': expect.stringContaining('no-store') },
    }),
    section('security#http').is('the answer has its date', get('Basic/b'), {
      status: 200,
      headers: { Date: expect.stringMatching(/GMT$/) },
    }),
    section('security#http').is('and is not read as anything else', get('Basic/b'), {
      status: 200,
      headers: { 'X-Content-Type-Options': 'nosniff' },
    }),
  ],
};
