/**
 * Holds senders to the time that a request may take to arrive. Node's own limit is the same for all: here a body that may
 * be of any size has as long as it goes on, and one that stalls or trickles is ended like any other that is late.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

export interface ArrivalPatience {
  /** For a whole request, ms. */
  readonly requestMs: number;
  /** What must come in each such time of a body that has longer: less is no sender who goes on. */
  readonly leastBytes: number;
  /** How often that is looked at, ms. */
  readonly checkMs: number;
}

/** Bodies that are being read, and have as long as they go on. */
const ofAnySize = new WeakSet<IncomingMessage>();

/** From now on, and until `arrivesInTime`, the body of this request has as long as it goes on. */
export function arrivesByAndBy(request: IncomingMessage): void {
  ofAnySize.add(request);
}

/** What is left of the request has the time that any has. */
export function arrivesInTime(request: IncomingMessage): void {
  ofAnySize.delete(request);
}

/** Since when a request is waited for, and what had come on its connection by then. */
interface Awaited {
  readonly request: IncomingMessage;
  readonly isOfAnySize: boolean;
  readonly sinceMs: number;
  readonly bytes: number;
}

/** The requests of one server that are on their way. Nothing is done for those that are there when they are looked for. */
export class Arrivals {
  readonly #last = new Map<Socket, IncomingMessage>();
  readonly #awaited = new Map<Socket, Awaited>();
  readonly #patience: ArrivalPatience;
  readonly #late: (socket: Socket) => void;
  readonly #timer: NodeJS.Timeout;

  /** @param late is told of each connection whose request does not arrive, again and again while it is open. */
  constructor(patience: ArrivalPatience, late: (socket: Socket) => void) {
    this.#patience = patience;
    this.#late = late;
    this.#timer = setInterval(() => this.#look(), patience.checkMs).unref();
  }

  /** The headers of a request have come. */
  begins(request: IncomingMessage): void {
    this.#last.set(request.socket, request);
  }

  /** The connection is closed. */
  gone(socket: Socket): void {
    this.#last.delete(socket);
    this.#awaited.delete(socket);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    for (const [socket, request] of this.#last) {
      if (request.complete) this.gone(socket);
      else if (this.#isLate(socket, request, nowMs)) this.#late(socket);
    }
  }

  #isLate(socket: Socket, request: IncomingMessage, nowMs: number): boolean {
    const isOfAnySize = ofAnySize.has(request);
    const known = this.#awaited.get(socket);
    const isSame = known?.request === request && known.isOfAnySize === isOfAnySize;
    const goesOn = isSame && isOfAnySize && this.#goesOn(known, socket);
    if (isSame && !goesOn) return nowMs - known.sinceMs >= this.#patience.requestMs;
    this.#awaited.set(socket, { request, isOfAnySize, sinceMs: nowMs, bytes: socket.bytesRead });
    return false;
  }

  /** True also where what has come was not taken yet: then it is not the sender who is slow. */
  #goesOn({ request, bytes }: Awaited, socket: Socket): boolean {
    return socket.bytesRead - bytes >= this.#patience.leastBytes || request.readableLength > 0;
  }
}
