import { BegunText } from "#core/llm/begun-text.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { RequestRecord } from "#features/traffic/index.ts";
import { goneOnWith, resumptionsTold } from "../checkers/resumptions.ts";
import { nothing, replaceMethod, type Planting } from "./planting.ts";

/** What is sent again is a frame behind what the client has: the joint says something twice. */
export const jointDoubled: Planting = {
  fault: "resumed answer repeats its last words",
  shownBy: goneOnWith,
  plant() {
    const held = new WeakMap<BegunText, StreamPart>();
    return {
      restore: replaceMethod(BegunText.prototype, "add", (original) => {
        return function (this: BegunText, part) {
          const before = held.get(this);
          if (before) original.call(this, before);
          if (this.text === "") original.call(this, part);
          else held.set(this, part);
        };
      }),
    };
  },
};

/** Two models wrote the answer, and the log has it as one's. */
export const resumptionUnrecorded: Planting = {
  fault: "resumed answer recorded as one model's",
  shownBy: resumptionsTold,
  plant: () => ({ ports: { record: asOneModels }, restore: nothing }),
};

function asOneModels({ decision, ...record }: RequestRecord): RequestRecord {
  if (!decision) return record;
  const { resumed: _unsaid, ...rest } = decision;
  return { ...record, decision: rest };
}
