/**
 * Lets bodies in one after another: to read one is work that nothing interrupts, and the answers of other threads (a
 * commit is on disk) are heard between two turns of the event loop only. Taken all at once, the bodies of many clients
 * kept those waiting whose writes were done, and the thread that writes without anything to write.
 *
 * Spec: https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick
 */

/** As much as a transaction of twenty, or some ten plans, which are written as a group. */
const BYTES_IN_A_TURN = 32 * 1024;

interface Waiting {
  readonly bytes: number;
  readonly go: () => void;
}

/** One for all that share an event loop. */
export class BodyTurns {
  readonly #waiting: Waiting[] = [];
  /** Let in during this turn. */
  #bytes = 0;
  #isTurnAwaited = false;

  /** Undefined when a body of this size may be read now; otherwise resolves when it may, in the order of the calls. */
  next(bytes: number): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#hasRoom(bytes)) {
      this.#letIn(bytes);
      return undefined;
    }
    return new Promise((go) => this.#waiting.push({ bytes, go }));
  }

  /** The first of a turn has room, whatever its size. */
  #hasRoom(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= BYTES_IN_A_TURN;
  }

  #letIn(bytes: number): void {
    this.#bytes += bytes;
    if (this.#isTurnAwaited) return;
    this.#isTurnAwaited = true;
    setImmediate(() => this.#beginTurn());
  }

  #beginTurn(): void {
    this.#isTurnAwaited = false;
    this.#bytes = 0;
    for (let head = this.#waiting[0]; head !== undefined && this.#hasRoom(head.bytes); head = this.#waiting[0]) {
      this.#waiting.shift();
      this.#letIn(head.bytes);
      head.go();
    }
  }
}
