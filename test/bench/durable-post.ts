/**
 * How much of a bare server's POST is left when nothing but durability is asked of it: what no write can be faster than
 * on this machine, whatever it does besides. All take turns, as everywhere in the benchmark.
 */
import type { Course } from './compare.ts';
import { personPlan } from './population.ts';
import type { Report } from './report.ts';
import { bareDurable, barePost } from './yardsticks.ts';

/** Adds a row for each of two bare servers that sync what they are sent, held against the one that does not. */
export async function measureDurablePost(report: Report, folder: string, { clients, rounds, roundMs }: Course): Promise<void> {
  const post = await barePost(folder, clients, personPlan(0));
  const durable = [
    { workload: 'bare POST that appends the body to a synced file', server: await bareDurable(folder, clients, personPlan(0), '/append') },
    { workload: 'bare POST that inserts it as one row of SQLite', server: await bareDurable(folder, clients, personPlan(0), '/insert') },
  ];
  let bare = 0;
  const seen = durable.map(() => 0);
  for (let round = 0; round < rounds; round += 1) {
    bare += await post.round(roundMs);
    for (const [place, { server }] of durable.entries()) seen[place]! += await server.round(roundMs);
  }
  for (const [place, { workload, server }] of durable.entries()) {
    report.add({ workload, ...server.figures(), perSecond: seen[place]! / rounds, ratio: seen[place]! / bare, target: 0 });
    await server.close();
  }
  await post.close();
}
