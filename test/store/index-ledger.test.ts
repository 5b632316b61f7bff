/** Processes that serve one database know from the database itself whether its index fits their search parameters. */
import { expect, it } from 'vitest';
import { CONTAINED } from '../../server/search/index-entry.ts';
import type { Clause, SearchQuery } from '../../server/search/query.ts';
import { joinIndex } from '../../server/store/index-ledger.ts';
import { type IsStale, withStaleIndex } from '../../server/store/stale-index.ts';
import { onEachDatabase } from '../support/stores.ts';
import { version } from './version.ts';

const NOW = Date.UTC(2026, 2, 2);
const HALF_A_MINUTE_MS = 30_000;

onEachDatabase('The index ledger', (open) => {
  it('finds nothing stale in a new database, nor at the next start, and lets processes of one version serve it together', async () => {
    const { state } = await open({ nowMs: () => NOW });
    const [one, two] = await Promise.all(['one', 'two'].map((id) => joinIndex(state, { digests: ['a', 'b'], id, nowMs: () => NOW })));
    expect([one?.staleCount(), two?.staleCount()]).toEqual([0, 0]);
    await one?.leave();
    const again = await joinIndex(state, { digests: ['b', 'a', 'a'], id: 'again', nowMs: () => NOW });
    expect(again.staleCount()).toBe(0);
    await Promise.all([two?.leave(), again.leave()]);
  });

  it('holds what is new or changed out of use until all rows have been made anew, also for the version before', async () => {
    const { state } = await open({ nowMs: () => NOW });
    const join = (id: string, ...digests: string[]) => joinIndex(state, { digests, id, nowMs: () => NOW });
    await (await join('first', 'a', 'b')).leave();
    const changed = await join('second', 'a', 'c');
    expect(['a', 'b', 'c'].map((digest) => changed.isStale(digest))).toEqual([false, false, true]);
    await changed.leave();
    const back = await join('third', 'a', 'b');
    expect(['a', 'b'].map((digest) => back.isStale(digest))).toEqual([false, true]);
    await back.settle();
    expect(back.staleCount()).toBe(0);
    await back.leave();
    const settled = await join('fourth', 'a', 'b');
    expect(settled.staleCount()).toBe(0);
    await settled.leave();
  });

  it('refuses a process with other search parameters while one serves the database, and forgets one that crashed', async () => {
    let now = NOW;
    const { state } = await open({ nowMs: () => now });
    const join = (id: string, ...digests: string[]) => joinIndex(state, { digests, id, nowMs: () => now });
    const crashed = await join('first', 'a');
    await expect(join('second', 'b')).rejects.toThrow('served by another version');
    const same = await join('third', 'a');
    await same.leave();
    now += HALF_A_MINUTE_MS;
    const second = await join('second', 'b');
    expect(second.isStale('b')).toBe(true);
    await Promise.all([crashed.leave(), second.leave()]);
  });

  it('has forgotten a process that leaves while it is being heard of', async () => {
    const { state } = await open();
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let isJoined = false;
    const put: typeof state.put = async (...entry) => {
      if (isJoined) {
        begun.resolve();
        await gate.promise;
      }
      await state.put(...entry);
    };
    const process = await joinIndex({ ...state, put }, { digests: ['a'], id: 'slow', nowMs: Date.now, hearEachMs: 1 });
    isJoined = true;
    await begun.promise;
    const left = process.leave();
    gate.resolve();
    await left;
    expect(await state.list('index-process', 10)).toEqual([]);
  });

  it('answers 503 transient to whatever asks for a stale parameter, wherever it stands, and serves all else', async () => {
    const { resources } = await open();
    await resources.transact({ lookups: {}, build: () => ({ writes: [version('Patient', 'p', 1)], result: 0 }) });
    const isStale: IsStale = (type, param) => (type ?? 'Patient') === 'Patient' && (param ?? 'name') === 'name';
    const store = withStaleIndex(resources, isStale);
    const query = (types: readonly string[], where: Clause, more: Partial<SearchQuery> = {}): SearchQuery => {
      return { types, where, sort: [], limit: 5, total: 'none', ...more };
    };
    const named: Clause = { op: 'match', param: 'name', test: { kind: 'string', mode: 'startsWith', value: 'a' } };
    const refused = { status: 503, issues: [{ code: 'transient', diagnostics: expect.stringContaining('by name') }] };
    const stale: readonly SearchQuery[] = [
      query(['Patient'], named),
      query([], named),
      query(['Patient'], {
        op: 'and',
        clauses: [{ op: 'all' }, { op: 'not', clause: { op: 'missing', param: 'name:of-type', missing: true } }],
      }),
      query(['Task'], { op: 'chain', param: 'patient', types: ['Patient'], where: named }),
      query(['Task'], { op: 'referencedBy', type: 'Patient', param: 'name', where: { op: 'all' } }),
      query(['Patient'], { op: 'all' }, { sort: [{ by: 'param', param: 'name', kind: 'string', descending: false }] }),
      query(['Task'], { op: 'contains', types: ['Patient'], where: named }),
      query(['Task'], { op: 'all' }, { inner: { types: ['Patient'], where: named } }),
      query(['Task'], { op: 'all' }, { inner: { types: ['Patient'], where: { op: 'all' }, beside: named } }),
    ];
    for (const each of stale) {
      await expect(store.search(each)).rejects.toMatchObject(refused);
      await expect(store.transact({ lookups: { searches: [each] }, build: () => ({ writes: [], result: 0 }) })).rejects.toMatchObject(
        refused,
      );
    }
    await expect(store.referencesFrom([{ type: 'Patient', id: 'p' }], undefined, undefined)).rejects.toMatchObject({ status: 503 });
    await expect(store.referencesTo([{ type: 'Patient', id: 'p' }], undefined, undefined, 5)).rejects.toMatchObject({ status: 503 });
    expect((await store.search(query(['Patient'], { op: 'all' }))).matches).toHaveLength(1);
    expect((await store.search(query(['Task'], named))).matches).toEqual([]);
    expect(await store.referencesTo([{ type: 'Patient', id: 'p' }], 'Task', 'patient', 5)).toEqual([]);
    expect(await store.read('Patient', 'p')).toMatchObject({ versionId: 1 });
  });

  it('answers 503 transient to whatever asks for what is contained while that is not told yet', async () => {
    const { resources } = await open();
    const store = withStaleIndex(resources, (_, param) => param === CONTAINED);
    const refused = { status: 503, issues: [{ code: 'transient', diagnostics: expect.stringContaining('what is contained') }] };
    const query = { types: ['Task'], sort: [], limit: 5, total: 'none' } as const;
    const every: Clause = { op: 'all' };
    await expect(store.search({ ...query, where: { op: 'contains', types: ['Goal'], where: every } })).rejects.toMatchObject(refused);
    await expect(store.search({ ...query, where: every, inner: { types: ['Goal'], where: every } })).rejects.toMatchObject(refused);
    const chain: Clause = { op: 'chain', param: 'focus', types: ['Goal'], where: every, contained: every };
    expect((await store.search({ ...query, where: chain })).matches).toEqual([]);
  });
});
