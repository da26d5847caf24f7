import {
  characteristicsOfText,
  type Characteristics,
} from "#core/routing/characteristics/characteristics.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { FoundUnit } from "#core/routing/experiment-unit.ts";
import type { ExperimentUnit } from "#core/routing/experiment.ts";
import {
  messageLengthMax,
  nothingMeasured,
  type Caller,
  type Measurements,
  type RoutingView,
  type StickyBy,
} from "#core/routing/routing-view.ts";
import { Turns } from "#core/routing/turns.ts";
import type { Arrival, Asked } from "#features/gateway/asked.ts";
import { conversationKey, experimentUnit, requestUnit } from "#features/gateway/request-unit.ts";

/** What all requests share that strategies may ask. */
export interface RoutingState {
  readonly turns: Pick<Turns, "next">;
  readonly measured: Measurements;
}

/** The state of a gateway that begins. */
export function routingState(
  measured: Measurements = nothingMeasured,
): RoutingState & { readonly turns: Turns } {
  return { turns: new Turns(), measured };
}

/** What strategies see of a request. Nothing is looked at before a strategy asks for it. */
export class RequestView implements RoutingView {
  readonly #asked: Pick<Asked, "arrival" | "request">;
  readonly #state: RoutingState;
  #characteristics: Characteristics | undefined;

  constructor(asked: Pick<Asked, "arrival" | "request">, state: RoutingState) {
    this.#asked = asked;
    this.#state = state;
  }

  get caller(): Caller {
    return callerOf(this.#asked.arrival);
  }

  get measured(): Measurements {
    return this.#state.measured;
  }

  header(name: string): string | undefined {
    const value = this.#asked.arrival.headers?.[name];
    return typeof value === "string" ? value : value?.join(", ");
  }

  stickyKey(by: StickyBy): string {
    const { arrival, request } = this.#asked;
    if (by === "unit") {
      return requestUnit({ header: arrival.unit, request, requestId: arrival.requestId }).name;
    }
    return conversationKey(arrival.conversation, request) ?? arrival.requestId;
  }

  unit(by: ExperimentUnit): FoundUnit {
    return experimentUnit(by, this.#asked);
  }

  newestMessage(): string {
    const newest = this.#asked.request?.messages.findLast(({ role }) => role === "user");
    return newest ? textOf([newest], messageLengthMax) : "";
  }

  characteristics(): Characteristics {
    return (this.#characteristics ??= characteristicsOfText(this.newestMessage(), this.#systemPrompt()));
  }

  turn(strategy: object): number {
    return this.#state.turns.next(strategy);
  }

  #systemPrompt(): string {
    const { request } = this.#asked;
    return request
      ? textOf(
          request.messages.filter(({ role }) => role === "system"),
          Infinity,
        )
      : "";
  }
}

function callerOf({ principal }: Arrival): Caller {
  if (principal?.kind === "key") return { kind: "key", keyId: principal.keyId };
  return { kind: principal?.kind ?? "anyone" };
}

/** The texts of messages, up to a length. */
function textOf(messages: ChatRequest["messages"], lengthMax: number): string {
  let text = "";
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.type !== "text") continue;
      text += text === "" ? part.text : `\n${part.text}`;
      if (text.length >= lengthMax) return text.slice(0, lengthMax);
    }
  }
  return text;
}
