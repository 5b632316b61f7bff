/**
 * Requests on one connection are dealt with one after the other. Whoever sends many without waiting, and takes no answer,
 * would otherwise have them all worked out and kept: forty connections with fifty searches each held 1.5 GB.
 *
 * Spec: https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Gives each request to `handler` when the answer to the one before on its connection has been sent. While one waits nothing
 * more is read; what waits on a connection that ends is not dealt with.
 */
export function oneAtATime(handler: RequestListener): RequestListener {
  /** The answer to the last request of each connection, until it is sent: it leads to the request, and that to its body. */
  const last = new WeakMap<Socket, ServerResponse>();
  return (request, response) => {
    const { socket } = request;
    const before = last.get(socket);
    last.set(socket, response);
    response.once('close', () => {
      if (last.get(socket) === response) last.delete(socket);
    });
    if (before === undefined) {
      handler(request, response);
      return;
    }
    socket.pause();
    before.once('close', () => takeUp(request, response));
  };

  function takeUp(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (socket.destroyed) {
      // Whatever waits for this answer is told in its turn.
      response.destroy();
      return;
    }
    if (last.get(socket) === response) socket.resume();
    handler(request, response);
  }
}
