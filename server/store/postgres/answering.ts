/**
 * What comes back on a connection, taken apart here while a pipeline is being answered: the driver makes an object, an
 * event and strings of every message. What only the driver knows of, and the end of a pipeline, is handed on to it.
 *
 * Spec: https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
import type pg from 'pg';
import { HEAD } from './messages.ts';

/** Told of the answers to a pipeline, message by message. The bytes are gone when the call returns. */
export interface Answered {
  /** The columns of the statement that is answered next. */
  columns(message: Buffer): void;
  row(message: Buffer): void;
  completed(): void;
}

const letter = (name: string): number => name.charCodeAt(0);
const ROW_DESCRIPTION = letter('T');
const DATA_ROW = letter('D');
const COMMAND_COMPLETE = letter('C');
/** Of no interest: parsed, bound, closed, no columns, and the types of parameters. */
const SILENT: ReadonlySet<number> = new Set(['1', '2', '3', 'n', 't'].map(letter));
const READY = letter('Z');
/** Less is not worth the call. */
const GIVEN_BACK_FROM_BYTES = 8_192;

/** One for each connection, from its first pipeline on. */
const answerings = new WeakMap<pg.Connection, Answering>();

/** What is answered on this connection from now on, until it is ready for more, is told to `answered`. */
export function listenTo(connection: pg.Connection, answered: Answered): void {
  const answering = answerings.get(connection) ?? new Answering(connection.stream);
  answerings.set(connection, answering);
  answering.answered = answered;
}

type Listener = (chunk: Buffer) => void;

/** Stands between the socket and the driver. */
class Answering {
  answered: Answered | undefined;
  readonly #driver: readonly Listener[];
  /** The pieces of a message that has not come whole yet. */
  #pieces: Buffer[] = [];
  #held = 0;

  constructor(stream: pg.Connection['stream']) {
    this.#driver = stream.listeners('data') as Listener[];
    for (const listener of this.#driver) stream.off('data', listener);
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    if (this.#held > 0) {
      this.#pieces.push(chunk);
      this.#held += chunk.length;
      const [first] = this.#pieces as [Buffer];
      if (first.length >= HEAD && this.#held < sizeOf(first, 0)) return;
      rest = Buffer.concat(this.#pieces, this.#held);
      for (const piece of this.#pieces) giveBack(piece);
      this.#pieces = [];
      this.#held = 0;
    }
    let at = 0;
    while (rest.length - at >= HEAD) {
      const end = at + sizeOf(rest, at);
      if (end > rest.length) break;
      this.#handle(rest.subarray(at, end));
      at = end;
    }
    if (at < rest.length) {
      this.#pieces = [Buffer.from(rest.subarray(at))];
      this.#held = rest.length - at;
    }
    giveBack(rest);
  }

  #handle(message: Buffer): void {
    const kind = message[0] as number;
    if (this.answered !== undefined && this.#tell(this.answered, kind, message)) return;
    // The driver may begin the next pipeline as soon as it is told.
    if (kind === READY) this.answered = undefined;
    for (const listener of this.#driver) listener(message);
  }

  /** @returns false for a message that is the driver's. */
  #tell(answered: Answered, kind: number, message: Buffer): boolean {
    if (kind === DATA_ROW) answered.row(message);
    else if (kind === COMMAND_COMPLETE) answered.completed();
    else if (kind === ROW_DESCRIPTION) answered.columns(message);
    else return SILENT.has(kind);
    return true;
  }
}

/**
 * Memory outside of the heap that is left to be looked for makes the engine search all of the heap, and large answers fill
 * it within moments.
 */
function giveBack({ buffer, length }: Buffer): void {
  if (length >= GIVEN_BACK_FROM_BYTES && buffer.byteLength === length && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** The whole length of the message that begins there. */
const sizeOf = (bytes: Buffer, at: number): number => 1 + bytes.readInt32BE(at + 1);
