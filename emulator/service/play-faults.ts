import { invalidArgument } from "../api-failure.ts";
import type { Delivery } from "../delivery/action.ts";
import type { DeliveryFaults } from "../delivery/delivery-faults.ts";
import type { AnswerFault } from "../faults/catalog.ts";
import type { FaultedRequest, PlayedFault } from "../faults/fault-set.ts";
import type { Draft } from "./draft.ts";
import type { World } from "./world.ts";

/** What the faults leave of a request: an answer to generate (perhaps an unusual one), or an end right here. */
export type Played =
  | { readonly kind: "answer"; readonly delivery: DeliveryFaults; readonly answer: AnswerFault | undefined }
  /** The delivery is all there is; undefined means: reset the connection. */
  | { readonly kind: "ended"; readonly delivery: Delivery | undefined };

/** Plays the faults that strike a request. Throws ApiFailure for those that answer with an error. */
export function playFaults(request: FaultedRequest, world: World, draft: Draft): Played {
  const played = strikes(request, world);
  draft.fault = played.map(({ name }) => name).join(",");
  let delivery: DeliveryFaults = {};
  let answer: AnswerFault | undefined;
  for (const { effect } of played) {
    switch (effect.kind) {
      case "failure":
        throw effect.failure;
      case "raw": {
        const actions = [
          { kind: "write", bytes: effect.body, isFrame: true } as const,
          { kind: "end" } as const,
        ];
        const headers = { "content-type": effect.contentType };
        return { kind: "ended", delivery: { status: effect.status, headers, actions } };
      }
      case "reset":
        return { kind: "ended", delivery: undefined };
      case "delivery":
        delivery = { ...delivery, ...effect.faults, style: { ...delivery.style, ...effect.faults.style } };
        break;
      case "answer":
        answer = effect.answer;
        break;
      case "listener":
        throw invalidArgument("This fault is for POST /emulator/faults only.");
    }
  }
  return { kind: "answer", delivery, answer };
}

function strikes(request: FaultedRequest, world: World): readonly PlayedFault[] {
  try {
    return world.faults.strike(request);
  } catch (error) {
    if (error instanceof RangeError) throw invalidArgument(error.message);
    throw error;
  }
}
