import type { JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";
import { vendorOf } from "#core/dialects/openai/vendor.ts";
import { withExtra } from "./extra-fields.ts";

/**
 * An answer's object with the fields that one dialect alone has: OpenAI's own where they were, those of others (Gemini's
 * grounding, citations, safety ratings) under `extra_content.<vendor>`, so that nothing of the answer is lost.
 */
export function withAnswerExtra(written: JsonObject, extra: Extra | undefined): JsonObject {
  if (!extra || Object.keys(extra.fields).length === 0) return written;
  if (extra.dialect === "openai-chat") return withExtra(written, extra);
  return withExtra(written, {
    dialect: "openai-chat",
    fields: { extra_content: { [vendorOf(extra.dialect)]: extra.fields } },
  });
}
