import { efforts } from "#core/dialects/openai/effort.ts";
import type { Thinking, ThinkingLevel } from "#core/llm/request.ts";
import type { Fields } from "#core/dialects/fields.ts";

/** Where clients put Google's fields: `extra_body.google` as documented, or `google` where an SDK has unpacked it. */
export function googleOptions(request: Fields): Fields | undefined {
  return request.child("extra_body")?.child("google") ?? request.child("google");
}

/**
 * Reads `reasoning_effort` and Google's `thinking_config`, in both spellings of its fields.
 * Google refuses both at once (https://ai.google.dev/gemini-api/docs/openai, read 2026-11-24); so do we.
 */
export function decodeThinking(request: Fields): Thinking {
  const effort = request.word("reasoning_effort", efforts);
  const google = googleOptions(request);
  const config = google?.child("thinking_config") ?? google?.child("thinkingConfig");
  if (effort === undefined && config === undefined) return {};
  const budgetTokens = config?.integer("thinking_budget") ?? config?.integer("thinkingBudget");
  const level = config && googleLevel(config);
  const include = config?.flag("include_thoughts") ?? config?.flag("includeThoughts");
  if ([effort, budgetTokens, level].filter((wish) => wish !== undefined).length > 1) {
    request.problems.invalid(
      config?.path ?? request.at("reasoning_effort"),
      "one of reasoning_effort, thinking_level and thinking_budget",
      "several",
    );
  }
  const wished = effort ?? level;
  return {
    ...(wished !== undefined && { level: wished }),
    ...(budgetTokens !== undefined && { budgetTokens }),
    ...(include !== undefined && { include }),
  };
}

function googleLevel(config: Fields): ThinkingLevel | undefined {
  const key = config.value("thinking_level") === undefined ? "thinkingLevel" : "thinking_level";
  const written = config.text(key)?.toLowerCase();
  if (written === undefined) return undefined;
  const level = efforts.find((known) => known === written);
  if (level === undefined) config.invalid(key, `one of ${efforts.join(", ")}`);
  return level;
}
