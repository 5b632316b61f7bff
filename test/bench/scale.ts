/**
 * Whether selective searches stay quick when much is there: the same searches at two sizes, with the ratio of their p95.
 * The two sizes take turns, so that a slow moment of the machine meets both, and the ratio is the median of those of the
 * rounds, so that one that meets only one of them does not count.
 *
 * What counts is a server whose operating system holds the file in its cache, as one does that has memory for it: both
 * files are read through before each round, for some machines take that cache away within seconds. Beside it stand the
 * store alone, with the pages that a search reads of the file, and the store with nothing held: each page then comes
 * from the disk, at whatever that takes.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { SearchQuery } from '../../server/search/query.ts';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { bearer, startTestServer, type TestServer } from '../support/test-server.ts';
import { Client, figuresOf, LoadRun, type Times } from './load.ts';
import type { Report } from './report.ts';
import { StorePopulation } from './store-population.ts';

const SMALL = 10_000;
const LARGE = 1_000_000;
const AT_MOST = 1.5;
const CLIENTS = 16;
const ROUNDS = 20;
const ROUND_MS = 250;
const ASKED_BEFORE = 500;

interface Loaded {
  readonly file: string;
  readonly database: Database;
  readonly server: TestServer;
  readonly searches: Readonly<Record<string, (n: number) => SearchQuery>>;
  readonly requests: Readonly<Record<string, (n: number) => string>>;
}

/** Searches of the store alone: rounds, how many in each, and what is done before each. */
interface Course {
  readonly rounds: number;
  readonly asked: number;
  readonly before: (loaded: Loaded) => void;
}

/**
 * Adds rows for each search. Loading a million resources takes some minutes, and 3 GB on the disk.
 * @param folder where the databases are made; those that are there are used as they are.
 */
export async function measureScale(report: Report, folder: string): Promise<void> {
  const both = [await load(SMALL, folder), await load(LARGE, folder)] as const;
  const [small] = both;
  const times = LARGE / SMALL;
  try {
    for (const name of Object.keys(small.requests)) {
      const [few, many] = await answersInTurns(name, both);
      const row = { ...figuresOf(many), ratio: ratioOf(few, many), note: timesOf(few), target: AT_MOST, atMost: true } as const;
      report.add({ workload: `${name}, ${times} times as many`, ...row });
    }
    const searched = async (where: string, course: Course): Promise<void> => {
      for (const name of Object.keys(small.searches)) {
        const [few, many] = await searchesInTurns(name, both, course);
        const note = `${timesOf(few.rounds)}; pages read ${few.pages.toFixed(1)} and ${many.pages.toFixed(1)}`;
        const row = { ...figuresOf(many.rounds), ratio: ratioOf(few.rounds, many.rounds), note, target: 0 };
        report.add({ workload: `${name}, ${times} times as many, ${where}`, ...row });
      }
    };
    await searched('in the store', { rounds: 10, asked: 500, before: holdInMemory });
    if (both.every(dropFromMemory)) await searched('in the store, from the disk', { rounds: 5, asked: 100, before: dropFromMemory });
  } finally {
    for (const { server, database } of both) {
      await server.close();
      await database.close();
    }
  }
}

async function load(resources: number, folder: string): Promise<Loaded> {
  const file = join(folder, `scale-${resources}.sqlite`);
  const database = await openSqliteStore({ file });
  const people = new StorePopulation(resources);
  if ((await database.resources.read('Observation', `o${people.observations - 1}`)) === undefined) {
    const perSecond = await people.load(database.resources);
    console.log(`${resources} resources loaded for selective searches, ${perSecond.toFixed(0)} a second`);
  }
  const server = await startTestServer({ store: database.resources });
  return { file, database, server, searches: people.selective(), requests: people.requests() };
}

const CHUNK = Buffer.alloc(4 * 1024 * 1024);

/** Reads the file through, so that the operating system holds it. */
function holdInMemory({ file }: Loaded): void {
  const opened = openSync(file, 'r');
  while (readSync(opened, CHUNK) > 0);
  closeSync(opened);
}

/** Has the operating system let go of the file. @returns false where it cannot be asked to: GNU's dd does it. */
function dropFromMemory({ file }: Loaded): boolean {
  return spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']).status === 0;
}

function timesOf(few: readonly Times[]): string {
  const { p50, p95 } = figuresOf(few);
  return `of ${SMALL}: p50 ${p50.toFixed(2)} p95 ${p95.toFixed(2)} ms`;
}

/** The median over the rounds of how many times as long the p95 is where much is there. */
function ratioOf(few: readonly Times[], many: readonly Times[]): number {
  const p95 = (round: Times | undefined): number => (round === undefined ? Number.NaN : figuresOf([round]).p95);
  const ratios = many.map((round, n) => p95(round) / p95(few[n])).sort((a, b) => a - b);
  return ratios[ratios.length >> 1] ?? Number.NaN;
}

/** One request at both sizes, from many clients. */
async function answersInTurns(name: string, both: readonly Loaded[]): Promise<readonly [few: readonly Times[], many: readonly Times[]]> {
  const loads = both.map(({ server, requests }) => {
    const client = new Client(server.url, { Authorization: bearer(), Accept: 'application/fhir+json' });
    const path = requests[name] as (n: number) => string;
    return { client, load: new LoadRun(client, { clients: CLIENTS, next: (n) => ({ method: 'GET', path: `/${path(n)}` }) }) };
  });
  both.forEach(holdInMemory);
  for (const { load } of loads) await load.warmUp(ROUND_MS);
  for (let round = 0; round < ROUNDS; round += 1) {
    both.forEach(holdInMemory);
    for (const { load } of loads) await load.round(ROUND_MS);
  }
  for (const { client } of loads) client.close();
  return loads.map(({ load }) => load.rounds) as [readonly Times[], readonly Times[]];
}

interface Searched {
  readonly rounds: readonly Times[];
  /** Read of the file by each search, whether the operating system held them or not. */
  readonly pages: number;
}

/** One search of the store at both sizes; one search after the other, so that none waits for another. */
async function searchesInTurns(
  name: string,
  both: readonly Loaded[],
  { rounds, asked, before }: Course,
): Promise<readonly [few: Searched, many: Searched]> {
  const sizes = both.map((loaded) => ({ loaded, times: [] as Times[], pages: 0 }));
  for (const loaded of both) await ask(loaded, name, 0, ASKED_BEFORE);
  for (let round = 0; round < rounds; round += 1) {
    both.forEach(before);
    for (const size of sizes) {
      const first = pagesRead();
      size.times.push(await ask(size.loaded, name, ASKED_BEFORE + round * asked, asked));
      size.pages += pagesRead() - first;
    }
  }
  return sizes.map(({ times, pages }): Searched => ({ rounds: times, pages: pages / (rounds * asked) })) as [Searched, Searched];
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

const PAGE_BYTES = 4096;
const OWN_READS = '/proc/self/io';

/** What this process has read so far, in pages of SQLite; not a number where the system does not tell. */
function pagesRead(): number {
  if (!existsSync(OWN_READS)) return Number.NaN;
  return Number(/rchar: (\d+)/.exec(readFileSync(OWN_READS, 'utf8'))?.[1]) / PAGE_BYTES;
}
