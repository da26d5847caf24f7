import { createHash } from "node:crypto";
import type { Verdict } from "#core/experiments/verdict.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { NotificationTarget } from "#features/configuration/index.ts";
import type { ExperimentState } from "../experiment-status.ts";
import { isoTime } from "../iso-time.ts";
import type { ExperimentChange, KeptVerdict, NewNotification, NotificationKind } from "./notification.ts";

/** Findings that a message has, at most; the results have all. */
const findingsMax = 20;

/** What is said of a verdict that has changed. */
export interface VerdictNews {
  readonly kept: KeptVerdict;
  /** What it was before in the same phase; absent where this is the first one. */
  readonly before: KeptVerdict | undefined;
  readonly state: ExperimentState;
  readonly verdict: Pick<Verdict, "wouldChange">;
  readonly findings: readonly Finding[];
}

/** The message of a changed verdict to an address. */
export function verdictMessage(target: NotificationTarget, news: VerdictNews): NewNotification {
  const { kept, before, state, verdict, findings } = news;
  return messageTo(target, {
    kind: "experiment.verdict_changed",
    experiment: kept.experiment,
    phase: kept.phase,
    atMs: kept.readAtMs,
    occasion: `verdict ${kept.changes}`,
    more: {
      state,
      verdict: { ...verdictView(kept), would_change: [...verdict.wouldChange] },
      before: before ? verdictView(before) : null,
      findings: findings
        .slice(0, findingsMax)
        .map(({ severity, code, about = null, text }) => ({ severity, code, about, text })),
    },
  });
}

/** The message of a change of an experiment to an address, with the verdict as it was read last. */
export function changeMessage(
  target: NotificationTarget,
  change: ExperimentChange,
  known: { readonly verdict: KeptVerdict | undefined; readonly winner: string | undefined },
): NewNotification {
  const { experiment, phase, atMs, epoch, from, to, by, why = null } = change;
  const verdict = known.verdict?.phase === phase ? verdictView(known.verdict) : null;
  return messageTo(target, {
    kind: changeKind(change),
    experiment,
    phase,
    atMs,
    occasion: `change ${epoch}`,
    more: {
      state: to,
      before: from,
      by,
      why,
      ...(to === "decided" && { winner: known.winner ?? null }),
      verdict,
    },
  });
}

function changeKind({ from, to }: ExperimentChange): NotificationKind {
  if (from === to) return "experiment.phase_began";
  switch (to) {
    case "running":
      return from === "paused" ? "experiment.resumed" : "experiment.started";
    case "paused":
      return "experiment.paused";
    case "decided":
      return "experiment.decided";
    case "stopped":
    case "draft":
      return "experiment.stopped";
  }
}

interface Content {
  readonly kind: NotificationKind;
  readonly experiment: string;
  readonly phase: number;
  readonly atMs: number;
  /** What makes it another message than all others about the experiment. */
  readonly occasion: string;
  readonly more: object;
}

function messageTo({ name, publicUrl = "" }: NotificationTarget, content: Content): NewNotification {
  const { kind, experiment, phase, atMs, occasion, more } = content;
  const path = `/api/experiments/${encodeURIComponent(experiment)}/results?phase=${phase}`;
  return {
    id: idOf([experiment, occasion]),
    target: name,
    experiment,
    kind,
    madeAtMs: atMs,
    body: JSON.stringify({
      type: kind,
      timestamp: isoTime(atMs),
      data: { experiment, phase, ...more, link: publicUrl + path },
    }),
  };
}

/** Of what happened, not of when it was looked at: made again after a crash, a message is the same. */
function idOf(parts: readonly string[]): string {
  return `msg_${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32)}`;
}

function verdictView({ decision, variant, sentence }: KeptVerdict) {
  return { decision, variant: variant ?? null, sentence };
}
