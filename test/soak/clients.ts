/**
 * What the clients of a soak do. Each operation either is acknowledged, and then goes into the ledger, or fails in a way
 * that a client must expect: connection lost, 503, 409 or 412. Anything else is told as wrong.
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Cluster } from './cluster.ts';
import { type Basic, HEADERS, type Ledger, nextPath } from './ledger.ts';

/** Resources that nobody changes, among others that come, change and go: every walk must find each of them once. */
const STABLE = 90;
const SHARED = 5;
const SORTS = ['', '&_sort=created', '&_sort=-created', '&_sort=_lastUpdated', '&_sort=-created,_id', '&_sort=identifier'] as const;
const PAGES_MAX = 2_000;
const ATTEMPTS_MAX = 400;
const ATTEMPT_EACH_MS = 50;
const TIMEOUT_MS = 15_000;

export interface SoakContext {
  readonly cluster: Cluster;
  readonly ledger: Ledger;
  readonly random: () => number;
  /** Counts an outcome by name. */
  readonly count: (outcome: string) => void;
  /** What must not have happened. */
  readonly wrong: (what: string) => void;
  /** A number never given before. */
  readonly next: () => number;
}

interface Answer {
  readonly status: number;
  readonly body: Basic;
  readonly version: number;
}

/** One request; undefined when the connection broke or the server was out of reach of its database. */
export async function ask(url: string, method: string, body?: object, headers: Record<string, string> = {}): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...HEADERS, ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 503) return undefined;
    const version = Number(/W\/"(\d+)"/.exec(response.headers.get('etag') ?? '')?.[1]);
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Basic, version };
  } catch {
    return undefined;
  }
}

/** A reading request, sent again elsewhere until it is answered. @param path below the FHIR base. */
export async function get(cluster: Cluster, path: string): Promise<Answer> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const answer = await ask(`${cluster.url}/${path}`, 'GET');
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, ATTEMPT_EACH_MS));
  }
  throw new Error(`No server answered GET ${path}.`);
}

/** @param code `listed` for those that walks go through. */
export function basic(id: string, mark: string, created = '2026-01-01', code = 'listed'): object {
  const concept = { coding: [{ system: 'urn:soak', code }], text: mark };
  return { resourceType: 'Basic', id, identifier: [{ system: 'urn:soak', value: id }], code: concept, created };
}

const dayOf = (n: number): string => `2026-01-${String((n % 28) + 1).padStart(2, '0')}`;

/** Writes what all operations start from. */
export async function prepare({ cluster, ledger }: SoakContext): Promise<void> {
  const ids = [...Array.from({ length: STABLE }, (_, n) => `stable-${n}`), ...Array.from({ length: SHARED }, (_, n) => `shared-${n}`)];
  const entry = ids.map((id, n) => ({ resource: basic(id, id, dayOf(n)), request: { method: 'PUT', url: `Basic/${id}` } }));
  const answer = await ask(cluster.url, 'POST', { resourceType: 'Bundle', type: 'transaction', entry });
  if (answer?.status !== 200) throw new Error(`The soak could not be prepared: ${answer?.status}`);
  for (const id of ids) ledger.acknowledge(id, 1, id);
}

/** True when the answer has one of these statuses; false when there was none; anything else is wrong. */
function answered(context: SoakContext, what: string, answer: Answer | undefined, expected: readonly number[]): answer is Answer {
  if (answer === undefined) {
    context.count('out of reach');
    return false;
  }
  if (!expected.includes(answer.status))
    context.wrong(`${what} was answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`);
  return expected.includes(answer.status);
}

async function create(context: SoakContext): Promise<void> {
  const id = `new-${context.next()}`;
  const answer = await ask(`${context.cluster.url}/Basic/${id}`, 'PUT', basic(id, id, dayOf(context.next()), 'written'));
  if (!answered(context, 'a create', answer, [201])) return;
  context.ledger.acknowledge(id, answer.version, id);
  context.count('created');
  const found = await get(context.cluster, `Basic?identifier=urn:soak|${id}`);
  if (found.body.entry?.[0]?.resource.id !== id) context.wrong(`${id} was not found at once`);
}

async function update(context: SoakContext): Promise<void> {
  const id = `shared-${Math.floor(context.random() * SHARED)}`;
  const read = await get(context.cluster, `Basic/${id}`);
  const mark = `${id} by ${context.next()}`;
  const answer = await ask(`${context.cluster.url}/Basic/${id}`, 'PUT', basic(id, mark), { 'If-Match': `W/"${read.version}"` });
  if (!answered(context, 'an update', answer, [200, 412, 409])) return;
  if (answer.status !== 200) return context.count('conflict');
  if (answer.version !== read.version + 1) context.wrong(`${id} went from version ${read.version} to ${answer.version}`);
  context.ledger.acknowledge(id, answer.version, mark);
  context.count('updated');
}

async function transaction(context: SoakContext): Promise<void> {
  const n = context.next();
  const ids = Array.from({ length: 5 }, (_, at) => `t-${n}-${at}`);
  const entry = ids.map((id) => ({ resource: basic(id, id, dayOf(n), 'written'), request: { method: 'PUT', url: `Basic/${id}` } }));
  context.ledger.together(ids);
  const answer = await ask(context.cluster.url, 'POST', { resourceType: 'Bundle', type: 'transaction', entry });
  if (!answered(context, 'a transaction', answer, [200])) return;
  for (const id of ids) context.ledger.acknowledge(id, 1, id);
  context.count('transactions');
}

async function read(context: SoakContext): Promise<void> {
  const id = context.ledger.anyId(context.random);
  if (id === undefined) return;
  const newest = context.ledger.newest(id);
  const answer = await get(context.cluster, `Basic/${id}`);
  if (answer.status !== 200 || answer.version < (newest?.version ?? 1)) {
    context.wrong(`${id} was read as ${answer.status} version ${answer.version}, after version ${newest?.version} had been acknowledged`);
  }
  context.count('read');
}

/** Comes and goes again, in between the pages of others. */
async function churn(context: SoakContext): Promise<void> {
  const id = `churn-${Math.floor(context.random() * 20)}`;
  const gone = context.random() < 0.4;
  const answer = await ask(
    `${context.cluster.url}/Basic/${id}`,
    gone ? 'DELETE' : 'PUT',
    gone ? undefined : basic(id, id, dayOf(context.next())),
  );
  if (answered(context, 'a churn', answer, gone ? [200, 204, 409] : [200, 201, 409])) context.count('churned');
}

/** Walks all pages, from server to server. */
export async function walk(context: Pick<SoakContext, 'cluster' | 'random' | 'count' | 'wrong'>, sort?: string): Promise<void> {
  const order = sort ?? SORTS[Math.floor(context.random() * SORTS.length)];
  const seen = new Map<string, number>();
  let path: string | undefined = `Basic?code=listed&_count=${3 + Math.floor(context.random() * 40)}${order}`;
  for (let pages = 0; path !== undefined; pages += 1) {
    if (pages > PAGES_MAX) return context.wrong(`paging${order} did not end`);
    const { status, body } = await get(context.cluster, path);
    if (status !== 200) return context.wrong(`a page was answered ${status}`);
    for (const { resource } of body.entry ?? []) seen.set(resource.id ?? '', (seen.get(resource.id ?? '') ?? 0) + 1);
    path = nextPath(body);
  }
  for (let n = 0; n < STABLE; n += 1) {
    const times = seen.get(`stable-${n}`) ?? 0;
    if (times !== 1) context.wrong(`stable-${n} was seen ${times} times${order}`);
  }
  context.count('walked');
}

/** Sends a body in two parts with a pause between; or hangs up after the first, or before the answer. */
async function raw(context: SoakContext, manner: 'slow' | 'half' | 'gone'): Promise<void> {
  const id = `${manner}-${context.next()}`;
  const body = Buffer.from(JSON.stringify(basic(id, id, undefined, 'written')));
  const status = await new Promise<number | undefined>((resolve) => {
    const call = request(`${context.cluster.url}/Basic/${id}`, {
      method: 'PUT',
      headers: { ...HEADERS, 'Content-Length': body.length },
      timeout: TIMEOUT_MS,
    });
    call.on('response', (response) => response.resume().on('close', () => resolve(response.complete ? response.statusCode : undefined)));
    call.on('error', () => resolve(undefined));
    call.on('timeout', () => call.destroy());
    call.on('close', () => resolve(undefined));
    call.write(body.subarray(0, 20));
    setTimeout(() => {
      if (manner === 'half') return call.destroy();
      call.end(body.subarray(20));
      if (manner === 'gone') setTimeout(() => call.destroy(), 1);
      return undefined;
    }, 60);
  });
  if (status === 201) context.ledger.acknowledge(id, 1, id);
  else if (status !== undefined && status !== 503) context.wrong(`a ${manner} client was answered ${status}`);
  context.count(manner === 'slow' ? 'slow client' : 'hung up');
}

/** Takes a large answer little by little; what is cut off must not look whole. */
async function readSlowly(context: SoakContext): Promise<void> {
  let text = '';
  try {
    const call = request(`${context.cluster.url}/Basic?_count=200`, { headers: HEADERS, timeout: TIMEOUT_MS });
    call.on('timeout', () => call.destroy());
    call.end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk as string;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    if (response.statusCode === 503) return context.count('out of reach');
  } catch {
    return context.count('out of reach');
  }
  const { entry = [] } = JSON.parse(text) as Basic;
  if (entry.length < STABLE) context.wrong(`a slow reader was given ${entry.length} resources`);
  context.count('slow reader');
}

const OPERATIONS: readonly (readonly [share: number, run: (context: SoakContext) => Promise<void>])[] = [
  [28, create],
  [20, update],
  [12, transaction],
  [20, read],
  [10, churn],
  [4, (context) => walk(context)],
  [2, readSlowly],
  [2, (context) => raw(context, 'slow')],
  [2, (context) => raw(context, 'half')],
  [2, (context) => raw(context, 'gone')],
];
const SHARES = OPERATIONS.reduce((sum, [share]) => sum + share, 0);

/** One operation, by chance. */
export function operate(context: SoakContext): Promise<void> {
  let at = context.random() * SHARES;
  const chosen = OPERATIONS.find(([share]) => {
    at -= share;
    return at < 0;
  });
  return (chosen?.[1] ?? create)(context);
}
