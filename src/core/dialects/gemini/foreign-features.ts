import type { Json } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { Notes } from "./notes.ts";

/** Refuses fields of another dialect without which the answer would be another kind of thing: sound, or a web search. */
export function refuseForeignFeatures(extra: Extra | undefined, notes: Notes): void {
  if (!extra || extra.dialect === "gemini") return;
  const { modalities, audio, web_search_options: webSearch } = extra.fields;
  if (isSet(audio) || (Array.isArray(modalities) && modalities.some((modality) => modality !== "text"))) {
    notes.unsupported("modalities", "Signalbox asks it for text only");
  }
  if (isSet(webSearch)) notes.unsupported("web_search_options", "its web search is a tool, googleSearch");
}

function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}
