import type { Deployment } from "#core/routing/deployment.ts";
import type { Ask, VerificationAnswer } from "./ask.ts";
import type { CheckName } from "./report.ts";

/** What a check found. */
export interface Finding {
  readonly outcome: "passed" | "failed" | "skipped";
  readonly detail: string;
  /** The answers that it was found with. */
  readonly answers: readonly VerificationAnswer[];
}

/** One thing that is tried. */
export interface Check {
  readonly name: CheckName;
  /** Why it is not tried of this deployment; undefined when it is. */
  readonly skipped: (deployment: Deployment) => string | undefined;
  /** @param answers those of the checks before it */
  readonly run: (
    deployment: Deployment,
    context: { readonly ask: Ask; readonly answers: readonly VerificationAnswer[] },
  ) => Promise<Finding>;
}

/** What a check found, with the answers that it was found with. */
export function found(
  outcome: Finding["outcome"],
  detail: string,
  answers: readonly VerificationAnswer[] = [],
): Finding {
  return { outcome, detail, answers };
}

/** Whether it is known what requests cost there: asks nothing. */
export const price: Check = {
  name: "price",
  skipped: () => undefined,
  run: ({ price: schedule, model }) =>
    Promise.resolve(
      schedule
        ? found("passed", "is known")
        : found(
            "failed",
            `nobody knows what ${model.id} costs there: give it a price (--price, or \`price\`)`,
          ),
    ),
};
