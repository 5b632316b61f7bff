/**
 * A copy of the journal that fits a copy of the log: taken at a moment at which no process makes AuditEvents of it, so
 * that each access stands in one of the two. Servers read and write meanwhile.
 */
import { setTimeout } from 'node:timers/promises';
import type { StateEntry, StateStore } from '../store/state-store.ts';
import type { AccessRecord } from './access-record.ts';
import { DAMAGED_KIND } from './damaged.ts';
import { readJournalFiles } from './journal-file.ts';
import { JOURNAL_KIND } from './journal-table.ts';
import { tellingMarks } from './telling-mark.ts';

/** A row as the state store holds it, wherever it stood. */
export type CopiedRow = Pick<StateEntry, 'kind' | 'id' | 'value' | 'expiresAtMs'>;

export interface JournalCopy<Begun> {
  /** What `begin` gave. */
  readonly begun: Begun;
  readonly rows: readonly CopiedRow[];
  /** False when there was no such moment in good time: some accesses may stand in both. None is ever in neither. */
  readonly isApart: boolean;
}

export interface JournalSource {
  readonly state: StateStore;
  /** The folder of the files, for a database that is one process's own. */
  readonly folder?: string;
}

/** Processes are at it for some hundredths of a second each time, once in some seconds. */
const PAUSE_MS = 50;
const PATIENCE_MS = 20_000;
const ROWS_AT_A_TIME = 500;
const RECORDS_PER_ROW = 100;

/**
 * Begins the copy of the log by `begin`, which settles the moment it shows, and copies the journal.
 * @param abandon called with what was begun at a moment that did not do.
 * @throws FhirError 503 `transient` when the store is out of reach, and Error when a file of the journal cannot be read.
 */
export async function copyJournal<Begun>(
  source: JournalSource,
  begin: () => Promise<Begun>,
  abandon: (begun: Begun) => Promise<void>,
  patienceMs = PATIENCE_MS,
): Promise<JournalCopy<Begun>> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const before = await tellingMarks(source.state);
    const isLast = performance.now() >= untilMs;
    if (!before.isUnderWay || isLast) {
      // Of what is told and taken away meanwhile, the copy of the log may lack a part.
      const rowsBefore = isLast ? await rowsOf(source) : new Map<string, CopiedRow>();
      const begun = await begin();
      const rows = await rowsOf(source);
      const isApart = !before.isUnderWay && (await tellingMarks(source.state)).text === before.text;
      if (isApart || isLast) return { begun, rows: [...new Map([...rowsBefore, ...rows]).values()], isApart };
      await abandon(begun);
    }
    await setTimeout(PAUSE_MS);
  }
}

type Rows = ReadonlyMap<string, CopiedRow>;

async function rowsOf({ state, folder }: JournalSource): Promise<Rows> {
  const rows = new Map<string, CopiedRow>();
  const add = ({ kind = JOURNAL_KIND, id, value, expiresAtMs = null }: Partial<CopiedRow> & Pick<CopiedRow, 'id' | 'value'>): void =>
    void rows.set(`${kind} ${id}`, { kind, id, value, expiresAtMs });
  for (const kind of [JOURNAL_KIND, DAMAGED_KIND]) {
    for (let page = await state.list(kind, ROWS_AT_A_TIME); page.length > 0; ) {
      for (const entry of page) add(entry);
      page = await state.list(kind, ROWS_AT_A_TIME, page.at(-1)?.id);
    }
  }
  const files = folder === undefined ? [] : await readJournalFiles(folder);
  for (const { name, records } of files) {
    for (const [number, some] of pieces(records).entries())
      add({ id: `${name}/${number + 1}`, value: { atMs: some[0]!.atMs, records: some } });
  }
  return rows;
}

function pieces(records: readonly AccessRecord[]): readonly (readonly AccessRecord[])[] {
  return Array.from({ length: Math.ceil(records.length / RECORDS_PER_ROW) }, (_, piece) =>
    records.slice(piece * RECORDS_PER_ROW, (piece + 1) * RECORDS_PER_ROW),
  );
}
