import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import { tallyOf } from '../../server/audit/access-tally.ts';
import { auditEvent, firstVersion } from '../../server/audit/audit-event.ts';
import { EventWriter } from '../../server/audit/event-writer.ts';
import { indexer } from '../auth/access-rule/people.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);

function record(over: Partial<AccessRecord> = {}): AccessRecord {
  return {
    atMs: NOW_MS - 5000,
    caller: { clientId: 'app', user: 'Practitioner/a', organizationNumber: '100000002', purpose: 'TREAT' },
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

const system = { clientId: 'a "system"', organizationNumber: '100000002', purpose: 'COC' };
const KINDS: readonly [what: string, records: readonly AccessRecord[]][] = [
  ['a read', [record()]],
  ['the same read of several patients', [record({ patients: ['p1', 'p2'] })]],
  ['nobody’s data', [record({ patients: [] })]],
  ['a read of a Patient', [record({ what: 'Patient/p1/_history/2' })]],
  ['Patients that are another’s as well', [record({ what: 'Patient/p2/_history/2' }), record({ what: 'Patient/p1' })]],
  ['a patient’s own reading', [record({ caller: { clientId: 'app', user: 'Patient/p1', purpose: 'PATRQT' } })]],
  ['a patient’s reading of themselves', [record({ caller: { clientId: 'app', user: 'Patient/p1' }, what: 'Patient/p1/_history/1' })]],
  ['a patient’s reading of another', [record({ caller: { clientId: 'app', user: 'Patient/p2' } })]],
  ['searches', [record({ what: undefined, query: 'Task?_count=2', interaction: 'search-type', action: 'E' })]],
  ['a search of everything, and a read', [record({ query: '', what: undefined, action: 'E' }), record({ action: 'E' })]],
  [
    'an operation on an instance',
    [record({ query: 'Patient/p1/$everything?', what: 'Patient/p1', interaction: '$everything', action: 'E' })],
  ],
  ['versions of one thing', [1, 2, 3].map((n) => record({ what: `Goal/g/_history/${n}` }))],
  ['a refusal with a reason', [record({ outcome: '8', reason: '403 "forbidden"', shown: undefined })]],
  [
    'what was no interaction',
    [record({ interaction: 'unknown', caller: { clientId: 'none' }, what: undefined, patients: [], outcome: '4' })],
  ],
  ['a sign-in', [record({ kind: 'authentication', interaction: 'launch', action: 'E', what: undefined, origin: 'Nord & Sør', times: 7 })]],
  ['a write of a system', [record({ caller: system, interaction: 'create', action: 'C', shown: undefined })]],
  ['writes of two kinds', [record({ interaction: 'create', action: 'C' }), record({ interaction: 'update', action: 'C', atMs: NOW_MS })]],
];

describe('an event as it is written', () => {
  // One for all, so that what was remembered of one would show in another.
  const writer = new EventWriter(indexer);
  it.each(KINDS)('says, and is found by, what the resource alone would be: %s', (_what, records) => {
    for (const group of tallyOf(records).groups()) {
      const { index, json, ...written } = writer.write('id', group, NOW_MS);
      const { index: wanted, json: text, ...alone } = firstVersion(auditEvent('id', group), NOW_MS, indexer);
      expect(json).toBe(text);
      expect(sorted(index)).toEqual(sorted(wanted));
      expect(written).toEqual(alone);
    }
  });

  it('is written with others, so many at a time that nobody waits long', () => {
    const few = [...tallyOf(Array.from({ length: 450 }, (_, n) => record({ patients: [`p${n}`] }))).groups()];
    const large = [...tallyOf(Array.from({ length: 2200 }, (_, n) => record({ what: `Task/t${n}/_history/1` }))).groups()];
    let id = 0;
    const sizes = (groups: typeof few) =>
      [
        ...writer.writes(
          groups,
          () => `e${id++}`,
          () => NOW_MS,
        ),
      ].map(({ length }) => length);
    expect([sizes(few), sizes(large)]).toEqual([
      [100, 100, 100, 100, 50],
      [2, 2, 2, 2, 2, 1],
    ]);
    expect(id).toBe(461);
  });
});

function sorted(entries: readonly object[]): readonly string[] {
  return entries.map((entry) => JSON.stringify(entry, Object.keys(entry).sort())).sort();
}
