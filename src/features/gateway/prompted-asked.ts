import { chatFacts } from "#core/routing/request-facts.ts";
import type { Asked } from "#features/gateway/asked.ts";
import type { Plan } from "#features/gateway/plan.ts";

/** What is asked, with the words of the chosen variant's prompt counted: they are paid for like the client's own. */
export function promptedAsked(asked: Asked, { stages }: Plan): Asked {
  const prompt = stages[0]?.[0]?.prompt;
  const prompted = prompt && asked.prompting?.prompted(prompt);
  if (!prompted?.ok) return asked;
  const { operation } = asked.facts;
  if (operation !== "chat" && operation !== "count-tokens") return asked;
  return { ...asked, facts: chatFacts(prompted.value, { tags: asked.facts.tags, operation }) };
}
