import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../server/audit/access-record.ts';
import { AccessTally, tallyOf } from '../../server/audit/access-tally.ts';
import { JournalLines, recordsOf } from '../../server/audit/journal-lines.ts';

const record = (over: Partial<AccessRecord> = {}): AccessRecord => ({
  atMs: 1_790_000_000_000,
  caller: { clientId: 'app', user: 'Practitioner/a', purpose: 'TREAT' },
  interaction: 'search-type',
  action: 'E',
  outcome: '0',
  query: 'CarePlan?title=a\nb, "c" [1]',
  patients: ['p1', 'p2'],
  shown: 2,
  requestId: 'r-1',
  ...over,
});

const noted = (records: readonly AccessRecord[], tally = new AccessTally()) =>
  records.map((each) => ({ record: each, access: tally.accessOf(each) }));

describe('the lines of a journal file', () => {
  it('give back each record as it was noted, and name what stands further up', () => {
    const records = [
      record(),
      record({ atMs: 1_790_000_000_005, requestId: 'r-2' }),
      record({ query: 'CarePlan?title=a' }),
      record({ atMs: 1_789_999_999_990, requestId: undefined, shown: undefined }),
      record({ query: 'CarePlan?title=a', requestId: 'r "3"', shown: 0 }),
    ];
    const text = new JournalLines().of(noted(records));
    expect(text.split('\n').map((line) => line.slice(0, 3))).toEqual(['{"a', '[0,', '{"a', '[0,', '[1,', '']);
    expect(recordsOf(text)).toEqual(records);
  });

  it('name no more requests than the event will, so that both tell the same', () => {
    const tally = new AccessTally();
    const lines = new JournalLines();
    const records = Array.from({ length: 30 }, (_, n) => record({ requestId: `r-${n}` }));
    let text = '';
    for (const each of records) {
      text += lines.of(noted([each], tally));
      tally.add(each);
    }
    const found = recordsOf(text);
    expect(found.map(({ requestId }) => requestId)).toEqual(records.map(({ requestId }, n) => (n < 20 ? requestId : undefined)));
    expect([...tallyOf(found).groups()]).toEqual([...tally.groups()]);
  });

  it('leave out a last line that is cut off: it was never answered for', () => {
    const text = new JournalLines().of(noted([record(), record({ requestId: 'r-2' }), record({ requestId: 'r-3' })]));
    expect(recordsOf(text.slice(0, -3)).map(({ requestId }) => requestId)).toEqual(['r-1', 'r-2']);
  });

  it.each(['\0'.repeat(40), '{"atMs":17', '[0,'])('end where a power cut has left %j', (left) => {
    const text = new JournalLines().of(noted([record(), record({ query: 'Goal?' }), record({ query: 'Goal?', requestId: 'r-3' })]));
    const [first, second, third] = text.split('\n');
    expect(recordsOf(`${first}\n${left}\n${second}\n${third}\n`)).toEqual([record()]);
  });

  it('tell in full again what came to nothing the first time', () => {
    const tally = new AccessTally();
    const lines = new JournalLines();
    const written = lines.of(noted([record()], tally));
    const before = lines.records;
    const lost = noted([record({ query: 'Goal?' })], tally);
    lines.of(lost);
    lines.forgetFrom(before);
    const records = [record({ requestId: 'r-2' }), record({ query: 'Goal?' }), record({ query: 'Goal?', requestId: 'r-4' })];
    expect(recordsOf(written + lines.of(noted(records, tally)))).toEqual([record(), ...records]);
  });
});
