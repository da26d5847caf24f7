import { invalidArgument } from "../api-failure.ts";
import type { EmulatedModel } from "../models.ts";
import type { ThinkingConfig } from "./request.ts";

/** Rules about thinkingConfig: budgets on 2.5, levels from 3 on, no budgets on 4. */
export function checkThinking({ thinkingBudget, thinkingLevel }: ThinkingConfig, model: EmulatedModel): void {
  if (thinkingBudget !== undefined && thinkingLevel !== undefined) {
    throw invalidArgument("You can only set only one of thinking budget and thinking level.");
  }
  if (thinkingBudget !== undefined) checkBudget(thinkingBudget, model);
  if (thinkingLevel !== undefined && thinkingLevel !== "THINKING_LEVEL_UNSPECIFIED")
    checkLevel(thinkingLevel, model);
}

const dynamicBudget = -1;
const budgetMaxOfLevels = 32_768; // Gemini 3 still accepts budgets, up to the largest of 2.5

function checkBudget(budget: number, { thinking, generation }: EmulatedModel): void {
  if (generation >= 4) {
    throw invalidArgument(
      "Thinking budget is not supported for this model. Please use thinking level instead.",
    );
  }
  if (budget === dynamicBudget) return;
  if (thinking.kind !== "budget") {
    if (budget >= 0 && budget <= budgetMaxOfLevels) return;
    throw invalidBudget(budget, 0, budgetMaxOfLevels);
  }
  if (budget === 0 && thinking.canDisable) return;
  if (budget === 0) throw invalidArgument("Budget 0 is invalid. This model only works in thinking mode.");
  if (budget < thinking.tokensMin || budget > thinking.tokensMax) {
    throw invalidBudget(budget, thinking.tokensMin, thinking.tokensMax);
  }
}

function invalidBudget(budget: number, min: number, max: number) {
  return invalidArgument(
    `The thinking budget ${budget} is invalid. Please choose a value between ${min} and ${max}.`,
  );
}

function checkLevel(level: string, { thinking }: EmulatedModel): void {
  if (thinking.kind !== "level") throw invalidArgument("Thinking level is not supported for this model.");
  if (thinking.levels.some((known) => known === level)) return;
  throw invalidArgument(
    `Thinking level ${level} is not supported for this model. Please retry with other thinking level.`,
  );
}
