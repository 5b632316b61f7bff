/**
 * Histories of resources, types and the whole server, held against the writes that were sent.
 *
 * Spec: https://hl7.org/fhir/R4/http.html#history
 */
import type { Below } from '../../support/random.ts';
import type { TestServer } from '../../support/test-server.ts';
import { timesOf } from './exact.ts';
import { BASE_URL, chance, pick } from './values.ts';

/** A version as it was written. */
export interface Logged {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly ms: number;
  readonly method: 'PUT' | 'DELETE';
}

interface Asked {
  readonly path: string;
  readonly since: string | undefined;
  readonly at: string | undefined;
  readonly pageSize: number;
}

/** A random question, and what of the log answers it. */
export function randomHistory(random: Below, log: readonly Logged[]): { readonly asked: Asked; readonly expected: readonly string[] } {
  const one = pick(random, log);
  const place = pick(random, ['', `${one.type}/`, `${one.type}/${one.id}/`]);
  const time = () => new Date(pick(random, log).ms + pick(random, [-1, 0, 1, 4_000])).toISOString();
  const since = chance(random, 40) ? time() : undefined;
  const at = chance(random, 40) ? pick(random, [time(), '2024-07-01', '2024-07-01T09:05:00Z', '2020']) : undefined;
  const bounds = at === undefined ? undefined : timesOf(at);
  const expected = log.filter((each) => {
    const next = log.find(({ type, id, version }) => type === each.type && id === each.id && version === each.version + 1);
    const isIn = place === '' || (each.type === one.type && (place === `${one.type}/` || each.id === one.id));
    const wasCurrent = bounds === undefined || (each.ms <= bounds.high && (next === undefined || next.ms > bounds.low));
    return isIn && wasCurrent && (since === undefined || each.ms >= timesOf(since).low);
  });
  return { asked: { path: `${place}_history`, since, at, pageSize: 1 + random(40) }, expected: expected.map(nameOf).sort() };
}

const nameOf = ({ type, id, version, method }: Omit<Logged, 'ms'>): string => `${type}/${id} ${version} ${method}`;

interface Body {
  readonly total?: number;
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly fullUrl: string;
    readonly request: { readonly method: 'PUT' | 'POST' | 'DELETE' };
    readonly response: { readonly etag: string; readonly lastModified?: string };
    readonly resource?: { readonly meta: { readonly versionId: string } };
  }[];
}

/** What all pages of a history tell otherwise. */
export async function historyFaults(
  server: TestServer,
  { path, since, at, pageSize }: Asked,
  expected: readonly string[],
): Promise<string[]> {
  const query = new URLSearchParams({
    _count: String(pageSize),
    ...(since === undefined ? {} : { _since: since }),
    ...(at === undefined ? {} : { _at: at }),
  });
  const faults: string[] = [];
  const found: { readonly name: string; readonly time: string }[] = [];
  for (let url: string | undefined = `${path}?${query}`; url !== undefined && found.length <= expected.length; ) {
    const answer = await server.request('GET', url.startsWith(BASE_URL) ? url.slice(BASE_URL.length + 1) : url);
    const body = answer.body as unknown as Body;
    if (answer.status !== 200) return [`answers ${answer.status}: ${answer.text}`];
    if (body.total !== expected.length) faults.push(`tells a total of ${body.total} for ${expected.length}`);
    for (const { fullUrl, request, response, resource } of body.entry ?? []) {
      const [type = '', id = ''] = fullUrl.slice(BASE_URL.length + 1).split('/');
      const version = Number(/\d+/.exec(response.etag)?.[0]);
      const method = request.method === 'POST' ? 'PUT' : request.method;
      found.push({ name: nameOf({ type, id, version, method }), time: response.lastModified ?? 'unknown' });
      if ((resource === undefined) !== (method === 'DELETE') || (resource !== undefined && Number(resource.meta.versionId) !== version))
        faults.push(`shows ${type}/${id} ${version} as another`);
    }
    url = body.link?.find(({ relation }) => relation === 'next')?.url;
  }
  const names = found.map(({ name }) => name).sort();
  if (names.join(' ') !== expected.join(' ')) faults.push(`has ${names.join(', ')} for ${expected.join(', ')}`);
  if (found.some(({ time }, n) => n > 0 && time > (found[n - 1]?.time ?? ''))) faults.push('does not go from the newest to the oldest');
  return faults;
}
