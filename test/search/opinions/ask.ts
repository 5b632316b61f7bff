/** Asks one server one search, whole and page by page, and tells what differs from what should be answered. */
import type { TestAnswer, TestServer } from '../../support/test-server.ts';
import { expectedIncludes, type Include } from './includes.ts';
import type { Held } from './population.ts';
import { misplaced, type SortBy } from './sorting.ts';
import { BASE_URL } from './values.ts';
import type { World } from './world.ts';

export interface Question {
  readonly request: { readonly path: string; readonly query: string };
  readonly headers: Record<string, string>;
  /** As the caller sees it. */
  readonly world: World;
  /** Names of what should be found, sorted. */
  readonly expected: readonly string[];
  readonly sort: readonly SortBy[];
  readonly includes: readonly Include[];
  readonly posts: boolean;
  readonly counts: boolean;
  /** Of the pages it is then read by; 0 for none. */
  readonly pageSize: number;
}

export interface Outcome {
  readonly faults: readonly string[];
  /** Why the server refused to answer (400). */
  readonly refused?: string;
}

interface Page {
  readonly total: number | undefined;
  /** `Type/id` of the matches, in order; `Type/id#id` of what is within one. */
  readonly names: readonly string[];
  readonly included: readonly string[];
  readonly links: ReadonlyMap<string, string>;
}

const WHOLE = '_total=accurate&_count=1000';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

export async function ask(server: TestServer, question: Question): Promise<Outcome> {
  const { request, headers, posts, counts, pageSize } = question;
  const { path, query } = request;
  const answer = posts
    ? await server.request('POST', `${path === '' ? '' : `${path}/`}_search`, `${query}&${WHOLE}`, { ...headers, ...FORM })
    : await server.request('GET', `${path}?${query}&${WHOLE}`, undefined, headers);
  if (answer.status === 400) return { faults: [], refused: answer.body.issue?.[0]?.diagnostics ?? '' };
  if (answer.status !== 200) return { faults: [`answers ${answer.status}: ${answer.body.issue?.[0]?.diagnostics}`] };
  const page = pageOf(answer);
  const faults = [...wholeFaults(page, question), ...includeFaults(page, question)];
  const read = async (url: string): Promise<Page> => {
    const place = url.startsWith(BASE_URL) ? url.slice(BASE_URL.length).replace(/^\//, '') : url;
    return pageOf(await server.request('GET', place, undefined, headers));
  };
  if (counts) faults.push(...(await countFaults(question, read)));
  if (pageSize > 0) faults.push(...(await pagingFaults(question, page.names, read)));
  return { faults };
}

function wholeFaults({ total, names, links }: Page, { world, expected, sort }: Question): string[] {
  const faults: string[] = [];
  const show = (name: string) => JSON.stringify(world.named(name));
  const lacking = expected.filter((name) => !names.includes(name));
  const surplus = names.filter((name) => !expected.includes(name));
  if (new Set(names).size !== names.length) faults.push(`repeats ${names.join(' ')}`);
  if (total !== names.length) faults.push(`tells a total of ${total} for ${names.length}`);
  for (const name of lacking.slice(0, 1)) faults.push(`lacks ${name} (${lacking.length}): ${show(name)}`);
  for (const name of surplus.slice(0, 1)) faults.push(`finds ${name} (${surplus.length}): ${show(name)}`);
  const wrong = misplaced(world, names, sort);
  if (wrong !== undefined) faults.push(`sorts wrongly: ${wrong}`);
  if (links.has('next')) faults.push('leads on from a page that holds all');
  return faults;
}

function includeFaults({ names, included }: Page, { world, includes }: Question): string[] {
  const expected = expectedIncludes(world, names, includes).join(' ');
  const found = [...included].sort().join(' ');
  return found === expected ? [] : [`includes ${found} for ${expected} beside ${names.join(' ')}`];
}

type Read = (url: string) => Promise<Page>;

async function countFaults({ request: { path, query }, expected }: Question, read: Read): Promise<string[]> {
  const faults: string[] = [];
  for (const more of ['_summary=count', '_count=0']) {
    const { total, names } = await read(`${path}?${query}&${more}`);
    if (total !== expected.length || names.length > 0) faults.push(`counts ${total} for ${expected.length} with ${more}`);
  }
  return faults;
}

/** All pages forwards and backwards join to the whole. */
async function pagingFaults(question: Question, whole: readonly string[], read: Read): Promise<string[]> {
  const { path, query } = question.request;
  const first = `${path}?${query}&_count=${question.pageSize}&_total=accurate`;
  const faults: string[] = [];
  const all = whole.join(' ');
  const walk = async (from: Page, relation: string): Promise<Page[]> => {
    const pages = [from];
    for (
      let url = from.links.get(relation);
      url !== undefined && pages.length <= whole.length + 1;
      url = pages.at(-1)?.links.get(relation)
    ) {
      pages.push(await read(url));
    }
    return pages;
  };
  const there = await walk(await read(first), 'next');
  const back = (await walk(there.at(-1) as Page, 'previous')).reverse();
  const [start] = there as [Page];
  if (JSON.stringify(parametersIn(start.links.get('self') ?? '')) !== JSON.stringify(parametersIn(first)))
    faults.push(`says of itself ${start.links.get('self')}`);
  for (const [way, pages] of Object.entries({ forwards: there, backwards: back })) {
    const joined = pages.flatMap(({ names }) => names).join(' ');
    if (joined !== all) faults.push(`has ${way} by pages of ${question.pageSize} ${joined} for ${all}`);
    for (const page of pages) {
      if (page.total !== whole.length) faults.push(`tells a total of ${page.total} on a page ${way}, for ${whole.length}`);
      if (page.names.length > question.pageSize) faults.push(`gives ${page.names.length} on a page of ${question.pageSize}`);
      faults.push(...includeFaults(page, question));
    }
  }
  return faults;
}

interface Entry {
  readonly fullUrl: string;
  readonly resource: Held;
  readonly search: { readonly mode: string };
}

/** @throws Error when it was not answered. */
function pageOf({ body, status, text }: TestAnswer): Page {
  if (status !== 200) throw new Error(`A page was answered ${status}: ${text}`);
  const entries = (body.entry ?? []) as readonly Entry[];
  const named = (mode: string) =>
    entries
      .filter(({ search }) => search.mode === mode)
      .map(({ fullUrl, resource }) => {
        const place = fullUrl.slice(BASE_URL.length + 1);
        const name = place.includes('#') ? place : `${resource.resourceType}/${resource.id}`;
        return place === name ? name : `${name} as ${fullUrl}`;
      });
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
function parametersIn(url: string): readonly (readonly [string, string])[] {
  return [...new URLSearchParams(url.slice(url.indexOf('?') + 1))];
}
