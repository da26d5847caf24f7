import { planUnits, type PlannedLooks } from "#core/experiments/units/plan-units.ts";
import { requestsMax } from "./banking-client.ts";
import { bankingVariants, conversationVariance, rightShare, trueDifference } from "./banking-models.ts";
import { bankingShares } from "./banking-signalbox.ts";

/** How experiments are looked at. */
export interface BankingKind {
  readonly name: string;
  readonly title: string;
  /** `design` as in signalbox.yaml, for an experiment of so many conversations. */
  readonly design: (conversations: number) => string;
  readonly looksOf: (conversations: number) => number;
  readonly planned: PlannedLooks;
}

const plannedLooks = 5;
/** Conversations from one look of a continuous design to the next. */
const continuousStep = 250;

/** Looks that were planned, and looks at any time. */
export const bankingKinds: readonly BankingKind[] = [
  {
    name: "planned",
    title: `${plannedLooks} looks, O'Brien-Fleming`,
    design: (conversations) =>
      `{ units: ${conversations}, looks: ${plannedLooks}, spending: obrien-fleming }`,
    looksOf: () => plannedLooks,
    planned: { kind: "group-sequential", looks: plannedLooks, spending: "obrien-fleming" },
  },
  {
    name: "continuous",
    title: `a look every ${continuousStep} conversations`,
    design: () => "always_valid",
    looksOf: (conversations) => Math.round(conversations / continuousStep),
    planned: { kind: "always-valid" },
  },
];

/** The chance of finding that the better variant is better by its end, as `signalbox experiment plan` works it out. */
export function plannedPowerOf(
  { planned }: BankingKind,
  {
    conversations,
    alpha,
    subjects,
  }: { readonly conversations: number; readonly alpha: number; readonly subjects: number },
): number {
  const conversation = { subjects, requestsMax };
  const answer = planUnits({
    metric: {
      kind: "mean",
      mean: rightShare("control"),
      variance: conversationVariance("control", conversation),
      treatmentVariance: conversationVariance("better", conversation),
    },
    shares: bankingVariants.map((variant) => bankingShares[variant]),
    alpha,
    power: 0.8,
    looks: planned,
    effect: { scale: "absolute", value: trueDifference("better") },
    units: conversations,
  });
  if (!answer.ok || answer.value.answer !== "power") throw new Error("Cannot plan: a power is wanted");
  return answer.value.power;
}
