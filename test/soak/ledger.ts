/** What servers have acknowledged, and whether it is there. */
import { bearer } from '../support/test-server.ts';

interface Acknowledged {
  readonly version: number;
  /** Stands in the resource's `code.text`. */
  readonly mark: string;
}

type Get = (path: string) => Promise<{ readonly status: number; readonly body: Basic }>;

export interface Basic {
  readonly resourceType: string;
  readonly id?: string;
  readonly meta?: { readonly versionId: string };
  readonly code?: { readonly text: string };
  readonly entry?: readonly { readonly resource: Basic }[];
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly total?: number;
}

const CHECKS_AT_A_TIME = 16;

export class Ledger {
  readonly #written = new Map<string, Acknowledged[]>();
  readonly #groups: (readonly string[])[] = [];

  get size(): number {
    let size = 0;
    for (const versions of this.#written.values()) size += versions.length;
    return size;
  }

  acknowledge(id: string, version: number, mark: string): void {
    const versions = this.#written.get(id);
    if (versions === undefined) this.#written.set(id, [{ version, mark }]);
    else versions.push({ version, mark });
  }

  /** Ids that a transaction writes together; whether it was acknowledged or not, all are there or none. */
  together(ids: readonly string[]): void {
    this.#groups.push(ids);
  }

  /** An id that has been acknowledged, by chance. */
  anyId(random: () => number): string | undefined {
    const at = Math.floor(random() * this.#written.size);
    let n = 0;
    for (const id of this.#written.keys()) if (n++ === at) return id;
    return undefined;
  }

  newest(id: string): Acknowledged | undefined {
    return this.#written.get(id)?.reduce((a, b) => (a.version > b.version ? a : b));
  }

  /** What is not as it was acknowledged: a version that is missing or another, two that share a number, a gap, half a transaction. */
  async faults(get: Get): Promise<string[]> {
    const faults: string[] = [];
    await inParallel([...this.#written], async ([id, versions]) => {
      faults.push(...twice(id, versions));
      const kept: Basic[] = [];
      for (let path: string | undefined = `Basic/${id}/_history?_count=1000`; path !== undefined; ) {
        const { body } = await get(path);
        kept.push(...(body.entry ?? []).map(({ resource }) => resource));
        path = nextPath(body);
      }
      const marks = new Map(kept.map(({ meta, code }) => [Number(meta?.versionId), code?.text]));
      for (const { version, mark } of versions) {
        if (marks.get(version) !== mark) faults.push(`${id} version ${version}: ${marks.get(version)} instead of ${mark}`);
      }
      const numbers = [...marks.keys()].sort((a, b) => a - b);
      if (numbers.some((number, at) => number !== at + 1)) faults.push(`${id} has versions ${numbers.join(', ')}`);
    });
    await inParallel(this.#groups, async (ids) => {
      const found = await Promise.all(ids.map(async (id) => (await get(`Basic/${id}`)).status === 200));
      if (new Set(found).size > 1) faults.push(`of a transaction only some are there: ${ids.filter((_, at) => found[at]).join(', ')}`);
    });
    return faults;
  }
}

/** Where the next page is, below any FHIR base. */
export function nextPath({ link = [] }: Basic): string | undefined {
  return link.find(({ relation }) => relation === 'next')?.url.split('/fhir/')[1];
}

function twice(id: string, versions: readonly Acknowledged[]): string[] {
  const numbers = versions.map(({ version }) => version);
  return numbers.filter((number, at) => numbers.indexOf(number) !== at).map((number) => `${id} version ${number} was acknowledged twice`);
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: CHECKS_AT_A_TIME }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}

/** Headers of a client that may do everything. */
export const HEADERS: Readonly<Record<string, string>> = { Authorization: bearer(), 'Content-Type': 'application/fhir+json' };
