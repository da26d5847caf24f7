import type { ThinkingConfig } from "../gemini/request.ts";
import type { EmulatedModel, ThinkingLevel } from "../models.ts";
import type { Random } from "../random.ts";
import type { AnswerInput } from "./answer-input.ts";

/** Median thinking tokens by level; our own assumption. MINIMAL does not think. */
const tokensMedianByLevel: Readonly<Record<ThinkingLevel, number>> = {
  MINIMAL: 0,
  LOW: 60,
  MEDIUM: 180,
  HIGH: 500,
  XHIGH: 1200,
};
const tokensMedianDynamic = 150;
const tokensSigma = 0.5;

/**
 * Tokens spent thinking. At most half of the output budget, unless the prompt asks for more by `[[thoughts=N]]`:
 * then thinking may eat the whole budget and leave an empty MAX_TOKENS answer, as the real models do.
 */
export function thoughtTokens(input: AnswerInput, budget: number, random: Random): number {
  const asked = input.directives.thoughts;
  if (asked !== undefined) return input.model.thinking.kind === "none" ? 0 : Math.min(asked, budget);
  const config = input.request.generationConfig?.thinkingConfig ?? {};
  const median = medianTokens(input.model, config);
  const ceiling = Math.min(Math.floor(budget / 2), budgetOf(config) ?? Number.POSITIVE_INFINITY);
  return median === 0 ? 0 : Math.min(ceiling, Math.round(random.logNormal(median, tokensSigma)));
}

function budgetOf(config: ThinkingConfig): number | undefined {
  return config.thinkingBudget === undefined || config.thinkingBudget < 0 ? undefined : config.thinkingBudget;
}

function medianTokens({ thinking }: EmulatedModel, config: ThinkingConfig): number {
  if (config.thinkingBudget === 0) return 0;
  switch (thinking.kind) {
    case "none":
      return 0;
    case "budget":
      return thinking.byDefault || config.thinkingBudget !== undefined ? tokensMedianDynamic : 0;
    case "level":
      return tokensMedianByLevel[levelOf(config.thinkingLevel, thinking.levelDefault)];
  }
}

function levelOf(asked: string | undefined, byDefault: ThinkingLevel): ThinkingLevel {
  const level = asked?.toUpperCase();
  return level !== undefined && Object.hasOwn(tokensMedianByLevel, level)
    ? // The check above makes it one of the record's keys.
      (level as ThinkingLevel)
    : byDefault;
}
