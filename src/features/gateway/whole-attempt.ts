import type { ClientDialect, ErrorForClient } from "#core/dialects/dialect.ts";
import type { Filled } from "#core/kernel/filled.ts";
import type { Result } from "#core/kernel/result.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { emptyAnswer, type Answer } from "#features/gateway/answer-tracker.ts";
import { costHeader } from "#features/gateway/answer-headers.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import type { Deadlines } from "#features/gateway/exchange.ts";
import type { PreparedAttempt } from "#features/gateway/operation.ts";
import { WholeAnswerReader, type WholeBody } from "#features/gateway/whole-answer.ts";

/** An attempt without its call: how the answer is read and given on. */
export type AnswerSide = Pick<
  PreparedAttempt,
  "deadlines" | "reader" | "answer" | "content" | "committed" | "whenCommitted" | "complete" | "breakOff"
>;

/** A whole answer, translated. */
export interface TranslatedAnswer {
  readonly answer: Answer;
  /** The body for the client. */
  readonly body: Buffer | string;
}

/** A whole answer that cannot be given on. What it reported was used, and is paid for, all the same. */
export interface UntranslatedAnswer {
  readonly failure: UpstreamFailure;
  /** Absent where it could not be read at all. */
  readonly answer?: Answer;
}

/** What an attempt for a whole answer is made of. */
export interface WholeAttemptInput {
  readonly dialect: ClientDialect<unknown>;
  readonly client: ClientPort;
  readonly deadlines: Deadlines;
  readonly nowMs: () => number;
  /** The headers of the answer, given its content type. */
  readonly headers: (contentType: string) => Readonly<Record<string, string>>;
  /** Reads the provider's body and writes the client's. */
  readonly translate: (body: WholeBody) => Result<TranslatedAnswer, UntranslatedAnswer>;
  readonly errorBody: (error: ErrorForClient) => string;
}

/**
 * An attempt whose answer comes and goes in one piece. There is no first token: until the body begins, a model at work
 * and one that hangs look alike, and only what the route allows a whole answer applies, and the request's own bound. A body
 * that has begun is written already, so that silence within it is no work.
 */
export function wholeAttempt(input: WholeAttemptInput): AnswerSide {
  let answer = emptyAnswer;
  let body: Buffer | string = "";
  const accept = (whole: WholeBody): UpstreamFailure | undefined => {
    const result = input.translate(whole);
    if (!result.ok) {
      answer = result.error.answer ?? emptyAnswer;
      return result.error.failure;
    }
    ({ answer, body } = result.value);
    return undefined;
  };
  return {
    deadlines: deadlinesOfWhole(input.deadlines),
    reader: new WholeAnswerReader(input.dialect, accept, input.nowMs),
    answer: () => answer,
    committed: () => false,
    complete(cost) {
      input.client.start(200, {
        ...input.headers("application/json; charset=utf-8"),
        ...costHeader(cost),
        "content-length": String(Buffer.byteLength(body)),
      });
      input.client.end(body);
    },
    breakOff: (error) => input.client.breakOff(input.errorBody(error)),
  };
}

/** Its first content is its whole content. */
export function deadlinesOfWhole({ answerMs, idleMs, totalMs }: Deadlines): Deadlines {
  const whole: Filled<Deadlines> = {};
  if (answerMs !== undefined) whole.firstTokenMs = answerMs;
  if (idleMs !== undefined) whole.idleMs = idleMs;
  if (totalMs !== undefined) whole.totalMs = totalMs;
  return whole;
}
