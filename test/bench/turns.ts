/** Bare servers that take turns, each held against one that does less: a slow moment of the machine meets all. */
import type { Course } from './compare.ts';
import type { Report } from './report.ts';
import { processorTime } from './service.ts';
import type { LoadedYardstick } from './yardsticks.ts';

/** What is measured, and the yardstick that it is held against; several may have the same. */
export interface Turn {
  readonly workload: string;
  readonly server: LoadedYardstick;
  readonly against: LoadedYardstick;
}

/** Adds a row for each turn, and closes all servers. */
export async function takeTurns(report: Report, turns: readonly Turn[], { rounds, roundMs }: Course): Promise<void> {
  const running = new Map(turns.flatMap(({ server, against }) => [against, server]).map((server) => [server, { done: 0, used: 0 }]));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [server, sum] of running) {
        const before = processorTime(server.pid);
        sum.done += ((await server.round(roundMs)) * roundMs) / 1000;
        sum.used += processorTime(server.pid) - before;
      }
    }
  } finally {
    // One that goes on would keep the process from ending.
    for (const server of running.keys()) await server.close();
  }
  for (const { workload, server, against } of turns) {
    // Requests, and processor time of all, µs.
    const [own, other] = [running.get(server), running.get(against)] as [Sum, Sum];
    const perSecond = (own.done * 1000) / (rounds * roundMs);
    const processor = [own.used / own.done, other.used / other.done] as const;
    report.add({ workload, ...server.figures(), perSecond, ratio: own.done / other.done, target: 0, processor });
  }
}

interface Sum {
  readonly done: number;
  readonly used: number;
}
