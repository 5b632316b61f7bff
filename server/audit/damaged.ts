/**
 * What of the journal cannot be read: rows of the state store and files that somebody, or a disk, has damaged. They are set
 * aside whole, so that they stop nobody and nothing is lost, and stay there until a person has looked at them.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateEntry, StateStore } from '../store/state-store.ts';

/** The kind of rows that were set aside. */
export const DAMAGED_KIND = 'audit-journal-damaged';
/** How the name of a file ends that was set aside. */
export const BROKEN_FILE = '.broken';
const ROWS_AT_A_TIME = 200;

export interface JournalPlaces {
  readonly state: StateStore;
  /** The folder of the files, for a database that is one process's own. */
  readonly folder?: string | undefined;
}

/** The rows that were set aside, by id. */
export async function* damagedRows(state: StateStore): AsyncGenerator<StateEntry> {
  for (let page = await state.list(DAMAGED_KIND, ROWS_AT_A_TIME); page.length > 0; ) {
    yield* page;
    page = await state.list(DAMAGED_KIND, ROWS_AT_A_TIME, page.at(-1)?.id);
  }
}

/** Where something was set aside; the paths of files are whole. Empty when all that was noted could be read. */
export async function damagedPlaces({ state, folder }: JournalPlaces): Promise<readonly string[]> {
  const places: string[] = [];
  for await (const { id } of damagedRows(state)) places.push(placeOf(id));
  return folder === undefined ? places : [...places, ...(await brokenFiles(folder))];
}

/** The files that were set aside in a folder, which may not be there. */
export async function brokenFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(BROKEN_FILE)).map((name) => join(folder, name));
}

/** How a row is named to people. */
export function placeOf(id: string): string {
  return `${DAMAGED_KIND}/${id}`;
}

/** Puts a row of the journal aside. Done half, it is found and done again. */
export async function setAside(state: StateStore, { kind, id, value }: StateEntry): Promise<void> {
  await state.insertIfAbsent(DAMAGED_KIND, id, value);
  await state.remove(kind, id);
}
