import type { ResourceCall, ResourceClient, ResourceKind, ResourceServer } from "#core/dialects/resources.ts";
import { placedName, placeOf } from "#core/dialects/placed-name.ts";
import { replaceNamedStrings } from "#core/dialects/splice/replace-named-strings.ts";
import { replaceTopLevelString } from "#core/dialects/splice/replace-top-level-string.ts";
import { modelPath } from "#core/dialects/gemini/paths.ts";
import { decodeResourceRequest, referenceNames } from "./decode-request.ts";
import { interactionId, interactionNews } from "./interaction-news.ts";
import { cachedContentNews } from "./cached-content-news.ts";

/**
 * What the Gemini API keeps for its callers: https://ai.google.dev/api/caching, .../api/batch-api and
 * .../api/interactions-api, read 2026-11-26; the paths as @google/genai 3.3.0 calls them.
 */
const collections: Readonly<Record<ResourceKind, string>> = {
  "cached-content": "cachedContents",
  batch: "batches",
  interaction: "interactions",
};

/** How Gemini's clients speak of such things. */
export const geminiResourceServer: ResourceServer = {
  decodeRequest: decodeResourceRequest,
  encodeErrorEvent: ({ code, message }) =>
    eventFrame("error", JSON.stringify({ event_type: "error", error: { code, message } })),
};

/** How the Gemini API is asked for them. */
export const geminiResources: ResourceClient = {
  path: (call, model) => pathOf(call, model) + (call.query === "" ? "" : `?${call.query}`),
  encodeRequest(call, text, model) {
    const named = replaceNamedStrings(text, referenceNames, bareName);
    if (call.action !== "create" || call.kind === "batch") return named;
    const written = call.kind === "cached-content" ? `models/${model}` : model;
    return replaceTopLevelString({ text: named }, "model", written);
  },
  read(call, body) {
    switch (call.kind) {
      case "cached-content":
        return cachedContentNews(call, body);
      case "interaction":
        return interactionNews(body);
      case "batch":
        return {};
    }
  },
  encodeAnswer(call, { text, body }, provider) {
    if (call.kind !== "interaction") return withPlacedNames(text, "name", collections[call.kind], provider);
    const own = interactionId(body);
    const names = ["id", "interaction_id", "previous_interaction_id"];
    const placed = replaceNamedStrings(text, names, (value, name) =>
      name === "id" && value !== own ? undefined : placedName(provider, value),
    );
    return withPlacedNames(placed, "cached_content", collections["cached-content"], provider);
  },
};

/** One event of a stream that names its events. */
export function eventFrame(event: string, data: string): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}

function pathOf({ kind, action, id }: ResourceCall, model: string): string {
  if (kind === "batch" && action === "create") return modelPath(model, "batchGenerateContent");
  const collection = `/${collections[kind]}`;
  if (id === undefined) return collection;
  const path = `${collection}/${encodeURIComponent(placeOf(id).id)}`;
  if (action !== "cancel") return path;
  return kind === "interaction" ? `${path}/cancel` : `${path}:cancel`;
}

/** A reference without the provider in it: `cachedContents/google~abc` is `cachedContents/abc` there. */
function bareName(value: string): string | undefined {
  const [, collection = "", name = ""] = /^(cachedContents\/)?(.*)$/s.exec(value) ?? [];
  const { provider, id } = placeOf(name);
  return provider === undefined ? undefined : collection + id;
}

function withPlacedNames(text: string, member: string, collection: string, provider: string): string {
  const prefix = `${collection}/`;
  return replaceNamedStrings(text, [member], (value) => {
    const id = value.startsWith(prefix) ? value.slice(prefix.length) : "";
    return id === "" || id.includes("/") ? undefined : prefix + placedName(provider, id);
  });
}
