/**
 * The yardstick of transactions: the store alone, given the same rows in the same commits, with nothing in front of it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDefinitions } from '../../server/definitions/load.ts';
import type { Resource } from '../../server/fhir/resource.ts';
import { createIndexer } from '../../server/search/index-resource.ts';
import { createSearchRegistry } from '../../server/search/registry.ts';
import type { ResourceWrite } from '../../server/store/resource-store.ts';
import { openSqliteStore } from '../../server/store/sqlite/open.ts';
import { personBundle } from './population.ts';

const PREPARED = 300;

/** Commits of twenty rows a second, by `clients` at once. The rows are made beforehand, and written over when all are used. */
export async function rawStoreTransactions(durationMs: number, clients: number): Promise<number> {
  const definitions = loadDefinitions();
  const index = createIndexer(definitions, createSearchRegistry(definitions));
  const prepared = Array.from({ length: PREPARED }, (_, n) => JSON.parse(personBundle(n)) as { entry: { resource: Resource }[] }).map(
    ({ entry }) =>
      entry.map(({ resource }) => ({
        type: resource.resourceType,
        id: resource.id ?? '',
        json: JSON.stringify(resource),
        index: index(resource),
      })),
  );
  const folder = await mkdtemp(join(tmpdir(), 'fellesplan-raw-'));
  const { resources: store, close } = await openSqliteStore({ file: join(folder, 'raw.sqlite') });
  const writesOf = (n: number): readonly ResourceWrite[] =>
    (prepared[n % PREPARED] ?? []).map((row) => ({
      ...row,
      versionId: 1 + Math.floor(n / PREPARED),
      lastUpdatedMs: Date.now(),
      method: 'PUT',
    }));
  try {
    const startMs = performance.now();
    let sent = 0;
    let done = 0;
    const client = async (): Promise<void> => {
      while (performance.now() - startMs < durationMs) {
        const writes = writesOf(sent++);
        const versions = writes.map(({ type, id }) => ({ type, id }));
        await store.transact({ lookups: { versions }, build: () => ({ writes, result: undefined }) });
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    return (done * 1000) / (performance.now() - startMs);
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}
