/** What every state store must do: the docstrings of server/store/state-store.ts, one by one. */
import { expect, it } from 'vitest';
import type { OpenDatabase } from '../support/stores.ts';
import { version } from './version.ts';

const T0 = Date.UTC(2026, 0, 1);

export function stateStoreContract(open: OpenDatabase): void {
  it('gives back what was put, and the last put replaces the value, the expiry, the group and the aliases', async () => {
    const { state } = await open();
    await state.put(
      'Session',
      's',
      { a: 1, 'navn\u0000': 'Åse' },
      { expiresAtMs: Date.now() + 60_000, group: 'g', aliases: { uid: 'u1' } },
    );
    expect(await state.get('Session', 's')).toMatchObject({
      kind: 'Session',
      id: 's',
      value: { a: 1, 'navn\u0000': 'Åse' },
      consumedAtMs: null,
    });
    expect(await state.find('Session', 'uid', 'u1')).toMatchObject({ id: 's' });
    expect([await state.has('Session', 's'), await state.has('Session', 'other'), await state.has('Grant', 's')]).toEqual([
      true,
      false,
      false,
    ]);
    await state.put('Session', 's', { b: 2 }, { aliases: { uid: 'u2' } });
    expect(await state.get('Session', 's')).toEqual({ kind: 'Session', id: 's', value: { b: 2 }, consumedAtMs: null, expiresAtMs: null });
    expect(await state.find('Session', 'uid', 'u1')).toBeUndefined();
    expect(await state.find('Session', 'uid', 'u2')).toMatchObject({ value: { b: 2 } });
    expect(await state.find('Grant', 'uid', 'u2')).toBeUndefined();
    expect(await state.removeGroup('g')).toBe(0);
    expect(await state.get('Session', 'other')).toBeUndefined();
  });

  it('adds what was never there, in a group or in none', async () => {
    const { state } = await open();
    await Promise.all([
      state.add({ kind: 'Row', id: '1', value: { navn: 'Åse \\ "\n' }, group: 'g' }),
      state.add({ kind: 'Row', id: '2', value: {} }),
      state.add({ kind: 'Other', id: '1', value: {} }),
    ]);
    expect(await state.list('Row', 10)).toEqual([
      { kind: 'Row', id: '1', value: { navn: 'Åse \\ "\n' }, consumedAtMs: null, expiresAtMs: null },
      { kind: 'Row', id: '2', value: {}, consumedAtMs: null, expiresAtMs: null },
    ]);
    expect(await state.removeGroup('g')).toBe(1);
    expect((await state.list('Row', 10)).map(({ id }) => id)).toEqual(['2']);
  });

  it('lets a later put take over an alias', async () => {
    const { state } = await open();
    await state.put('Session', 'old', {}, { aliases: { uid: 'u' } });
    await state.put('Session', 'new', {}, { aliases: { uid: 'u', userCode: 'c' } });
    expect(await state.find('Session', 'uid', 'u')).toMatchObject({ id: 'new' });
    expect(await state.find('Session', 'userCode', 'c')).toMatchObject({ id: 'new' });
  });

  it('treats an expired entry as if it were not there, and sweeps it away', async () => {
    let nowMs = T0;
    const { state } = await open({ nowMs: () => nowMs });
    await state.put('Code', 'c', { n: 1 }, { expiresAtMs: T0 + 10, group: 'g', aliases: { uid: 'u' } });
    await state.put('Code', 'keep', { n: 2 });
    nowMs = T0 + 9;
    expect(await state.get('Code', 'c')).toBeDefined();
    expect(await state.has('Code', 'c')).toBe(true);
    nowMs = T0 + 10;
    expect(await state.has('Code', 'c')).toBe(false);
    expect(await state.get('Code', 'c')).toBeUndefined();
    expect(await state.find('Code', 'uid', 'u')).toBeUndefined();
    expect(await state.consume('Code', 'c')).toBe(false);
    expect((await state.list('Code', 10)).map((entry) => entry.id)).toEqual(['keep']);
    expect(await state.insertIfAbsent('Code', 'c', { n: 3 }, { expiresAtMs: T0 + 20 })).toBe(true);
    nowMs = T0 + 20;
    expect(await state.take('Code', 'c')).toBeUndefined();
    await state.put('Code', 'd', {}, { expiresAtMs: T0 + 21 });
    nowMs = T0 + 30;
    expect(await state.sweep()).toBe(1);
    expect(await state.sweep()).toBe(0);
    expect(await state.get('Code', 'keep')).toBeDefined();
  });

  it('sweeps many away in parts, so that a write does not wait for all of them', async () => {
    let nowMs = T0;
    const { state } = await open({ nowMs: () => nowMs });
    const many = Array.from({ length: 2500 }, (_, n) =>
      state.put('Flood', `f${n}`, {}, { expiresAtMs: T0 + 10, aliases: { uid: `u${n}` } }),
    );
    await Promise.all([...many, state.put('Flood', 'renewed', {}, { expiresAtMs: T0 + 10 })]);
    nowMs = T0 + 10;
    let isSwept = false;
    const sweeping = state.sweep().finally(() => {
      isSwept = true;
    });
    await state.put('Flood', 'renewed', { live: true }, { expiresAtMs: T0 + 20 });
    expect(isSwept).toBe(false);
    expect(await sweeping).toBeGreaterThanOrEqual(2500);
    expect(await state.list('Flood', 10)).toMatchObject([{ id: 'renewed', value: { live: true } }]);
    expect(await state.find('Flood', 'uid', 'u7')).toBeUndefined();
    expect(await state.sweep()).toBe(0);
  });

  it('lets exactly one of 50 concurrent calls take, consume or insert', async () => {
    const { state } = await open();
    const fifty = <Result>(call: () => Promise<Result>): Promise<Result[]> => Promise.all(Array.from({ length: 50 }, call));
    expect((await fifty(() => state.insertIfAbsent('Jti', 'j', {}, { aliases: { uid: 'j' } }))).filter(Boolean)).toHaveLength(1);
    expect((await fifty(() => state.consume('Jti', 'j'))).filter(Boolean)).toHaveLength(1);
    expect((await fifty(() => state.take('Jti', 'j'))).filter((entry) => entry !== undefined)).toHaveLength(1);
    expect(await state.get('Jti', 'j')).toBeUndefined();
    expect(await state.find('Jti', 'uid', 'j')).toBeUndefined();
  });

  it('keeps the mark of consumption over a put, and tells when it was made', async () => {
    const { state } = await open({ nowMs: () => T0 });
    await state.put('Refresh', 'r', { n: 1 });
    expect(await state.consume('Refresh', 'r')).toBe(true);
    expect(await state.consume('Refresh', 'r')).toBe(false);
    await state.put('Refresh', 'r', { n: 2 });
    expect(await state.get('Refresh', 'r')).toMatchObject({ value: { n: 2 }, consumedAtMs: T0 });
    expect(await state.consume('Refresh', 'none')).toBe(false);
  });

  it('removes one entry, or a group of one kind or of all', async () => {
    const { state } = await open();
    for (const kind of ['Access', 'Refresh']) {
      for (const id of ['1', '2']) await state.put(kind, id, {}, { group: 'g', aliases: { uid: `${kind}${id}` } });
      await state.put(kind, 'other', {}, { group: 'h' });
    }
    await state.remove('Access', '1');
    await state.remove('Access', '1');
    expect(await state.removeGroup('g', 'Access')).toBe(1);
    expect(await state.get('Refresh', '1')).toBeDefined();
    expect(await state.removeGroup('g')).toBe(2);
    expect(await state.find('Refresh', 'uid', 'Refresh1')).toBeUndefined();
    expect(await state.get('Refresh', 'other')).toBeDefined();
    expect(await state.removeGroup('g')).toBe(0);
  });

  it('removes what was added in order, from an id to before another, and of that kind only', async () => {
    const { resources, state } = await open();
    let tasks = 0;
    const add = (kind: string, id: string) =>
      resources.transact({
        lookups: {},
        build: () => ({ writes: [version('Task', `t${tasks++}`, 1)], state: [{ kind, id, value: {} }], result: undefined }),
      });
    for (const id of ['x/08', 'x/09', 'x/10', 'x/11', 'y/09']) await add('Row', id);
    await add('Other', 'x/09');
    await state.removeRange('Row', 'x/09', 'x/11');
    const left = async (kind: string) => (await state.list(kind, 10)).map(({ id }) => id);
    expect(await left('Row')).toEqual(['x/08', 'x/11', 'y/09']);
    expect(await left('Other')).toEqual(['x/09']);
    await state.removeRange('Row', 'x/12', 'x/13');
    expect(await left('Row')).toHaveLength(3);
  });

  it('lists a kind by id, page by page', async () => {
    const { state } = await open();
    for (const id of ['c', 'a', 'B', 'd']) await state.put('Key', id, {});
    await state.put('Other', 'a', {});
    expect((await state.list('Key', 3)).map((entry) => entry.id)).toEqual(['B', 'a', 'c']);
    expect((await state.list('Key', 3, 'c')).map((entry) => entry.id)).toEqual(['d']);
  });

  it('rejects every call after close with 503 transient', async () => {
    const { state, close } = await open();
    await close();
    await expect(state.get('Key', 'a')).rejects.toMatchObject({ status: 503, issues: [{ code: 'transient' }] });
    await expect(state.put('Key', 'a', {})).rejects.toMatchObject({ status: 503, issues: [{ code: 'transient' }] });
  });

  it('gets what a plan adds in the commit of its writes, and nothing of a plan that fails', async () => {
    const { resources, state } = await open();
    const add = (id: string, versionId: number) =>
      resources.transact({
        lookups: {},
        build: () => ({
          writes: [version('Task', id, versionId)],
          state: [{ kind: 'note', id, value: { navn: 'Åse' }, group: 'g' }],
          result: undefined,
        }),
      });
    const settled = await Promise.allSettled([add('a', 1), add('b', 2), add('c', 1)]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await state.list('note', 10)).map(({ id, value }) => [id, value])).toEqual([
      ['a', { navn: 'Åse' }],
      ['c', { navn: 'Åse' }],
    ]);
    expect(await state.removeGroup('g', 'note')).toBe(2);
  });
}
