import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Most requests that wait on one connection for the answer before theirs; one more, and the connection is closed. */
const waitingMax = 32;

/** How many wait on each connection. Of clients, next to none ever sends a request before it has the answer to its last. */
const waiting = new WeakMap<Socket, number>();

/**
 * Serves the requests of one connection one after the other. Node hands on at once what a client has sent without waiting
 * for answers: all of it would be under way together, answers piling up behind the first, and no bound on connections
 * would bound the requests. Besides, a POST must not be begun before the one ahead of it is done (RFC 9112, 9.3.2).
 * @param serve is called at once, or when it is this one's turn; never, when the connection has closed by then
 */
export function inTurn(
  request: IncomingMessage,
  response: ServerResponse,
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): void {
  // The answer whose turn it is has the connection.
  if (response.socket) return serve(request, response);
  const { socket } = request;
  const ahead = waiting.get(socket) ?? 0;
  if (ahead >= waitingMax) {
    socket.destroy();
    return;
  }
  waiting.set(socket, ahead + 1);
  response.once("socket", () => {
    waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
    // Not within the event, in which Node goes on to write what the answer has so far.
    setImmediate(() => {
      if (!response.destroyed) serve(request, response);
    });
  });
}
