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

/** What bodies that do not say how large they are wait for, should they be large. */
const turningLarge = new WeakMap<IncomingMessage, () => Promise<void> | undefined>();

/** Resolves when there is room for a body that has turned out to be large, which nobody had said; undefined where it need not wait. */
export function roomFor(request: IncomingMessage, bytesSoFar: number): Promise<void> | undefined {
  if (bytesSoFar <= LARGE_BYTES) return undefined;
  const wait = turningLarge.get(request);
  turningLarge.delete(request);
  return wait?.();
}

export class LargeBodies {
  readonly #waiting: Waiting[] = [];
  #bytes = 0;

  /**
   * Carries out `answer`, which reads the body and answers it, when there is room for that, in the order of the calls. Where
   * it is not said how large the body is, whoever reads it asks `roomFor` on the way.
   * @param bytesMax counted for such a one. @throws what `answer` throws.
   */
  held(request: IncomingMessage, bytesMax: number, answer: () => Promise<void>): Promise<void> {
    const bytes = sizeOf(request, bytesMax);
    if (bytes === undefined) return this.#heldIfLarge(request, bytesMax, answer);
    return bytes <= LARGE_BYTES ? answer() : this.#heldLarge(request, bytes, answer);
  }

  async #heldLarge(request: IncomingMessage, bytes: number, answer: () => Promise<void>): Promise<void> {
    const room = this.#enter(request, bytes);
    if (room !== undefined) await room;
    try {
      await answer();
    } finally {
      this.#leave(bytes);
    }
  }

  async #heldIfLarge(request: IncomingMessage, bytes: number, answer: () => Promise<void>): Promise<void> {
    let isLarge = false;
    let room: Promise<void> | undefined;
    turningLarge.set(request, () => {
      isLarge = true;
      room = this.#enter(request, bytes);
      return room;
    });
    try {
      await answer();
    } finally {
      // Whoever has gone while waiting comes to have room all the same.
      if (isLarge) void (room ?? Promise.resolve()).then(() => this.#leave(bytes));
    }
  }

  /** Takes the room, or resolves when it is there and taken. */
  #enter(request: IncomingMessage, bytes: number): Promise<void> | undefined {
    if (this.#waiting.length > 0 || !this.#hasRoom(bytes)) return this.#turn(request, bytes);
    this.#bytes += bytes;
    return undefined;
  }

  #leave(bytes: number): void {
    this.#bytes -= bytes;
    this.#letIn();
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

/** How many bytes are to come: none where nothing is held of them, undefined where it is not said. */
function sizeOf({ headers, url = '' }: IncomingMessage, bytesMax: number): number | undefined {
  const said = headers['content-length'];
  const isUnsaid = said === undefined && headers['transfer-encoding'] !== undefined;
  const bytes = isUnsaid ? bytesMax : Math.min(Number(said ?? 0), bytesMax);
  if (bytes > LARGE_BYTES && IMPORT.test(url.split('?', 1)[0]!)) return 0;
  return isUnsaid ? undefined : bytes;
}
