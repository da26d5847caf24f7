import type { z } from "zod";
import type { JsonObject } from "#core/kernel/json.ts";
import { plainJson } from "#core/kernel/plain-json.ts";
import type { Message } from "#core/llm/message.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import { estimatedPartTokens } from "#core/routing/estimated-tokens.ts";
import type { ConfiguredPrompt } from "#features/configuration/index.ts";
import type { promptVersionView, promptView, renderedView } from "./schema.ts";
import type { PromptService } from "./service.ts";

/** A prompt, as the API tells it. */
export function viewOfPrompt(
  { name, description, versions, labels }: ConfiguredPrompt,
  variants: ReturnType<PromptService["variantsOf"]>,
): z.output<typeof promptView> {
  return {
    name,
    description: description ?? null,
    versions: [...versions.keys()].toSorted((a, b) => a - b),
    labels: Object.fromEntries(labels),
    variants: [...variants],
  };
}

/** A version, as the API tells it. */
export function viewOfVersion(
  { name, version, variables, tokens }: Prompt,
  { labels }: Pick<ConfiguredPrompt, "labels">,
  settings: JsonObject,
): z.output<typeof promptVersionView> {
  return {
    prompt: name,
    version,
    labels: [...labels].filter(([, number]) => number === version).map(([label]) => label),
    settings: plainJson(settings),
    variables: [...variables].map(([variable, { type, required, description }]) => ({
      name: variable,
      type: type ?? null,
      required,
      description: description ?? null,
    })),
    tokens,
  };
}

/** Rendered messages, as the API tells them. */
export function viewOfRendered(messages: readonly Message[]): z.output<typeof renderedView> {
  const tokens = messages.reduce(
    (sum, { parts }) => sum + parts.reduce((part, one) => part + estimatedPartTokens(one), 0),
    0,
  );
  return {
    messages: messages.map(({ role, parts }) => ({ role, parts: parts.map((part) => plainJson(part)) })),
    tokens,
  };
}
