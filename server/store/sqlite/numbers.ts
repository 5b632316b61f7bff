/**
 * The numbers (`rid`) of resources that are pointed at. One that is pointed at before it is written gets its number then:
 * a row of version 0, which no read finds, kept for when it is created.
 */
import type { StatementSync } from 'node:sqlite';
import { resourceKeyOf } from '../sql/keys.ts';
import type { Connection } from './connection.ts';

const FIND = 'SELECT rid FROM resource WHERE key = ?';
const MENTION =
  'INSERT INTO resource (key, type, id, version_id, updated, deleted, seq) VALUES (?, ?, ?, 0, 0, 1, 0) ON CONFLICT (key) DO NOTHING RETURNING rid';

/** What is written together points at the same few again and again, and at what has just been written. */
const REMEMBERED_AT_MOST = 10_000;

export class ResourceNumbers {
  readonly #find: StatementSync;
  readonly #mention: StatementSync;
  /** By type and id. */
  #known = new Map<string, Map<string, number>>();
  /** Those that were known before as many others. */
  #older: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();
  #size = 0;

  /** Numbers in the database of this connection, which has a transaction open when they are asked for. */
  constructor(connection: Connection) {
    this.#find = connection.prepare(FIND);
    this.#mention = connection.prepare(MENTION);
  }

  /** The number of `type`/`id`, given now if it has none. */
  of(type: string, id: string): number {
    const known = this.#known.get(type)?.get(id);
    if (known !== undefined) return known;
    const rid = this.#older.get(type)?.get(id) ?? this.#look(type, id);
    this.remember(type, id, rid);
    return rid;
  }

  #look(type: string, id: string): number {
    const key = resourceKeyOf(type, id);
    return Number((this.#find.get(key) ?? this.#mention.get(key, type, id))?.rid);
  }

  /** Tells the number of what has just been written, and is not known yet. */
  remember(type: string, id: string, rid: number): void {
    if (this.#size >= REMEMBERED_AT_MOST) [this.#older, this.#known, this.#size] = [this.#known, new Map(), 0];
    const ofType = this.#known.get(type);
    if (ofType === undefined) this.#known.set(type, new Map([[id, rid]]));
    else ofType.set(id, rid);
    this.#size += 1;
  }

  /** To be called when a transaction or part of it was taken back: what was given in it is not theirs any more. */
  forget(): void {
    [this.#known, this.#older, this.#size] = [new Map(), new Map(), 0];
  }
}
