import type { BaseMessage } from "@langchain/core/messages";
import { isJsonObject } from "#core/kernel/json.ts";
import type { RoutedMetadata } from "../transport/routed-metadata.ts";

/** How the answer was routed that a message, or a chunk, is of; undefined where it does not say. */
export function routingOf(message: BaseMessage): RoutedMetadata | undefined {
  const told: unknown = message.response_metadata["signalbox"];
  // Only the readers of our answers write under this name, with what `routedMetadata` gives.
  return isJsonObject(told) ? told : undefined;
}
