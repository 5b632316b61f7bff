/** Searches over HTTP, on both stores: what only shows in the whole answer. */
import { afterEach, expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import { expectRefusal } from '../support/expect-answer.ts';
import { observation, patient } from '../support/fixtures.ts';
import { onEachStore } from '../support/stores.ts';
import { bearer, startTestServer, type TestAnswer, type TestServer } from '../support/test-server.ts';

const terminology = createTerminology();

interface Entry {
  readonly resource: Resource & { readonly issue?: readonly { readonly code: string; readonly expression?: readonly string[] }[] };
  readonly search: { readonly mode: string };
}

onEachStore('searches over HTTP', (open) => {
  const servers: TestServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const start = async (...resources: readonly Resource[]): Promise<TestServer> => {
    const server = await startTestServer({ store: await open(), services: { terminology } });
    servers.push(server);
    for (const resource of resources) {
      const answer = await server.request('PUT', `${resource.resourceType}/${resource.id}`, resource);
      expect(answer.status, answer.text).toBe(201);
    }
    return server;
  };
  const entriesOf = ({ body }: TestAnswer): readonly Entry[] => (body.entry ?? []) as readonly Entry[];
  const selfOf = ({ body }: TestAnswer): string => (body.link as readonly { relation: string; url: string }[])[0]?.url ?? '';

  it('sends what is included whole, whatever elements are asked of the matches [R4 search#elements]', async () => {
    const server = await start(
      patient({ id: 'p', birthDate: '1950-01-01' }),
      observation({ id: 'o', subject: { reference: 'Patient/p' } }),
    );
    const answer = await server.request('GET', 'Observation?_include=Observation:subject&_elements=status');
    const [match, included] = entriesOf(answer);
    expect(match?.resource).toMatchObject({ id: 'o', meta: { tag: [{ code: 'SUBSETTED' }] } });
    expect(match?.resource.subject).toBeUndefined();
    expect(included).toMatchObject({ resource: { id: 'p', birthDate: '1950-01-01' }, search: { mode: 'include' } });
    expect(included?.resource.meta).not.toHaveProperty('tag');
    const summary = await server.request('GET', 'Observation?_include=Observation:subject&_summary=true');
    expect(entriesOf(summary).map(({ resource }) => (resource.meta as { tag?: object[] }).tag?.length)).toEqual([1, 1]);
  });

  it('finds codes in a value set that lies here, by its address and its URL [R4 search#token]', async () => {
    const system = 'http://zoo.example';
    const coded = (id: string, code: string) => observation({ id, code: { coding: [{ system, code }] } });
    const include = [{ system, concept: [{ code: 'dog' }, { code: 'cat' }] }];
    const pets = { resourceType: 'ValueSet', id: 'pets', url: `${system}/pets`, status: 'active', compose: { include } };
    const server = await start(pets, coded('o1', 'dog'), coded('o2', 'cow'), coded('o3', 'cat'));
    const found = async (query: string) => {
      const answer = await server.request('GET', `Observation?${query}`);
      expect(answer.status, answer.text).toBe(200);
      return entriesOf(answer).map(({ resource }) => resource.id);
    };
    for (const name of ['ValueSet/pets', `${server.url}/ValueSet/pets`, `${system}/pets`]) {
      expect(await found(`code:in=${encodeURIComponent(name)}`)).toEqual(['o1', 'o3']);
      expect(await found(`code:not-in=${encodeURIComponent(name)}`)).toEqual(['o2']);
    }
    expectRefusal(await server.request('GET', 'Observation?code:in=ValueSet/none'), 400, 'not-supported', 'code:in');
    const scope = { level: 'system', type: 'Observation', create: false, read: true, update: false, delete: false, search: true } as const;
    const narrow = { Authorization: bearer({ scopes: [scope] }) };
    expectRefusal(await server.request('GET', 'Observation?code:in=ValueSet/pets', undefined, narrow), 400, 'not-supported', 'code:in');
  });

  it('goes up and down in a code system that lies here, and reads a filter by what lies here [R4 search#modifiers]', async () => {
    const url = 'http://zoo.example/kinds';
    const concept = [{ code: 'animal', concept: [{ code: 'dog', concept: [{ code: 'puppy' }] }, { code: 'cat' }] }];
    const kinds = {
      resourceType: 'CodeSystem',
      id: 'kinds',
      url,
      status: 'active',
      content: 'complete',
      hierarchyMeaning: 'is-a',
      concept,
    };
    const dogs = [{ system: url, filter: [{ property: 'concept', op: 'is-a', value: 'dog' }] }];
    const set = { resourceType: 'ValueSet', id: 'dogs', url: `${url}/dogs`, status: 'active', compose: { include: dogs } };
    const coded = (code: string) => observation({ id: code, code: { coding: [{ system: url, code }] } });
    const server = await start(kinds, set, ...['animal', 'dog', 'puppy', 'cat'].map(coded));
    const found = async (name: string, value: string) => {
      const answer = await server.request('GET', `Observation?${name}=${encodeURIComponent(value)}`);
      expect(answer.status, answer.text).toBe(200);
      return entriesOf(answer).map(({ resource }) => resource.id);
    };
    const [below, above, both] = [
      ['dog', 'puppy'],
      ['animal', 'dog', 'puppy'],
      ['dog', 'puppy', 'cat'],
    ];
    expect(await found('code:below', `${url}|dog`)).toEqual(below);
    expect(await found('code:below', `${url}|dog,${url}|cat`)).toEqual(both);
    expect(await found('code:above', `${url}|puppy`)).toEqual(above);
    for (const operator of [`ss ${url}|dog`, `in "${url}/dogs"`, 'in ValueSet/dogs'])
      expect(await found('_filter', `code ${operator}`)).toEqual(below);
    expect(await found('_filter', `code sb ${url}|puppy and status eq final`)).toEqual(above);
    expect(await found('_filter', `code ni ${url}/dogs`)).toEqual(['animal', 'cat']);
    const refused = async (query: string) => server.request('GET', `Observation?${query}`);
    expectRefusal(await refused(`code:below=${url}|fish`), 400, 'value', 'code:below');
    expectRefusal(await refused('code:below=http://zoo.example/none|dog'), 400, 'value', 'code:below');
    const many = Array.from({ length: 101 }, (_, n) => `http://zoo.example/${n}|dog`).join();
    expectRefusal(await refused(`code:below=${many}`), 403, 'too-costly');
    expectRefusal(await refused('_filter=code in ValueSet/none'), 400, 'not-supported', '_filter');
  });

  it('includes the version that a reference names [R4 search#versions]', async () => {
    const server = await start(patient({ id: 'p', birthDate: '1950-01-01' }));
    await server.request('PUT', 'Patient/p', patient({ id: 'p', birthDate: '1950-02-02' }));
    const about = (id: string, reference: string) =>
      server.request('PUT', `Observation/${id}`, observation({ id, subject: { reference } }));
    await about('first', 'Patient/p/_history/1');
    await about('second', `${server.url}/Patient/p/_history/2`);
    await about('plain', 'Patient/p');
    await about('lost', 'Patient/p/_history/9');
    const included = async (ids: string) => {
      const answer = await server.request('GET', `Observation?_id=${ids}&_include=Observation:subject`);
      return entriesOf(answer).flatMap(({ resource, search }) => (search.mode === 'include' ? [resource.meta?.versionId] : []));
    };
    expect(await included('first')).toEqual(['1']);
    expect(await included('second')).toEqual(['2']);
    expect(await included('plain')).toEqual(['2']);
    expect(await included('lost')).toEqual(['2']);
    expect(await included('first,second')).toEqual(['2', '1']);
    expect(await included('first,plain')).toEqual(['2', '1']);
  });

  it('includes a few and many alike, each whole, and whom both lead to once [R4 search#include]', async () => {
    const people = Array.from({ length: 300 }, (_, n) => patient({ id: `p${n}`, birthDate: '1950-01-01' }));
    const about = people.map(({ id }) => observation({ subject: { reference: `Patient/${id}` }, id: `o${id}` }));
    const server = await start();
    const all = [...people, ...about, observation({ id: 'again', subject: { reference: 'Patient/p0' } })];
    const entry = all.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
    const loaded = await server.request('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expect(loaded.status, loaded.text).toBe(200);
    const included = async (query: string) => {
      const answer = await server.request('GET', `Observation?${query}&_count=1000&_include=Observation:subject`);
      expect(answer.status, answer.text).toBe(200);
      const found = entriesOf(answer).filter(({ search }) => search.mode === 'include');
      expect(found.every(({ resource }) => resource.birthDate === '1950-01-01')).toBe(true);
      return found.map(({ resource }) => resource.id).sort();
    };
    expect(await included('_id=op0,op1,again')).toEqual(['p0', 'p1']);
    expect(await included('status=final')).toEqual(people.map(({ id }) => id).sort());
  });

  it('leaves out a parameter without a value and tells so, but never one of a condition [R4 search#errors]', async () => {
    const server = await start(patient({ id: 'p', gender: 'male' }), patient({ id: 'q', gender: 'female' }));
    const answer = await server.request('GET', 'Patient?name=&gender=male&_sort=');
    expect(entriesOf(answer).map(({ resource, search }) => resource.id ?? search.mode)).toEqual(['p', 'outcome']);
    expect(entriesOf(answer)[1]?.resource.issue?.map(({ code, expression }) => [code, expression])).toEqual([
      ['value', ['name']],
      ['value', ['_sort']],
    ]);
    expect(selfOf(answer)).toBe(`${server.url}/Patient?gender=male`);
    expectRefusal(await server.request('DELETE', 'Patient?gender='), 400, 'value', 'gender');
    expectRefusal(await server.request('PUT', 'Patient?identifier=', patient()), 400, 'value', 'identifier');
    expect((await server.request('GET', 'Patient?_summary=count')).body.total).toBe(2);
  });
});
