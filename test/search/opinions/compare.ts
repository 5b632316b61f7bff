/** Asks servers on each store and the third opinion the same searches, and tells where they differ. */
import { createIndexer } from '../../../server/search/index-resource.ts';
import type { ResourceStore } from '../../../server/store/resource-store.ts';
import { type Below, wholeFrom } from '../../support/random.ts';
import { definitions, searchRegistry } from '../../support/search-cases.ts';
import { bearer, startTestServer, type TestServer } from '../../support/test-server.ts';
import { ask } from './ask.ts';
import { entryFaults } from './by-entries.ts';
import { historyFaults, type Logged, randomHistory } from './histories.ts';
import { includeParameters } from './includes.ts';
import { type Held, idsOf, type Places, randomWrites, type Write } from './population.ts';
import { requestOf, type Search } from './query.ts';
import { SearchMaker } from './random-search.ts';
import { randomSort, sortText } from './sorting.ts';
import { BASE_URL, chance, NOW_MS, pick } from './values.ts';
import { World } from './world.ts';
import { zooTerminology } from './zoo.ts';

/** Those that matter here; a few others join them by chance. */
const TYPES = [
  ...['Patient', 'RelatedPerson', 'Practitioner', 'PractitionerRole', 'Organization', 'CarePlan', 'CareTeam', 'Goal', 'Task'],
  ...['Condition', 'Observation', 'QuestionnaireResponse', 'Questionnaire', 'Consent', 'Encounter', 'ServiceRequest', 'Communication'],
  ...['AuditEvent', 'ValueSet', 'List'],
];
/** Their composites join what stands together in one of several elements. */
const COMPOSED = ['ValueSet', 'Group', 'Questionnaire', 'DocumentReference'] as const;
const OTHERS = 4;
const STORES = ['SQLite', 'PostgreSQL'] as const;

export interface Fault {
  readonly search: string;
  readonly what: string;
}

export interface Compared {
  readonly faults: readonly Fault[];
  readonly searches: number;
  /** Searches that found something. */
  readonly matched: number;
  /** Those that all servers refused, with the reason. */
  readonly refused: readonly string[];
}

export interface Opinions {
  readonly seed: number;
  readonly searches: number;
  readonly writes: number;
  /** Opens a store whose clock is this one. */
  readonly openStores: readonly ((nowMs: () => number) => Promise<ResourceStore>)[];
}

/** The number of searches that found something, and all in which the opinions differ. */
export async function compareOpinions({ seed, searches, writes, openStores }: Opinions): Promise<Compared> {
  const random = wholeFrom(seed);
  const clock = { ms: NOW_MS - 3_600_000 };
  const nowMs = () => clock.ms;
  const services = {
    baseUrl: BASE_URL,
    index: createIndexer(definitions, searchRegistry, { baseUrl: BASE_URL }),
    writeValidation: 'off',
    terminology: zooTerminology,
    nowMs,
  } as const;
  const servers = await Promise.all(openStores.map(async (open) => startTestServer({ store: await open(nowMs), services })));
  try {
    const places = placesOf(seed, random);
    const { world, log } = await fill(servers, randomWrites(definitions, places, random, Math.max(writes, places.ids.length * 4)), clock);
    const compared = await new Comparison(servers, world, places.types, random).run(searches);
    return { ...compared, faults: [...compared.faults, ...(await compareHistories(servers, log, random, searches / 10))] };
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

/** By turns, a few resources of many types, and many of a few; for each fifth seed, so many that indexes are walked in order. */
function placesOf(seed: number, random: Below): Places {
  const others = definitions.resourceTypes.filter((type) => !TYPES.includes(type) && type !== 'Bundle');
  if (seed % 2 === 0)
    return { types: ['Patient', 'Observation', pick(random, TYPES), pick(random, COMPOSED), pick(random, others)], ids: idsOf(25) };
  return { types: [...TYPES, ...Array.from({ length: OTHERS }, () => pick(random, others))], ids: idsOf(5) };
}

/** Writes as many clients would, those of different resources at the same time, and keeps what is current. */
async function fill(
  servers: readonly TestServer[],
  writes: readonly Write[],
  clock: { ms: number },
): Promise<{ readonly world: World; readonly log: readonly Logged[] }> {
  const world = new World(definitions);
  const log: Logged[] = [];
  const versions = new Map<string, number>();
  for (const together of apart(writes)) {
    clock.ms += 10_000;
    for (const { type, id, resource } of together) {
      const name = `${type}/${id}`;
      if (resource === undefined) world.resources.delete(name);
      else world.resources.set(name, JSON.parse(JSON.stringify(resource)) as Held);
      world.updatedMs.set(name, clock.ms);
    }
    const sent = servers.flatMap((server) => together.map((write) => send(server, write, versions.get(`${write.type}/${write.id}`))));
    await Promise.all(sent);
    for (const { type, id, resource } of together) {
      const version = (versions.get(`${type}/${id}`) ?? 0) + 1;
      versions.set(`${type}/${id}`, version);
      log.push({ type, id, version, ms: clock.ms, method: resource === undefined ? 'DELETE' : 'PUT' });
    }
  }
  clock.ms = NOW_MS;
  return { world, log };
}

async function compareHistories(servers: readonly TestServer[], log: readonly Logged[], random: Below, count: number): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (let n = 0; n < count; n += 1) {
    const { asked, expected } = randomHistory(random, log);
    const told = await Promise.all(servers.map((server) => historyFaults(server, asked, expected)));
    for (const [at, all] of told.entries())
      for (const what of all) faults.push({ search: JSON.stringify(asked), what: `${STORES[at]} ${what}` });
  }
  return faults;
}

async function send(server: TestServer, { type, id, resource }: Write, version: number | undefined): Promise<void> {
  const match: Record<string, string> = version === undefined ? {} : { 'If-Match': `W/"${version}"` };
  const body = resource === undefined ? undefined : JSON.stringify(resource);
  const answer = await server.request(resource === undefined ? 'DELETE' : 'PUT', `${type}/${id}`, body, match);
  if (answer.status >= 300) throw new Error(`${type}/${id} was answered ${answer.status}: ${answer.text} ${body ?? ''}`);
}

/** Runs of writes of which no two are of the same resource. */
function apart(writes: readonly Write[]): Write[][] {
  const runs: Write[][] = [];
  let seen = new Set<string>();
  for (const write of writes) {
    const name = `${write.type}/${write.id}`;
    if (runs.length === 0 || seen.has(name) || seen.size >= 20) {
      runs.push([]);
      seen = new Set();
    }
    seen.add(name);
    runs.at(-1)?.push(write);
  }
  return runs;
}

class Comparison {
  readonly #servers: readonly TestServer[];
  readonly #world: World;
  readonly #types: readonly string[];
  readonly #maker: SearchMaker;
  readonly #random: Below;
  readonly #faults: Fault[] = [];
  readonly #refused: string[] = [];
  #matched = 0;

  constructor(servers: readonly TestServer[], world: World, types: readonly string[], random: Below) {
    this.#servers = servers;
    this.#world = world;
    this.#types = types;
    this.#maker = new SearchMaker(world, types, random);
    this.#random = random;
  }

  async run(searches: number): Promise<Compared> {
    for (let n = 0; n < searches; n += 1) await this.#compare(this.#withinSome(this.#maker.search()));
    return { faults: this.#faults, searches, matched: this.#matched, refused: this.#refused };
  }

  /** A few of the searches look at what resources contain. */
  #withinSome(search: Search): Search {
    const random = this.#random;
    if (search.owner !== undefined || search.conditions.some(({ is }) => is === 'content') || !chance(random, 12)) return search;
    return { ...search, contained: { which: pick(random, ['true', 'both']), as: pick(random, ['container', 'contained', 'contained']) } };
  }

  async #compare(search: Search): Promise<void> {
    const random = this.#random;
    const [type, ...others] = search.types;
    // What is sorted and not conditioned is walked in the order of an index.
    const isSorted = chance(random, search.conditions.length === 0 ? 80 : 35);
    const keys = others.length === 0 && type !== undefined && isSorted ? randomSort(random, this.#maker, type) : [];
    // Containers are of any type.
    const sort = search.contained?.as === 'container' ? keys.filter(({ code }) => code === '_id' || code === '_lastUpdated') : keys;
    const mayInclude = type !== undefined && search.contained === undefined;
    const includes = mayInclude && chance(random, 12) ? includeParameters(random, this.#world, this.#maker, type) : [];
    const more = [
      ...(sort.length === 0 ? [] : [['_sort', sortText(sort)] as const]),
      ...includes.map(({ name, value }) => [name, value] as const),
    ];
    const request = requestOf(search, more);
    const { world, headers } = this.#caller(search);
    const expected = world.find(search).sort();
    const manner = {
      posts: search.owner === undefined && chance(random, 15),
      counts: chance(random, 10),
      pageSize: chance(random, 25) ? 1 + random(9) : 0,
    };
    const told = decodeURIComponent(`${request.path}?${request.query}`);
    const outcomes = await Promise.all(
      this.#servers.map((server) => ask(server, { request, headers, world, expected, sort, includes, ...manner })),
    );
    const reasons = outcomes.map(({ refused }) => refused);
    if (reasons.every((reason) => reason !== undefined)) this.#refused.push(`${told}: ${reasons[0]}`);
    else
      for (const [at, { faults, refused }] of outcomes.entries()) {
        for (const what of refused === undefined ? faults : [`refuses: ${refused}`])
          this.#faults.push({ search: told, what: `${STORES[at]} ${what}` });
      }
    if (expected.length > 0) this.#matched += 1;
    const isPlain =
      search.owner === undefined &&
      search.contained === undefined &&
      search.types.length === 1 &&
      search.conditions.every((each) => each.is !== 'content');
    if (!isPlain || world !== this.#world || reasons.some((reason) => reason !== undefined) || !chance(random, 30)) return;
    const own = [...world.resources.keys()].filter((name) => name.startsWith(`${type}/`));
    const some = [...expected.slice(0, 2), ...own.slice(0, 3)];
    const faults = await entryFaults(this.#servers[0] as TestServer, world, request, search.types, some, expected);
    this.#faults.push(...faults.map((what) => ({ search: told, what })));
  }

  /** Who asks: most may see everything; some see resources of a few types only, for whom the others are not there. */
  #caller({ types, owner }: Search): { readonly world: World; readonly headers: Record<string, string> } {
    if (owner !== undefined || !chance(this.#random, 15)) return { world: this.#world, headers: {} };
    const seen = [...new Set([...types, pick(this.#random, this.#types), ...this.#types.filter(() => chance(this.#random, 50))])];
    const scopes = seen.map(
      (type) => ({ level: 'system', type, create: false, read: true, update: false, delete: false, search: true }) as const,
    );
    return { world: this.#world.seenBy(seen), headers: { Authorization: bearer({ scopes }) } };
  }
}
