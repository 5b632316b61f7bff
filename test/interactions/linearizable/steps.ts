/** Clients that read and write a few resources at the same time, by chance, and note what they asked and were told, and when. */
import { type Below, wholeFrom } from '../../support/random.ts';
import type { TestAnswer, TestServer } from '../../support/test-server.ts';

export const IDS = ['a', 'b', 'c', 'd'] as const;
export const GROUPS = ['red', 'green'] as const;
const KEYS = ['k1', 'k2', 'k3'] as const;
const SYSTEM = 'urn:linear';

/** A write that was acknowledged. */
export interface Written {
  readonly id: string;
  readonly version: number;
  readonly how: 'put' | 'mark' | 'tag' | 'delete';
  /** What it wrote, told apart from all other writes; of a deletion nothing. */
  readonly mark?: string;
  /** The version that it asked for. */
  readonly matched?: number;
}

/** What was seen of a resource; version undefined where it was not there. */
export interface Seen {
  readonly id: string;
  readonly version: number | undefined;
}

/** One request. `from` and `to` count all requests sent and answers received, in order. */
export interface Step {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly status: number;
  readonly written: readonly Written[];
  /** Of one moment within the step. */
  readonly seen: readonly Seen[];
  /** Seen as members of this group; those not seen are not in it. */
  readonly group?: string;
  /** The write was refused because the resource was not at this version, or (0) was there. */
  readonly refused?: { readonly id: string; readonly matched: number };
  /** Marks that must never be seen: their writes were refused. */
  readonly unwritten: readonly string[];
  /** The id that a conditional create of a key came to. */
  readonly created?: { readonly key: string; readonly id: string };
}

interface Body {
  readonly id?: string;
  readonly meta?: { readonly versionId: string };
  readonly entry?: readonly { readonly resource?: Body; readonly response?: { readonly status: string; readonly etag?: string } }[];
}

const versionIn = (etag: string | null | undefined): number | undefined => {
  const version = Number(/"(\d+)"/.exec(etag ?? '')?.[1]);
  return Number.isNaN(version) ? undefined : version;
};

const basic = (id: string, mark: string, group: string): object => ({
  resourceType: 'Basic',
  id,
  identifier: [{ system: SYSTEM, value: id }],
  code: { coding: [{ system: SYSTEM, code: group }], text: mark },
});

class Client {
  readonly #server: TestServer;
  readonly #random: Below;
  readonly #name: string;
  readonly #tick: () => number;
  readonly #steps: Step[];
  /** The version of each resource that this client saw last. */
  readonly #known = new Map<string, number>();
  #marks = 0;

  constructor(server: TestServer, name: string, random: Below, tick: () => number, steps: Step[]) {
    this.#server = server;
    this.#name = name;
    this.#random = random;
    this.#tick = tick;
    this.#steps = steps;
  }

  async run(count: number): Promise<void> {
    const kinds = [
      () => this.#read(),
      () => this.#read(),
      () => this.#put({}),
      () => this.#put({ match: true }),
      () => this.#put({ conditional: true }),
      () => this.#putNew(),
      () => this.#delete(this.#random(2) === 0),
      () => this.#patch('mark', { match: this.#random(2) === 0 }),
      () => this.#patch('tag', {}),
      () => this.#patch('tag', { conditional: true }),
      () => this.#transaction(),
      () => this.#transaction(),
      () => this.#searchGroup(),
      () => this.#searchGroup(),
      () => this.#searchIds(),
      () => this.#create(),
    ];
    for (let n = 0; n < count; n += 1) await kinds[this.#random(kinds.length)]?.();
  }

  #id(): string {
    return IDS[this.#random(IDS.length)] as string;
  }

  #mark(): string {
    this.#marks += 1;
    return `${this.#name}-${this.#marks}`;
  }

  #body(id: string, mark: string): object {
    return basic(id, mark, GROUPS[this.#random(GROUPS.length)] as string);
  }

  async #ask(
    what: string,
    [method, path, body, headers]: readonly [string, string, unknown?, Record<string, string>?],
    read: (answer: TestAnswer) => Partial<Step>,
  ): Promise<void> {
    const from = this.#tick();
    const answer = await this.#server.request(method, path, body, headers ?? {});
    const to = this.#tick();
    const step: Step = { what, from, to, status: answer.status, written: [], seen: [], unwritten: [], ...read(answer) };
    for (const { id, version } of [...step.seen, ...step.written]) if (version !== undefined) this.#known.set(id, version);
    this.#steps.push(step);
  }

  #read(): Promise<void> {
    const id = this.#id();
    return this.#ask('read', ['GET', `Basic/${id}`], (answer) => ({
      seen: [{ id, version: answer.status === 200 ? versionIn(answer.headers.get('etag')) : undefined }],
    }));
  }

  /** What a write came to: written, or refused. */
  #outcome({ status, headers }: TestAnswer, id: string, write: Omit<Written, 'id' | 'version'>, matched?: number): Partial<Step> {
    const version = versionIn(headers.get('etag'));
    if (status < 300 && version !== undefined)
      return { written: [{ id, version, ...write, ...(matched === undefined || matched === 0 ? {} : { matched }) }] };
    return {
      unwritten: write.mark === undefined ? [] : [write.mark],
      ...(status === 412 && matched !== undefined ? { refused: { id, matched } } : {}),
    };
  }

  #put({ match = false, conditional = false }: { match?: boolean; conditional?: boolean }): Promise<void> {
    const [id, mark] = [this.#id(), this.#mark()];
    const matched = match ? (this.#known.get(id) ?? 1) : undefined;
    const headers: Record<string, string> = matched === undefined ? {} : { 'If-Match': `W/"${matched}"` };
    const path = conditional ? `Basic?identifier=${SYSTEM}|${id}` : `Basic/${id}`;
    return this.#ask(conditional ? 'conditional update' : 'update', ['PUT', path, this.#body(id, mark), headers], (answer) =>
      this.#outcome(answer, id, { how: 'put', mark }, matched),
    );
  }

  #putNew(): Promise<void> {
    const [id, mark] = [this.#id(), this.#mark()];
    return this.#ask('update if none', ['PUT', `Basic/${id}`, this.#body(id, mark), { 'If-None-Match': '*' }], (answer) =>
      this.#outcome(answer, id, { how: 'put', mark }, 0),
    );
  }

  #delete(conditional: boolean): Promise<void> {
    const id = this.#id();
    const path = conditional ? `Basic?identifier=${SYSTEM}|${id}` : `Basic/${id}`;
    return this.#ask(conditional ? 'conditional delete' : 'delete', ['DELETE', path], (answer) =>
      this.#outcome(answer, id, { how: 'delete' }),
    );
  }

  #patch(how: 'mark' | 'tag', { match = false, conditional = false }: { match?: boolean; conditional?: boolean }): Promise<void> {
    const [id, mark] = [this.#id(), this.#mark()];
    const matched = match ? (this.#known.get(id) ?? 1) : undefined;
    const tag = { op: 'add', path: '/identifier/-', value: { system: 'urn:tag', value: mark } };
    const operations = [how === 'tag' ? tag : { op: 'replace', path: '/code/text', value: mark }];
    const headers = {
      'Content-Type': 'application/json-patch+json',
      ...(matched === undefined ? {} : { 'If-Match': `W/"${matched}"` }),
    };
    const path = conditional ? `Basic?identifier=${SYSTEM}|${id}` : `Basic/${id}`;
    return this.#ask(`patch ${how}`, ['PATCH', path, operations, headers], (answer) => this.#outcome(answer, id, { how, mark }, matched));
  }

  /** Two resources, one of them perhaps on condition that it is at a version, and a third that is read. */
  #transaction(): Promise<void> {
    const first = this.#random(IDS.length);
    const [one, two, three] = [0, 1, 2].map((n) => IDS[(first + n) % IDS.length] as string) as [string, string, string];
    const mark = this.#mark();
    const matched = this.#random(3) === 0 ? (this.#known.get(two) ?? 1) : undefined;
    const condition = matched === undefined ? {} : { ifMatch: `W/"${matched}"` };
    const entry = [
      { resource: this.#body(one, mark), request: { method: 'PUT', url: `Basic/${one}` } },
      { resource: this.#body(two, mark), request: { method: 'PUT', url: `Basic/${two}`, ...condition } },
      { request: { method: 'GET', url: `Basic?_id=${three}` } },
    ];
    return this.#ask('transaction', ['POST', '', { resourceType: 'Bundle', type: 'transaction', entry }], (answer) => {
      if (answer.status !== 200) {
        const refused = answer.status === 412 && matched !== undefined ? { refused: { id: two, matched } } : {};
        return { unwritten: [mark], ...refused };
      }
      const [a, b, read] = (answer.body as Body).entry ?? [];
      const seen = read?.resource?.entry?.[0]?.resource;
      const wrote = (id: string, etag: string | undefined, asked?: number): Written => ({
        id,
        version: versionIn(etag) ?? 0,
        how: 'put',
        mark,
        ...(asked === undefined ? {} : { matched: asked }),
      });
      return {
        written: [wrote(one, a?.response?.etag), wrote(two, b?.response?.etag, matched)],
        seen: [{ id: three, version: seen === undefined ? undefined : Number(seen.meta?.versionId) }],
      };
    });
  }

  #searchGroup(): Promise<void> {
    const group = GROUPS[this.#random(GROUPS.length)] as string;
    const order = ['', '&_sort=_lastUpdated', '&_sort=-code', '&_total=accurate'][this.#random(4)];
    return this.#ask('search', ['GET', `Basic?code=${SYSTEM}|${group}${order}`], ({ body }) => ({ group, seen: seenIn(body as Body) }));
  }

  #searchIds(): Promise<void> {
    return this.#ask('search', ['GET', `Basic?_id=${IDS.join(',')}`], ({ body }) => {
      const seen = seenIn(body as Body);
      const absent = IDS.filter((id) => !seen.some((each) => each.id === id)).map((id) => ({ id, version: undefined }));
      return { seen: [...seen, ...absent] };
    });
  }

  #create(): Promise<void> {
    const key = KEYS[this.#random(KEYS.length)] as string;
    const body = { resourceType: 'Basic', identifier: [{ system: 'urn:key', value: key }], code: { text: key } };
    return this.#ask(
      'conditional create',
      ['POST', 'Basic', body, { 'If-None-Exist': `identifier=urn:key|${key}` }],
      ({ headers, status }) => {
        const id = /Basic\/([^/]+)/.exec(headers.get('location') ?? '')?.[1] ?? '';
        return status < 300 ? { created: { key, id: `${id} ${status}` } } : {};
      },
    );
  }
}

function seenIn({ entry = [] }: Body): Seen[] {
  return entry.flatMap(({ resource }) =>
    resource?.id === undefined ? [] : [{ id: resource.id, version: Number(resource.meta?.versionId) }],
  );
}

/** All that clients on these servers asked and were told, in the order of the answers. */
export async function runClients(servers: readonly TestServer[], seed: number, clients: number, count: number): Promise<Step[]> {
  const steps: Step[] = [];
  let ticks = 0;
  const tick = () => {
    ticks += 1;
    return ticks;
  };
  await Promise.all(
    Array.from({ length: clients }, (_, n) => {
      const server = servers[n % servers.length] as TestServer;
      return new Client(server, `s${seed}c${n}`, wholeFrom(seed * 100 + n), tick, steps).run(count);
    }),
  );
  return steps;
}
