/** Nested searches are quick where they can be, and stopped where they cannot. */
import { expect, it } from 'vitest';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import type { Clause, SearchQuery } from '../../server/search/query.ts';
import type { ResourceStore } from '../../server/store/resource-store.ts';
import { onEachStore } from '../support/stores.ts';
import { version } from './version.ts';

const token = (param: string, code: string): IndexEntry => ({ kind: 'token', param, system: null, code });
const reference = (param: string, type: string, id: string): IndexEntry => ({ kind: 'reference', param, type, id, url: null });
const isToken = (param: string, code: string): Clause => ({ op: 'match', param, test: { kind: 'token', code } });
const ask = (type: string, where: Clause): SearchQuery => ({ types: [type], where, sort: [], limit: 20, total: 'accurate' });

/** Twelve organizations in a tree, five patients at each, five plans for each patient. */
async function fill(store: ResourceStore): Promise<void> {
  const each = <Made>(count: number, make: (n: number) => Made): Made[] => Array.from({ length: count }, (_, n) => make(n));
  const above = (n: number): readonly IndexEntry[] => (n === 0 ? [] : [reference('partof', 'Organization', `o${Math.floor((n - 1) / 2)}`)]);
  const writes = [
    ...each(12, (n) => version('Organization', `o${n}`, 1, [token('active', 'true'), ...above(n)])),
    ...each(60, (n) =>
      version('Patient', `p${n}`, 1, [token('gender', 'female'), reference('organization', 'Organization', `o${n % 12}`)]),
    ),
    ...each(300, (n) => version('CarePlan', `c${n}`, 1, [reference('subject', 'Patient', `p${n % 60}`)])),
  ];
  await store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
}

/** Patients that have a plan whose subject has a plan … : at each step five ways lead on and back. */
function roundAndRound(steps: number, where: Clause): Clause {
  if (steps === 0) return where;
  const subject: Clause = { op: 'chain', param: 'subject', types: ['Patient'], where: roundAndRound(steps - 1, where) };
  return { op: 'referencedBy', type: 'CarePlan', param: 'subject', where: subject };
}

onEachStore('A nested search', (open) => {
  it('by _has, seven deep, takes no longer than a moment and finds the roots of the tree', async () => {
    const store = await open();
    await fill(store);
    for (let depth = 1; depth <= 7; depth += 1) {
      let where = isToken('active', 'true');
      for (let n = 0; n < depth; n += 1) where = { op: 'referencedBy', type: 'Organization', param: 'partof', where };
      const { total } = await store.search(ask('Organization', where));
      expect(total, `depth ${depth}`).toBe([6, 3, 1, 0, 0, 0, 0][depth - 1]);
    }
  });

  it('does not follow the many ways to the same resource again at each step', async () => {
    const store = await open();
    await fill(store);
    // The ways are some millions: followed one by one, the search would be stopped with 403 long before its answer.
    expect((await store.search(ask('Patient', roundAndRound(8, isToken('gender', 'female'))))).total).toBe(60);
  });

  it('does not go round among what one resource contains, and is stopped where there are too many ways', async () => {
    const [members, links] = [100, 60];
    const inside = (param: string, n: number): IndexEntry => {
      const number = 1 + (n % members);
      return { kind: 'reference', param, type: null, id: null, url: `#${number}`, inside: { number, type: 'Patient' } };
    };
    const member = (n: number): IndexEntry => {
      const others = Array.from({ length: links }, (_, k) => inside('link', n * 31 + k));
      return { kind: 'contained', param: '#', number: n + 1, type: 'Patient', entries: [token('gender', 'female'), ...others] };
    };
    const places = Array.from({ length: members }, (_, n) => n);
    const index = [...places.map((n) => inside('participant', n)), ...places.map(member)];
    const [store, impatient] = [await open(), await open({ searchTimeoutMs: 300 })];
    for (const each of [store, impatient])
      await each.transact({ lookups: {}, build: () => ({ writes: [version('CareTeam', 't', 1, index)], result: undefined }) });
    const chain = (param: string, where: Clause): Clause => ({ op: 'chain', param, types: ['Patient'], where, contained: where });
    const of = (where: Clause): Clause => chain('participant', chain('link', chain('link', where)));
    expect((await store.search(ask('CareTeam', of(isToken('gender', 'female'))))).total).toBe(1);
    expect((await store.search(ask('CareTeam', of(isToken('gender', 'male'))))).total).toBe(0);
    await expect(impatient.search(ask('CareTeam', of({ op: 'not', clause: isToken('gender', 'female') })))).rejects.toMatchObject({
      status: 403,
      issues: [{ code: 'too-costly' }],
    });
  });

  it('that runs too long is stopped with 403 too-costly, and the store goes on', async () => {
    const store = await open({ searchTimeoutMs: 300 });
    await fill(store);
    const nobody: Clause = { op: 'not', clause: roundAndRound(8, { op: 'not', clause: isToken('gender', 'female') }) };
    const startedMs = performance.now();
    await expect(store.search(ask('Patient', nobody))).rejects.toMatchObject({
      status: 403,
      issues: [{ code: 'too-costly', diagnostics: expect.stringContaining('stopped after 0.3 s') }],
    });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect((await store.search(ask('Patient', isToken('gender', 'female')))).total).toBe(60);
    expect(await store.read('Patient', 'p1')).toMatchObject({ versionId: 1 });
  });

  it('finds by two thousand values, and for more than a statement can have is refused with 403 too-costly', async () => {
    const store = await open();
    await fill(store);
    const born1999 = { kind: 'range', param: 'birthdate', low: 1_999 * 86_400_000, high: 2_000 * 86_400_000 - 1 } as const;
    const person: IndexEntry = { kind: 'contained', param: '#', number: 1, type: 'Patient', entries: [born1999] };
    const subject: IndexEntry = {
      kind: 'reference',
      param: 'subject',
      type: null,
      id: null,
      url: '#a',
      inside: { number: 1, type: 'Patient' },
    };
    const writes = [version('Patient', 'last', 1, [born1999]), version('CarePlan', 'inside', 1, [subject, person])];
    await store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
    const days = (from: number): Clause => ({
      op: 'or',
      clauses: Array.from({ length: 2_000 }, (_, n) => {
        const [start, end] = [(from + n) * 86_400_000, (from + n + 1) * 86_400_000 - 1];
        return {
          op: 'match',
          param: 'birthdate',
          test: {
            kind: 'range',
            anyOf: [
              [
                { bound: 'low', is: '>=', value: start },
                { bound: 'high', is: '<=', value: end },
              ],
            ],
          },
        };
      }),
    });
    const born = (times: number): Clause => ({ op: 'and', clauses: Array.from({ length: times }, (_, n) => days(n)) });
    const inside = (where: Clause): Clause => ({ op: 'chain', param: 'subject', types: ['Patient'], where, contained: where });
    for (const [type, where, total] of [
      ['Patient', born(1), 1],
      ['Patient', { op: 'and', clauses: [isToken('gender', 'female'), born(1)] }, 0],
      ['Patient', { op: 'or', clauses: [isToken('gender', 'female'), born(1)] }, 61],
      ['CarePlan', inside(born(1)), 1],
    ] as const)
      expect((await store.search(ask(type, where))).total).toBe(total);
    // One by one that many are looked for too slowly on the one, and not at all on the other.
    const others = store.search(ask('Patient', { op: 'not', clause: born(1) }));
    expect(await others.then(({ total }) => total).catch((error) => error)).toBeOneOf([60, expect.objectContaining({ status: 403 })]);
    for (const times of [9, 20]) {
      await expect(store.search(ask('Patient', born(times)))).rejects.toMatchObject({ status: 403, issues: [{ code: 'too-costly' }] });
    }
    expect(await store.read('Patient', 'p1')).toMatchObject({ versionId: 1 });
  });

  it('among all that resources contain is stopped in time as well, wherever it starts', async () => {
    const [members, each] = [500, 8];
    const known = (n: number): IndexEntry => token('_id', `p${n}`);
    const member = (n: number): IndexEntry => {
      return { kind: 'contained', param: '#', number: n + 1, type: 'Patient', entries: [token('gender', 'female'), known(n)] };
    };
    const index = Array.from({ length: members }, (_, n) => member(n));
    const [store, impatient] = [await open(), await open({ searchTimeoutMs: 1 })];
    const writes = Array.from({ length: each }, (_, n) => version('CareTeam', `t${n}`, 1, index));
    for (const one of [store, impatient]) await one.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });
    for (const where of [isToken('gender', 'female'), { op: 'missing', param: 'gender', missing: false }] satisfies Clause[]) {
      const query: SearchQuery = { ...ask('CareTeam', { op: 'all' }), inner: { types: ['Patient'], where } };
      expect((await store.search(query)).total).toBe(members * each);
      await expect(impatient.search(query)).rejects.toMatchObject({ status: 403, issues: [{ code: 'too-costly' }] });
    }
  });
});
