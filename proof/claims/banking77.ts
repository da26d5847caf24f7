import type { Claim, Measurement } from "../claim.ts";
import { BankingClient, requestsMax } from "../experiments/banking-client.ts";
import { bankingKinds, plannedPowerOf, type BankingKind } from "../experiments/banking-kinds.ts";
import { runBankingExperiment, type BankingOutcome } from "../experiments/banking-experiment.ts";
import {
  bankingSkills,
  bankingTreatments,
  bankingVariants,
  loadBankingQuestions,
  rightShare,
  type BankingQuestions,
  type BankingVariant,
} from "../experiments/banking-models.ts";
import { startBankingSignalbox } from "../experiments/banking-signalbox.ts";
import { mapConcurrently } from "../ledger/map-concurrently.ts";

/** Of all comparisons of an experiment together; what designs have where nothing is written. */
const alpha = 0.05;
/** Experiments under way at once, and conversations of each. */
const experimentsAtOnce = 4;
const conversationsAtOnce = 12;

/** Whole experiments through the data plane, over models whose skills are known. */
export const claim: Claim = {
  id: "banking77",
  title:
    "Experiments on Banking77 through the data plane find the better of three models whose skills are known",
  wanted: `the better one shipped as often as planned, a false judgement in at most ${100 * alpha} % of experiments, intervals that miss the true difference at any look at most ${100 * alpha} % (each and Monte-Carlo error)`,
  async run({ short }) {
    const [seeds, conversations] = short ? [2, 1_500] : [50, 5_000];
    const questions = loadBankingQuestions();
    const subjects = questions.categories.length;
    const outcomes = await outcomesOf(questions, { seeds, conversations });
    const judged = bankingKinds.map((kind) =>
      judge(kind, outcomes.get(kind) ?? [], { conversations, subjects }),
    );
    return {
      ok: judged.every(({ ok }) => ok),
      figure: judged.map(({ figure }) => figure).join("; "),
      details: [
        `${seeds} experiments of each design, of ${conversations} conversations at most, 1 to ${requestsMax} questions a conversation, all on one subject; looked at until something is shipped`,
        `right answers in truth: ${bankingVariants.map(skillText).join(", ")}: the chances with which answers are drawn, not the shares that came of them`,
        "at each look the results had exactly the shares that the client had counted",
        ...judged.flatMap(({ details = [] }) => details),
      ],
      ...(short && {
        judgedBy: `the same of ${seeds} experiments of each design, which tell little of rates`,
      }),
    };
  },
};

/** Runs them all over one Signalbox, several at once. */
async function outcomesOf(
  questions: BankingQuestions,
  { seeds, conversations }: { readonly seeds: number; readonly conversations: number },
): Promise<ReadonlyMap<BankingKind, readonly BankingOutcome[]>> {
  const runs = Array.from({ length: seeds }, (_, seed) =>
    bankingKinds.map((kind) => ({ kind, seed })),
  ).flat();
  const nameOf = ({ kind, seed }: (typeof runs)[number]) => `${kind.name}-${seed}`;
  await using banking = await startBankingSignalbox(
    questions,
    new Map(runs.map((run) => [nameOf(run), run.kind.design(conversations)])),
  );
  await using client = new BankingClient(banking.url, questions);
  const outcomes = new Map<BankingKind, BankingOutcome[]>(bankingKinds.map((kind) => [kind, []]));
  await mapConcurrently(runs.length, experimentsAtOnce, async (place) => {
    const run = runs[place];
    if (!run) return;
    const looks = run.kind.looksOf(conversations);
    const experiment = { name: nameOf(run), conversations, looks, concurrency: conversationsAtOnce };
    outcomes.get(run.kind)?.push(await runBankingExperiment(client, experiment));
  });
  return outcomes;
}

/** What experiments of one design came to, against what it promises. */
function judge(
  kind: BankingKind,
  outcomes: readonly BankingOutcome[],
  size: { readonly conversations: number; readonly subjects: number },
): Measurement {
  const count = outcomes.length;
  const share = (is: (outcome: BankingOutcome) => boolean) => outcomes.filter(is).length / count;
  const found = share(({ shipped }) => shipped === "better");
  const wrong = share(({ shipped }) => shipped === "equal");
  const misjudged = share((outcome) => outcome.misjudged.length > 0);
  // Intervals of one experiment share its control: their error is that of so many experiments, not of intervals.
  const missed =
    outcomes.reduce((sum, outcome) => sum + outcome.missed.length, 0) / (count * bankingTreatments.length);
  const power = plannedPowerOf(kind, { ...size, alpha });
  const errorOf = (rate: number) => 3 * Math.sqrt((rate * (1 - rate)) / count);
  const mean = outcomes.reduce((sum, outcome) => sum + outcome.conversations, 0) / count;
  const odd = outcomes.flatMap(({ findings }) => findings);
  return {
    ok:
      found >= power - errorOf(power) &&
      misjudged <= alpha + errorOf(alpha) &&
      missed <= alpha + errorOf(alpha),
    figure: `${kind.name}: better one shipped ${percent(found)}, wrong one ${percent(wrong)}, held ${percent(1 - found - wrong)}`,
    details: [
      `${kind.name} (${kind.title}): ${percent(found)} found of ${percent(power)} planned, ${percent(misjudged)} with a false judgement, ${percent(missed)} of intervals miss the true difference at any look; Monte-Carlo error, three standard errors, ${percent(errorOf(power))} of the first and ${percent(errorOf(alpha))} of the others; ended after ${Math.round(mean)} conversations on average; findings: ${odd.length === 0 ? "none" : odd.join(", ")}`,
    ],
  };
}

function skillText(variant: BankingVariant): string {
  const { easy, hard } = bankingSkills[variant];
  return `${variant} ${percent(rightShare(variant))} (by subject ${percent(easy)} to ${percent(hard)})`;
}

function percent(value: number): string {
  return `${Number((100 * value).toFixed(1))} %`;
}
