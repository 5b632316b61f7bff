/**
 * The numbers (`rid`) of resources that are pointed at. One that is pointed at before it is written gets its number then:
 * a row of version 0, which no read finds, kept for when it is created.
 */
import type { StatementSync } from 'node:sqlite';
import { resourceKeyOf } from '../sql/keys.ts';
import type { Connection } from './connection.ts';
import { KnownNumbers } from './known-numbers.ts';

const FIND = 'SELECT rid FROM resource WHERE key = ?';
const MENTION =
  'INSERT INTO resource (key, type, id, version_id, updated, deleted, seq) VALUES (?, ?, ?, 0, 0, 1, 0) ON CONFLICT (key) DO NOTHING RETURNING rid';

export class ResourceNumbers {
  readonly #find: StatementSync;
  readonly #mention: StatementSync;
  readonly #known = new KnownNumbers();

  /** Numbers in the database of this connection, which has a transaction open when they are asked for. */
  constructor(connection: Connection) {
    this.#find = connection.prepare(FIND);
    this.#mention = connection.prepare(MENTION);
  }

  /** The number of `type`/`id`, given now if it has none. */
  of(type: string, id: string): number {
    const key = resourceKeyOf(type, id);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const rid = Number((this.#find.get(key) ?? this.#mention.get(key, type, id))?.rid);
    this.#known.set(key, rid);
    return rid;
  }

  /** Tells the number of what has just been written, and is not known yet. */
  remember(key: bigint, rid: number): void {
    this.#known.set(key, rid);
  }

  /** To be called when a transaction or part of it was taken back: what was given in it is not theirs any more. */
  forget(): void {
    this.#known.clear();
  }
}
