/** A group is the same after the way to the thread that writes. */
import { expect, it } from 'vitest';
import { type Entries, entryText } from '../../server/store/sqlite/entry-text.ts';
import { packed, unpacked } from '../../server/store/sqlite/packed-group.ts';
import type { Piece } from '../../server/store/sqlite/piece.ts';
import { version } from './version.ts';

const created = version('Patient', 'æ1', 1, [{ kind: 'token', param: 'identifier', system: null, code: '42' }]);
const deleted = { ...version('Task', 't', 3), method: 'DELETE', json: null } as const;
const add = { name: 'add', nowMs: 7, kind: 'k', id: 'i', text: '{"a":"ø\\u0000"}', group: 'g' } as const;

const GROUPS: Readonly<Record<string, readonly Piece[]>> = {
  'nothing at all': [],
  'one create with what is noted of it': [{ epoch: 3, writes: [created], reindexed: [], state: [add] }],
  'a piece that depends on nothing': [{ writes: [deleted], reindexed: [], state: [] }],
  'commands of every kind': [
    {
      writes: [],
      reindexed: [],
      state: [
        add,
        { name: 'put', nowMs: 1, kind: 'k', id: 'add', value: { a: [1, null] }, options: { expiresAtMs: 9, aliases: { uid: 'u' } } },
        { name: 'insertIfAbsent', nowMs: 1, kind: 'k', id: 'i', value: {}, options: {} },
        { name: 'removeGroup', nowMs: 2, group: 'g', kind: undefined },
        { name: 'removeRange', nowMs: 2, kind: 'k', fromId: 'a', toId: 'b' },
        { ...add, group: null },
        add,
        { name: 'sweep', nowMs: 3 },
      ],
    },
  ],
  'several pieces': [
    { epoch: 0, writes: [created, deleted], reindexed: [], state: [] },
    { epoch: 2 ** 41, writes: [], reindexed: [{ rid: 9, type: 'Task', index: created.index }], state: [add] },
    { writes: [created], reindexed: [], state: [] },
  ],
};

it.each(Object.keys(GROUPS))('%s', (name) => {
  const group = GROUPS[name] as readonly Piece[];
  const indexAsText = <Indexed extends { readonly index: Entries }>(each: Indexed) => ({ ...each, index: entryText(each.index) });
  const wanted = group.map((piece) => ({
    ...piece,
    writes: piece.writes?.map(indexAsText),
    reindexed: piece.reindexed?.map(indexAsText),
  }));
  expect(unpacked(structuredClone(packed(group)))).toEqual(wanted);
  // What has come from there can go on.
  expect(unpacked(packed(unpacked(packed(group))))).toEqual(wanted);
});

it('what a piece leaves out comes as nothing', () => {
  expect(unpacked(packed([{}]))).toEqual([{ writes: [], reindexed: [], state: [] }]);
});
