/**
 * Numbers of resources that are remembered, by key: a table of fixed size outside of the heap, four megabytes for a quarter
 * of a million of them. As objects they would take five times as much, and be looked through at each collection.
 *
 * A place in the table holds four numbers with their keys; the one that came first gives way.
 */
const PLACES = 2 ** 16;
const IN_ONE_PLACE = 4;
/** Both halves of the key, and of the number. */
const WORDS_EACH = 4;
const WORDS_IN_ONE_PLACE = IN_ONE_PLACE * WORDS_EACH;
const HALF = 2 ** 32;

export class KnownNumbers {
  readonly #table = new Int32Array(PLACES * WORDS_IN_ONE_PLACE);
  /** A key, and the same bytes as two halves. */
  readonly #key = new BigInt64Array(1);
  readonly #halves = new Int32Array(this.#key.buffer);

  /** The number of the resource with this key; undefined when it is not remembered. */
  get(key: bigint): number | undefined {
    const table = this.#table;
    const start = this.#placeOf(key);
    const [first, second] = [this.#halves[0], this.#halves[1]];
    for (let at = start; at < start + WORDS_IN_ONE_PLACE; at += WORDS_EACH) {
      if (table[at] !== first || table[at + 1] !== second) continue;
      const rid = ((table[at + 2] as number) >>> 0) + (table[at + 3] as number) * HALF;
      // No resource has the number 0: it tells what is empty.
      if (rid > 0) return rid;
    }
    return undefined;
  }

  /** Remembers the number of one that is not remembered yet. */
  set(key: bigint, rid: number): void {
    const table = this.#table;
    const start = this.#placeOf(key);
    table.copyWithin(start + WORDS_EACH, start, start + WORDS_IN_ONE_PLACE - WORDS_EACH);
    table[start] = this.#halves[0] as number;
    table[start + 1] = this.#halves[1] as number;
    table[start + 2] = rid | 0;
    table[start + 3] = Math.floor(rid / HALF);
  }

  clear(): void {
    this.#table.fill(0);
  }

  /** Leaves the halves of the key. @returns where in the table its place begins. Keys are hashes: any bits of them do. */
  #placeOf(key: bigint): number {
    this.#key[0] = key;
    return ((this.#halves[0] as number) & (PLACES - 1)) * WORDS_IN_ONE_PLACE;
  }
}
