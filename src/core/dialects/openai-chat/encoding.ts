import type { UpstreamModel, Warning } from "#core/dialects/dialect.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";
import { Problems } from "#core/dialects/problems.ts";
import { droppedField } from "./warnings.ts";
import { speaksGoogle } from "./google-extension.ts";
import { withExtra } from "./extra-fields.ts";

/** What one encoding run collects: what had to be left out, and what cannot be served at all. */
export class Encoding {
  readonly model: UpstreamModel;
  readonly warnings: Warning[] = [];
  readonly problems = new Problems();

  constructor(model: UpstreamModel) {
    this.model = model;
  }

  /** Whether Google's own additions to the protocol may be sent. */
  get speaksGoogle(): boolean {
    return speaksGoogle(this.model);
  }

  drop(field: string, why: string): void {
    if (this.warnings.some((warning) => warning.field === field && warning.code === "dropped-field")) return;
    this.warnings.push(droppedField(field, why));
  }

  /** The object with its kept fields; fields of another dialect are left out, each with a warning. */
  withExtra(written: JsonObject, extra: Extra | undefined, path: string): JsonObject {
    if (extra && extra.dialect !== "openai-chat") {
      for (const key of fieldNames(extra.fields)) {
        this.drop(path === "" ? key : `${path}.${key}`, `only the dialect "${extra.dialect}" has it`);
      }
    }
    return withExtra(written, extra);
  }
}

/** The names of fields, those inside objects (`generationConfig.speechConfig`) one level down. */
function fieldNames(fields: JsonObject): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const inner = isJsonObject(value) ? Object.keys(value) : [];
    return inner.length === 0 ? [key] : inner.map((name) => `${key}.${name}`);
  });
}
