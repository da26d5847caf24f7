import { AppError } from "#core/kernel/app-error.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { OutcomeWebhook } from "#features/configuration/index.ts";
import type { KeptFeedback } from "#features/traffic/feedback/feedback.ts";
import { importOutcomes, type ImportParts, type OutcomeFile } from "./import-outcomes.ts";
import type { ImportReport } from "./import-tally.ts";
import type { RowProblem } from "./outcome-draft.ts";
import { identified } from "./outcome-identity.ts";
import { webhookOutcome, type WebhookCall } from "./webhook-outcome.ts";

/** Takes what other systems know of answers in as an administrator's feedback. */
export interface OutcomeService {
  /** As `importOutcomes`. */
  import(file: OutcomeFile): Promise<ImportReport>;
  /**
   * Keeps what a call tells of an outcome; undefined when it tells of something else. Once this resolves it survives a crash.
   * @returns what is wrong with its body
   * @throws AppError as feedback is refused; `store-unavailable`
   */
  take(
    hook: OutcomeWebhook,
    call: WebhookCall,
  ): Promise<Result<KeptFeedback | undefined, readonly RowProblem[]>>;
}

/** Outcomes over feedback. */
export function outcomeService(parts: ImportParts): OutcomeService {
  return {
    import: (file) => importOutcomes(parts, file),
    async take(hook, call) {
      const draft = webhookOutcome(hook, call);
      if (!draft.ok) return failed(draft.error);
      if (draft.value === undefined) return ok(undefined);
      const [result] = await parts.feedback.give([identified(draft.value, parts.hidden)], { kind: "admin" });
      if (!result) throw new AppError("internal", "Broken invariant: each draft has a result");
      if (!result.ok) throw result.error;
      return ok(result.value);
    },
  };
}
