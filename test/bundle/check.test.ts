import { describe, expect, it } from 'vitest';
import { allOrNothing, checkBundle } from '../../server/bundle/check.ts';
import { inEntry } from '../../server/bundle/entry-failure.ts';
import { readEntryUrl } from '../../server/bundle/entry-url.ts';
import { inProcessingOrder } from '../../server/bundle/order.ts';
import { badRequest, FhirError, versionMismatch } from '../../server/fhir/errors.ts';

const transaction = (...entry: unknown[]) => ({ resourceType: 'Bundle', type: 'transaction', entry });
const get = { request: { method: 'GET', url: 'Patient/1' } };

function failure(run: () => unknown): { status: number; code: string | undefined; expression: readonly string[] | undefined } {
  try {
    run();
  } catch (error) {
    if (error instanceof FhirError) return { status: error.status, code: error.issues[0]?.code, expression: error.issues[0]?.expression };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('checking a Bundle of requests', () => {
  it.each([
    ['no Bundle', { resourceType: 'Patient' }, 400, 'structure', 'Bundle'],
    ['no resource', [], 400, 'structure', 'Bundle'],
    ['another type', { resourceType: 'Bundle', type: 'document' }, 400, 'value', 'Bundle.type'],
    ['entries that are no list', { resourceType: 'Bundle', type: 'batch', entry: {} }, 400, 'structure', 'Bundle.entry'],
    ['an entry that is null', transaction(get, null), 400, 'structure', 'Bundle.entry[1]'],
    ['an entry without a request', transaction({ resource: {} }), 400, 'structure', 'Bundle.entry[0].request'],
    ['an unknown method', transaction({ request: { method: 'TRACE', url: 'x' } }), 400, 'value', 'Bundle.entry[0].request.method'],
    ['no url', transaction({ request: { method: 'GET' } }), 400, 'structure', 'Bundle.entry[0].request.url'],
    [
      'a PUT without a resource',
      transaction({ request: { method: 'PUT', url: 'Patient/1' } }),
      400,
      'structure',
      'Bundle.entry[0].resource',
    ],
    ['a GET with a resource', transaction({ ...get, resource: { resourceType: 'Patient' } }), 400, 'invalid', 'Bundle.entry[0].resource'],
    ['a fullUrl that is relative', transaction({ ...get, fullUrl: 'Patient/1' }), 400, 'value', 'Bundle.entry[0].fullUrl'],
    [
      'a fullUrl that tells another id than the resource',
      transaction({
        fullUrl: 'http://a.example/fhir/Patient/1',
        resource: { resourceType: 'Patient', id: '2' },
        request: { method: 'PUT', url: 'Patient/2' },
      }),
      400,
      'invalid',
      'Bundle.entry[0].fullUrl',
    ],
    [
      'a condition that is a number',
      transaction({ request: { method: 'GET', url: 'x', ifMatch: 1 } }),
      400,
      'structure',
      'Bundle.entry[0].request.ifMatch',
    ],
    [
      'a fullUrl given twice',
      transaction({ ...get, fullUrl: 'urn:uuid:1' }, { ...get, fullUrl: 'urn:uuid:1' }),
      400,
      'duplicate',
      'Bundle.entry[1].fullUrl',
    ],
  ])('refuses %s', (_what, body, status, code, expression) => {
    expect(failure(() => allOrNothing(checkBundle(body, 10)))).toEqual({ status, code, expression: [expression] });
  });

  it('refuses more entries than are allowed at once', () => {
    expect(failure(() => checkBundle(transaction(get, get, get), 2))).toMatchObject({ status: 413, code: 'too-long' });
  });

  it('lets a batch go on without the entry that is wrong', () => {
    const { entries } = checkBundle({ ...transaction(get, null, get), type: 'batch' }, 10);
    expect(entries.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  it('carries out deletions, creations, updates and reads in this order, equals as they stand [R4 http#trules]', () => {
    const given = ['GET 1', 'PATCH 2', 'POST 3', 'DELETE 4', 'PUT 5', 'POST 6', 'HEAD 7', 'DELETE 8'];
    const entries = given.map((text) => ({ method: text.split(' ')[0] ?? '', text }));
    expect(inProcessingOrder(entries).map(({ text }) => text)).toEqual([
      'DELETE 4',
      'DELETE 8',
      'POST 3',
      'POST 6',
      'PATCH 2',
      'PUT 5',
      'GET 1',
      'HEAD 7',
    ]);
  });

  it.each([
    ['Patient/1', ['Patient', '1'], []],
    ['/Patient/1', ['Patient', '1'], []],
    ['http://here.example/fhir/Patient/1', ['Patient', '1'], []],
    [
      'Patient?name=a%20b&x=1+2',
      ['Patient'],
      [
        ['name', 'a b'],
        ['x', '1 2'],
      ],
    ],
    ['Patient/%24validate', ['Patient', '$validate'], []],
    ['http://here.example/fhir', [], []],
  ])('reads the url %s', (url, path, query) => {
    expect(readEntryUrl(url, 'http://here.example/fhir')).toEqual({ path, query });
  });

  it.each(['http://elsewhere.example/fhir/Patient/1', 'urn:uuid:1', 'Patient/%ZZ', 'Patient//1'])('refuses the url %s', (url) => {
    expect(failure(() => readEntryUrl(url, 'http://here.example/fhir'))).toEqual({ status: 400, code: 'value', expression: ['url'] });
  });

  it('says of an error which entry it came from', () => {
    const at = (error: unknown) => (inEntry(3, error) as FhirError).issues[0]?.expression;
    expect(at(badRequest('x', 'Patient.name[0]'))).toEqual(['Bundle.entry[3].resource.name[0]']);
    expect(at(versionMismatch('x', 'If-Match'))).toEqual(['Bundle.entry[3].request.ifMatch']);
    expect(at(badRequest('x', 'birthdate'))).toEqual(['Bundle.entry[3].request.url']);
    expect(at(badRequest('x', 'Bundle.entry[3].fullUrl'))).toEqual(['Bundle.entry[3].fullUrl']);
    expect(at(badRequest('x'))).toEqual(['Bundle.entry[3]']);
  });
});
