/** Clients that do all kinds of things to the same few resources at the same time, each through all servers in turn. */
import { type Below, wholeFrom } from '../support/random.ts';
import type { TestAnswer } from '../support/test-server.ts';
import type { Act, VersionKey, Wrote } from './acts.ts';
import type { Asks } from './polls.ts';
import { fhirPathAppend, jsonAppend, plan, REGISTERS, register, SYSTEM } from './resources.ts';

const KEYS = ['k1', 'k2'] as const;
const PLANS = ['p1', 'p2', 'p3'] as const;
const PERSONS = ['q1', 'q2'] as const;
/** Where a link leads to nobody, there is nothing to write. */
const NOBODY_HAS = 'No Basic matches a conditional reference';
const EXPECTED = [200, 201, 204, 404, 409, 410, 412, 422, 428];

interface Body {
  readonly id?: string;
  readonly resourceType?: string;
  readonly meta?: { readonly versionId: string };
  readonly entry?: readonly {
    readonly resource?: Body;
    readonly response?: { readonly status: string; readonly etag?: string; readonly location?: string };
  }[];
}

interface Running {
  readonly servers: readonly Asks[];
  readonly seed: number;
  readonly clients: number;
  readonly steps: number;
}

/** All that the clients did, in the order of the answers. @throws Error for an answer that no client expects. */
export async function runClients({ servers, seed, clients, steps }: Running): Promise<readonly Act[]> {
  const acts: Act[] = [];
  let moments = 0;
  const shared: Shared = { servers, acts, moment: () => ++moments };
  await Promise.all(Array.from({ length: clients }, (_, n) => new Client(shared, `s${seed}c${n}`, wholeFrom(seed * 100 + n)).run(steps)));
  return acts;
}

interface Shared {
  readonly servers: readonly Asks[];
  readonly acts: Act[];
  readonly moment: () => number;
}

type Request = readonly [method: string, path: string, body?: unknown, headers?: Record<string, string>];
/** A write that is meant: what comes of it is known when it is answered. */
type Meant = Omit<Wrote, 'version'>;
type Found = Partial<Pick<Act, 'wrote' | 'saw' | 'refused' | 'lookedFor'>>;

const versionIn = (etag: string | null | undefined): number => Number(/"(\d+)"/.exec(etag ?? '')?.[1] ?? 0);
const keyIn = (url: string | null | undefined): string =>
  /([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]+)/.exec(url?.split('/fhir/').at(-1) ?? '')?.[1] ?? '';
const ifMatch = (version: number | undefined): Record<string, string> => (version === undefined ? {} : { 'If-Match': `W/"${version}"` });
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' };

class Client {
  readonly #shared: Shared;
  readonly #name: string;
  readonly #random: Below;
  /** The version of each resource that this client met last, and the mark it left last. */
  readonly #known = new Map<string, number>();
  #left: { readonly mark: string; readonly id: string } | undefined;
  #marks = 0;

  constructor(shared: Shared, name: string, random: Below) {
    this.#shared = shared;
    this.#name = name;
    this.#random = random;
  }

  async run(steps: number): Promise<void> {
    const kinds = [
      () => this.#read(),
      () => this.#searchAll(),
      () => this.#searchAll(),
      () => this.#lookUp(),
      () => this.#lookUp(),
      () => this.#put(),
      () => this.#append(),
      () => this.#tag(),
      () => this.#delete(),
      () => this.#transaction(),
      () => this.#transaction(),
      () => this.#transaction(),
      () => this.#batch(),
      () => this.#createKey(),
      () => this.#deleteKey(),
      () => this.#linkToKeys(),
      () => this.#putPlan(),
      () => this.#putPlan(),
    ];
    for (let step = 0; step < steps; step += 1) await kinds[this.#random(kinds.length)]?.();
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#random(items.length)] as Item;
  }

  #mark(): string {
    this.#marks += 1;
    return `${this.#name}-${this.#marks}`;
  }

  async #ask(
    what: string,
    [method, path, body, headers = {}]: Request,
    read: (answer: TestAnswer) => Found | readonly Found[],
  ): Promise<void> {
    const { servers, acts, moment } = this.#shared;
    const from = moment();
    const answer = await this.#one(servers).request(method, path, body, headers);
    const to = moment();
    if (!EXPECTED.includes(answer.status) && !answer.text.includes(NOBODY_HAS))
      throw new Error(`${what} was answered ${answer.status}: ${answer.text}`);
    for (const found of [read(answer)].flat()) {
      const act: Act = { what: `${this.#name} ${what}`, from, to, wrote: [], saw: [], refused: [], ...found };
      for (const { id, version } of [...act.saw, ...act.wrote]) this.#known.set(id, version);
      const last = act.wrote.findLast(({ how }) => how === 'put' || how === 'append');
      if (last?.mark !== undefined) this.#left = { mark: last.mark, id: last.id };
      acts.push(act);
    }
  }

  /** What a single write came to. */
  #outcome({ status, headers }: TestAnswer, meant: Meant): Found {
    const version = versionIn(headers.get('etag'));
    if (status < 300 && version > 0) return { wrote: [{ ...meant, version }] };
    return { refused: meant.mark === undefined ? [] : [meant.mark] };
  }

  #read(): Promise<void> {
    const id = `Basic/${this.#one(REGISTERS)}`;
    return this.#ask('read', ['GET', id], ({ headers }) => ({ saw: seenOf(id, versionIn(headers.get('etag'))) }));
  }

  /** All registers in one search: a moment. */
  #searchAll(): Promise<void> {
    const order = this.#one(['', '&_sort=-_lastUpdated', '&_count=3&_total=accurate']);
    return this.#ask('search', ['GET', `Basic?_id=${REGISTERS.join(',')}${order}`], ({ body }) => ({ saw: seenIn(body as Body) }));
  }

  /** By what this client wrote last, which others may have replaced. */
  async #lookUp(): Promise<void> {
    const left = this.#left;
    if (left === undefined) return;
    const path = `${left.id.split('/')[0]}?identifier=urn:mark|${left.mark}`;
    await this.#ask('lookup', ['GET', path], ({ body }) => ({ saw: seenIn(body as Body), lookedFor: left }));
  }

  #put(): Promise<void> {
    const [id, mark] = [this.#one(REGISTERS), this.#mark()];
    const matched = this.#random(3) === 0 ? this.#known.get(`Basic/${id}`) : undefined;
    const path = this.#random(3) === 0 ? `Basic?identifier=${SYSTEM}|${id}` : `Basic/${id}`;
    const meant: Meant = { id: `Basic/${id}`, how: 'put', mark, ...(matched === undefined ? {} : { matched }) };
    return this.#ask('put', ['PUT', path, register(id, mark), ifMatch(matched)], (answer) => this.#outcome(answer, meant));
  }

  #append(): Promise<void> {
    const [id, mark] = [this.#one(REGISTERS), this.#mark()];
    const path = this.#random(3) === 0 ? `Basic?identifier=${SYSTEM}|${id}` : `Basic/${id}`;
    const meant: Meant = { id: `Basic/${id}`, how: 'append', mark };
    const request: Request =
      this.#random(2) === 0 ? ['PATCH', path, [jsonAppend(mark)], JSON_PATCH] : ['PATCH', path, fhirPathAppend('Basic', mark)];
    return this.#ask('append', request, (answer) => this.#outcome(answer, meant));
  }

  #tag(): Promise<void> {
    const [id, mark] = [this.#one(REGISTERS), this.#mark()];
    const meta = { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: { tag: [{ system: 'urn:mark', code: mark }] } }] };
    return this.#ask('$meta-add', ['POST', `Basic/${id}/$meta-add`, meta], (answer) =>
      this.#outcome(answer, { id: `Basic/${id}`, how: 'tag', mark }),
    );
  }

  #delete(): Promise<void> {
    const id = this.#one(REGISTERS);
    const path = this.#random(3) === 0 ? `Basic?identifier=${SYSTEM}|${id}` : `Basic/${id}`;
    return this.#ask('delete', ['DELETE', path], (answer) => this.#deleted(answer, `Basic/${id}`));
  }

  /** What was gone already has the version of that deletion: it is seen, not written. */
  #deleted({ status, headers }: TestAnswer, id: string): Found {
    const version = versionIn(headers.get('etag'));
    if (status >= 300 || version === 0) return {};
    return this.#shared.acts.some(({ wrote }) => wrote.some((each) => each.id === id && each.version === version))
      ? {}
      : { wrote: [{ id, version, how: 'delete' }] };
  }

  /** Two or three registers are put or appended to; sometimes on a condition that fails it all. */
  #transaction(): Promise<void> {
    const first = this.#random(REGISTERS.length);
    const ids = Array.from({ length: 2 + this.#random(2) }, (_, n) => REGISTERS[(first + n) % REGISTERS.length] as string);
    const mark = this.#mark();
    const meant: Meant[] = [];
    const entry = ids.map((id, n) => {
      const matched = this.#random(4) === 0 ? this.#known.get(`Basic/${id}`) : undefined;
      const condition = matched === undefined ? {} : { ifMatch: `W/"${matched}"` };
      const how = this.#random(2) === 0 ? 'put' : 'append';
      const own = `${mark}-${n}`;
      meant.push({ id: `Basic/${id}`, how, mark: own, ...(matched === undefined ? {} : { matched }) });
      if (how === 'put') return { resource: register(id, own), request: { method: 'PUT', url: `Basic/${id}`, ...condition } };
      return { resource: fhirPathAppend('Basic', own), request: { method: 'PATCH', url: `Basic/${id}`, ...condition } };
    });
    return this.#ask('transaction', ['POST', '', { resourceType: 'Bundle', type: 'transaction', entry }], ({ status, body }) => {
      if (status !== 200) return { refused: meant.flatMap(({ mark: own }) => own ?? []) };
      return { wrote: meant.map((each, n) => ({ ...each, version: versionIn((body as Body).entry?.[n]?.response?.etag) })) };
    });
  }

  /** Each entry is an act of its own. */
  #batch(): Promise<void> {
    const marks = [this.#mark(), this.#mark()];
    const ids = marks.map(() => this.#one(REGISTERS));
    const writes = ids.map((id, n) => ({ resource: register(id, marks[n] as string), request: { method: 'PUT', url: `Basic/${id}` } }));
    const entry = [...writes, { request: { method: 'GET', url: `Basic?_id=${REGISTERS.join(',')}` } }];
    return this.#ask('batch', ['POST', '', { resourceType: 'Bundle', type: 'batch', entry }], ({ body }) => {
      const answered = (body as Body).entry ?? [];
      const puts = ids.map((id, n): Found => {
        const version = versionIn(answered[n]?.response?.etag);
        const mark = marks[n] as string;
        return version > 0 ? { wrote: [{ id: `Basic/${id}`, version, how: 'put', mark }] } : { refused: [mark] };
      });
      return [...puts, { saw: seenIn(answered[2]?.resource ?? {}) }];
    });
  }

  #createKey(): Promise<void> {
    const [key, mark] = [this.#one(KEYS), this.#mark()];
    const headers = { 'If-None-Exist': `identifier=urn:key|${key}` };
    return this.#ask('conditional create', ['POST', 'Basic', register(undefined, mark, { key }), headers], (answer) => {
      const key = { id: keyIn(answer.headers.get('location')), version: versionIn(answer.headers.get('etag')) };
      if (answer.status === 201) return { wrote: [{ ...key, how: 'put', mark }] };
      return { saw: answer.status === 200 ? seenOf(key.id, key.version) : [], refused: [mark] };
    });
  }

  async #deleteKey(): Promise<void> {
    let id = '';
    const key = this.#one(KEYS);
    await this.#ask('search by key', ['GET', `Basic?identifier=urn:key|${key}`], ({ body }) => {
      const saw = seenIn(body as Body);
      id = saw[0]?.id ?? '';
      if (saw.length > 1) throw new Error(`${key} is had by ${saw.map((each) => each.id).join(' and ')}`);
      return { saw };
    });
    if (id !== '') await this.#ask('delete of key', ['DELETE', id], (answer) => this.#deleted(answer, id));
  }

  /** One of the keys is made if nobody has it, and something new leads to both. */
  #linkToKeys(): Promise<void> {
    const [made, led] = this.#random(2) === 0 ? KEYS : KEYS.toReversed();
    const mark = this.#mark();
    const links = { needs: [`Basic?identifier=urn:key|${led}`, 'urn:uuid:8f0e7a50-1111-4222-8333-444455556666'] };
    const entry = [
      {
        fullUrl: 'urn:uuid:8f0e7a50-1111-4222-8333-444455556666',
        resource: register(undefined, `${mark}-0`, { key: made as string }),
        request: { method: 'POST', url: 'Basic', ifNoneExist: `identifier=urn:key|${made}` },
      },
      { resource: register(undefined, `${mark}-1`, links), request: { method: 'POST', url: 'Basic' } },
    ];
    return this.#ask('links to keys', ['POST', '', { resourceType: 'Bundle', type: 'transaction', entry }], ({ status, body }) => {
      const marks = [`${mark}-0`, `${mark}-1`];
      if (status !== 200) return { refused: marks };
      const told = ((body as Body).entry ?? []).map(({ response }, n) => ({
        id: keyIn(response?.location),
        version: versionIn(response?.etag),
        how: 'put' as const,
        mark: marks[n] as string,
        isMade: response?.status.startsWith('201') === true,
      }));
      const wrote = told.filter(({ isMade }) => isMade).map(({ isMade: _, ...each }) => each);
      return { wrote, refused: told.filter(({ isMade }) => !isMade).map((each) => each.mark) };
    });
  }

  /** One individuell plan of a person may be active: the rule is asked inside of the commit. */
  #putPlan(): Promise<void> {
    const [id, mark] = [this.#one(PLANS), this.#mark()];
    const matched = this.#known.get(`CarePlan/${id}`);
    const isActive = this.#random(3) > 0;
    const meant: Meant = { id: `CarePlan/${id}`, how: 'put', mark, ...(matched === undefined ? {} : { matched }) };
    const body = plan(id, mark, this.#one(PERSONS), isActive ? 'active' : 'completed');
    return this.#ask('plan', ['PUT', `CarePlan/${id}`, body, ifMatch(matched)], (answer) => {
      if (answer.status < 300) return this.#outcome(answer, meant);
      // The next attempt knows the version; a stale one is found out by reading.
      this.#known.delete(`CarePlan/${id}`);
      return { refused: [mark] };
    }).then(() => (this.#known.has(`CarePlan/${id}`) ? undefined : this.#readPlan(`CarePlan/${id}`)));
  }

  #readPlan(id: string): Promise<void> {
    return this.#ask('read of plan', ['GET', id], ({ headers }) => ({ saw: seenOf(id, versionIn(headers.get('etag'))) }));
  }
}

const seenOf = (id: string, version: number): readonly VersionKey[] => (version > 0 ? [{ id, version }] : []);

function seenIn({ entry = [] }: Body): readonly VersionKey[] {
  return entry.flatMap(({ resource }) =>
    resource?.id === undefined ? [] : [{ id: `${resource.resourceType}/${resource.id}`, version: Number(resource.meta?.versionId) }],
  );
}
