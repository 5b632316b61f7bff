/**
 * Hands over together what comes up in one turn of the event loop, and what has come up while all hands were full: under
 * load many things cost little more than one, and what comes alone waits for nothing.
 */
export class Gathering<Item> {
  readonly #hands: number;
  readonly #atMost: number;
  readonly #take: (items: readonly Item[]) => Promise<void>;
  #waiting: Item[] = [];
  #busy = 0;
  #isPlanned = false;

  /**
   * @param hands how many handfuls may be under way at a time.
   * @param atMost items in one of them.
   * @param take never rejects.
   */
  constructor(hands: number, atMost: number, take: (items: readonly Item[]) => Promise<void>) {
    this.#hands = hands;
    this.#atMost = atMost;
    this.#take = take;
  }

  add(item: Item): void {
    this.#waiting.push(item);
    this.#plan();
  }

  #plan(): void {
    if (this.#isPlanned || this.#waiting.length === 0 || this.#busy >= this.#hands) return;
    this.#isPlanned = true;
    setImmediate(() => {
      this.#isPlanned = false;
      this.#busy += 1;
      void this.#take(this.#waiting.splice(0, this.#atMost)).then(() => {
        this.#busy -= 1;
        this.#plan();
      });
      this.#plan();
    });
  }
}
