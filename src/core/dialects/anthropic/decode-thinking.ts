import type { Fields } from "#core/dialects/fields.ts";
import type { Thinking, ThinkingLevel } from "#core/llm/request.ts";

/** Anthropic's efforts; `max` is beyond what other makers have a word for. */
const levelOfEffort = {
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
  max: "xhigh",
} as const satisfies Readonly<Record<string, ThinkingLevel>>;

const efforts = ["low", "medium", "high", "xhigh", "max"] as const;

/**
 * Reads `thinking` and `output_config.effort`. The effort is the level of thinking where thinking is left to the model;
 * a budget, or that there be none, says it already.
 */
export function decodeThinking(request: Fields): Thinking {
  const config = request.child("thinking");
  const effort = request.child("output_config")?.word("effort", efforts);
  const level = effort && levelOfEffort[effort];
  switch (config?.word("type", ["enabled", "disabled", "adaptive"])) {
    case "enabled":
      return { budgetTokens: budgetOf(config), include: isShown(config) };
    case "disabled":
      return { level: "none", include: false };
    case "adaptive":
      return { ...(level ? { level } : { budgetTokens: modelsOwn }), include: isShown(config) };
    case undefined:
      if (config && config.value("type") === undefined) config.invalid("type", "a string");
      return level ? { level } : {};
  }
}

/** Leaves the amount to the model. */
const modelsOwn = -1;

/** Whether the effort is what decides how hard the model thinks. */
export function hearsEffort(request: Fields): boolean {
  const type = request.child("thinking")?.value("type");
  return type === undefined || type === "adaptive";
}

function budgetOf(config: Fields | undefined): number {
  const budget = config?.integer("budget_tokens");
  if (config && (budget === undefined || budget < 1)) config.invalid("budget_tokens", "an integer above 0");
  return budget ?? modelsOwn;
}

function isShown(config: Fields | undefined): boolean {
  return config?.word("display", ["summarized", "omitted"]) !== "omitted";
}
