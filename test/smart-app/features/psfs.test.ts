import { describe, expect, test } from 'vitest';
import { changeBetween, readPsfs } from '../../../smart-app/src/features/psfs/read-psfs.ts';
import { planData } from '../plan-data.ts';
import { conversation } from '../sample-plan.ts';

describe('change between two scores', () => {
  test.each([
    ['two points up is a clear improvement', 3, 5, { by: 2, kind: 'better' }],
    ['two points down is a clear worsening', 5, 3, { by: -2, kind: 'worse' }],
    ['less than two says nothing', 3, 4.9, { by: 1.9, kind: 'same' }],
    ['no difference', 4, 4, { by: 0, kind: 'same' }],
    ['a difference of exactly two survives binary fractions', 4.6, 6.6, { by: 2, kind: 'better' }],
    ['1.99 is not two', 3, 4.99, { by: 1.99, kind: 'same' }],
    ['no earlier score', undefined, 4, undefined],
    ['no score now', 4, undefined, undefined],
  ])('%s', (_why, before, now, expected) => {
    expect(changeBetween(before, now)).toEqual(expected);
  });
});

describe('PSFS over conversations', () => {
  test('conversations stand in time with number, mean and recorded change', () => {
    const { conversations } = readPsfs(planData());
    expect(conversations.map(({ number, date }) => [number, date])).toEqual([
      [1, '2026-08-25'],
      [2, '2026-09-22'],
      [3, '2026-10-20'],
      [4, '2026-11-17'],
    ]);
    expect(conversations.map((one) => one.change?.kind)).toEqual([undefined, 'same', 'better', 'same']);
    expect(conversations[2]?.mean).toBe(6);
  });

  test('each activity has its scores along the conversations, clear changes marked', () => {
    const { activities } = readPsfs(planData());
    expect(activities.map((activity) => activity.name)).toEqual(['Gå til butikken', 'Gå i trapp', 'Lage middag']);
    expect(activities[0]?.scores.map((score) => score?.value)).toEqual([2, 4, 6, 7]);
    expect(activities[0]?.scores.map((score) => score?.change?.kind)).toEqual([undefined, 'better', 'better', 'same']);
    expect(activities[2]?.scores.map((score) => score?.change?.kind)).toEqual([undefined, 'same', 'better', 'same']);
    expect(activities[0]?.sinceFirst).toEqual({ by: 5, kind: 'better' });
  });

  test('two conversations of one day keep their own scores', () => {
    const observations = [...conversation(1, '2026-01-01', [2, 3]), ...conversation(2, '2026-01-01', [6, 7])];
    const { conversations, activities } = readPsfs(planData(observations));
    expect(conversations.map(({ key, number }) => [key, number])).toEqual([
      ['psfs-1', 1],
      ['psfs-2', 2],
    ]);
    expect(activities[0]?.scores.map((score) => score?.value)).toEqual([2, 6]);
  });

  test('what the panel says of its change counts, and else the figure', () => {
    const kindOf = (interpretation: string | undefined, by: number) => {
      const observations = [...conversation(1, '2026-01-01', [4]), ...conversation(2, '2026-02-01', [4 + by], 4)];
      const panel = observations.at(-1)!;
      if (interpretation === undefined) delete panel.interpretation;
      else panel.interpretation![0]!.coding![0]!.code = interpretation;
      return readPsfs(planData(observations)).conversations[1]?.change;
    };
    expect(kindOf('no-clear-change', 3)).toEqual({ by: 3, kind: 'same' });
    expect(kindOf('clear-worsening', 1)).toEqual({ by: 1, kind: 'worse' });
    expect(kindOf(undefined, 3)).toEqual({ by: 3, kind: 'better' });
    expect(kindOf('something-else', -2)).toEqual({ by: -2, kind: 'worse' });
  });

  test('an activity left out of one conversation is compared with the last time it was scored', () => {
    const observations = [
      ...conversation(1, '2026-01-01', [2, 3]),
      ...conversation(2, '2026-02-01', [4]),
      ...conversation(3, '2026-03-01', [4, 6]),
    ];
    const [, stairs] = readPsfs(planData(observations)).activities;
    expect(stairs?.scores).toEqual([{ value: 3, change: undefined }, undefined, { value: 6, change: { by: 3, kind: 'better' } }]);
  });

  test('the same activity written with other capitals and spaces is one activity', () => {
    const second = conversation(2, '2026-02-01', [5]).map((observation) =>
      observation.valueInteger === undefined ? observation : { ...observation, code: { ...observation.code, text: '  gå til  BUTIKKEN ' } },
    );
    const { activities } = readPsfs(planData([...conversation(1, '2026-01-01', [2]), ...second]));
    expect(activities).toHaveLength(1);
    expect(activities[0]?.scores.map((score) => score?.value)).toEqual([2, 5]);
  });

  test('without panels the scores of a day are one conversation, and its mean is computed', () => {
    const scores = [...conversation(1, '2026-01-01', [2, 4]), ...conversation(2, '2026-02-01', [5, 6])].filter(
      (one) => one.valueInteger !== undefined,
    );
    const { conversations } = readPsfs(planData(scores));
    expect(conversations.map(({ number, mean, change }) => ({ number, mean, change }))).toEqual([
      { number: 1, mean: 3, change: undefined },
      { number: 2, mean: 5.5, change: { by: 2.5, kind: 'better' } },
    ]);
  });

  test('scores of the opposite direction are not mixed in', () => {
    const opposite = conversation(2, '2026-02-01', [9]).map((observation) => ({
      ...observation,
      component: observation.component?.map((part) =>
        part.valueCodeableConcept ? { ...part, valueCodeableConcept: { coding: [{ code: '0-without' }] } } : part,
      ),
    }));
    const { conversations } = readPsfs(planData([...conversation(1, '2026-01-01', [2]), ...opposite] as never));
    expect(conversations.map((one) => one.date)).toEqual(['2026-01-01']);
  });

  test('a person who was never asked has no conversations', () => {
    expect(readPsfs(planData([]))).toEqual({ conversations: [], activities: [] });
  });
});
