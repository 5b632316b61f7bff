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
import { takeTurns } from './turns.ts';
import { workloadNamed } from './workloads.ts';
import { bareDurable, bareDuties, barePost, bareRows } from './yardsticks.ts';

/**
 * Adds a row for each of two bare servers that sync what they are sent, and for one that stores the rows of a create and of
 * an update beside those of `people`, held against the one that keeps nothing.
 */
export async function measureDurablePost(report: Report, folder: string, people: number, course: Course): Promise<void> {
  const { clients, warmUpMs } = course;
  const plan = personPlan(0);
  const file = await filled(folder, people, clients);
  const nextOf = (name: string) => workloadNamed(name, people, personPlan, personBundle).next;
  const rowsOf = (name: string) => bareRows(file, clients, nextOf(name), warmUpMs);
  const dutiesOf = (name: string, ...beside: 'provenance'[]) => bareDuties(file, beside, { clients, next: nextOf(name) }, warmUpMs);
  const against = await barePost(folder, clients, plan);
  const turns = [
    { workload: 'bare POST that appends the body to a synced file', server: await bareDurable(folder, clients, plan, '/append'), against },
    { workload: 'bare POST that inserts it as one row of SQLite', server: await bareDurable(folder, clients, plan, '/insert'), against },
    { workload: 'bare POST that stores the rows of a create', server: await rowsOf('create CarePlan'), against },
    { workload: 'bare PUT that stores the rows of an update', server: await rowsOf('update CarePlan'), against },
    { workload: 'the same POST that checks and indexes it too', server: await dutiesOf('create CarePlan'), against },
    { workload: 'the same PUT that checks and indexes it too', server: await dutiesOf('update CarePlan'), against },
    { workload: 'the same POST with a Provenance', server: await dutiesOf('create CarePlan', 'provenance'), against },
    { workload: 'the same PUT with a Provenance', server: await dutiesOf('update CarePlan', 'provenance'), against },
  ];
  await takeTurns(report, turns, course);
}

/** A file of the product that holds as many people as in the rest of the benchmark. */
async function filled(folder: string, people: number, clients: number): Promise<string> {
  const file = join(mkdtempSync(join(folder, 'rows-')), 'rows.sqlite');
  const loading = rawStore(await openSqliteStore({ file }), clients, 0);
  await loading.write(people);
  await loading.close();
  return file;
}
