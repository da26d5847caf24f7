import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { promptCacheDefaults } from "#core/routing/affinity.ts";
import { exampleModel } from "#core/routing/example.fixture.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** A rung of no known price at a provider of the OpenAI dialect; `changes` say whose it is, and what is different. */
export function exampleRung(changes: Partial<Rung> & Pick<Rung, "deployment" | "health">): Rung {
  return {
    weight: 1,
    provider: "provider",
    variant: "variant",
    model: exampleModel().upstream,
    dialect: openaiChat,
    baseUrl: "https://provider.example",
    headers: {},
    privateNetwork: false,
    emulated: false,
    promptCache: promptCacheDefaults,
    parameters: {},
    ...changes,
  };
}
