import type { UpstreamModel } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Thinking, ThinkingLevel } from "#core/llm/request.ts";
import type { Notes } from "./notes.ts";

/** Weakest first. */
const order: readonly ThinkingLevel[] = ["none", "minimal", "low", "medium", "high", "xhigh"];

/** What a model of unknown levels surely takes: all that think by level have these. */
const commonLevels: readonly string[] = ["low", "medium", "high"];

/** Google's own table, https://ai.google.dev/gemini-api/docs/openai#thinking, read 2026-11-24. */
const budgetOfLevel: Readonly<Record<ThinkingLevel, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
};

/** Leaves the amount to the model. */
const dynamicBudget = -1;

/** Smallest budget of the one family that cannot stop thinking, https://ai.google.dev/gemini-api/docs/thinking, same day. */
const alwaysThinking = { model: /^gemini-2\.5-pro/, tokensMin: 128 };

/** Writes `thinkingConfig` in the way that the model takes; undefined when there is nothing to say. */
export function encodeThinking(
  thinking: Thinking,
  model: UpstreamModel,
  notes: Notes,
): JsonObject | undefined {
  if (Object.keys(thinking).length === 0) return undefined;
  const config: JsonObject = {
    ...(thinking.include !== undefined && { includeThoughts: thinking.include }),
    ...effort(thinking, model, notes),
  };
  if (Object.keys(config).length === 0) return undefined;
  if (model.thinking.mode !== "none") return config;
  if (thinking.include === true) notes.dropped("thinking", `${model.id} does not think`);
  return undefined;
}

function effort(thinking: Thinking, model: UpstreamModel, notes: Notes): JsonObject {
  const { level, budgetTokens } = thinking;
  if (level === undefined && budgetTokens === undefined) return {};
  switch (model.thinking.mode) {
    case "none":
      if (level !== "none" && budgetTokens !== 0) notes.dropped("thinking", `${model.id} does not think`);
      return {};
    case "level":
      return levelConfig(thinking, model, notes);
    case "budget":
      return { thinkingBudget: budget(thinking, model, notes) };
  }
}

function levelConfig({ level, budgetTokens }: Thinking, model: UpstreamModel, notes: Notes): JsonObject {
  // Levels know no "as the model likes" but saying nothing.
  if (level === undefined && budgetTokens === dynamicBudget) return {};
  const wanted = level ?? levelOfBudget(budgetTokens ?? dynamicBudget);
  const supported = model.thinking.levels ?? commonLevels;
  const nearest = nearestLevel(wanted, supported);
  if (nearest === undefined) {
    notes.dropped("thinking", `${model.id} takes no level of effort`);
    return {};
  }
  if (nearest !== level) {
    const asked = level === undefined ? `a budget of ${budgetTokens} tokens` : `the level ${level}`;
    notes.approximated(
      "thinking",
      `${model.id} does not take ${asked}; it was asked for the level ${nearest}`,
    );
  }
  return { thinkingLevel: nearest.toUpperCase() };
}

function budget({ level, budgetTokens }: Thinking, model: UpstreamModel, notes: Notes): number {
  const wanted = budgetTokens ?? budgetOfLevel[level ?? "medium"];
  if (level === "xhigh") notes.approximated("thinking", `${model.id} thinks at most as for the level high`);
  if (wanted !== 0 || !alwaysThinking.model.test(model.id)) return wanted;
  notes.approximated(
    "thinking",
    `${model.id} cannot stop thinking; it was asked to think as little as it can`,
  );
  return alwaysThinking.tokensMin;
}

/** The level whose budget is next to this one, by ratio. */
function levelOfBudget(budgetTokens: number): ThinkingLevel {
  if (budgetTokens <= 0) return budgetTokens === 0 ? "none" : "medium";
  if (budgetTokens < 512) return "minimal";
  if (budgetTokens < 2896) return "low"; // the geometric mean of 1,024 and 8,192
  return budgetTokens < 14_189 ? "medium" : "high"; // the geometric mean of 8,192 and 24,576
}

/** The supported level with the least steps to the wanted one; of two equally near the weaker. */
function nearestLevel(wanted: ThinkingLevel, supported: readonly string[]): ThinkingLevel | undefined {
  const at = order.indexOf(wanted);
  return order
    .filter((level) => supported.includes(level))
    .toSorted((a, b) => Math.abs(order.indexOf(a) - at) - Math.abs(order.indexOf(b) - at))
    .at(0);
}
