import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import { tallyOf } from '../../server/audit/access-tally.ts';
import { auditEvents } from '../../server/audit/audit-event.ts';

function record(over: Partial<AccessRecord> = {}): AccessRecord {
  return {
    atMs: 1000,
    caller: { clientId: 'app', user: 'Practitioner/a' },
    interaction: 'read',
    action: 'R',
    outcome: '0',
    what: 'CarePlan/c1/_history/1',
    patients: ['p1'],
    shown: 1,
    requestId: 'r1',
    ...over,
  };
}

describe('a tally of accesses', () => {
  it.each<[string, Partial<AccessRecord>]>([
    ['another user', { caller: { clientId: 'app', user: 'Practitioner/b' } }],
    ['another client', { caller: { clientId: 'other', user: 'Practitioner/a' } }],
    ['another purpose', { caller: { clientId: 'app', user: 'Practitioner/a', purpose: 'BTG' } }],
    ['another organisation', { caller: { clientId: 'app', user: 'Practitioner/a', organizationNumber: '315000000' } }],
    ['another patient', { patients: ['p2'] }],
    ['nobody', { patients: [] }],
    ['another outcome', { outcome: '8' }],
    ['another action', { action: 'E' }],
  ])('keeps apart: %s', (_what, over) => {
    expect([...tallyOf([record(), record(over)]).groups()]).toHaveLength(2);
  });

  it('adds up the same thing: how often, how much was shown, from when to when', () => {
    const tally = tallyOf([record({ atMs: 2000, requestId: 'r2' }), record(), record({ atMs: 3000, requestId: 'r3', shown: 4 })]);
    const [group] = tally.groups();
    expect([tally.size, group?.firstMs, group?.lastMs]).toEqual([3, 1000, 3000]);
    expect(group?.things.map(({ times, shown, requestIds }) => [times, shown, [...requestIds]])).toEqual([[3, 6, ['r2', 'r1', 'r3']]]);
  });

  it.each<[string, Partial<AccessRecord>, readonly string[] | undefined]>([
    ['a read of the version', {}, ['p1']],
    ['a version that concerns nobody', { patients: [] }, []],
    ['a read of another version', { what: 'CarePlan/c1/_history/2' }, undefined],
    ['a read of what has the same id', { what: 'Goal/c1/_history/1' }, undefined],
    ['a refusal', { outcome: '8' }, undefined],
    ['an operation on it', { action: 'E' }, undefined],
    ['a read that showed more', { shown: 2 }, undefined],
  ])('remembers whose data a version is by %s', (_what, over, patients) => {
    const shown = tallyOf([record(over)]).shownAlone({ type: 'CarePlan', id: 'c1', versionId: 1 });
    expect([shown?.what, shown?.patients]).toEqual(patients === undefined ? [undefined, undefined] : ['CarePlan/c1/_history/1', patients]);
  });

  it('counts a record for each patient it concerns', () => {
    const groups = [...tallyOf([record({ patients: ['p1', 'p2'] })]).groups()];
    expect(groups.map(({ patient }) => patient)).toEqual(['p1', 'p2']);
  });

  it('tells a thing once, whoever else it showed and whyever it was refused', () => {
    const query = { what: undefined, query: 'Task?_count=2', outcome: '8' } as const;
    const tally = tallyOf([
      record({ ...query, reason: 'a', shown: undefined }),
      record({ ...query, reason: 'b', requestId: 'r2', patients: ['p1', 'p2'] }),
      record({ ...query, reason: 'b', requestId: 'r3', patients: ['p2', 'p1'] }),
    ]);
    const told = [...tally.groups()].map(({ patient, reasons, things }) => [
      patient,
      reasons,
      things.map(({ times, shown, requestIds }) => [times, shown, requestIds]),
    ]);
    expect(told).toEqual([
      ['p1', ['a', 'b'], [[3, 2, ['r1', 'r2', 'r3']]]],
      ['p2', ['b'], [[2, 2, ['r2', 'r3']]]],
    ]);
  });

  it('does not tell what was about to be noted and came to nothing', () => {
    const tally = tallyOf([record()]);
    tally.accessOf(record({ what: 'CarePlan/c2/_history/1' }));
    tally.accessOf(record({ patients: ['p2'] }));
    expect([...tally.groups()].map(({ patient, things }) => [patient, things.map(({ what }) => what)])).toEqual([
      ['p1', ['CarePlan/c1/_history/1']],
    ]);
  });

  it('names twenty requests of a thing, and two hundred things in an event', () => {
    const often = [...tallyOf(Array.from({ length: 50 }, (_, n) => record({ requestId: `r${n}` }))).groups()];
    expect(often.map(({ things }) => things.map(({ times, requestIds }) => [times, requestIds.length]))).toEqual([[[50, 20]]]);
    const many = Array.from({ length: 450 }, (_, n) => record({ what: `Task/t${n}/_history/1` }));
    const events = auditEvents([...many, ...many], () => 'e');
    // Beside the patient, which each of them names; each thing stands once, however often.
    expect(events.map(({ entity }) => (entity as readonly object[]).length - 1)).toEqual([200, 200, 50]);
  });
});
