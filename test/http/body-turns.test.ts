import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { BodyTurns } from '../../server/http/body-turns.ts';

/** Bodies of these sizes, brought at once: the turns in which they are let in. */
async function turnsOf(sizes: readonly number[]): Promise<readonly number[]> {
  const turns = new BodyTurns();
  const letIn: number[] = [];
  let turn = 0;
  let counting = setImmediate(function count() {
    turn += 1;
    counting = setImmediate(count);
  });
  await Promise.all(
    sizes.map(async (bytes, place) => {
      await turns.next(bytes);
      letIn[place] = turn;
    }),
  );
  clearImmediate(counting);
  return letIn;
}

it.each([
  ['small ones together', [3000, 3000, 3000], [0, 0, 0]],
  ['what is more than a turn takes in the next', [20_000, 20_000, 10_000, 20_000], [0, 1, 1, 2]],
  ['one that is larger than that by itself', [1000, 5_000_000, 1000], [0, 1, 2]],
  ['none before one that came earlier', [20_000, 30_000, 1000], [0, 1, 1]],
  ['one without anything in it', [0, 0], [0, 0]],
])('bodies are let in in their order: %s', async (_what, sizes, turns) => {
  expect(await turnsOf(sizes)).toEqual(turns);
});

it('after a pause a body is let in at once', async () => {
  const turns = new BodyTurns();
  expect(turns.next(30_000)).toBeUndefined();
  expect(turns.next(30_000)).toBeInstanceOf(Promise);
  for (const _ of [1, 2, 3]) await nextTurn();
  expect(turns.next(30_000)).toBeUndefined();
});
