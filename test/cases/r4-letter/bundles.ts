/**
 * Batches, transactions, and how references in them resolve.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#transaction · https://hl7.org/fhir/R4/bundle.html
 */
import { expect } from 'vitest';
import { basic, batch, entry, get, type Page, parameters, reference, section, transaction, urn } from './statement.ts';

const withoutId = { resourceType: 'Basic', code: { text: 'x' } };
const identified = (value: string, more: object = {}) => ({ ...withoutId, identifier: [{ system: 'http://s.example', value }], ...more });
const patient = (id: string) => ({ resourceType: 'Patient', id });
const about = (to: string, more: object = {}) => ({ ...withoutId, subject: reference(to), ...more });
/** Entries are told whole, to see what became of them. */
const WHOLE = { Prefer: 'return=representation' };
const status = (code: number) => expect.stringMatching(new RegExp(`^${code}`));
const batches = section('http#transaction');
const response = section('http#transaction-response');

export const batching: Page = {
  title: 'batch',
  given: [basic('a'), basic('b')],
  statements: [
    batches.is('an empty batch is answered', ['POST', '', { resourceType: 'Bundle', type: 'batch' }], {
      status: 200,
      at: { type: 'batch-response', entry: undefined },
    }),
    batches.shall(
      'entries fail alone, and are answered in their order',
      [
        'POST',
        '',
        batch(
          entry('GET Basic/none'),
          entry('POST Basic', withoutId),
          entry('GET Basic/a'),
          entry('POST Basic', { resourceType: 'Basic' }),
          entry('DELETE Basic/b'),
        ),
      ],
      {
        status: 200,
        at: {
          type: 'batch-response',
          'entry.length': 5,
          'entry.0.response.status': status(404),
          'entry.0.response.outcome.resourceType': 'OperationOutcome',
          'entry.0.resource': undefined,
          'entry.1.response.status': status(201),
          'entry.2.response.status': status(200),
          'entry.2.resource.id': 'a',
          'entry.3.response.status': status(422),
          'entry.3.response.outcome.resourceType': 'OperationOutcome',
          'entry.4.response.status': status(204),
          'entry.4.resource': undefined,
        },
      },
    ),
    response.shall('what is written has location, etag and lastModified', ['POST', '', batch(entry('POST Basic', withoutId))], {
      status: 200,
      at: {
        'entry.0.response.location': expect.stringMatching(/Basic\/[A-Za-z0-9\-.]+\/_history\/1$/),
        'entry.0.response.etag': 'W/"1"',
        'entry.0.response.lastModified': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
    }),
    batches.shall(
      'the same one twice is no matter to a batch',
      ['POST', '', batch(entry('PUT Basic/c', basic('c')), entry('PUT Basic/c', basic('c')))],
      {
        status: 200,
        at: { 'entry.0.response.status': status(201), 'entry.1.response.status': status(200) },
      },
    ),
    batches.is('a search in it', ['POST', '', batch(entry('GET Basic?_id=a'))], {
      status: 200,
      at: { 'entry.0.resource.type': 'searchset', 'entry.0.resource.entry.0.resource.id': 'a', 'entry.0.response.status': status(200) },
    }),
    batches.is(
      'a version, a history and the capabilities in it',
      ['POST', '', batch(entry('GET Basic/a/_history/1'), entry('GET Basic/a/_history'), entry('GET metadata'))],
      {
        status: 200,
        at: { 'entry.0.resource.id': 'a', 'entry.1.resource.type': 'history', 'entry.2.resource.resourceType': 'CapabilityStatement' },
      },
    ),
    batches.is('an operation in it', ['POST', '', batch(entry('POST Basic/$validate', withoutId))], {
      status: 200,
      at: { 'entry.0.resource.resourceType': 'OperationOutcome' },
    }),
    batches.is(
      'a patch in it, in a Binary',
      [
        'POST',
        '',
        batch(
          entry('PATCH Basic/a', {
            resourceType: 'Binary',
            contentType: 'application/json-patch+json',
            data: Buffer.from(JSON.stringify([{ op: 'replace', path: '/code/text', value: 'patched' }])).toString('base64'),
          }),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.0.response.status': status(200), 'entry.0.resource.code.text': 'patched' } },
    ),
    batches.is(
      'a patch in it, as Parameters',
      [
        'POST',
        '',
        batch(
          entry(
            'PATCH Basic/a',
            parameters({
              name: 'operation',
              part: [
                { name: 'type', valueCode: 'replace' },
                { name: 'path', valueString: 'Basic.code.text' },
                { name: 'value', valueString: 'twice' },
              ],
            }),
          ),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.0.resource.code.text': 'twice' } },
    ),
    section('bundle#http').is(
      'ifMatch of an entry',
      ['POST', '', batch(entry('PUT Basic/a', basic('a'), { request: { ifMatch: 'W/"99"' } }))],
      {
        status: 200,
        at: { 'entry.0.response.status': status(412) },
      },
    ),
    section('bundle#http').is(
      'ifNoneMatch of an entry',
      ['POST', '', batch(entry('GET Basic/a', undefined, { request: { ifNoneMatch: 'W/"3"' } }))],
      {
        status: 200,
        at: { 'entry.0.response.status': status(304), 'entry.0.resource': undefined },
      },
    ),
    section('bundle#http').is(
      'ifModifiedSince of an entry',
      ['POST', '', batch(entry('GET Basic/a', undefined, { request: { ifModifiedSince: '2099-01-01T00:00:00Z' } }))],
      {
        status: 200,
        at: { 'entry.0.response.status': status(304) },
      },
    ),
    section('bundle#http').is(
      'ifNoneExist of an entry',
      ['POST', '', batch(entry('POST Basic', withoutId, { request: { ifNoneExist: '_id=a' } }))],
      {
        status: 200,
        at: { 'entry.0.response.status': status(200), 'entry.0.response.location': expect.stringContaining('Basic/a') },
      },
    ),
    batches.is('a URL with the base is the same one', ['POST', '', batch(entry('GET {base}/Basic/a'))], {
      status: 200,
      at: { 'entry.0.response.status': status(200) },
    }),
    batches.is('a URL of another server is refused', ['POST', '', batch(entry('GET http://other.example/fhir/Basic/a'))], {
      status: 200,
      at: { 'entry.0.response.status': status(400) },
    }),
    batches.is('Prefer holds for all entries', ['POST', '', batch(entry('POST Basic', withoutId)), { Prefer: 'return=minimal' }], {
      status: 200,
      at: { 'entry.0.resource': undefined, 'entry.0.response.status': status(201) },
    }),
    batches.is(
      'nothing in it refers to what another entry makes',
      ['POST', '', batch(entry('POST Patient', { resourceType: 'Patient' }, { fullUrl: urn(1) }), entry('POST Basic', about(urn(1))))],
      { status: 200, at: { 'entry.0.response.status': status(201), 'entry.1.response.status': expect.stringMatching(/^(201|4)/) } },
    ),
    section('bundle#bdl').shall('a batch in a batch is refused', ['POST', '', batch(entry('POST ', batch()))], {
      status: 200,
      at: { 'entry.0.response.status': status(400) },
    }),
    batches.is('a document posted here is no batch', ['POST', '', { resourceType: 'Bundle', type: 'document' }], { status: 400 }),
    batches.is('a searchset is none', ['POST', '', { resourceType: 'Bundle', type: 'searchset' }], { status: 400 }),
    batches.is('nor is a Patient', ['POST', '', { resourceType: 'Patient' }], { status: 400 }),
    section('bundle#bdl').shall(
      'an entry has a request',
      ['POST', '', { resourceType: 'Bundle', type: 'batch', entry: [{ resource: withoutId }] }],
      {
        status: 200,
        at: { 'entry.0.response.status': status(400) },
      },
    ),
    batches.is('HEAD in it', ['POST', '', batch(entry('HEAD Basic/a'))], {
      status: 200,
      at: { 'entry.0.response.status': status(200), 'entry.0.resource': undefined },
    }),
  ],
};

const rules = section('http#trules');
const all = section('http#transaction');

export const transactions: Page = {
  title: 'transaction',
  given: [basic('a', { identifier: [{ system: 'http://s.example', value: 'a' }] }), basic('b')],
  statements: [
    all.shall(
      'all or nothing',
      ['POST', '', transaction(entry('PUT Basic/x', basic('x')), entry('POST Basic', { resourceType: 'Basic' }))],
      {
        status: 422,
        at: { resourceType: 'OperationOutcome', 'issue.0.expression.0': expect.stringContaining('Bundle.entry[1]') },
      },
    ),
    all.shall('so that nothing was written', get('Basic/x'), { status: 404 }),
    all.is('an empty one is answered', ['POST', '', { resourceType: 'Bundle', type: 'transaction' }], {
      status: 200,
      at: { type: 'transaction-response' },
    }),
    rules.shall(
      'DELETE before POST: a conditional create does not find what is deleted',
      [
        'POST',
        '',
        transaction(
          entry('POST Basic', identified('a'), { request: { ifNoneExist: 'identifier=http://s.example|a' } }),
          entry('DELETE Basic/a'),
        ),
      ],
      { status: 200, at: { 'entry.0.response.status': status(201), 'entry.1.response.status': status(204), type: 'transaction-response' } },
    ),
    rules.shall(
      'GET last: it sees what was put',
      ['POST', '', transaction(entry('GET Basic/b'), entry('PUT Basic/b', basic('b', { code: { text: 'new' } })))],
      { status: 200, at: { 'entry.0.resource.code.text': 'new', 'entry.1.response.status': status(200) } },
    ),
    rules.shall(
      'a search last: it finds what was made',
      ['POST', '', transaction(entry('GET Basic?identifier=http://s.example|made'), entry('POST Basic', identified('made')))],
      { status: 200, at: { 'entry.0.resource.entry.length': 1 } },
    ),
    rules.shall('the same resource twice fails', ['POST', '', transaction(entry('PUT Basic/b', basic('b')), entry('DELETE Basic/b'))], {
      status: 400,
    }),
    rules.shall(
      'the same by a condition as well',
      ['POST', '', transaction(entry('PUT Basic/b', basic('b')), entry('DELETE Basic?_id=b'))],
      { status: 400 },
    ),
    rules.shall(
      'a condition that several meet fails the whole',
      ['POST', '', transaction(entry('PUT Basic/y', basic('y')), entry('PUT Basic?_lastUpdated=gt2000', withoutId))],
      { status: 412, issue: ['multiple-matches'] },
    ),
    rules.is('so that nothing was written', get('Basic/y'), { status: 404 }),
    rules.is('a read that fails, fails the whole', ['POST', '', transaction(entry('POST Basic', withoutId), entry('GET Basic/none'))], {
      status: 404,
    }),
    rules.is(
      'ifMatch of another version fails the whole',
      ['POST', '', transaction(entry('PUT Basic/b', basic('b'), { request: { ifMatch: 'W/"99"' } }))],
      {
        status: 412,
      },
    ),
    rules.is(
      'versions within it go on from those before',
      ['POST', '', transaction(entry('PUT Basic/b', basic('b'), { request: { ifMatch: 'W/"2"' } }))],
      {
        status: 200,
        at: { 'entry.0.response.etag': 'W/"3"' },
      },
    ),
    rules.shall(
      'a fullUrl is there once',
      ['POST', '', transaction(entry('POST Basic', withoutId, { fullUrl: urn(1) }), entry('POST Basic', withoutId, { fullUrl: urn(1) }))],
      { status: 400 },
    ),
    section('bundle#bdl').shall(
      'a fullUrl names no version',
      ['POST', '', transaction(entry('PUT Basic/v', basic('v'), { fullUrl: '{base}/Basic/v/_history/1' }))],
      { status: 400, issue: ['value', 'Bundle.entry[0].fullUrl'] },
    ),
    section('bundle#bdl').shall(
      'a fullUrl that ends in an id is of that id',
      ['POST', '', transaction(entry('PUT Basic/v', basic('v'), { fullUrl: '{base}/Basic/w' }))],
      { status: 400, issue: ['invalid', 'Bundle.entry[0].fullUrl'] },
    ),
    response.shall(
      'entries are answered in their order',
      ['POST', '', transaction(entry('GET Basic/b'), entry('PUT Basic/b2', basic('b2')), entry('DELETE Basic/b2x'))],
      {
        status: 200,
        at: {
          'entry.length': 3,
          'entry.0.resource.id': 'b',
          'entry.1.response.location': expect.stringContaining('Basic/b2/_history/1'),
          'entry.2.response.status': status(204),
        },
      },
    ),
    response.is(
      'Prefer holds: minimal has no resources',
      ['POST', '', transaction(entry('PUT Basic/b3', basic('b3'))), { Prefer: 'return=minimal' }],
      {
        status: 200,
        at: { 'entry.0.resource': undefined, 'entry.0.response.status': status(201) },
      },
    ),
    response.is(
      'an operation outcome where that is preferred',
      ['POST', '', transaction(entry('PUT Basic/b3', basic('b3'))), { Prefer: 'return=OperationOutcome' }],
      {
        status: 200,
        at: { 'entry.0.response.outcome.resourceType': 'OperationOutcome' },
      },
    ),
    all.is(
      'a condition in a patch',
      [
        'POST',
        '',
        transaction(
          entry(
            'PATCH Basic?_id=b3',
            parameters({
              name: 'operation',
              part: [
                { name: 'type', valueCode: 'replace' },
                { name: 'path', valueString: 'Basic.code.text' },
                { name: 'value', valueString: 'patched' },
              ],
            }),
          ),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.0.resource.code.text': 'patched' } },
    ),
    all.is('a method that is none is 400', ['POST', '', transaction(entry('LOOK Basic/b'))], { status: 400 }),
    all.is('POST with an id in the URL is refused', ['POST', '', transaction(entry('POST Basic/b', withoutId))], {
      status: 405,
      issue: ['not-supported', 'Bundle.entry[0]'],
    }),
    all.is('PUT without a resource is refused', ['POST', '', transaction(entry('PUT Basic/b'))], { status: 400 }),
    all.is('PUT with another id is refused', ['POST', '', transaction(entry('PUT Basic/b', basic('q')))], { status: 400 }),
  ],
};

const links = section('bundle#references');
const narrative = (div: string) => ({ text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${div}</div>` } });

export const linksInTransactions: Page = {
  title: 'links in a transaction',
  given: [patient('known')],
  statements: [
    rules.shall(
      'references by fullUrl become those of what is made',
      [
        'POST',
        '',
        transaction(
          entry('POST Basic', about(urn(1)), { fullUrl: urn(2) }),
          entry('POST Patient', { resourceType: 'Patient' }, { fullUrl: urn(1) }),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.0.resource.subject.reference': expect.stringMatching(/^Patient\/id-\d+$/) } },
    ),
    rules.shall(
      'also where two refer to each other',
      [
        'POST',
        '',
        transaction(
          entry('POST Patient', { resourceType: 'Patient', link: [{ other: reference(urn(4)), type: 'seealso' }] }, { fullUrl: urn(3) }),
          entry('POST Patient', { resourceType: 'Patient', link: [{ other: reference(urn(3)), type: 'seealso' }] }, { fullUrl: urn(4) }),
        ),
        WHOLE,
      ],
      {
        status: 200,
        at: {
          'entry.0.resource.link.0.other.reference': expect.stringMatching(/^Patient\//),
          'entry.1.resource.link.0.other.reference': expect.stringMatching(/^Patient\//),
        },
      },
    ),
    rules.shall(
      'also to what a conditional create finds',
      [
        'POST',
        '',
        transaction(
          entry('POST Patient', { resourceType: 'Patient' }, { fullUrl: urn(5), request: { ifNoneExist: '_id=known' } }),
          entry('POST Basic', about(urn(5))),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.1.resource.subject.reference': 'Patient/known' } },
    ),
    rules.shall(
      'also to what a conditional update finds',
      [
        'POST',
        '',
        transaction(entry('PUT Patient?_id=known', { resourceType: 'Patient' }, { fullUrl: urn(6) }), entry('POST Basic', about(urn(6)))),
        WHOLE,
      ],
      { status: 200, at: { 'entry.1.resource.subject.reference': 'Patient/known' } },
    ),
    rules.shall(
      'a PUT keeps its id: references to its fullUrl lead there',
      ['POST', '', transaction(entry('PUT Patient/mine', patient('mine'), { fullUrl: urn(7) }), entry('POST Basic', about(urn(7)))), WHOLE],
      { status: 200, at: { 'entry.1.resource.subject.reference': 'Patient/mine' } },
    ),
    rules.shall(
      'elements of type uri, url, canonical, oid and uuid too',
      [
        'POST',
        '',
        transaction(
          entry('POST Patient', { resourceType: 'Patient' }, { fullUrl: urn(8) }),
          entry('POST Basic', {
            ...withoutId,
            extension: [
              { url: 'http://s.example/e', valueUri: urn(8) },
              { url: 'http://s.example/e', valueUrl: urn(8) },
              { url: 'http://s.example/e', valueUuid: urn(8) },
            ],
          }),
        ),
        WHOLE,
      ],
      {
        status: 200,
        at: {
          'entry.1.resource.extension.0.valueUri': expect.stringMatching(/Patient\/id-/),
          'entry.1.resource.extension.1.valueUrl': expect.stringMatching(/Patient\/id-/),
        },
      },
    ),
    rules.shall(
      'an attachment',
      [
        'POST',
        '',
        transaction(
          entry('POST Binary', { resourceType: 'Binary', contentType: 'text/plain', data: 'YQ==' }, { fullUrl: urn(9) }),
          entry('POST DocumentReference', {
            resourceType: 'DocumentReference',
            status: 'current',
            content: [{ attachment: { url: urn(9) } }],
          }),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.1.resource.content.0.attachment.url': expect.stringMatching(/Binary\/id-\d+$/) } },
    ),
    rules.shall(
      'links and images of a narrative',
      [
        'POST',
        '',
        transaction(
          entry('POST Patient', { resourceType: 'Patient' }, { fullUrl: urn(10) }),
          entry('POST Basic', { ...withoutId, ...narrative(`<a href="${urn(10)}">x</a>`) }),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.1.resource.text.div': expect.stringMatching(/href="[^"]*Patient\/id-\d+"/) } },
    ),
    rules.is(
      'identifiers stay',
      [
        'POST',
        '',
        transaction(
          entry(
            'POST Patient',
            { resourceType: 'Patient', identifier: [{ system: 'urn:ietf:rfc:3986', value: urn(11) }] },
            { fullUrl: urn(11) },
          ),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.0.resource.identifier.0.value': urn(11) } },
    ),
    rules.is(
      'strings stay',
      [
        'POST',
        '',
        transaction(
          entry('POST Patient', { resourceType: 'Patient' }, { fullUrl: urn(12) }),
          entry('POST Basic', { ...withoutId, code: { text: urn(12) } }),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.1.resource.code.text': urn(12) } },
    ),
    rules.shall('a urn that no entry has is refused', ['POST', '', transaction(entry('POST Basic', about(urn(13)))), WHOLE], {
      status: 400,
      issue: ['invalid'],
    }),
    rules.shall('conditional references: one match', ['POST', '', transaction(entry('POST Basic', about('Patient?_id=known'))), WHOLE], {
      status: 200,
      at: { 'entry.0.resource.subject.reference': 'Patient/known' },
    }),
    rules.shall('none fails the whole', ['POST', '', transaction(entry('POST Basic', about('Patient?_id=nobody'))), WHOLE], {
      status: 400,
      issue: ['not-found'],
    }),
    rules.shall('several fail the whole', ['POST', '', transaction(entry('POST Basic', about('Patient?_lastUpdated=gt2000'))), WHOLE], {
      status: 412,
    }),
    links.shall(
      'a relative reference is read at the base of the fullUrl',
      [
        'POST',
        '',
        transaction(
          entry('POST Basic', about('Patient/theirs'), { fullUrl: 'http://other.example/fhir/Basic/1' }),
          entry('POST Patient', patient('theirs'), { fullUrl: 'http://other.example/fhir/Patient/theirs' }),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.0.resource.subject.reference': expect.stringMatching(/^Patient\/id-\d+$/) } },
    ),
    links.shall(
      'an absolute one is compared with the fullUrl',
      [
        'POST',
        '',
        transaction(
          entry('POST Basic', about('http://other.example/fhir/Patient/abs'), { fullUrl: 'http://other.example/fhir/Basic/2' }),
          entry('POST Patient', patient('abs'), { fullUrl: 'http://other.example/fhir/Patient/abs' }),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.0.resource.subject.reference': expect.stringMatching(/^Patient\/id-\d+$/) } },
    ),
    links.is(
      'what is not in the Bundle stays as it is',
      ['POST', '', transaction(entry('POST Basic', about('http://other.example/fhir/Patient/else'))), WHOLE],
      {
        status: 200,
        at: { 'entry.0.resource.subject.reference': 'http://other.example/fhir/Patient/else' },
      },
    ),
    links.is(
      'what is contained stays',
      ['POST', '', transaction(entry('POST Basic', { ...about('#c'), contained: [{ resourceType: 'Patient', id: 'c' }] })), WHOLE],
      {
        status: 200,
        at: { 'entry.0.resource.subject.reference': '#c' },
      },
    ),
    links.is(
      'references from what is contained are rewritten',
      [
        'POST',
        '',
        transaction(
          entry('POST Patient', { resourceType: 'Patient' }, { fullUrl: urn(14) }),
          entry('POST Basic', { ...about('#c'), contained: [{ id: 'c', ...about(urn(14)) }] }),
        ),
        WHOLE,
      ],
      { status: 200, at: { 'entry.1.resource.contained.0.subject.reference': expect.stringMatching(/^Patient\/id-/) } },
    ),
  ],
};

const kept = section('bundle#bdl');
const stored = (type: string, more: object = {}) => ['POST', 'Bundle', { resourceType: 'Bundle', type, ...more }] as const;
const inside = (more: object = {}, id = 'x') => ({ fullUrl: `http://other.example/fhir/Basic/${id}`, resource: basic(id), ...more });
const refused = (says: string, type: string, more: object) => kept.shall(says, stored(type, more), { status: 422 });
const NAMED = { identifier: { system: 'http://s.example', value: '1' }, timestamp: '2020-01-01T00:00:00Z' };
const composition = {
  fullUrl: 'http://other.example/fhir/Composition/c',
  resource: {
    resourceType: 'Composition',
    id: 'c',
    status: 'final',
    type: { text: 'x' },
    date: '2020',
    author: [{ display: 'x' }],
    title: 'x',
  },
};

export const keptBundles: Page = {
  title: 'Bundles that are kept',
  statements: [
    kept.is('a collection', stored('collection', { entry: [inside()] }), { status: 201, at: { 'entry.0.resource.id': 'x' } }),
    kept.is('what is in it has no place of its own', get('Basic/x'), { status: 404 }),
    refused('a total is for searches and histories', 'collection', { total: 1, entry: [inside()] }),
    refused('so is search', 'collection', { entry: [inside({ search: { mode: 'match' } })] }),
    refused('a request is for batches and histories', 'collection', { entry: [inside({ request: { method: 'GET', url: 'x' } })] }),
    refused('a response too', 'collection', { entry: [inside({ response: { status: '200' } })] }),
    refused('a request is needed in a batch', 'batch', { entry: [inside()] }),
    refused('a response is needed in a batch-response', 'batch-response', { entry: [inside()] }),
    refused('an entry has a resource, a request or a response', 'collection', {
      entry: [{ fullUrl: 'http://other.example/fhir/Basic/x' }],
    }),
    refused('a fullUrl is there once', 'collection', { entry: [inside(), inside()] }),
    refused('a fullUrl names no version', 'collection', {
      entry: [{ fullUrl: 'http://other.example/fhir/Basic/x/_history/1', resource: basic('x') }],
    }),
    refused('a fullUrl is that of its resource', 'collection', {
      entry: [{ fullUrl: 'http://other.example/fhir/Basic/y', resource: basic('x') }],
    }),
    refused('a document has an identifier', 'document', { timestamp: '2020-01-01T00:00:00Z', entry: [composition] }),
    refused('a document has a timestamp', 'document', { identifier: NAMED.identifier, entry: [composition] }),
    refused('a document begins with a Composition', 'document', { ...NAMED, entry: [inside()] }),
    kept.is('a document', stored('document', { ...NAMED, entry: [composition] }), { status: 201 }),
    kept.is('is found by its identifier', get('Bundle?identifier=http://s.example|1'), { status: 200, at: { 'entry.length': 1 } }),
    refused('a message begins with a MessageHeader', 'message', { ...NAMED, entry: [inside()] }),
    refused('a type that is none', 'bag', {}),
  ],
};
