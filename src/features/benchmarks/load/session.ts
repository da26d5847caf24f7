import type { RequestSize } from "#core/benchmarks/arrivals/arrival.ts";
import type { SpokenTurn } from "../dialects/load-dialect.ts";

/** A user's conversation: one request, or several of which each says what was said before. */
export interface Session {
  /** As a schedule wants it; undefined where the prompts decide. */
  readonly size: RequestSize | undefined;
  readonly said: readonly SpokenTurn[];
  /** Of the next request, from 0. */
  readonly turn: number;
}

/** A conversation in which nothing was said yet. */
export function newSession(size?: RequestSize): Session {
  return { size, said: [], turn: 0 };
}

/** The conversation after an answer. */
export function answeredSession(
  { size, turn }: Session,
  said: readonly SpokenTurn[],
  answer: string,
): Session {
  return { size, said: [...said, { by: "model", text: answer }], turn: turn + 1 };
}
