/**
 * Whether selective searches stay quick when much is there: the same searches of the store at two sizes, with the ratio
 * of their p95. The store alone is measured: what stands before it takes as long at either size, and would flatter the
 * ratio. The two take turns, so that a slow moment of the machine meets both.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchQuery } from '../../server/search/query.ts';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { type Figures, figuresOf, type Times } from './load.ts';
import type { Report } from './report.ts';
import { StorePopulation } from './store-population.ts';

const SMALL = 10_000;
const LARGE = 1_000_000;
const AT_MOST = 1.5;
const ASKED_BEFORE = 500;
const ROUNDS = 20;
const ASKED_IN_A_ROUND = 250;

/** Opens an empty database; `close` removes it. */
type OpenEmpty = () => Promise<Database>;

interface Loaded {
  readonly database: Database;
  readonly searches: Readonly<Record<string, (n: number) => SearchQuery>>;
}

/** Adds a row for each search. Loading a million resources takes some minutes. */
export async function measureScale(report: Report, open: OpenEmpty): Promise<void> {
  const small = await load(SMALL, open);
  const large = await load(LARGE, open);
  try {
    for (const name of Object.keys(small.searches)) {
      const [few, many] = await takeTurns(name, small, large);
      const ratio = many.p95 / few.p95;
      report.add({ workload: `${name}, ${LARGE / SMALL} times as many`, ...many, ratio, target: AT_MOST, atMost: true });
    }
  } finally {
    await small.database.close();
    await large.database.close();
  }
}

async function load(resources: number, open: OpenEmpty): Promise<Loaded> {
  const database = await open();
  const people = new StorePopulation(resources);
  const perSecond = await people.load(database.resources);
  console.log(`${resources} resources loaded for selective searches, ${perSecond.toFixed(0)} a second`);
  return { database, searches: people.selective() };
}

/** Figures of one search at both sizes; one search after the other, so that none waits for another. */
async function takeTurns(name: string, small: Loaded, large: Loaded): Promise<readonly [small: Figures, large: Figures]> {
  const rounds: [Times[], Times[]] = [[], []];
  for (const loaded of [small, large]) await ask(loaded, name, 0, ASKED_BEFORE);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [place, loaded] of [small, large].entries()) {
      rounds[place]?.push(await ask(loaded, name, ASKED_BEFORE + round * ASKED_IN_A_ROUND, ASKED_IN_A_ROUND));
    }
  }
  return [figuresOf(rounds[0]), figuresOf(rounds[1])];
}

async function ask({ database, searches }: Loaded, name: string, first: number, count: number): Promise<Times> {
  const make = searches[name] as (n: number) => SearchQuery;
  const each: number[] = [];
  const startMs = performance.now();
  for (let n = first; n < first + count; n += 1) {
    const query = make(n);
    const askedMs = performance.now();
    await database.resources.search(query);
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
