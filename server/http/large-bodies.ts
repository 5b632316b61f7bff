/**
 * How many large bodies are held at a time. Each is kept as bytes, as text and as what it says until it is answered: sixty of
 * ten megabytes, sent at once by one client, held 1.3 GB. Those for which there is no room are not read meanwhile.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9293#section-3.8.6
 */
import type { IncomingMessage } from 'node:http';
import { arrivesByAndBy, arrivesInTime } from './arrival.ts';

/** Smaller ones are never waited for. */
const LARGE_BYTES = 1024 * 1024;
/** Of all large ones together; one alone may be of any size that is taken. */
const ROOM_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly bytes: number;
  readonly go: () => void;
}

export class LargeBodies {
  readonly #waiting: Waiting[] = [];
  #bytes = 0;

  /**
   * Carries out `answer`, which reads the body and answers it, when there is room for that, in the order of the calls.
   * @param bytesMax counted where it is not said how large it is. @throws what `answer` throws.
   */
  held(request: IncomingMessage, bytesMax: number, answer: () => Promise<void>): Promise<void> {
    const bytes = sizeOf(request, bytesMax);
    return bytes <= LARGE_BYTES ? answer() : this.#heldLarge(request, bytes, answer);
  }

  async #heldLarge(request: IncomingMessage, bytes: number, answer: () => Promise<void>): Promise<void> {
    if (this.#waiting.length > 0 || !this.#hasRoom(bytes)) await this.#turn(request, bytes);
    else this.#bytes += bytes;
    try {
      await answer();
    } finally {
      this.#bytes -= bytes;
      this.#letIn();
    }
  }

  async #turn(request: IncomingMessage, bytes: number): Promise<void> {
    // It is not the sender who is slow.
    arrivesByAndBy(request);
    await new Promise<void>((go) => this.#waiting.push({ bytes, go }));
    arrivesInTime(request);
  }

  #hasRoom(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= ROOM_BYTES;
  }

  #letIn(): void {
    for (let head = this.#waiting[0]; head !== undefined && this.#hasRoom(head.bytes); head = this.#waiting[0]) {
      this.#waiting.shift();
      this.#bytes += head.bytes;
      head.go();
    }
  }
}

/** An import is taken line by line, and held nowhere. */
const IMPORT = /(?:\$|%24)import$/i;

/** How many bytes are to come; none where nothing is held of them. */
function sizeOf({ headers, url = '' }: IncomingMessage, bytesMax: number): number {
  const said = headers['content-length'];
  const isUnsaid = said === undefined && headers['transfer-encoding'] !== undefined;
  const bytes = isUnsaid ? bytesMax : Math.min(Number(said ?? 0), bytesMax);
  return bytes > LARGE_BYTES && IMPORT.test(url.split('?', 1)[0]!) ? 0 : bytes;
}
