import { expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { chatFacts } from "#core/routing/request-facts.ts";
import type { Principal } from "#features/access/index.ts";
import { MemoryClient } from "../../../../test/support/memory-client.ts";
import { Conversations } from "./conversations.ts";

function asked(by: Principal, conversation?: string) {
  const decoded = openaiChat.server.decodeRequest(
    { model: "r", messages: [{ role: "user", content: "hi" }] },
    {},
  );
  if (!decoded.ok) expect.unreachable(decoded.error.message);
  const request = decoded.value;
  return {
    arrival: {
      requestId: "019b0000-0000-7000-8000-000000000001",
      startedAtMs: 0,
      startedMs: 0,
      queueMs: 0,
      dialect: openaiChat,
      tags: {},
      principal: by,
      ...(conversation !== undefined && { conversation }),
    },
    client: new MemoryClient(),
    model: "r",
    stream: false,
    facts: chatFacts(request),
    request,
  };
}

const key = (keyId: string): Principal => ({ kind: "key", keyId, scopes: [] });

test.each(["support-7", undefined])(
  "a conversation is its caller's own, whatever another one calls theirs (%s)",
  (conversation) => {
    const conversations = new Conversations();
    const own = conversations.numberOf(asked(key("one"), conversation), "r");
    expect(own).toBeDefined();
    expect(conversations.numberOf(asked(key("one"), conversation), "r")).toBe(own);
    expect(conversations.numberOf(asked(key("one"), conversation), "s")).not.toBe(own);
    expect(conversations.numberOf(asked(key("two"), conversation), "r")).not.toBe(own);
    expect(conversations.numberOf(asked({ kind: "anyone" }, conversation), "r")).not.toBe(own);
  },
);
