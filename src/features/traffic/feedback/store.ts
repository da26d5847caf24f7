import type { AppError } from "#core/kernel/app-error.ts";
import type { Result } from "#core/kernel/result.ts";
import type { VariantMoments } from "#features/traffic/exposures/experiment-moments.ts";
import type { PhaseQuery } from "#features/traffic/exposures/experiment-periods.ts";
import type { VariantQuantile } from "#features/traffic/exposures/experiment-quantile.ts";
import type { FeedbackMomentsQuery, FeedbackQuantileQuery, RatedName } from "./feedback-moments.ts";
import type { JudgedMomentsQuery } from "./judged-moments.ts";
import type {
  Feedback,
  FeedbackEntry,
  FeedbackRevision,
  FeedbackSource,
  FeedbackState,
  KeptFeedback,
  RatedRequest,
} from "./feedback.ts";

/** Feedback that one page holds at most. */
export const feedbackPageMax = 200;
/** Groups that a summary gives at most: the largest ones. */
export const summaryMax = 1_000;

/** Where feedback is kept. Implementations: memory (tests), Postgres and PGlite; one contract for all. */
export interface FeedbackStore {
  /**
   * Keeps entries of one author, one after another, as `keepFeedback` says. Once this resolves they survive a crash;
   * when it rejects none was kept.
   * @param nowMs when they came, ms since 1970
   * @returns one for each entry; AppError conflict or overloaded where a bound is reached
   * @throws AppError store-unavailable
   */
  keep(
    author: string,
    entries: readonly FeedbackEntry[],
    nowMs: number,
  ): Promise<readonly Result<KeptFeedback, AppError>[]>;
  /** The newest that match, newest first by id. */
  list(query: FeedbackQuery): Promise<FeedbackPage>;
  /** One with the revisions that are kept, oldest first; `undefined` when there is none under this id. */
  get(id: string): Promise<FeedbackHistory | undefined>;
  /** Counts and means of joined feedback, the largest groups first. */
  summary(query: SummaryQuery): Promise<readonly FeedbackSummary[]>;
  /**
   * What the units of each variant of a phase did, and what was said about them, in the order of the variants' names: over all
   * units that met one, 0 for units of which nothing was said. Joined feedback as it now counts: on requests, for the unit they
   * were for; on conversations and units, for these, if observed after their first request in the phase and before that of the
   * next one. What it costs grows with units and feedback, not with requests.
   */
  feedbackMoments(query: FeedbackMomentsQuery): Promise<readonly VariantMoments[]>;
  /** A quantile of single values (the score, else the outcome) of the same feedback. */
  feedbackQuantile(query: FeedbackQuantileQuery): Promise<readonly VariantQuantile[]>;
  /**
   * What a judge and humans said of the units of each variant, in the order of `judgedVariables`, over all units that met one: of the
   * same feedback, with a value. Both count as said of one output where they are about the same request, conversation or unit.
   */
  judgedMoments(query: JudgedMomentsQuery): Promise<readonly VariantMoments[]>;
  /** Names of feedback that has values on units of a phase, those said most often first, at most `ratedNamesMax`. */
  feedbackNames(query: PhaseQuery): Promise<readonly RatedName[]>;
  /** Feedback that waits for its request and came after the one with id `after`, oldest first. */
  pending(page: { readonly limit: number; readonly after?: string }): Promise<readonly Feedback[]>;
  /** Joins what waits with its request. What does not wait (any more) stays as it is. */
  join(id: string, request: RatedRequest): Promise<void>;
  /** Gives up what waits. What does not wait (any more) stays as it is. */
  expire(id: string, reason: string): Promise<void>;
  /** Ids of requests whose answer the upstream gave this id, newest first. */
  requestsAnswering(upstreamResponseId: string, limit: number): Promise<readonly string[]>;
  /**
   * Looks through feedback whose last revision came before a time, the oldest first, and deletes it with its revisions: all but
   * what counts for a unit that an experiment still has.
   */
  deleteOld(page: OldFeedbackPage): Promise<OldFeedback>;
}

/** Which feedback is looked through. */
export interface OldFeedbackPage {
  readonly beforeMs: number;
  /** How many are looked at. */
  readonly limit: number;
  /** Only what comes after this place. */
  readonly after?: OldFeedbackPlace;
}

/** A place among feedback in the order in which it came: a time as the store writes it, and an id. */
export interface OldFeedbackPlace {
  readonly receivedAt: string;
  readonly id: string;
}

/** What became of old feedback. */
export interface OldFeedback {
  readonly deleted: number;
  /** Where to go on; absent when there is nothing older. */
  readonly next?: OldFeedbackPlace;
}

/** What feedback must be to be listed. Absent filters let everything pass. */
export interface FeedbackFilters {
  readonly requestId?: string;
  readonly name?: string;
  readonly source?: FeedbackSource;
  readonly route?: string;
  readonly variant?: string;
  readonly state?: FeedbackState;
  /** First came at or after, ms since 1970. */
  readonly fromMs?: number;
  /** First came before, ms since 1970. */
  readonly toMs?: number;
}

/** Which page of which feedback. */
export interface FeedbackQuery {
  readonly filters: FeedbackFilters;
  /** 1 to `feedbackPageMax`. */
  readonly limit: number;
  /** The id of the last one of the page before: only older ones are listed. */
  readonly before?: string;
}

/** One page, newest first. */
export interface FeedbackPage {
  readonly feedback: readonly Feedback[];
  /** `before` of the next page; absent on the last one. */
  readonly next?: string;
}

/** Feedback with how it came to be. */
export interface FeedbackHistory {
  readonly feedback: Feedback;
  readonly revisions: readonly FeedbackRevision[];
}

/** What is to be summed up. */
export interface SummaryQuery {
  /** Observed at or after, ms since 1970. */
  readonly fromMs: number;
  /** Observed before, ms since 1970. */
  readonly toMs: number;
  readonly filters: Pick<FeedbackFilters, "name" | "source" | "route" | "variant">;
  /** A score (where there is none: an outcome) above this is positive. */
  readonly positiveAbove: number;
}

/** What feedback of one route, variant and name comes to. */
export interface FeedbackSummary {
  /** Absent for feedback on units and conversations, and on requests that took no decision. */
  readonly route?: string;
  readonly variant?: string;
  readonly name: string;
  readonly count: number;
  /** How many have a score, and its mean; the mean is absent when none has. */
  readonly scores: number;
  readonly scoreMean?: number;
  /** Sum of the squared deviations of scores from their mean; absent when none has. */
  readonly scoreDeviations?: number;
  /** How many have an outcome, and its mean, true being 1; the mean is absent when none has. */
  readonly outcomes: number;
  readonly outcomeMean?: number;
  /** The share that is positive among those with a score or an outcome, 0 to 1; absent when there are none. */
  readonly positiveShare?: number;
}
