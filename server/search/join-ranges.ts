/**
 * What is asked of the only date, number or amount that a resource has: conditions on it are one condition. From and to
 * find a stretch then, rather than all that is later and all that is earlier.
 */
import type { SearchEnvironment } from './environment.ts';
import { holdsOneAtMost } from './one-at-most.ts';
import type { Clause, Comparison, RangeTest } from './query.ts';

type Match = Extract<Clause, { op: 'match' }>;

/** More alternatives than this are not put together, but asked for beside each other. */
const ALTERNATIVES_MAX = 8;

/** Clauses on resources of `type` that must all hold, with those joined that ask of the same single value; in the order of the first of each. */
export function joinRanges(env: SearchEnvironment, type: string, clauses: readonly Clause[]): readonly Clause[] {
  const joined: Clause[] = [];
  for (const clause of clauses.flatMap((each) => (each.op === 'and' ? each.clauses : [each]))) {
    if (!isOfOneValue(env, type, clause)) {
      joined.push(clause);
      continue;
    }
    const place = joined.findIndex((other) => other.op === 'match' && asksTheSame(other, clause));
    const both = place < 0 ? undefined : joinedMatch(joined[place] as Match, clause);
    if (both === undefined) joined.push(clause.test.kind === 'range' ? { ...clause, once: true } : clause);
    else joined[place] = both;
  }
  return joined;
}

function isOfOneValue(env: SearchEnvironment, type: string, clause: Clause): clause is Match {
  if (clause.op !== 'match' || (clause.test.kind !== 'range' && clause.test.kind !== 'quantity')) return false;
  // Amounts in canonical units lie under a name of their own.
  const parameter = env.searchRegistry.get(type, clause.param.split(':')[0] as string);
  return parameter !== undefined && holdsOneAtMost(env.definitions, parameter, type);
}

function asksTheSame(one: Match, other: Match): boolean {
  if (one.param !== other.param || one.test.kind !== other.test.kind) return false;
  if (one.test.kind !== 'quantity' || other.test.kind !== 'quantity') return one.test.kind === 'range';
  return one.test.system === other.test.system && one.test.code === other.test.code;
}

/** Undefined where there are too many alternatives. */
function joinedMatch(one: Match, other: Match): Match | undefined {
  if (one.test.kind === 'range' && other.test.kind === 'range') {
    const test = bothOf(one.test, other.test);
    return test && { ...one, test };
  }
  if (one.test.kind !== 'quantity' || other.test.kind !== 'quantity') return undefined;
  const range = bothOf(one.test.range, other.test.range);
  return range && { ...one, test: { ...one.test, range } };
}

/** The test that a range passes when it passes both. */
function bothOf(one: RangeTest, other: RangeTest): RangeTest | undefined {
  const pairs = one.anyOf.flatMap((these) => other.anyOf.flatMap((those) => within([...these, ...those]) ?? []));
  const anyOf = [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
  return anyOf.length > ALTERNATIVES_MAX ? undefined : { kind: 'range', anyOf };
}

/** Of comparisons that must all hold those that say most, in a list of one, as flatMap takes them; undefined where nothing can pass. */
function within(comparisons: readonly Comparison[]): readonly (readonly Comparison[])[] | undefined {
  const least = (bound: Comparison['bound']) =>
    tightest(
      comparisons.filter((each) => each.bound === bound && each.is.startsWith('>')),
      1,
    );
  const most = (bound: Comparison['bound']) =>
    tightest(
      comparisons.filter((each) => each.bound === bound && each.is.startsWith('<')),
      -1,
    );
  const [lowLeast, lowMost, highLeast, highMost] = [least('low'), most('low'), least('high'), most('high')];
  // No range ends before it starts.
  if (excludes(lowLeast, lowMost) || excludes(highLeast, highMost) || excludes(lowLeast, highMost)) return undefined;
  return [[lowLeast, lowMost, highLeast, highMost].filter((each) => each !== undefined)];
}

function tightest(comparisons: readonly Comparison[], direction: 1 | -1): Comparison | undefined {
  return comparisons.toSorted((a, b) => direction * (b.value - a.value) || a.is.length - b.is.length)[0];
}

function excludes(least: Comparison | undefined, most: Comparison | undefined): boolean {
  if (least === undefined || most === undefined) return false;
  return least.value > most.value || (least.value === most.value && (least.is === '>' || most.is === '<'));
}
