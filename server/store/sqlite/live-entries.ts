/**
 * Which entries of the state store are known to be live. Every request asks for its token, and nearly always for one of a
 * few: what is known of them holds until another connection commits something, or this one changes the entry.
 *
 * Spec: https://sqlite.org/pragma.html#pragma_data_version
 */
import { clean } from '../sql/entry-rows.ts';
import type { StateCommand } from '../sql/state-methods.ts';
import type { Connection } from './connection.ts';

const EXPIRES = 'SELECT expires FROM state WHERE kind = ? AND id = ? AND (expires IS NULL OR expires > ?)';
const KEPT_AT_MOST = 1000;

export class LiveEntries {
  readonly #connection: Connection;
  readonly #untilMs = new Map<string, number>();
  #dataVersion = -1;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** True when the entry is there at `nowMs`. To be called in a turn of reading. */
  has(kind: string, id: string, nowMs: number): boolean {
    const dataVersion = this.#connection.dataVersion();
    if (dataVersion !== this.#dataVersion) this.#untilMs.clear();
    this.#dataVersion = dataVersion;
    const name = nameOf(kind, id);
    const known = this.#untilMs.get(name);
    if (known !== undefined) return known > nowMs;
    const found = this.#connection.prepare(EXPIRES).get(clean(kind), clean(id), nowMs);
    if (found === undefined) return false;
    if (this.#untilMs.size >= KEPT_AT_MOST) this.#untilMs.clear();
    this.#untilMs.set(name, found.expires === null ? Number.POSITIVE_INFINITY : Number(found.expires));
    return true;
  }

  /** To be called when the command has been carried out: the data version does not tell of it where this connection did. */
  changedBy(command: StateCommand): void {
    if (command.name === 'removeGroup') this.#untilMs.clear();
    else if ('id' in command) this.#untilMs.delete(nameOf(command.kind, command.id));
  }
}

/** No kind or id holds a NUL once it is clean. */
const nameOf = (kind: string, id: string): string => `${clean(kind)}\0${clean(id)}`;
