/**
 * Whether selective searches stay quick when much is there: the same searches of the store at two sizes, with the ratio
 * of their p95.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { type Figures, figuresOf, type Times } from './load.ts';
import type { Report } from './report.ts';
import { StorePopulation } from './store-population.ts';

const SMALL = 10_000;
const LARGE = 1_000_000;
const AT_MOST = 1.5;
const ASKED_BEFORE = 500;
const ASKED = 4_000;

/** Opens an empty database; `close` removes it. */
type OpenEmpty = () => Promise<Database>;

/** Adds a row for each search. Loading a million resources takes some minutes. */
export async function measureScale(report: Report, open: OpenEmpty): Promise<void> {
  const small = await figuresAt(SMALL, open);
  const large = await figuresAt(LARGE, open);
  for (const [name, figures] of large) {
    const ratio = figures.p95 / (small.get(name)?.p95 ?? Number.NaN);
    report.add({ workload: `${name}, ${LARGE / SMALL} times as many`, ...figures, ratio, target: AT_MOST, atMost: true });
  }
}

/** Figures of each selective search, one after the other, so that none waits for another. */
async function figuresAt(resources: number, open: OpenEmpty): Promise<ReadonlyMap<string, Figures>> {
  const database = await open();
  try {
    const people = new StorePopulation(resources);
    const perSecond = await people.load(database.resources);
    console.log(`${resources} resources loaded for selective searches, ${perSecond.toFixed(0)} a second`);
    const found = new Map<string, Figures>();
    for (const [name, make] of Object.entries(people.selective())) {
      for (let n = 0; n < ASKED_BEFORE; n += 1) await database.resources.search(make(n));
      found.set(name, figuresOf([await ask((n) => database.resources.search(make(n + ASKED_BEFORE)))]));
    }
    return found;
  } finally {
    await database.close();
  }
}

async function ask(search: (n: number) => Promise<unknown>): Promise<Times> {
  const each: number[] = [];
  const startMs = performance.now();
  for (let n = 0; n < ASKED; n += 1) {
    const askedMs = performance.now();
    await search(n);
    each.push(performance.now() - askedMs);
  }
  return { each, seconds: (performance.now() - startMs) / 1000 };
}

/** An empty SQLite database in a folder of its own. */
export async function emptySqlite(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-scale-'));
  const database = await openSqliteStore({ file: join(folder, 'scale.sqlite') });
  const close = async (): Promise<void> => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...database, close };
}
