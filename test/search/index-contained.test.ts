/** What contained resources are indexed by, and how far that goes [R4 search#contained]. */
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../server/fhir/resource.ts';
import type { ContainedEntry, IndexEntry } from '../../server/search/index-entry.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { entryRows } from '../../server/store/sql/entry-rows.ts';
import { resourceKeyOf } from '../../server/store/sql/keys.ts';
import { computeMs } from '../support/compute-time.ts';
import { BASE_URL, definitions, searchRegistry } from '../support/search-cases.ts';

const index = createIndexer(definitions, searchRegistry, { baseUrl: BASE_URL });
const containedIn = (entries: readonly IndexEntry[]): ContainedEntry[] => entries.filter((entry) => entry.kind === 'contained');
/** What every Patient is found by that says nothing of a death. */
const ALIVE = { kind: 'token', param: 'deceased', system: null, code: 'false' };
/** By what a contained resource is told to be one. */
const known = (id: string) => ({ kind: 'token', param: '_id', system: null, code: id });
const person = (id: string, over: Record<string, unknown> = {}) => ({ resourceType: 'Patient', id, ...over });
const team = (members: readonly string[], contained: unknown): Resource => ({
  resourceType: 'CareTeam',
  id: 't',
  contained,
  participant: members.map((reference) => ({ member: { reference } })),
});

describe('createIndexer, of what is contained', () => {
  it('gives it under its own parameters, and says which reference leads there', () => {
    expect(index(team(['#a', 'Patient/b'], [person('a', { gender: 'male', link: [{ other: { reference: 'Patient/c' } }] })]))).toEqual([
      { kind: 'reference', param: 'participant', type: null, id: null, url: '#a', inside: { number: 1, type: 'Patient' } },
      { kind: 'reference', param: 'participant', type: 'Patient', id: 'b', url: null },
      {
        kind: 'contained',
        param: '#',
        number: 1,
        type: 'Patient',
        entries: [
          ALIVE,
          { kind: 'token', param: 'gender', system: null, code: 'male' },
          { kind: 'reference', param: 'link', type: 'Patient', id: 'c', url: null },
          known('a'),
        ],
      },
    ]);
  });

  it('numbers what references lead to, then the others, each once', () => {
    const link = (...ids: string[]) => ({ link: ids.map((id) => ({ other: { reference: `#${id}` } })) });
    const entries = index(
      team(['#a', '#a', '#b'], [person('x'), person('a', link('b', 'c', 'a')), person('b', link('a')), person('c', link('c'))]),
    );
    expect(containedIn(entries).map(({ number, type }) => [number, type])).toEqual([1, 2, 3, 4].map((number) => [number, 'Patient']));
    expect(containedIn(entries).map((each) => each.entries.find(({ param }) => param === '_id'))).toEqual(['a', 'b', 'c', 'x'].map(known));
    const [a, b, c] = containedIn(entries).map((each) =>
      each.entries.slice(0, -1).map((entry) => (entry.kind === 'reference' ? entry.inside?.number : 0)),
    );
    expect([a, b, c]).toEqual([
      [0, 2, 3, 1],
      [0, 1],
      [0, 3],
    ]);
  });

  it('takes the first of several with the same id, and a reference to the container as one to a resource', () => {
    const twice = [person('a', { gender: 'male' }), person('a', { gender: 'female' })];
    expect(containedIn(index(team(['#a'], twice)))[0]?.entries).toEqual([
      ALIVE,
      { kind: 'token', param: 'gender', system: null, code: 'male' },
      known('a'),
    ]);
    const back = { resourceType: 'Observation', id: 'o', focus: [{ reference: '#' }] };
    const condition = { resourceType: 'Condition', id: 'c', contained: [back], evidence: [{ detail: [{ reference: '#o' }] }] };
    expect(containedIn(index(condition))[0]?.entries).toEqual([
      { kind: 'reference', param: 'focus', type: 'Condition', id: 'c', url: null },
      known('o'),
    ]);
  });

  it.each([
    ['no list', { resourceType: 'Patient', id: 'a' }],
    ['nothing', null],
    ['a text', 'a'],
    ['things that are no resources', [null, 5, 'a', [], { id: 'a' }, { resourceType: 5, id: 'a' }]],
    ['a resource without an id', [{ resourceType: 'Patient' }]],
  ])('finds nothing in %s', (_, contained) => {
    expect(index(team(['#a'], contained))).toEqual([{ kind: 'reference', param: 'participant', type: null, id: null, url: '#a' }]);
  });

  it('never fails on what is contained in what is contained, or of an unknown type', () => {
    const inner = person('a', { contained: [person('b')], link: [{ other: { reference: '#b' } }] });
    expect(containedIn(index(team(['#a', '#x'], [inner, { resourceType: 'Foo', id: 'x' }])))).toEqual([
      {
        kind: 'contained',
        param: '#',
        number: 1,
        type: 'Patient',
        entries: [ALIVE, { kind: 'reference', param: 'link', type: null, id: null, url: '#b' }, known('a')],
      },
      { kind: 'contained', param: '#', number: 2, type: 'Foo', entries: [known('x')] },
    ]);
  });

  it('has no id for what could not be named by it, nor for what a document holds', () => {
    const [odd, within] = ['no id', 'a'.repeat(65)].map((id) => containedIn(index(team([`#${id}`], [person(id)])))[0]?.entries);
    expect([odd, within]).toEqual([[ALIVE], [ALIVE]]);
    const document = {
      resourceType: 'Bundle',
      type: 'document',
      entry: [{ fullUrl: 'urn:uuid:1', resource: { resourceType: 'Composition', id: 'c', status: 'final' } }],
    };
    expect(containedIn(index(document))[0]?.entries).toEqual([{ kind: 'token', param: 'status', system: null, code: 'final' }]);
  });

  it('goes into a thousand at most, in time that grows with their number only', () => {
    const ids = (count: number) => Array.from({ length: count }, (_, n) => `p${n}`);
    const ring = (count: number): Resource => {
      const others = (n: number) => [1, 2, 3].map((step) => ({ other: { reference: `#p${(n + step) % count}` } }));
      return team(
        ['#p0'],
        ids(count).map((id, n) => person(id, { link: others(n) })),
      );
    };
    expect(containedIn(index(ring(1_000)))).toHaveLength(1_000);
    const many = index(ring(1_200));
    expect(containedIn(many)).toHaveLength(1_000);
    const rows = entryRows('CareTeam', many, resourceKeyOf);
    expect(new Set(rows.map(({ part }) => part)).size).toBe(1_001);
    const crowd = team(
      ids(50_000).map((id) => `#${id}`),
      ids(50_000).map((id) => person(id)),
    );
    expect(computeMs(() => index(crowd))).toBeLessThan(2_000);
  });
});
