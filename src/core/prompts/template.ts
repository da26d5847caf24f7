import { ok, type Result } from "#core/kernel/result.ts";
import { parseFString } from "./f-string.ts";
import { parseMustache } from "./mustache.ts";
import type { Template, TemplateFault, TemplateFormat } from "./template-parts.ts";

/** Reads a template. */
export function parseTemplate(format: TemplateFormat, text: string): Result<Template, TemplateFault> {
  const parts = format === "mustache" ? parseMustache(text) : parseFString(text);
  return parts.ok ? ok({ format, text, parts: parts.value }) : parts;
}
