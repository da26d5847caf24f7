import type { Clock } from "#core/kernel/clock.ts";
import type { Deployment } from "#core/routing/deployment.ts";
import type { ModelOperation } from "#core/routing/model-facts.ts";
import type { Ask, VerificationAnswer } from "./ask.ts";
import { chatChecks } from "./chat-checks.ts";
import type { Check, Finding } from "./check.ts";
import { embeddingChecks } from "./embedding-checks.ts";
import type { CheckLine, VerificationReport } from "./report.ts";

/** What a verification works with. */
export interface Verification {
  readonly deployment: Deployment;
  /** What it is tried for. */
  readonly kind: ModelOperation;
  readonly ask: Ask;
  readonly clock: Clock;
  /** Hears each line when it is there. */
  readonly onLine: (line: CheckLine) => void;
}

const checksOf: Readonly<Record<ModelOperation, readonly Check[]>> = {
  chat: chatChecks,
  embeddings: embeddingChecks,
};

/**
 * Tries what a deployment is said to do, one thing after another. When not even the first comes (text, or a vector),
 * nothing else is asked: each further line says so.
 */
export async function verify(verification: Verification): Promise<VerificationReport> {
  const { clock, onLine } = verification;
  const startedAtMs = clock.nowMs();
  const startedMs = clock.monotonicMs();
  const lines: CheckLine[] = [];
  const answers: VerificationAnswer[] = [];
  for (const check of checksOf[verification.kind]) {
    const [first] = lines;
    const failed = first?.outcome === "failed" ? first.check : undefined;
    const line = await lineOf(verification, { check, answers, failed });
    lines.push(line);
    onLine(line);
  }
  return { startedAtMs, durationMs: rounded(clock.monotonicMs() - startedMs), lines };
}

/** What a verification found wrong, for people; undefined when it found nothing wrong. */
export function failureOf({ lines }: VerificationReport): string | undefined {
  const failed = lines.filter(({ outcome }) => outcome === "failed");
  return failed.length === 0
    ? undefined
    : failed.map(({ check, detail }) => `${check}: ${detail}`).join("; ");
}

async function lineOf(
  { deployment, ask, clock }: Verification,
  tried: {
    readonly check: Check;
    readonly answers: VerificationAnswer[];
    readonly failed: string | undefined;
  },
): Promise<CheckLine> {
  const { check, answers, failed } = tried;
  const startedMs = clock.monotonicMs();
  const asks = check.name !== "price";
  const reason = check.skipped(deployment) ?? (failed !== undefined && asks ? `${failed} failed` : undefined);
  const finding: Finding =
    reason === undefined
      ? await check.run(deployment, { ask, answers })
      : { outcome: "skipped", detail: reason, answers: [] };
  answers.push(...finding.answers);
  return {
    check: check.name,
    outcome: finding.outcome,
    durationMs: reason === undefined ? rounded(clock.monotonicMs() - startedMs) : 0,
    detail: finding.detail,
    requestIds: finding.answers.map(({ requestId }) => requestId),
  };
}

/** To a tenth of a millisecond. */
function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
