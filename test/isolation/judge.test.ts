/** The judge finds each kind of anomaly in a history that was spoilt by hand, and none in one that was not. */
import { describe, expect, it } from 'vitest';
import type { Act, Feed, Kept, VersionKey, Wrote } from './acts.ts';
import { faultsOf, halvesOf } from './judge.ts';

const key = (name: string): VersionKey => ({ id: name.slice(0, 1), version: Number(name.slice(1)) });
const put = (name: string, over: Partial<Wrote> = {}): Wrote => ({ ...key(name), how: 'put', mark: name, ...over });
const append = (name: string): Wrote => ({ ...key(name), how: 'append', mark: name });
const remove = (name: string): Wrote => ({ ...key(name), how: 'delete' });
const act = (from: number, to: number, over: Partial<Act>): Act => ({
  what: `act${from}`,
  from,
  to,
  wrote: [],
  saw: [],
  refused: [],
  ...over,
});
const reads = (from: number, to: number, ...names: string[]): Act => act(from, to, { saw: names.map(key) });
const writes = (from: number, to: number, ...names: string[]): Act => act(from, to, { wrote: names.map((name) => put(name)) });
const kept = (name: string, over: Partial<Kept> = {}): Kept => ({
  ...key(name),
  isDeletion: false,
  marks: [name],
  tags: [],
  lastUpdated: '1',
  names: [],
  needs: [],
  ...over,
});
const gone = (name: string, over: Partial<Kept> = {}): Kept => kept(name, { isDeletion: true, marks: [], ...over });
const feedOf = (...names: string[]): Feed => names.map((name) => kept(name));

/** Two resources are written together, first alone and then a second time. */
const TWO = [writes(1, 2, 'x1', 'y1'), writes(5, 8, 'x2', 'y2')];
const TWO_FEED = feedOf('x1', 'y1', 'x2', 'y2');

const SOUND: readonly (readonly [what: string, acts: readonly Act[], feed: Feed])[] = [
  ['readers before, between and after', [...TWO, reads(3, 4, 'x1', 'y1'), reads(6, 7, 'x2', 'y2'), reads(9, 10, 'x2', 'y2')], TWO_FEED],
  ['readers at the same time of whom one sees more', [...TWO, reads(5.1, 7, 'x1', 'y1'), reads(5.2, 6, 'x2', 'y2')], TWO_FEED],
  [
    'appending, deleting and beginning anew',
    [
      act(1, 2, { wrote: [put('x1')] }),
      act(3, 4, { wrote: [append('x2')] }),
      act(5, 6, { wrote: [remove('x3')] }),
      act(7, 8, { wrote: [put('x4')] }),
    ],
    [kept('x1'), kept('x2', { marks: ['x1', 'x2'] }), gone('x3'), kept('x4')],
  ],
  [
    'a name that goes from one to another, and what is needed in the same commit',
    [act(1, 2, { wrote: [put('x1')] }), act(3, 4, { wrote: [put('y1'), remove('x2'), put('z1')] })],
    [
      kept('x1', { names: ['n'] }),
      kept('z1', { needs: ['y'], lastUpdated: '2' }),
      kept('y1', { names: ['n'], lastUpdated: '2' }),
      gone('x2', { lastUpdated: '2' }),
    ],
  ],
];

const SPOILT: readonly (readonly [anomaly: string, found: RegExp, acts: readonly Act[], feed: Feed])[] = [
  [
    'a dirty write: two who write two resources in different order',
    /^G0: act1 .* ww → act1\.1 .* ww$/,
    [writes(1, 9, 'x1', 'y2'), writes(1.1, 9.1, 'x2', 'y1')],
    feedOf('x1', 'x2', 'y1', 'y2'),
  ],
  [
    'an aborted read: what was refused is kept',
    /^G1a: ghost was refused/,
    [act(1, 2, { refused: ['ghost'] }), act(1, 3, { wrote: [append('x1')] })],
    [kept('x1', { marks: ['ghost', 'x1'] })],
  ],
  ['a dirty read: a version that was never committed', /^G1a: act3 saw x 2/, [writes(1, 2, 'x1'), reads(3, 4, 'x2')], feedOf('x1')],
  [
    'a circle of reads and writes: each saw what the other wrote',
    /^G1c: /,
    [act(1, 8, { wrote: [put('x1')], saw: [key('y1')] }), act(2, 9, { wrote: [put('y1')], saw: [key('x1')] })],
    feedOf('x1', 'y1'),
  ],
  ['read skew: half of what was written together', /^G-single: /, [...TWO, reads(5.5, 7, 'x1', 'y2')], TWO_FEED],
  [
    'write skew: each saw what the other then changed',
    /^G2: /,
    [
      writes(1, 2, 'x1', 'y1'),
      act(3, 9, { saw: [key('x1'), key('y1')], wrote: [put('x2')] }),
      act(4, 8, { saw: [key('x1'), key('y1')], wrote: [put('y2')] }),
    ],
    feedOf('x1', 'y1', 'x2', 'y2'),
  ],
  [
    'a long fork: two who saw two writes in different order',
    /^G2: /,
    [writes(1, 2, 'x1', 'y1'), writes(3, 9, 'x2'), writes(3.1, 9.1, 'y2'), reads(4, 8, 'x2', 'y1'), reads(4.1, 8.1, 'x1', 'y2')],
    feedOf('x1', 'y1', 'x2', 'y2'),
  ],
  ['a stale read: a newer version had been acknowledged', /^G-single in real time: /, [...TWO, reads(9, 10, 'x1', 'y1')], TWO_FEED],
  [
    'a read that goes back behind another, which saw more before',
    /^G-single in real time: /,
    [...TWO, reads(5.1, 5.2, 'x2', 'y2'), reads(5.3, 5.4, 'x1', 'y1')],
    TWO_FEED,
  ],
  ['a read of what nobody has asked to write yet', /^G1c in real time: /, [...TWO, reads(3, 4, 'x2', 'y2')], TWO_FEED],
  ['a write before one that had been answered', /^G0 in real time: /, [writes(1, 2, 'x2'), writes(3, 4, 'x1')], feedOf('x1', 'x2')],
  ['a lost write', /^x 2 was acknowledged to act3 and is lost/, [writes(1, 2, 'x1'), writes(3, 4, 'x2')], feedOf('x1')],
  [
    'a lost update: an element that the next version has no more',
    /^lost update: x 3 has x1 x3 for x1 x2 x3/,
    [writes(1, 2, 'x1'), act(3, 6, { wrote: [append('x2')] }), act(4, 7, { wrote: [append('x3')] })],
    [kept('x1'), kept('x2', { marks: ['x1', 'x2'] }), kept('x3', { marks: ['x1', 'x3'] })],
  ],
  ['a version acknowledged to two', /^x 1 was acknowledged twice/, [writes(1, 3, 'x1'), writes(2, 4, 'x1')], feedOf('x1')],
  ['a version that nobody wrote', /^x 2 was written by nobody/, [writes(1, 2, 'x1')], feedOf('x1', 'x2')],
  ['what another wrote', /^x 1 is not what act1 wrote/, [writes(1, 2, 'x1')], [kept('x1', { marks: ['other'] })]],
  ['a gap between versions', /^x 3 follows 1/, [writes(1, 2, 'x1'), writes(3, 4, 'x3')], feedOf('x1', 'x3')],
  [
    'a time that goes back',
    /^x 2 is of an earlier time/,
    [writes(1, 2, 'x1'), writes(3, 4, 'x2')],
    [kept('x1', { lastUpdated: '2' }), kept('x2', { lastUpdated: '1' })],
  ],
  [
    'a write on condition of a version that was not the one before',
    /^x 3 was written on condition of 1/,
    [writes(1, 2, 'x1'), writes(3, 4, 'x2'), act(3, 5, { wrote: [put('x3', { matched: 1 })] })],
    feedOf('x1', 'x2', 'x3'),
  ],
  [
    'a history in another order than that of the answers',
    /^the history has y 1 before x 1/,
    [writes(1, 2, 'x1'), writes(3, 4, 'y1')],
    feedOf('y1', 'x1'),
  ],
  [
    'write skew under a condition: two of one name',
    /^x and y are both n/,
    [writes(1, 4, 'x1'), writes(2, 5, 'y1')],
    [kept('x1', { names: ['n'] }), kept('y1', { names: ['n'], lastUpdated: '2' })],
  ],
  [
    'a search that finds nothing after what has the mark was acknowledged',
    /^act3 did not find x by x1/,
    [writes(1, 2, 'x1'), act(3, 4, { lookedFor: { mark: 'x1', id: 'x' } })],
    feedOf('x1'),
  ],
  [
    'a search that finds by what is there no longer',
    /^act5 found x 2 by x1/,
    [writes(1, 2, 'x1'), writes(3, 4, 'x2'), act(5, 6, { saw: [key('x2')], lookedFor: { mark: 'x1', id: 'x' } })],
    feedOf('x1', 'x2'),
  ],
  [
    'a link made to what was deleted meanwhile',
    /^y 1 needs x, which is not there/,
    [writes(1, 2, 'x1'), act(3, 6, { wrote: [remove('x2')] }), writes(4, 7, 'y1')],
    [kept('x1'), gone('x2', { lastUpdated: '2' }), kept('y1', { needs: ['x'], lastUpdated: '3' })],
  ],
];

describe('the judge of histories', () => {
  it.each(SOUND)('finds nothing in %s', (_what, acts, feed) => {
    expect(faultsOf(acts, feed)).toEqual([]);
  });

  it.each(SPOILT)('finds %s', (_anomaly, found, acts, feed) => {
    expect(faultsOf(acts, feed)).toEqual(expect.arrayContaining([expect.stringMatching(found)]));
  });

  it('finds half of what was written together in what is told from some place on', () => {
    const told = (...names: string[]) =>
      halvesOf(
        TWO,
        TWO_FEED,
        new Set(names),
        TWO_FEED.findIndex((each) => names.includes(`${each.id} ${each.version}`)),
      );
    expect(told('y 1', 'x 2', 'y 2')).toEqual([]);
    expect(told('x 1', 'y 1')).toEqual([]);
    expect(told('x 1', 'y 1', 'y 2')).toEqual(['G1b: of act5 only y 2 is told, without x 2']);
  });

  it('looks through thousands of acts in a moment', () => {
    const acts = Array.from({ length: 5_000 }, (_, n) => writes(2 * n + 1, 2 * n + 4, `x${n + 1}`));
    expect(
      faultsOf(
        acts,
        acts.flatMap(({ wrote }) => wrote.map(({ mark = '' }) => kept(mark))),
      ),
    ).toEqual([]);
  });
});
