import type { RequestProblem } from "#core/dialects/dialect.ts";
import { placeOf } from "#core/dialects/placed-name.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { Rung } from "#features/gateway/rung.ts";

const collection = "cachedContents/";

/** The request with its cached prefix under the name by which a rung's provider knows it. */
export function namedAt(
  rung: Pick<Rung, "provider" | "deployment">,
  request: ChatRequest,
): Result<ChatRequest, RequestProblem> {
  const { cachedContent } = request;
  if (cachedContent === undefined) return ok(request);
  const name = cachedContentAt(rung, cachedContent);
  if (!name.ok) return name;
  return ok(name.value === cachedContent ? request : { ...request, cachedContent: name.value });
}

/**
 * The name of a cached prefix as a rung's provider knows it: `cachedContents/google~abc` is `cachedContents/abc` at the
 * provider `google`, and nothing anywhere else. A name without a provider passes as it is.
 */
export function cachedContentAt(
  { provider, deployment }: Pick<Rung, "provider" | "deployment">,
  name: string,
): Result<string, RequestProblem> {
  const place = placeOf(name.startsWith(collection) ? name.slice(collection.length) : name);
  if (place.provider === undefined) return ok(name);
  if (place.provider === provider) return ok(collection + place.id);
  return failed({
    code: "unsupported-feature",
    message: `Cannot send "cachedContent" to deployment "${deployment}": its provider "${provider}" is wanted to keep it, "${place.provider}" does`,
    field: "cachedContent",
  });
}
