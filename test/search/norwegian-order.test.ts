/** Lists of people over HTTP in Norwegian order, page by page, on both stores; also of bases that an earlier version made. */
import { afterEach, expect, it } from 'vitest';
import { serveDatabase } from '../../server/composition/served-database.ts';
import { loadDefinitions } from '../../server/definitions/load.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { CONTAINED_DIGEST, indexDigest } from '../../server/search/index-digest.ts';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import type { Indexer } from '../../server/store/database.ts';
import { joinIndex } from '../../server/store/index-ledger.ts';
import { version } from '../store/version.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { onEachDatabase } from '../support/stores.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const definitions = loadDefinitions();
const searchRegistry = createSearchRegistry(definitions);
const index = createIndexer(definitions, searchRegistry);

/** In the order in which they are created: neither that of the alphabet nor any other. */
const FAMILIES = [
  ...['Østby', 'Zachariassen', 'Aasen', 'Ærlig', 'Berg', 'Åsen', 'Vang', 'ødegård', 'ØDEGÅRD', 'Öberg', 'Åberg', 'Andersen', 'Ødegård'],
  ...['Müller', 'Myhre', 'André', 'Andre', 'Ånon', 'Zachariassen', 'Čáhppe', 'Åsen', 'Bråten', 'Braten'],
];
const IN_ORDER = [
  ...['Andersen', 'Andre', 'André', 'Berg', 'Braten', 'Bråten', 'Čáhppe', 'Myhre', 'Müller', 'Vang', 'Zachariassen', 'Zachariassen'],
  ...['Ærlig', 'Öberg', 'ødegård', 'ØDEGÅRD', 'Ødegård', 'Østby', 'Åberg', 'Ånon', 'Åsen', 'Åsen', 'Aasen'],
];
/** As an earlier version sorted them, by keyboard letters. */
const FOLDED = [
  ...[
    'Aasen',
    'Åberg',
    'Ærlig',
    'Andersen',
    'André',
    'Andre',
    'Ånon',
    'Åsen',
    'Åsen',
    'Berg',
    'Bråten',
    'Braten',
    'Čáhppe',
    'Müller',
    'Myhre',
  ],
  ...['Öberg', 'ødegård', 'ØDEGÅRD', 'Ødegård', 'Østby', 'Vang', 'Zachariassen', 'Zachariassen'],
];

/** A name after which no family stands in order. */
const LAST = 'Åz';

const person = (family: string, n: number): Resource => ({ resourceType: 'Patient', id: `p${n}`, name: [{ family, given: [LAST] }] });

interface Bundle {
  readonly entry?: readonly { readonly resource: { readonly id: string; readonly name?: readonly { readonly family: string }[] } }[];
  readonly link: readonly { readonly relation: string; readonly url: string }[];
}

onEachDatabase('people in order', (open) => {
  const close: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const each of close.splice(0).reverse()) await each();
  });

  /** A server of people whose index rows are made by `indexer`. */
  async function serve(indexer: (resource: Resource) => IndexEntry[], families: readonly string[] = FAMILIES): Promise<TestServer> {
    const { resources } = await fill(indexer, families);
    return started(resources);
  }

  async function fill(indexer: (resource: Resource) => IndexEntry[], families: readonly string[]) {
    const database = await open();
    const writes = families.map((family, n) => {
      const resource = person(family, n);
      return { ...version('Patient', `p${n}`, 1, indexer(resource)), json: JSON.stringify(resource) };
    });
    const nameless = { ...version('Patient', 'nameless', 1), json: '{"resourceType":"Patient","id":"nameless"}' };
    await database.resources.transact({ lookups: {}, build: () => ({ writes: [...writes, nameless], result: 0 }) });
    return database;
  }

  async function started(store: Parameters<typeof startTestServer>[0]['store']): Promise<TestServer> {
    const server = await startTestServer({ store });
    close.push(() => server.close());
    return server;
  }

  const bundleOf = async (server: TestServer, query: string): Promise<Bundle> => {
    const answer = await server.request('GET', query);
    expect(answer.status, answer.text).toBe(200);
    return answer.body as unknown as Bundle;
  };
  const familiesOf = ({ entry = [] }: Bundle): (string | undefined)[] => entry.map(({ resource }) => resource.name?.[0]?.family);
  const families = async (server: TestServer, query: string) => familiesOf(await bundleOf(server, query));
  const linkOf = ({ link }: Bundle, relation: string): string | undefined => link.find((each) => each.relation === relation)?.url;

  it.each(['family', 'name', 'family,birthdate', 'name,gender'])(
    '_sort=%s ends with z, æ, ø, å, and those without a name',
    async (sort) => {
      const server = await serve(index);
      expect(await families(server, `Patient?_sort=${sort}&_count=100`)).toEqual([...IN_ORDER, undefined]);
      expect(await families(server, `Patient?_sort=${sort}&given:missing=false`)).toEqual(IN_ORDER);
    },
  );

  it('_sort=-family goes the other way, and ties keep the order of creation', async () => {
    const server = await serve(index);
    const sorted = await families(server, 'Patient?_sort=-family&_count=100');
    const ties = (names: readonly (string | undefined)[]) => names.map((name) => name?.toLowerCase());
    expect(ties(sorted)).toEqual([...ties(IN_ORDER).reverse(), undefined]);
    expect(sorted.filter((name) => name?.toLowerCase() === 'ødegård')).toEqual(['ødegård', 'ØDEGÅRD', 'Ødegård']);
  });

  it.each([
    ['family', 1],
    ['family', 2],
    ['-family', 3],
    ['name', 2],
    ['-name', 5],
    ['family,birthdate', 4],
  ])('pages of _sort=%s by %i hold each once, forwards and backwards', async (sort, count) => {
    const server = await serve(index);
    const whole = (await bundleOf(server, `Patient?_sort=${sort}&_count=100`)).entry?.map(({ resource }) => resource.id);
    const [forwards, backwards]: string[][] = [[], []];
    let last: Bundle | undefined;
    for (let url: string | undefined = `Patient?_sort=${sort}&_count=${count}`; url !== undefined; url = linkOf(last, 'next')) {
      last = await bundleOf(server, url.replace(`${server.url}/`, ''));
      forwards?.push(...(last.entry ?? []).map(({ resource }) => resource.id));
    }
    for (let url = linkOf(last as Bundle, 'previous'); url !== undefined; ) {
      const page: Bundle = await bundleOf(server, url.replace(`${server.url}/`, ''));
      backwards?.unshift(...(page.entry ?? []).map(({ resource }) => resource.id));
      url = linkOf(page, 'previous');
    }
    expect(forwards).toEqual(whole);
    expect([...(backwards ?? []), ...(last?.entry ?? []).map(({ resource }) => resource.id)]).toEqual(whole);
  });

  it.each([
    ['family=o', ['Öberg', 'ødegård', 'ØDEGÅRD', 'Ødegård', 'Østby']],
    ['family=ØDE', ['ødegård', 'ØDEGÅRD', 'Ødegård']],
    ['family=odegard', ['ødegård', 'ØDEGÅRD', 'Ødegård']],
    ['family:exact=Ødegård', ['Ødegård']],
    ['family=asen', ['Åsen', 'Åsen']],
    ['family=aase', ['Aasen']],
    ['family:contains=rate', ['Braten', 'Bråten']],
    ['family=mu', ['Müller']],
    ['family=my', ['Myhre']],
    ['name=andre', ['Andre', 'André']],
    ['_filter=family ew "rlig"', ['Ærlig']],
    ['_filter=family eq "aerlig"', ['Ærlig']],
    ['family:missing=true', [undefined]],
  ])('%s finds without regard to accents, as before [R4 search#string]', async (query, expected) => {
    const server = await serve(index);
    expect(await families(server, `Patient?${query}&_sort=family`)).toEqual(expected);
    expect((await families(server, `Patient?${query}`)).toSorted()).toEqual(expected.toSorted());
    expect(await families(server, `Patient?${query}&given=az&_sort=family`)).toEqual(query.includes('missing') ? [] : expected);
  });

  it('takes what keeps some texts apart for no sign of a text', async () => {
    const server = await serve(index, ['\u{10ffff}b', 'b', '\u{10ffff}Å', 'z', 'Å']);
    const sorted = ['b', '\u{10ffff}b', 'z', 'Å', '\u{10ffff}Å'].toSorted();
    expect((await families(server, 'Patient?_sort=family&given=az')).toSorted()).toEqual(sorted);
    expect(await families(server, 'Patient?_sort=-family&_count=2')).toEqual(['\u{10ffff}Å', 'Å']);
    expect((await families(server, 'Patient?family=\u{10ffff}b')).toSorted()).toEqual(['b', '\u{10ffff}b'].toSorted());
    expect(await families(server, 'Patient?family:contains=\u{10ffff}z')).toEqual(['z']);
    expectRefusal(await server.request('GET', 'Patient?family=\u{10ffff}'), 400, 'value', 'family');
  });

  it('a base of an earlier version is sorted as then until it is reindexed, and finds the same before and after', async () => {
    const asBefore = (resource: Resource): IndexEntry[] =>
      index(resource).map((entry) => {
        if (entry.kind !== 'string') return entry;
        const { order: _, ...before } = entry;
        return before;
      });
    const database = await fill(asBefore, FAMILIES);
    const digests = [...definitions.searchParameters.map(indexDigest), CONTAINED_DIGEST];
    await (await joinIndex(database.state, { digests, id: 'earlier', nowMs: Date.now })).leave();
    const served = await serveDatabase({ ...database, close: async () => undefined }, { definitions, searchRegistry });
    close.push(() => served.close());
    const server = await started(served.resources);
    expect(served.index.staleCount()).toBe(1);
    expect(await families(server, 'Patient?_sort=family&_count=100')).toEqual([...FOLDED, undefined]);
    const changed = await server.request('PUT', 'Patient/p0', person('Østby', 0), { 'If-Match': 'W/"1"' });
    expect(changed.status, changed.text).toBe(200);
    const [withoutOne, page] = [FOLDED.filter((name) => name !== 'Østby'), await bundleOf(server, 'Patient?_sort=family&_count=22')];
    expect(familiesOf(page)).toEqual(withoutOne);
    const next = linkOf(page, 'next') as string;
    expect(await families(server, next.replace(`${server.url}/`, ''))).toEqual(['Østby', undefined]);
    expect(await families(server, 'Patient?family=ode')).toEqual(['ødegård', 'ØDEGÅRD', 'Ødegård']);

    const indexer: Indexer = (_, json) => index(JSON.parse(json) as Resource);
    expect(await served.reindex(indexer)).toBe(FAMILIES.length + 1);
    expect(served.index.staleCount()).toBe(0);
    expect(await families(server, 'Patient?_sort=family&_count=100')).toEqual([...IN_ORDER, undefined]);
    expect(await families(server, 'Patient?family=ode')).toEqual(['ødegård', 'ØDEGÅRD', 'Ødegård']);
  });
});
