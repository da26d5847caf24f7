import type { MessagePort } from "node:worker_threads";
import { AppError } from "#core/kernel/app-error.ts";
import type { ForwardedFailure, ForwardedReply, ForwardedStatement } from "./serve-statements.ts";
import type { StatementOutcome, Statements } from "./statements-port.ts";

interface Waiting {
  readonly resolve: (outcome: StatementOutcome) => void;
  readonly reject: (error: Error) => void;
}

/** Statements that another thread runs: the other end of `serveStatements`. */
export function forwardedStatements(port: MessagePort): Statements {
  /** As many as callers wait at once: the log writer has two. */
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  port.on("message", (reply: ForwardedReply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("failure" in reply) asked?.reject(errorOf(reply.failure));
    else asked?.resolve(reply.outcome);
  });
  return {
    run: (sql, parameters) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        port.postMessage({ id, sql, parameters } satisfies ForwardedStatement);
      }),
  };
}

function errorOf({ message, sqlState, isUnavailable }: ForwardedFailure): Error {
  if (isUnavailable) return new AppError("store-unavailable", message, { retryable: true });
  return Object.assign(new Error(message), sqlState === undefined ? {} : { code: sqlState });
}
