import type { PureScorerConfig } from "./scorer-config.ts";

/** The field of an item without which a scorer says nothing of an answer; undefined where it needs the answer alone. */
export function neededField(config: PureScorerConfig): string | undefined {
  switch (config.kind) {
    case "refusal":
    case "finish_reason":
    case "latency":
    case "cost":
    case "tokens":
      return undefined;
    case "pii":
      return config.allowed;
    case "json_schema":
      return config.reference;
    case "ifeval":
      return config.instructions;
    case "regex":
      return config.group === undefined || config.expected !== undefined ? undefined : config.reference;
    default:
      return config.expected === undefined ? config.reference : undefined;
  }
}
