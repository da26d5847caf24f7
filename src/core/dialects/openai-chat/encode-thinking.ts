import type { JsonObject } from "#core/kernel/json.ts";
import type { Thinking, ThinkingLevel } from "#core/llm/request.ts";
import type { Encoding } from "./encoding.ts";
import { present } from "#core/kernel/present.ts";
import { approximatedField } from "./warnings.ts";

/**
 * Writes how hard to think: `reasoning_effort`, which any server may know; what it cannot say (a budget, whether
 * thoughts are shown) goes into `extra_body.google.thinking_config` for Gemini's models, and is approximated or left
 * out with a warning for others.
 */
export function encodeThinking(thinking: Thinking, encoding: Encoding): JsonObject {
  const { level, budgetTokens, include } = thinking;
  if (encoding.speaksGoogle && (budgetTokens !== undefined || include !== undefined)) {
    const config = present({
      thinking_budget: budgetTokens,
      thinking_level: level && encodeLevel(level, encoding),
      include_thoughts: include,
    });
    return { extra_body: { google: { thinking_config: config } } };
  }
  if (include === true) encoding.drop("thinking.include", "the upstream decides whether thoughts are shown");
  if (level !== undefined) return effort(level, encoding);
  // -1 leaves it to the model, which is what saying nothing means here.
  if (budgetTokens === undefined || budgetTokens < 0) return {};
  const nearest = levelOfBudget(budgetTokens);
  encoding.warnings.push(
    approximatedField(
      "thinking.budgetTokens",
      `the upstream takes efforts only, "${nearest}" is the nearest`,
    ),
  );
  return effort(nearest, encoding);
}

function effort(level: ThinkingLevel, encoding: Encoding): JsonObject {
  if (encoding.model.thinking.mode !== "none") return { reasoning_effort: encodeLevel(level, encoding) };
  if (level !== "none") encoding.drop("thinking.level", "the model does not think");
  return {};
}

const levels: readonly ThinkingLevel[] = ["none", "minimal", "low", "medium", "high", "xhigh"];

/** The level, or the nearest that the model has: of two as near, the higher, so that an answer does not get worse. */
function encodeLevel(level: ThinkingLevel, encoding: Encoding): string {
  const offered = levels.filter((known) => encoding.model.thinking.levels?.includes(known));
  // Models with budgets take every effort: their provider turns it into a budget.
  if (encoding.model.thinking.mode !== "level" || offered.length === 0 || offered.includes(level))
    return level;
  const wanted = levels.indexOf(level);
  const nearest = offered
    .toReversed()
    .reduce((best, candidate) => (distance(candidate, wanted) < distance(best, wanted) ? candidate : best));
  encoding.warnings.push(
    approximatedField("thinking.level", `the model has no "${level}", "${nearest}" is the nearest`),
  );
  return nearest;
}

function distance(level: ThinkingLevel, wanted: number): number {
  return Math.abs(levels.indexOf(level) - wanted);
}

/**
 * The effort that Google puts a budget in place of: none 0, minimal and low 1,024, medium 8,192, high 24,576 tokens.
 * https://ai.google.dev/gemini-api/docs/openai#thinking, read 2026-11-24
 */
function levelOfBudget(budgetTokens: number): ThinkingLevel {
  if (budgetTokens === 0) return "none";
  if (budgetTokens <= 1024) return "low";
  return budgetTokens <= 8192 ? "medium" : "high";
}
