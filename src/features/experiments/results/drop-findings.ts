import type { Finding } from "#core/experiments/findings/finding.ts";
import type { DropReason } from "../shadows/shadow-pair.ts";
import type { Dropped } from "../shadows/store.ts";

const reasonTexts: Readonly<Record<DropReason, string>> = {
  budget: "the day's budget was used up",
  "no-price": "what they would cost is not known",
  "queue-full": "too many were waiting",
  "not-served": "no deployment had room for them",
  store: "the database was away",
  shutdown: "Signalbox stopped",
  superseded: "the phase was over, or the experiment paused",
};

/** Requests of the sample that were not answered once more. Load and budgets choose them, which may not be by chance. */
export function dropFindings(dropped: readonly Pick<Dropped, "reason" | "requests">[]): readonly Finding[] {
  if (dropped.length === 0) return [];
  const all = dropped.reduce((sum, { requests }) => sum + requests, 0);
  const reasons = dropped.map(({ reason, requests }) => `${reasonTexts[reason]} (${requests})`).join(", ");
  const text = `${all} requests of the sample were not answered once more, and are left out: ${reasons}`;
  return [{ code: "not-compared", severity: "note", text }];
}
