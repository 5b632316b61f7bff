/** The soak would notice: each kind of loss, made on purpose, is told. */
import { expect, it } from 'vitest';
import { type Basic, Ledger } from './ledger.ts';

/** Answers like a server that keeps these marks, by id and version. */
const serverWith = (kept: Readonly<Record<string, Readonly<Record<number, string>>>>) => async (path: string) => {
  const [, id = '', history] = path.split(/[/?]/);
  const versions = kept[id];
  const resources = Object.entries(versions ?? {}).map(
    ([version, text]): Basic => ({ resourceType: 'Basic', id, meta: { versionId: version }, code: { text } }),
  );
  const body: Basic =
    history === undefined ? { resourceType: 'Basic' } : { resourceType: 'Bundle', entry: resources.map((resource) => ({ resource })) };
  return { status: versions === undefined ? 404 : 200, body };
};

function ledger(): Ledger {
  const made = new Ledger();
  made.acknowledge('a', 1, 'one');
  made.acknowledge('a', 2, 'two');
  made.together(['a', 'b']);
  return made;
}

it.each([
  { loss: 'nothing', kept: { a: { 1: 'one', 2: 'two' }, b: { 1: 'b' } }, told: [] },
  { loss: 'a version', kept: { a: { 1: 'one' }, b: { 1: 'b' } }, told: ['a version 2: undefined instead of two'] },
  { loss: 'what a version held', kept: { a: { 1: 'one', 2: 'other' }, b: { 1: 'b' } }, told: ['a version 2: other instead of two'] },
  {
    loss: 'an unacknowledged version in between',
    kept: { a: { 1: 'one', 2: 'two', 4: 'x' }, b: { 1: 'b' } },
    told: ['a has versions 1, 2, 4'],
  },
  { loss: 'half a transaction', kept: { a: { 1: 'one', 2: 'two' } }, told: ['of a transaction only some are there: a'] },
])('the loss of $loss is told', async ({ kept, told }) => {
  expect(await ledger().faults(serverWith(kept))).toEqual(told);
});

it('a version that two clients were told they had written is told', async () => {
  const made = ledger();
  made.acknowledge('a', 2, 'two');
  expect(await made.faults(serverWith({ a: { 1: 'one', 2: 'two' }, b: { 1: 'b' } }))).toEqual(['a version 2 was acknowledged twice']);
});
