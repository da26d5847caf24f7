import type { JsonObject } from "../json.ts";
import type { Action } from "./action.ts";
import type { DeliveryFaults } from "./delivery-faults.ts";
import { dripped } from "./dripped.ts";

/** A response that is sent as one body. */
export interface WholeScript {
  readonly body: JsonObject;
  readonly outputTokens: number;
  /** Time until the whole answer is there, ms. */
  readonly totalMs: number;
  readonly faults: DeliveryFaults;
}

/** The actions of a body that is sent at once, and what goes wrong on the way. Faults after n tokens strike half-way. */
export function wholeActions(script: WholeScript): Iterable<Action> {
  const actions = wholeSequence(script);
  return script.faults.drip === undefined ? actions : dripped(actions, script.faults.drip);
}

function* wholeSequence({ body, outputTokens, totalMs, faults }: WholeScript): Generator<Action> {
  if (faults.stallBeforeHeadersMs !== undefined) yield { kind: "pause", ms: faults.stallBeforeHeadersMs };
  yield* keepAlives(faults);
  if (faults.stallBeforeFirstTokenMs !== undefined) {
    yield { kind: "head" };
    yield { kind: "pause", ms: faults.stallBeforeFirstTokenMs };
  }
  yield { kind: "pause", ms: totalMs };
  const text = JSON.stringify(body);
  const half = text.slice(0, Math.floor(text.length / 2));
  if (faults.malformedAfterTokens !== undefined) {
    yield { kind: "write", bytes: `${half}]]`, outputTokens, isFrame: true };
    yield { kind: "end" };
    return;
  }
  const isBroken = faults.cutAfterTokens !== undefined || faults.truncatedAfterTokens !== undefined;
  if (isBroken || faults.stallAfter !== undefined) yield { kind: "write", bytes: half, isFrame: false };
  if (isBroken) {
    yield faults.cutAfterTokens === undefined ? { kind: "end" } : { kind: "cut" };
    return;
  }
  if (faults.stallAfter !== undefined) yield { kind: "pause", ms: faults.stallAfter.ms };
  const rest = faults.stallAfter === undefined ? text : text.slice(half.length);
  yield { kind: "write", bytes: rest, outputTokens, isFrame: true };
  yield { kind: "end" };
}

/** Blanks before a JSON document mean nothing, so they serve as keep-alives of a whole body. */
function* keepAlives({ keepAlives }: DeliveryFaults): Generator<Action> {
  if (keepAlives === undefined) return;
  for (let passedMs = 0; passedMs < keepAlives.totalMs; passedMs += keepAlives.intervalMs) {
    yield { kind: "write", bytes: " ", isFrame: false };
    yield { kind: "pause", ms: Math.min(keepAlives.intervalMs, keepAlives.totalMs - passedMs) };
  }
}
