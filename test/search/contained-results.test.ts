/** `_contained` and `_containedType` over HTTP, on both stores [R4 search#contained]. */
import { expect, it } from 'vitest';
import { serveDatabase } from '../../server/composition/served-database.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { indexDigest } from '../../server/search/index-digest.ts';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import { joinIndex } from '../../server/store/index-ledger.ts';
import { version } from '../store/version.ts';
import { onEachServer, type StartServer } from '../support/each-server.ts';
import { expectRefusal, linkOf } from '../support/expect-answer.ts';
import { patient } from '../support/fixtures.ts';
import { onEachDatabase } from '../support/stores.ts';
import { bearer, startTestServer, type TestAnswer, type TestServer } from '../support/test-server.ts';

const MEDICINES = 'http://acme.com/medications';
const medication = (id: string, code: string, over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'Medication',
  id,
  code: { coding: [{ system: MEDICINES, code }] },
  ...over,
});
const order = (id: string, reference: string, contained: readonly Resource[], over: Record<string, unknown> = {}): Resource => ({
  resourceType: 'MedicationRequest',
  id,
  contained,
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p' },
  medicationReference: { reference },
  ...over,
});
const made = (by: string) => ({ manufacturer: { reference: by } });

const GIVEN: readonly Resource[] = [
  patient({ id: 'p' }),
  { resourceType: 'Organization', id: 'acme', name: 'Acme' },
  medication('own', 'abc', { status: 'active', ...made('Organization/acme') }),
  medication('other', 'xyz', { status: 'active' }),
  order('one', '#m', [
    medication('m', 'abc', {
      batch: { expirationDate: '2025-03-01' },
      ingredient: [{ itemCodeableConcept: { text: 'salt' }, strength: {} }],
    }),
  ]),
  order(
    'two',
    '#a',
    [
      medication('a', 'abc', { status: 'inactive', ...made('Organization/acme') }),
      medication('b', 'xyz', { status: 'active', ...made('#o') }),
      { resourceType: 'Organization', id: 'o', name: 'Makers' },
    ],
    { status: 'stopped' },
  ),
  {
    resourceType: 'MedicationAdministration',
    id: 'given',
    status: 'completed',
    contained: [medication('m', 'abc', { status: 'active' })],
    medicationReference: { reference: '#m' },
    subject: { reference: 'Patient/p' },
  },
  // What no reference with a search parameter leads to.
  { resourceType: 'Observation', id: 'bare', status: 'final', contained: [{ resourceType: 'Medication', id: 'm' }], code: { text: 'x' } },
  {
    resourceType: 'Bundle',
    id: 'document',
    type: 'document',
    entry: [
      {
        fullUrl: 'urn:uuid:1',
        resource: { resourceType: 'Composition', id: 'c', status: 'final', section: [{ entry: [{ reference: 'urn:uuid:2' }] }] },
      },
      { fullUrl: 'urn:uuid:2', resource: medication('m', 'abc') },
    ],
  },
];
const IN_ORDER_OF_CREATION = ['MedicationRequest/one#m', 'MedicationRequest/two#a', 'MedicationAdministration/given#m'];

/** Why, what is asked of Medication beside `_contained=true`, and the containers and contained resources found. */
const CASES: readonly (readonly [why: string, query: string, found: readonly string[]])[] = [
  ['a code', 'code=abc', IN_ORDER_OF_CREATION],
  ['a code with its system', `code=${MEDICINES}|xyz`, ['MedicationRequest/two#b']],
  [
    'all there are',
    '',
    [
      'MedicationRequest/one#m',
      'MedicationRequest/two#a',
      'MedicationRequest/two#b',
      'MedicationAdministration/given#m',
      'Observation/bare#m',
    ],
  ],
  ['two conditions on one and the same', 'code=abc&status=inactive', ['MedicationRequest/two#a']],
  ['two conditions on two', 'code=xyz&status=inactive', []],
  ['a value it has not', 'status:missing=true', ['MedicationRequest/one#m', 'Observation/bare#m']],
  ['another value', 'status:not=active', ['MedicationRequest/one#m', 'MedicationRequest/two#a', 'Observation/bare#m']],
  ['a date', 'expiration-date=gt2025-01', ['MedicationRequest/one#m']],
  ['the id within the container', '_id=b,x', ['MedicationRequest/two#b']],
  ['another id', '_id:not=m', ['MedicationRequest/two#a', 'MedicationRequest/two#b']],
  ['an id of a resource of its own', '_id=own', []],
  ['a time of change, of which it has none', '_lastUpdated=gt2000', []],
  ['that it has none', '_lastUpdated:missing=true&code=xyz', ['MedicationRequest/two#b']],
  ['that it has one', '_lastUpdated:missing=false', []],
  ['that it has one, by a filter', '_filter=_lastUpdated pr true', []],
  ['that it has none, by a filter', '_filter=_lastUpdated pr false and code eq xyz', ['MedicationRequest/two#b']],
  ['that it has no id', '_id:missing=true', []],
  ['a reference', 'manufacturer=Organization/acme', ['MedicationRequest/two#a']],
  ['a chain out of the container', 'manufacturer.name=acme', ['MedicationRequest/two#a']],
  ['a chain to what lies beside it', 'manufacturer.name=makers', ['MedicationRequest/two#b']],
  ['who points at it: its container', '_has:MedicationRequest:medication:status=stopped', ['MedicationRequest/two#a']],
  ['and not by this', '_has:MedicationRequest:medication:status=completed', []],
  ['a filter', '_filter=code eq xyz or expiration-date gt 2025-01', ['MedicationRequest/one#m', 'MedicationRequest/two#b']],
  ['a filter, negated', '_filter=not (code eq abc)', ['MedicationRequest/two#b', 'Observation/bare#m']],
  ['nothing', 'code=none', []],
];

/** A token by which resources of these types are searched and read, and nothing else. */
const seeing = (...types: readonly string[]) => {
  const scopes = types.map(
    (type) => ({ level: 'system', type, create: false, read: true, update: false, delete: false, search: true }) as const,
  );
  return { Authorization: bearer({ scopes }) };
};

onEachServer('_contained', (start: StartServer) => {
  const begin = async (given: readonly Resource[] = GIVEN): Promise<TestServer> => {
    const server = await start({ services: { writeValidation: 'off' } });
    for (const resource of given) {
      const answer = await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
      expect(answer.status, answer.text).toBe(201);
    }
    return server;
  };
  interface Entry {
    readonly fullUrl: string;
    readonly resource: Resource;
    readonly search: { readonly mode: string };
  }
  const entriesOf = (answer: TestAnswer): readonly Entry[] => {
    expect(answer.status, answer.text).toBe(200);
    return (answer.body.entry ?? []) as Entry[];
  };
  const shown = ({ url }: TestServer, entries: readonly Entry[]): string[] => entries.map(({ fullUrl }) => fullUrl.replace(`${url}/`, ''));
  const found = async (server: TestServer, path: string, headers?: Record<string, string>): Promise<string[]> =>
    shown(server, entriesOf(await server.request('GET', path, undefined, headers)));

  it('finds contained resources by whatever their type is found by', async () => {
    const server = await begin();
    const asked = CASES.map(async ([why, query]) => {
      const contained = await found(server, `Medication?_contained=true&_containedType=contained&${query}`);
      const containers = await found(server, `Medication?_contained=true&${query}`);
      return { why, contained, containers };
    });
    const containersOf = (places: readonly string[]) => [...new Set(places.map((place) => place.split('#')[0]))];
    expect(await Promise.all(asked)).toEqual(CASES.map(([why, , contained]) => ({ why, contained, containers: containersOf(contained) })));
  });

  it('gives containers as they are, by default', async () => {
    const server = await begin();
    const query = 'Medication?code=xyz&_contained=true';
    const [entry, ...others] = entriesOf(await server.request('GET', query));
    expect(others).toEqual([]);
    expect([entry?.fullUrl, entry?.search.mode]).toEqual([`${server.url}/MedicationRequest/two`, 'match']);
    expect(entry?.resource).toEqual((await server.request('GET', 'MedicationRequest/two')).body);
    expect(await found(server, `${query}&_containedType=container`)).toEqual(['MedicationRequest/two']);
  });

  it('gives contained resources as they stand in theirs, with a fullUrl that tells where that is', async () => {
    const server = await begin();
    const [entry, ...others] = entriesOf(await server.request('GET', 'Medication?code=xyz&_contained=true&_containedType=contained'));
    expect(others).toEqual([]);
    expect([entry?.fullUrl, entry?.search.mode]).toEqual([`${server.url}/MedicationRequest/two#b`, 'match']);
    expect(entry?.resource).toEqual(
      GIVEN.flatMap(({ contained }) => (contained as Resource[] | undefined) ?? []).find(({ id }) => id === 'b'),
    );
  });

  it('gives both, each once', async () => {
    const server = await begin();
    const containers = IN_ORDER_OF_CREATION.map((place) => place.split('#')[0]);
    expect(await found(server, 'Medication?code=abc&_contained=both')).toEqual(['Medication/own', ...containers]);
    expect(await found(server, 'Medication?code=abc&_contained=both&_containedType=contained')).toEqual([
      'Medication/own',
      ...IN_ORDER_OF_CREATION,
    ]);
    expect(await found(server, 'Medication?_id=own,a&_contained=both&_containedType=contained')).toEqual([
      'Medication/own',
      'MedicationRequest/two#a',
    ]);
    const within = { ...medication('outer', 'abc'), contained: [medication('inner', 'abc')] };
    await server.request('PUT', 'Medication/outer', within);
    expect(await found(server, 'Medication?code=abc&_contained=both&_id=outer,inner')).toEqual(['Medication/outer']);
    expect(await found(server, 'Medication?code=abc&_contained=both&_containedType=contained&_id=outer,inner')).toEqual([
      'Medication/outer',
      'Medication/outer#inner',
    ]);
  });

  it('is false where nothing is said, or that', async () => {
    const server = await begin();
    for (const query of ['', '&_contained=false', '&_contained=false&_containedType=contained', '&_containedType=container'])
      expect(await found(server, `Medication?code=abc${query}`)).toEqual(['Medication/own']);
  });

  it('counts what it gives', async () => {
    const server = await begin();
    const total = async (query: string) => (await server.request('GET', `Medication?${query}`)).body.total;
    for (const [query, containers, contained, both] of [
      ['', 4, 5, 7],
      ['code=abc', 3, 3, 4],
      ['code=none', 0, 0, 0],
    ] as const) {
      for (const count of ['_summary=count', '_total=accurate', '_total=estimate', '_count=0']) {
        expect(await total(`${query}&_contained=true&${count}`), `${query} ${count}`).toBe(containers);
        expect(await total(`${query}&_contained=true&_containedType=contained&${count}`), `${query} ${count}`).toBe(contained);
        expect(await total(`${query}&_contained=both&_containedType=contained&${count}`), `${query} ${count}`).toBe(both);
      }
    }
    expect(await total('_contained=true&_containedType=contained')).toBeUndefined();
  });

  it.each([
    ['_contained=true', 4],
    ['_contained=both', 6],
    ['_contained=true&_containedType=contained', 5],
    ['_contained=both&_containedType=contained&_sort=-status,code', 7],
    ['_contained=both&_sort=-_lastUpdated', 6],
  ])('comes in pages, there and back: %s', async (query, total) => {
    const server = await begin();
    const first = `Medication?${query}&_count=1&_total=accurate`;
    const whole = await found(server, `Medication?${query}`);
    expect(whole).toHaveLength(total);
    const pages: string[] = [];
    let [url, last]: (string | undefined)[] = [first, undefined];
    for (; url !== undefined; [last, url] = [url, linkOf(await server.request('GET', url), 'next')]) {
      const answer = await server.request('GET', url);
      expect(answer.body.total).toBe(total);
      pages.push(...shown(server, entriesOf(answer)));
    }
    expect(pages).toEqual(whole);
    const back: string[] = [];
    for (; last !== undefined; last = linkOf(await server.request('GET', last), 'previous')) back.unshift(...(await found(server, last)));
    expect(back).toEqual(whole);
  });

  it('sorts contained resources by what they have, and containers by what all types have', async () => {
    const server = await begin();
    const contained = 'Medication?_contained=true&_containedType=contained';
    expect(await found(server, `${contained}&_sort=-code,status`)).toEqual([
      'MedicationRequest/two#b',
      'MedicationAdministration/given#m',
      'MedicationRequest/two#a',
      'MedicationRequest/one#m',
      'Observation/bare#m',
    ]);
    expect(await found(server, `${contained}&_sort=-_id&status:missing=false`)).toEqual([
      'MedicationAdministration/given#m',
      'MedicationRequest/two#b',
      'MedicationRequest/two#a',
    ]);
    expect(await found(server, 'Medication?_contained=true&_sort=-_id')).toEqual([
      'MedicationRequest/two',
      'MedicationRequest/one',
      'MedicationAdministration/given',
      'Observation/bare',
    ]);
    expect(await found(server, 'Medication?_contained=true&code=abc&_sort=-_lastUpdated')).toEqual([
      'MedicationAdministration/given',
      'MedicationRequest/two',
      'MedicationRequest/one',
    ]);
  });

  it('narrows what it gives', async () => {
    const server = await begin();
    const [part] = entriesOf(await server.request('GET', 'Medication?code=xyz&_contained=true&_containedType=contained&_elements=status'));
    expect([part?.fullUrl, part?.resource]).toEqual([
      `${server.url}/MedicationRequest/two#b`,
      { resourceType: 'Medication', id: 'b', meta: { tag: [expect.objectContaining({ code: 'SUBSETTED' })] }, status: 'active' },
    ]);
    const [container] = entriesOf(await server.request('GET', 'Medication?code=xyz&_contained=true&_elements=intent'));
    expect([container?.resource.intent, container?.resource.contained]).toEqual(['order', undefined]);
  });

  it('includes what containers refer to', async () => {
    const server = await begin();
    const answer = await server.request('GET', 'Medication?code=xyz&_contained=true&_include=MedicationRequest:subject');
    expect(entriesOf(answer).map(({ fullUrl, search }) => [fullUrl.replace(`${server.url}/`, ''), search.mode])).toEqual([
      ['MedicationRequest/two', 'match'],
      ['Patient/p', 'include'],
    ]);
  });

  it('is asked over several types, or all, at the level of the system', async () => {
    const server = await begin();
    const contained = '_contained=true&_containedType=contained';
    expect(await found(server, `?_type=Organization&${contained}`)).toEqual(['MedicationRequest/two#o']);
    expect(await found(server, `?_type=Organization,Medication&_id=o,a&${contained}`)).toEqual([
      'MedicationRequest/two#a',
      'MedicationRequest/two#o',
    ]);
    expect(await found(server, `?_id=o,a&${contained}`)).toEqual(['MedicationRequest/two#a', 'MedicationRequest/two#o']);
    expect(await found(server, '?_id=o,a,acme&_contained=both')).toEqual(['Organization/acme', 'MedicationRequest/two']);
    const posted = await server.request('POST', 'Medication/_search', `code=xyz&${contained}`, {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    expect(shown(server, entriesOf(posted))).toEqual(['MedicationRequest/two#b']);
  });

  it('finds what is contained now', async () => {
    const server = await begin();
    const [query, before] = ['Medication?code=xyz&_contained=true&_containedType=contained', order('two', '#a', [medication('a', 'abc')])];
    expect((await server.request('PUT', 'MedicationRequest/two', before)).status).toBe(200);
    expect(await found(server, query)).toEqual([]);
    await server.request('PUT', 'MedicationRequest/two', order('two', '#a', [medication('z', 'xyz'), medication('a', 'abc')]));
    expect(await found(server, query)).toEqual(['MedicationRequest/two#z']);
    await server.request('DELETE', 'MedicationRequest/two');
    expect(await found(server, query)).toEqual([]);
  });

  it('shows nothing of a container that the caller may not search for', async () => {
    const server = await begin();
    const path = 'Medication?code=abc&_contained=both&_total=accurate';
    const asked = async (...types: string[]) => {
      const answers = await Promise.all(
        ['container', 'contained'].map((as) => server.request('GET', `${path}&_containedType=${as}`, undefined, seeing(...types))),
      );
      return answers.map((answer) => [answer.body.total, ...shown(server, entriesOf(answer))]);
    };
    expect(await asked('Medication')).toEqual([
      [1, 'Medication/own'],
      [1, 'Medication/own'],
    ]);
    expect(await asked('Medication', 'MedicationAdministration')).toEqual([
      [2, 'Medication/own', 'MedicationAdministration/given'],
      [2, 'Medication/own', 'MedicationAdministration/given#m'],
    ]);
    const hidden = await server.request('GET', 'Medication?code=abc&_contained=true&_count=1&_sort=_id', undefined, seeing('Medication'));
    expect([entriesOf(hidden), linkOf(hidden, 'next')]).toEqual([[], undefined]);
    expectRefusal(await server.request('GET', path, undefined, seeing('MedicationRequest')), 403, 'forbidden');
    const byMaker = 'Medication?manufacturer.name=acme&_contained=true';
    expect(await found(server, byMaker, seeing('Medication', 'MedicationRequest'))).toEqual([]);
    expect(await found(server, byMaker, seeing('Medication', 'MedicationRequest', 'Organization'))).toEqual(['MedicationRequest/two']);
  });

  it.each([
    ['_contained=maybe', 400, 'value', '_contained'],
    ['_contained=true,both', 400, 'value', '_contained'],
    ['_contained=true&_contained=both', 400, 'invalid', '_contained'],
    ['_contained=true&_containedType=either', 400, 'value', '_containedType'],
    ['_contained=true&_containedType=contained&_containedType=container', 400, 'invalid', '_containedType'],
    ['_contained=true&_content=salt', 400, 'not-supported', '_contained'],
    ['_contained=both&_text=salt', 400, 'not-supported', '_contained'],
    ['_contained=true&_containedType=contained&_include=Medication:manufacturer', 400, 'not-supported', '_containedType'],
    ['_contained=true&_containedType=contained&_revinclude=*', 400, 'not-supported', '_containedType'],
    ['_contained=true&_sort=code', 400, 'not-supported', '_sort'],
    ['_contained=true&_elements=naem', 400, 'value', '_elements'],
    ['_contained=true&_containedType=contained&_elements=intent', 400, 'value', '_elements'],
  ] as const)('refuses %s', async (query, status, code, expression) => {
    const server = await begin([]);
    expectRefusal(await server.request('GET', `Medication?${query}`), status, code, expression);
    expectRefusal(await server.request('GET', `Medication?${query}`, undefined, { Prefer: 'handling=lenient' }), status, code, expression);
  });

  it('is no part of a compartment, nor of the condition of a write', async () => {
    const server = await begin();
    for (const path of ['Patient/p/MedicationRequest?_contained=true', 'Patient/p/*?_contained=both'])
      expectRefusal(await server.request('GET', path), 400, 'not-supported', '_contained');
    const created = await server.request('POST', 'Medication', medication('x', 'abc'), { 'If-None-Exist': 'code=abc&_contained=true' });
    expectRefusal(created, 400, 'not-supported', 'If-None-Exist');
    expectRefusal(await server.request('DELETE', 'Medication?code=abc&_contained=both'), 400, 'not-supported', '_contained');
  });
});

onEachDatabase('_contained in a base of an earlier version', (open) => {
  it('is answered with 503 until that is reindexed, and all else as before', async () => {
    const definitions = loadDefinitions();
    const searchRegistry = createSearchRegistry(definitions);
    const index = createIndexer(definitions, searchRegistry);
    const before = (resource: Resource): IndexEntry[] =>
      index(resource).map((entry) => {
        return entry.kind === 'contained' ? { ...entry, entries: entry.entries.filter(({ param }) => param !== '_id') } : entry;
      });
    const database = await open();
    const writes = GIVEN.map((resource) => {
      return { ...version(resource.resourceType, resource.id as string, 1, before(resource)), json: JSON.stringify(resource) };
    });
    await database.resources.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
    // Neither did that version sort as this one does.
    const digests = definitions.searchParameters.map(indexDigest);
    await (await joinIndex(database.state, { digests, id: 'earlier', nowMs: Date.now })).leave();
    const served = await serveDatabase({ ...database, close: async () => undefined }, { definitions, searchRegistry });
    expect(served.index.staleCount()).toBe(2);
    const server = await startTestServer({ store: served.resources });
    const total = async (path: string) => (await server.request('GET', `${path}&_summary=count`)).body.total;
    const asked = ['Medication?code=abc&_contained=true', 'Medication?code=abc&_contained=both&_containedType=contained'];
    try {
      for (const path of asked) expectRefusal(await server.request('GET', path), 503, 'transient');
      expect(await total('MedicationRequest?medication.code=abc')).toBe(2);
      expect(await total('Medication?code=abc')).toBe(1);
      expect(await served.reindex((_, json) => index(JSON.parse(json) as Resource))).toBe(GIVEN.length);
      expect(await Promise.all(asked.map(total))).toEqual([3, 4]);
      expect(await total('MedicationRequest?medication.code=abc')).toBe(2);
    } finally {
      await server.close();
      await served.close();
    }
  });
});
