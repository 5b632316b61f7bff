/** What one who follows a service asks again and again, and is told. */
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import type { TestAnswer, TestServer } from '../support/test-server.ts';

/** What is asked of a server, in this process or in another. */
export type Asks = Pick<TestServer, 'request'>;

interface Entry {
  readonly fullUrl: string;
  readonly resource?: { readonly meta: { readonly versionId: string; readonly lastUpdated: string } };
  readonly response?: { readonly etag: string; readonly lastModified: string };
}

export interface Poll {
  /** `id version`, as they are told, page after page. */
  readonly versions: readonly string[];
  /** The latest time that was told of; that of long ago when there was none. */
  readonly latest: string;
  /** When it was answered, where the Bundle says so. */
  readonly answered?: string;
}

const LONG_AGO = '2026-01-01T00:00:00.000Z';

/** All pages of a history or a search. @throws AssertionError for another answer than 200. */
export async function poll(server: Asks, path: string): Promise<Poll> {
  const told: (readonly [version: string, time: string])[] = [];
  let answered: string | undefined;
  for (let next: string | undefined = path; next !== undefined; ) {
    const { status, text, body } = await server.request('GET', next);
    expect(status, text).toBe(200);
    for (const { fullUrl, resource, response } of (body.entry ?? []) as readonly Entry[]) {
      const id = fullUrl.split('/').at(-1);
      if (response?.etag !== undefined) told.push([`${id} ${/\d+/.exec(response.etag)?.[0]}`, response.lastModified]);
      else if (resource !== undefined) told.push([`${id} ${resource.meta.versionId}`, resource.meta.lastUpdated]);
    }
    answered ??= (body.meta as { lastUpdated?: string } | undefined)?.lastUpdated;
    const links = body.link as readonly { readonly relation: string; readonly url: string }[];
    next = links.find(({ relation }) => relation === 'next')?.url;
  }
  const latest =
    told
      .map(([, time]) => time)
      .sort()
      .at(-1) ?? LONG_AGO;
  return { versions: told.map(([version]) => version), latest, ...(answered === undefined ? {} : { answered }) };
}

export interface Exported {
  /** `id version` of each line. */
  readonly versions: readonly string[];
  readonly transactionTime: string;
}

interface Manifest {
  readonly transactionTime: string;
  readonly output: readonly { readonly url: string }[];
}

/** Has the lines imported. @throws AssertionError when one of them was not stored. */
export async function imported(server: Asks, lines: string): Promise<void> {
  const headers = { Prefer: 'respond-async', Accept: 'application/fhir+json', 'Content-Type': 'application/fhir+ndjson' };
  const begun = await server.request('POST', '$import', lines, headers);
  expect(begun.status, begun.text).toBe(202);
  const { error } = (await done(server, begun)) as unknown as { readonly error?: readonly unknown[] };
  expect(error ?? []).toEqual([]);
}

/** The job's result. */
async function done(server: Asks, begun: TestAnswer): Promise<TestAnswer['body']> {
  const place = begun.headers.get('content-location') ?? '';
  for (;;) {
    const answer = await server.request('GET', place);
    if (answer.status !== 202) {
      expect(answer.status, answer.text).toBe(200);
      return answer.body;
    }
    await setTimeout(10);
  }
}

/** What an export comes to. @throws AssertionError when it fails. */
export async function exported(server: Asks, path: string): Promise<Exported> {
  const begun = await server.request('GET', path, undefined, { Prefer: 'respond-async', Accept: 'application/fhir+json' });
  expect(begun.status, begun.text).toBe(202);
  const { transactionTime, output } = (await done(server, begun)) as unknown as Manifest;
  const files = await Promise.all(output.map(({ url }) => server.request('GET', url)));
  const lines = files.flatMap(({ text }) => text.split('\n')).filter((line) => line !== '');
  const versions = lines.map((line) => {
    const { id, meta } = JSON.parse(line) as { id: string; meta: { versionId: string } };
    return `${id} ${meta.versionId}`;
  });
  return { versions, transactionTime };
}
