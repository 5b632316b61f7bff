/**
 * SQL that is the same every time but for its values, and is asked for all the time: to write it anew, and to find the
 * statement of a new text, costs nearly as much as to run it.
 */
import type { Dialect, SqlValue } from './dialect.ts';
import type { Statement } from './steps.ts';

export class WrittenOnce {
  /** By dialect and by what the text depends on; undefined where it depends on more. */
  readonly #texts = new Map<Dialect, Map<number, string | undefined>>();

  /** The statement of this kind with these values, which `write` writes the first time; undefined where it binds others than these. */
  statement(dialect: Dialect, kind: number, values: readonly SqlValue[], write: () => Statement): Statement | undefined {
    let known = this.#texts.get(dialect);
    if (known === undefined) {
      known = new Map();
      this.#texts.set(dialect, known);
    }
    if (!known.has(kind)) {
      const written = write();
      const isSame = written.values.length === values.length && written.values.every((value, place) => value === values[place]);
      known.set(kind, isSame ? written.sql : undefined);
    }
    const sql = known.get(kind);
    return sql === undefined ? undefined : { sql, values };
  }
}
