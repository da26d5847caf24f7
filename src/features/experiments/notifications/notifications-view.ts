import { z } from "zod";
import { isoTime } from "../iso-time.ts";
import { notificationStates, type KeptVerdict, type Notification } from "./notification.ts";

const instant = z.iso.datetime({ offset: true });
const exampleInstant = "2026-11-25T12:00:00.000Z";

const verdictShape = z
  .object({
    phase: z.int().meta({ description: "The phase that it is of.", examples: [1] }),
    decision: z
      .enum(["ship", "do-not-ship", "keep-running", "invalid"])
      .meta({ description: "As in the results.", examples: ["keep-running"] }),
    variant: z
      .string()
      .nullable()
      .meta({
        description: "The variant to ship; null unless the decision is that.",
        examples: ["support-argon"],
      }),
    sentence: z.string().meta({
      description: "The verdict as a sentence.",
      examples: ["Keep running: resolved is open"],
    }),
    read_at: instant.meta({ description: "When it was read, ISO 8601, UTC.", examples: [exampleInstant] }),
  })
  .meta({ id: "ExperimentLastVerdict", description: "A verdict as it was read last." });

const messageShape = z
  .object({
    id: z.string().meta({ description: "The header `webhook-id`.", examples: ["msg_0f3a"] }),
    address: z.string().meta({ description: "The notification's name.", examples: ["release-bot"] }),
    type: z.string().meta({ description: "What it tells of.", examples: ["experiment.verdict_changed"] }),
    made_at: instant.meta({ description: "When it was made, ISO 8601, UTC.", examples: [exampleInstant] }),
    state: z.enum(notificationStates).meta({
      description:
        "`waiting` until it is taken; `given-up` after three days, or when the address says that it is gone.",
      examples: ["delivered"],
    }),
    attempts: z.int().meta({ description: "How often it was sent.", examples: [1] }),
    at: instant.meta({
      description: "When it is tried next; of one that does not wait, when that was decided.",
      examples: [exampleInstant],
    }),
    failure: z
      .string()
      .nullable()
      .meta({
        description: "Why it was not taken the last time; null where it was, or was not tried.",
        examples: ["answered 503"],
      }),
  })
  .meta({ id: "ExperimentNotification", description: "A message about an experiment to an address." });

/** What `GET /api/experiments/{name}` tells of who was told what. */
export const toldShape = {
  verdict: verdictShape.nullable().meta({
    description: "The verdict that was read last for `notifications`; null where nobody is told.",
  }),
  notifications: z
    .array(messageShape)
    .meta({ description: "The messages about it, newest first, 20 at most." }),
};

/** Messages that are shown at most. */
export const messagesShownMax = 20;

/** Verdict and messages as JSON. */
export function toldView(verdict: KeptVerdict | undefined, messages: readonly Notification[]) {
  return { verdict: verdict ? verdictView(verdict) : null, notifications: messages.map(messageView) };
}

function verdictView({ phase, decision, variant, sentence, readAtMs }: KeptVerdict) {
  return { phase, decision, variant: variant ?? null, sentence, read_at: isoTime(readAtMs) };
}

function messageView({ id, target, kind, madeAtMs, state, attempts, atMs, failure }: Notification) {
  return {
    id,
    address: target,
    type: kind,
    made_at: isoTime(madeAtMs),
    state,
    attempts,
    at: isoTime(atMs),
    failure: failure ?? null,
  };
}
