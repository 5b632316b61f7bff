/** What every resource store must do: the docstrings of server/store/resource-store.ts, one by one. */
import { describe, expect, it } from 'vitest';
import type { FhirError } from '../../server/fhir/errors.ts';
import type { IndexEntry } from '../../server/search/index-entry.ts';
import type { Clause, SearchQuery } from '../../server/search/query.ts';
import type { ResourceStore, ResourceWrite, StoredVersion, TransactionPlan } from '../../server/store/resource-store.ts';
import { wholeFrom } from '../support/random.ts';
import type { OpenStore } from '../support/stores.ts';
import { deletion, version } from './version.ts';

const T0 = Date.UTC(2026, 0, 1);

const write = (store: ResourceStore, ...writes: readonly ResourceWrite[]): Promise<void> =>
  store.transact({ lookups: {}, build: () => ({ writes, result: undefined }) });

function query(types: readonly string[], where: Clause = { op: 'all' }, more: Partial<SearchQuery> = {}): SearchQuery {
  return { types, where, sort: [], limit: 100, total: 'none', ...more };
}

const token = (param: string, system: string | null, code: string | null, text?: string): IndexEntry => ({
  kind: 'token',
  param,
  system,
  code,
  ...(text === undefined ? {} : { text }),
});

const hasToken = (param: string, code: string, system?: string | null): Clause => ({
  op: 'match',
  param,
  test: { kind: 'token', code, ...(system === undefined ? {} : { system }) },
});

/** Reads the current version and writes the next one. */
function increment(type: string, id: string): TransactionPlan<number> {
  return {
    lookups: { versions: [{ type, id }] },
    build: (found) => {
      const versionId = (found.version(type, id)?.versionId ?? 0) + 1;
      return { writes: [version(type, id, versionId)], result: versionId };
    },
  };
}

const ids = (page: { readonly matches: readonly { readonly id: string }[] }): string[] => page.matches.map((match) => match.id).sort();

export function resourceStoreContract(open: OpenStore): void {
  describe('reading', () => {
    it('gives the version that was written, its text unchanged', async () => {
      const store = await open();
      const written = { ...version('Patient', 'a', 1), json: '{"resourceType":"Patient","id":"a","x":1.00,"navn":"Åse 😀"}' };
      await write(store, written);
      const { index: _, ...stored } = written;
      expect(await store.read('Patient', 'a')).toEqual(stored);
      expect(await store.readVersion('Patient', 'a', 1)).toEqual(stored);
    });

    it('gives undefined for what never existed', async () => {
      const store = await open();
      await write(store, version('Patient', 'a', 1));
      expect(await store.read('Patient', 'b')).toBeUndefined();
      expect(await store.read('Person', 'a')).toBeUndefined();
      expect(await store.readVersion('Patient', 'a', 2)).toBeUndefined();
      for (const odd of [0, -1, 1.5, Number.NaN, 2 ** 40]) expect(await store.readVersion('Patient', 'a', odd)).toBeUndefined();
    });

    it('counts a deletion as a version without content, and an earlier version stays', async () => {
      const store = await open();
      await write(store, version('Patient', 'a', 1));
      await write(store, deletion('Patient', 'a', 2));
      expect(await store.read('Patient', 'a')).toMatchObject({ versionId: 2, method: 'DELETE', json: null });
      expect(await store.readVersion('Patient', 'a', 1)).toMatchObject({ versionId: 1, method: 'POST' });
    });

    it('reads many in the order asked for, without repeats, missing and deleted ones left out', async () => {
      const store = await open();
      await write(store, version('Patient', 'a', 1), version('Patient', 'b', 1), version('Task', 'a', 1), version('Task', 'gone', 1));
      await write(store, deletion('Task', 'gone', 2));
      const asked = [
        ['Task', 'a'],
        ['Patient', 'b'],
        ['Task', 'gone'],
        ['Patient', 'none'],
        ['Task', 'a'],
        ['Patient', 'a'],
      ] as const;
      const found = await store.readMany(asked.map(([type, id]) => ({ type, id })));
      expect(found.map(({ type, id }) => `${type}/${id}`)).toEqual(['Task/a', 'Patient/b', 'Patient/a']);
      expect(await store.readMany([])).toEqual([]);
    });
  });

  describe('transactions', () => {
    it('write all or nothing', async () => {
      const store = await open();
      const plan = { lookups: {}, build: () => ({ writes: [version('Patient', 'a', 1), version('Patient', 'b', 2)], result: 0 }) };
      await expect(store.transact(plan)).rejects.toThrow('does not follow');
      expect(await store.read('Patient', 'a')).toBeUndefined();
      expect((await store.search(query(['Patient']))).matches).toEqual([]);
    });

    it('pass on what build throws and write nothing', async () => {
      const store = await open();
      const refuse = (): never => {
        throw new RangeError('no');
      };
      const others = Promise.all([write(store, version('Patient', 'a', 1)), write(store, version('Patient', 'b', 1))]);
      await expect(store.transact({ lookups: { versions: [{ type: 'Patient', id: 'a' }] }, build: refuse })).rejects.toThrow(RangeError);
      await others;
      expect(await store.read('Patient', 'b')).toBeDefined();
    });

    it('refuse a key written twice, a gap, a repeated version and a deletion with content', async () => {
      const store = await open();
      await write(store, version('Patient', 'a', 1));
      await expect(write(store, version('Patient', 'x', 1), version('Patient', 'x', 2))).rejects.toThrow('twice');
      await expect(write(store, version('Patient', 'a', 3))).rejects.toThrow('does not follow');
      await expect(write(store, version('Patient', 'a', 1))).rejects.toThrow('does not follow');
      await expect(write(store, { ...version('Patient', 'a', 2), method: 'DELETE' })).rejects.toThrow('content');
      await expect(write(store, { ...version('Patient', 'a', 2), versionId: 1.5 })).rejects.toThrow('1.5');
      expect(await store.read('Patient', 'a')).toMatchObject({ versionId: 1 });
    });

    it('show what was looked up: versions, deletions, absence and the answers to searches', async () => {
      const store = await open({ nowMs: () => T0 - 5 });
      await write(store, version('Patient', 'a', 1, [token('identifier', 's', '1')]), version('Patient', 'b', 1));
      await write(store, deletion('Patient', 'b', 2, T0 + 7));
      const seen = await store.transact({
        lookups: {
          versions: ['a', 'b', 'c'].map((id) => ({ type: 'Patient', id })),
          searches: [query(['Patient'], hasToken('identifier', '1', 's')), query(['Patient'], hasToken('identifier', '2'))],
        },
        build: (found) => ({
          writes: [],
          result: {
            nowMs: found.nowMs,
            versions: ['a', 'b', 'c'].map((id) => found.version('Patient', id)?.versionId),
            searches: found.searches.map(ids),
          },
        }),
      });
      expect(seen).toEqual({ nowMs: T0 + 7, versions: [1, 2, undefined], searches: [['a'], []] });
      const byIdentifier = { lookups: { searches: [query(['Patient'], hasToken('identifier', '1'))] } };
      expect(await store.transact({ ...byIdentifier, build: ({ nowMs }) => ({ writes: [], result: nowMs }) })).toBe(T0);
    });

    it('give versions without a gap to 100 clients that update one resource', async () => {
      const store = await open();
      const versions = await Promise.all(Array.from({ length: 100 }, () => store.transact(increment('Task', 't'))));
      expect([...versions].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
      expect((await store.history({ type: 'Task', id: 't', limit: 200 })).versions.map((v) => v.versionId)).toEqual(
        Array.from({ length: 100 }, (_, n) => 100 - n),
      );
    });

    it('let one of many concurrent conditional creates win, by identifier and by any other condition', async () => {
      const store = await open();
      for (const condition of [hasToken('identifier', '42', 'urn:x'), hasToken('active', 'true')]) {
        const type = condition === undefined ? '' : condition.op === 'match' && condition.param === 'identifier' ? 'Patient' : 'Person';
        const create = (n: number): TransactionPlan<string> => ({
          lookups: { searches: [query([type], condition, { limit: 2 })] },
          build: ({ searches }) => {
            const [match] = searches[0]?.matches ?? [];
            if (match !== undefined) return { writes: [], result: match.id };
            const index = [token('identifier', 'urn:x', '42'), token('active', null, 'true')];
            return { writes: [version(type, `p${n}`, 1, index)], result: `p${n}` };
          },
        });
        const winners = await Promise.all(Array.from({ length: 40 }, (_, n) => store.transact(create(n))));
        expect(new Set(winners).size).toBe(1);
        expect((await store.search(query([type]))).matches).toHaveLength(1);
      }
    });

    it('keep two plans from crossing each other', async () => {
      const store = await open();
      await write(store, version('Task', 'a', 1), version('Task', 'b', 1));
      const both = (first: string, second: string): TransactionPlan<void> => ({
        lookups: { versions: [first, second].map((id) => ({ type: 'Task', id })) },
        build: (found) => ({
          writes: [first, second].map((id) => version('Task', id, (found.version('Task', id)?.versionId ?? 0) + 1)),
          result: undefined,
        }),
      });
      await Promise.all(Array.from({ length: 40 }, (_, n) => store.transact(n % 2 === 0 ? both('a', 'b') : both('b', 'a'))));
      expect((await store.read('Task', 'a'))?.versionId).toBe(41);
      expect((await store.read('Task', 'b'))?.versionId).toBe(41);
    });

    it('take nothing of their neighbours along when one of them cannot be written', async () => {
      const store = await open();
      const good = Array.from({ length: 12 }, (_, n) => write(store, version('Task', `t${n}`, 1)));
      const bad = [write(store, version('Task', 'gap', 2)), write(store, version('Task', 'other', 1), version('Task', 'gap', 3))];
      const settled = await Promise.allSettled([...good.slice(0, 6), ...bad, ...good.slice(6)]);
      expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(2);
      expect(ids(await store.search(query(['Task'])))).toEqual(Array.from({ length: 12 }, (_, n) => `t${n}`).sort());
    });

    it('do not both pass when each writes what the other one looked for in vain', async () => {
      const store = await open();
      const unless = (sought: string, type: string, pair: number): TransactionPlan<number> => ({
        lookups: { searches: [query([sought], hasToken('code', `c${pair}`))] },
        build: ({ searches }) => {
          const isFree = searches[0]?.matches.length === 0;
          const writes = isFree ? [version(type, `p${pair}`, 1, [token('code', null, `c${pair}`)])] : [];
          return { writes, result: writes.length };
        },
      });
      for (let pair = 0; pair < 12; pair += 1) {
        const wrote = await Promise.all([store.transact(unless('Goal', 'Task', pair)), store.transact(unless('Task', 'Goal', pair))]);
        expect(wrote.toSorted()).toEqual([0, 1]);
      }
    });

    it('find what another one has just written', async () => {
      const store = await open();
      for (let n = 0; n < 20; n += 1) {
        await write(store, version('Task', `t${n}`, 1, [token('code', null, `c${n}`)]));
        expect(ids(await store.search(query(['Task'], hasToken('code', `c${n}`))))).toEqual([`t${n}`]);
      }
    });

    it('write a plan of 1,200 resources', async () => {
      const store = await open();
      const many = Array.from({ length: 1200 }, (_, n) =>
        version('Task', `t${n}`, 1, [token('identifier', 's', `${n}`), token('status', null, 'draft')]),
      );
      await write(store, ...many);
      const page = await store.search(query(['Task'], hasToken('status', 'draft'), { limit: 0, total: 'accurate' }));
      expect(page).toEqual({ matches: [], more: false, total: 1200 });
    });

    it('that are under way when the store is closed are finished', async () => {
      const store = await open();
      const writes = Array.from({ length: 50 }, (_, n) => write(store, version('Task', `t${n}`, 1)));
      await store.close();
      expect(await Promise.all(writes)).toHaveLength(50);
    });

    it('reject every call after close with 503 transient', async () => {
      const store = await open();
      await store.close();
      for (const call of [() => store.read('Patient', 'a'), () => write(store, version('Patient', 'a', 1)), () => store.ping()]) {
        const error = await call().then(
          () => undefined,
          (reason: unknown) => reason as FhirError,
        );
        expect(error).toMatchObject({ status: 503, issues: [{ code: 'transient' }] });
      }
    });
  });

  describe('index rows', () => {
    it('follow an update and go with a deletion', async () => {
      const store = await open();
      const both = [token('status', null, 'draft'), token('status', null, 'draft'), token('code', 's', 'x')];
      await write(store, version('Task', 'a', 1, both));
      await write(store, version('Task', 'a', 2, [token('code', 's', 'x'), token('status', null, 'done')]));
      expect(ids(await store.search(query(['Task'], hasToken('status', 'draft'))))).toEqual([]);
      expect(ids(await store.search(query(['Task'], hasToken('status', 'done'))))).toEqual(['a']);
      expect(ids(await store.search(query(['Task'], hasToken('code', 'x', 's'))))).toEqual(['a']);
      await write(store, deletion('Task', 'a', 3));
      expect(ids(await store.search(query(['Task'], hasToken('code', 'x', 's'))))).toEqual([]);
      expect(ids(await store.search(query(['Task'])))).toEqual([]);
      await write(store, version('Task', 'a', 4, both));
      expect(ids(await store.search(query(['Task'], hasToken('status', 'draft'))))).toEqual(['a']);
    });

    it('take texts and addresses of any length and script, which are found whole and by how they begin', async () => {
      const store = await open();
      const random = wholeFrom(7);
      // Neither repeats anything that a database could press together.
      const text = String.fromCodePoint(...Array.from({ length: 1_024 }, () => 0x4e00 + random(20_000)));
      const address = `http://long.example/${Array.from({ length: 8_000 }, () => random(36).toString(36)).join('')}`;
      const entries: IndexEntry[] = [
        { kind: 'string', param: 'title', value: text, normalized: text },
        { kind: 'uri', param: 'url', value: address },
      ];
      await write(store, version('ValueSet', 'a', 1, entries));
      const found = async (clause: Clause) => ids(await store.search(query(['ValueSet'], clause)));
      const isTitle = (mode: 'exact' | 'whole' | 'startsWith', value: string): Clause => ({
        op: 'match',
        param: 'title',
        test: { kind: 'string', mode, value },
      });
      const isUrl = (mode: 'exact' | 'below' | 'above', value: string): Clause => ({
        op: 'match',
        param: 'url',
        test: { kind: 'uri', mode, value },
      });
      for (const mode of ['exact', 'whole', 'startsWith'] as const) expect(await found(isTitle(mode, text))).toEqual(['a']);
      expect(await found(isTitle('startsWith', text.slice(0, 100)))).toEqual(['a']);
      expect(await found(isTitle('exact', text.slice(0, 1_023)))).toEqual([]);
      for (const mode of ['exact', 'below', 'above'] as const) expect(await found(isUrl(mode, address))).toEqual(['a']);
      expect(await found(isUrl('below', 'http://long.example'))).toEqual(['a']);
      expect(await found(isUrl('exact', `${address}x`))).toEqual([]);
      const sorted = query(['ValueSet'], { op: 'all' }, { sort: [{ by: 'param', param: 'url', kind: 'uri', descending: false }] });
      expect(ids(await store.search(sorted))).toEqual(['a']);
    });
  });

  describe('history', () => {
    it('is newest first, by resource, type and system, with the total, and pages below a sequence number', async () => {
      const store = await open();
      await write(store, version('Patient', 'a', 1));
      await write(store, version('Patient', 'b', 1));
      await write(store, version('Task', 'a', 1));
      await write(store, version('Patient', 'a', 2));
      await write(store, deletion('Patient', 'a', 3));
      const names = (page: { readonly versions: readonly { type: string; id: string; versionId: number }[] }): string[] =>
        page.versions.map((v) => `${v.type}/${v.id}/${v.versionId}`);
      const all = ['Patient/a/3', 'Patient/a/2', 'Task/a/1', 'Patient/b/1', 'Patient/a/1'];
      const system = await store.history({ limit: 10 });
      expect([names(system), system.total, system.more]).toEqual([all, 5, false]);
      expect(names(await store.history({ type: 'Patient', limit: 10 }))).toEqual(all.filter((name) => name.startsWith('Patient')));
      expect(names(await store.history({ type: 'Patient', id: 'b', limit: 10 }))).toEqual(['Patient/b/1']);
      const first = await store.history({ limit: 2 });
      expect([names(first), first.total, first.more]).toEqual([all.slice(0, 2), 5, true]);
      const rest = await store.history({ limit: 3, beforeSequence: first.versions[1]?.sequence ?? 0 });
      expect([names(rest), rest.total, rest.more]).toEqual([all.slice(2), 5, false]);
      const [second, third, last] = [1, 2, 4].map((place) => system.versions[place]?.sequence ?? 0);
      const back = await store.history({ limit: 2, afterSequence: last ?? 0 });
      expect([names(back), back.total, back.more]).toEqual([all.slice(2, 4), 5, true]);
      const top = await store.history({ limit: 2, afterSequence: third ?? 0 });
      expect([names(top), top.more]).toEqual([all.slice(0, 2), false]);
      expect(names(await store.history({ type: 'Patient', limit: 9, afterSequence: second ?? 0 }))).toEqual(all.slice(0, 1));
      expect(await store.history({ limit: 0 })).toEqual({ versions: [], more: true, total: 5 });
    });

    it('tells which versions made a resource, or made it anew', async () => {
      const store = await open();
      await write(store, version('Task', 'a', 1));
      await write(store, version('Task', 'a', 2));
      await write(store, deletion('Task', 'a', 3));
      await write(store, version('Task', 'a', 4));
      const { versions } = await store.history({ type: 'Task', limit: 9 });
      expect(versions.map(({ versionId, isNew }) => [versionId, isNew])).toEqual([
        [4, true],
        [3, false],
        [2, false],
        [1, true],
      ]);
    });

    it('is cut by since and by the time a version was current', async () => {
      const store = await open();
      await write(store, version('Task', 'a', 1, [], T0));
      await write(store, version('Task', 'a', 2, [], T0 + 10));
      await write(store, version('Task', 'a', 3, [], T0 + 20));
      const at = async (lowMs: number, highMs: number): Promise<number[]> =>
        (await store.history({ type: 'Task', id: 'a', at: { lowMs, highMs }, limit: 9 })).versions.map((v) => v.versionId);
      expect((await store.history({ sinceMs: T0 + 10, limit: 9 })).versions.map((v) => v.versionId)).toEqual([3, 2]);
      expect(await at(T0 - 5, T0 - 1)).toEqual([]);
      expect(await at(T0 + 5, T0 + 5)).toEqual([1]);
      expect(await at(T0 + 10, T0 + 10)).toEqual([2]);
      expect(await at(T0 + 5, T0 + 15)).toEqual([2, 1]);
      expect(await at(T0 + 30, T0 + 40)).toEqual([3]);
    });
  });

  describe('settled times', () => {
    const timed = async (store: ResourceStore, id: string): Promise<number> => {
      await store.transact({
        lookups: {},
        build: ({ nowMs }) => ({ writes: [{ ...version('Patient', id, 1), lastUpdatedMs: nowMs }], result: undefined }),
      });
      return (await store.read('Patient', id))?.lastUpdatedMs ?? 0;
    };

    it('come after all that was acknowledged, and before all that is written later, where the clock stands as well', async () => {
      const store = await open({ nowMs: () => T0 });
      const before = await timed(store, 'a');
      const settledMs = await store.settled();
      const after = await timed(store, 'b');
      expect([before <= settledMs, after > settledMs]).toEqual([true, true]);
      const { versions, total } = await store.history({ type: 'Patient', limit: 10, settledMs });
      expect([versions.map(({ id }) => id), total]).toEqual([['a'], 2]);
      expect(await store.settled()).toBeGreaterThanOrEqual(after);
    });

    it('go on where the clock is set back by less than a minute, and follow it where that is more', async () => {
      let nowMs = T0;
      const store = await open({ nowMs: () => nowMs });
      await timed(store, 'a');
      nowMs = T0 - 30_000;
      const settledMs = await store.settled();
      expect([settledMs, (await timed(store, 'b')) > settledMs]).toEqual([T0, true]);
      nowMs = T0 - 3_600_000;
      expect([await store.settled(), await timed(store, 'c')]).toEqual([nowMs, nowMs + 1]);
    });
  });

  describe('one moment', () => {
    it('is read in all ways, also within another', async () => {
      const store = await open();
      await write(store, version('Patient', 'a', 1));
      await store.atOneMoment(async (moment) => {
        expect((await moment.read('Patient', 'a'))?.versionId).toBe(1);
        expect(ids(await moment.search(query(['Patient'])))).toEqual(['a']);
        expect(await moment.atOneMoment(async (same) => (await same.history({ limit: 5 })).total)).toBe(1);
      });
    });

    it('is one in which what was just read is current', async () => {
      const store = await open();
      await write(store, version('Patient', 'a', 1), version('Patient', 'b', 1));
      const { matches } = await store.search(query(['Patient']));
      expect([await store.areCurrent(matches), await store.areCurrent([])]).toEqual([true, true]);
    });

    it('passes on what goes wrong, and the store goes on', async () => {
      const store = await open();
      await write(store, version('Patient', 'a', 1));
      const failing = Array.from({ length: 20 }, () =>
        store.atOneMoment(async (moment) => {
          await moment.read('Patient', 'a');
          throw new Error('wrong');
        }),
      );
      for (const each of await Promise.allSettled(failing))
        expect(each).toMatchObject({ status: 'rejected', reason: { message: 'wrong' } });
      expect((await store.read('Patient', 'a'))?.versionId).toBe(1);
    });
  });

  describe('references', () => {
    const pointing = (param: string, type: string, id: string): IndexEntry => ({ kind: 'reference', param, type, id, url: null });

    it('are followed forwards and backwards, by one parameter or by any, without repeats', async () => {
      const store = await open();
      const key = (name: string): { type: string; id: string } => ({
        type: name.split('/')[0] as string,
        id: name.split('/')[1] as string,
      });
      const names = (keys: readonly { type: string; id: string }[]): string[] => keys.map(({ type, id }) => `${type}/${id}`).sort();
      const external: IndexEntry = { kind: 'reference', param: 'subject', type: null, id: null, url: 'http://elsewhere/Patient/9' };
      await write(
        store,
        version('CarePlan', 'c', 1, [
          pointing('subject', 'Patient', 'p'),
          pointing('patient', 'Patient', 'p'),
          pointing('goal', 'Goal', 'g'),
        ]),
      );
      await write(store, version('CarePlan', 'd', 1, [pointing('subject', 'Patient', 'q'), external]));
      await write(store, version('Goal', 'g', 1, [pointing('subject', 'Patient', 'p')]));
      expect(names(await store.referencesFrom([key('CarePlan/c'), key('CarePlan/d')], undefined, undefined))).toEqual(['Goal/g']);
      for (const id of ['p', 'q']) await write(store, version('Patient', id, 1));
      expect(names(await store.referencesFrom([key('CarePlan/c')], undefined, undefined))).toEqual(['Goal/g', 'Patient/p']);
      expect(names(await store.referencesFrom([key('CarePlan/c'), key('CarePlan/d')], ['subject'], undefined))).toEqual([
        'Patient/p',
        'Patient/q',
      ]);
      expect(names(await store.referencesFrom([key('CarePlan/c'), key('Goal/g')], ['subject'], 'Patient'))).toEqual(['Patient/p']);
      expect(names(await store.referencesFrom([key('CarePlan/c')], undefined, 'Goal'))).toEqual(['Goal/g']);
      expect(names(await store.referencesFrom([key('CarePlan/c')], ['goal', 'patient', 'none'], undefined))).toEqual([
        'Goal/g',
        'Patient/p',
      ]);
      const both = [key('CarePlan/c'), key('Goal/g')];
      expect(names(await store.referencesFrom(both, ['goal', 'subject'], undefined))).toEqual(['Goal/g', 'Patient/p']);
      expect(await store.referencesFrom([key('CarePlan/c')], [], undefined)).toEqual([]);
      expect(await store.referencesFrom([], undefined, undefined)).toEqual([]);
      expect(names(await store.referencesTo([key('Patient/p')], undefined, undefined, 10))).toEqual(['CarePlan/c', 'Goal/g']);
      expect(names(await store.referencesTo([key('Patient/p'), key('Patient/q')], 'CarePlan', 'subject', 10))).toEqual([
        'CarePlan/c',
        'CarePlan/d',
      ]);
      expect(names(await store.referencesTo([key('Patient/p'), key('Patient/q')], 'CarePlan', undefined, 10))).toEqual([
        'CarePlan/c',
        'CarePlan/d',
      ]);
      expect(await store.referencesTo([key('Patient/p'), key('Patient/q')], undefined, undefined, 2)).toHaveLength(2);
      await write(store, deletion('CarePlan', 'c', 2));
      expect(names(await store.referencesTo([key('Patient/p')], undefined, undefined, 10))).toEqual(['Goal/g']);
      expect(await store.referencesFrom([key('CarePlan/c')], undefined, undefined)).toEqual([]);
    });

    it('give the versions of a few that are pointed at, and the keys of many', async () => {
      const store = await open();
      const goals = Array.from({ length: 300 }, (_, n) => `g${n}`);
      const plan = (id: string, of: readonly string[]) =>
        version(
          'CarePlan',
          id,
          1,
          of.map((goal) => pointing('goal', 'Goal', goal)),
        );
      await write(store, plan('few', goals.slice(0, 3)), plan('many', goals), ...goals.map((id) => version('Goal', id, 1)));
      await write(store, version('Goal', 'g0', 2), deletion('Goal', 'g1', 2));
      const from = (id: string) => store.referencesFrom([{ type: 'CarePlan', id }], ['goal'], undefined);
      const shown = ({ type, id, versionId, lastUpdatedMs, method, json }: StoredVersion) => ({
        type,
        id,
        versionId,
        lastUpdatedMs,
        method,
        json,
      });
      const few = (await from('few')).toSorted((a, b) => a.id.localeCompare(b.id));
      expect(few.map((each) => shown(each as StoredVersion))).toEqual([version('Goal', 'g0', 2), version('Goal', 'g2', 1)].map(shown));
      const all = await from('many');
      expect(all.map(({ id }) => id).sort()).toEqual(goals.filter((id) => id !== 'g1').sort());
      expect(all.some((each) => 'json' in each)).toBe(false);
    });

    it('may point at what is not there, which is found by them when it has been created, and not before', async () => {
      const store = await open();
      const subjectIs = (where: Clause): Clause => ({ op: 'chain', param: 'subject', types: ['Patient'], where });
      const born = query(['Goal'], subjectIs(hasToken('name', 'per')));
      const byReference = query(['Goal'], { op: 'match', param: 'subject', test: { kind: 'reference', type: 'Patient', id: 'later' } });
      const pointedAt = query(['Patient'], { op: 'referencedBy', type: 'Goal', param: 'subject', where: { op: 'all' } });
      await write(store, version('Goal', 'g', 1, [pointing('subject', 'Patient', 'later')]));
      expect(ids(await store.search(byReference))).toEqual(['g']);
      expect(await store.read('Patient', 'later')).toBeUndefined();
      expect(await store.readMany([{ type: 'Patient', id: 'later' }])).toEqual([]);
      expect(await store.history({ type: 'Patient', id: 'later', limit: 10 })).toMatchObject({ total: 0, versions: [] });
      expect((await store.search(query(['Patient', 'Goal'], { op: 'all' }, { total: 'accurate' }))).total).toBe(1);
      expect(ids(await store.search(pointedAt))).toEqual([]);
      expect(ids(await store.search(born))).toEqual([]);
      await write(store, version('Patient', 'later', 1, [token('name', null, 'per')]));
      expect(await store.read('Patient', 'later')).toMatchObject({ versionId: 1 });
      expect(ids(await store.search(pointedAt))).toEqual(['later']);
      expect(ids(await store.search(born))).toEqual(['g']);
      await expect(write(store, version('Patient', 'later', 1))).rejects.toThrow();
      await write(store, deletion('Patient', 'later', 2));
      expect(ids(await store.search(born))).toEqual([]);
      expect(ids(await store.search(byReference))).toEqual(['g']);
      await write(store, version('Patient', 'later', 3, [token('name', null, 'per')]));
      expect(ids(await store.search(born))).toEqual(['g']);
    });

    it('lead where they say when what first pointed there could not be written', async () => {
      const store = await open();
      const pointingAt = (id: string): readonly IndexEntry[] => [pointing('subject', 'Patient', id)];
      const bad = write(store, version('Goal', 'bad', 1, pointingAt('x')), version('Task', 'gap', 2));
      const good = ['y', 'x', 'z'].map((id) => write(store, version('Goal', `of-${id}`, 1, pointingAt(id))));
      await expect(bad).rejects.toThrow();
      await Promise.all(good);
      await write(store, ...['z', 'x', 'y'].map((id) => version('Patient', id, 1)));
      for (const id of ['x', 'y', 'z']) {
        expect(await store.referencesTo([{ type: 'Patient', id }], 'Goal', 'subject', 10)).toEqual([{ type: 'Goal', id: `of-${id}` }]);
      }
    });
  });
}
