/**
 * Whether selective searches stay quick when much is there: the same searches at two sizes, with the ratio of their p95,
 * as clients are answered and, beside it, in the store alone, where the pages that must come from the operating system
 * are most of what is left. The two sizes take turns, so that a slow moment of the machine meets both.
 */
import { join } from 'node:path';
import type { SearchQuery } from '../../server/search/query.ts';
import type { Database } from '../../server/store/database.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { bearer, startTestServer, type TestServer } from '../support/test-server.ts';
import { Client, type Figures, figuresOf, LoadRun, type Times } from './load.ts';
import type { Report } from './report.ts';
import { StorePopulation } from './store-population.ts';

const SMALL = 10_000;
const LARGE = 1_000_000;
const AT_MOST = 1.5;
const ASKED_BEFORE = 500;
const ROUNDS = 20;
const ASKED_IN_A_ROUND = 250;
const CLIENTS = 16;
const ROUND_MS = 250;

interface Loaded {
  readonly database: Database;
  readonly server: TestServer;
  readonly searches: Readonly<Record<string, (n: number) => SearchQuery>>;
  readonly requests: Readonly<Record<string, (n: number) => string>>;
}

/**
 * Adds a row for each search. Loading a million resources takes some minutes, and 3 GB on the disk.
 * @param folder where the databases are made; those that are there are used as they are.
 */
export async function measureScale(report: Report, folder: string): Promise<void> {
  const small = await load(SMALL, folder);
  const large = await load(LARGE, folder);
  const times = LARGE / SMALL;
  try {
    for (const name of Object.keys(small.requests)) {
      const [few, many] = await answersInTurns(name, small, large);
      report.add({ workload: `${name}, ${times} times as many`, ...many, ratio: many.p95 / few.p95, target: AT_MOST, atMost: true });
    }
    for (const name of Object.keys(small.searches)) {
      const [few, many] = await searchesInTurns(name, small, large);
      report.add({ workload: `${name}, ${times} times as many, in the store`, ...many, ratio: many.p95 / few.p95, target: 0 });
    }
  } finally {
    for (const { server, database } of [small, large]) {
      await server.close();
      await database.close();
    }
  }
}

async function load(resources: number, folder: string): Promise<Loaded> {
  const database = await openSqliteStore({ file: join(folder, `scale-${resources}.sqlite`) });
  const people = new StorePopulation(resources);
  if ((await database.resources.read('Observation', `o${people.observations - 1}`)) === undefined) {
    const perSecond = await people.load(database.resources);
    console.log(`${resources} resources loaded for selective searches, ${perSecond.toFixed(0)} a second`);
  }
  const server = await startTestServer({ store: database.resources });
  return { database, server, searches: people.selective(), requests: people.requests() };
}

/** Figures of one request at both sizes, from many clients. */
async function answersInTurns(name: string, small: Loaded, large: Loaded): Promise<readonly [small: Figures, large: Figures]> {
  const loads = [small, large].map(({ server, requests }) => {
    const client = new Client(server.url, { Authorization: bearer(), Accept: 'application/fhir+json' });
    const path = requests[name] as (n: number) => string;
    return { client, load: new LoadRun(client, { clients: CLIENTS, next: (n) => ({ method: 'GET', path: `/${path(n)}` }) }) };
  });
  for (const { load } of loads) await load.warmUp(2 * ROUND_MS);
  for (let round = 0; round < ROUNDS; round += 1) for (const { load } of loads) await load.round(ROUND_MS);
  for (const { client } of loads) client.close();
  return loads.map(({ load }) => load.figures()) as [Figures, Figures];
}

/** Figures of one search of the store at both sizes; one search after the other, so that none waits for another. */
async function searchesInTurns(name: string, small: Loaded, large: Loaded): Promise<readonly [small: Figures, large: Figures]> {
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
