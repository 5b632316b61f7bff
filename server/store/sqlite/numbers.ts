/**
 * The numbers (`rid`) of resources that are pointed at. One that is pointed at before it is written gets its number then:
 * a row of version 0, which no read finds, kept for when it is created.
 */
import { resourceKeyOf } from '../sql/keys.ts';
import type { Connection } from './connection.ts';

const FIND = 'SELECT rid FROM resource WHERE key = ?';
const MENTION =
  'INSERT INTO resource (key, type, id, version_id, updated, deleted, seq) VALUES (?, ?, ?, 0, 0, 1, 0) ON CONFLICT (key) DO NOTHING RETURNING rid';

/** What is written together points at the same few again and again. */
const REMEMBERED_AT_MOST = 10_000;

export class ResourceNumbers {
  readonly #connection: Connection;
  readonly #known = new Map<bigint, number>();

  /** Numbers in the database of this connection, which has a transaction open when they are asked for. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The number of `type`/`id`, given now if it has none. */
  of(type: string, id: string): number {
    const key = resourceKeyOf(type, id);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const row = this.#connection.prepare(FIND).get(key) ?? this.#connection.prepare(MENTION).get(key, type, id);
    const rid = Number(row?.rid);
    if (this.#known.size >= REMEMBERED_AT_MOST) this.#known.clear();
    this.#known.set(key, rid);
    return rid;
  }

  /** To be called when a transaction or part of it was taken back: what was given in it is not theirs any more. */
  forget(): void {
    this.#known.clear();
  }
}
