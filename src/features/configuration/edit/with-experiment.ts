import type { JsonObject } from "#core/kernel/json.ts";
import { begun, withEntryIn } from "./with-entry.ts";
import { entryText } from "./yaml-place.ts";

/**
 * The text of a configuration with one more experiment: one entry is added, nothing else changes. Says nothing of whether
 * the text loads.
 * @param written the design as signalbox.yaml has it
 * @throws AppError invalid-request, where the section is written in a way that nothing can be added to
 */
export function withExperiment(text: string, name: string, written: JsonObject): string {
  return withEntryIn(begun(text), "experiments", entryText(name, written));
}
