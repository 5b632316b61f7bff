/** The letter of R4 on both stores: one test a section of a page, in which the statements build on each other. */
import { afterEach, expect, it } from 'vitest';
import { createTerminology } from '../../terminology/service/create-terminology.ts';
import * as bundles from '../cases/r4-letter/bundles.ts';
import * as http from '../cases/r4-letter/http.ts';
import * as httpAll from '../cases/r4-letter/http-all.ts';
import * as operations from '../cases/r4-letter/operations.ts';
import * as resources from '../cases/r4-letter/resources.ts';
import * as searchChanges from '../cases/r4-letter/search-changes.ts';
import * as searchLinks from '../cases/r4-letter/search-links.ts';
import * as searchResults from '../cases/r4-letter/search-results.ts';
import * as searchTypes from '../cases/r4-letter/search-types.ts';
import type { Answered, Page } from '../cases/r4-letter/statement.ts';
import * as terminologyPages from '../cases/r4-letter/terminology.ts';
import { onEachDatabase } from '../support/stores.ts';
import { startTestServer, type TestAnswer, type TestServer } from '../support/test-server.ts';

const PAGES: readonly Page[] = [
  http,
  httpAll,
  bundles,
  searchTypes,
  searchLinks,
  searchChanges,
  searchResults,
  resources,
  operations,
  terminologyPages,
].flatMap((page) => Object.values(page));
const terminology = createTerminology();

interface Entry {
  readonly resource?: { readonly resourceType: string; readonly id?: string };
  readonly search?: { readonly mode: string };
}
interface Link {
  readonly relation: string;
  readonly url: string;
}

onEachDatabase('the letter of R4', (open) => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  it.each(PAGES.map((page) => [page.title, page.statements.length, page] as const))(
    '%s (%i statements)',
    async (_title, _count, { given = [], statements }) => {
      const { resources: store, state } = await open();
      server = await startTestServer({ store, services: { terminology, state, nowMs: Date.now } });
      const { url, request } = server;
      for (const resource of given) {
        const stored = await request('PUT', `${resource.resourceType}/${resource.id}`, based(resource, url));
        expect(stored.status, stored.text).toBe(201);
      }
      let known: Known = {};
      for (const { where, force, says, asked, answered } of statements) {
        const [method, path, body, headers] = based(asked, url);
        const filledPath = path.replace(/\{([\w-]+)\}/g, (_whole, name: string) => known[name] ?? '');
        const answer = await answerOf(
          () => request(method === 'POLL' ? 'GET' : method, filledPath, body, { ...headers }),
          method === 'POLL',
        );
        const told = `${where} ${force}: ${says}\n${method} ${path}\n${answer.status} ${answer.text.slice(0, 1500)}`;
        const isSorted = path.includes('_sort=');
        expect.soft(seen(unbased(answer, url), answered, isSorted), told).toEqual(expected(answered, isSorted));
        known = afterwards(known, answer);
      }
    },
  );
});

/** What stands in the place of `{name}` in the path of what is asked next. */
type Known = Readonly<Record<string, string | undefined>>;

function afterwards(known: Known, { headers, body }: TestAnswer): Known {
  const given = (name: string) => (headers.has(name) ? { [name]: headers.get(name) ?? '' } : {});
  const files = (body as { output?: readonly { url: string }[] }).output;
  const file = files?.[0] === undefined ? {} : { file: files[0].url };
  const lastUpdated = body.meta?.lastUpdated;
  const changed = body.resourceType === 'Bundle' || lastUpdated === undefined ? {} : { lastUpdated };
  return { ...known, ...changed, ...given('Location'), ...given('Content-Location'), ...file, ...linksOf({ body }) };
}

/** The answer; when it is waited for, the first that is not 202. */
async function answerOf(ask: () => Promise<TestAnswer>, isWaitedFor: boolean): Promise<TestAnswer> {
  let answer = await ask();
  for (let tries = 0; isWaitedFor && answer.status === 202 && tries < 2000; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    answer = await ask();
  }
  return answer;
}

/** What is sent, with the base in the place of `{base}`. */
function based<T>(sent: T, base: string): T {
  if (typeof sent === 'string') return sent.replaceAll('{base}', base) as T;
  if (Array.isArray(sent)) return sent.map((each) => based(each, base)) as T;
  if (typeof sent !== 'object' || sent === null || Object.getPrototypeOf(sent) !== Object.prototype) return sent;
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, based(value, base)])) as T;
}

interface Seen {
  readonly status: number;
  readonly text: string;
  readonly body: TestAnswer['body'];
  readonly header: (name: string) => string | null;
}

function unbased({ status, text, body, headers }: TestAnswer, base: string): Seen {
  const without = (value: string) => value.replaceAll(base, '{base}');
  return { status, text: without(text), body: withoutBase(body, without), header: (name) => nullOr(headers.get(name), without) };
}

function withoutBase<T>(value: T, without: (text: string) => string): T {
  if (typeof value === 'string') return without(value) as T;
  if (Array.isArray(value)) return value.map((each) => withoutBase(each, without)) as T;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutBase(each, without)])) as T;
}

const nullOr = (value: string | null, change: (text: string) => string) => (value === null ? null : change(value));

/** What is looked at of the answer, in the form in which a statement says it. */
function seen(answer: Seen, asked: Answered, isSorted: boolean): object {
  const { status, body, text, header } = answer;
  const views: Readonly<Record<string, () => unknown>> = {
    status: () => status,
    ids: () => inOrder(((body.entry ?? []) as readonly Entry[]).map(idOf), isSorted),
    issue: () => {
      const first = body.issue?.find(({ severity }) => severity === 'error' || severity === 'fatal');
      return [first?.code, ...(asked.issue?.[1] === undefined ? [] : [first?.expression?.[0]])];
    },
    at: () => Object.fromEntries(Object.keys(asked.at ?? {}).map((path) => [path, valueAt(body, path)])),
    links: () => Object.fromEntries(Object.keys(asked.links ?? {}).map((name) => [name, linksOf(answer)[name]])),
    headers: () => Object.fromEntries(Object.keys(asked.headers ?? {}).map((name) => [name, header(name)])),
    members: () => Object.keys(body).sort(),
    text: () => text,
  };
  return Object.fromEntries(Object.keys(asked).map((name) => [name, views[name]?.()]));
}

function expected(answered: Answered, isSorted: boolean): object {
  const { ids, members } = answered;
  return {
    ...answered,
    ...(ids === undefined ? {} : { ids: inOrder(ids, isSorted) }),
    ...(members === undefined ? {} : { members: [...members].sort() }),
  };
}

function valueAt(body: unknown, path: string): unknown {
  let value = body;
  for (const step of path.split('.')) {
    if (step === 'length' && Array.isArray(value)) return value.length;
    value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  }
  return value;
}

function linksOf({ body }: { readonly body: object }): Readonly<Record<string, string>> {
  const links = ((body as { link?: readonly Link[] }).link ?? []) as readonly Link[];
  return Object.fromEntries(links.map(({ relation, url }) => [relation, url]));
}

function idOf({ resource, search }: Entry): string {
  const mode = search === undefined || search.mode === 'match' ? '' : `${search.mode}:`;
  return `${mode}${resource?.resourceType}${resource?.id === undefined ? '' : `/${resource.id}`}`;
}

function inOrder(ids: readonly string[], isSorted: boolean): readonly string[] {
  return isSorted ? ids : [...ids].sort();
}
