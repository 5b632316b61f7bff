import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { tallyOf } from '../../server/audit/access-tally.ts';
import { type WriteRecord, WriteTally } from '../../server/audit/write-tally.ts';

function record(over: Partial<WriteRecord> = {}): WriteRecord {
  return {
    atMs: 1000.5,
    caller: { clientId: 'app', user: 'Practitioner/a' },
    interaction: 'create',
    action: 'C',
    outcome: '0',
    what: 'CarePlan/c1/_history/1',
    patients: ['p1'],
    requestId: 'r1',
    reason: undefined,
    ...over,
  };
}

function written(records: readonly WriteRecord[]): WriteTally {
  const tally = new WriteTally();
  for (const each of records) tally.add(each);
  return tally;
}

describe('a tally of writes', () => {
  it('gives back what an event needs, as a tally of any accesses does', () => {
    const records = [
      record(),
      record({ what: 'CarePlan/c1/_history/2', interaction: 'update', action: 'U', atMs: 1001, requestId: undefined }),
      record({ what: 'Goal/g1/_history/1', interaction: 'update', atMs: 900, requestId: 'r2' }),
      record({ what: 'Consent/x/_history/1', patients: ['p1', 'p2'], reason: 'alarm' }),
      record({ what: 'Organization/o/_history/1', patients: [] }),
      record({
        what: 'CarePlan/c3/_history/1',
        caller: { clientId: 'app', user: 'Practitioner/b', organizationNumber: '1', purpose: 'COC' },
      }),
      record({ what: 'CarePlan/c4/_history/1', requestId: 'æøå 🙂' }),
    ];
    const tally = written(records);
    expect(tally.size).toBe(8);
    expect([...tally.groups()]).toEqual([...tallyOf(records).groups()]);
  });

  it('names two hundred things in an event, each once, in the order in which they were written', () => {
    const tally = written(Array.from({ length: 450 }, (_, n) => record({ what: `Task/t${n}/_history/1`, atMs: n })));
    const groups = [...tally.groups()];
    expect(groups.map(({ things, firstMs, lastMs }) => [things.length, firstMs, lastMs])).toEqual([
      [200, 0, 199],
      [200, 200, 399],
      [50, 400, 449],
    ]);
    const names = groups.flatMap(({ things }) => things.map(({ what }) => what));
    expect(names).toEqual(Array.from({ length: 450 }, (_, n) => `Task/t${n}/_history/1`));
  });

  it('takes what is longer than one of its pages', () => {
    const long = 'æ'.repeat(100_000);
    const tally = written([record(), record({ requestId: long }), record({ what: 'Goal/g/_history/1' })]);
    expect([...tally.groups()].flatMap(({ things }) => things.map(({ requestIds }) => requestIds))).toEqual([['r1'], [long], ['r1']]);
  });

  it('holds a hundred thousand writes of ten thousand people in 20 MB', () => {
    const before = bytesUsed();
    const tally = new WriteTally();
    for (let n = 0; n < 100_000; n += 1) {
      const id = `${String(n).padStart(8, '0')}-1111-4222-8333-444444444444`;
      tally.add(record({ what: `CarePlan/${id}/_history/1`, patients: [`person-${n % 10_000}`], requestId: id }));
    }
    expect(bytesUsed() - before).toBeLessThan(20_000_000);
    expect(tally.size).toBe(100_000);
    let things = 0;
    for (const group of tally.groups()) things += group.things.length;
    expect(things).toBe(100_000);
  });
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is still used when all that can be thrown away is. */
function bytesUsed(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
