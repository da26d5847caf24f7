import { requestId } from "#core/kernel/request-id.ts";
import { ok } from "#core/kernel/result.ts";
import { Secret } from "#core/kernel/secret.ts";
import { outcomeService, type FeedbackService } from "#features/traffic/index.ts";
import type { ControlPlanePorts } from "./endpoints.ts";

/** Feedback that is kept as it comes, each by itself. */
export function memoryFeedback(): Pick<ControlPlanePorts, "feedback" | "outcomes"> {
  const all: Feedback[] = [];
  const feedback: FeedbackService = {
    give: (drafts) => {
      const kept = drafts.map(({ target, name, source, values }) => ({
        id: requestId(1_764_000_001_000 + all.length, new Uint8Array(10)),
        subject: { kind: "request", id: target.name } as const,
        name,
        source,
        author: "admin",
        values,
        atMs: 1_764_000_000_000,
        receivedAtMs: 1_764_000_000_500,
        revision: 1,
        revisionCount: 1,
        state: "joined" as const,
        request: { route: "assistant", variant: "assistant-flash" },
      }));
      all.push(...kept);
      return Promise.resolve(kept.map((feedback) => ok({ change: "created" as const, feedback })));
    },
    list: () => Promise.resolve({ feedback: all.toReversed() }),
    get: (id) => {
      const feedback = all.find((one) => one.id === id);
      return Promise.resolve(feedback && { feedback, revisions: [{ ...feedback, feedbackId: feedback.id }] });
    },
    summary: () =>
      Promise.resolve([
        { route: "assistant", name: "thumbs", count: all.length, scores: 1, scoreMean: 1, outcomes: 0 },
      ]),
    feedbackMoments: () => Promise.resolve([]),
    feedbackQuantile: () => Promise.resolve([]),
    judgedMoments: () => Promise.resolve([]),
    feedbackNames: () => Promise.resolve([]),
  };
  return {
    feedback,
    outcomes: {
      service: outcomeService({ feedback, hidden: (text) => text }),
      webhook: () => ({
        settings: { name: "purchase", source: "code", assumesUtc: false, fields: new Map(), when: [] },
        secret: new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
      }),
      nowMs: () => 1_764_000_000_000,
    },
  };
}

type Feedback = Awaited<ReturnType<FeedbackService["list"]>>["feedback"][number];
