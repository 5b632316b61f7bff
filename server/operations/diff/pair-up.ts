/**
 * Which elements of a list are those of an earlier list: the longest common subsequence of equal ones, and between
 * those, in order, the ones that are alike.
 */

/** Lists that would need a larger table than this are compared place by place. */
const TABLE_MAX = 4_000_000;
/** Stretches between equal elements that would need more comparisons than this are taken as replaced. */
const COMPARED_MAX = 10_000;

type Pair = readonly [before: number, after: number];

/** Pairs of places, both ascending. What is not paired was deleted (before) or inserted (after). */
export function pairUp(
  before: readonly string[],
  after: readonly string[],
  isAlike: (before: number, after: number) => boolean,
): readonly Pair[] {
  const equal = commonSubsequence(before, after);
  const pairs: Pair[] = [];
  let [nextBefore, nextAfter] = [0, 0];
  for (const [untilBefore, untilAfter] of [...equal, [before.length, after.length] as const]) {
    const isShort = (untilBefore - nextBefore) * (untilAfter - nextAfter) <= COMPARED_MAX;
    while (isShort && nextBefore < untilBefore && nextAfter < untilAfter) {
      const found = firstAlike(nextBefore, untilBefore, nextAfter, isAlike);
      if (found === undefined) nextAfter += 1;
      else {
        pairs.push([found, nextAfter]);
        nextBefore = found + 1;
        nextAfter += 1;
      }
    }
    if (untilBefore < before.length) pairs.push([untilBefore, untilAfter]);
    [nextBefore, nextAfter] = [untilBefore + 1, untilAfter + 1];
  }
  return pairs;
}

function firstAlike(from: number, until: number, after: number, isAlike: (before: number, after: number) => boolean): number | undefined {
  for (let place = from; place < until; place += 1) if (isAlike(place, after)) return place;
  return undefined;
}

function commonSubsequence(before: readonly string[], after: readonly string[]): readonly Pair[] {
  const start = commonStart(before, after);
  const [a, b] = [before.slice(start), after.slice(start)];
  const head = Array.from({ length: start }, (_, place): Pair => [place, place]);
  if ((a.length + 1) * (b.length + 1) > TABLE_MAX) return head;
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const longer = Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
      lengths[i * width + j] = a[i] === b[j] ? lengths[(i + 1) * width + j + 1]! + 1 : longer;
    }
  }
  const pairs: Pair[] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      pairs.push([start + i, start + j]);
      [i, j] = [i + 1, j + 1];
    } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i += 1;
    else j += 1;
  }
  return [...head, ...pairs];
}

function commonStart(before: readonly string[], after: readonly string[]): number {
  let place = 0;
  while (place < before.length && place < after.length && before[place] === after[place]) place += 1;
  return place;
}
