import type { RequestProblem } from "#core/dialects/dialect.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import { placeOf } from "#core/dialects/placed-name.ts";
import type { ResourceCall, ResourceRequest } from "#core/dialects/resources.ts";
import { namedStrings } from "#core/dialects/splice/replace-named-strings.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";

/** Names of members that refer to something the provider keeps. */
export const referenceNames = ["cachedContent", "cached_content", "previous_interaction_id"] as const;

/** Reads what a body that creates something asks for: its model, and whose things it refers to. The rest is the provider's to judge. */
export function decodeResourceRequest(
  call: ResourceCall,
  body: Json,
  text: string,
): Result<ResourceRequest, RequestProblem> {
  if (!isJsonObject(body)) {
    return failed(problem(`Cannot read the body: wanted an object, got ${kindOf(body)}`));
  }
  const named = call.model ?? body["model"];
  if (typeof named !== "string" || named === "") return failed(withoutModel(call, body));
  const maxOutputTokens = boundOf(body);
  return ok({
    model: named.replace(/^models\//, ""),
    stream: call.kind === "interaction" && body["stream"] === true,
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    providers: providersIn(text),
  });
}

function withoutModel({ kind }: ResourceCall, body: JsonObject): RequestProblem {
  if (kind === "interaction" && body["agent"] !== undefined) {
    return {
      ...problem(
        'Cannot create an interaction with "agent": a model is wanted, which a route or a deployment serves',
        "agent",
      ),
      code: "unsupported-feature",
    };
  }
  return problem(
    `Cannot read "model": wanted the name of a model, got ${kindOf(body["model"] ?? null)}`,
    "model",
  );
}

function problem(message: string, field?: string): RequestProblem {
  return { code: "invalid-request", message, ...(field !== undefined && { field }) };
}

function boundOf(body: JsonObject): number | undefined {
  const config = body["generation_config"] ?? body["generationConfig"];
  const bound = isJsonObject(config) ? (config["max_output_tokens"] ?? config["maxOutputTokens"]) : undefined;
  return typeof bound === "number" && Number.isSafeInteger(bound) && bound >= 1 ? bound : undefined;
}

/** The providers in the names of things that a body refers to, each once. */
function providersIn(text: string): readonly string[] {
  const places = namedStrings(text, referenceNames).map((name) =>
    placeOf(name.replace(/^cachedContents\//, "")),
  );
  return [...new Set(places.flatMap(({ provider }) => provider ?? []))];
}
