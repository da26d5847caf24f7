import type { Clock } from "#core/kernel/clock.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import { scoreDrifts, scoreInterval, type ScoreDrift } from "#core/evaluations/score-drift.ts";
import type { Interval } from "#core/statistics/interval.ts";
import { noMoments, type Moments } from "#core/statistics/moments.ts";
import { scoreName, type OnlineEvaluation } from "#features/configuration/index.ts";
import type { FeedbackService } from "#features/traffic/index.ts";

const dayMs = 86_400_000;
/** The days before the last one that it is compared with: each day of the week once. */
const daysBefore = 7;

/** What live answers were found to be worth, by now. */
export interface LiveScores {
  readonly evaluation: OnlineEvaluation;
  /** The last day ends at `toMs`, begins at `lastMs`; the days before it begin at `fromMs`. ms since 1970. */
  readonly fromMs: number;
  readonly lastMs: number;
  readonly toMs: number;
  readonly scores: readonly VariantScore[];
}

/** What one scorer said of one variant. */
export interface VariantScore {
  readonly scorer: string;
  /** The name of the feedback. */
  readonly name: string;
  readonly route: string;
  readonly variant: string;
  readonly last: WindowScore;
  readonly before: WindowScore;
  readonly drift: ScoreDrift;
}

/** Scores of a window. */
export interface WindowScore {
  readonly count: number;
  /** Absent where there is none. */
  readonly mean?: number;
  /** At 95 %; absent of fewer than two, or where nothing varies. */
  readonly interval?: Interval;
}

/** What scores are read from. */
interface LiveScoreParts {
  readonly evaluation: (name: string) => OnlineEvaluation | undefined;
  readonly feedback: Pick<FeedbackService, "summary">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Reads the scores of an evaluation. @throws AppError not-found, store-unavailable */
export async function liveScores(
  { evaluation: evaluationOf, feedback, clock }: LiveScoreParts,
  name: string,
): Promise<LiveScores> {
  const evaluation = evaluationOf(name);
  if (!evaluation)
    throw new AppError(
      "not-found",
      `Cannot read the scores of evaluation "${name}": one of the configuration is wanted, there is no such one`,
    );
  const toMs = clock.nowMs();
  const lastMs = toMs - dayMs;
  const fromMs = lastMs - daysBefore * dayMs;
  const groups: VariantGroup[] = [];
  for (const [scorer, { kind }] of evaluation.scorers) {
    const source = kind === "judge" ? ("judge" as const) : ("code" as const);
    const filters = { name: scoreName(name, scorer), source };
    const last = await feedback.summary({ fromMs: lastMs, toMs, filters, positiveAbove: 0 });
    const before = await feedback.summary({ fromMs, toMs: lastMs, filters, positiveAbove: 0 });
    groups.push(...byVariant(scorer, filters.name, { last, before }));
  }
  const drifts = scoreDrifts(groups);
  const scores = groups.map(({ last, before, ...group }, place): VariantScore => ({
    ...group,
    last: windowScore(last),
    before: windowScore(before),
    drift: drifts[place] ?? { state: "unknown", reason: "Nothing was compared" },
  }));
  return { evaluation, fromMs, lastMs, toMs, scores };
}

type Summaries = Awaited<ReturnType<FeedbackService["summary"]>>;

interface VariantGroup extends Pick<VariantScore, "scorer" | "name" | "route" | "variant"> {
  readonly last: Moments;
  readonly before: Moments;
}

function byVariant(
  scorer: string,
  name: string,
  { last, before }: { readonly last: Summaries; readonly before: Summaries },
): readonly VariantGroup[] {
  const groups = new Map<string, VariantGroup>();
  for (const [window, summaries] of [
    ["last", last],
    ["before", before],
  ] as const)
    for (const { route = "", variant = "", scores, scoreMean = 0, scoreDeviations = 0 } of summaries) {
      const key = JSON.stringify([route, variant]);
      const group = groups.get(key) ?? { scorer, name, route, variant, last: noMoments, before: noMoments };
      const moments = { count: scores, mean: scoreMean, squaredDeviations: scoreDeviations };
      groups.set(key, { ...group, [window]: moments });
    }
  return [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
}

function windowScore(moments: Moments): WindowScore {
  if (moments.count === 0) return { count: 0 };
  const interval = scoreInterval(moments);
  return {
    count: moments.count,
    mean: moments.mean,
    ...present({ interval: interval.ok ? interval.value : undefined }),
  };
}
