import type { FeedbackFilter, FeedbackWindow } from "./feedback-moments.ts";
import type { RequestsQuery } from "#features/traffic/exposures/units-query.ts";

/** Which units are asked for, and who judged them. */
export interface JudgedMomentsQuery extends RequestsQuery {
  /** Only units for which it is over, with what was observed in it; absent is all. */
  readonly window?: FeedbackWindow;
  /** What a judge said, in values. */
  readonly judge: NamedFeedback;
  /** What humans said of the same requests, conversations or units. Several values of one count as their mean, of either. */
  readonly human: NamedFeedback;
}

/** Feedback of one name. */
type NamedFeedback = FeedbackFilter & { readonly name: string };
