/** Values that were kept lately, within bounds, where to lose one costs time only. */

interface Bounds<Value> {
  readonly count: number;
  /** What all may weigh together. */
  readonly weight: number;
  weightOf(value: Value): number;
}

/** Those kept last, and those before them, which go when there are as many again. */
export class LatelyKept<Key, Value> {
  readonly #bounds: Bounds<Value>;
  #last = new Map<Key, Value>();
  #before = new Map<Key, Value>();
  /** Of those in `#last`. */
  #weight = 0;

  constructor(bounds: Bounds<Value>) {
    this.#bounds = bounds;
  }

  get(key: Key): Value | undefined {
    return this.#last.get(key) ?? this.#before.get(key);
  }

  /** Keeps this instead of what was kept under the key. */
  set(key: Key, value: Value): void {
    const { count, weight } = this.#bounds;
    const replaced = this.#last.get(key);
    this.#weight += this.#bounds.weightOf(value) - (replaced === undefined ? 0 : this.#bounds.weightOf(replaced));
    this.#last.set(key, value);
    if (this.#last.size < count / 2 && this.#weight < weight / 2) return;
    this.#before = this.#last;
    this.#last = new Map();
    this.#weight = 0;
  }

  clear(): void {
    this.#last = new Map();
    this.#before = new Map();
    this.#weight = 0;
  }
}
