/** Everything by which what clients were told, and what is kept, contradicts a service that does one thing after the other. */
import { type Act, type Feed, type Kept, nameOf, type Wrote } from './acts.ts';
import { cyclesOf } from './cycles.ts';

/** Empty when all is well. */
export function faultsOf(acts: readonly Act[], feed: Feed): string[] {
  return [
    ...cyclesOf(acts),
    ...kept(acts, feed),
    ...made(acts, feed),
    ...inOrder(acts, feed),
    ...rules(acts, feed),
    ...lookups(acts, feed),
  ];
}

/** What was acknowledged is kept, once and as it was written; what was refused is nowhere, and nobody saw what is not kept. */
function kept(acts: readonly Act[], feed: Feed): string[] {
  const faults: string[] = [];
  const versions = new Map(feed.map((each) => [nameOf(each), each]));
  const writers = new Set<string>();
  for (const { what, wrote, saw } of acts) {
    for (const each of wrote) {
      const name = nameOf(each);
      if (writers.has(name)) faults.push(`${name} was acknowledged twice`);
      writers.add(name);
      const found = versions.get(name);
      if (found === undefined) faults.push(`${name} was acknowledged to ${what} and is lost`);
      else if (found.isDeletion !== (each.how === 'delete') || (each.how === 'tag' ? found.tags : found.marks).at(-1) !== each.mark)
        faults.push(`${name} is not what ${what} wrote: ${found.marks.join(' ')} for ${each.mark}`);
    }
    for (const each of saw) {
      if (each.version > 0 && !versions.has(nameOf(each))) faults.push(`G1a: ${what} saw ${nameOf(each)}, which was never committed`);
    }
  }
  const refused = new Set(acts.flatMap((act) => act.refused));
  for (const each of feed) {
    const ghost = each.marks.find((mark) => refused.has(mark));
    if (ghost !== undefined) faults.push(`G1a: ${ghost} was refused, and is in ${nameOf(each)}`);
    if (!writers.has(nameOf(each)) && each.isImported !== true) faults.push(`${nameOf(each)} was written by nobody`);
  }
  return faults;
}

/** Each version is made from the one before, its number and its time follow that one's. */
function made(acts: readonly Act[], feed: Feed): string[] {
  const faults: string[] = [];
  const wrote = new Map(acts.flatMap((act) => act.wrote.map((each) => [nameOf(each), each] as const)));
  const last = new Map<string, Kept>();
  for (const each of feed) {
    const before = last.get(each.id);
    last.set(each.id, each);
    const name = nameOf(each);
    if (each.version !== (before?.version ?? 0) + 1) faults.push(`${name} follows ${before?.version ?? 0}`);
    if (before !== undefined && each.lastUpdated < before.lastUpdated) faults.push(`${name} is of an earlier time than the version before`);
    const { how, matched, mark } = wrote.get(name) ?? {};
    if (matched !== undefined && matched !== each.version - 1) faults.push(`${name} was written on condition of ${matched}`);
    const expected = expectedMarks(before?.marks ?? [], how, mark);
    if (expected !== undefined && expected.join(' ') !== each.marks.join(' '))
      faults.push(`lost update: ${name} has ${each.marks.join(' ')} for ${expected.join(' ')}`);
  }
  return faults;
}

function expectedMarks(before: readonly string[], how: Wrote['how'] | undefined, mark: string | undefined): readonly unknown[] | undefined {
  if (how === 'append') return [...before, mark];
  if (how === 'tag') return before;
  return how === 'put' ? [mark] : undefined;
}

/** What has a mark is found by it as long as it has it, and no longer. */
function lookups(acts: readonly Act[], feed: Feed): string[] {
  const versions = Map.groupBy(feed, ({ id }) => id);
  const writes = Map.groupBy(
    acts.flatMap(({ from, to, wrote }) => wrote.map(({ id, version }) => ({ id, version, from, to }))),
    ({ id }) => id,
  );
  return acts.flatMap(({ what, from, to, lookedFor, saw }) => {
    if (lookedFor === undefined) return [];
    const { id, mark } = lookedFor;
    const has = (version: number) => versions.get(id)?.[version - 1]?.marks.includes(mark) === true;
    const seen = saw.find((each) => each.id === id);
    if (seen !== undefined) return has(seen.version) ? [] : [`${what} found ${nameOf(seen)} by ${mark}, which it does not have`];
    const of = writes.get(id) ?? [];
    const least = Math.max(0, ...of.filter((write) => write.to < from).map(({ version }) => version));
    let most = Math.max(0, ...of.filter((write) => write.from < to).map(({ version }) => version));
    // When something was imported is not known.
    while (versions.get(id)?.[most]?.isImported === true) most += 1;
    for (let version = least; version <= most; version += 1) if (!has(version)) return [];
    return [`${what} did not find ${id} by ${mark}, which it had from ${least} to ${most}`];
  });
}

/** In the history of the system, what was answered stands before what was asked later. */
function inOrder(acts: readonly Act[], feed: Feed): string[] {
  const places = new Map(feed.map((each, place) => [nameOf(each), place]));
  const written = acts
    .filter(({ wrote }) => wrote.length > 0)
    .map(({ from, to, wrote }) => ({ from, to, at: wrote.map((each) => places.get(nameOf(each)) ?? 0) }));
  const answered = written.map(({ to, at }) => ({ to, place: Math.max(...at) })).sort((a, b) => a.to - b.to);
  const asked = written.map(({ from, at }) => ({ from, place: Math.min(...at) })).sort((a, b) => a.from - b.from);
  const faults: string[] = [];
  let next = 0;
  let latest = -1;
  for (const { from, place } of asked) {
    for (; next < answered.length && (answered[next]?.to as number) < from; next += 1)
      latest = Math.max(latest, answered[next]?.place as number);
    if (place < latest)
      faults.push(
        `the history has ${nameOf(feed[place] as Kept)} before ${nameOf(feed[latest] as Kept)}, which was answered before it was asked for`,
      );
  }
  return faults;
}

/** A name has one current resource at a time, and what a resource needs is there when it is written. */
function rules(acts: readonly Act[], feed: Feed): string[] {
  const faults = new Set<string>();
  const current = new Map<string, Kept>();
  const holders = new Map<string, Set<string>>();
  const lacking = ({ needs }: Kept): readonly string[] => needs.filter((need) => current.get(need)?.isDeletion !== false);
  // What is written together stands in no order that counts, perhaps with what others write in between.
  const together = new Map(
    acts.flatMap(({ wrote }) => {
      const commit = { left: new Set(wrote.map(nameOf)) };
      return wrote.map((each) => [nameOf(each), commit] as const);
    }),
  );
  const begun = new Set<object>();
  const lacked: (readonly [Kept, string])[] = [];
  for (const each of feed) {
    for (const name of current.get(each.id)?.names ?? []) holders.get(name)?.delete(each.id);
    current.set(each.id, each);
    for (const name of each.names) holders.set(name, (holders.get(name) ?? new Set()).add(each.id));
    lacked.push(...lacking(each).map((need) => [each, need] as const));
    const commit = together.get(nameOf(each));
    commit?.left.delete(nameOf(each));
    if (commit !== undefined && commit.left.size > 0) begun.add(commit);
    else if (commit !== undefined) begun.delete(commit);
    if (begun.size > 0) continue;
    for (const [one, need] of lacked.splice(0))
      if (lacking(one).includes(need)) faults.add(`${nameOf(one)} needs ${need}, which is not there`);
    for (const [name, ids] of holders) if (ids.size > 1) faults.add(`${[...ids].join(' and ')} are both ${name}`);
  }
  return [...faults];
}

/** An answer shows all of what was written together, or nothing of it: `shown` are all versions from `place` of the feed on. */
export function halvesOf(acts: readonly Act[], feed: Feed, shown: ReadonlySet<string>, place: number): string[] {
  const places = new Map(feed.map((each, at) => [nameOf(each), at]));
  return acts.flatMap(({ what, wrote }) => {
    const told = wrote.map(nameOf).filter((name) => (places.get(name) ?? 0) >= place);
    const seen = told.filter((name) => shown.has(name));
    return seen.length > 0 && seen.length < told.length
      ? [`G1b: of ${what} only ${seen.join(', ')} is told, without ${told.filter((name) => !shown.has(name)).join(', ')}`]
      : [];
  });
}
