import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { BodyPath, OutcomeWebhook } from "#features/configuration/index.ts";
import type { FeedbackDraft } from "#features/traffic/feedback/service.ts";
import { outcomeDraft, type RowProblem } from "./outcome-draft.ts";

/** A call of another system, known to be from it. */
export interface WebhookCall {
  /** The same each time one message is sent. */
  readonly id: string;
  /** JSON. */
  readonly body: unknown;
}

/**
 * What a call tells of an outcome: undefined when it tells of something else. What is wrong is said at its place in the body. An
 * outcome without an `id` of its own is known by that of the call.
 */
export function webhookOutcome(
  hook: OutcomeWebhook,
  { id, body }: WebhookCall,
): Result<FeedbackDraft | undefined, readonly RowProblem[]> {
  if (hook.when.some(({ path, value }) => valueAt(body, path) !== value)) return ok(undefined);
  const entries = [...hook.fields].map(
    ([field, place]) => [field, typeof place === "object" ? valueAt(body, place) : place] as const,
  );
  const said = entries.filter(([, value]) => value !== undefined && value !== null && value !== "");
  const draft = outcomeDraft({ id, ...Object.fromEntries(said) }, hook);
  return draft.ok ? draft : failed(draft.error.map((problem) => placed(hook, problem)));
}

/** A problem under the name that its place has in the body. */
function placed({ fields }: OutcomeWebhook, { column, ...problem }: RowProblem): RowProblem {
  const place = column === undefined ? undefined : fields.get(column);
  return { column: typeof place === "object" ? place.join(".") : (column ?? ""), ...problem };
}

function valueAt(body: unknown, path: BodyPath): unknown {
  let value = body;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
