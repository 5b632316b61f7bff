/**
 * One workload on a service, on its yardstick and, where one is given, on a peer: they take turns, so that a slow moment of
 * the machine meets all.
 */
import { type BenchRequest, Client, LoadRun } from './load.ts';
import type { Report } from './report.ts';
import { processorTime, type Server } from './service.ts';
import type { Workload } from './workloads.ts';
import type { Yardstick } from './yardsticks.ts';

export interface Course {
  readonly clients: number;
  readonly rounds: number;
  readonly roundMs: number;
  /** Servers live for weeks: what is measured is what the engine has compiled. */
  readonly warmUpMs: number;
}

/** A client that sends requests below the base of a server. */
export function clientOf({ base, tokens }: Server): Client {
  return new Client(base, { Accept: 'application/fhir+json' }, tokens);
}

/** Puts a workload on a server for a while. @throws Error with the first answer that is not 2xx. */
export async function warmUp(server: Server, { next }: Workload, { clients, warmUpMs }: Course): Promise<void> {
  const client = clientOf(server);
  await new LoadRun(client, { clients, next }).warmUp(warmUpMs);
  client.close();
}

/**
 * Adds a row for the first of `servers`, held against the yardstick and the workload's target, and one without a target
 * for each of the others.
 * @param yardstickFor makes the yardstick out of the first server's answer to the first request, where it needs one.
 */
export async function compare(
  report: Report,
  servers: readonly [ours: Server, ...peers: Server[]],
  workload: Workload,
  yardstickFor: (answer: (what: BenchRequest) => Promise<string>) => Promise<Yardstick>,
  course: Course,
): Promise<void> {
  const { clients, rounds, roundMs, warmUpMs } = course;
  const runs = servers.map((server) => {
    const client = clientOf(server);
    return { pid: server.pid, client, load: new LoadRun(client, { clients, next: workload.next }), used: 0 };
  });
  const yardstick = await yardstickFor(async (what) => (await (runs[0] as (typeof runs)[0]).client.send(what)).body);
  let [compared, usedByYardstick] = [0, 0];
  try {
    for (const { load } of runs) await load.warmUp(warmUpMs);
    for (let round = 0; round < rounds; round += 1) {
      for (const run of runs) run.used += (await measured(run.pid, () => run.load.round(roundMs), roundMs)).used / rounds;
      const { perSecond, used } = await measured(yardstick.pid, () => yardstick.round(roundMs), roundMs);
      compared += perSecond / rounds;
      usedByYardstick += used / rounds;
    }
  } finally {
    // Also when the workload fails: its process would live on.
    await yardstick.close();
  }
  for (const [place, { load, used, client, pid }] of runs.entries()) {
    const figures = load.figures();
    const row = {
      ...figures,
      ratio: figures.perSecond / compared,
      ...(pid === undefined ? {} : { processor: [used, usedByYardstick] as const }),
    };
    if (place === 0) report.add({ workload: workload.name, target: workload.target, ...row });
    else report.add({ workload: `${workload.name} (peer)`, target: 0, ...row });
    client.close();
  }
}

/** Operations a second, and the processor time of one, µs. */
async function measured(
  pid: number | undefined,
  work: () => Promise<number>,
  roundMs: number,
): Promise<{ perSecond: number; used: number }> {
  const before = processorTime(pid);
  const perSecond = await work();
  return { perSecond, used: (processorTime(pid) - before) / ((perSecond * roundMs) / 1000) };
}
