import { describe, expect, it } from 'vitest';
import { type Conversation, conversationBefore, conversationOf, meanOf } from '../../../server/operations/extract/psfs-panel.ts';

const CODES = 'https://fellesplan.example/fhir/CodeSystem/fp-score';
const panelOf = (number: number, day: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: CODES, code: 'psfs-panel' }] },
  effectiveDateTime: `${day}T10:00:00+01:00`,
  valueQuantity: { value: 4.5 },
  component: [{ code: { coding: [{ system: CODES, code: 'psfs-conversation' }] }, valueInteger: number }],
  ...more,
});
const held = (number: number, day: string): Conversation => conversationOf(panelOf(number, day)) as Conversation;

describe('the conversation that a PSFS panel is about', () => {
  it('has its number, its mean and the day as it is written', () => {
    expect(held(2, '2026-03-01')).toMatchObject({ number: 2, mean: 4.5, day: '2026-03-01' });
  });

  it.each([
    ['of something else', { code: { coding: [{ system: CODES, code: 'psfs-activity' }] } }],
    ['that was entered in error', { status: 'entered-in-error' }],
    ['without a mean', { valueQuantity: undefined }],
    ['without a number', { component: [] }],
  ])('is none for a panel %s', (_why, more) => {
    expect(conversationOf(panelOf(2, '2026-03-01', more))).toBeUndefined();
  });
});

describe('the conversation before another', () => {
  const third = { number: 3, day: '2026-03-10' };
  it.each<[why: string, all: Conversation[], before: [number, string] | undefined]>([
    ['is the one of the highest number below', [held(1, '2026-03-01'), held(2, '2026-02-01')], [2, '2026-02-01']],
    ['may be of the same day', [held(1, '2026-03-01'), held(2, '2026-03-10')], [2, '2026-03-10']],
    ['is not of a later day', [held(1, '2026-03-01'), held(2, '2026-03-11')], [1, '2026-03-01']],
    ['is not of the same number', [held(3, '2026-03-01')], undefined],
    ['is not of a higher number', [held(4, '2026-03-01'), held(1, '2026-01-01')], [1, '2026-01-01']],
    ['is the latest where two have one number', [held(2, '2026-02-02'), held(2, '2026-02-09'), held(2, '2026-02-05')], [2, '2026-02-09']],
    ['is none where there is none', [], undefined],
  ])('%s', (_why, all, before) => {
    const found = conversationBefore(third, all);
    expect(found === undefined ? undefined : [found.number, found.day]).toEqual(before);
  });
});

it('means are given to two decimals', () => {
  expect(meanOf([1, 2, 2])).toBe(1.67);
  expect(meanOf([4])).toBe(4);
});
