import type { JsonObject } from "#core/kernel/json.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";

/** Fields of one dialect that have no neutral counterpart: kept as they came, written back by the same dialect only. */
export interface Extra {
  readonly dialect: DialectName;
  readonly fields: JsonObject;
}
