/**
 * Whether there is an order of one after the other that explains what clients were told. Versions of a resource are
 * numbered, so who must come before whom is known: who wrote a version before who wrote the next (ww), who wrote before who
 * saw it (wr), who saw it before who wrote the next (rw), and who was answered before who had not asked yet (rt). There is
 * such an order when nothing comes before itself.
 *
 * Spec: A. Adya, Weak Consistency, 1999 (G0, G1c, G-single, G2) · K. Kingsbury, P. Alvaro, Elle, VLDB 2020
 */
import { type Act, nameOf, type VersionKey } from './acts.ts';

type Why = 'ww' | 'wr' | 'rw' | 'rt';

interface Edge {
  readonly to: number;
  readonly why: Why;
}

/** Each circle found, of each group of acts that come before one another one of the shortest. */
export function cyclesOf(acts: readonly Act[]): string[] {
  const graph = graphOf(acts);
  return groupsOf(graph).flatMap((group) => {
    const circle = shortest(graph, group, acts.length);
    return circle === undefined ? [] : [told(circle, acts)];
  });
}

/** The acts come first; behind them stand the moments of the answers, one before the other. */
function graphOf(acts: readonly Act[]): Edge[][] {
  const writers = new Map<string, number>();
  for (const [at, { wrote }] of acts.entries()) for (const each of wrote) writers.set(nameOf(each), at);
  const edges: Edge[][] = Array.from({ length: 2 * acts.length }, () => []);
  const add = (from: number | undefined, to: number | undefined, why: Why): void => {
    if (from !== undefined && to !== undefined && from !== to) edges[from]?.push({ to, why });
  };
  const next = ({ id, version }: VersionKey) => writers.get(nameOf({ id, version: version + 1 }));
  for (const [at, { wrote, saw }] of acts.entries()) {
    for (const each of wrote) add(at, next(each), 'ww');
    for (const each of saw) {
      add(writers.get(nameOf(each)), at, 'wr');
      add(at, next(each), 'rw');
    }
  }
  const answered = acts.map(({ to }, at) => ({ to, at })).sort((a, b) => a.to - b.to);
  const asked = acts.map(({ from }, at) => ({ from, at })).sort((a, b) => a.from - b.from);
  let before = -1;
  for (const { from, at } of asked) {
    while ((answered[before + 1]?.to ?? Number.POSITIVE_INFINITY) < from) before += 1;
    if (before >= 0) add(acts.length + before, at, 'rt');
  }
  for (const [place, { at }] of answered.entries()) {
    add(at, acts.length + place, 'rt');
    if (place > 0) add(acts.length + place - 1, acts.length + place, 'rt');
  }
  return edges;
}

/** Groups of more than one in which each comes before each, by Tarjan's way without recursion. */
function groupsOf(edges: readonly Edge[][]): number[][] {
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const waiting: number[] = [];
  const isWaiting = new Set<number>();
  const groups: number[][] = [];
  const enter = (node: number): { node: number; edge: number } => {
    order.set(node, order.size);
    low.set(node, order.get(node) as number);
    waiting.push(node);
    isWaiting.add(node);
    return { node, edge: 0 };
  };
  const lower = (node: number, by: number): void => void low.set(node, Math.min(low.get(node) as number, by));
  for (const start of edges.keys()) {
    if (order.has(start)) continue;
    const path = [enter(start)];
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { node } = step;
      const to = edges[node]?.[step.edge]?.to;
      step.edge += 1;
      if (to !== undefined) {
        if (!order.has(to)) path.push(enter(to));
        else if (isWaiting.has(to)) lower(node, order.get(to) as number);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent.node, low.get(node) as number);
      if (low.get(node) !== order.get(node)) continue;
      const group = waiting.splice(waiting.lastIndexOf(node));
      for (const each of group) isWaiting.delete(each);
      if (group.length > 1) groups.push(group);
    }
  }
  return groups;
}

interface Step {
  readonly from: number;
  readonly edge: Edge;
}

/** The shortest circle through any of a few acts of the group. */
function shortest(edges: readonly Edge[][], group: readonly number[], acts: number): readonly Step[] | undefined {
  const within = new Set(group);
  const circles = group.filter((node) => node < acts).map((node) => circleThrough(edges, within, node));
  return circles.filter((circle) => circle !== undefined).sort((a, b) => a.length - b.length)[0];
}

function circleThrough(edges: readonly Edge[][], within: ReadonlySet<number>, start: number): readonly Step[] | undefined {
  const came = new Map<number, Step>();
  const queue = [start];
  for (const node of queue) {
    for (const edge of edges[node] ?? []) {
      if (!within.has(edge.to) || came.has(edge.to)) continue;
      came.set(edge.to, { from: node, edge });
      if (edge.to === start) {
        const circle: Step[] = [];
        for (let step = came.get(start); step !== undefined; step = step.from === start ? undefined : came.get(step.from))
          circle.unshift(step);
        return circle;
      }
      queue.push(edge.to);
    }
  }
  return undefined;
}

function told(circle: readonly Step[], acts: readonly Act[]): string {
  const why = new Set(circle.map(({ edge }) => edge.why));
  const reads = circle.filter(({ edge }) => edge.why === 'rw').length;
  const kind = reads > 1 ? 'G2' : reads === 1 ? 'G-single' : why.has('wr') ? 'G1c' : 'G0';
  const steps = circle.flatMap(({ from, edge }) => {
    const act = acts[from];
    return act === undefined ? [] : [`${act.what} (${act.from}–${act.to}) ${edge.why}`];
  });
  return `${kind}${why.has('rt') ? ' in real time' : ''}: ${steps.join(' → ')}`;
}
