/**
 * A compressed file of texts, a line each: what is unpacked is let go when memory is wanted, and unpacked again (in about
 * 20 ms) when one more of its texts is asked for. Few of them ever are, and most of those soon after a start.
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

const LINE_END = 10;

export class PackedTexts {
  readonly #packed: Uint8Array;
  readonly #starts: readonly number[];
  #unpacked: WeakRef<Buffer>;

  /** @throws Error when the file is missing or broken: the installation is not whole. */
  constructor(file: URL) {
    this.#packed = readFileSync(file);
    const whole = brotliDecompressSync(this.#packed);
    this.#unpacked = new WeakRef(whole);
    this.#starts = startsOf(whole);
  }

  /** The line at a place, counted from 0. */
  line(place: number): string {
    const whole = this.#whole();
    return whole.toString('utf8', this.#starts[place], (this.#starts[place + 1] ?? whole.length + 1) - 1);
  }

  #whole(): Buffer {
    const held = this.#unpacked.deref();
    if (held !== undefined) return held;
    const whole = brotliDecompressSync(this.#packed);
    this.#unpacked = new WeakRef(whole);
    return whole;
  }
}

function startsOf(whole: Buffer): number[] {
  const starts = [0];
  for (let end = whole.indexOf(LINE_END); end >= 0; end = whole.indexOf(LINE_END, end + 1)) starts.push(end + 1);
  return starts;
}
