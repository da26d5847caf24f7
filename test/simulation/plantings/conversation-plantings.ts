import { Conversations } from "#features/gateway/affinity/conversations.ts";
import { conversationsStay } from "../checkers/conversations.ts";
import { replaceMethod, type Planting } from "./planting.ts";

/** A conversation is bound to whom it began with, as by a hash: where it has moved to since is not noted. */
export const conversationNailed: Planting = {
  fault: "conversation sent back to where it began",
  shownBy: conversationsStay,
  plant() {
    const begun = new WeakMap<Conversations, Set<number>>();
    return {
      restore: replaceMethod(Conversations.prototype, "served", (original) => {
        return function (this: Conversations, conversation, attempts, nowMs) {
          const known = begun.get(this) ?? new Set<number>();
          begun.set(this, known);
          if (known.has(conversation)) return;
          known.add(conversation);
          original.call(this, conversation, attempts, nowMs);
        };
      }),
    };
  },
};
