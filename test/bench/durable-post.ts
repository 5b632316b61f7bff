/**
 * How much of a bare server's POST is left when nothing but durability is asked of it, and when the rows of a plan are
 * stored besides: what no write of these rows can be faster than on this machine, whatever it does besides. All take turns,
 * as everywhere in the benchmark.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import type { Course } from './compare.ts';
import { personBundle, personPlan } from './population.ts';
import { rawStore } from './raw-store.ts';
import type { Report } from './report.ts';
import { processorTime } from './service.ts';
import { workloads } from './workloads.ts';
import { bareDurable, barePost, bareRows, type LoadedYardstick } from './yardsticks.ts';

/**
 * Adds a row for each of two bare servers that sync what they are sent, and for one that stores the rows of a create and of
 * an update beside those of `people`, held against the one that keeps nothing.
 */
export async function measureDurablePost(report: Report, folder: string, people: number, course: Course): Promise<void> {
  const { clients, rounds, roundMs, warmUpMs } = course;
  const plan = personPlan(0);
  const file = await filled(folder, people, clients);
  const rowsOf = (name: string) => bareRows(file, clients, named(name, people), warmUpMs);
  const bare = running('', await barePost(folder, clients, plan));
  const durable = [
    running('bare POST that appends the body to a synced file', await bareDurable(folder, clients, plan, '/append')),
    running('bare POST that inserts it as one row of SQLite', await bareDurable(folder, clients, plan, '/insert')),
    running('bare POST that stores the rows of a create', await rowsOf('create CarePlan')),
    running('bare PUT that stores the rows of an update', await rowsOf('update CarePlan')),
  ];
  for (let round = 0; round < rounds; round += 1) {
    for (const each of [bare, ...durable]) await measure(each, roundMs);
  }
  for (const { workload, server, done, used } of durable) {
    const processor = [used / done, bare.used / bare.done] as const;
    const perSecond = (done * 1000) / (rounds * roundMs);
    report.add({ workload, ...server.figures(), perSecond, ratio: done / bare.done, target: 0, processor });
    await server.close();
  }
  await bare.server.close();
}

interface Running {
  readonly workload: string;
  readonly server: LoadedYardstick;
  /** Requests, and processor time of all, µs. */
  done: number;
  used: number;
}

function running(workload: string, server: LoadedYardstick): Running {
  return { workload, server, done: 0, used: 0 };
}

async function measure(each: Running, roundMs: number): Promise<void> {
  const before = processorTime(each.server.pid);
  each.done += ((await each.server.round(roundMs)) * roundMs) / 1000;
  each.used += processorTime(each.server.pid) - before;
}

function named(name: string, people: number) {
  const found = workloads(people, personPlan, personBundle).find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`There is no workload ${name}`);
  return found.next;
}

/** A file of the product that holds as many people as in the rest of the benchmark. */
async function filled(folder: string, people: number, clients: number): Promise<string> {
  const file = join(mkdtempSync(join(folder, 'rows-')), 'rows.sqlite');
  const loading = rawStore(await openSqliteStore({ file }), clients, 0);
  await loading.write(people);
  await loading.close();
  return file;
}
