import { eventSources, type EventSource } from "#core/experiments/plan/event-source.ts";

/** Who or what judged. */
export const feedbackSources = eventSources;

/** One of them. */
export type FeedbackSource = EventSource;

/** What feedback can be about. */
export const feedbackSubjects = ["request", "conversation", "unit"] as const;

/** What one feedback is about: a request by its id, a conversation or a unit by its pseudonym. */
export interface FeedbackSubject {
  readonly kind: (typeof feedbackSubjects)[number];
  readonly id: string;
}

/** What was said; at least one is there. */
export interface FeedbackValues {
  /** Finite; which way is better depends on the name. */
  readonly score?: number;
  /** A short word or two. */
  readonly label?: string;
  /** Content: shown to administrators only. */
  readonly comment?: string;
  /** What came of it: whether something happened, or how much of it. */
  readonly outcome?: boolean | number;
}

/** What the log knows of the request that feedback is about, kept beside it so that sums need no join. */
export interface RatedRequest {
  readonly route?: string;
  readonly variant?: string;
  /** Pseudonyms, where the route captures any. */
  readonly unit?: string;
  readonly conversation?: string;
  /** Absent where no experiment assigned it a variant. */
  readonly exposure?: RatedExposure;
}

/** What an experiment had made of the request: for which unit, and which variant it was assigned, whoever answered. */
export interface RatedExposure {
  readonly experiment: string;
  readonly phase: number;
  readonly variant: string;
  /** Its pseudonym. */
  readonly unit: string;
}

/**
 * `joined`: what it is about is known. `pending`: the request may still run, or be on its way into the log. `expired`:
 * no such request came.
 */
export const feedbackStates = ["joined", "pending", "expired"] as const;

/** One of them. */
export type FeedbackState = (typeof feedbackStates)[number];

/** Feedback as it now counts. There is one for each subject, name, source and author. */
export interface Feedback {
  /** UUIDv7; its time is when the first revision came. */
  readonly id: string;
  readonly subject: FeedbackSubject;
  /** What is measured: `thumbs`. */
  readonly name: string;
  readonly source: FeedbackSource;
  /** Who sent it, as `authorOf` writes it. */
  readonly author: string;
  readonly values: FeedbackValues;
  /** When it was observed, ms since 1970; never after `receivedAtMs`. */
  readonly atMs: number;
  /** When this revision came, ms since 1970. */
  readonly receivedAtMs: number;
  /** Number of the revision whose values count, from 1. */
  readonly revision: number;
  /** How many revisions came. */
  readonly revisionCount: number;
  readonly state: FeedbackState;
  /** Why it expired. */
  readonly reason?: string;
  /** Of joined feedback on a request. */
  readonly request?: RatedRequest;
}

/** One thing that was said, as it came. */
export interface FeedbackRevision {
  readonly feedbackId: string;
  /** From 1, in the order in which they came. */
  readonly revision: number;
  readonly values: FeedbackValues;
  readonly atMs: number;
  readonly receivedAtMs: number;
  /** The name that its sender gave to this one call, by which it is known again. */
  readonly clientId?: string;
}

/** Feedback to be kept, its subject found and its values checked. */
export interface FeedbackEntry {
  /** The id it gets if it is the first of its kind, UUIDv7. */
  readonly newId: string;
  readonly subject: FeedbackSubject;
  readonly name: string;
  readonly source: FeedbackSource;
  readonly values: FeedbackValues;
  /** When its sender says it was observed, ms since 1970; absent for now. */
  readonly atMs?: number;
  readonly clientId?: string;
  /** `pending` while a request is not known. */
  readonly state: "joined" | "pending";
  readonly request?: RatedRequest;
}

/** What became of an entry. */
export type FeedbackChange =
  /** The first of its kind. */
  | "created"
  /** Its values replaced former ones. */
  | "revised"
  /** It was observed before the values that count: kept as a revision only. */
  | "superseded"
  /** It said what is known already. */
  | "unchanged";

/** An entry that was kept. */
export interface KeptFeedback {
  readonly change: FeedbackChange;
  /** As it now counts. */
  readonly feedback: Feedback;
}
