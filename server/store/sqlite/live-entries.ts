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
  /** By kind and id, both clean: to join those into one name costs more than to look twice. */
  readonly #untilMs = new Map<string, Map<string, number>>();
  #size = 0;
  #dataVersion = -1;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** True when the entry is there at `nowMs`. To be called in a turn of reading. */
  has(kind: string, id: string, nowMs: number): boolean {
    const dataVersion = this.#connection.dataVersion();
    if (dataVersion !== this.#dataVersion) this.#forget();
    this.#dataVersion = dataVersion;
    const known = this.#untilMs.get(kind)?.get(id);
    if (known !== undefined) return known > nowMs;
    const [cleanKind, cleanId] = [clean(kind), clean(id)];
    const found = this.#connection.prepare(EXPIRES).get(cleanKind, cleanId, nowMs);
    if (found === undefined) return false;
    this.#keep(cleanKind, cleanId, found.expires === null ? Number.POSITIVE_INFINITY : Number(found.expires));
    return true;
  }

  /** To be called when the command has been carried out: the data version does not tell of it where this connection did. */
  changedBy(command: StateCommand): void {
    if (command.name === 'removeGroup' || command.name === 'removeRange') this.#forget();
    else if ('id' in command) this.#untilMs.get(clean(command.kind))?.delete(clean(command.id));
  }

  #keep(kind: string, id: string, untilMs: number): void {
    if (this.#size >= KEPT_AT_MOST) this.#forget();
    const ofKind = this.#untilMs.get(kind);
    if (ofKind === undefined) this.#untilMs.set(kind, new Map([[id, untilMs]]));
    else ofKind.set(id, untilMs);
    this.#size += 1;
  }

  #forget(): void {
    this.#untilMs.clear();
    this.#size = 0;
  }
}
