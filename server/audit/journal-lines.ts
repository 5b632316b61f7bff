/**
 * Records as the lines of a journal file. A record that differs from one further up in time, request and number shown only
 * names that one and says these three: most of what a busy service notes takes a fifth of the text then. Requests are named
 * as far as the event will name them.
 *
 * A line is JSON: an object is a record; an array of numbers and a text says one again.
 */
import { type AccessRecord, isAccessRecord } from './access-record.ts';
import { tellsRequest } from './access-tally.ts';
import type { NotedRecord } from './journal.ts';

/** Place of the record among the records of the file, milliseconds after it, number shown, request. */
type Again = readonly [place: number, afterMs: number, shown: number | null, requestId: string | null];

/** Writes down the lines of one file, and remembers which records stand in it. */
export class JournalLines {
  /** By the number of the access: the place of its record, and its time. */
  #told: ({ readonly place: number; readonly atMs: number } | undefined)[] = [];
  #records = 0;

  /** How many records stand in the file in full. */
  get records(): number {
    return this.#records;
  }

  /** To be called when all lines with and after that record came to nothing. */
  forgetFrom(record: number): void {
    this.#records = record;
    this.#told = this.#told.map((each) => (each === undefined || each.place >= record ? undefined : each));
  }

  /** The next lines of the file. */
  of(row: readonly NotedRecord[]): string {
    let text = '';
    for (const { record, access } of row) text += `${this.#line(record, access)}\n`;
    return text;
  }

  #line(record: AccessRecord, access: NotedRecord['access']): string {
    const { atMs, shown = null, requestId } = record;
    const told = this.#told[access.number];
    if (told === undefined) {
      this.#told[access.number] = { place: this.#records, atMs };
      this.#records += 1;
      return JSON.stringify(record);
    }
    const isNamed = requestId !== undefined && tellsRequest(access);
    return `[${told.place},${atMs - told.atMs},${shown},${isNamed ? JSON.stringify(requestId) : null}]`;
  }
}

/** What a file holds. */
export interface JournalContent {
  readonly records: readonly AccessRecord[];
  /** False when there is something after the records that is none. */
  readonly isWhole: boolean;
}

/**
 * What a file holds, up to the first line that is none. A last line that is cut off was never answered for, and is no
 * fault; but a power cut may leave anything of the last moments, and lines after that name others by their place.
 */
export function contentOf(text: string): JournalContent {
  const told: AccessRecord[] = [];
  const records: AccessRecord[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const said = saidIn(line);
    const record = said === undefined || !isAgain(said) ? said : again(told, said);
    if (record === undefined) return { records, isWhole: false };
    if (record === said) told.push(record);
    records.push(record);
  }
  return { records, isWhole: true };
}

/** The records of a file. */
export function recordsOf(text: string): readonly AccessRecord[] {
  return contentOf(text).records;
}

function saidIn(line: string): AccessRecord | Again | undefined {
  try {
    const said: unknown = JSON.parse(line);
    return isAccessRecord(said) || isAgain(said) ? said : undefined;
  } catch {
    return undefined;
  }
}

function isAgain(said: unknown): said is Again {
  if (!Array.isArray(said)) return false;
  const [place, afterMs, shown, requestId] = said as readonly unknown[];
  return (
    Number.isInteger(place) &&
    Number.isFinite(afterMs) &&
    (shown === null || Number.isFinite(shown)) &&
    (requestId === null || typeof requestId === 'string')
  );
}

function again(told: readonly AccessRecord[], [place, afterMs, shown, requestId]: Again): AccessRecord | undefined {
  const first = told[place];
  if (first === undefined) return undefined;
  const { shown: _shown, requestId: _request, ...same } = first;
  const said = { ...(shown === null ? {} : { shown }), ...(requestId === null ? {} : { requestId }) };
  return { ...same, atMs: same.atMs + afterMs, ...said };
}
