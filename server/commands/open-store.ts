/**
 * What the commands on the store share: the database and the indexer that a server with the same configuration has, and
 * how they tell of their progress.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { journalFolder } from '../audit/journal-file.ts';
import { type Core, loadCore } from '../composition/core.ts';
import { serveDatabase, storedIndexer } from '../composition/served-database.ts';
import { type Config, readConfig } from '../config.ts';
import { openDatabase } from '../main.ts';
import type { Database, Indexer } from '../store/database.ts';

export interface OpenStore {
  readonly database: Database;
  readonly index: Indexer;
  /** Where the access log's journal has its files; undefined where all of it is in the database. */
  readonly journalFolder: string | undefined;
  /** Names the database to people, without password. */
  readonly place: string;
}

/** A refusal that says what is in the way; the exit code is 1, nothing has been changed. */
export class Refusal extends Error {}

const REFUSED = 1;
const SAY_EACH_MS = 1_000;

/**
 * Opens the store of the configuration for `work` and closes it; a refusal is told on stderr and sets exit code 1.
 * @param mustExist throws where there is no database yet, rather than make one.
 * @param joins joins the processes that serve the database, as those must that write index rows.
 * @throws ConfigError, and Error when the database is not there or cannot be opened: exit code 2.
 */
export async function withStore(mustExist: boolean, work: (store: OpenStore) => Promise<void>, joins = false): Promise<void> {
  const config = readConfig('serve');
  const place = placeOf(config);
  await withRefusals(async () => {
    if (mustExist && config.databaseUrl === undefined && statSync(place, { throwIfNoEntry: false }) === undefined)
      throw new Error(`there is no database at ${place}; FELLESPLAN_DATA, or DATABASE_URL, says where it is`);
    const core = loadCore(config.dataDir);
    const opened = await openDatabase(config);
    const database = joins ? await joined(opened, core) : opened;
    try {
      const folder = config.databaseUrl === undefined ? journalFolder(config.dataDir) : undefined;
      await work({ database, index: storedIndexer(core, `${config.publicUrl}/fhir`), journalFolder: folder, place });
    } finally {
      await database.close();
    }
  });
}

/** @throws Refusal when the file is there already, or its folder is not. */
export function refuseToReplace(file: string): void {
  if (existsSync(file)) throw new Refusal(`${file} is there already`);
  if (!existsSync(dirname(file))) throw new Refusal(`there is no folder ${dirname(file)}`);
}

/** Does `work`; a refusal is told on stderr and sets exit code 1. */
export async function withRefusals(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`fellesplan: ${error.message}\n`);
    process.exitCode = REFUSED;
  }
}

async function joined(opened: Database, core: Core): Promise<Database> {
  return serveDatabase(opened, core).catch((error: unknown) => {
    throw new Refusal((error as Error).message);
  });
}

function placeOf({ databaseUrl, dataDir }: Config): string {
  if (databaseUrl === undefined) return join(dataDir, 'fellesplan.sqlite');
  const { host, pathname } = new URL(databaseUrl);
  return `PostgreSQL ${host}${pathname}`;
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
