/**
 * What the commands on the store share: the database and the indexer that a server with the same configuration has, and
 * how they tell of their progress.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadCore } from '../composition/core.ts';
import { type Config, readConfig } from '../config.ts';
import { parseJson } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import { openDatabase } from '../main.ts';
import { createIndexer } from '../search/index-resource.ts';
import type { Database, Indexer } from '../store/database.ts';

export interface OpenStore {
  readonly database: Database;
  readonly index: Indexer;
  /** Names the database to people, without password. */
  readonly place: string;
}

/** A refusal that says what is in the way; the exit code is 1, nothing has been changed. */
export class Refusal extends Error {}

const REFUSED = 1;
const SAY_EACH_MS = 1_000;

/**
 * Opens the store of the configuration for `work` and closes it; a refusal is told on stderr and sets exit code 1.
 * @param mustExist refuses where there is no database yet, rather than make one.
 * @throws ConfigError, and Error when the database cannot be opened: exit code 2.
 */
export async function withStore(mustExist: boolean, work: (store: OpenStore) => Promise<void>): Promise<void> {
  const config = readConfig('serve');
  const place = placeOf(config);
  try {
    if (mustExist && config.databaseUrl === undefined && !existsSync(place)) throw new Refusal(`there is no database at ${place}`);
    const database = await openDatabase(config);
    try {
      await work({ database, index: storedIndexer(config), place });
    } finally {
      await database.close();
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`fellesplan: ${error.message}\n`);
    process.exitCode = REFUSED;
  }
}

function placeOf({ databaseUrl, dataDir }: Config): string {
  if (databaseUrl === undefined) return join(dataDir, 'fellesplan.sqlite');
  const { host, pathname } = new URL(databaseUrl);
  return `PostgreSQL ${host}${pathname}`;
}

function storedIndexer({ publicUrl }: Config): Indexer {
  const { definitions, searchRegistry } = loadCore();
  const index = createIndexer(definitions, searchRegistry, { baseUrl: `${publicUrl}/fhir` });
  return (_, json) => index(parseJson(json) as Resource);
}

/** Tells on stderr, once a second at most, how far something has come. */
export function progress(what: string): (done: number) => void {
  let saidMs = Date.now();
  return (done) => {
    if (Date.now() - saidMs < SAY_EACH_MS) return;
    saidMs = Date.now();
    process.stderr.write(`  ${done} ${what}\n`);
  };
}
