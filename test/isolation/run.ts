/** A run: clients, those who follow what they change, and the index made anew meanwhile; then the judgement. */
import { setTimeout } from 'node:timers/promises';
import { type Feed, nameOf } from './acts.ts';
import { runClients } from './clients.ts';
import { faultsOf, halvesOf } from './judge.ts';
import { type Asks, exported, imported, poll } from './polls.ts';
import { feedOf, IMPORTED, REGISTERS, register } from './resources.ts';
import type { Services } from './services.ts';

interface Judgement {
  readonly faults: readonly string[];
  /** What followers have not met. */
  readonly missed: readonly string[];
  readonly written: number;
}

interface Options {
  readonly seed: number;
  readonly clients: number;
  readonly steps: number;
}

const PAUSE_MS = 15;

export async function run(services: Services, options: Options): Promise<Judgement> {
  const { servers } = services;
  const state = { isRunning: true };
  const whileClientsRun = (work: (round: number) => Promise<void>) => whileRunning(() => state.isRunning, work);
  const followers = FOLLOWERS.map((make) => make(servers));
  const pages: Set<string>[] = [];
  const meanwhile = Promise.all([
    ...followers.map((follower) => whileClientsRun(follower.poll)),
    whileClientsRun(async (round) => void pages.push(new Set(await newest(servers[round % servers.length] as Asks)))),
    whileClientsRun(async () => void (await services.reindex())),
    whileClientsRun((round) => imported(servers[round % servers.length] as Asks, importOf(round))),
  ]);
  const end = (): void => {
    state.isRunning = false;
  };
  const [acts] = await Promise.all([runClients({ servers, ...options }).finally(end), meanwhile]);
  for (const follower of followers) await follower.poll(0);
  const feed = await feedOf(servers.at(-1) as Asks);
  const places = new Map(feed.map((each, place) => [nameOf(each), place]));
  const halves = pages.flatMap((shown) => {
    const first = Math.min(...[...shown].map((name) => places.get(name) ?? 0));
    return halvesOf(acts, feed, shown, first);
  });
  return {
    faults: [...faultsOf(acts, feed), ...halves],
    missed: followers.flatMap((follower) => follower.missed(feed)),
    written: acts.reduce((sum, { wrote }) => sum + wrote.length, 0),
  };
}

async function whileRunning(isRunning: () => boolean, work: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; isRunning(); round += 1) {
    await work(round);
    await setTimeout(PAUSE_MS);
  }
}

/** New resources, and the registers over again: nobody is told which versions that makes. */
function importOf(round: number): string {
  const ids = [...REGISTERS, ...Array.from({ length: 10 }, (_, n) => `import-${round}-${n}`)];
  return ids.map((id) => JSON.stringify(register(id, `${IMPORTED}${round}-${id}`))).join('\n');
}

/** The newest of the history of the system, in one page. */
async function newest(server: Asks): Promise<readonly string[]> {
  const { body } = await server.request('GET', '_history?_count=40');
  const entries = (body.entry ?? []) as readonly { readonly fullUrl: string; readonly response: { readonly etag: string } }[];
  return entries.map(({ fullUrl, response }) => `${fullUrl.split('/').slice(-2).join('/')} ${/\d+/.exec(response.etag)?.[0]}`);
}

interface Follower {
  /** Asks through one of the servers for what has changed since. */
  poll(round: number): Promise<void>;
  missed(feed: Feed): readonly string[];
}

/** Goes on from the latest time it was told of, or from when it was answered. */
function follower(
  path: string,
  since: string,
  by: 'latest' | 'answered',
  wants: (feed: Feed) => Feed,
): (servers: readonly Asks[]) => Follower {
  return (servers) => {
    const met = new Set<string>();
    let from = '2026-01-01T00:00:00.000Z';
    return {
      async poll(round) {
        const told = await poll(servers[round % servers.length] as Asks, `${path}${since}${from}`);
        for (const version of told.versions) met.add(version);
        const next = by === 'latest' ? told.latest : (told.answered ?? from);
        if (next > from) from = next;
      },
      missed: (feed) => missing(`${path}${since} by ${by}`, wants(feed), met),
    };
  };
}

function exporter(servers: readonly Asks[]): Follower {
  const met = new Set<string>();
  let since = '';
  return {
    async poll(round) {
      const told = await exported(servers[round % servers.length] as Asks, `$export?_type=Basic${since}`);
      for (const version of told.versions) met.add(version);
      since = `&_since=${told.transactionTime}`;
    },
    missed: (feed) => missing('$export', current(feed), met),
  };
}

function missing(what: string, wanted: Feed, met: ReadonlySet<string>): readonly string[] {
  const names = wanted.map((each) => `${each.id.split('/').at(-1)} ${each.version}`);
  return names.filter((name) => !met.has(name)).map((name) => `${what} missed ${name}`);
}

const ofBasic = (feed: Feed): Feed => feed.filter(({ id }) => id.startsWith('Basic/'));
/** What a search finds at the end. */
const current = (feed: Feed): Feed =>
  [...new Map(ofBasic(feed).map((each) => [each.id, each])).values()].filter(({ isDeletion }) => !isDeletion);

const FOLLOWERS: readonly ((servers: readonly Asks[]) => Follower)[] = [
  follower('_history?_count=7', '&_since=', 'latest', (feed) => feed),
  follower('Basic/_history?_count=1000', '&_since=', 'answered', ofBasic),
  follower('Basic?_count=5', '&_lastUpdated=gt', 'latest', current),
  follower('Basic?_count=1000', '&_lastUpdated=ge', 'latest', current),
  exporter,
];
