import type { AnswerStep } from "../answers/answer.ts";
import { textTokens } from "../tokens.ts";
import type { Action } from "./action.ts";
import type { DeliveryFaults } from "./delivery-faults.ts";
import type { FrameWriter } from "./frame-bytes.ts";
import { frameWriter } from "./frame-bytes.ts";
import type { Pace } from "./pace.ts";
import { tokensMs } from "./pace.ts";
import { dripped } from "./dripped.ts";
import type { Payload, StreamEncoder } from "./stream-encoder.ts";

/** A stream to be sent. */
export interface StreamScript {
  readonly encoder: StreamEncoder;
  readonly steps: Iterable<AnswerStep>;
  readonly thoughtTokens: number;
  readonly pace: Pace;
  readonly faults: DeliveryFaults;
}

/** The actions of a stream: when each frame goes out, and what goes wrong on the way. */
export function streamActions(script: StreamScript): Iterable<Action> {
  const actions = healthyAndFaulty(script);
  return script.faults.drip === undefined ? actions : dripped(actions, script.faults.drip);
}

function* healthyAndFaulty({ encoder, steps, thoughtTokens, pace, faults }: StreamScript): Generator<Action> {
  const writer = frameWriter(encoder, faults.style ?? {});
  const strikes = strikesOf(faults);
  const timing = stepPauses(pace, thoughtTokens);

  yield* beforeFirstToken(encoder, writer, faults);
  let isOpen = faults.emptyDeltas !== undefined;
  let isAnswered = false;
  let outputTokens = 0;
  for (const step of steps) {
    yield { kind: "pause", ms: timing.before(step) };
    if (!isOpen) yield* frames(encoder.opening(), writer, 0);
    isOpen = true;
    isAnswered = true;
    const { finish, ...unfinished } = step;
    const striking = strikes.filter((strike) => step.outputTokens >= strike.at || finish !== undefined);
    if (striking.length === 0) {
      yield* frames(encoder.step(step), writer, step.outputTokens);
    } else {
      const isContentDue = striking.some((strike) => strike.at > 0);
      if (isContentDue) yield* frames(encoder.step(unfinished), writer, step.outputTokens);
      for (const strike of striking) {
        strikes.splice(strikes.indexOf(strike), 1);
        yield* strike.actions(encoder, writer, step);
        if (strike.isLast) return;
      }
      const rest = isContentDue
        ? { candidate: step.candidate, outputTokens: step.outputTokens, finish }
        : step;
      if (!isContentDue || finish !== undefined)
        yield* frames(encoder.step(withoutAbsent(rest)), writer, step.outputTokens);
    }
    outputTokens = step.outputTokens;
  }
  if (!isAnswered) yield* unanswered(encoder, writer, pace);
  yield* frames(encoder.closing(), writer, outputTokens);
  yield* end(writer);
}

function* unanswered(encoder: StreamEncoder, writer: FrameWriter, pace: Pace): Generator<Action> {
  yield { kind: "pause", ms: pace.firstTokenMs };
  yield* frames(encoder.unanswered(), writer, 0);
}

function withoutAbsent(step: { [K in keyof AnswerStep]: AnswerStep[K] | undefined }): AnswerStep {
  // Only optional keys can be undefined here; dropping them gives the exact type.
  return Object.fromEntries(
    Object.entries(step).filter(([, value]) => value !== undefined),
  ) as unknown as AnswerStep;
}

function* beforeFirstToken(
  encoder: StreamEncoder,
  writer: FrameWriter,
  faults: DeliveryFaults,
): Generator<Action> {
  if (faults.stallBeforeHeadersMs !== undefined) yield { kind: "pause", ms: faults.stallBeforeHeadersMs };
  if (faults.emptyDeltas !== undefined) {
    yield* frames(encoder.opening(), writer, 0);
    yield* frames(
      Array.from({ length: faults.emptyDeltas }, () => encoder.emptyDelta()),
      writer,
      0,
    );
  }
  if (faults.keepAlives !== undefined) yield* keepAlives(writer, faults.keepAlives);
  if (faults.stallBeforeFirstTokenMs !== undefined) {
    yield { kind: "head" };
    yield { kind: "pause", ms: faults.stallBeforeFirstTokenMs };
  }
}

function* keepAlives(
  writer: FrameWriter,
  { totalMs, intervalMs }: { totalMs: number; intervalMs: number },
): Generator<Action> {
  for (let passedMs = 0; passedMs < totalMs; passedMs += intervalMs) {
    yield { kind: "write", bytes: writer.keepAlive(), isFrame: false };
    yield { kind: "pause", ms: Math.min(intervalMs, totalMs - passedMs) };
  }
}

function* frames(payloads: readonly Payload[], writer: FrameWriter, outputTokens: number): Generator<Action> {
  for (const payload of payloads)
    yield { kind: "write", bytes: writer.frame(payload), outputTokens, isFrame: true };
}

function* end(writer: FrameWriter): Generator<Action> {
  const ending = writer.ending();
  if (ending !== "") yield { kind: "write", bytes: ending, isFrame: false };
  yield { kind: "end" };
}

/** Time before each step: the first waits for the model to start, thinking included; the others for their tokens. */
function stepPauses(pace: Pace, thoughtTokens: number): { before(step: AnswerStep): number } {
  let thinkingLeft = thoughtTokens;
  let lastTokens: number | undefined;
  let isFirst = true;
  return {
    before(step) {
      let ms = isFirst ? pace.firstTokenMs : 0;
      isFirst = false;
      if (step.item?.kind === "thought") {
        const shown = Math.min(thinkingLeft, textTokens(step.item.text));
        thinkingLeft -= shown;
        return ms + tokensMs(shown, pace);
      }
      ms +=
        lastTokens === undefined
          ? tokensMs(thinkingLeft, pace)
          : tokensMs(step.outputTokens - lastTokens, pace);
      lastTokens = step.outputTokens;
      return ms;
    },
  };
}

/** A fault that strikes once the client has so many output tokens, at the latest before the finish reason. */
interface Strike {
  readonly at: number;
  /** Whether nothing follows. */
  readonly isLast: boolean;
  actions(encoder: StreamEncoder, writer: FrameWriter, step: AnswerStep): Iterable<Action>;
}

function strikesOf(faults: DeliveryFaults): Strike[] {
  const { stallAfter, cutAfterTokens, malformedAfterTokens, truncatedAfterTokens, errorAfter } = faults;
  const strikes: Strike[] = [];
  if (stallAfter !== undefined) {
    strikes.push({
      at: stallAfter.tokens,
      isLast: false,
      actions: () => [{ kind: "pause", ms: stallAfter.ms }],
    });
  }
  if (malformedAfterTokens !== undefined) {
    strikes.push({
      at: malformedAfterTokens,
      isLast: false,
      actions: (_encoder, writer) => [malformed(writer)],
    });
  }
  if (cutAfterTokens !== undefined) {
    strikes.push({ at: cutAfterTokens, isLast: true, actions: () => [{ kind: "head" }, { kind: "cut" }] });
  }
  if (truncatedAfterTokens !== undefined)
    strikes.push({ at: truncatedAfterTokens, isLast: true, actions: truncated });
  if (errorAfter !== undefined) {
    strikes.push({
      at: errorAfter.tokens,
      isLast: true,
      *actions(encoder, writer, step) {
        yield* frames([encoder.error(errorAfter.failure)], writer, step.outputTokens);
        yield* end(writer);
      },
    });
  }
  const unfinishedAt = faults.unfinishedAfterTokens;
  if (unfinishedAt !== undefined) {
    strikes.push({ at: unfinishedAt, isLast: true, actions: (_encoder, writer) => end(writer) });
  }
  return strikes;
}

function malformed(writer: FrameWriter): Action {
  return {
    kind: "write",
    bytes: writer.frame('{"candidates": [{"content": {"parts": [{"text": '),
    isFrame: true,
  };
}

function* truncated(encoder: StreamEncoder, writer: FrameWriter, step: AnswerStep): Generator<Action> {
  const [payload] = encoder.step({ ...step, item: { kind: "text", text: "and then the line breaks" } });
  const bytes = writer.frame(payload ?? encoder.emptyDelta());
  yield { kind: "write", bytes: bytes.slice(0, Math.floor(bytes.length / 2)), isFrame: false };
  yield { kind: "end" };
}
