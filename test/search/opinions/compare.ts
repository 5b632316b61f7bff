/** Asks servers on each store and the third opinion the same searches, and tells where they differ. */
import { createIndexer } from '../../../server/search/index-resource.ts';
import type { ResourceStore } from '../../../server/store/resource-store.ts';
import { type Below, wholeFrom } from '../../support/random.ts';
import { definitions, searchRegistry } from '../../support/search-cases.ts';
import { startTestServer, type TestAnswer, type TestServer } from '../../support/test-server.ts';
import { expectedIncludes, type Include, includeParameters } from './includes.ts';
import { type Held, idsOf, type Places, randomWrites, type Write } from './population.ts';
import { requestOf, type Search } from './query.ts';
import { SearchMaker } from './random-search.ts';
import { misplaced, randomSort, type SortBy, sortText } from './sorting.ts';
import { BASE_URL, chance, NOW_MS, pick } from './values.ts';
import { World } from './world.ts';
import { zooTerminology } from './zoo.ts';

/** Those that matter here; a few others join them by chance. */
const TYPES = [
  ...['Patient', 'RelatedPerson', 'Practitioner', 'PractitionerRole', 'Organization', 'CarePlan', 'CareTeam', 'Goal', 'Task'],
  ...['Condition', 'Observation', 'QuestionnaireResponse', 'Questionnaire', 'Consent', 'Encounter', 'ServiceRequest', 'Communication'],
  ...['AuditEvent', 'ValueSet', 'List'],
];
const OTHERS = 4;
const COUNT = '_count=1000';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

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
    const world = await fill(servers, randomWrites(definitions, places, random, Math.max(writes, places.ids.length * 4)), clock);
    return await new Comparison(servers, world, places.types, random).run(searches);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

/** By turns, a few resources of many types, and many of a few; for each fifth seed, so many that indexes are walked in order. */
function placesOf(seed: number, random: Below): Places {
  const others = definitions.resourceTypes.filter((type) => !TYPES.includes(type) && type !== 'Bundle');
  if (seed % 2 === 0)
    return { types: ['Patient', 'Observation', pick(random, TYPES), pick(random, TYPES), pick(random, others)], ids: idsOf(25) };
  return { types: [...TYPES, ...Array.from({ length: OTHERS }, () => pick(random, others))], ids: idsOf(5) };
}

/** Writes as many clients would, those of different resources at the same time, and keeps what is current. */
async function fill(servers: readonly TestServer[], writes: readonly Write[], clock: { ms: number }): Promise<World> {
  const world = new World(definitions);
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
    for (const { type, id } of together) versions.set(`${type}/${id}`, (versions.get(`${type}/${id}`) ?? 0) + 1);
  }
  clock.ms = NOW_MS;
  return world;
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

interface Page {
  readonly total: number | undefined;
  /** `Type/id` of the matches, in order. */
  readonly names: readonly string[];
  readonly included: readonly string[];
  readonly links: ReadonlyMap<string, string>;
}

class Comparison {
  readonly #servers: readonly TestServer[];
  readonly #world: World;
  readonly #maker: SearchMaker;
  readonly #random: Below;
  readonly #faults: Fault[] = [];
  readonly #refused: string[] = [];
  #matched = 0;

  constructor(servers: readonly TestServer[], world: World, types: readonly string[], random: Below) {
    this.#servers = servers;
    this.#world = world;
    this.#maker = new SearchMaker(world, types, random);
    this.#random = random;
  }

  async run(searches: number): Promise<Compared> {
    for (let n = 0; n < searches; n += 1) await this.#compare(this.#maker.search());
    return { faults: this.#faults, searches, matched: this.#matched, refused: this.#refused };
  }

  async #compare(search: Search): Promise<void> {
    const random = this.#random;
    const [type, ...others] = search.types;
    const sort = others.length === 0 && type !== undefined && chance(random, 35) ? randomSort(random, this.#world, this.#maker, type) : [];
    const includes = type !== undefined && chance(random, 12) ? includeParameters(random, this.#world, this.#maker, type) : [];
    const more = [
      ...(sort.length === 0 ? [] : [['_sort', sortText(sort)] as const]),
      ...includes.map(({ name, value }) => [name, value] as const),
    ];
    const { path: place, query } = requestOf(search, more);
    const path = `${place}?${query}`;
    const fault = (what: string): void => void this.#faults.push({ search: decodeURIComponent(path), what });
    const whole = `${query}&_total=accurate&${COUNT}`;
    const posts = search.owner === undefined && chance(random, 15);
    const answers = await Promise.all(
      this.#servers.map((server) =>
        posts
          ? server.request('POST', `${place === '' ? '' : `${place}/`}_search`, whole, FORM)
          : server.request('GET', `${place}?${whole}`),
      ),
    );
    if (answers.every(({ status }) => status === 400)) {
      this.#refused.push(`${decodeURIComponent(path)}: ${answers[0]?.body.issue?.[0]?.diagnostics}`);
      return;
    }
    const expected = this.#world.find(search).sort();
    if (expected.length > 0) this.#matched += 1;
    for (const [at, answer] of answers.entries()) {
      const store = at === 0 ? 'SQLite' : 'PostgreSQL';
      if (answer.status !== 200) {
        fault(`${store} answers ${answer.status}: ${answer.body.issue?.[0]?.diagnostics}`);
        continue;
      }
      const page = pageOf(answer);
      const told = (what: string): void => fault(`${store} ${what}`);
      this.#judge(page, expected, sort, told);
      this.#judgeIncluded(page, includes, told);
      if (page.links.has('next')) told('leads on from a page that holds all');
      if (chance(random, 10)) await this.#count(this.#servers[at] as TestServer, path, expected.length, told);
      if (chance(random, 25)) await this.#walk(this.#servers[at] as TestServer, path, page.names, told);
    }
  }

  #judge({ total, names }: Page, expected: readonly string[], sort: readonly SortBy[], told: (what: string) => void): void {
    if (new Set(names).size !== names.length) told(`repeats ${names.join(' ')}`);
    if (total !== names.length) told(`tells a total of ${total} for ${names.length}`);
    const [lacking, surplus] = [expected.filter((name) => !names.includes(name)), names.filter((name) => !expected.includes(name))];
    for (const name of lacking.slice(0, 1)) told(`lacks ${name} (${lacking.length}): ${JSON.stringify(this.#world.resources.get(name))}`);
    for (const name of surplus.slice(0, 1)) told(`finds ${name} (${surplus.length}): ${JSON.stringify(this.#world.resources.get(name))}`);
    const wrong = misplaced(this.#world, names, sort);
    if (wrong !== undefined) told(`sorts wrongly: ${wrong}`);
  }

  #judgeIncluded({ names, included }: Page, includes: readonly Include[], told: (what: string) => void): void {
    const expected = expectedIncludes(this.#world, names, includes);
    if (JSON.stringify([...included].sort()) !== JSON.stringify(expected))
      told(`includes ${[...included].sort().join(' ')} for ${expected.join(' ')}`);
  }

  async #count(server: TestServer, path: string, expected: number, told: (what: string) => void): Promise<void> {
    for (const more of ['_summary=count', '_count=0']) {
      const { total, names } = await pageAt(server, `${path}&${more}`);
      if (total !== expected || names.length > 0) told(`counts ${total} for ${expected} with ${more}`);
    }
  }

  /** All pages forwards and backwards join to the whole. */
  async #walk(server: TestServer, path: string, whole: readonly string[], told: (what: string) => void): Promise<void> {
    const count = 1 + this.#random(Math.max(2, Math.min(9, whole.length + 1)));
    const there: string[][] = [];
    let page = await pageAt(server, `${path}&_count=${count}&_total=accurate`);
    const ask = selfParameters(`${path}&_count=${count}&_total=accurate`);
    if (JSON.stringify(selfParameters(page.links.get('self') ?? '')) !== JSON.stringify(ask))
      told(`says of itself ${page.links.get('self')}`);
    for (;;) {
      there.push([...page.names]);
      if (page.total !== whole.length) told(`tells a total of ${page.total} on page ${there.length}, for ${whole.length}`);
      if (page.names.length > count) told(`gives ${page.names.length} on a page of ${count}`);
      const next = page.links.get('next');
      if (next === undefined || there.length > whole.length + 1) break;
      page = await pageAt(server, next);
    }
    if (JSON.stringify(there.flat()) !== JSON.stringify(whole))
      told(`has by pages of ${count} ${there.flat().join(' ')} for ${whole.join(' ')}`);
    const back: string[][] = [[...page.names]];
    for (
      let previous = page.links.get('previous');
      previous !== undefined && back.length <= there.length + 1;
      previous = page.links.get('previous')
    ) {
      page = await pageAt(server, previous);
      back.unshift([...page.names]);
    }
    if (JSON.stringify(back.flat()) !== JSON.stringify(whole))
      told(`has backwards by pages of ${count} ${back.flat().join(' ')} for ${whole.join(' ')}`);
  }
}

async function pageAt(server: TestServer, url: string): Promise<Page> {
  return pageOf(await server.request('GET', url.startsWith(BASE_URL) ? url.slice(BASE_URL.length).replace(/^\//, '') : url));
}

interface Entry {
  readonly resource: Held;
  readonly search: { readonly mode: string };
}

function pageOf({ body, status, text }: TestAnswer): Page {
  if (status !== 200) throw new Error(`A page was answered ${status}: ${text}`);
  const entries = (body.entry ?? []) as readonly Entry[];
  const named = (mode: string) =>
    entries.filter(({ search }) => search.mode === mode).map(({ resource }) => `${resource.resourceType}/${resource.id}`);
  const links = (body.link ?? []) as readonly { readonly relation: string; readonly url: string }[];
  return {
    total: body.total as number | undefined,
    names: named('match'),
    // A resource may be included in several versions, where references name them.
    included: [...new Set(named('include'))],
    links: new Map(links.map(({ relation, url }) => [relation, url])),
  };
}

/** What a URL asks for, in order. */
function selfParameters(url: string): readonly (readonly [string, string])[] {
  return [...new URLSearchParams(url.slice(url.indexOf('?') + 1))];
}
