/**
 * The yardstick of transactions: the store alone, given the same rows in the same commits, with nothing in front of it.
 */
import { loadDefinitions } from '../../server/definitions/load.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import type { Database } from '../../server/store/database.ts';
import type { ResourceWrite } from '../../server/store/resource-store.ts';
import { personBundle } from './population.ts';
import type { Yardstick } from './yardsticks.ts';

/** Transactions made ready before each round; when all are used the round is over. */
const PREPARED = 300;

interface RawStore extends Yardstick {
  /** Writes so many of them, and no more. */
  write(people: number): Promise<void>;
}

/** Transactions of twenty rows that are not there yet, by `clients` at once. `first` numbers the first person written. */
export function rawStore(database: Database, clients: number, first: number): RawStore {
  const definitions = loadDefinitions();
  const index = createIndexer(definitions, createSearchRegistry(definitions));
  let person = first;
  const prepare = (): readonly ResourceWrite[] => {
    const { entry } = JSON.parse(personBundle(person++)) as { readonly entry: readonly { readonly resource: Resource }[] };
    return entry.map(({ resource }) => ({
      type: resource.resourceType,
      id: resource.id ?? '',
      versionId: 1,
      lastUpdatedMs: Date.now(),
      method: 'PUT',
      json: JSON.stringify(resource),
      index: index(resource),
    }));
  };
  const store = async (writes: readonly ResourceWrite[]): Promise<void> => {
    const versions = writes.map(({ type, id }) => ({ type, id }));
    await database.resources.transact({ lookups: { versions }, build: () => ({ writes, result: undefined }) });
  };
  return {
    async write(people) {
      const upTo = person + people;
      const client = async (): Promise<void> => {
        while (person < upTo) await store(prepare());
      };
      await Promise.all(Array.from({ length: clients }, client));
    },
    async round(durationMs) {
      const prepared = Array.from({ length: PREPARED }, prepare);
      const startMs = performance.now();
      let done = 0;
      const client = async (): Promise<void> => {
        while (performance.now() - startMs < durationMs) {
          const writes = prepared.pop();
          if (writes === undefined) return;
          await store(writes);
          done += 1;
        }
      };
      await Promise.all(Array.from({ length: clients }, client));
      return (done * 1000) / (performance.now() - startMs);
    },
    close: () => database.close(),
  };
}
