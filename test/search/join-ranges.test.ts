/** Conditions on the only value that a resource has are one condition, which means the same. */
import { describe, expect, it } from 'vitest';
import { joinRanges } from '../../server/search/join-ranges.ts';
import { holdsOneAtMost } from '../../server/search/one-at-most.ts';
import { parseSearch } from '../../server/search/parse.ts';
import type { Clause, Comparison, RangeTest } from '../../server/search/query.ts';
import { wholeFrom } from '../support/random.ts';
import { definitions, searchEnvironment, searchRegistry } from '../support/search-cases.ts';

const env = searchEnvironment();

function clausesOf(query: string): readonly Clause[] {
  const [type = '', parameters] = query.split('?');
  const { where } = parseSearch({ parameters: [...new URLSearchParams(parameters)], types: [type] }, env).query;
  return where.op === 'and' ? where.clauses : [where];
}

const holds = (test: RangeTest, low: number, high: number): boolean => {
  const passes = ({ bound, is, value }: Comparison): boolean => {
    const own = bound === 'low' ? low : high;
    if (own === value) return is === '<=' || is === '>=';
    return is.startsWith('<') === own < value;
  };
  return test.anyOf.some((comparisons) => comparisons.every(passes));
};

describe('parameters with one value at most', () => {
  it.each([
    ['Observation', 'date'],
    ['Observation', 'value-quantity'],
    ['Patient', 'birthdate'],
    ['Task', 'authored-on'],
    ['Task', 'period'],
    ['CarePlan', 'date'],
    ['Encounter', 'date'],
    ['Encounter', 'length'],
    ['RiskAssessment', 'date'],
  ])('are %s.%s', (type, code) => {
    expect(holdsOneAtMost(definitions, searchRegistry.get(type, code)!, type)).toBe(true);
  });

  it.each([
    ['Observation', 'component-value-quantity'],
    ['Observation', 'combo-value-quantity'],
    ['Encounter', 'location-period'],
    ['RiskAssessment', 'probability'],
    ['Goal', 'target-date'],
    ['MedicationRequest', 'date'],
    ['Patient', 'name'],
  ])('are not %s.%s', (type, code) => {
    expect(holdsOneAtMost(definitions, searchRegistry.get(type, code)!, type)).toBe(false);
  });
});

describe('joined conditions', () => {
  it('hold for whatever each of them holds for', () => {
    const random = wholeFrom(5);
    const prefixes = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];
    const at = (below: number): string => `${prefixes[random(prefixes.length)]}2024-01-${String(1 + random(below)).padStart(2, '0')}`;
    for (let round = 0; round < 400; round += 1) {
      const values = Array.from({ length: 2 + random(3) }, () => at(9));
      const apart = values.map((value) => clausesOf(`Observation?date=${value}`)[0] as Extract<Clause, { op: 'match' }>);
      const joined = joinRanges(env, 'Observation', apart);
      for (let n = 0; n < 40; n += 1) {
        const low = Date.UTC(2023, 11, 30) + random(14) * 43_200_000;
        const high = low + random(8) * 21_600_000 - (n % 2);
        if (high < low) continue;
        const each = apart.every(({ test }) => holds(test as RangeTest, low, high));
        const both = joined.every((clause) => clause.op === 'match' && holds(clause.test as RangeTest, low, high));
        expect(both, `${values.join(' ')} for ${new Date(low).toISOString()}–${new Date(high).toISOString()}`).toBe(each);
      }
    }
  });

  it.each([
    ['from and to', 'Observation?date=ge2024-01-01&date=lt2024-02-01', 1],
    ['within a filter', 'Observation?_filter=date ge 2024-01-01 and date lt 2024-02-01', 1],
    [
      'many times over',
      `Observation?${Array.from({ length: 30 }, (_, n) => `date=ge2024-01-${String(1 + n).padStart(2, '0')}`).join('&')}`,
      1,
    ],
    ['amounts of the same unit', 'Observation?value-quantity=gt5||mg&value-quantity=lt7||mg', 1],
    ['amounts of two units', 'Observation?value-quantity=gt5||mg&value-quantity=lt7||g', 2],
    ['two parameters', 'Task?authored-on=gt2024&period=gt2024', 2],
    ['either of some', 'Observation?date=2024-01-01,2024-02-01&date=2024', 2],
    [
      'more alternatives than are put together',
      `Observation?${Array.from({ length: 12 }, (_, n) => `date=ne2024-01-${10 + n}`).join('&')}`,
      10,
    ],
    ['what may be there several times', 'Goal?target-date=gt2024&target-date=lt2025', 2],
  ])('%s', (_, query, count) => {
    expect(clausesOf(query)).toHaveLength(count);
  });

  it('that nothing can meet find nothing', () => {
    expect(clausesOf('Observation?date=sa2025&date=eb2024')).toEqual([
      { op: 'match', param: 'date', test: { kind: 'range', anyOf: [] }, once: true },
    ]);
  });
});
